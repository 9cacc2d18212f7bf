//! Answers of the other side: confirm, confirm in part, dispute; many at once; taking an answer back; settling what
//! nobody answered in time.

use super::data::EntryRow;
use super::rules::{self, Answered, Verdict};
use super::{Step, data};
use jiedui_kernel::{Actor, Error, Period, Result, Unit};
use jiedui_programme::{EntryState, Programme};
use jiedui_store::{Tx, args};
use jiedui_web::context::RequestContext;
use jiedui_web::form::Reader;
use jiedui_web::reply::{Flash, Reply};

const NOT_TO_SETTLE: &str = "这一条还没有到可以由上级核定的时候，或者不在本级范围内。";
const FASTER: &str = "这一条刚被别人处理过，您的答复没有写入。请看过新的状态再决定。";

/// Writes an answer of the caller; `false` where concurrent edit.
async fn put(
    tx: &mut Tx,
    programme: &Programme,
    entry: &EntryRow,
    version: i64,
    answered: Answered,
    step: &Step<'_>,
) -> Result<bool> {
    let hole = answered.disputed;
    let name = format!("{} {}", tx.actor().org_name, tx.actor().name());
    let at = (answered.state != EntryState::Claimed).then_some(tx.now());
    let values = args![
        &entry.id,
        version,
        super::state_text(answered.state),
        answered.confirmed,
        hole.map(|period| period.from),
        hole.map(|period| period.to),
        at,
        if at.is_some() { name } else { String::new() },
    ];
    if tx.write(&data::ANSWER, values).await? == 0 {
        return Ok(false);
    }
    super::record(tx, programme, &entry.id, step).await?;
    Ok(true)
}

/// The answer of the caller, with every check: what the page and the demonstration have in common.
pub async fn respond(
    tx: &mut Tx,
    programme: &Programme,
    entry: &EntryRow,
    version: i64,
    verdict: &Verdict,
    reason: &str,
) -> Result<()> {
    if !rules::may(tx.actor(), entry, programme, tx.today()).answer {
        return Err(refusal(tx.actor(), entry, version));
    }
    decide(tx, programme, entry, version, verdict, (kind_of(verdict), reason)).await
}

/// The decision of a bureau on what its side left unanswered for too long, with every check.
pub async fn settle_for(
    tx: &mut Tx,
    programme: &Programme,
    entry: &EntryRow,
    version: i64,
    verdict: &Verdict,
    reason: &str,
) -> Result<()> {
    if !rules::may(tx.actor(), entry, programme, tx.today()).settle {
        return Err(Error::Forbidden(NOT_TO_SETTLE.to_owned()));
    }
    decide(tx, programme, entry, version, verdict, ("settle", reason)).await
}

async fn decide(
    tx: &mut Tx,
    programme: &Programme,
    entry: &EntryRow,
    version: i64,
    verdict: &Verdict,
    (kind, reason): (&str, &str),
) -> Result<()> {
    let activity = programme.activity(&entry.activity).ok_or(Error::NotFound)?;
    let answered = rules::answered(entry, activity, verdict)?;
    let step = Step { kind, reason, batch: "", change: change_of(answered) };
    if put(tx, programme, entry, version, answered, &step).await? {
        Ok(())
    } else {
        Err(Error::Conflict(FASTER.to_owned()))
    }
}

fn change_of(answered: Answered) -> serde_json::Value {
    serde_json::json!({ "confirmed": answered.confirmed, "disputed_days": answered.disputed })
}

fn kind_of(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Confirm => "confirm",
        Verdict::Except(_) | Verdict::Only(_) => "part",
        Verdict::Dispute => "dispute",
    }
}

