//! A programme laid out as named tables, each under its sentence.

use crate::model::Programme;
use serde::Serialize;
use toml::{Table, Value};

pub(super) struct Part {
    /// What it is: 活动, 目标. Parts of one kind are told apart by their ids.
    pub kind: &'static str,
    pub id: String,
    pub clause: String,
    pub table: Table,
}

impl Part {
    pub fn is(&self, other: &Self) -> bool {
        self.kind == other.kind && self.id == other.id
    }

    /// How its changes are headed: of what there is only one, the kind says it.
    pub fn title(&self) -> String {
        if self.id.is_empty() {
            self.kind.to_owned()
        } else {
            format!("{}“{}”", self.kind, name(&self.table))
        }
    }

    pub fn gist(&self) -> String {
        gist(&self.table)
    }
}

/// What a table is called.
pub(super) fn name(table: &Table) -> String {
    let said = ["name", "label", "title", "text"].iter().find_map(|key| table.get(*key)?.as_str());
    said.filter(|name| !name.is_empty()).or_else(|| table.get("id")?.as_str()).unwrap_or_default().to_owned()
}

/// What something new is for, in its own words.
pub(super) fn gist(table: &Table) -> String {
    let said = ["about", "definition", "purpose"].iter().find_map(|key| table.get(*key)?.as_str());
    said.map_or_else(String::new, |text| format!("：{text}"))
}

/// All that a programme says but its examples.
pub(super) fn parts(programme: &Programme) -> Vec<Part> {
    let mut all = Vec::new();
    single(&mut all, "方案", &programme.meta);
    single(&mut all, "日历", &programme.calendar);
    single(&mut all, "报表减负", &programme.burden);
    single(&mut all, "消息提醒", &programme.notices);
    optional(&mut all, "抽查", programme.spot_checks.as_ref());
    several(&mut all, "任务", &programme.tasks);
    several(&mut all, "条款", &programme.clauses);
    several(&mut all, "目标", &programme.targets);
    several(&mut all, "事项", &programme.activities);
    several(&mut all, "成果", &programme.outputs);
    several(&mut all, "申报", &programme.applications);
    several(&mut all, "履职要求", &programme.obligations);
    several(&mut all, "职责", &programme.duties);
    several(&mut all, "会议", &programme.meetings);
    several(&mut all, "指标", &programme.indicators);
    single(&mut all, "年度基本情况", &programme.profile);
    several(&mut all, "基本情况项目", &programme.elements);
    several(&mut all, "标准", &programme.standards);
    several(&mut all, "标准要求", &programme.thresholds);
    several(&mut all, "表单", &programme.forms);
    several(&mut all, "系统已有的内容", &programme.known);
    single(&mut all, "项目清单规则", &programme.projects);
    several(&mut all, "方案模板", &programme.templates);
    single(&mut all, "匹配规则", &programme.matching);
    several(&mut all, "匹配分项", &programme.matching.components);
    optional(&mut all, "专业布局建议", programme.majors.as_ref());
    several(&mut all, "倾斜分配规则", &programme.allocations);
    several(&mut all, "考核办法", &programme.assessments);
    optional(&mut all, "经费规则", programme.funding.as_ref());
    optional(&mut all, "资源库", programme.resources.as_ref());
    optional(&mut all, "就业", programme.jobs.as_ref());
    several(&mut all, "数据对接", &programme.exchanges);
    optional(&mut all, "通报表扬", programme.commendations.as_ref());
    optional(&mut all, "示意图", programme.map.as_ref());
    several(&mut all, "角色", &programme.access.roles);
    single(&mut all, "姓名显示规则", &programme.access.names);
    single(&mut all, "两步验证", &programme.access.second_factor);
    single(&mut all, "减负禁项", &programme.forbidden);
    grants(&mut all, programme);
    for part in &mut all {
        part.clause = clause(programme, part);
        match part.kind {
            "匹配规则" => drop(part.table.remove("components")),
            // The clause's own id is its sentence.
            "条款" => part.clause.clone_from(&part.id),
            _ => {}
        }
    }
    all
}

/// What a programme may leave out.
fn optional<T: Serialize>(all: &mut Vec<Part>, kind: &'static str, value: Option<&T>) {
    if let Some(value) = value {
        single(all, kind, value);
    }
}

fn single<T: Serialize>(all: &mut Vec<Part>, kind: &'static str, value: &T) {
    all.extend(table(value).map(|table| Part { kind, id: String::new(), clause: String::new(), table }));
}

fn several<T: Serialize>(all: &mut Vec<Part>, kind: &'static str, values: &[T]) {
    for table in values.iter().filter_map(table) {
        let id = table.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        all.push(Part { kind, id, clause: String::new(), table });
    }
}

fn table<T: Serialize>(value: &T) -> Option<Table> {
    match Value::try_from(value) {
        Ok(Value::Table(table)) => Some(table),
        _ => None,
    }
}

/// One part for each thing and action: who may.
fn grants(all: &mut Vec<Part>, programme: &Programme) {
    for grant in &programme.access.grants {
        for action in &grant.actions {
            let roles = grant.roles.iter().map(|role| Value::from(role.as_str())).collect();
            let id = format!("{}·{action}", grant.resource);
            let mut table = Table::new();
            table.insert("id".to_owned(), Value::from(id.as_str()));
            table.insert("roles".to_owned(), Value::Array(roles));
            all.push(Part { kind: "权限", id, clause: String::new(), table });
        }
    }
}

fn clause(programme: &Programme, part: &Part) -> String {
    let said = |table: &Table| {
        let first = table.get("clauses").and_then(Value::as_array).and_then(|list| list.first());
        table.get("clause").or(first).and_then(Value::as_str).map(str::to_owned)
    };
    let of_standard = || {
        let id = part.table.get("standard")?.as_str()?;
        programme.standard(id)?.clauses.first().cloned()
    };
    said(&part.table).or_else(of_standard).unwrap_or_default()
}
