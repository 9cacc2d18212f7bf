//! The agreements of a pairing, one of them, its file, and the answers to it.

use super::data::{self, AgreementRow, FileRow};
use super::{act, rules};
use crate::network::pairings;
use crate::network::registry;
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_store::args;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::history::{self, Consent, TimelineItem};
use jiedui_web::reply::{Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ListView {
    pairing: String,
    rows: Vec<Line>,
    holds: Option<Line>,
    holds_expired: bool,
    /// From the office's table, where no agreement was recorded here.
    imported: Option<String>,
    ended: Option<String>,
    can_record: bool,
}

/// One edition as tables show it.
#[derive(Clone, Serialize)]
struct Line {
    id: String,
    edition: i64,
    kind: &'static str,
    signed_on: String,
    from: String,
    to: Option<String>,
    summary: String,
    recorder: String,
    file: bool,
    state: StateMark,
}

fn line(row: &AgreementRow, state: StateMark) -> Line {
    Line {
        id: row.id.clone(),
        edition: row.edition,
        kind: rules::kind_name(&row.kind),
        signed_on: row.signed_on.to_string(),
        from: row.from_day.to_string(),
        to: row.to_day.map(|day| day.to_string()),
        summary: row.summary.clone(),
        recorder: row.recorder_name.clone(),
        file: !row.file_name.is_empty(),
        state,
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let pairing = pairings::find(&mut ctx.tx, &id).await?;
    let rows = super::of_pairing(&mut ctx.tx, &pairing.id).await?;
    let today = ctx.today;
    let shown = |row: &AgreementRow| line(row, rules::state(row, &rows, today));
    let holds = rules::in_force(&rows, today);
    let signed = rows.iter().any(|row| row.state == "signed");
    let view = ListView {
        rows: rows.iter().map(shown).collect(),
        holds: holds.map(shown),
        holds_expired: holds.is_some_and(|row| rules::expired(row, today)),
        imported: pairing.agreed_on.filter(|_| !signed).map(|day| day.to_string()),
        ended: pairing.to_day.filter(|end| *end < today).map(|day| day.to_string()),
        can_record: ctx.can("agreement", "record")
            && act::may_record(&ctx.actor.org, &pairing, &rows, ctx.today).is_ok(),
        pairing: pairing.id.clone(),
    };
    let title = format!("{}的三方协议", pairing.county_name);
    let page = Page::new(title, "一方登记协议书上的日期，另两方确认后算签订；修订和续签另成一份，旧的保留。")
        .clause("G1.2")
        .back(format!("/pairings/{}", pairing.id), format!("{}的结对", pairing.county_name))
        .kind("list");
    Reply::view("network/agreements/list.html", page, &view)
}

#[derive(Serialize)]
struct ShowView {
    agreement: Line,
    version: i64,
    file_name: String,
    parties: Vec<(&'static str, Link)>,
    pairing: Link,
    consents: Vec<Consent>,
    history: Vec<TimelineItem>,
    may: rules::AllowedActions,
    /// What was said by those who sent it back, for the recorder.
    objections: Vec<(String, String)>,
    /// The day in the office's table, where it is another one.
    other_day: Option<String>,
    former: Option<String>,
    expired: bool,
    errors: Vec<FieldError>,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    show_page(ctx, Vec::new()).await
}

async fn show_page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let id = ctx.param("id");
    let row = super::find(&mut ctx.tx, &id).await?;
    let pairing = pairings::find(&mut ctx.tx, &row.pairing).await?;
    let rows = super::of_pairing(&mut ctx.tx, &row.pairing).await?;
    let history = history::of(&mut ctx.tx, &row.id).await?;
    let programme = ctx.programme();
    let may = rules::may(&ctx.actor.org, &row, &history, &programme, ctx.today);
    let (answers, records) = (ctx.can("agreement", "answer"), ctx.can("agreement", "record"));
    let consents = rules::consents(&row, &history);
    let view = ShowView {
        agreement: line(&row, rules::state(&row, &rows, ctx.today)),
        version: row.version,
        file_name: row.file_name.clone(),
        parties: rules::parties(&row)
            .iter()
            .map(|party| (party.label, registry::link(&party.org, &party.name)))
            .collect(),
        pairing: Link::new(format!("/pairings/{}", row.pairing), format!("{}的结对", row.county_name)),
        objections: consents
            .iter()
            .filter(|one| !one.agreed && !one.reason.is_empty())
            .map(|one| (one.name.clone(), one.reason.clone()))
            .collect(),
        consents: if row.state == "withdrawn" { Vec::new() } else { consents },
        history: history::timeline(&history, &rules::STEPS),
        may: rules::AllowedActions {
            answer: may.answer && answers,
            edit: may.edit && records,
            withdraw: may.withdraw && records,
        },
        other_day: pairing
            .agreed_on
            .filter(|day| row.kind == "first" && row.state != "withdrawn" && *day != row.signed_on)
            .map(|day| day.to_string()),
        former: row
            .pairing_to
            .filter(|end| *end < ctx.today)
            .map(|end| jiedui_programme::former_partner_until(&programme, end).to_string()),
        expired: rules::expired(&row, ctx.today),
        errors: errors.clone(),
    };
    let title = format!("{}的三方协议：{}", row.county_name, rules::kind_name(&row.kind));
    let page = Page::new(title, "协议书上的日期和有效期，谁登记、谁确认，全部办理记录。")
        .clause("G1.2")
        .back(format!("/pairings/{}/agreements", row.pairing), "这组结对的全部协议")
        .kind("detail");
    Ok(Reply::view("network/agreements/show.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn answer(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = super::find(&mut ctx.tx, &id).await?;
    let programme = ctx.programme();
    let history = history::of(&mut ctx.tx, &row.id).await?;
    if !rules::may(&ctx.actor.org, &row, &history, &programme, ctx.today).answer {
        return Err(Error::Forbidden(act::NOT_ASKED.to_owned()));
    }
    let (verdict, reason) = match history::read_answer(&ctx.form.values) {
        Ok(answer) => answer,
        Err(Error::Invalid(errors)) => return show_page(ctx, errors).await,
        Err(other) => return Err(other),
    };
    let version = ctx.form_version()?;
    let signed = act::answer(&mut ctx.tx, &programme, &row, version, verdict, &reason).await?;
    let text = match (verdict, signed) {
        (_, true) => "三方都已确认，协议按协议书上的日期算签订。",
        ("agree", _) => "已确认，还要等另一方确认后才算签订。",
        _ => "已退回并附上您的意见，登记的单位改好后会再请本单位确认。",
    };
    Ok(Reply::done(format!("/agreements/{}", row.id), Flash::done(text)))
}

pub async fn withdraw(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = super::find(&mut ctx.tx, &id).await?;
    let programme = ctx.programme();
    if !rules::may(&ctx.actor.org, &row, &[], &programme, ctx.today).withdraw {
        return Err(Error::Forbidden(act::NOT_YOURS.to_owned()));
    }
    let version = ctx.form_version()?;
    act::withdraw(&mut ctx.tx, &programme, &row, version).await?;
    let to = format!("/pairings/{}/agreements", row.pairing);
    Ok(Reply::done(to, Flash::done("已撤回这份登记，办理记录仍保留；需要时可以重新登记。")))
}

pub async fn file(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = super::find(&mut ctx.tx, &id).await?;
    let file = ctx.tx.one::<FileRow>(&data::FILE, args![&row.id]).await?;
    Ok(Reply::File { name: row.file_name, mime: rules::mime_of(&file.mime), bytes: file.bytes })
}
