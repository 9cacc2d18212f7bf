//! How the form of a project is laid out: fields with their choices, what others remarked on them, what others saved.

use crate::network::registry;
use crate::planning::needs::{self, NeedRow, NeedState};
use crate::planning::projects::data::{self, ListState, ProjectRow, RemarkRow};
use crate::planning::projects::rules;
use crate::planning::projects::rules::LoadedList;
use crate::shared::choices::clause_choices;
use jiedui_kernel::{FieldError, Result};
use jiedui_programme::Programme;
use jiedui_store::args;
use jiedui_web::context::RequestContext;
use jiedui_web::drafts::Draft;
use jiedui_web::form::FormValues;
use jiedui_web::history::{Saved, saved_last};
use jiedui_web::reply::{Choice, Field, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct FormView {
    action: String,
    version: i64,
    fields: Fields,
    budget: Vec<Field>,
    money_open: bool,
    draft: Draft,
    here: String,
    remarks: Vec<String>,
    saved: Option<Saved>,
    filed: bool,
    errors: Vec<FieldError>,
    submit: &'static str,
}

#[derive(Serialize)]
struct Fields {
    basis: Field,
    clause: Field,
    title: Field,
    outcome: Field,
    quantity: Field,
    unit: Field,
    owner: Field,
    from: Field,
    to: Field,
    lead_does: Field,
    nearby_does: Field,
}

/// What the page shows beside its values.
#[derive(Default)]
pub struct FormExtras {
    pub errors: Vec<FieldError>,
    /// What is saved now, after a concurrent edit.
    pub theirs: Option<(FormValues, Option<Saved>)>,
}

fn basis_choices(needs: &[NeedRow]) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", "请选择")];
    for need in needs.iter().filter(|need| need.state == NeedState::Open) {
        let label = format!("{}. {}", need.rank, need.title);
        let group = "县级院校的需求（按它排的顺序）".to_owned();
        choices.push(Choice { group, ..Choice::new(&need.id, label) });
    }
    let other = "不回应需求的".to_owned();
    choices.push(Choice { group: other.clone(), ..Choice::new("highlight", "特色亮点") });
    choices
        .push(Choice { group: other, ..Choice::new("duty", "组织领导职责（调研、常驻等）") });
    choices
}

/// An organisation, or one of its people: one choice says both.
pub fn owner_value(org: &str, person: Option<&str>) -> String {
    person.map_or_else(|| org.to_owned(), |person| format!("{org}/{person}"))
}

async fn owner_choices(ctx: &mut RequestContext, opened: &LoadedList) -> Result<Vec<Choice>> {
    let list = opened.row.clone().into_row();
    let mut choices = Vec::new();
    for (org, name) in
        [(list.lead, list.lead_name), (list.nearby, list.nearby_name), (list.county_school, list.county_name)]
    {
        choices.push(Choice { group: name.clone(), ..Choice::new(&org, format!("{name}（不定人）")) });
        for person in registry::people_at(&mut ctx.tx, &org, ctx.today, ctx.today).await? {
            let value = owner_value(&org, Some(&person.id));
            if choices.iter().all(|choice: &Choice| choice.value != value) {
                // The lead chooses among the people of the three parties.
                choices.push(Choice { group: name.clone(), ..Choice::new(value, person.name.whole()) });
            }
        }
    }
    Ok(choices)
}

/// Fields as they are drawn: with what was typed, what is wrong, what others say.
struct Pen<'a> {
    given: &'a FormValues,
    beside: &'a FormExtras,
    remarks: Vec<&'a RemarkRow>,
}

impl Pen<'_> {
    fn field(&self, name: &str, label: &str, options: Vec<Choice>) -> Field {
        let mut field =
            Field::new(name, label).options(options).value(self.given.get(name)).error(&self.beside.errors);
        if let Some((theirs, _)) = &self.beside.theirs {
            field = field.theirs(theirs.get(name));
        }
        for remark in self.remarks.iter().filter(|remark| remark.field == name) {
            field.notes.push(("省办的意见：", remark.text.clone()));
        }
        field
    }

    fn wide(&self, name: &str, label: &str, most: u32) -> Field {
        Field { width: "wide", maxlength: Some(most), ..self.field(name, label, Vec::new()) }
    }

    fn short(&self, name: &str, label: &str) -> Field {
        Field { width: "short", ..self.field(name, label, Vec::new()).required() }
    }

    fn fields(&self, programme: &Programme, needs: &[NeedRow], owners: Vec<Choice>) -> Fields {
        let units = programme.project_units().into_iter();
        let units = units.map(|unit| Choice::new(rules::unit_id(unit), unit.label())).collect();
        let mut clauses = vec![Choice::new("", "随需求")];
        clauses.extend(clause_choices(programme));
        let duties = programme.clauses.iter().filter(|clause| programme.is_duty(&clause.id));
        clauses.extend(duties.map(|clause| Choice {
            group: "保障一".to_owned(),
            ..Choice::new(&clause.id, format!("{} {}", clause.id, clause.title))
        }));
        Fields {
            basis: self.field("basis", "回应哪一项需求", basis_choices(needs)).required(),
            clause: self
                .field("clause", "对应任务", clauses)
                .help("选了需求可以不选，按需求的任务；履职的请选保障一的条目。"),
            title: self.wide("title", "项目名称", 60).required(),
            outcome: self
                .wide("outcome", "年底成果", 200)
                .required()
                .help("年底会有什么，一句话，能看得见、数得出。"),
            quantity: self.short("quantity", "数量"),
            unit: Field { width: "short", ..self.field("unit", "单位", units).required() }
                .help("与台账同一单位才计进度。"),
            owner: self.field("owner", "责任单位和责任人", owners).required(),
            from: self.short("from", "开始日期"),
            to: self.short("to", "结束日期"),
            lead_does: self.wide("lead_does", "牵头院校做什么", 200),
            nearby_does: self.wide("nearby_does", "配合院校做什么", 200),
        }
    }

    fn budget(&self, programme: &Programme) -> Vec<Field> {
        let one = |source: &jiedui_programme::BudgetSource| {
            let name = format!("budget-{}", source.id);
            Field { unit: "万元".to_owned(), width: "short", ..self.field(&name, &source.name, Vec::new()) }
        };
        programme.projects.sources.iter().map(one).collect()
    }
}

