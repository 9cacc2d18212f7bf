//! The people of the demonstration: invented names, marked （示例）, with dated posts.

use super::maker::Maker;
use super::rng::{SeededRng, plus};
use super::schools::{Kind, School, Schools};
use crate::network::registry::{self, NewPost};
use jiedui_kernel::{Date, Result};
use jiedui_store::AuditRecord;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

const SURNAMES: &str = "陈李黄张梁林刘吴王杨罗郑何谢邓曾蔡叶钟冯周苏许朱彭胡温邱赖廖郭徐潘卢余杜戴江黎古";
/// Looked through for pairs with a surname above that would name somebody well known.
const GIVEN: [&str; 72] = [
    "志远", "文辉", "建华", "晓明", "国强", "丽娟", "海燕", "伟民", "秀芳", "俊杰", "永年", "淑珍", "家豪",
    "雪梅", "浩然", "思敏", "振宇", "玉兰", "启明", "少华", "慧玲", "锦泉", "子健", "晓彤", "伟雄", "美琪",
    "德胜", "春燕", "嘉敏", "耀辉", "惠芬", "志坚", "婉婷", "宏图", "静怡", "树森", "佩珊", "立新", "翠英",
    "卓然", "敏仪", "泽林", "晓峰", "月华", "国栋", "雅琴", "炳坤", "小红", "育才", "诗韵", "建平", "凤仪",
    "仲文", "丹妮", "达明", "素贞", "文博", "燕玲", "鸿飞", "可欣", "伯成", "瑞芳", "学勤", "紫薇", "天佑",
    "润生", "明亮", "若兰", "世安", "彩虹", "广生", "楚云",
];
const DEPARTMENTS: [&str; 8] = [
    "教务处主任",
    "实训中心主任",
    "招生就业处主任",
    "学生处主任",
    "机电工程系主任",
    "信息工程系主任",
    "现代服务系主任",
    "汽车工程系主任",
];
const BACKBONE: [&str; 4] = ["高级讲师", "高级实习指导教师", "一体化教师", "一级实习指导教师"];
const TEACHERS: [&str; 3] = ["讲师", "助理讲师", "二级实习指导教师"];

/// Somebody who may come into an entry.
#[derive(Debug, Clone)]
pub struct Member {
    pub id: String,
    pub name: String,
    pub post: &'static str,
    title: &'static str,
    pub from: Date,
    pub to: Option<Date>,
}

impl Member {
    pub fn in_office(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|end| day <= end)
    }
}

pub type Rosters = HashMap<String, Vec<Member>>;

/// Everybody at every school, written by the school itself.
pub async fn employ(maker: &mut Maker, schools: &Schools, day: Date) -> Result<Rosters> {
    let rng = SeededRng::new(2);
    let mut rosters = Rosters::new();
    let mut seen: HashMap<Kind, usize> = HashMap::new();
    for school in schools.all() {
        let index = seen.entry(school.kind).or_default();
        let members = write(maker, school, roster(&rng, school, *index, maker.today), day).await?;
        *index += 1;
        rosters.insert(school.id.clone(), members);
    }
    Ok(rosters)
}

async fn write(
    maker: &mut Maker,
    school: &School,
    mut members: Vec<Member>,
    day: Date,
) -> Result<Vec<Member>> {
    let actor = maker.actor(&school.id).await?;
    for member in &members {
        maker.act(&actor, day);
        let new = NewPost {
            org: &school.id,
            name: &member.name,
            post: member.post,
            title: member.title,
            from: member.from,
            to: member.to,
            demo: true,
        };
        registry::ensure_post(&mut maker.tx, &new).await?;
    }
    let body = serde_json::json!({ "people": members.len() });
    maker
        .tx
        .audit(AuditRecord { action: "person.post", resource: "org", resource_id: &school.id }, &body)
        .await?;
    let (first, last) = (Date::from_ymd_opt(2000, 1, 1).unwrap_or(day), Date::MAX);
    let known =
        registry::people_at(&mut maker.tx, &school.id, first, last.min(plus(maker.today, 400))).await?;
    for member in &mut members {
        if let Some(found) = known.iter().find(|at| at.name.whole() == member.name) {
            member.id.clone_from(&found.id);
        }
    }
    members.retain(|member| !member.id.is_empty());
    Ok(members)
}