/// What the form says, with the reason that anything but a plain confirmation must have.
fn read_verdict(ctx: &RequestContext, unit: Unit) -> Result<(Verdict, String)> {
    let pairs = &ctx.form.values;
    let mut read = Reader::default();
    let reason = read.text(pairs, "reason", "理由", 500).to_owned();
    let verdict = match pairs.get("verdict") {
        "confirm" => Some(Verdict::Confirm),
        "dispute" => Some(Verdict::Dispute),
        "part" if !pairs.get("confirmed").is_empty() => {
            let text = pairs.get("confirmed");
            jiedui_web::fields::read_number(&mut read, "confirmed", "确认的数", unit, text, 0)
                .map(Verdict::Only)
        }
        "part" => {
            let from = read.date(pairs, "disputed_from", "不认可的开始日期");
            let to = read.date(pairs, "disputed_to", "不认可的结束日期");
            let hole = from.zip(to).and_then(|(from, to)| Period::new(from, to));
            if hole.is_none() && from.is_some() && to.is_some() {
                read.fail("disputed_to", "结束日期早于开始日期，两个日期可能写反了。");
            }
            hole.map(Verdict::Except)
        }
        _ => {
            read.fail("verdict", "请选择确认、部分确认或提出异议。");
            None
        }
    };
    if !matches!(verdict, Some(Verdict::Confirm)) && reason.is_empty() {
        read.fail("reason", "请写明理由，一句话即可，让对方知道怎样更正。");
    }
    read.done()?;
    verdict.map(|verdict| (verdict, reason)).ok_or(Error::NotFound)
}

pub async fn answer(ctx: &mut RequestContext) -> Result<Reply> {
    let entry = ctx.tx.one::<EntryRow>(&data::SHOW, args![ctx.param("id")]).await?;
    let programme = ctx.programme();
    let may = rules::may(&ctx.actor, &entry, &programme, ctx.today);
    let version = ctx.form_version()?;
    if ctx.form.values.get("verdict") == "take_back" {
        return take_back(ctx, &entry, version, may.take_back).await;
    }
    if !may.answer {
        return Err(refusal(&ctx.actor, &entry, version));
    }
    let unit = programme.activity(&entry.activity).map_or(Unit::Items, |activity| activity.unit);
    let answered = match read_verdict(ctx, unit) {
        Ok((verdict, reason)) => {
            respond(&mut ctx.tx, &programme, &entry, version, &verdict, &reason).await.map(|()| verdict)
        }
        Err(error) => Err(error),
    };
    let verdict = match answered {
        Ok(verdict) => verdict,
        Err(Error::Invalid(errors)) => return super::pages::show_page(ctx, errors).await,
        Err(other) => return Err(other),
    };
    let text = match verdict {
        Verdict::Confirm => "已确认，计入确认数。",
        Verdict::Except(_) | Verdict::Only(_) => "已部分确认（核减）；其余等对方更正，现在不计数。",
        Verdict::Dispute => "已提出异议，对方会在工作台看到理由；更正前不计入确认数。",
    };
    Ok(Reply::done(format!("/entries/{}", entry.id), Flash::done(text)))
}

/// Not one's to answer, or no longer: told apart, so that the reader knows what to do.
fn refusal(actor: &Actor, entry: &EntryRow, version: i64) -> Error {
    if actor.org == entry.answerer && entry.version != version {
        Error::Conflict(FASTER.to_owned())
    } else if actor.org == entry.answerer && rules::state_of(&entry.state) != EntryState::Claimed {
        Error::Conflict("这一条已经答复过了。如要改变，请先撤销原来的答复。".to_owned())
    } else if actor.org == entry.answerer {
        Error::Forbidden("结对结束已超过九十天，这一条只能查看。".to_owned())
    } else {
        Error::Forbidden("这一条不由本单位确认。".to_owned())
    }
}

async fn take_back(ctx: &mut RequestContext, entry: &EntryRow, version: i64, allowed: bool) -> Result<Reply> {
    if !allowed {
        return Err(refusal(&ctx.actor, entry, version));
    }
    let open = Answered { state: EntryState::Claimed, confirmed: 0, disputed: None };
    let step = Step {
        kind: "take_back",
        reason: "",
        batch: "",
        change: serde_json::json!({ "before": entry.state }),
    };
    if !put(&mut ctx.tx, &ctx.app.programme(), entry, version, open, &step).await? {
        return Err(Error::Conflict(FASTER.to_owned()));
    }
    Ok(Reply::done(format!("/entries/{}", entry.id), Flash::done("已撤销原来的答复，这一条重新等待确认。")))
}

