//! What may not change on a running system: ids are retired, never removed; units, kinds and measures never change.

use super::past;
use super::{Change, NONE, in_order};
use crate::fields::{Field, FieldKind};
use crate::model::{Measure, Programme, Time};
use jiedui_kernel::{Date, Unit};

/// Every change that data of the old programme would not survive, and every one that would judge again a period that is over by
/// `today`. Activation is refused while there is one.
pub fn breaks(old: &Programme, new: &Programme, today: Date) -> Vec<Change> {
    let mut found = Found { changes: past::rewritten(old, new, today) };
    for (what, before, after) in
        [("方案编号", &old.meta.id, &new.meta.id), ("区划代码", &old.meta.division, &new.meta.division)]
    {
        if before != after {
            found.push("", what, before, after);
        }
    }
    clauses_and_targets(&mut found, old, new);
    entries(&mut found, old, new);
    outputs(&mut found, old, new);
    figures(&mut found, old, new);
    profile(&mut found, old, new);
    in_order(old, new, found.changes)
}

struct Found {
    changes: Vec<Change>,
}

impl Found {
    fn push(&mut self, clause: &str, what: &str, before: &str, after: &str) {
        self.changes.push(Change {
            clause: clause.to_owned(),
            what: what.to_owned(),
            before: before.to_owned(),
            after: after.to_owned(),
        });
    }

    fn removed(&mut self, clause: &str, what: &str) {
        self.push(clause, what, "有", "取消（编号只能停用，不能删除）");
    }

    fn unit(&mut self, clause: &str, what: &str, old: Unit, new: Unit) {
        if old != new {
            self.push(clause, &format!("{what}：单位"), old.label(), new.label());
        }
    }

    /// Answers that were given keep their meaning: same kind, same unit, no option gone.
    fn fields(&mut self, clause: &str, what: &str, old: &[Field], new: &[Field]) {
        for before in old {
            let what = format!("{what}：栏目“{}”", before.label);
            let Some(after) = new.iter().find(|field| field.id == before.id) else {
                self.removed(clause, &what);
                continue;
            };
            if before.kind != after.kind && !names_still(before, after) {
                self.push(clause, &format!("{what}：类别"), kind(before), kind(after));
            }
            if before.unit != after.unit {
                let word = |field: &Field| field.unit.map_or(NONE, Unit::label);
                self.push(clause, &format!("{what}：单位"), word(before), word(after));
            }
            for option in &before.options {
                if !after.options.iter().any(|other| other.id == option.id) {
                    self.removed(clause, &format!("{what}：选项“{}”", option.name));
                }
            }
        }
    }
}

/// A name that was only a text is still read as one where it is that of an enterprise or a chain from now on.
fn names_still(before: &Field, after: &Field) -> bool {
    before.kind == FieldKind::Text && matches!(after.kind, FieldKind::Enterprise | FieldKind::Chain)
}

fn kind(field: &Field) -> &'static str {
    match field.kind {
        FieldKind::Text => "一行文字",
        FieldKind::LongText => "一段文字",
        FieldKind::Number => "数字",
        FieldKind::Date => "日期",
        FieldKind::Choice => "选择",
        FieldKind::Yes => "是",
        FieldKind::Person => "人员",
        FieldKind::Enterprise => "企业名称",
        FieldKind::Chain => "生态链名称",
    }
}

fn first(clauses: &[String]) -> &str {
    clauses.first().map_or("", String::as_str)
}

fn clauses_and_targets(found: &mut Found, old: &Programme, new: &Programme) {
    for clause in &old.clauses {
        if !new.clauses.iter().any(|other| other.id == clause.id) {
            found.removed(&clause.id, &format!("条款“{}”", clause.title));
        }
    }
    for target in &old.targets {
        let what = format!("目标“{}”", target.name);
        match new.targets.iter().find(|other| other.id == target.id) {
            None => found.removed(&target.clause, &what),
            Some(after) => found.unit(&target.clause, &what, target.unit, after.unit),
        }
    }
}

