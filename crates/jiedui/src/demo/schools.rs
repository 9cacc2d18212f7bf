//! The schools of the demonstration, on real divisions. Every invented name ends with （示例）.

use super::maker::Maker;
use crate::network::registry::{self, NewOrg};
use jiedui_kernel::{Date, Error, Result};
use jiedui_store::AuditRecord;

/// A county school: its county, its own part of the name, its level, and the lead college at this index.
pub struct County {
    pub code: &'static str,
    name: &'static str,
    level: usize,
    /// Index in [`LEADS`]; `None`: not paired yet.
    pub lead: Option<usize>,
}

const fn county(code: &'static str, name: &'static str, level: usize, lead: usize) -> County {
    County { code, name, level, lead: Some(lead) }
}

/// The county whose school the account `xianji` works for.
pub const HOME: &str = "441481";

/// Levels are indexes of `registry::LEVELS`. Typical counties first in each city, as far as they have a school here.
pub const COUNTIES: [County; 41] = [
    county("440282", "南雄市职业技工学校", 1, 1),
    county("440224", "仁化县技工学校", 0, 2),
    county("440229", "翁源县技工学校", 0, 3),
    county("440281", "乐昌市技工学校", 0, 8),
    county("440881", "廉江市职业技工学校", 1, 6),
    county("440823", "遂溪县技工学校", 0, 7),
    county("440882", "雷州市高级技工学校", 3, 4),
    county("440883", "吴川市技工学校", 0, 5),
    county("440981", "高州市高级技工学校", 3, 4),
    county("440983", "信宜市职业技工学校", 1, 1),
    county("440784", "鹤山市职业技工学校", 1, 5),
    county("440781", "台山市技工学校", 2, 2),
    county("441284", "四会市职业技工学校", 1, 7),
    county("441223", "广宁县技工学校", 0, 3),
    county("441224", "怀集县技工学校", 0, 8),
    county("441322", "博罗县高级技工学校", 3, 4),
    county("441324", "龙门县技工学校", 0, 0),
    county("441403", "梅县区职业技工学校", 0, 0),
    county("441427", "蕉岭县技工学校", 0, 1),
    county("441422", "大埔县技工学校", 0, 5),
    county("441424", "五华县技工学校", 1, 0),
    county("441481", "兴宁市职业技工学校", 1, 0),
    county("441523", "陆河县技工学校", 0, 6),
    county("441521", "海丰县技工学校", 0, 4),
    county("441625", "东源县技工学校", 0, 2),
    county("441621", "紫金县技工学校", 0, 0),
    county("441622", "龙川县职业技工学校", 1, 3),
    County { code: "441624", name: "和平县技工学校", level: 0, lead: None },
    county("441721", "阳西县技工学校", 0, 7),
    county("441781", "阳春市职业技工学校", 1, 8),
    county("441882", "连州市职业技工学校", 0, 0),
    county("441881", "英德市高级技工学校", 3, 1),
    county("441823", "阳山县技工学校", 0, 5),
    county("445122", "饶平县职业技工学校", 1, 7),
    county("445224", "惠来县技工学校", 0, 2),
    county("445281", "普宁市职业技工学校", 1, 8),
    county("445321", "新兴县职业技工学校", 1, 6),
    county("445381", "罗定市技工学校", 0, 1),
    county("445322", "郁南县技工学校", 0, 3),
    county("440512", "濠江区技工学校", 0, 5),
    county("440117", "从化区技工学校", 1, 4),
];

/// Lead colleges: city, whether the province runs it, name. All are technician colleges of high level.
const LEADS: [(&str, bool, &str); 9] = [
    ("440100", true, "广东省百工技师学院"),
    ("440100", true, "广东省匠心技师学院"),
    ("440100", true, "广东省精工技师学院"),
    ("440100", false, "广州市羊城技师学院"),
    ("440300", false, "深圳市鹏城技师学院"),
    ("441900", false, "东莞市松湖技师学院"),
    ("440400", false, "珠海市海湾技师学院"),
    ("442000", false, "中山市岐江技师学院"),
    ("440600", false, "佛山市智造技师学院"),
];

