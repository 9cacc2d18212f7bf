//! What carries each sentence of the plan, asked of every mechanism. The pages of the sentences and the table in
//! docs/sentences.md are made from this; tests keep it true.

use crate::shared::carriers::{Carrier, Section};
use crate::shared::mechanism;
use jiedui_programme::Programme;

/// What is still to come for a sentence; its facts are recorded already where there are carriers.
const LATER: [(&str, &str); 11] = [
    ("T4.6", "名额倾斜分配"),
    ("T4.7", "协作工作证明"),
    ("T5.5", "资源库"),
    ("T5.6", "名额倾斜分配"),
    ("T7.4", "名额倾斜分配"),
    ("T11.3", "远程平台对接"),
    ("T12.1", "招聘系统对接"),
    ("T12.4", "名额倾斜分配"),
    ("S3.3", "案例库"),
    ("S4.3", "考核方案"),
    ("S4.4", "荣誉和资金倾斜"),
];

/// Where a sentence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Built,
    /// What carries it is there; this is still to come.
    Part(&'static str),
    /// It is not built: this is to come.
    NotYet(&'static str),
}

/// Everything that carries a sentence, things of the programme first.
pub fn carriers(programme: &Programme, clause: &str) -> Vec<Carrier> {
    let mut section = Section::new(programme, clause);
    for one in mechanism::all() {
        (one.carriers)(&mut section);
    }
    section.found.sort_by_key(|one| one.kind.place);
    section.found
}

/// How far a sentence is carried: by something that measures or holds it, not by a target alone.
pub fn status(programme: &Programme, clause: &str) -> Status {
    let later = LATER.iter().find(|(of, _)| *of == clause).map(|(_, what)| *what);
    let carried = carriers(programme, clause).iter().any(|one| one.holds);
    match (carried, later) {
        (true, None) => Status::Built,
        (true, Some(what)) => Status::Part(what),
        (false, Some(what)) => Status::NotYet(what),
        (false, None) => Status::NotYet("尚无落实"),
    }
}
