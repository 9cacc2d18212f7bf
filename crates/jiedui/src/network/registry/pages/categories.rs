//! 专业大类、当地产业: the major categories of a helper, and those that the industries of a county school's county belong
//! to. The office sets them with a day; they let the matching compare majors with industries (G0.1), and nothing else.

use super::super::data::{self, CategoryRow, OrgRow};
use jiedui_kernel::{Code, Date, Error, FieldError, Result};
use jiedui_programme::Programme;
use jiedui_store::{AuditRecord, Found, Tx, args};
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Choice, Field};
use serde::Serialize;
use std::collections::BTreeMap;

/// Of what the categories of an organisation speak. Which it is follows from the flag, so nobody is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CategoryKind {
    Major,
    Industry,
}

impl CategoryKind {
    pub fn of(org: &OrgRow) -> Self {
        if org.county_school { Self::Industry } else { Self::Major }
    }

    fn id(self) -> &'static str {
        match self {
            Self::Major => "major",
            Self::Industry => "industry",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Major => "专业大类",
            Self::Industry => "当地产业",
        }
    }
}

/// The categories of each organisation visible to the caller, on a day: majors of helpers, industries of county schools.
pub async fn categories_on(
    tx: &mut Tx,
    kind: CategoryKind,
    day: Date,
) -> Result<BTreeMap<String, Vec<String>>> {
    let rows = tx.all::<(String, String)>(&data::CATEGORIES_ON, args![kind.id(), day]).await?;
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (org, category) in rows {
        found.entry(org).or_default().push(category);
    }
    Ok(found)
}

/// From `day` on an organisation that the caller found in scope has exactly these; says whether that was new. History
/// stays: nothing can be set for a day before the last change.
pub async fn set_categories(
    tx: &mut Tx,
    org: &Found<OrgRow>,
    kind: CategoryKind,
    chosen: &[String],
    (day, source): (Date, &str),
) -> Result<bool> {
    // Two at once would both find the same state and both add to it.
    tx.change_one(org, &data::LOCK_ORG, Vec::new()).await?;
    let rows = tx.all::<CategoryRow>(&data::CATEGORIES_OF, args![&org.id, kind.id()]).await?;
    if rows.iter().any(|row| row.from_day > day || row.to_day.is_some_and(|end| end >= day)) {
        return Err(Error::field("category_day", Code::Reversed.says("生效日期不能早于上一次设定的日期。")));
    }
    let open = || rows.iter().filter(|row| row.to_day.is_none());
    let before = day.pred_opt().unwrap_or(day);
    let gone: Vec<&CategoryRow> = open().filter(|row| !chosen.contains(&row.category)).collect();
    for row in &gone {
        tx.change_one(org, &data::END_CATEGORY, args![&row.id, before]).await?;
    }
    let new: Vec<&String> = chosen.iter().filter(|one| !open().any(|row| row.category == **one)).collect();
    for category in &new {
        let id = tx.new_id();
        tx.change(org, &data::INSERT_CATEGORY, args![id, kind.id(), *category, source, day]).await?;
    }
    let body = serde_json::json!({ "kind": kind.id(), "categories": chosen, "from": day, "source": source });
    tx.audit(AuditRecord { action: "registry.category", resource: "org", resource_id: &org.id }, &body)
        .await?;
    Ok(!gone.is_empty() || !new.is_empty())
}

/// What the page of a school shows.
#[derive(Serialize)]
pub struct Shown {
    name: &'static str,
    rows: Vec<CategoryRow>,
    note: String,
}

pub async fn shown(ctx: &mut RequestContext, org: &OrgRow) -> Result<Shown> {
    let kind = CategoryKind::of(org);
    let today = ctx.today;
    let rows = ctx.tx.all::<CategoryRow>(&data::CATEGORIES_OF, args![&org.id, kind.id()]).await?;
    let holds = |row: &CategoryRow| row.from_day <= today && row.to_day.is_none_or(|end| end >= today);
    let categories = &ctx.programme().matching.categories;
    Ok(Shown {
        name: kind.name(),
        rows: rows.into_iter().filter(holds).collect(),
        note: if categories.verified { String::new() } else { categories.note.clone() },
    })
}

/// The form on the page where the office keeps a school's facts.
#[derive(Serialize)]
pub struct FormView {
    title: String,
    checks: Field,
    day: Field,
    source: Field,
}

pub async fn form(ctx: &mut RequestContext, org: &OrgRow, errors: &[FieldError]) -> Result<FormView> {
    let kind = CategoryKind::of(org);
    let programme = ctx.programme();
    let pairs = ctx.form.values.clone();
    let typed = errors.iter().any(|error| error.field.starts_with("category"));
    let rows = ctx.tx.all::<CategoryRow>(&data::CATEGORIES_OF, args![&org.id, kind.id()]).await?;
    let open = rows.into_iter().filter(|row| row.to_day.is_none()).map(|row| row.category);
    let selected: Vec<String> = if typed { pairs.all("category") } else { open.collect() };
    let names = programme.matching.categories.names.iter();
    let choices =
        names.map(|name| Choice { selected: selected.contains(name), ..Choice::new(name, name) }).collect();
    let field =
        |name: &str, label: &str| Field::new(name, label).value(pairs.get(name)).error(errors).required();
    let what = match kind {
        CategoryKind::Major => "勾选这所学校现在开设的专业所属的大类。",
        CategoryKind::Industry => "勾选当地主要产业需要的技能所属的大类。",
    };
    Ok(FormView {
        title: format!("设定{}", kind.name()),
        // The choices are marked already: `options` would mark by the one value of the field.
        checks: Field { options: choices, ..field("category", kind.name()).help(&help(&programme, what)) },
        day: field("category_day", "自哪天起"),
        source: field("category_source", "依据").help("文件名或来源，一句话。"),
    })
}

fn help(programme: &Programme, what: &str) -> String {
    let categories = &programme.matching.categories;
    if categories.verified { what.to_owned() } else { format!("{what}{}", categories.note) }
}
