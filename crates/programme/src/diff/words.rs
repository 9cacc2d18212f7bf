//! Keys and values of the programme's tables in Chinese.

use super::relation_words::RELATION_WORDS;
use super::told::{aim, base, changes, derived, holds, name, source};
use crate::allocations::{AllocationBase, Preferred};
use crate::model::{Aim, IndicatorOf, Programme};
use crate::outputs::Holds;
use crate::profile::Derived;
use jiedui_kernel::Unit;
use toml::{Table, Value};

/// What keys are called, in the order in which their changes are told.
const LABELS: &[(&str, &str)] = &[
    ("id", "编号"),
    ("title", "名称"),
    ("name", "名称"),
    ("short", "简称"),
    ("label", "名称"),
    ("status", "状态"),
    ("version", "版本"),
    ("text", "内容"),
    ("aim", "目标值"),
    ("at_least", "至少"),
    ("at_most", "至多"),
    ("every", "多久一次"),
    ("change", "何时变更"),
    ("retired", "停用日"),
    ("holds", "怎样判断"),
    ("of", "怎样统计"),
    ("definition", "统计口径说明"),
    ("year", "年份"),
    ("all_by", "哪一年以前应全部做到"),
    ("unit", "单位"),
    ("indicator", "所用指标"),
    ("basis", "统计口径"),
    ("activity", "所计事项"),
    ("output", "所需记录"),
    ("standard", "所属标准"),
    ("element", "对应项目"),
    ("claimed_by", "由谁登记"),
    ("recorded_by", "由谁登记"),
    ("filled_by", "由谁填报"),
    ("confirmed_by", "由谁确认"),
    ("accepted_by", "由谁核对"),
    ("applicant", "由谁申报"),
    ("recommended_by", "由谁推荐"),
    ("decided_by", "由谁记录审定"),
    ("decided_outside", "审定机关"),
    ("owed_by", "由谁承担"),
    ("drafted_by", "由谁起草"),
    ("agreed_by", "由谁同意"),
    ("result", "批下来是什么"),
    ("preference", "是否要求倾斜"),
    ("time", "日期怎样填"),
    ("person", "人员"),
    ("offered", "可选身份"),
    ("counting", "计入的身份"),
    ("exclusive", "同日只能在一校"),
    ("roster", "名单"),
    ("posts", "可点名的身份"),
    ("quantity_label", "数量叫什么"),
    ("rows", "各行的格"),
    ("achieved_label", "落实数叫什么"),
    ("kind", "类别"),
    ("stage", "阶段"),
    ("counts", "是否计入"),
    ("ends", "是否终止"),
    ("confirmed", "到了要再确认"),
    ("own", "由谁给自己登记"),
    ("raises_to", "升到哪一层次"),
    ("names_enterprise", "名称是否为企业名称"),
    ("when", "什么时候才填"),
    ("became", "现在记在哪里"),
    ("into", "并入"),
    ("premise", "前提"),
    ("major", "改哪个专业"),
    ("opens", "哪些是开设"),
    ("stops", "哪些是停办"),
    ("category", "专业大类"),
    ("by", "由谁选"),
    ("only", "只计哪些"),
    ("result_is", "批下来的属于哪一种"),
    ("condition", "条件"),
    ("field", "栏目"),
    ("required", "是否必填"),
    ("option", "选项"),
    ("purpose", "为什么填"),
    ("replaces", "替代什么"),
    ("sunset", "填报截止"),
    ("taken_from", "从哪里带出"),
    ("because", "为什么再问一次"),
    ("held", "在哪里"),
    ("profile", "基本情况项目"),
    ("group", "分组"),
    ("width", "栏宽"),
    ("help", "填写提示"),
    ("minutes", "填一次要"),
    ("frequency", "多久填一次"),
    ("as_of", "截止日"),
    ("asked", "每校都填"),
    ("imported", "由文件导入"),
    ("derived", "怎样算出"),
    ("level", "办学层次"),
    ("also", "同样适用的层次"),
    ("rung", "梯级"),
    ("usable", "可用于判定"),
    ("quote", "原文"),
    ("source", "出处"),
    ("jurisdiction", "适用地"),
    ("from", "起"),
    ("to", "止"),
    ("joint", "可以合办"),
    ("of_project", "须属于项目"),
    ("serves", "还可算进哪些任务的项目"),
    ("practice_by", "按哪类政策计入企业实践"),
    ("of_school", "属于县级院校"),
    ("definition_issued", "定义已下达"),
    ("our_reading", "属本系统理解"),
    ("about", "说明"),
    ("action", "按钮"),
    ("clause", "依据条款"),
    ("clauses", "依据条款"),
    ("highlight_clause", "亮点所依条款"),
    ("duty_prefix", "履职条款的开头"),
    ("held_by", "由谁召集"),
    ("invites", "请谁参加"),
    ("record", "归档后记成"),
    ("decided", "议定事项记在"),
    ("followup_workdays", "督办事项的办理时限"),
    ("comment_workdays", "市局意见时限"),
    ("section", "章节"),
    ("place", "在方案中的位置"),
    ("mechanism", "由什么承载"),
    ("division", "区划代码"),
    ("minimum_notice_workdays", "最短提前量"),
    ("escalation_workdays", "多久没答复报上一级"),
    ("former_partner_days", "结对结束后还能答复"),
    ("digest_hour", "每日提要的发送时刻"),
    ("quiet_hour", "当天停止发送的时刻"),
    ("reminder_workdays", "到期前多久提醒"),
    ("urge_workdays", "两次催办的最短间隔"),
    ("quiet", "消息默认关闭"),
    ("share_permille", "抽查的比例（千分之）"),
    ("most_per_unit", "一个单位一个月最多几条"),
    ("look_workdays", "复看的时限"),
    ("at_risk_workdays", "提前多久提示风险"),
    ("semesters", "学期"),
    ("workdays", "工作日安排"),
    ("holidays", "放假日"),
    ("ceiling_minutes", "每单位每月填报上限"),
    ("answer_workdays", "投诉答复时限"),
    ("weight", "权重"),
    ("side", "哪一方"),
    ("formula", "怎样给分"),
    ("points", "得分"),
    ("each", "每项得分"),
    ("ended", "曾经结对得分"),
    ("near_km", "满分距离"),
    ("far_km", "零分距离"),
    ("lead_other_city", "牵头院校须来自外市"),
    ("nearby_reach_km", "配合院校最远距离"),
    ("places", "没写明的能帮几所"),
    ("lead", "牵头院校"),
    ("nearby", "配合院校"),
    ("needs", "需求权重"),
    ("prefix", "需求条款的开头"),
    ("shares", "依次的份额"),
    ("cover", "需求覆盖"),
    ("same_sentence", "同一句"),
    ("same_task", "同一任务"),
    ("categories", "专业大类"),
    ("verified", "已核对"),
    ("note", "来源说明"),
    ("names", "名单"),
    ("employment_good", "就业率要求"),
    ("employment_poor", "就业率下限"),
    ("in_field_poor", "对口就业率要求"),
    ("graduates_per_posts", "同类毕业生占岗位的上限"),
    ("enrolment_fall", "招生明显下降"),
    ("posts_to_open", "建议开设所需岗位"),
    ("among", "在谁之间分"),
    ("base", "按什么分"),
    ("preferred", "向谁倾斜"),
    ("floor", "保底"),
    ("cap", "封顶"),
    ("method", "怎样取整"),
    ("appeal_workdays", "异议时限"),
    ("assessed", "考核谁"),
    ("total", "权重合计"),
    ("objection_workdays", "异议时限"),
    ("measured", "考核指标"),
    ("steps", "怎样得分"),
    ("share", "得权重的千分之几"),
    ("results", "等次"),
    ("roles", "谁可以"),
];

