// The way in: eleven accounts, each at its own desk, each with its own menu and nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, flash, leave, main, signInByHand, title, visit } from "./support/browser.mjs";

const BUSINESS = [
  "我的工作台", "院校与机构", "企业库", "生态链", "结对关系", "征求意见的结对", "结对名单", "推进情况", "院校交接", "需求清单", "帮扶能力",
  "协作方案与达标方案", "协作项目", "工作台账",
];
const FIGURES = [
  "登记工作", "抽查", "日程", "建设成果", "申报", "组织保障", "履职进度", "全局概览", "目标与指标", "对数字的意见",
  "年度基本情况", "达标情况", "梯次结构", "设置标准", "专业布局", "月调度", "临时要数", "年度收尾", "会议", "拟提请研究", "督办事项",
  "倾斜分配", "经费", "考核", "资源库", "就业", "通报表扬", "行动方案条目", "方案版本",
  "报表目录", "报表减负", "投诉建议",
];
// Figures are asked for, and a year is put away, by offices alone; certificates are given by schools alone.
const SCHOOL = FIGURES.filter((name) => !["临时要数", "年度收尾"].includes(name)).toSpliced(3, 0, "协作经历证明");
// The money of a school is its own and its bureaus'.
const HELPER = SCHOOL.filter((name) => name !== "经费");
const WATCHED = BUSINESS.toSpliced(5, 0, "结对测算");
const PAIRED = BUSINESS.toSpliced(6, 0, "结对意愿");
const MENUS = {
  sheng: [...WATCHED, ...FIGURES, "导入名录与结对", "数据对接", "我的账号"],
  shenhe: [...WATCHED, ...FIGURES.slice(1), "数据对接", "我的账号"],
  lingdao: [...WATCHED, ...FIGURES.slice(1), "数据对接", "我的账号"],
  shi: [...BUSINESS, ...FIGURES, "我的账号"],
  xian: [...BUSINESS, ...FIGURES, "我的账号"],
  qiantou: [...PAIRED, ...HELPER, "我的账号"],
  peihe: [...PAIRED, ...HELPER, "我的账号"],
  xianji: [
    ...PAIRED,
    ...SCHOOL.filter((name) => name !== "拟提请研究").toSpliced(SCHOOL.indexOf("履职进度") + 1, 0, "本校学期"),
    "我的账号",
  ],
  xitong: ["我的工作台", "行动方案条目", "方案版本", "投诉建议", "账号", "账号申请", "数据检查", "后台任务", "邮件与群消息", "界面组件", "对接设置", "备份", "区划边界", "我的账号"],
  anquan: ["我的工作台", "行动方案条目", "方案版本", "投诉建议", "账号申请", "数据检查", "备份", "权限与登录", "我的账号"],
  shenji: ["我的工作台", "行动方案条目", "方案版本", "投诉建议", "审计日志", "我的账号"],
};

test("the sign-in page lists the eleven accounts", async () => {
  const page = await visit();
  await page.goto("/");
  assert.equal(new URL(page.url()).pathname, "/signin");
  const logins = await page.locator(".signin-accounts td:first-child").allInnerTexts();
  assert.deepEqual(logins, Object.keys(MENUS));
  await leave(page);
});

test("a wrong password is told, and says nothing about the account", async () => {
  const page = await visit();
  await signInByHand(page, "sheng", "Falsch-2024-x");
  assert.match(await flash(page), /账号或密码不对/);
  await signInByHand(page, "niemand", "Falsch-2024-x");
  assert.match(await flash(page), /账号或密码不对/);
  await leave(page);
});

for (const [login, menu] of Object.entries(MENUS)) {
  test(`${login} comes to the desk and sees only its menu`, async () => {
    const page = await as(login);
    assert.equal(await title(page), login === "lingdao" ? "全局概览" : "我的工作台");
    assert.ok((await main(page).innerText()).length > 40);
    const shown = await page.locator(".menu-group a").allInnerTexts();
    assert.deepEqual(shown.map((text) => text.replace(/\s+\d+$/, "").trim()), menu);
    // What the menu offers can be opened.
    for (const href of await page.locator(".menu-group a").evaluateAll((all) => all.map((a) => a.href))) {
      assert.equal((await page.request.get(href)).status(), 200, href);
    }
    await leave(page);
  });
}

test("signing out ends it", async () => {
  const page = await visit();
  await signInByHand(page, "xian");
  await page.getByRole("button", { name: "退出" }).first().click();
  await page.waitForURL("**/signin");
  await page.goto("/entries");
  assert.equal(new URL(page.url()).pathname, "/signin");
  await leave(page);
});
