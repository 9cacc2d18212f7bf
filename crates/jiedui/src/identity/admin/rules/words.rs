//! The words under which pages tell what the log and `access.toml` keep by their short names: each mechanism names its own.

use crate::shared::mechanism::{self, Word, Words};

/// Everything that leaves an audit record. A test reads the sources and fails on an action without a name.
pub fn actions() -> impl Iterator<Item = &'static Word> {
    mechanism::all().flat_map(|one| one.words.actions)
}

fn named(id: &str, of: fn(&Words) -> &'static [Word]) -> &'static str {
    let words = mechanism::all().flat_map(|one| of(&one.words));
    words.into_iter().find(|(key, _)| *key == id).map_or("", |(_, name)| name)
}

/// The Chinese name of an action in the log, "" where it has none.
pub fn action_name(id: &str) -> &'static str {
    named(id, |words| words.actions)
}

/// Who acts where nobody is signed in: jobs by their short names, as `Actor::system` has them.
pub fn job_name(id: &str) -> &'static str {
    named(id, |words| words.jobs)
}

pub fn resource_name(id: &str) -> &'static str {
    named(id, |words| words.resources)
}

pub fn right_name(id: &str) -> &'static str {
    named(id, |words| words.rights)
}

/// What the columns of the tables and the parts of a record are called, for whoever reads what an action changed. One name
/// has one meaning everywhere.
const COLUMNS: &[Word] = &[
    ("accepted_on", "接受日期"),
    ("account", "账号"),
    ("achieved", "达成日期"),
    ("activity", "事项"),
    ("after", "改为"),
    ("agreed_on", "协议日期"),
    ("answered_at", "答复时间"),
    ("answered_by", "答复人"),
    ("answered_on", "答复日期"),
    ("answerer", "答复单位"),
    ("at", "时间"),
    ("batch", "批次"),
    ("before", "原来"),
    ("body", "正文"),
    ("browser", "浏览器"),
    ("budget", "预算"),
    ("budget_sum", "预算合计"),
    ("by_token", "所用接口密钥"),
    ("bytes", "文件内容"),
    ("change", "改动"),
    ("changed_at", "改动时间"),
    ("checked_by", "核对人"),
    ("checked_on", "核对日期"),
    ("claimant", "登记单位"),
    ("claimed", "登记数"),
    ("claimed_at", "登记时间"),
    ("clause", "条款"),
    ("closed_on", "关闭日期"),
    ("confirmed", "确认数"),
    ("content", "内容"),
    ("county_school", "县级院校"),
    ("created_at", "建立时间"),
    ("credit_code", "统一社会信用代码"),
    ("day", "日期"),
    ("decided_on", "决定日期"),
    ("decision", "决定"),
    ("demo", "示例"),
    ("detail", "详情"),
    ("digest", "校验值"),
    ("disabled", "是否停用"),
    ("disputed_from", "异议起"),
    ("disputed_to", "异议止"),
    ("division", "行政区划"),
    ("edition", "版"),
    ("employed", "就业人数"),
    ("end_reason", "终止原因"),
    ("ended", "完成情况"),
    ("ended_on", "终止日期"),
    ("ending", "为何结束"),
    ("enrolled", "在校生"),
    ("failed", "连续输错次数"),
    ("fields", "填写内容"),
    ("file", "文件"),
    ("filed", "是否已备案"),
    ("filed_on", "备案日期"),
    ("from", "自"),
    ("from_day", "开始日期"),
    ("frozen_on", "定稿日期"),
    ("graduates", "毕业生"),
    ("helped", "是否有帮助"),
    ("holder", "同一人的记号"),
    ("known", "是否已知"),
    ("lead", "牵头院校"),
    ("lead_does", "牵头院校做什么"),
    ("level", "层级"),
    ("locked_until", "锁定至"),
    ("login", "登录账号"),
    ("mime", "文件类型"),
    ("must_change", "须改密码"),
    ("name", "名称"),
    ("nearby", "配合院校"),
    ("nearby_does", "配合院校做什么"),
    ("need", "需求"),
    ("note", "说明"),
    ("number", "编号"),
    ("object_until", "异议期限"),
    ("objective", "目标值"),
    ("opened_on", "提出日期"),
    ("org", "单位"),
    ("org_name", "单位名称"),
    ("outcome", "结果"),
    ("owner", "负责人"),
    ("owner_org", "负责单位"),
    ("ownership", "办学性质"),
    ("page", "页面"),
    ("pairing", "结对"),
    ("parcel", "存底"),
    ("parent", "上级"),
    ("password", "密码"),
    ("path", "上下级路径"),
    ("person", "人员"),
    ("persons", "所涉人员"),
    ("place", "位置"),
    ("post", "职务"),
    ("posts", "岗位"),
    ("preference", "倾斜"),
    ("preference_words", "倾斜说明"),
    ("presented_on", "送核对日期"),
    ("progress", "进展"),
    ("project", "项目"),
    ("proposed", "提议"),
    ("published_on", "发布日期"),
    ("quantity", "数量"),
    ("rank", "序"),
    ("reason", "理由"),
    ("recommended_on", "推荐日期"),
    ("resource_id", "事项编号"),
    ("result", "成效"),
    ("revision", "内容版次"),
    ("right", "所需权限"),
    ("role", "角色"),
    ("scheme", "考核办法"),
    ("school", "学校"),
    ("share", "份额"),
    ("sheet", "核对表"),
    ("signed_on", "签署日期"),
    ("sort_key", "排序"),
    ("source", "来源"),
    ("stage", "阶段"),
    ("state", "状态"),
    ("strength", "实力"),
    ("submitted_on", "提交日期"),
    ("text", "文字"),
    ("title", "标题"),
    ("to", "至"),
    ("to_day", "结束日期"),
    ("unit", "单位"),
    ("value", "值"),
    ("verified", "是否核实"),
    ("version", "版次"),
    ("visitors", "来访人员"),
    ("wished_on", "希望日期"),
    ("withdrawal", "撤回理由"),
    ("withdrawn_on", "撤回日期"),
    ("word", "评语或说明"),
    ("words", "文字"),
    ("writes", "可以写入"),
    ("year", "年份"),
];

/// The Chinese name of a column; `None` for one that says nothing to people.
pub fn column_name(column: &str) -> Option<&'static str> {
    COLUMNS.binary_search_by_key(&column, |(name, _)| name).ok().map(|at| COLUMNS[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found() {
        assert!(COLUMNS.is_sorted_by_key(|(name, _)| *name), "they are searched by halves");
        assert_eq!(column_name("state"), Some("状态"));
        assert_eq!(column_name("sort_of_nothing"), None);
    }
}
