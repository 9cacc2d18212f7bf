//! The figures of a year, for all majors that were offered in it, in one table: once a year and no more.

use super::super::Year;
use super::super::data::{self, OfferRow, YearRow};
use super::super::rules;
use jiedui_kernel::{FieldError, Result};
use jiedui_store::args;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

const WHAT: [(&str, &str); 4] =
    [("enrolled", "招生"), ("graduates", "毕业"), ("employed", "就业"), ("in_field", "对口就业")];
/// So many years back can still be reported or corrected.
const BACK: i32 = 3;

#[derive(Serialize)]
struct View {
    year: i32,
    years: Vec<Choice>,
    lines: Vec<YearLine>,
    errors: Vec<FieldError>,
    conflict: bool,
}

#[derive(Serialize)]
struct YearLine {
    href: String,
    name: String,
    /// The name of the hidden input with the version that was seen.
    seen: String,
    version: i64,
    inputs: Vec<Field>,
}

/// The year that is asked for, or one of those before it.
fn year_of(ctx: &RequestContext, given: &FormValues) -> i32 {
    let asked = rules::asked_year(ctx.today, &ctx.programme().profile.as_of);
    given.year("year").filter(|year| (asked - BACK..=asked).contains(year)).unwrap_or(asked)
}

async fn known(ctx: &mut RequestContext, year: i32) -> Result<Vec<(OfferRow, Option<YearRow>)>> {
    let org = ctx.actor.org.clone();
    let years = ctx.tx.all::<YearRow>(&data::YEARS, args![&org]).await?;
    let offers = super::super::offers(&mut ctx.tx, &org).await?;
    let row = |offer: &OfferRow| {
        years.iter().find(|row| row.school_major == offer.id && row.year == i64::from(year)).cloned()
    };
    Ok(offers
        .into_iter()
        .filter(|offer| rules::asked_for(offer, year))
        .map(|offer| {
            let row = row(&offer);
            (offer, row)
        })
        .collect())
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    let year = year_of(ctx, &ctx.query);
    page(ctx, year, None, Vec::new(), 200).await
}

fn stored(row: Option<&YearRow>) -> [Option<i64>; 4] {
    row.map_or([None; 4], |row| [row.enrolled, row.graduates, row.employed, row.in_field])
}

fn line(
    offer: &OfferRow,
    row: Option<&YearRow>,
    given: Option<&FormValues>,
    errors: &[FieldError],
    conflict: bool,
) -> YearLine {
    let inputs = WHAT.iter().zip(stored(row)).map(|((what, label), stored)| {
        let name = rules::input(&offer.id, what);
        let stored = stored.map(|value| value.to_string()).unwrap_or_default();
        let value = given.map_or_else(|| stored.clone(), |given| given.get(&name).to_owned());
        let field = Field::new(&name, &format!("{}：{label}", offer.name)).value(value).error(errors);
        let field = Field { unit: "人".to_owned(), width: "short", ..field };
        if conflict { field.theirs(&stored) } else { field }
    });
    YearLine {
        href: format!("/majors/offers/{}", offer.id),
        name: offer.name.clone(),
        seen: rules::input(&offer.id, "seen"),
        version: row.map_or(0, |row| row.version),
        inputs: inputs.collect(),
    }
}

async fn page(
    ctx: &mut RequestContext,
    year: i32,
    given: Option<&FormValues>,
    errors: Vec<FieldError>,
    status: u16,
) -> Result<Reply> {
    let rows = known(ctx, year).await?;
    let asked = rules::asked_year(ctx.today, &ctx.programme().profile.as_of);
    let choice =
        |one: i32| Choice { selected: one == year, ..Choice::new(one.to_string(), format!("{one}年")) };
    let view = View {
        year,
        years: (asked - BACK..=asked).rev().map(choice).collect(),
        lines: rows
            .iter()
            .map(|(offer, row)| line(offer, row.as_ref(), given, &errors, status == 409))
            .collect(),
        errors,
        conflict: status == 409,
    };
    let lead = "一年填一次，只问当年开设过的专业；不知道的留空，显示为未填报，不算零。";
    let page = Page::new("专业年度数字", lead).clause("T5.2").back("/majors", "专业布局").kind("form");
    Ok(Reply::view("evidence/majors/years.html", page, &view)?.with_status(status))
}

/// Reads one major's four inputs.
fn read(offer: &OfferRow, pairs: &FormValues, reader: &mut Reader) -> Year {
    let mut number = |what: &str| {
        let name = rules::input(&offer.id, what);
        let given = !pairs.get(&name).is_empty();
        given.then(|| reader.number(pairs, &name, &offer.name, 0..=rules::MOST)).flatten()
    };
    Year {
        enrolled: number("enrolled"),
        graduates: number("graduates"),
        employed: number("employed"),
        in_field: number("in_field"),
    }
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let pairs = ctx.form.values.clone();
    let year = year_of(ctx, &pairs);
    let rows = known(ctx, year).await?;
    let mut reader = Reader::default();
    let mut changed = Vec::new();
    for (offer, row) in &rows {
        let new = read(offer, &pairs, &mut reader);
        let version = pairs.whole(&rules::input(&offer.id, "seen")).unwrap_or(0);
        reader.errors.extend(rules::check_year(&offer.id, &new));
        let now = [new.enrolled, new.graduates, new.employed, new.in_field];
        if now != stored(row.as_ref()) {
            changed.push((offer, version, new));
        }
    }
    if !reader.errors.is_empty() {
        return page(ctx, year, Some(&pairs), reader.errors, 422).await;
    }
    if changed.is_empty() {
        let text = "和已填的一样，没有要改的。没有变化也不用再报。";
        return Ok(Reply::done(format!("/majors/{}", ctx.actor.org), Flash::done(text)));
    }
    for (offer, version, new) in &changed {
        let offer = super::super::find(&mut ctx.tx, &offer.id).await?;
        let done = super::super::report(&mut ctx.tx, &offer, year, *version, new).await;
        if let Err(refused) = done.or_refused()? {
            return page(ctx, year, Some(&pairs), refused.errors, refused.status).await;
        }
    }
    let text = "已保存。建议按新的数字重新得出；今年不用再填，有错随时来改。";
    Ok(Reply::done(format!("/majors/{}", ctx.actor.org), Flash::done(text)))
}
