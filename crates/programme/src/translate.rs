//! What the reader of TOML says in English about a text or a table, said in Chinese. A sentence that is not known here is told
//! by a general one: English is never passed on.

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
    } else if english.starts_with("unknown field") && others.is_empty() {
        said(format!("不认识的项“{first}”"), "此处不写任何项，请删除".to_owned())
    } else if english.starts_with("unknown field") {
        said(format!("不认识的项“{first}”"), format!("此处可用的项：{others}；请检查拼写或删除"))
    } else if english.starts_with("missing field") {
        let help = format!("请补上 “{first}” = …");
        Said { message: format!("缺少“{first}”"), help, missing: Some(first.to_owned()) }
    } else if english.starts_with("duplicate field") {
        said(format!("“{first}”写了两次"), "请删除其中一个".to_owned())
    } else if english.starts_with("unknown variant") {
        said(format!("“{first}”不是可选的值"), format!("可选：{others}"))
    } else if english.starts_with("invalid type") || english.starts_with("invalid value") {
        said(
            format!("值的类型不对（{}）", kinds(english)),
            "请按同类项的写法改正：文字和日期加引号，数字不加".to_owned(),
        )
    } else {
        let (message, help) = listed(&VALUES, english)
            .unwrap_or(("此处的写法读不懂", "请对照同类项的写法检查：项名、引号、括号和日期"));
        said(message.to_owned(), help.to_owned())
    }
}

/// Of a text that is no TOML.
pub(crate) fn syntax(english: &str) -> Said {
    let (message, help) =
        listed(&SYNTAX, english).unwrap_or(("此处不合写法", "请对照上下行检查引号、括号、等号和换行"));
    Said { message: format!("TOML 语法有误：{message}"), help: help.to_owned(), missing: None }
}

