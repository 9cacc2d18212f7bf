//! One major at a school: written down, changed, and shown with all its years.

use super::super::NewOffer;
use super::super::data::{self, CatalogueRow, MajorRow, OfferRow, OfferState, YearRow};
use super::super::rules;
use super::school::{Major, major, reader};
use super::seen::Seen;
use super::survey;
use crate::network::registry;
use crate::shared::review::State;
use jiedui_kernel::{Error, FieldError, Reported, Result};
use jiedui_store::{Found, args};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct NewView {
    fields: Fields,
    catalogue: Option<CatalogueRow>,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct Fields {
    major: Field,
    name: Field,
    category: Field,
    state: Field,
    from: Field,
    to: Field,
    differs: Field,
}

/// The newest edition, with its majors.
pub async fn newest(ctx: &mut RequestContext) -> Result<(Option<CatalogueRow>, Vec<MajorRow>)> {
    let newest = ctx.tx.all::<CatalogueRow>(&data::CATALOGUES, Vec::new()).await?.into_iter().next();
    let majors = match &newest {
        Some(edition) => ctx.tx.all::<MajorRow>(&data::MAJORS_OF, args![&edition.id]).await?,
        None => Vec::new(),
    };
    Ok((newest, majors))
}

pub async fn new(ctx: &mut RequestContext) -> Result<Reply> {
    let (org, today) = (ctx.actor.org.clone(), ctx.today);
    if !registry::has_flag(&mut ctx.tx, &org, "county_school", today).await? {
        return Err(Error::Forbidden(super::super::NOT_A_COUNTY_SCHOOL.to_owned()));
    }
    let given = ctx.query.clone();
    new_page(ctx, &given, Vec::new()).await
}

fn fields(ctx: &RequestContext, majors: &[MajorRow], given: &FormValues, errors: &[FieldError]) -> Fields {
    let field = |name: &str, label: &str| Field::new(name, label).value(given.get(name)).error(errors);
    // Majors of one category stand together in the file; another order would open a group twice.
    let mut sorted: Vec<&MajorRow> = majors.iter().collect();
    sorted.sort_by_key(|row| &row.category);
    let choice = |row: &&MajorRow| {
        let label = if row.code.is_empty() { row.name.clone() } else { format!("{} {}", row.code, row.name) };
        Choice { group: row.category.clone(), ..Choice::new(&row.id, label) }
    };
    let listed = std::iter::once(Choice::new("", "不在目录里")).chain(sorted.iter().map(choice)).collect();
    let names = ctx.programme().matching.categories.names.clone();
    let categories = std::iter::once(Choice::new("", "请选择"))
        .chain(names.iter().map(|one| Choice::new(one, one)))
        .collect();
    let states =
        rules::STATES.map(|state| Choice::new(state.text(), rules::state_mark(state).label)).to_vec();
    let long = |field: Field, most: u32| Field { maxlength: Some(most), ..field };
    Fields {
        major: field("major", "目录里的专业").options(listed),
        name: long(field("name", "专业名称").help("不在目录里的才填。"), 40),
        category: field("category", "专业大类").options(categories).help("不在目录里的才选。"),
        state: field("state", "状态").required().options(states),
        from: field("from", "从哪天起").required(),
        to: field("to", "停招日期").help("停招的才填。"),
        differs: Field { width: "long", ..long(field("differs", "没有照建议办的原因"), 300) },
    }
}

async fn new_page(ctx: &mut RequestContext, given: &FormValues, errors: Vec<FieldError>) -> Result<Reply> {
    let (catalogue, majors) = newest(ctx).await?;
    let view = NewView { fields: fields(ctx, &majors, given, &errors), catalogue, errors: errors.clone() };
    let page = Page::new("登记开设的专业", "一个专业登记一次；以后每年只填一次数字，停招再来改。")
        .clause("T5.2")
        .back("/majors", "专业布局")
        .kind("form");
    Ok(Reply::view("evidence/majors/new.html", page, &view)?.refused(!errors.is_empty()))
}

fn read(pairs: &FormValues) -> (NewOffer, Vec<FieldError>) {
    let mut read = Reader::default();
    let from = read.date(pairs, "from", "开始日期");
    let to = read.optional_date(pairs, "to", "停招日期");
    let get = |name: &str| pairs.get(name).to_owned();
    let new = NewOffer {
        major: Some(get("major")).filter(|id| !id.is_empty()),
        name: get("name"),
        category: get("category"),
        state: OfferState::of(pairs.get("state")),
        from,
        to,
        differs: get("differs"),
    };
    (new, read.errors)
}

pub async fn create(ctx: &mut RequestContext) -> Result<Reply> {
    let given = ctx.form.values.clone();
    let (new, errors) = read(&given);
    if !errors.is_empty() {
        return new_page(ctx, &given, errors).await;
    }
    let programme = ctx.programme();
    match super::super::add(&mut ctx.tx, &programme, &new).await.or_wrong()? {
        Ok(id) => {
            let text = "已登记，各级和协作院校都能看到。每年只在年度数字里填一次，平时不用再报。";
            Ok(Reply::done(format!("/majors/offers/{id}"), Flash::done(text)))
        }
        Err(errors) => new_page(ctx, &given, errors).await,
    }
}

#[derive(Serialize)]
struct ShowView {
    major: Major,
    school: Link,
    place: String,
    edition: String,
    years: Vec<YearLine>,
    fields: Fields,
    version: i64,
    may: bool,
    our_reading: bool,
    errors: Vec<FieldError>,
    conflict: bool,
}

#[derive(Serialize)]
struct YearLine {
    year: i64,
    figures: Vec<Figure>,
}

fn year_line(seen: &Seen, row: &YearRow, href: &str) -> YearLine {
    YearLine { year: row.year, figures: seen.figures(Some(row), Reported::NotReported, href) }
}

async fn asked(ctx: &mut RequestContext) -> Result<Found<OfferRow>> {
    let id = ctx.param("id");
    super::super::find(&mut ctx.tx, &id).await
}

fn values_of(row: &OfferRow) -> FormValues {
    FormValues::made([
        ("state", row.state.text().to_owned()),
        ("from", row.from_day.to_string()),
        ("to", row.to_day.map(|day| day.to_string()).unwrap_or_default()),
        ("differs", row.differs.clone()),
    ])
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let row = asked(ctx).await?;
    let given = values_of(&row);
    show_page(ctx, &row, &given, Vec::new(), 200).await
}

async fn show_page(
    ctx: &mut RequestContext,
    row: &OfferRow,
    given: &FormValues,
    errors: Vec<FieldError>,
    status: u16,
) -> Result<Reply> {
    let programme = ctx.programme();
    let rules = programme.majors.as_ref();
    let survey = survey::read(&mut ctx.tx, &row.org).await?;
    let advice = rules.and_then(|rules| survey.advice(rules, row));
    let school = registry::find(&mut ctx.tx, &row.org).await?;
    let reader = (reader(ctx, &school), ctx.actor.org.as_str());
    let seen = Seen::of(&survey, &programme, reader, &school.division);
    let shown = major(&survey, &seen, row, advice);
    let theirs = (status == 409).then(|| values_of(row));
    let noted = |field: Field| match &theirs {
        Some(theirs) => {
            let value = theirs.get(&field.name).to_owned();
            field.theirs(&value)
        }
        None => field,
    };
    let drawn = fields(ctx, &[], given, &errors);
    let view = ShowView {
        school: Link::new(format!("/majors/{}", row.org), &row.school),
        place: row.place.clone(),
        edition: row.edition.clone().unwrap_or_default(),
        years: survey.years(&row.id).iter().map(|year| year_line(&seen, year, &shown.href)).collect(),
        fields: Fields {
            state: noted(drawn.state),
            from: noted(drawn.from),
            to: noted(drawn.to),
            differs: noted(drawn.differs),
            ..drawn
        },
        version: row.version,
        may: ctx.actor.org == row.org && ctx.can("major", "edit"),
        our_reading: rules.is_some_and(|rules| rules.our_reading),
        errors,
        conflict: status == 409,
        major: shown,
    };
    let page = Page::new(row.name.clone(), "一个专业的状态、历年数字和建议。")
        .clause("T5.2")
        .back(format!("/majors/{}", row.org), "这所学校的专业")
        .kind("detail");
    Ok(Reply::view("evidence/majors/offer.html", page, &view)?.with_status(status))
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let row = asked(ctx).await?;
    if ctx.actor.org != row.org {
        return Err(Error::Forbidden(super::super::NOT_YOURS.to_owned()));
    }
    let version = ctx.form_version()?;
    let (given, programme) = (ctx.form.values.clone(), ctx.programme());
    let (new, errors) = read(&given);
    if version != row.version {
        return show_page(ctx, &row, &given, errors, 409).await;
    }
    if !errors.is_empty() {
        return show_page(ctx, &row, &given, errors, 422).await;
    }
    match super::super::change(&mut ctx.tx, &programme, &row, version, &new).await.or_refused()? {
        Ok(()) => {
            let text = "修改已保存，改动前后都记入日志；建议按新的状态重新得出。";
            Ok(Reply::done(format!("/majors/offers/{}", row.id), Flash::done(text)))
        }
        Err(refused) => {
            let row = asked(ctx).await?;
            show_page(ctx, &row, &given, refused.errors, refused.status).await
        }
    }
}
