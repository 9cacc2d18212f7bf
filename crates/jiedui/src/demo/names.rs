//! Names and texts of invented things; each says that it is invented.

use super::rng::SeededRng;
use jiedui_programme::Output;

/// What such a thing is called, where the name of its type would not do.
const STEMS: [(&str, &str); 19] = [
    ("local-investment", "职业教育实训楼专项投入"),
    ("staff-posts", "技工院校教师编制"),
    ("key-project", "校园改造重点项目"),
    ("donation", "企业捐赠实训设备"),
    ("training-system", "智能制造技能培训体系"),
    ("training-base", "先进制造高技能人才培训基地"),
    ("master-workshop", "数控技能大师工作室"),
    ("integrated-course", "零件数控车床加工一体化课程"),
    ("special-major", "新能源汽车检测与维修专业"),
    ("cooperative-class", "智能装备订单班"),
    ("industry-college", "电子信息产业学院"),
    ("shared-base", "机电一体化实训基地"),
    ("service-team", "乡村振兴跨专业服务团队"),
    ("model-case", "两校同备一门课的做法"),
    ("support-funds", "办学条件达标资助"),
    ("recruitment-system", "省级公共求职招聘管理系统"),
    ("major-adjustment", "无人机应用技术"),
    ("publicity", "协作工作宣传"),
    ("results-preference", "评优与资金倾斜"),
];

const REGIONS: [&str; 6] = ["粤东", "岭南", "北江", "东江", "南粤", "珠江"];
const ENTERPRISES: [&str; 7] =
    ["智能装备公司", "电子公司", "餐饮集团", "绿色建材公司", "汽车服务公司", "农产品公司", "家政服务公司"];
const MAJORS: [&str; 5] =
    ["数控加工", "机电一体化技术", "新能源汽车检测与维修", "烹饪（中式烹调）", "电子商务"];
const TRADES: [&str; 4] = ["车工", "电工", "中式烹调师", "汽车维修工"];

/// The name of a thing at a place.
pub fn title(kind: &Output, place: &str) -> String {
    let stem = STEMS.iter().find(|(id, _)| *id == kind.id).map_or(kind.name.as_str(), |(_, stem)| stem);
    format!("{place}{stem}（示例）")
}

/// The name of a record of a place; one of several that a form tells is called after what it is.
pub fn record(kind: &Output, chosen: Option<(&str, &str)>, place: &str) -> String {
    let option = chosen.and_then(|(field, option)| {
        let choice = kind.fields.iter().find(|one| one.id == field)?;
        choice.options.iter().find(|one| one.id == option)
    });
    option.map_or_else(|| title(kind, place), |option| format!("{place}{}（示例）", option.name))
}

/// An enterprise of some region; several schools may work with the same one.
pub fn enterprise(rng: &SeededRng) -> String {
    enterprise_at(rng.word(&REGIONS), rng)
}

/// An enterprise of a place.
pub fn enterprise_at(place: &str, rng: &SeededRng) -> String {
    format!("{place}{}（示例）", rng.word(&ENTERPRISES))
}

/// A text for a field.
pub fn text(field: &str, rng: &SeededRng) -> String {
    let words: &[&'static str] = match field {
        "donor" => return enterprise(rng),
        "major" | "course" => &MAJORS,
        "trade" | "occupation" => &TRADES,
        "office" => &["设在职业能力建设科（示例）", "设在培训就业处（示例）"],
        "use" | "project" => &["实训楼与设备（示例）", "学生宿舍改造（示例）"],
        "group" => &["广东百工职业教育集团（示例）"],
        "chain" => &["智能制造生态链（示例）", "粤菜生态链（示例）"],
        "decided" | "problem" => &["商定教师跟岗名额和时间（示例）", "两校设备共享待落实（示例）"],
        "number" => &["示例文号"],
        _ => &["按实际情况填写（示例）", "详见双方商定（示例）"],
    };
    rng.word(words).to_owned()
}

/// What somebody notes at a new stage.
pub fn note(ends: bool, rng: &SeededRng) -> &'static str {
    if ends {
        rng.word(&["合作期满（示例）", "因计划调整结束（示例）"])
    } else {
        rng.word(&["首批设备已到位（示例）", "已通过验收（示例）", "第一期学员已入学（示例）"])
    }
}

/// Why an application is sent back.
pub fn return_word(rng: &SeededRng) -> &'static str {
    rng.word(&["请写明面向哪些工种。", "资金来源没有写清楚，请补充。"])
}
