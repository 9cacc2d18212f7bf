//! What serde says in English about a table, said in Chinese. Unknown sentences are passed on as they are.

/// A message with what to do; `missing` names the key where one is missing.
pub(crate) struct Said {
    pub message: String,
    pub help: String,
    pub missing: Option<String>,
}

/// Keys with which somebody would give points to what is recorded.
const SCORES: [&str; 5] = ["score", "weight", "rank", "points", "bonus"];

pub(crate) fn translate(english: &str) -> Said {
    let quoted: Vec<&str> = english.split('`').skip(1).step_by(2).collect();
    let first = quoted.first().copied().unwrap_or_default();
    let others = quoted.get(1..).unwrap_or_default().join("、");
    let said = |message: String, help: String| Said { message, help, missing: None };
    if english.starts_with("unknown field") && SCORES.contains(&first) {
        let help = "计分和权重只写在 matching.toml 的分项里；登记、成果和填报的内容不计分、不加权、不排名（依据《整治形式主义为基层减负若干规定》）";
        said(format!("不认识的项“{first}”"), help.to_owned())
    } else if english.starts_with("unknown field") {
        said(format!("不认识的项“{first}”"), format!("此处可用的项：{others}；请检查拼写或删除"))
    } else if english.starts_with("missing field") {
        let help = format!("请补上 {first} = …");
        Said { message: format!("缺少“{first}”"), help, missing: Some(first.to_owned()) }
    } else if english.starts_with("unknown variant") {
        said(format!("“{first}”不是可选的值"), format!("可选：{others}"))
    } else if english.starts_with("invalid type") || english.starts_with("invalid value") {
        said(
            format!("值的类型不对（{}）", kinds(english)),
            "请按同类项的写法改正：文字和日期加引号，数字不加".to_owned(),
        )
    } else if english.contains("input contains invalid characters")
        || english.contains("premature end of input")
        || english.contains("out of range")
        || english.contains("trailing input")
    {
        said("日期或数字写得不对".to_owned(), "日期写成带引号的 \"2026-09-01\"；数字不要超出范围".to_owned())
    } else {
        said(format!("无法读懂：{english}"), "请对照同类项的写法检查".to_owned())
    }
}

/// The two kinds of an `invalid type: integer `3`, expected a string`, in Chinese.
fn kinds(english: &str) -> String {
    let (found, expected) = english.split_once(", expected ").unwrap_or((english, ""));
    format!("应为{}，写成了{}", kind(expected), kind(found))
}

fn kind(english: &str) -> String {
    const WORDS: [(&str, &str); 12] = [
        ("formatted date", "带引号的日期"),
        ("string", "文字"),
        ("boolean", "true 或 false"),
        ("floating", "小数"),
        ("integer", "整数"),
        ("i64", "整数"),
        ("i32", "整数"),
        ("u32", "不小于零的整数"),
        ("usize", "不小于零的整数"),
        ("sequence", "一组值 […]"),
        ("map", "一组项或不带引号的日期"),
        ("struct", "一组项"),
    ];
    let found = WORDS.iter().find(|(word, _)| english.contains(word));
    found.map_or_else(|| english.to_owned(), |(_, chinese)| (*chinese).to_owned())
}
