//! What county schools of the demonstration need and what helpers can give, in words; and the project that would
//! answer each need. Read from two tables beside this file.

use jiedui_kernel::{Error, Result};
use serde::Deserialize;

const THEMES: &str = include_str!("themes.csv");
const STRENGTHS: &str = include_str!("strengths.csv");

/// A need and, unless nobody takes it up, the project that answers it.
#[derive(Debug, Deserialize)]
pub struct Theme {
    pub clause: String,
    pub need: String,
    pub detail: String,
    /// The word of the unit of the need's size, and its bounds; "" where it has none.
    pub unit: String,
    pub low: i64,
    pub high: i64,
    /// The activity whose entries move the project; "" where no project answers the need.
    pub activity: String,
    pub project: String,
    pub outcome: String,
    pub lead: String,
    pub nearby: String,
    /// In 千元.
    pub budget: i64,
}

#[derive(Debug, Deserialize)]
pub struct Strength {
    pub clause: String,
    pub majors: String,
    pub strength: String,
}

fn read<T: for<'a> Deserialize<'a>>(name: &str, text: &str) -> Result<Vec<T>> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<std::result::Result<_, _>>()
        .map_err(|cause| Error::internal(format_args!("{name}: {cause}")))
}

pub fn themes() -> Result<Vec<Theme>> {
    read("themes.csv", THEMES)
}

pub fn strengths() -> Result<Vec<Strength>> {
    read("strengths.csv", STRENGTHS)
}

/// What a project of the helpers' own says: a duty of theirs (S1), or a highlight (S4.2).
pub struct Own {
    pub clause: &'static str,
    pub activity: &'static str,
    pub title: &'static str,
    pub outcome: &'static str,
    pub lead: &'static str,
    pub nearby: &'static str,
}

pub const DUTIES: [Own; 2] = [
    Own {
        clause: "S1.4",
        activity: "visit",
        title: "主要负责同志到校调研对接",
        outcome: "两所院校的校长或书记按期到校，商定事项写进台账",
        lead: "校长或书记上、下半年分别到校",
        nearby: "校长或书记上、下半年分别到校",
    },
    Own {
        clause: "S1.6",
        activity: "residency",
        title: "骨干教师常驻帮扶",
        outcome: "两所院校每学期都有骨干教师驻校带教",
        lead: "每学期派中层干部或骨干教师驻校",
        nearby: "每学期派骨干教师驻校",
    },
];

const fn highlight(
    title: &'static str,
    outcome: &'static str,
    lead: &'static str,
    nearby: &'static str,
) -> Own {
    Own { clause: "S4.2", activity: "project-outcome", title, outcome, lead, nearby }
}

pub const HIGHLIGHTS: [Own; 6] = [
    highlight("非遗工艺传承班", "非遗传承人进校带徒，开成一个班", "提供学徒制管理办法", "共同招收学徒"),
    highlight(
        "县域产业技能地图",
        "摸清全县企业用工需求，编成一份技能地图",
        "派教师设计调查",
        "组织学生入企调查",
    ),
    highlight("技工学校共享实训日", "每月一天实训车间对县内中学开放", "提供活动方案和教具", "派学生助教"),
    highlight("红色旅游讲解员培养", "编成一套讲解课程并开班", "派教师指导编写", "联系景区实习"),
    highlight("乡村振兴直播间", "在校内建成直播间，帮农户卖货", "捐赠设备，培训主播", "组织货源和物流"),
    highlight("校园机器人社团", "社团成立并参加一次市级比赛", "派教练，提供套件", "共同训练"),
];
