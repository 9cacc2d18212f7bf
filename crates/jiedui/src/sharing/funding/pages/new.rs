//! The form by which a school or its bureau records what was paid, given back, or came: at most five fields, and what can be known
//! is filled in.

use crate::network::registry;
use crate::shared::review::State as _;
use crate::sharing::funding::actions::{self, NewMove};
use crate::sharing::funding::data::MoveKind;
use crate::sharing::funding::rules::account::Offer;
use crate::sharing::funding::rules::{NUMBER, WORDS};
use jiedui_kernel::{FieldError, Result, Unit};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::fields::read_number;
use jiedui_web::figure::Link;
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct NewView {
    school: Link,
    kinds: Vec<KindLink>,
    /// There is no money of which this could be recorded.
    none: bool,
    of: Field,
    day: Field,
    amount: Field,
    words: Field,
    number: Field,
    hidden: BTreeMap<&'static str, String>,
    errors: Vec<FieldError>,
}

/// The same form for another kind.
#[derive(Serialize)]
struct KindLink {
    href: String,
    label: &'static str,
    now: bool,
}

/// What the address or the form asks for: the caller's own school where it names none, a payment where it names no kind.
fn which(ctx: &RequestContext, given: &FormValues) -> (String, MoveKind) {
    let school = match given.get("school") {
        "" => ctx.actor.org.clone(),
        id => id.to_owned(),
    };
    (school, MoveKind::of(given.get("kind")).unwrap_or(MoveKind::Paid))
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    let given = ctx.query.clone();
    page(ctx, &given, Vec::new()).await
}

fn choices(offers: &[Offer]) -> Vec<Choice> {
    offers.iter().map(|offer| Choice::new(offer.account.text(), offer.label.clone())).collect()
}

async fn page(ctx: &mut RequestContext, given: &FormValues, errors: Vec<FieldError>) -> Result<Reply> {
    let (programme, (id, kind)) = (ctx.programme(), which(ctx, given));
    let rules = actions::rules_of(&programme)?;
    let school = registry::find(&mut ctx.tx, &id).await?;
    if school.kind != "school" {
        // A bureau chooses the school first.
        return Ok(Reply::to("/funding?by=school"));
    }
    actions::other_side(&school, &ctx.actor.org)?;
    let offers = actions::offers(&mut ctx.tx, &programme, &school.id, kind).await?;
    let field = |name: &str, label: &str| Field::new(name, label).value(given.get(name)).error(&errors);
    // One alone need not be chosen.
    let only = offers.first().filter(|_| offers.len() == 1).map(|offer| offer.account.text());
    let of = match given.get("of") {
        "" => only.unwrap_or_default(),
        of => of.to_owned(),
    };
    let day = match given.get("day") {
        "" => ctx.today.to_string(),
        day => day.to_owned(),
    };
    let kinds = MoveKind::ALL.iter().map(|one| KindLink {
        href: format!("/funding/new?school={}&kind={}", school.id, one.text()),
        label: one.label(),
        now: *one == kind,
    });
    let view = NewView {
        kinds: kinds.collect(),
        none: offers.is_empty(),
        of: field("of", "哪一笔钱").required().options(choices(&offers)).value(of),
        day: Field { max: ctx.today.to_string(), ..field("day", "日期").required().value(day) },
        amount: Field { unit: Unit::Yuan.label().to_owned(), ..field("amount", "金额").required() },
        words: Field {
            maxlength: u32::try_from(WORDS).ok(),
            width: "long",
            ..field("words", "用途").required()
        },
        number: Field { maxlength: u32::try_from(NUMBER).ok(), ..field("number", "凭证号或文号") },
        hidden: BTreeMap::from([("school", school.id.clone()), ("kind", kind.text().to_owned())]),
        school: super::school_link(&school.id, &school.name),
        errors: errors.clone(),
    };
    let lead = "来源、项目和年度从“哪一笔钱”和日期得出，不另填；登记以后由另一方确认。";
    let page = Page::new(format!("登记{}", kind.label()), lead)
        .clauses(&rules.clauses)
        .back(format!("/funding/schools/{}", school.id), "返回学校的经费")
        .kind("form");
    Ok(Reply::view("sharing/funding/new.html", page, &view)?.refused(!errors.is_empty()))
}

/// What was typed, or what of it cannot be read.
fn read(ctx: &RequestContext, given: &FormValues) -> Result<NewMove, Vec<FieldError>> {
    let (school, kind) = which(ctx, given);
    let mut reader = Reader::default();
    let of = reader.required(given, "of", "哪一笔钱").to_owned();
    let day = reader.date(given, "day", "日期");
    let cents = read_number(&mut reader, "amount", "金额", Unit::Yuan, given.get("amount"), 1);
    let (words, number) = (given.get("words").to_owned(), given.get("number").to_owned());
    match (day, cents) {
        (Some(day), Some(cents)) if reader.errors.is_empty() => {
            Ok(NewMove { school, kind, of, day, cents, words, number })
        }
        _ => Err(reader.errors),
    }
}

pub async fn submit(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, given) = (ctx.programme(), ctx.form.values.clone());
    let new = match read(ctx, &given) {
        Ok(new) => new,
        Err(errors) => return page(ctx, &given, errors).await,
    };
    match actions::record(&mut ctx.tx, &programme, &new).await.or_wrong()? {
        Ok(id) => Ok(Reply::done(format!("/funding/moves/{id}"), Flash::done("已登记，等另一方确认。"))),
        Err(errors) => page(ctx, &given, errors).await,
    }
}
