//! The workbook of the registry and the pairing table. Its headings are a contract with every office that fills it in:
//! a renamed one turns their files away.

use crate::network::registry::{Division, LEVELS, LINEAGE, OWNERSHIPS, POSTS};
use jiedui_documents::{CODES_SHEET, CellError, Column, Kind, Sheet, Workbook};
/// A name as it is compared, the same in all imports.
pub use jiedui_kernel::names::fold;

pub const SCHOOLS: &str = "院校";
pub const PEOPLE: &str = "人员";
pub const PAIRINGS: &str = "结对";
pub const LINEAGE_SHEET: &str = "沿革";

/// Sheets in the order of the workbook, with the name under which a page asks for one of them.
pub const SHEETS: [(&str, &str); 4] =
    [("schools", SCHOOLS), ("people", PEOPLE), ("pairings", PAIRINGS), ("lineage", LINEAGE_SHEET)];

/// What becomes of the pairings that run, where something happened to a school.
pub const END: &str = "终止";
pub const GO_ON: &str = "继续";

/// What becomes of the needs and projects of a school that is no more.
pub const GO_OVER: &str = "转入";
pub const CLOSE: &str = "办结";

pub const PLACE: &str = "所在县（市、区）或地市";
pub const CITY: &str = "所在地市";

/// Who runs or supervises a school, and so under which office it stands: name and kind of that office.
pub const MANAGERS: [(&str, &str); 3] =
    [("省", "province_office"), ("市", "city_bureau"), ("县", "county_bureau")];

fn text(key: &str, heading: &str) -> Column {
    Column::new(key, heading, Kind::Text)
}

fn date(key: &str, heading: &str) -> Column {
    Column::new(key, heading, Kind::Date)
}

fn choice(key: &str, heading: &str, list: &str) -> Column {
    Column::new(key, heading, Kind::Choice(list.to_owned()))
}

fn school(key: &str, heading: &str) -> Column {
    text(key, heading).required().width(36.0)
}

fn schools() -> Sheet {
    let flag_help = "由省办认定；没有这项认定就留空。";
    Sheet::new(
        SCHOOLS,
        vec![
            school("school", "学校名称").help("全称。系统按名称识别学校，重复导入不会重复建档。"),
            choice("level", "办学层次", "办学层次").required(),
            choice("ownership", "办学性质", "办学性质"),
            choice("place", PLACE, "所在地").required().help("区划全称；省属、市属学校可填所在地市。"),
            choice("city", CITY, "地市").help("可不填；填了就核对县（市、区）是否属于它。"),
            choice("manager", "举办或主管", "举办或主管")
                .required()
                .help("由省、市还是县（市、区）人社部门管理。"),
            text("credit_code", "统一社会信用代码").code().width(24.0).help("校验不符只提醒，不影响导入。"),
            date("county_school_from", "对口县级院校自").help(flag_help),
            date("county_school_to", "对口县级院校止").help("仍然有效就留空。"),
            date("high_level_from", "高水平技师学院自").help(flag_help),
            date("high_level_to", "高水平技师学院止").help("仍然有效就留空。"),
            text("source", "资料来源").width(30.0).help("文件名或来处，一句话。"),
        ],
    )
}

fn people() -> Sheet {
    Sheet::new(
        PEOPLE,
        vec![
            school("school", "学校名称"),
            text("name", "姓名").required(),
            choice("post", "任职类别", "任职类别")
                .required()
                .width(22.0)
                .help("主持工作的也按所主持的职务选。"),
            text("title", "职务全称").width(24.0).help("如“主持工作的副院长”；与类别一致就留空。"),
            date("from", "任职起").required(),
            date("to", "任职止").help("在任就留空。"),
        ],
    )
}

