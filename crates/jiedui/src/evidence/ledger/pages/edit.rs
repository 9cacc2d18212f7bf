//! Claiming an entry and correcting one: which kinds there are, the form, and what comes of sending it.

use super::super::actions::{self, claim};
use super::super::data::{self, EntryRow};
use super::form::{self as entry_form, FormView};
use crate::network::pairings::{self, PairingRow};
use crate::shared::choices::{Offer, TaskOffers, offers};
use crate::shared::confirmation::{Action, Change};
use crate::shared::retired;
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_programme::{Activity, Confirmer, keep_offered_to};
use jiedui_store::{Found, args};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::drafts::{self, Draft};
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::reply::{Flash, Page, Reply};
use serde::Serialize;

/// A reply to an objection is a line.
const LONGEST_REPLY: usize = 200;

#[derive(Serialize)]
struct ChooseView {
    /// What this organisation recorded most often of late.
    recent: Vec<Offer>,
    tasks: Vec<TaskOffers>,
}

/// Which kinds of entry this organisation can claim.
pub async fn choose(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let pairing = ctx.query.get("pairing").to_owned();
    let pairings = crate::network::pairings::in_scope(&mut ctx.tx).await?;
    let query = if pairing.is_empty() { String::new() } else { format!("?pairing={pairing}") };
    let mut tasks = offers(&programme, programme.tasks.iter(), ctx.today, |activity| {
        let mut fitting = claim::fitting(&pairings, activity, &ctx.actor, ctx.today);
        let offered = fitting.any(|row| pairing.is_empty() || row.id == pairing);
        offered.then(|| format!("/entries/new/{}{query}", activity.id))
    });
    let often = ctx.tx.all::<(String,)>(&data::OFTEN, args![&ctx.actor.org]).await?;
    let href = |(activity,): &(String,)| format!("/entries/new/{activity}{query}");
    let offered = |href: String| tasks.iter().flat_map(|task| &task.activities).find(|one| one.href == href);
    let recent: Vec<Offer> = often.iter().map(href).filter_map(offered).cloned().collect();
    // Each stands in one place.
    for task in &mut tasks {
        task.activities.retain(|one| recent.iter().all(|often| often.href != one.href));
    }
    tasks.retain(|task| !task.activities.is_empty());
    let page = Page::new("登记工作", "登记一次，各级的调度、履职进度和指标都从这里取数，不再另报。")
        .back("/entries", "工作台账")
        .kind("list");
    Reply::view("evidence/ledger/choose.html", page, &ChooseView { recent, tasks })
}

pub async fn new(ctx: &mut RequestContext) -> Result<Reply> {
    let mut activity = entry_form::activity(ctx, &ctx.param("activity"))?;
    keep_mine(ctx, &mut activity);
    let like = ctx.query.get("like").to_owned();
    let fresh = if like.is_empty() {
        ctx.query.clone()
    } else {
        let entry = ctx.tx.find::<EntryRow>(&data::SHOW, args![&like]).await?;
        if entry.activity != activity.id {
            return Err(Error::NotFound);
        }
        entry_form::repeated(&activity, &entry)
    };
    let (draft, given) = drafts::take_up(ctx, &draft_key(&activity), fresh).await?;
    new_page(ctx, &activity, &given, (Vec::new(), draft)).await
}

/// Leaves what is still asked, and of its answers those that are for the caller.
fn keep_mine(ctx: &RequestContext, activity: &mut Activity) {
    ctx.programme().keep_asked(&mut activity.fields, ctx.today);
    let sides = claim::sides(&ctx.actor, activity);
    keep_offered_to(&mut activity.fields, &sides);
}

/// The name under which the draft of a new entry is kept.
fn draft_key(activity: &Activity) -> String {
    format!("entry-{}", activity.id)
}

async fn new_page(
    ctx: &mut RequestContext,
    activity: &Activity,
    given: &FormValues,
    (errors, draft): (Vec<FieldError>, Draft),
) -> Result<Reply> {
    retired::refuse(activity, ctx.today)?;
    let pairings = claim::pairings_for(&mut ctx.tx, activity).await?;
    if pairings.is_empty() {
        return Err(Error::Forbidden(format!("本单位现在没有可以登记“{}”的结对。", activity.name)));
    }
    let mut view = entry_form::build(ctx, activity, &pairings, given, errors).await?;
    view.action = format!("/entries/new/{}", activity.id);
    view.submit = activity.action.clone();
    view.draft = draft;
    page(activity, activity.name.clone(), view, ("/entries/new", "登记工作"))
}

fn page(
    activity: &Activity,
    title: String,
    view: FormView,
    (back, back_label): (&str, &str),
) -> Result<Reply> {
    let page = Page::new(title, activity.about.clone())
        .back(back, back_label)
        .kind("form")
        .clauses(&activity.clauses);
    let status = if view.errors.is_empty() { 200 } else { 422 };
    Ok(Reply::view("evidence/ledger/form.html", page, &view)?.with_status(status))
}

