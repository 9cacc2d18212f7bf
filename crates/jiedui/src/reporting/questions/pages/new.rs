//! Asking: figures, period and division are chosen, the answer stands under them at once. Nothing is written before it is
//! kept, and what others asked before stands beside it.

use super::{AnswerView, LackLine, lack_line, live};
use crate::evidence::profiles::rules::first_year;
use crate::reporting::questions::actions::{self, answer, answer::Host};
use crate::reporting::questions::data::{AnswerRow, QuestionRow, Split};
use crate::reporting::questions::rules::{self, Asked};
use crate::shared::review::State as _;
use crate::standing::indicators::chinese_month;
use chrono::Datelike as _;
use jiedui_kernel::{FieldError, Result};
use jiedui_programme::Programme;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Figure;
use jiedui_web::form::FormValues;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct NewView {
    /// Chosen so far; each may be taken off.
    chosen: Field,
    add: Field,
    year: Field,
    from: Field,
    to: Field,
    split: Field,
    as_of: Field,
    answered: Option<AnsweredView>,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct AnsweredView {
    period: String,
    answer: AnswerView,
    needs: bool,
    missing: Vec<LackLine>,
    earlier: Vec<EarlierLine>,
    title: Field,
    /// What the form that keeps it carries on.
    hidden: BTreeMap<&'static str, String>,
}

/// What somebody asked before, and what the answer was.
#[derive(Serialize)]
struct EarlierLine {
    href: String,
    title: String,
    host: String,
    period: String,
    as_of: Option<String>,
    /// Names and confirmed figures of the whole.
    totals: Vec<(String, Figure)>,
}

pub async fn new(ctx: &mut RequestContext) -> Result<Reply> {
    let given = ctx.query.clone();
    page(ctx, &given, Vec::new()).await
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, given) = (ctx.programme(), ctx.form.values.clone());
    let (asked, wrong) = rules::read(&programme, &given, ctx.today);
    if !wrong.is_empty() {
        return page(ctx, &given, Vec::new()).await;
    }
    match actions::save(&mut ctx.tx, &programme, &asked).await.or_wrong()? {
        Ok(id) => {
            let text = "已存下，连同现在的答案；以后在列表里按名称就能找到。";
            Ok(Reply::done(format!("/questions/{id}"), Flash::done(text)))
        }
        Err(errors) => page(ctx, &given, errors).await,
    }
}

/// `refused`: what else was wrong when it was to be kept.
async fn page(ctx: &mut RequestContext, given: &FormValues, refused: Vec<FieldError>) -> Result<Reply> {
    let (programme, today) = (ctx.programme(), ctx.today);
    let host = Host::own(&mut ctx.tx).await?;
    let begun = given.given().next().is_some();
    let (asked, mut errors) = rules::read(&programme, given, today);
    if begun {
        errors.extend(rules::check(&programme, &asked, &host.kind, today));
    }
    let answered =
        if begun && errors.is_empty() { Some(answered(ctx, &asked, &host, &refused).await?) } else { None };
    for error in refused {
        if errors.iter().all(|known| known.field != error.field) {
            errors.push(error);
        }
    }
    let failed = !errors.is_empty();
    let view = form(&programme, (given, &asked), &host.kind, (today, answered), errors);
    let lead = "选好要哪些数，答案马上列出，不用问任何人；存下以后能再找到。";
    let page = Page::new("要数", lead).clause("S1.3").back("/questions", "临时要数").kind("form");
    Ok(Reply::view("reporting/questions/new.html", page, &view)?.refused(failed))
}