/// Nearby schools: city, name, level. The second of a city takes the county schools that the first has no room for.
const NEARBY: [(&str, &str, usize); 17] = [
    ("440100", "广州市流溪高级技工学校", 3),
    ("440200", "韶关市丹霞技师学院", 4),
    ("440500", "汕头市海滨技师学院", 4),
    ("440700", "江门市侨乡技师学院", 4),
    ("440800", "湛江市港城技师学院", 4),
    ("440900", "茂名市南海高级技工学校", 3),
    ("441200", "肇庆市星湖技师学院", 4),
    ("441300", "惠州市鹅城高级技工学校", 3),
    ("441400", "梅州市客家技师学院", 4),
    ("441400", "梅州市嘉应高级技工学校", 3),
    ("441500", "汕尾市红海湾高级技工学校", 3),
    ("441600", "河源市万绿技师学院", 4),
    ("441700", "阳江市漠阳高级技工学校", 3),
    ("441800", "清远市北江技师学院", 4),
    ("445100", "潮州市韩江技师学院", 4),
    ("445200", "揭阳市榕江高级技工学校", 3),
    ("445300", "云浮市石城高级技工学校", 3),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    County,
    Lead,
    Nearby,
}

#[derive(Debug, Clone)]
pub struct School {
    pub id: String,
    pub kind: Kind,
    pub level: &'static str,
    pub division: &'static str,
}

/// The schools by their roles, each in the order of its table.
pub struct Schools {
    pub county: Vec<School>,
    pub lead: Vec<School>,
    pub nearby: Vec<School>,
}

impl Schools {
    pub fn all(&self) -> impl Iterator<Item = &School> {
        self.lead.iter().chain(&self.nearby).chain(&self.county)
    }
}

/// The city of a division code.
pub fn city_of(code: &str) -> String {
    format!("{}00", code.get(..4).unwrap_or_default())
}

/// Puts all of them into the registry, with their flags, as the provincial office does.
pub async fn found(maker: &mut Maker, day: Date) -> Result<Schools> {
    let mut schools = Schools { county: Vec::new(), lead: Vec::new(), nearby: Vec::new() };
    for (division, provincial, name) in LEADS {
        let (bureau, at) = if provincial { ("province_office", "440000") } else { ("city_bureau", division) };
        schools.lead.push(one(maker, day, Kind::Lead, (bureau, at), (division, name, 4)).await?);
    }
    for (city, name, level) in NEARBY {
        let school = one(maker, day, Kind::Nearby, ("city_bureau", city), (city, name, level)).await?;
        schools.nearby.push(school);
    }
    for c in &COUNTIES {
        let school =
            one(maker, day, Kind::County, ("county_bureau", c.code), (c.code, c.name, c.level)).await?;
        schools.county.push(school);
    }
    Ok(schools)
}

async fn one(
    maker: &mut Maker,
    day: Date,
    kind: Kind,
    (bureau, at): (&str, &str),
    (division, name, level): (&'static str, &str, usize),
) -> Result<School> {
    maker.act_as_office(day);
    let level = registry::LEVELS.get(level).copied().unwrap_or("技工学校");
    let parent = registry::bureau(&mut maker.tx, bureau, at).await?;
    let parent = parent.ok_or_else(|| Error::internal(format_args!("no {bureau} at {at}")))?;
    let new = NewOrg {
        kind: "school",
        name: format!("{name}（示例）"),
        division: division.to_owned(),
        parent: Some(parent),
        level: level.to_owned(),
        ownership: "公办".to_owned(),
        credit_code: String::new(),
        source: "示例".to_owned(),
        demo: true,
    };
    let id = registry::insert(&mut maker.tx, &new).await?;
    let flag = match kind {
        Kind::County => Some(("county_school", "对口县级院校名单（示例）")),
        Kind::Lead => Some(("high_level", "高水平技师学院名单（示例）")),
        Kind::Nearby => None,
    };
    if let Some((flag, source)) = flag {
        registry::ensure_flag(&mut maker.tx, &id, flag, day, None, source).await?;
    }
    let body = serde_json::json!({ "name": new.name, "level": level, "flag": flag });
    maker
        .tx
        .audit(AuditRecord { action: "registry.school", resource: "org", resource_id: &id }, &body)
        .await?;
    Ok(School { id, kind, level, division })
}
