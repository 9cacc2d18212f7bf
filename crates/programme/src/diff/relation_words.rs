//! Words for the keys of relations between fields, of clocks, of the calendar and of names.

pub(super) const RELATION_WORDS: &[(&str, &str)] = &[
    ("terms", "不得强制填报、计分的内容"),
    ("innocent", "不算在内的说法"),
    ("published", "放假安排已公布的年份"),
    ("answered", "答复期"),
    ("of_year", "只属本年"),
    ("public_posts", "姓名公开的职务"),
    ("whole", "整体"),
    ("part", "部分"),
    ("in_year", "应在本年的日期"),
    ("last_year", "与上年相差的百分比"),
    ("words", "说明的话"),
    ("in_use_since", "启用日"),
    ("months_since", "月调度从哪个月开始"),
    ("month_accept_workdays", "月末以后几个工作日内接收"),
    ("at_risk_speed", "比平均快几倍才做得完时提示风险"),
    ("holder", "由谁担任"),
    ("makeup", "调休上班日"),
    ("first_part", "首个不足一期的时段"),
    ("last_part", "末个不足一期的时段"),
    ("measure", "怎样计量"),
];