fn form(
    programme: &Programme,
    (given, asked): (&FormValues, &Asked),
    host_kind: &str,
    (today, answered): (jiedui_kernel::Date, Option<AnsweredView>),
    errors: Vec<FieldError>,
) -> NewView {
    let mut chosen = Field::new("figure", "已选的数");
    for of in asked.indicators(programme) {
        chosen.options.push(Choice { selected: true, ..Choice::new(&of.id, &of.name) });
    }
    let rest = programme.indicators.iter().filter(|of| !asked.figures.contains(&of.id));
    // What was not understood stands there to be mended.
    let typed = errors.iter().any(|error| error.field == "add").then(|| given.get("add").to_owned());
    let add = Field { width: "long", ..Field::new("add", "再加一个数") }
        .help("输入名称里的几个字，从列出的里面选；只有方案里有的数可以要。")
        .value(typed.unwrap_or_default())
        .options(rest.map(|of| Choice::new(&of.name, &of.name)).collect())
        .error(&errors);
    let years = (first_year(programme)..=today.year()).rev();
    let years = years.map(|year| Choice::new(year.to_string(), format!("{year}年"))).collect();
    let months = || {
        let names = (1..=12).map(|at: i64| Choice::new(at.to_string(), chinese_month(at)));
        std::iter::once(Choice::new("", "全年")).chain(names).collect()
    };
    let splits =
        Split::offered(host_kind).iter().map(|split| Choice::new(split.text(), split.label())).collect();
    let short = |name: &str, label: &str| Field { width: "short", ..Field::new(name, label).error(&errors) };
    NewView {
        chosen,
        add,
        year: short("year", "年度").options(years).value(asked.year.to_string()),
        from: short("from", "从几月").options(months()).value(given.get("from")),
        to: short("to", "到几月").options(months()).value(given.get("to")),
        split: short("split", "怎样分列").options(splits).value(asked.split.text()),
        as_of: Field { max: today.to_string(), ..short("asof", "截止哪天") }
            .help("不填就是打开时的当天；填以前的一天，答那天报的数。")
            .value(given.get("asof")),
        answered,
        errors,
    }
}

async fn answered(
    ctx: &mut RequestContext,
    asked: &Asked,
    host: &Host,
    refused: &[FieldError],
) -> Result<AnsweredView> {
    let programme = ctx.programme();
    let made = answer::make(&mut ctx.tx, &programme, asked, host).await?;
    let earlier = actions::earlier(&mut ctx.tx, &asked.figures).await?;
    let earlier = earlier.iter().map(|(row, last)| earlier_line(asked, row, last.as_ref()));
    let month = |month: i64| if month == 0 { String::new() } else { (month % 100).to_string() };
    Ok(AnsweredView {
        period: asked.period(),
        answer: live(&made),
        needs: made.needs_profiles,
        missing: made.lacks.iter().map(lack_line).collect(),
        earlier: earlier.collect::<Result<_>>()?,
        title: Field {
            maxlength: Some(rules::TITLE),
            width: "long",
            ..Field::new("title", "谁要、作什么用")
        }
        .required()
        .value(&asked.title)
        .error(refused),
        hidden: BTreeMap::from([
            ("figures", asked.figures.join(",")),
            ("year", asked.year.to_string()),
            ("from", month(asked.months.0)),
            ("to", month(asked.months.1)),
            ("split", asked.split.text().to_owned()),
            ("asof", asked.as_of.map(|day| day.to_string()).unwrap_or_default()),
        ]),
    })
}

fn earlier_line(asked: &Asked, row: &QuestionRow, last: Option<&AnswerRow>) -> Result<EarlierLine> {
    let href = format!("/questions/{}", row.id);
    let kept = last.map(actions::text_of).transpose()?;
    let totals = kept.iter().flat_map(|answer| {
        let cells = answer.units.last().map(|unit| unit.cells.as_slice()).unwrap_or_default();
        let wanted = answer.figures.iter().zip(cells);
        let wanted = wanted.filter(|(figure, _)| asked.figures.contains(&figure.indicator));
        wanted.map(|(figure, cell)| {
            (
                figure.name.clone(),
                cell.confirmed.figure(figure.unit, &href, format!("{}（确认）", figure.name)),
            )
        })
    });
    Ok(EarlierLine {
        title: row.title.clone(),
        host: row.host_name.clone(),
        period: Asked::of(row).period(),
        as_of: last.map(|answer| answer.as_of.to_string()),
        totals: totals.collect(),
        href,
    })
}
