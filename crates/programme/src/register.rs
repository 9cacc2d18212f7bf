//! The burden register (principle 7): every form with every field, what it is for, who fills it, how often, what it
//! costs, what it makes needless and until when it may be asked. Made from the programme, so that no form can be
//! missing: what the generated forms ask of themselves (who, when, how much) is listed here too.

use crate::dated::Retires as _;
use crate::fields::{Field, FieldKind, FieldOption, Frequency, Side};
use crate::forms::FormKind;
use crate::model::{Activity, Programme, Time};
use crate::outputs::{Application, Output, OutputKind, Stage};
use crate::parts::{self, Part, Takes};
use crate::profile::ElementKind;
use jiedui_kernel::{Date, Unit};
use serde::{Deserialize, Serialize};

/// One form of the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormEntry {
    pub kind: FormKind,
    pub id: String,
    pub name: String,
    pub clauses: Vec<String>,
    pub filled_by: Vec<Side>,
    pub frequency: Frequency,
    /// Declared, never measured.
    pub minutes: u32,
    /// From this day on nobody is asked.
    pub retired: Option<Date>,
    pub fields: Vec<RegisterField>,
}

impl FormEntry {
    pub fn asked_on(&self, day: Date) -> bool {
        self.retired.is_none_or(|from| day < from)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterField {
    pub id: String,
    pub label: String,
    pub unit: Option<Unit>,
    pub kind: FieldKind,
    pub required: bool,
    pub purpose: String,
    pub replaces: String,
    /// The last day on which it is asked.
    pub sunset: Date,
    /// Empty where they come from the registry, the sentences of the plan or the years.
    pub options: Vec<FieldOption>,
    /// When it is asked, in words; "" where always.
    pub condition: String,
}

impl RegisterField {
    pub fn asked_on(&self, day: Date) -> bool {
        day <= self.sunset
    }
}

impl Programme {
    /// All forms in the order of the work: what the schools want and offer, what they agree on, then what the tasks
    /// generate, then the year-profile. Forms that are retired are among them, since what they cost stays in the account.
    pub fn register(&self) -> Vec<FormEntry> {
        let by_hand = self.forms.iter().map(|form| FormEntry {
            kind: form.kind,
            id: form.id.clone(),
            name: form.name.clone(),
            clauses: form.clauses.clone(),
            filled_by: form.filled_by.clone(),
            frequency: form.frequency,
            minutes: form.minutes,
            retired: None,
            fields: self.declared(&form.fields),
        });
        by_hand
            .chain(self.activities.iter().map(|activity| self.of_activity(activity)))
            .chain(self.outputs.iter().map(|output| self.of_output(output)))
            .chain(self.applications.iter().map(|application| self.of_application(application)))
            .chain(std::iter::once(self.of_profile()))
            .map(ended)
            .collect()
    }

    /// What forms ask on a day although the year-profile has it, or figures it: the form and the label. None is to be asked.
    pub fn derivable(&self, day: Date) -> Vec<(String, String)> {
        let held = |field: &RegisterField| {
            let same = |unit: Unit| field.unit.is_none_or(|asked| asked == unit);
            self.elements.iter().any(|element| element.name == field.label && same(element.unit))
        };
        let shown = |form: &FormEntry, field: &RegisterField| {
            let by_hand = self.forms.iter().find(|one| one.id == form.id && one.kind == form.kind);
            let declared = by_hand.and_then(|one| one.fields.iter().find(|one| one.id == field.id));
            declared.is_some_and(|one| !one.taken_from.is_empty())
        };
        let mut found = Vec::new();
        for form in self.register().iter().filter(|form| form.kind != FormKind::Profile && form.asked_on(day))
        {
            let asked = form.fields.iter().filter(|field| field.asked_on(day) && !shown(form, field));
            found.extend(
                asked.filter(|field| held(field)).map(|field| (form.name.clone(), field.label.clone())),
            );
        }
        found
    }

    /// The last day on which a field is asked.
    pub fn sunset_of(&self, field: &Field) -> Date {
        field.sunset.unwrap_or(self.burden.sunset)
    }

    /// Takes out what is past its last day, and answers that are retired: a new form does not ask or offer them any more.
    /// What was said before stays.
    pub fn keep_asked(&self, fields: &mut Vec<Field>, day: Date) {
        fields.retain(|field| day <= self.sunset_of(field));
        for field in fields {
            field.options.retain(|option| option.is_offered_on(day));
        }
    }

    fn declared(&self, fields: &[Field]) -> Vec<RegisterField> {
        fields.iter().map(|field| self.declared_in(field, fields)).collect()
    }

    /// A field among those of its form.
    fn declared_in(&self, field: &Field, fields: &[Field]) -> RegisterField {
        RegisterField {
            id: field.id.clone(),
            label: field.label.clone(),
            unit: field.unit,
            kind: field.kind,
            required: field.required && field.when.is_none(),
            purpose: field.purpose.clone(),
            replaces: field.replaces.clone(),
            sunset: self.sunset_of(field),
            options: field.options.clone(),
            condition: field.condition(fields).unwrap_or_default(),
        }
    }

    /// A field that a generated form asks of itself.
    fn implied(
        &self,
        id: &str,
        label: &str,
        kind: FieldKind,
        required: bool,
        purpose: &str,
    ) -> RegisterField {
        RegisterField {
            id: id.to_owned(),
            label: label.to_owned(),
            unit: None,
            kind,
            required,
            purpose: purpose.to_owned(),
            replaces: String::new(),
            sunset: self.burden.sunset,
            options: Vec::new(),
            condition: String::new(),
        }
    }

    fn amount(&self, label: &str, unit: Unit, purpose: &str) -> RegisterField {
        let field = self.implied("quantity", label, FieldKind::Number, true, purpose);
        RegisterField { unit: Some(unit), ..field }
    }

    fn of_activity(&self, activity: &Activity) -> FormEntry {
        let own = activity.claimed_by.iter().all(|side| *side == Side::CountySchool);
        let mut fields = Vec::new();
        for (part, input) in parts::inputs(activity) {
            match (part, &input.takes) {
                // A county school claims in its own pairing; the others are asked only where something is unlikely.
                (Part::Pairing, _) if own => {}
                (Part::InTerm | Part::Again, _) => {}
                (_, Takes::Field(field)) => fields.push(self.declared_in(field, &activity.fields)),
                (_, takes) => {
                    let (kind, unit) = kind_of(takes);
                    let purpose = purpose_of(part, &input.name, activity.time);
                    let field = self.implied(&input.name, input.question(), kind, input.required, purpose);
                    fields.push(RegisterField { unit, ..field });
                }
            }
        }
        FormEntry {
            kind: FormKind::Activity,
            id: activity.id.clone(),
            name: activity.name.clone(),
            clauses: activity.clauses.clone(),
            filled_by: activity.claimed_by.clone(),
            frequency: activity.frequency,
            minutes: activity.minutes,
            retired: activity.retired,
            fields,
        }
    }

    fn of_output(&self, output: &Output) -> FormEntry {
        let ask = |id: &str, label: &str, kind, required, purpose: &str| {
            self.implied(id, label, kind, required, purpose)
        };
        let mut fields = Vec::new();
        let of_another = |side: &Side| *side != Side::CountySchool && !output.own.contains(side);
        if output.of_school && output.recorded_by.iter().any(of_another) {
            fields.push(ask(
                "school",
                "县级院校",
                FieldKind::Choice,
                true,
                "属于哪所学校；只有一所时自动带出",
            ));
        }
        let named = if output.names_enterprise { FieldKind::Enterprise } else { FieldKind::Text };
        fields.push(ask("title", "名称", named, true, "在列表和公文里怎样叫它"));
        fields.push(ask("since", "日期", FieldKind::Date, true, "从哪一天起算"));
        if !output.quantity_label.is_empty() {
            fields.push(self.amount(&output.quantity_label, output.unit, "计入指标"));
        }
        if output.stages.len() > 1 {
            let options = output.stages.iter().map(option_of).collect();
            let stage = ask("stage", "阶段", FieldKind::Choice, true, "到了哪一步；有变化时才改");
            fields.push(RegisterField { options, ..stage });
        }
        if !output.achieved_label.is_empty() {
            let achieved =
                ask("achieved", &output.achieved_label, FieldKind::Number, false, "承诺落实了多少");
            fields.push(RegisterField { unit: Some(output.unit), ..achieved });
        }
        if output.joint {
            fields.push(ask("helper", "共建院校", FieldKind::Choice, false, "共建只登记一条，各方都记名"));
        }
        if output.joins_projects() {
            let purpose = "项目进度由此算出，不再报送";
            fields.push(ask("project", "属于哪个项目", FieldKind::Choice, false, purpose));
        }
        fields.extend(self.declared(&output.fields));
        if output.kind == OutputKind::Built {
            let purpose = "较早的一项升级、合并、替代成了这一项，前后接得上";
            fields.push(ask("follows", "延续或替代哪一项", FieldKind::Choice, false, purpose));
        }
        FormEntry {
            kind: FormKind::Output,
            id: output.id.clone(),
            name: output.name.clone(),
            clauses: output.clauses.clone(),
            filled_by: output.recorded_by.clone(),
            frequency: output.frequency,
            minutes: output.minutes,
            retired: output.retired,
            fields,
        }
    }

    fn of_application(&self, application: &Application) -> FormEntry {
        let named = self.implied(
            "title",
            "申报的是哪一项",
            FieldKind::Text,
            false,
            "在列表里怎样叫它；不填就用申报的名称",
        );
        let mut fields = vec![named];
        fields.extend(self.declared(&application.fields));
        if !application.conditions.is_empty() {
            let purpose = "条件没有满足仍要申报时，说明理由；条件由系统判断，不另填";
            fields.push(self.implied("reason", "仍要申报的理由", FieldKind::LongText, false, purpose));
        }
        FormEntry {
            kind: FormKind::Application,
            id: application.id.clone(),
            name: application.name.clone(),
            clauses: application.clauses.clone(),
            filled_by: application.applicant.clone(),
            frequency: application.frequency,
            minutes: application.minutes,
            retired: application.retired,
            fields,
        }
    }

    fn of_profile(&self) -> FormEntry {
        let fields = self.elements.iter().filter(|element| element.derived.is_none()).map(|element| {
            let kind = match element.kind {
                ElementKind::Number => FieldKind::Number,
                ElementKind::Date => FieldKind::Date,
            };
            RegisterField {
                id: element.id.clone(),
                label: element.name.clone(),
                unit: (element.kind == ElementKind::Number).then_some(element.unit),
                kind,
                required: element.asked,
                purpose: element.purpose.clone(),
                replaces: element.replaces.clone(),
                sunset: element.sunset.unwrap_or(self.burden.sunset),
                options: Vec::new(),
                condition: String::new(),
            }
        });
        FormEntry {
            kind: FormKind::Profile,
            id: FormKind::Profile.id().to_owned(),
            name: self.profile.name.clone(),
            clauses: self.profile.clauses.clone(),
            filled_by: self.profile.filled_by.clone(),
            frequency: Frequency::Yearly,
            minutes: self.profile.minutes,
            retired: None,
            fields: fields.collect(),
        }
    }
}

/// No field is asked longer than its form.
fn ended(mut form: FormEntry) -> FormEntry {
    if let Some(last) = form.retired.and_then(|day| day.pred_opt()) {
        for field in &mut form.fields {
            field.sunset = field.sunset.min(last);
        }
    }
    form
}

fn kind_of(takes: &Takes) -> (FieldKind, Option<Unit>) {
    match takes {
        Takes::Day => (FieldKind::Date, None),
        Takes::Number(unit) => (FieldKind::Number, Some(*unit)),
        Takes::One => (FieldKind::Choice, None),
        Takes::OnePerson | Takes::People => (FieldKind::Person, None),
        Takes::Yes => (FieldKind::Yes, None),
        Takes::Field(field) => (field.kind, field.unit),
    }
}

fn option_of(stage: &Stage) -> FieldOption {
    FieldOption {
        id: stage.id.clone(),
        name: stage.name.clone(),
        by: Vec::new(),
        retired: None,
        confirmed_by: None,
    }
}

/// What a part of an entry is asked for.
fn purpose_of(part: Part, name: &str, time: Time) -> &'static str {
    match part {
        Part::Pairing => "由它确认；只结对一所时自动带出",
        Part::Helper => "由这所院校确认；只结对一所时自动带出",
        Part::Person => "按当日身份判断是否计入",
        Part::Time if time == Time::Day => "归到哪个月、哪个时期",
        Part::Time if name == "from" => "算天数、判断是否在结对期内",
        Part::Time => "归到哪个月；天数由起止算出",
        Part::Quantity => "计入指标和项目进度，由对方确认",
        Part::Project => "项目进度由此算出，不再报送",
        Part::Roster => "按人算覆盖，一人只计一次",
        Part::Joint => "合办只登记一条，两校都计",
        Part::InTerm | Part::Fields | Part::Again => "",
    }
}