pub async fn page(
    ctx: &mut RequestContext,
    opened: &LoadedList,
    project: Option<&ProjectRow>,
    given: &FormValues,
    draft: Draft,
    mut beside: FormExtras,
) -> Result<Reply> {
    let status = match &beside {
        FormExtras { theirs: Some(_), .. } => 409,
        FormExtras { errors, .. } if !errors.is_empty() => 422,
        _ => 200,
    };
    if let Some(row) = project.filter(|row| draft.is_older_than(row.version)) {
        beside.theirs = Some(saved(ctx, row).await?);
    }
    let programme = ctx.programme();
    let needs = needs::of_school(&mut ctx.tx, &opened.row.county_school).await?;
    let owners = owner_choices(ctx, opened).await?;
    let remarks = match opened.row.state {
        ListState::Returned => {
            let values = args![&opened.row.id, opened.row.revision];
            ctx.tx.all::<RemarkRow>(&data::REMARKS, values).await?
        }
        _ => Vec::new(),
    };
    let about =
        |remark: &&RemarkRow| project.is_some_and(|row| remark.project.as_deref() == Some(row.id.as_str()));
    let pen = Pen { given, beside: &beside, remarks: remarks.iter().filter(about).collect() };
    let budget = pen.budget(&programme);
    let target = match project {
        Some(row) => format!("/projects/{}/edit", row.id),
        None => format!("/lists/{}/add", opened.row.id),
    };
    let said = |field: &Field| !field.value.is_empty() || !field.error.is_empty() || !field.notes.is_empty();
    let view = FormView {
        version: project.map_or(0, |row| row.version),
        fields: pen.fields(&programme, &needs, owners),
        money_open: budget.iter().any(said),
        budget,
        remarks: pen.remarks.iter().filter(|one| one.field.is_empty()).map(|one| one.text.clone()).collect(),
        here: target.clone(),
        action: target,
        draft,
        saved: beside.theirs.as_ref().and_then(|(_, saved)| saved.clone()),
        filed: project.is_some_and(|row| row.filed),
        submit: if project.is_some() { "保存" } else { "加入清单" },
        errors: beside.errors.clone(),
    };
    let title = if project.is_some() { "修改项目" } else { "增加项目" };
    let page = Page::new(title, "写清回应什么、办成什么、谁负责、什么时候。进度以后由台账算出。")
        .clause("S4.1")
        .back(format!("/lists/{}", opened.row.id), "所在清单")
        .kind("form");
    Ok(Reply::view("planning/projects/form.html", page, &view)?.with_status(status))
}

/// The values of a project as its form would have sent them.
fn values_of(fields: &rules::Fields) -> FormValues {
    let basis = match fields.basis.as_str() {
        "need" => fields.need.clone().unwrap_or_default(),
        other => other.to_owned(),
    };
    let mut pairs = vec![
        ("basis".to_owned(), basis),
        ("clause".to_owned(), fields.clause.clone()),
        ("title".to_owned(), fields.title.clone()),
        ("outcome".to_owned(), fields.outcome.clone()),
        ("quantity".to_owned(), fields.quantity.to_string()),
        ("unit".to_owned(), rules::unit_id(fields.unit)),
        ("owner".to_owned(), owner_value(&fields.owner_org, fields.owner.as_deref())),
        ("from".to_owned(), fields.from.to_string()),
        ("to".to_owned(), fields.to.to_string()),
        ("lead_does".to_owned(), fields.lead_does.clone()),
        ("nearby_does".to_owned(), fields.nearby_does.clone()),
    ];
    for (source, cents) in fields.budget.iter().filter(|(_, cents)| **cents > 0) {
        pairs.push((format!("budget-{source}"), rules::ten_thousands(*cents)));
    }
    FormValues::made(pairs.iter().map(|(name, value)| (name.as_str(), value.clone())))
}

/// What is saved of a project, a change that is not filed yet included.
pub fn saved_values(row: &ProjectRow) -> FormValues {
    values_of(&row.wanted().unwrap_or_else(|| row.fields()))
}

/// The same with who saved it last: shown where concurrent edit.
pub async fn saved(ctx: &mut RequestContext, row: &ProjectRow) -> Result<(FormValues, Option<Saved>)> {
    Ok((saved_values(row), saved_last(&mut ctx.tx, &row.id).await?))
}