/// Confirms all that were ticked. What somebody else handled in between is left alone and told.
pub async fn confirm_many(ctx: &mut RequestContext) -> Result<Reply> {
    let picked = ctx.form.values.all("id");
    let back = "/entries?waiting=me";
    if picked.is_empty() {
        return Ok(Reply::done(back, Flash::problem("没有勾选任何一条，什么也没有写入。")));
    }
    let programme = ctx.programme();
    let batch = ctx.tx.new_id();
    let (mut done, mut passed) = (0, 0);
    for value in picked.iter().take(200) {
        let Some((id, version)) =
            value.split_once(':').and_then(|(id, v)| Some((id, v.parse::<i64>().ok()?)))
        else {
            passed += 1;
            continue;
        };
        let entry = ctx.tx.one::<EntryRow>(&data::SHOW, args![id]).await?;
        if !rules::may(&ctx.actor, &entry, &programme, ctx.today).answer {
            passed += 1;
            continue;
        }
        let all = Answered { state: EntryState::Confirmed, confirmed: entry.quantity, disputed: None };
        let step = Step { kind: "confirm", reason: "", batch: &batch, change: change_of(all) };
        if put(&mut ctx.tx, &ctx.app.programme(), &entry, version, all, &step).await? {
            done += 1
        } else {
            passed += 1
        }
    }
    let mut text = format!("已确认 {done} 条，计入确认数。");
    if passed > 0 {
        text.push_str(&format!("另有 {passed} 条刚被别人处理过或不由本单位确认，没有改动。"));
    }
    let flash = if done > 0 {
        Flash::done(text).undo(format!("/entries/undo/{batch}"), "撤销这次确认")
    } else {
        Flash::problem(text)
    };
    Ok(Reply::done(back, flash))
}

/// Takes back what one confirmed together, as far as nothing has happened to it since.
pub async fn undo(ctx: &mut RequestContext) -> Result<Reply> {
    let batch = ctx.param("batch");
    let rows = ctx.tx.all::<(String, i64)>(&data::BATCH, args![&batch, ctx.actor.account()]).await?;
    if batch.is_empty() || rows.is_empty() {
        return Err(Error::NotFound);
    }
    let mut done = 0;
    for (id, version) in rows {
        let entry = ctx.tx.one::<EntryRow>(&data::SHOW, args![&id]).await?;
        let open = Answered { state: EntryState::Claimed, confirmed: 0, disputed: None };
        let step = Step {
            kind: "take_back",
            reason: "",
            batch: "",
            change: serde_json::json!({ "before": entry.state }),
        };
        if put(&mut ctx.tx, &ctx.app.programme(), &entry, version, open, &step).await? {
            done += 1;
        }
    }
    Ok(Reply::done("/entries?waiting=me", Flash::done(format!("已撤销 {done} 条的确认，它们重新等待确认。"))))
}

/// A bureau settles what its side left unanswered for too long: with a reason, and with its own name.
pub async fn settle(ctx: &mut RequestContext) -> Result<Reply> {
    let entry = ctx.tx.one::<EntryRow>(&data::SHOW, args![ctx.param("id")]).await?;
    let programme = ctx.programme();
    if !rules::may(&ctx.actor, &entry, &programme, ctx.today).settle {
        return Err(Error::Forbidden(NOT_TO_SETTLE.to_owned()));
    }
    let version = ctx.form_version()?;
    let reason = ctx.form.values.get("reason").to_owned();
    let verdict =
        if ctx.form.values.get("verdict") == "confirm" { Verdict::Confirm } else { Verdict::Dispute };
    if reason.is_empty() || reason.chars().count() > 500 {
        let error = Error::field("reason", "核定要写明理由，一句话，最多五百字。");
        let Error::Invalid(errors) = error else { return Err(error) };
        return super::pages::show_page(ctx, errors).await;
    }
    settle_for(&mut ctx.tx, &programme, &entry, version, &verdict, &reason).await?;
    Ok(Reply::done(format!("/entries/{}", entry.id), Flash::done("已核定，双方都能看到理由。")))
}