/// Keys, and what the values under them are called.
type Called = (&'static [&'static str], &'static [(&'static str, &'static str)]);

const VALUES: &[Called] = &[
    (
        &[
            "claimed_by",
            "recorded_by",
            "filled_by",
            "accepted_by",
            "applicant",
            "recommended_by",
            "decided_by",
            "owed_by",
            "held_by",
            "invites",
            "drafted_by",
            "agreed_by",
            "nominated_by",
            "side",
        ],
        &[
            ("province", "省办"),
            ("city", "市局"),
            ("county", "县局"),
            ("lead", "牵头院校"),
            ("nearby", "配合院校"),
            ("county_school", "县级院校"),
            ("county_bureau", "主管人社局"),
        ],
    ),
    (
        &["confirmed_by", "of"],
        &[("county_school", "县级院校"), ("helper", "协作院校"), ("county_bureau", "主管人社局")],
    ),
    (
        &["offered", "counting", "posts", "public_posts"],
        &[
            ("head", "校长（院长）"),
            ("party_secretary", "党委书记"),
            ("deputy_head", "其他校领导"),
            ("middle_manager", "中层干部"),
            ("backbone_teacher", "骨干教师"),
            ("teacher", "专任教师"),
            ("staff", "其他教职工"),
        ],
    ),
    (
        &["measure"],
        &[
            ("once", "一次计一"),
            ("days", "按日历天"),
            ("entered", "填数量"),
            ("difference", "比基期多多少"),
            ("growth", "比基期增长千分之几"),
        ],
    ),
    (&["way"], &[("out", "送给对方"), ("in", "收对方的")]),
    (
        &["commended"],
        &[("lead", "牵头院校"), ("nearby", "配合院校"), ("county_school", "县级院校"), ("person", "个人")],
    ),
    (
        &["requires"],
        &[
            ("paired", "当年在结对中"),
            ("in_office", "当年在任"),
            ("undisputed", "逾期未了结的异议在限度以内"),
            ("reasons_stand", "理由仍是已确认"),
        ],
    ),
    (&["direction"], &[("more", "越多越好"), ("less", "越少越好")]),
    (
        &["assessed"],
        &[
            ("county_schools", "对口县级院校"),
            ("pairings", "结对"),
            ("counties", "县（市、区）"),
            ("cities", "地级以上市"),
        ],
    ),
    (&["time"], &[("day", "一天"), ("span", "起止日期")]),
    (
        &["every"],
        &[
            ("calendar_year", "每个自然年"),
            ("semester", "每学期"),
            ("standing", "任何时候"),
            ("month", "每月"),
            ("quarter", "每季"),
        ],
    ),
    (&["first_part", "last_part"], &[("full", "要求全数"), ("prorated", "按天折算"), ("exempt", "不作要求")]),
    (
        &["frequency"],
        &[
            ("per_occasion", "有事才记"),
            ("yearly", "每年一次"),
            ("each_semester", "每学期一次"),
            ("once", "只填一次"),
        ],
    ),
    (
        &["status"],
        &[
            ("draft", "征求意见稿"),
            ("final", "正式文本"),
            ("checked", "已核对"),
            ("memory", "原文待核"),
            ("other_place", "外地标准，仅供对照"),
        ],
    ),
    (
        &["kind"],
        &[
            ("built", "建设成果"),
            ("commitment", "投入承诺"),
            ("record", "组织与工作记录"),
            ("text", "一行文字"),
            ("long_text", "一段文字"),
            ("number", "数字"),
            ("date", "日期"),
            ("choice", "选择"),
            ("yes", "是"),
            ("person", "人员"),
            ("enterprise", "企业名称"),
            ("chain", "生态链名称"),
            ("goals", "目标"),
            ("measures", "措施"),
            ("milestones", "时间节点"),
            ("gaps", "缺口"),
            ("need", "需求"),
            ("capacity", "帮扶能力"),
            ("agreement", "协议"),
            ("plan", "学校方案"),
            ("project", "项目清单"),
            ("other", "其他"),
            ("levels", "按办学层次"),
            ("industry", "产业与专业相合"),
            ("strength", "按声明的能力"),
            ("typical", "典型县按声明的能力"),
            ("distance", "按距离"),
            ("same_city", "同市"),
            ("together", "曾经或正在结对"),
            ("preference", "双方意愿"),
            ("balance", "尚有余力"),
            ("gap", "按离标准的差距"),
            ("size", "按在校生规模"),
        ],
    ),
    (
        &["among", "preferred"],
        &[
            ("county_schools", "对口县级院校"),
            ("schools", "全部技工院校"),
            ("counties", "有对口县级院校的县（市、区）"),
            ("cities", "有对口县级院校的市"),
            ("typical_counties", "典型县的院校"),
        ],
    ),
    (&["method"], &[("largest_remainder", "最大余数法"), ("highest_averages", "最大均数法")]),
    (&["width"], &[("short", "短"), ("medium", "中"), ("long", "长")]),
    (&["counted_as"], &[("employed", "算就业"), ("studying", "算升学"), ("neither", "都不算")]),
    (
        &["at"],
        &[("province", "省"), ("city", "市"), ("county", "县"), ("school", "院校"), ("system", "系统管理")],
    ),
];