pub async fn create(ctx: &mut RequestContext) -> Result<Reply> {
    let mut activity = entry_form::activity(ctx, &ctx.param("activity"))?;
    keep_mine(ctx, &mut activity);
    let pairings = claim::pairings_for(&mut ctx.tx, &activity).await?;
    let programme = ctx.programme();
    let made = match entry_form::read(&ctx.form.values, &activity, &pairings) {
        Ok(new) => claim::claim(&mut ctx.tx, &programme, &activity, &new).await.map(|id| (id, new)),
        Err(error) => Err(error),
    };
    match made.or_wrong()? {
        Ok((id, new)) => {
            drafts::forget(ctx, &draft_key(&activity)).await?;
            let confirmer = match activity.confirmer(|field| new.fields.get(field)?.as_str()) {
                Confirmer::Helper => "接收的协作院校",
                Confirmer::Receiver if ctx.actor.has_role("county_school") => "主管人社局",
                Confirmer::CountySchool | Confirmer::Receiver => "对口县级院校",
                Confirmer::CountyBureau => "主管人社局",
            };
            let text = format!("已登记“{}”，现计入登记数；等{confirmer}确认后计入确认数。", activity.name);
            let withdraw = format!("/entries/{id}/withdraw?version=1");
            Ok(Reply::done(format!("/entries/{id}"), Flash::done(text).undo(withdraw, "撤回这一条")))
        }
        Err(errors) => {
            let given = ctx.form.values.clone();
            let draft = Draft::none(draft_key(&activity));
            new_page(ctx, &activity, &given, (errors, draft)).await
        }
    }
}

/// Where the form of a new entry stands that another mechanism fills in and receives.
pub struct FormAt<'a> {
    /// The one pairing that it is about.
    pub pairing: &'a str,
    pub action: String,
    /// The version of the other mechanism's thing, as its page showed it.
    pub version: String,
    pub back: String,
    pub back_label: &'static str,
}

/// The ordinary form of a new entry, on the page of another mechanism.
pub async fn form_at(
    ctx: &mut RequestContext,
    activity: &Activity,
    given: &FormValues,
    errors: Vec<FieldError>,
    at: FormAt<'_>,
) -> Result<Reply> {
    let mut activity = activity.clone();
    keep_mine(ctx, &mut activity);
    let pairing = pairings::find(&mut ctx.tx, at.pairing).await?;
    let mut view = entry_form::build(ctx, &activity, &[pairing], given, errors).await?;
    view.action = at.action;
    view.submit = activity.action.clone();
    view.hidden.push(("version".to_owned(), at.version));
    page(&activity, activity.name.clone(), view, (&at.back, at.back_label))
}

/// What such a form says.
pub async fn read_form(
    ctx: &mut RequestContext,
    activity: &Activity,
    pairing: &str,
) -> Result<claim::NewEntry> {
    let mut activity = activity.clone();
    keep_mine(ctx, &mut activity);
    let pairing = pairings::find(&mut ctx.tx, pairing).await?;
    entry_form::read(&ctx.form.values, &activity, std::slice::from_ref(&pairing))
}

/// The entry, where the caller may correct it.
async fn mine(ctx: &mut RequestContext) -> Result<(Found<EntryRow>, Activity, PairingRow)> {
    let entry = ctx.tx.find::<EntryRow>(&data::SHOW, args![ctx.param("id")]).await?;
    let programme = ctx.programme();
    actions::apply(&ctx.tx, &programme, &entry, entry.version, Action::Correct(Change::Words))?;
    let activity = entry_form::activity(ctx, &entry.activity)?;
    let pairing = pairings::find(&mut ctx.tx, &entry.pairing).await?;
    Ok((entry, activity, pairing))
}

pub async fn correct(ctx: &mut RequestContext) -> Result<Reply> {
    let (entry, activity, pairing) = mine(ctx).await?;
    let given = entry_form::values_of(&mut ctx.tx, &activity, &entry).await?;
    correct_page(ctx, &entry, &activity, pairing, &given, Vec::new()).await
}

async fn correct_page(
    ctx: &mut RequestContext,
    entry: &EntryRow,
    activity: &Activity,
    pairing: PairingRow,
    given: &FormValues,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let mut view = entry_form::build(ctx, activity, &[pairing], given, errors).await?;
    view.action = format!("/entries/{}/correct", entry.id);
    if entry.state.is_contested() {
        entry_form::add_reply(&mut view, given);
    }
    view.submit = "提交更正".to_owned();
    // After an error the form keeps the version it was opened with: what a colleague did meanwhile is not overwritten
    // unseen by the next try.
    let version = match given.get("version") {
        "" => entry.version.to_string(),
        opened => opened.to_owned(),
    };
    view.hidden.push(("version".to_owned(), version));
    let title = format!("更正：{}", activity.name);
    page(activity, title, view, (&format!("/entries/{}", entry.id), "返回这一条"))
}

/// What the form says of an entry that is there, put down with every check; says whether the other side is asked again.
pub async fn put_right(
    ctx: &mut RequestContext,
    (entry, version): (&Found<EntryRow>, i64),
    (activity, pairing): (&Activity, &PairingRow),
) -> Result<bool> {
    let mut new = entry_form::read(&ctx.form.values, activity, std::slice::from_ref(pairing))?;
    let helpers = ctx.tx.all::<data::HelperRow>(&data::HELPERS_OF, args![&entry.id]).await?;
    new.helper = new.helper.or_else(|| helpers.first().map(|helper| helper.org.clone()));
    new.joint = helpers.len() > 1;
    let mut read = Reader::default();
    let reply = read.text(&ctx.form.values, "reply", "对异议的答复", LONGEST_REPLY).to_owned();
    read.done()?;
    let programme = ctx.programme();
    actions::correct::correct(&mut ctx.tx, &programme, entry, version, (&new, &reply)).await
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let (entry, activity, pairing) = mine(ctx).await?;
    let version = ctx.form_version()?;
    match put_right(ctx, (&entry, version), (&activity, &pairing)).await.or_wrong()? {
        Ok(again) => {
            let text = if again {
                "已更正。计数的内容变了，要请对方重新确认。"
            } else {
                "已更正。计数的内容没有变，对方的确认仍然有效。"
            };
            Ok(Reply::done(format!("/entries/{}", entry.id), Flash::done(text)))
        }
        Err(errors) => {
            let given = ctx.form.values.clone();
            correct_page(ctx, &entry, &activity, pairing, &given, errors).await
        }
    }
}