fn pairings() -> Sheet {
    Sheet::new(
        PAIRINGS,
        vec![
            school("county_school", "对口县级院校").help("须在院校表或院校库中标为对口县级院校。"),
            school("lead", "牵头院校").help("须在院校表或院校库中标为高水平技师学院。"),
            school("nearby", "配合院校"),
            date("agreed_on", "协议签订日期").help("协议文本上的日期；还没有签就留空。"),
            date("from", "开始日期").required(),
            date("to", "结束日期").help("仍在结对就留空。"),
            text("source", "来源").width(30.0),
            text("reason", "改动理由")
                .width(30.0)
                .help("开始或结束日期早于今天、又不是启用前的结对，要写理由。"),
            choice("reopen", "取消结束日期", "取消结束日期")
                .help("原来填错了结束日期、仍在结对的选“取消”，并写理由。"),
        ],
    )
}

fn lineage() -> Sheet {
    Sheet::new(
        LINEAGE_SHEET,
        vec![
            school("school", "学校名称").help("变动以前的名称。"),
            choice("kind", "沿革", "沿革").required(),
            date("day", "日期").required(),
            text("new_name", "新校名").width(36.0).help("只在“更名”时填写。"),
            text("other", "并入学校").width(36.0).help("只在“并入”时填写。"),
            text("note", "说明").width(30.0),
            choice("pairings", "正在执行的结对", "结对怎么办")
                .help("并入、停办填“终止”，改隶或迁址填“继续”或“终止”，没有正在执行的结对不填。"),
            choice("left", "未完的需求和项目", "未完的怎么办")
                .help("只在并入、停办时填：“转入”并入的学校，或“办结”。没有未完的不填。"),
        ],
    )
}

pub fn workbook(divisions: &[Division]) -> Workbook {
    let names = |wanted: &[&str]| -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for division in divisions.iter().filter(|division| wanted.contains(&division.level.as_str())) {
            if !names.contains(&division.name) {
                names.push(division.name.clone());
            }
        }
        names
    };
    let owned = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
    let lists = [
        ("所在地", names(&["city", "county"])),
        ("地市", names(&["city"])),
        ("办学层次", owned(&LEVELS)),
        ("办学性质", owned(&OWNERSHIPS)),
        ("举办或主管", owned(&MANAGERS.map(|(name, _)| name))),
        ("任职类别", owned(&POSTS.map(|(_, name)| name))),
        ("取消结束日期", vec!["取消".to_owned()]),
        ("沿革", owned(&LINEAGE.map(|(_, name)| name))),
        ("结对怎么办", owned(&[END, GO_ON])),
        ("未完的怎么办", owned(&[GO_OVER, CLOSE])),
    ];
    Workbook {
        sheets: vec![schools(), people(), pairings(), lineage()],
        lists: lists.into_iter().map(|(name, values)| (name.to_owned(), values)).collect(),
    }
}

/// For a place that is in no list: the division that was probably meant, rather than the first of a hundred.
pub fn suggest_place(error: &mut CellError, divisions: &[Division]) {
    if ![PLACE, CITY].contains(&error.column.as_str()) || error.value.is_empty() {
        return;
    }
    let stem = |name: &str| name.trim_end_matches(['省', '市', '县', '区']).to_owned();
    let wanted = stem(&tidy(&error.value));
    let meant = divisions.iter().filter(|d| d.level != "province").find(|d| {
        let name = stem(&d.name);
        // A part of a place, such as 韶关市乐昌市, ends in it.
        !wanted.is_empty() && (name == wanted || wanted.ends_with(&name))
    });
    error.help = match meant {
        Some(division) => format!("是不是“{}”？请填区划全称", division.name),
        None => format!("请填区划全称，如“乐昌市”；可选值见模板的“{CODES_SHEET}”"),
    };
}

/// A name as it is kept: without spaces and line breaks, which tables put in to fill a cell, and without marks that nobody sees.
pub fn tidy(name: &str) -> String {
    let seen = |c: &char| !fold(c.encode_utf8(&mut [0; 4])).is_empty();
    name.chars().filter(seen).collect()
}
