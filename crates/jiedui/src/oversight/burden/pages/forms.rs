//! The register: every form, and of each what it asks, why, of whom, and what it makes needless.

use super::minutes;
use jiedui_kernel::{Date, Error, Reported, Result, Unit};
use jiedui_programme::{FieldKind, FormEntry, FormKind, Programme, RegisterField, Side};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Figure;
use jiedui_web::listing::{Around, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;

const KINDS: [FormKind; 10] = [
    FormKind::Need,
    FormKind::Capacity,
    FormKind::Agreement,
    FormKind::Plan,
    FormKind::Project,
    FormKind::Activity,
    FormKind::Output,
    FormKind::Application,
    FormKind::Profile,
    FormKind::Other,
];

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    around: Around,
    rows: Vec<FormLine>,
    total: Figure,
}

#[derive(Serialize)]
struct FormLine {
    href: String,
    name: String,
    kind: &'static str,
    clauses: Vec<Chip>,
    by: String,
    often: &'static str,
    minutes: Figure,
    fields: Figure,
    replaces: Vec<String>,
    until: Option<Date>,
}

#[derive(Serialize)]
struct Chip {
    id: String,
    title: String,
}

fn chips(programme: &Programme, ids: &[String]) -> Vec<Chip> {
    let title = |id: &String| {
        let clause = programme.clauses.iter().find(|clause| clause.id == *id);
        clause.map_or_else(String::new, |clause| clause.title.clone())
    };
    ids.iter().map(|id| Chip { id: id.clone(), title: title(id) }).collect()
}

fn by(form: &FormEntry) -> String {
    form.filled_by.iter().map(|side| side.label()).collect::<Vec<_>>().join("、")
}

/// The tables and reports that a form makes needless, each once.
fn replaces(form: &FormEntry) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for field in form.fields.iter().filter(|field| !field.replaces.is_empty()) {
        if !all.contains(&field.replaces) {
            all.push(field.replaces.clone());
        }
    }
    all
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, today) = (ctx.programme(), ctx.today);
    let mut list = Listing::at("/forms", Unit::Items, &ctx.query);
    let q = list.text("q", "表单或栏目");
    let kinds = KINDS.map(|kind| Choice::new(kind.id(), kind.label())).to_vec();
    let kind = list.choice("kind", "类别", kinds);
    let sides = Side::ALL.map(|side| Choice::new(side.role(), side.label())).to_vec();
    let side = list.choice("by", "谁填", sides);
    let until = list.linked_day("until");
    let fits = |form: &FormEntry| {
        form.asked_on(today)
            && (form.name.contains(&q) || form.fields.iter().any(|field| field.label.contains(&q)))
            && (kind.is_empty() || form.kind.id() == kind)
            && (side.is_empty() || form.filled_by.iter().any(|one| one.role() == side))
            && until.is_none_or(|until| form.fields.iter().any(|field| field.sunset == until))
    };
    let line = |form: FormEntry| {
        let href = format!("/forms/{}/{}", form.kind.id(), form.id);
        let asked = form.fields.iter().filter(|field| field.asked_on(today)).count() as i64;
        FormLine {
            name: form.name.clone(),
            kind: form.kind.label(),
            clauses: chips(&programme, &form.clauses),
            by: by(&form),
            often: form.frequency.label(),
            minutes: minutes(i64::from(form.minutes), &href, "填一次"),
            fields: Figure::of(Reported::Value(asked), Unit::Items, &href, "栏目"),
            replaces: replaces(&form),
            until: form.fields.iter().map(|field| field.sunset).max(),
            href,
        }
    };
    let rows: Vec<FormLine> = programme.register().into_iter().filter(fits).map(line).collect();
    let view = ListView {
        around: list.around(),
        total: Figure::of(Reported::Value(rows.len() as i64), Unit::Items, "/forms", "符合条件的表单"),
        rows,
    };
    let lead = "这里没有登记的表，任何一级都不能要求填。每一栏写明为什么要填、替代什么、填到哪天。";
    Reply::view("oversight/burden/forms.html", Page::new("报表目录", lead).kind("list"), &view)
}

/// The form that the address names.
pub fn asked(ctx: &RequestContext) -> Result<FormEntry> {
    let (kind, id) = (ctx.param("kind"), ctx.param("id"));
    let mut all = ctx.programme().register().into_iter();
    all.find(|form| form.kind.id() == kind && form.id == id).ok_or(Error::NotFound)
}

#[derive(Serialize)]
struct ShowView {
    href: String,
    kind: &'static str,
    by: String,
    often: &'static str,
    minutes: Figure,
    fields: Vec<FieldLine>,
    replaces: Vec<String>,
}

#[derive(Serialize)]
struct FieldLine {
    label: String,
    kind: &'static str,
    unit: &'static str,
    required: bool,
    purpose: String,
    replaces: String,
    options: Vec<String>,
    /// When it is asked; "" where always.
    condition: String,
    sunset: Date,
    asked: bool,
}

fn kind_word(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "一行文字",
        FieldKind::LongText => "一段文字",
        FieldKind::Number => "数字",
        FieldKind::Date => "日期",
        FieldKind::Choice => "选择",
        FieldKind::Yes => "是否",
        FieldKind::Person => "人员",
        FieldKind::Enterprise => "企业名称",
        FieldKind::Chain => "生态链名称",
    }
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let (form, today) = (asked(ctx)?, ctx.today);
    let href = format!("/forms/{}/{}", form.kind.id(), form.id);
    let field = |field: &RegisterField| FieldLine {
        label: field.label.clone(),
        kind: kind_word(field.kind),
        unit: field.unit.map_or("", Unit::label),
        required: field.required,
        purpose: field.purpose.clone(),
        replaces: field.replaces.clone(),
        options: field.options.iter().map(|option| option.name.clone()).collect(),
        condition: field.condition.clone(),
        sunset: field.sunset,
        asked: field.asked_on(today),
    };
    let view = ShowView {
        kind: form.kind.label(),
        by: by(&form),
        often: form.frequency.label(),
        minutes: minutes(i64::from(form.minutes), &href, "填一次"),
        fields: form.fields.iter().map(field).collect(),
        replaces: replaces(&form),
        href,
    };
    let page = Page::new(form.name.clone(), "一张表：问什么，为什么问，问谁，多久一次，要几分钟。")
        .back("/forms", "报表目录")
        .kind("detail")
        .clauses(&form.clauses);
    Reply::view("oversight/burden/form.html", page, &view)
}