/// One person of the first lead college was registered a second time, with the name written otherwise; the two records were
/// found to be one person's. Last of all, so that nobody is drawn from it.
pub async fn register_twice(maker: &mut Maker, schools: &Schools, rosters: &Rosters) -> Result<()> {
    let Some(school) = schools.lead.first() else { return Ok(()) };
    let Some(member) = rosters.get(&school.id).and_then(|all| all.last()) else { return Ok(()) };
    let actor = maker.actor(&school.id).await?;
    maker.act(&actor, plus(maker.today, -40));
    let name = format!("{}（又一条）（示例）", member.name.trim_end_matches("（示例）"));
    let (from, org) = (member.from, school.id.as_str());
    let new = NewPost { org, name: &name, post: "staff", title: "", from, to: None, demo: true };
    registry::ensure_post(&mut maker.tx, &new).await?;
    let people = registry::people_at(&mut maker.tx, org, maker.today, maker.today).await?;
    let Some(twice) = people.iter().find(|at| at.name.whole() == name) else { return Ok(()) };
    let programme = Arc::clone(&maker.programme);
    let two = (twice.name.person(), member.id.as_str());
    registry::propose(&mut maker.tx, &programme, org, two, "同一个人登记了两次").await?;
    Ok(())
}

struct Draw<'a> {
    rng: &'a SeededRng,
    used: HashSet<String>,
    members: Vec<Member>,
}

impl Draw<'_> {
    fn name(&mut self) -> String {
        loop {
            let surname = SURNAMES.chars().nth(self.rng.below(SURNAMES.chars().count())).unwrap_or('陈');
            let name = format!("{surname}{}（示例）", self.rng.word(&GIVEN));
            if self.used.insert(name.clone()) {
                return name;
            }
        }
    }

    fn add(&mut self, post: &'static str, title: &'static str, from: Option<Date>, to: Option<Date>) {
        let years = self.rng.between(2, 6);
        let usual = Date::from_ymd_opt(2024, 1, 1).unwrap_or_default();
        let from = from.unwrap_or_else(|| plus(usual, -(years * 365 + self.rng.between(0, 300))));
        let name = self.name();
        self.members.push(Member { id: String::new(), name, post, title, from, to });
    }
}

/// Who works there: one head at any time, and the others.
fn roster(rng: &SeededRng, school: &School, index: usize, today: Date) -> Vec<Member> {
    let mut draw = Draw { rng, used: HashSet::new(), members: Vec::new() };
    heads(&mut draw, school.kind, index, today);
    let college = school.level == "技师学院";
    let secretary = if school.kind == Kind::County { "党总支书记" } else { "党委书记" };
    draw.add("party_secretary", secretary, None, None);
    let (deputies, middle, backbone, teachers) = match school.kind {
        Kind::Lead => (2, 4, 6, 2),
        Kind::Nearby => (2, 3, 5, 2),
        Kind::County => (1, 2, 4, 5),
    };
    for _ in 0..deputies {
        draw.add("deputy_head", if college { "副院长" } else { "副校长" }, None, None);
    }
    for at in 0..middle {
        let title = DEPARTMENTS.get((at + index) % DEPARTMENTS.len()).copied().unwrap_or("");
        draw.add("middle_manager", title, None, None);
    }
    for _ in 0..backbone {
        let title = rng.word(&BACKBONE);
        draw.add("backbone_teacher", title, None, None);
    }
    for _ in 0..teachers {
        let title = rng.word(&TEACHERS);
        draw.add("teacher", title, None, None);
    }
    draw.members
}

/// At one lead college the head changed; at one nearby school a deputy leads since the head left; at one county
/// school the head changed too.
fn heads(draw: &mut Draw<'_>, kind: Kind, index: usize, today: Date) {
    let title = if kind == Kind::County { "校长" } else { "院长" };
    let earliest = Date::from_ymd_opt(2024, 9, 2).unwrap_or(today);
    let changed = plus(today, -300).max(earliest);
    match (kind, index) {
        (Kind::Lead, 1) | (Kind::County, 4) => {
            draw.add("head", title, None, Some(plus(changed, -1)));
            draw.add("head", title, Some(changed), None);
        }
        (Kind::Nearby, 4) => {
            draw.add("head", title, None, Some(plus(changed, -1)));
            draw.add("head", "主持工作的副院长", Some(changed), None);
        }
        _ => draw.add("head", if kind == Kind::Nearby { "" } else { title }, None, None),
    }
}