fn entries(found: &mut Found, old: &Programme, new: &Programme) {
    for before in &old.activities {
        let (clause, what) = (first(&before.clauses), format!("事项“{}”", before.name));
        let Some(after) = new.activity(&before.id) else {
            found.removed(clause, &what);
            continue;
        };
        found.unit(clause, &what, before.unit, after.unit);
        if before.measure != after.measure {
            let word = |measure: Measure| match measure {
                Measure::Once => "一次计一",
                Measure::Days => "按日历天",
                Measure::Entered => "填数量",
            };
            found.push(clause, &format!("{what}：怎样计量"), word(before.measure), word(after.measure));
        }
        if before.time != after.time {
            let word = |time: Time| if time == Time::Day { "一天" } else { "起止日期" };
            found.push(clause, &format!("{what}：日期怎样填"), word(before.time), word(after.time));
        }
        found.fields(clause, &what, &before.fields, &after.fields);
    }
    for before in &old.obligations {
        let what = format!("履职要求“{}”", before.name);
        match new.obligation(&before.id) {
            None => found.removed(&before.clause, &what),
            Some(after) => found.unit(&before.clause, &what, before.unit, after.unit),
        }
    }
}

fn outputs(found: &mut Found, old: &Programme, new: &Programme) {
    for before in &old.outputs {
        let (clause, what) = (first(&before.clauses), format!("成果“{}”", before.name));
        let Some(after) = new.output(&before.id) else {
            found.removed(clause, &what);
            continue;
        };
        found.unit(clause, &what, before.unit, after.unit);
        if before.of_school != after.of_school {
            let word = |of_school: bool| if of_school { "是" } else { "否" };
            let path = format!("{what}：属于县级院校");
            found.push(clause, &path, word(before.of_school), word(after.of_school));
        }
        for stage in &before.stages {
            if !after.stages.iter().any(|other| other.id == stage.id) {
                found.removed(clause, &format!("{what}：阶段“{}”", stage.name));
            }
        }
        found.fields(clause, &what, &before.fields, &after.fields);
    }
    for before in &old.applications {
        let (clause, what) = (first(&before.clauses), format!("申报“{}”", before.name));
        match new.application(&before.id) {
            None => found.removed(clause, &what),
            Some(after) => found.fields(clause, &what, &before.fields, &after.fields),
        }
    }
    for before in &old.duties {
        if !new.duties.iter().any(|other| other.id == before.id) {
            found.removed(&before.clause, &format!("职责“{}”", before.name));
        }
    }
}

fn figures(found: &mut Found, old: &Programme, new: &Programme) {
    for before in &old.indicators {
        let what = format!("指标“{}”", before.name);
        match new.indicator(&before.id) {
            None => found.removed(&before.clause, &what),
            Some(after) => found.unit(&before.clause, &what, before.unit, after.unit),
        }
    }
    for before in &old.templates {
        let (clause, what) = (first(&before.clauses), format!("方案模板“{}”", before.name));
        let Some(after) = new.template(&before.id) else {
            found.removed(clause, &what);
            continue;
        };
        for section in &before.sections {
            if !after.sections.iter().any(|other| other.id == section.id && other.kind == section.kind) {
                found.removed(clause, &format!("{what}：章节“{}”", section.title));
            }
        }
    }
    for before in &old.projects.sources {
        if !new.projects.sources.iter().any(|other| other.id == before.id) {
            found.removed(&old.projects.clause, &format!("经费来源“{}”", before.name));
        }
    }
}

fn profile(found: &mut Found, old: &Programme, new: &Programme) {
    for before in &old.elements {
        let what = format!("基本情况项目“{}”", before.name);
        let Some(after) = new.element(&before.id) else {
            found.removed(&before.clause, &what);
            continue;
        };
        found.unit(&before.clause, &what, before.unit, after.unit);
        if before.kind != after.kind {
            let word = |kind| if kind == crate::profile::ElementKind::Date { "日期" } else { "数字" };
            found.push(&before.clause, &format!("{what}：类别"), word(before.kind), word(after.kind));
        }
    }
    for before in &old.standards {
        if new.standard(&before.id).is_none() {
            let what = format!("标准“{}”", before.name);
            found.removed(first(&before.clauses), &what);
        }
    }
    for before in &old.thresholds {
        if !new.thresholds.iter().any(|other| other.id == before.id) {
            let clause = old.standard(&before.standard).map_or("", |standard| first(&standard.clauses));
            found.removed(clause, &format!("标准要求“{}”", before.name));
        }
    }
}