/// What part of a sentence says, with what is wrong and what to do.
type Listed = (&'static str, (&'static str, &'static str));

fn listed(list: &[Listed], english: &str) -> Option<(&'static str, &'static str)> {
    list.iter().find(|(part, _)| english.contains(part)).map(|(_, said)| *said)
}

const DATE: (&str, &str) = ("日期或数字写得不对", "日期写成带引号的 \"2026-09-01\"；数字不要超出范围");
const TABLE: (&str, &str) = ("此处应为一组项", "请按同类项写成 { 项 = 值 } 或 [[表]]");

const VALUES: [Listed; 14] = [
    ("did not match any variant", ("值的类型不对（应为文字，或一组文字）", "请写成 \"…\" 或 [\"…\", \"…\"]")),
    ("invalid length", ("值的个数不对", "请对照同类项，补上或删除多出的值")),
    ("invalid characters", DATE),
    ("premature end of input", DATE),
    ("out of range", DATE),
    ("trailing input", DATE),
    ("date and time", DATE),
    ("overflow", DATE),
    ("too large", DATE),
    ("string or table", ("此处应为文字或一组项", "请按同类项的写法改正")),
    ("exactly 1 element", ("此处只写一项", "请删除多出的项，或补上缺少的一项")),
    ("expected empty", ("此处不写内容", "请删除括号里的内容")),
    ("expected table", TABLE),
    ("expected tuple", ("值的个数不对", "请对照同类项，补上或删除多出的值")),
];

const QUOTES: (&str, &str) = ("文字的引号不成对或没有加", "文字写成 \"…\"，两头各一个英文双引号");
const BRACKET: (&str, &str) = ("方括号没有合上", "每个 [ 要有一个 ]");
const BRACE: (&str, &str) = ("花括号没有合上", "每个 { 要有一个 }");
const EQUALS: (&str, &str) = ("等号不对", "每行写成 项 = 值，一行一个等号");
const VALUE: (&str, &str) = ("等号后面没有值", "请写上值，文字加引号；没有内容的整行删除");
const KEY: (&str, &str) = ("项的名称写得不对", "项名只用英文字母、数字和下划线，后面是等号");
const COMMA: (&str, &str) = ("逗号不对", "各值之间写一个英文逗号");
const NUMBER: (&str, &str) = ("数字写得不对", "数字只写阿拉伯数字，不加引号、空格和单位；前面不补零");
const ESCAPE: (&str, &str) = ("文字里的反斜杠写得不对", "反斜杠写成两个 \\\\，或删除");
const HIDDEN: (&str, &str) = ("有看不见的控制字符", "请删除这一处，重新输入");
const DEPTH: (&str, &str) = ("一层套一层，太深了", "请减少括号的层数");
const AGAIN: (&str, &str) = ("这一项已经写过了", "同一段里一项只写一次，请删除或改名；多段的写成 [[表]]");

/// The first that fits: what is more particular comes first.
const SYNTAX: [Listed; 45] = [
    ("duplicate key", AGAIN),
    ("cannot extend", AGAIN),
    ("recurs", DEPTH),
    ("unclosed inline table", BRACE),
    ("missing inline table", BRACE),
    ("inline-table close", BRACE),
    ("unclosed", BRACKET),
    ("missing array opening", BRACKET),
    ("missing table open", BRACKET),
    ("invalid table", BRACKET),
    ("comma", COMMA),
    ("invalid inline table element", COMMA),
    ("keys cannot be", KEY),
    ("invalid unquoted key", KEY),
    ("invalid key-value pair", EQUALS),
    ("missing key", KEY),
    ("missing assignment", EQUALS),
    ("extra assignment", EQUALS),
    ("extra `=`", EQUALS),
    ("unexpected `=`", EQUALS),
    ("missing value", VALUE),
    ("key with no value", VALUE),
    ("invalid value", VALUE),
    ("escape", ESCAPE),
    ("unicode", ESCAPE),
    ("carriage return", HIDDEN),
    ("comment", HIDDEN),
    ("opening quote", QUOTES),
    ("must be quoted", QUOTES),
    ("basic string", QUOTES),
    ("literal string", QUOTES),
    ("invalid string", QUOTES),
    ("date-time", DATE),
    ("boolean", ("只能写 true 或 false", "是写 true，否写 false，小写，不加引号")),
    ("number", NUMBER),
    ("integer", NUMBER),
    ("float", NUMBER),
    ("leading zero", NUMBER),
    ("sign", NUMBER),
    ("radix", NUMBER),
    ("exponent", NUMBER),
    ("mantissa", NUMBER),
    ("fraction", NUMBER),
    ("between digits", NUMBER),
    ("unexpected", ("此处多了内容", "请删除多出的内容，或另起一行")),
];

/// The two kinds of an `invalid type: integer `3`, expected a string`, in Chinese. What was found may hold any text of the
/// file, so that it is looked at from its beginning, and what was expected from the end.
fn kinds(english: &str) -> String {
    let (found, expected) = english.rsplit_once(", expected ").unwrap_or((english, ""));
    let found = found.split_once(": ").map_or(found, |(_, found)| found);
    format!("应为{}，写成了{}", wanted(expected), given(found))
}

fn given(english: &str) -> &'static str {
    const WORDS: [(&str, &str); 7] = [
        ("string", "文字"),
        ("boolean", "true 或 false"),
        ("floating", "小数"),
        ("integer", "整数"),
        ("sequence", "一组值 […]"),
        ("map", "一组项或不带引号的日期"),
        ("character", "文字"),
    ];
    WORDS.iter().find(|(word, _)| english.starts_with(word)).map_or("别的写法", |(_, chinese)| chinese)
}

fn wanted(english: &str) -> &'static str {
    const WORDS: [(&str, &str); 20] = [
        ("date", "带引号的日期"),
        ("string or table", "文字或一组项"),
        ("string", "文字"),
        ("boolean", "true 或 false"),
        ("floating", "小数"),
        ("f64", "小数"),
        ("integer", "整数"),
        ("i64", "整数"),
        ("i32", "整数"),
        ("u32", "不小于零的整数"),
        ("u8", "不小于零的整数"),
        ("u64", "不小于零的整数"),
        ("usize", "不小于零的整数"),
        ("nonzero", "大于零的整数"),
        ("sequence", "一组值 […]"),
        ("tuple", "一组值 […]"),
        ("map", "一组项"),
        ("struct", "一组项"),
        ("enum", "可选的值之一"),
        ("identifier", "可选的值之一"),
    ];
    WORDS.iter().find(|(word, _)| english.contains(word)).map_or("另一种写法", |(_, chinese)| chinese)
}
