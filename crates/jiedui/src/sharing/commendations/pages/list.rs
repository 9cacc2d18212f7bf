//! The rounds, and all nominations that the caller sees; the office begins a year here.

use super::{NominationLine, YearView, line, year};
use crate::shared::review::State as _;
use crate::sharing::commendations::actions;
use crate::sharing::commendations::data::{self, NominationRow, NominationState, RoundRow};
use crate::sharing::commendations::rules::{CLAUSE, takes_nominations, words};
use chrono::Datelike as _;
use jiedui_kernel::{Code, FieldError, Result, Unit};
use jiedui_store::values;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::StateMark;
use jiedui_web::listing::{self, Listing};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct RoundLine {
    href: String,
    year: YearView,
    nominate_until: String,
    notice_until: Option<String>,
    state: StateMark,
    /// Where the caller nominates, while that is possible.
    nominate: Option<String>,
}

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: listing::Listed<NominationLine>,
    /// None where the programme commends nobody.
    about: Option<String>,
    our_reading: bool,
    rounds: Vec<RoundLine>,
    /// The form by which the office begins a year.
    new: Option<Field>,
    errors: Vec<FieldError>,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

fn round(ctx: &RequestContext, row: &RoundRow, may: bool) -> RoundLine {
    let href = format!("/commendations/{}", row.id);
    RoundLine {
        year: year(row.year),
        nominate_until: row.nominate_until.to_string(),
        notice_until: row.notice_until.map(|day| day.to_string()),
        state: row.state.mark(),
        nominate: (may && takes_nominations(row, ctx.today)).then(|| format!("{href}/nominate")),
        href,
    }
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let programme = ctx.programme();
    let rules = programme.commendations.as_ref();
    let rounds = actions::rounds(&mut ctx.tx).await?;
    let mut list = Listing::at("/commendations", Unit::Items, &ctx.query);
    let mut years: Vec<i64> = rounds.iter().map(|row| row.year).collect();
    years.dedup();
    let years = years.into_iter().map(|year| Choice::new(year.to_string(), format!("{year}年度")));
    let year = list.choice("of", "年度", years.collect());
    let classes = rules.iter().flat_map(|rules| &rules.classes);
    let classes = classes.map(|one| Choice::new(one.id.as_str(), one.name.as_str())).collect();
    let class = list.choice("class", "表扬类别", classes);
    let states = NominationState::ALL.iter().map(|one| Choice::new(one.text(), one.label())).collect();
    let state = list.choice("state", "状态", states);
    // By whom, and of rounds that began in which year: what was taken up of the places that somebody was given.
    let nominator = list.id("nominator");
    let opened =
        list.word("opened", |year| year.len() == 4 && year.chars().all(|sign| sign.is_ascii_digit()));
    let call = values!(data::NOMINATIONS { year, class, state, nominator, opened });
    let found = list.fetch::<NominationRow>(&mut ctx.tx, &call).await?;
    let names = &mut ctx.names;
    let found = found.map(|row| line(names, &row, words::class_name(&programme, &row.class)));
    let may = actions::nominate::may(ctx.can("commendation", "nominate"), &ctx.tx, &programme);
    let today = ctx.today;
    let years =
        [today.year(), today.year() - 1].map(|one| Choice::new(one.to_string(), format!("{one}年度")));
    let opens = ctx.can("commendation", "draft") && rules.is_some();
    let view = ListView {
        list: found,
        about: rules.map(|rules| rules.about.clone()),
        our_reading: rules.is_some_and(|rules| rules.our_reading),
        rounds: rounds.iter().map(|row| round(ctx, row, may)).collect(),
        new: opens.then(|| {
            let field = Field::new("year", "表扬哪一年").required().options(Vec::from(years));
            field.value(ctx.form.values.get("year")).error(&errors)
        }),
        errors: errors.clone(),
    };
    let lead = "由别的单位提名，两人评审，公示以后决定；理由是台账里已确认的工作，各类按名称排列。";
    let page = Page::new("通报表扬", lead).clause(CLAUSE).kind("list");
    Ok(Reply::view("sharing/commendations/list.html", page, &view)?.refused(!errors.is_empty()))
}

/// Begins a year.
pub async fn submit(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let Some(year) = ctx.form.values.year("year") else {
        let words = "请选择表扬哪一年。";
        return page(ctx, vec![FieldError::new("year", Code::Missing.says(words))]).await;
    };
    match actions::draft(&mut ctx.tx, &programme, year).await.or_wrong()? {
        Ok(id) => Ok(Reply::done(
            format!("/commendations/{id}"),
            Flash::done("已开始提名，各单位在通报表扬里看得到，到截止日为止可以提名。"),
        )),
        Err(errors) => page(ctx, errors).await,
    }
}