/// Where a key stands among those that are told.
pub(super) fn place(key: &str) -> usize {
    LABELS.iter().position(|(other, _)| *other == key).unwrap_or(LABELS.len())
}

/// What a key is called; what an obligation asks names its period.
pub(super) fn label(of: &str, key: &str, table: &Table) -> String {
    let every = table.get("every").and_then(Value::as_str).filter(|_| key == "at_least");
    if let Some(every) = every.and_then(|every| word("every", every)) {
        return format!("{every}至少");
    }
    match (of, key) {
        ("projects" | "项目清单规则" | "funding" | "经费规则", "source") => "经费来源".to_owned(),
        ("person", "of") => "哪一方的人".to_owned(),
        ("jobs" | "就业", "system") => "招聘系统所用指标".to_owned(),
        (_, "share") if table.contains_key("income") => "占比指标".to_owned(),
        _ => LABELS
            .iter()
            .chain(RELATION_WORDS)
            .find(|(other, _)| *other == key)
            .map_or(key, |(_, label)| label)
            .to_owned(),
    }
}

fn word(key: &str, value: &str) -> Option<&'static str> {
    let list = VALUES.iter().find(|(keys, _)| keys.contains(&key))?;
    list.1.iter().find(|(other, _)| *other == value).map(|(_, word)| *word)
}

