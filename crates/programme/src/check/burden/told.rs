//! Everything else that a programme says to people: titles, explanations, options, stages, sections. An innocent label helps
//! nobody where the sentence beside it asks for photos.

use crate::check::burden::words::{Found, Words};
use crate::doc::Item;
use crate::fields::{Field, FieldKind};
use crate::load::RawProgramme;
use crate::problem::Problem;

struct Teller<'a> {
    words: &'a Words,
    problems: &'a mut Vec<Problem>,
}

impl Teller<'_> {
    fn refuse<T>(&mut self, item: &Item<'_, T>, path: &str, what: &str, found: Found) {
        if let Some((word, rule)) = found {
            let help = format!("依据{rule}，这类内容不得要求、不得单设；请删除或改用别的说法");
            self.problems.push(item.problem(path, format!("{what}触及减负禁项（{word}）"), help));
        }
    }

    /// What something is called.
    fn title<T>(&mut self, item: &Item<'_, T>, path: &str, text: &str) {
        self.refuse(item, path, "名称", self.words.forbidden(&[text]));
    }

    /// What is said of it.
    fn sentence<T>(&mut self, item: &Item<'_, T>, path: &str, text: &str) {
        self.refuse(item, path, "说明", self.words.asked_in(text));
    }

    fn fields<T>(&mut self, item: &Item<'_, T>, fields: &[Field]) {
        for (at, field) in fields.iter().enumerate() {
            let path = |key: &str| format!("field.{at}.{key}");
            self.refuse(item, &path("group"), "分组", self.words.forbidden(&[&field.group]));
            if !field.required {
                self.voluntary(item, &path("label"), field);
            }
            if !field.required || field.kind != FieldKind::Choice {
                continue;
            }
            for (number, option) in field.options.iter().enumerate() {
                // The label says whether these are majors or occupations, which may have any name.
                let found = self.words.forbidden(&[&field.label, &option.name]);
                self.refuse(item, &path(&format!("option.{number}.name")), "必选的选项", found);
            }
        }
    }

    /// A field that may be left out, and of which the words say that it may not.
    fn voluntary<T>(&mut self, item: &Item<'_, T>, path: &str, field: &Field) {
        const OBLIGES: [&str; 9] =
            ["必须", "务必", "必填", "必传", "须上传", "须提交", "须附", "一律", "不得缺"];
        let said = [field.label.as_str(), &field.help, &field.purpose];
        if said.iter().any(|text| OBLIGES.iter().any(|word| text.contains(word))) {
            let found = self.words.forbidden(&[&field.label]);
            let found = found.or_else(|| said[1..].iter().find_map(|text| self.words.asked_in(text)));
            self.refuse(item, path, "写成必填的选填项", found);
        }
    }
}

pub(super) fn check_tables(plan: &RawProgramme<'_>, words: &Words, problems: &mut Vec<Problem>) {
    let mut teller = Teller { words, problems };
    forms(plan, &mut teller);
    rules(plan, &mut teller);
    papers(plan, &mut teller);
}

fn forms(plan: &RawProgramme<'_>, teller: &mut Teller<'_>) {
    for item in plan.activities.items.iter().filter(|item| item.value.retired.is_none()) {
        let activity = &item.value;
        teller.title(item, "name", &activity.name);
        teller.title(item, "action", &activity.action);
        teller.sentence(item, "about", &activity.about);
        teller.fields(item, &activity.fields);
        if let Some(roster) = &activity.roster {
            teller.title(item, "roster.label", &roster.label);
            teller.sentence(item, "roster.help", &roster.help);
        }
    }
    for item in plan.outputs.items.iter().filter(|item| item.value.retired.is_none()) {
        let output = &item.value;
        teller.title(item, "name", &output.name);
        teller.title(item, "action", &output.action);
        teller.sentence(item, "about", &output.about);
        teller.fields(item, &output.fields);
        for (at, stage) in output.stages.iter().enumerate() {
            teller.title(item, &format!("stage.{at}.name"), &stage.name);
        }
    }
    for item in &plan.applications.items {
        let application = &item.value;
        teller.title(item, "name", &application.name);
        teller.title(item, "action", &application.action);
        teller.sentence(item, "about", &application.about);
        teller.fields(item, &application.fields);
    }
    for item in &plan.forms.items {
        teller.title(item, "name", &item.value.name);
        teller.fields(item, &item.value.fields);
    }
    if let Some(item) = &plan.profile {
        teller.title(item, "name", &item.value.name);
        teller.sentence(item, "about", &item.value.about);
    }
    for item in &plan.relations.items {
        teller.sentence(item, "words", &item.value.words);
    }
}

/// What is owed and what judges. A meeting may be owed as a duty, which `scored` knows.
fn rules(plan: &RawProgramme<'_>, teller: &mut Teller<'_>) {
    for item in &plan.obligations.items {
        teller.sentence(item, "about", &item.value.about);
    }
    for item in &plan.duties.items {
        let found = teller.words.owed_in(&item.value.about);
        teller.refuse(item, "about", "责任的说明", found);
    }
    for item in &plan.meetings.items {
        let found = teller.words.owed_in(&item.value.about);
        teller.refuse(item, "about", "会议的说明", found);
    }
    for item in &plan.allocations.items {
        teller.title(item, "name", &item.value.name);
        teller.sentence(item, "about", &item.value.about);
    }
    for item in &plan.assessments.items {
        teller.title(item, "name", &item.value.name);
        teller.sentence(item, "about", &item.value.about);
        for (at, band) in item.value.results.iter().enumerate() {
            teller.title(item, &format!("results.{at}.name"), &band.name);
        }
    }
    if let Some(item) = &plan.funding {
        teller.sentence(item, "about", &item.value.about);
        for (at, source) in item.value.sources.iter().enumerate() {
            teller.title(item, &format!("source.{at}.name"), &source.name);
        }
    }
    if let Some(item) = &plan.resources {
        teller.sentence(item, "about", &item.value.about);
    }
    if let Some(item) = &plan.jobs {
        teller.sentence(item, "about", &item.value.about);
    }
    for item in &plan.exchanges.items {
        teller.title(item, "name", &item.value.name);
        teller.sentence(item, "about", &item.value.about);
    }
    if let Some(item) = &plan.commendations {
        teller.sentence(item, "about", &item.value.about);
        for (at, class) in item.value.classes.iter().enumerate() {
            teller.title(item, &format!("classes.{at}.name"), &class.name);
        }
    }
    for item in &plan.thresholds.items {
        teller.title(item, "name", &item.value.name);
        teller.sentence(item, "text", &item.value.text);
    }
    for item in &plan.indicators.items {
        let found = teller.words.ranks_people_in(&item.value.definition);
        teller.refuse(item, "definition", "指标的定义", found);
    }
}

fn papers(plan: &RawProgramme<'_>, teller: &mut Teller<'_>) {
    for item in &plan.clauses.items {
        teller.title(item, "title", &item.value.title);
    }
    for item in &plan.templates.items {
        let template = &item.value;
        teller.title(item, "name", &template.name);
        teller.sentence(item, "about", &template.about);
        for (at, section) in template.sections.iter().enumerate() {
            teller.title(item, &format!("section.{at}.title"), &section.title);
            teller.sentence(item, &format!("section.{at}.help"), &section.help);
        }
    }
}
