//! What programs write: work that was done, and what the other side says of it. The acts and their checks are those of the
//! ledger's pages; what comes of it is told as the entry that it became.

use super::fields::{Kind, Part};
use super::sent::{Sent, in_our_names};
use super::{only, rows};
use crate::evidence::ledger::{self, EntryRow};
use crate::network::pairings;
use crate::shared::confirmation::{Action, Change};
use jiedui_kernel::{Code, Error, FieldError, Result, Unit};
use jiedui_programme::Activity;
use jiedui_store::Found;
use jiedui_web::context::RequestContext;
use jiedui_web::reply::Reply;
use serde_json::{Map, Value, json};

const MAYBE_ID: Kind = Kind::Maybe(&Kind::Id);
const MAYBE_TEXT: Kind = Kind::Maybe(&Kind::Text);
const MAYBE_WHOLE: Kind = Kind::Maybe(&Kind::Whole);
const MAYBE_DAY: Kind = Kind::Maybe(&Kind::Day);
const MAYBE_YES: Kind = Kind::Maybe(&Kind::Yes);
const MAYBE_IDS: Kind = Kind::Maybe(&Kind::Ids);
const MAYBE_VALUES: Kind = Kind::Maybe(&Kind::Values);

const FROM: Part =
    Part { name: "from_day", kind: Kind::Day, about: "开始日期，只有一天的事就是那一天" };
const TO: Part =
    Part {
        name: "to_day", kind: MAYBE_DAY, about: "结束日期，这一天也算在内；有起止的事项才写"
    };
const PERSON: Part = Part { name: "person", kind: MAYBE_ID, about: "参加的人，事项要写的才写" };
const QUANTITY: Part = Part {
    name: "quantity",
    kind: MAYBE_WHOLE,
    about: "登记数，按事项的单位；以百分之一计的单位写成整数，与读到的一样",
};
const PROJECT: Part = Part { name: "project", kind: MAYBE_ID, about: "所属项目" };
const ROSTER: Part =
    Part { name: "roster", kind: MAYBE_IDS, about: "参加的县级院校的人，事项有名单的才写" };
const FIELDS: Part =
    Part { name: "fields", kind: MAYBE_VALUES, about: "事项自己的栏目，按方案里栏目的编号" };
const IN_TERM: Part =
    Part { name: "in_term", kind: MAYBE_YES, about: "寒暑假的事项确在学期内进行" };
const AGAIN: Part =
    Part { name: "again", kind: MAYBE_YES, about: "与已有的一条相同，但确实是另一次" };

/// What is said of work, whether it is claimed or corrected.
const WORK: &[Part] = &[FROM, TO, PERSON, QUANTITY, PROJECT, ROSTER, FIELDS];

/// The work with what is said before and behind it, all of them so many.
const fn with_work<const ALL: usize>(before: &[Part], behind: &[Part]) -> [Part; ALL] {
    assert!(before.len() + WORK.len() + behind.len() == ALL);
    let (mut all, mut at) = ([FROM; ALL], 0);
    while at < ALL {
        all[at] = if at < before.len() {
            before[at]
        } else if at < before.len() + WORK.len() {
            WORK[at - before.len()]
        } else {
            behind[at - before.len() - WORK.len()]
        };
        at += 1;
    }
    all
}

/// What is said of work that was done.
pub const CLAIM: &[Part] = &with_work::<13>(
    &[
        Part { name: "activity", kind: Kind::Id, about: "方案里的工作事项" },
        Part { name: "pairing", kind: Kind::Id, about: "结对" },
    ],
    &[
        Part {
            name: "helper", kind: MAYBE_ID, about: "去了哪所协作院校，由县级院校登记的事项才写"
        },
        Part { name: "joint", kind: MAYBE_YES, about: "两所协作院校合办" },
        IN_TERM,
        AGAIN,
    ],
);

/// What a correction says: the whole of it, not only what changed.
pub const CORRECTION: &[Part] = &with_work::<10>(
    &[],
    &[
        IN_TERM,
        AGAIN,
        Part {
            name: "reply", kind: MAYBE_TEXT, about: "对方提过异议的，一句话答复：改了什么，为什么"
        },
    ],
);