/// The two programmes, whose names stand for ids.
#[derive(Clone, Copy)]
pub(super) struct Words<'p> {
    pub old: &'p Programme,
    pub new: &'p Programme,
}

impl<'p> Words<'p> {
    fn of(self, now: bool) -> &'p Programme {
        if now { self.new } else { self.old }
    }

    /// What is told as one thing although it is a table.
    pub fn whole(self, key: &str, value: &Value, table: &Table, now: bool) -> Option<String> {
        let programme = self.of(now);
        match key {
            "aim" => value.clone().try_into().ok().map(|found: Aim| aim(found, unit(table))),
            "of" if value.is_table() => {
                value.clone().try_into().ok().map(|found: IndicatorOf| source(programme, &found))
            }
            "holds" => value.clone().try_into().ok().map(|found: Holds| holds(programme, &found)),
            "base" if value.is_table() => {
                value.clone().try_into().ok().map(|found: AllocationBase| base(programme, &found))
            }
            "preferred" if value.is_table() => {
                value.clone().try_into().ok().map(|found: Preferred| found.label(programme))
            }
            "change" => changes(value, unit(table)),
            "derived" => value.clone().try_into().ok().map(|found: Derived| derived(programme, &found)),
            _ => None,
        }
    }

    pub fn value(self, key: &str, value: &Value, table: &Table, now: bool) -> String {
        if value.is_table()
            && let Some(whole) = self.whole(key, value, table, now)
        {
            return whole;
        }
        match value {
            Value::Integer(number) => amount(key, *number, unit(table)),
            Value::Boolean(yes) => if *yes { "是" } else { "否" }.to_owned(),
            Value::String(text) => self.text(key, text, now),
            Value::Array(list) => {
                let told: Vec<String> = list.iter().map(|one| self.value(key, one, table, now)).collect();
                told.join("、")
            }
            Value::Table(inner) => {
                let told: Vec<String> = inner
                    .iter()
                    .map(|(key, one)| {
                        format!("{} {}", label("", key, inner), self.value(key, one, inner, now))
                    })
                    .collect();
                told.join("，")
            }
            Value::Float(number) => number.to_string(),
            Value::Datetime(day) => day.to_string(),
        }
    }

    fn text(self, key: &str, text: &str, now: bool) -> String {
        let programme = self.of(now);
        let named = match key {
            "unit" => Value::from(text).try_into().ok().map(|unit: Unit| unit.label().to_owned()),
            "activity" | "output" | "indicator" | "element" | "standard" | "result" => {
                Some(name(programme, key, text))
            }
            "roles" => {
                programme.access.roles.iter().find(|role| role.id == text).map(|role| role.name.clone())
            }
            _ => word(key, text).map(str::to_owned),
        };
        named.unwrap_or_else(|| text.to_owned())
    }
}

fn amount(key: &str, number: i64, unit: Option<Unit>) -> String {
    match (key, unit) {
        ("at_least" | "at_most" | "floor" | "cap", Some(unit)) => {
            format!("{}{}", unit.format(number), unit.label())
        }
        (
            "employment_good"
            | "employment_poor"
            | "in_field_poor"
            | "graduates_per_posts"
            | "enrolment_fall",
            _,
        ) => format!("{}%", Unit::BasisPoints.format(number)),
        ("minutes" | "ceiling_minutes", _) => format!("{number}分钟"),
        ("year" | "base_year" | "all_by", _) => format!("{number}年"),
        ("version", _) => format!("第{number}版"),
        ("rung", _) => format!("第{number}级"),
        ("near_km" | "far_km" | "nearby_reach_km", _) => format!("{number}公里"),
        _ if key.ends_with("_workdays") => format!("{number}个工作日"),
        _ if key.ends_with("_days") => format!("{number}天"),
        _ => number.to_string(),
    }
}

fn unit(table: &Table) -> Option<Unit> {
    table.get("unit")?.clone().try_into().ok()
}