const TAKE_BACK: &str = "take_back";
const VERDICT: Kind = Kind::OneOf(|| vec!["confirm", "part", "dispute", TAKE_BACK]);

/// What the other side says.
pub const ANSWER: &[Part] = &[
    Part {
        name: "verdict", kind: VERDICT, about: "确认、部分确认、提出异议，或者撤销原来的答复"
    },
    Part { name: "confirmed", kind: MAYBE_WHOLE, about: "部分确认的数，按数计的事项才写" },
    Part {
        name: "disputed_from", kind: MAYBE_DAY, about: "部分确认时不认可的第一天，按天计的事项才写"
    },
    Part { name: "disputed_to", kind: MAYBE_DAY, about: "部分确认时不认可的最后一天" },
    Part { name: "reason", kind: MAYBE_TEXT, about: "理由，部分确认和提出异议要写" },
];

/// What has nothing to say beside whose it is.
pub const NOTHING: &[Part] = &[];

/// What is sent, as somebody would send it: shown in the description.
pub fn example(of: &[Part]) -> Value {
    let work = json!({ "from_day": "2026-11-02", "to_day": "2026-11-06", "quantity": 12 });
    let mut example = json!({});
    let said = match of.first().map(|part| part.name) {
        Some("activity") => {
            json!({ "activity": "teacher-training", "pairing": "019a2b3c4d5e7f60a1b2c3d4e5f60718" })
        }
        Some("verdict") => return json!({ "verdict": "confirm" }),
        Some(_) => json!({ "reply": "人次按签到表改过了。" }),
        None => return example,
    };
    for part in [said, work] {
        if let (Value::Object(all), Value::Object(part)) = (&mut example, part) {
            all.extend(part);
        }
    }
    example
}

/// The entry as it is now, told as it is read.
async fn told(ctx: &mut RequestContext, id: &str) -> Result<Reply> {
    let (entry, programme) = (ledger::find(&mut ctx.tx, id).await?.into_row(), ctx.programme());
    Ok(Reply::Data(rows::ENTRY.tell(&rows::entry(&programme, entry), &programme)))
}

/// Claims an entry in the name of the holder's organisation.
pub async fn claim(ctx: &mut RequestContext) -> Result<Reply> {
    only(&ctx.query, &[])?;
    let programme = ctx.programme();
    let body = std::mem::take(&mut ctx.form.sent);
    let sent = Sent { of: CLAIM, body: &body };
    let asked = |mut activity: Activity| {
        programme.keep_asked(&mut activity.fields, ctx.today);
        activity
    };
    let named = programme.activity(sent.text("activity")).cloned().map(asked);
    let named = named.as_ref();
    if named.is_none() && body.get("activity").is_some_and(Value::is_string) {
        let words = "方案里没有这个工作事项。";
        return Err(Error::field("activity", Code::NotListed.says(words)));
    }
    ctx.form.values = sent.as_form(named)?;
    let Some(activity) = named else { return Err(Error::NotFound) };
    let pairing = sent.text("pairing");
    let new = ledger::read_form(ctx, activity, pairing).await.map_err(|error| match error {
        Error::NotFound => {
            Error::field("pairing", Code::NotListed.says("没有这组结对，或者它不在本单位的范围内。"))
        }
        error => in_our_names(error, named),
    })?;
    let claimed = ledger::claim(&mut ctx.tx, &programme, activity, &new).await;
    let id = claimed.map_err(|error| in_our_names(error, named))?;
    told(ctx, &id).await
}

/// The entry that is to be changed, and the version of it that the program saw.
async fn asked(ctx: &mut RequestContext) -> Result<(Found<EntryRow>, i64)> {
    only(&ctx.query, &[])?;
    let (id, version) = (ctx.param("id"), ctx.seen_version()?);
    Ok((ledger::find(&mut ctx.tx, &id).await?, version))
}

/// What an answer says beside what its verdict takes: a number beside a whole confirmation would not be read, and its sender would
/// take the answer for a part.
fn only_of_verdict(body: &Map<String, Value>) -> Result<()> {
    let is_said = |name: &str| body.get(name).is_some_and(|value| !value.is_null());
    let beside: &[&'static str] = match body.get("verdict").and_then(Value::as_str) {
        Some("part") if is_said("confirmed") => &["disputed_from", "disputed_to"],
        Some("part") => &[],
        Some(TAKE_BACK) => &["confirmed", "disputed_from", "disputed_to", "reason"],
        _ => &["confirmed", "disputed_from", "disputed_to"],
    };
    let words = "这样答复不读这一栏，没有写入。请去掉它，或者改写 verdict。";
    let strange = beside.iter().copied().filter(|name| is_said(name));
    Error::of(strange.map(|name| FieldError::new(name, Code::NotFitting.says(words))).collect())
}

/// Answers for the side that was asked.
pub async fn answer(ctx: &mut RequestContext) -> Result<Reply> {
    let (entry, version) = asked(ctx).await?;
    let programme = ctx.programme();
    let body = std::mem::take(&mut ctx.form.sent);
    let sent = Sent { of: ANSWER, body: &body };
    if sent.text("verdict") == TAKE_BACK {
        sent.as_form(None)?;
        only_of_verdict(&body)?;
        ledger::take_back(&mut ctx.tx, &programme, &entry, version).await?;
        return told(ctx, &entry.id).await;
    }
    // Whose answer it is comes before what it says.
    ledger::apply(&ctx.tx, &programme, &entry, version, Action::Confirm)?;
    let activity = programme.activity(&entry.activity);
    let values = sent.as_form(activity)?;
    only_of_verdict(&body)?;
    let unit = activity.map_or(Unit::Items, |activity| activity.unit);
    let (verdict, reason) = ledger::read_verdict(&values, unit)?;
    ledger::respond(&mut ctx.tx, &programme, &entry, version, &verdict, &reason).await?;
    told(ctx, &entry.id).await
}

/// Corrects what the holder's organisation claimed.
pub async fn correct(ctx: &mut RequestContext) -> Result<Reply> {
    let (entry, version) = asked(ctx).await?;
    let programme = ctx.programme();
    ledger::apply(&ctx.tx, &programme, &entry, version, Action::Correct(Change::Words))?;
    let activity = programme.activity(&entry.activity);
    let body = std::mem::take(&mut ctx.form.sent);
    let values = Sent { of: CORRECTION, body: &body }.as_form(activity)?;
    // Which pairing it belongs to stays as it is.
    ctx.form.values = values.and("pairing", &entry.pairing);
    let Some(activity) = activity else { return Err(Error::NotFound) };
    let pairing = pairings::find(&mut ctx.tx, &entry.pairing).await?;
    let corrected = ledger::put_right(ctx, (&entry, version), (activity, &pairing)).await;
    corrected.map_err(|error| in_our_names(error, Some(activity)))?;
    told(ctx, &entry.id).await
}

fn nothing_said(ctx: &RequestContext) -> Result<()> {
    Sent { of: NOTHING, body: &ctx.form.sent }.as_form(None).map(drop)
}

/// Takes what the other side confirmed in part for the whole.
pub async fn accept(ctx: &mut RequestContext) -> Result<Reply> {
    let (entry, version) = asked(ctx).await?;
    let programme = ctx.programme();
    ledger::apply(&ctx.tx, &programme, &entry, version, Action::Accept)?;
    nothing_said(ctx)?;
    ledger::accept(&mut ctx.tx, &programme, &entry, version).await?;
    told(ctx, &entry.id).await
}

/// Takes back what the holder's organisation claimed.
pub async fn withdraw(ctx: &mut RequestContext) -> Result<Reply> {
    let (entry, version) = asked(ctx).await?;
    let programme = ctx.programme();
    ledger::apply(&ctx.tx, &programme, &entry, version, Action::Withdraw)?;
    nothing_said(ctx)?;
    ledger::withdraw(&mut ctx.tx, &programme, &entry, version).await?;
    told(ctx, &entry.id).await
}
