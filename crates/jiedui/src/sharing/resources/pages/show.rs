//! One item: its editions and licence, a look into it, who used it where, and its way to a model.

use super::receive;
use crate::evidence::outputs;
use crate::network::registry;
use crate::shared::choices::task_name;
use crate::shared::handed_in::{self, Sent};
use crate::shared::review::{Action, Loaded, ReviewView};
use crate::sharing::resources::actions;
use crate::sharing::resources::data::{EditionRow, ItemRow, ItemState, UseRow};
use crate::sharing::resources::rules::{self, LINE, REASON, STEPS};
use jiedui_files::FileKind;
use jiedui_kernel::{Code, FieldError, Result};
use jiedui_programme::Programme;
use jiedui_store::Found;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use jiedui_web::work::Prepared;
use serde::Serialize;

#[derive(Serialize)]
struct EditionView {
    href: String,
    name: String,
    kind: &'static str,
    size: String,
    note: String,
    added_on: String,
    newest: bool,
}

/// What the page shows of the newest edition.
#[derive(Serialize)]
struct Preview {
    href: String,
    picture: bool,
}

#[derive(Serialize)]
struct UseView {
    school: String,
    subject: String,
    semester: String,
    stated_on: String,
    /// Where the caller's school takes it back.
    take_back: Option<String>,
    version: i64,
}

#[derive(Serialize)]
struct UseForm {
    subject: Field,
    semester: Field,
}

#[derive(Serialize)]
struct Decision {
    verdict: Field,
    words: Field,
}

#[derive(Serialize)]
struct ShowView {
    href: String,
    state: StateMark,
    kind: String,
    owner: String,
    /// None where the owner is not visible to the caller.
    owner_href: Option<String>,
    about: String,
    major: String,
    task: String,
    licence: String,
    licence_about: String,
    holder: String,
    shared_on: String,
    /// The output as which it was nominated, where the caller sees it.
    output: Option<Link>,
    editions: Vec<EditionView>,
    preview: Option<Preview>,
    uses: Vec<UseView>,
    use_form: Option<UseForm>,
    /// The form by which a case is nominated; without choices the page says where to record one first.
    nominate: Option<Field>,
    record_first: Option<String>,
    decision: Option<Decision>,
    file: Field,
    note: Field,
    types: Vec<String>,
    reason: Field,
    #[serde(flatten)]
    review: ReviewView,
    errors: Vec<FieldError>,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn opened(ctx: &mut RequestContext) -> Result<Loaded<Found<ItemRow>>> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    actions::open(&mut ctx.tx, &programme, &id).await
}

fn edition(row: &ItemRow, one: &EditionRow) -> EditionView {
    EditionView {
        href: format!("/resources/{}/files/{}", row.id, one.edition),
        kind: FileKind::of_mime(&one.mime).map_or("", FileKind::label),
        size: handed_in::size(usize::try_from(one.size).unwrap_or(0)),
        name: one.name.clone(),
        note: one.note.clone(),
        added_on: one.added_on.to_string(),
        newest: one.edition == row.edition,
    }
}

fn preview(row: &ItemRow, editions: &[EditionRow]) -> Option<Preview> {
    let newest = editions.first()?;
    let kind = FileKind::of_mime(&newest.mime).filter(|kind| kind.is_shown())?;
    let href = format!("/resources/{}/views/{}", row.id, newest.edition);
    Some(Preview { href, picture: kind.is_picture() })
}

fn use_view(ctx: &RequestContext, programme: &Programme, row: &UseRow) -> UseView {
    let semester = programme.calendar.semesters.iter().find(|one| one.id == row.semester);
    let own = row.school == ctx.actor.org && ctx.can("library", "use");
    UseView {
        school: row.school_name.clone(),
        subject: row.subject.clone(),
        semester: semester.map_or_else(|| row.semester.clone(), |one| one.name.clone()),
        stated_on: row.stated_on.to_string(),
        take_back: own.then(|| format!("/resource-uses/{}/take-back", row.id)),
        version: row.version,
    }
}

fn use_form(
    ctx: &RequestContext,
    programme: &Programme,
    row: &ItemRow,
    errors: &[FieldError],
) -> Option<UseForm> {
    let may = ctx.can("library", "use") && row.owner != ctx.actor.org && row.state != ItemState::Withdrawn;
    let given = &ctx.form.values;
    let field =
        |name: &str, label: &str| Field::new(name, label).required().value(given.get(name)).error(errors);
    let semesters = rules::semesters(programme, ctx.today).into_iter();
    let choices = semesters.map(|one| Choice::new(&one.id, &one.name)).collect();
    may.then(|| UseForm {
        subject: Field { maxlength: Some(LINE), ..field("subject", "用在哪门课、哪个班") },
        semester: field("semester", "哪个学期").options(choices),
    })
}

/// How a case goes on to be a model: the choices of its school, or where it is recorded first.
async fn nomination(
    ctx: &mut RequestContext,
    opened: &Loaded<Found<ItemRow>>,
    errors: &[FieldError],
) -> Result<(Option<Field>, Option<String>)> {
    let (programme, row) = (ctx.programme(), &opened.row);
    let kind = programme.resources.as_ref().and_then(|rules| rules.kind(&row.kind));
    let Some(model) = kind.and_then(|kind| kind.model.clone()) else { return Ok((None, None)) };
    if !opened.offered(ctx).can(Action::Submit) {
        return Ok((None, None));
    }
    let known = actions::nominable(&mut ctx.tx, &programme, row).await?;
    if known.is_empty() {
        return Ok((None, Some(format!("/outputs/new/{model}"))));
    }
    let choices = known.into_iter().map(|(id, title)| Choice::new(id, title)).collect();
    let field = Field::new("output", "建设成果里的哪一项").required().error(errors).options(choices);
    Ok((Some(field), None))
}

fn decision(
    ctx: &RequestContext,
    opened: &Loaded<Found<ItemRow>>,
    errors: &[FieldError],
) -> Option<Decision> {
    let given = &ctx.form.values;
    let verdicts = vec![Choice::new("accept", "评为典型案例"), Choice::new("send_back", "退回")];
    let verdict = Field::new("verdict", "评审结果").required().options(verdicts).value(given.get("verdict"));
    let words = Field::new("words", "评审意见").value(given.get("words")).error(errors);
    opened.offered(ctx).can(Action::Accept).then(|| Decision {
        verdict: verdict.error(errors),
        words: Field { maxlength: Some(REASON), ..words.help("退回的要写明理由。") },
    })
}

/// The registry entry of the owner and the output, each where the caller sees it.
async fn links(ctx: &mut RequestContext, row: &ItemRow) -> Result<(Option<String>, Option<Link>)> {
    let owner = ctx.actor.scope.covers(&row.owner_path);
    let owner = owner.then(|| registry::link(&row.owner, &row.owner_name).href);
    let Some(output) = &row.output else { return Ok((owner, None)) };
    let sees = ctx.can("output", "read");
    let titles = outputs::titles(&mut ctx.tx, std::iter::once(output.as_str())).await?;
    let link =
        titles.get(output).filter(|_| sees).map(|title| Link::new(format!("/outputs/{output}"), title));
    Ok((owner, link))
}

/// The page of an item, with what is wrong where a form on it was refused.
async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    let (row, library) = (&opened.row, actions::library(&programme)?);
    let editions = actions::editions(&mut ctx.tx, row).await?;
    let uses = actions::uses(&mut ctx.tx, row).await?;
    let (nominate, record_first) = nomination(ctx, &opened, &errors).await?;
    let (owner_href, output) = links(ctx, row).await?;
    let licence = library.licence(&row.licence);
    let given =
        |name: &str, label: &str| Field::new(name, label).value(ctx.form.values.get(name)).error(&errors);
    let view = ShowView {
        href: format!("/resources/{}", row.id),
        state: row.state.mark(),
        kind: library.kind(&row.kind).map_or_else(|| row.kind.clone(), |kind| kind.name.clone()),
        owner: row.owner_name.clone(),
        owner_href,
        about: row.about.clone(),
        major: row.major.clone(),
        task: task_name(&programme, &row.task).to_owned(),
        licence: licence.map_or_else(|| row.licence.clone(), |one| one.name.clone()),
        licence_about: licence.map(|one| one.about.clone()).unwrap_or_default(),
        holder: row.holder.clone(),
        shared_on: row.shared_on.to_string(),
        output,
        preview: preview(row, &editions),
        editions: editions.iter().map(|one| edition(row, one)).collect(),
        uses: uses.iter().map(|one| use_view(ctx, &programme, one)).collect(),
        use_form: use_form(ctx, &programme, row, &errors),
        nominate,
        record_first,
        decision: decision(ctx, &opened, &errors),
        file: Field::new("file", "文件").required().error(&errors),
        note: Field { maxlength: Some(LINE), width: "long", ..given("note", "改了什么") },
        types: handed_in::described(&library.types),
        reason: Field { maxlength: Some(REASON), ..given("reason", "为什么撤下").required() },
        review: opened.view(ctx, &STEPS),
        errors: errors.clone(),
    };
    let lead = "使用前请看许可。用上了请登记一句，提供的学校就知道有没有用。";
    let page = Page::new(row.title.clone(), lead)
        .clause(if row.state == ItemState::Model { "S3.3" } else { "T5.5" })
        .back("/resources", "返回资源库")
        .kind("detail");
    Ok(Reply::view("sharing/resources/show.html", page, &view)?.refused(!errors.is_empty()))
}

fn done(id: &str, text: &str) -> Reply {
    Reply::done(format!("/resources/{id}"), Flash::done(text))
}

/// The file is kept where the caller may renew the item at all.
pub async fn receive_edition(ctx: &mut RequestContext) -> Result<Prepared<Sent>> {
    opened(ctx).await?.demand(Action::Edit)?;
    ctx.form_version()?;
    receive(ctx, true)
}

pub async fn renew(ctx: &mut RequestContext, sent: Sent) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    let note = ctx.form.values.get("note").to_owned();
    let file = match sent {
        Ok(file) => file,
        Err(error) => return page(ctx, vec![error]).await,
    };
    match actions::renew(&mut ctx.tx, &opened, version, (&file, &note)).await.or_wrong()? {
        Ok(()) => Ok(done(&opened.row.id, "已上传新版本，以前的版本还在下面。")),
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn nominate(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, opened, version) = (ctx.programme(), opened(ctx).await?, ctx.form_version()?);
    let output = ctx.form.values.get("output").to_owned();
    match actions::nominate(&mut ctx.tx, &programme, &opened, (version, &output)).await.or_wrong()? {
        Ok(()) => Ok(done(&opened.row.id, "已推荐，等省领导小组办公室评审。评审期间别校照样能用。")),
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn recall(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    actions::recall(&mut ctx.tx, &opened, version).await?;
    Ok(done(&opened.row.id, "已撤回推荐，资源还在资源库里。"))
}

pub async fn decide(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    opened.demand(Action::Accept)?;
    let words = ctx.form.values.get("words").to_owned();
    let (action, text) = match ctx.form.values.get("verdict") {
        "accept" => (Action::Accept, "已评为典型案例，在资源库里按“典型案例”找得到。"),
        "send_back" => (Action::Return, "已退回，推荐的学校会收到理由。"),
        _ => {
            let words = "请选择评为典型案例还是退回。";
            return page(ctx, vec![FieldError::new("verdict", Code::Missing.says(words))]).await;
        }
    };
    match actions::decide(&mut ctx.tx, &opened, version, (action, &words)).await.or_wrong()? {
        Ok(()) => Ok(done(&opened.row.id, text)),
        Err(errors) => page(ctx, errors).await,
    }
}

/// By its school, and on a route of its own by the office: each has its right.
pub async fn take_down(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    let reason = ctx.form.values.get("reason").to_owned();
    match actions::take_down(&mut ctx.tx, &opened, version, &reason).await.or_wrong()? {
        Ok(()) => Ok(Reply::done(
            "/resources",
            Flash::done("已撤下，别校不再找得到；下载过的仍可按原来的许可使用。"),
        )),
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn state_use(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    let row = actions::find(&mut ctx.tx, &id).await?;
    let given = |name: &str| ctx.form.values.get(name).to_owned();
    let (subject, semester) = (given("subject"), given("semester"));
    match actions::state_use(&mut ctx.tx, &programme, &row, (&subject, &semester)).await.or_wrong()? {
        Ok(_) => Ok(done(&row.id, "已登记，提供的学校会收到消息。")),
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn take_back(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    let opened = actions::open_use(&mut ctx.tx, &programme, &id).await?;
    let version = ctx.form_version()?;
    actions::take_back(&mut ctx.tx, &opened, version).await?;
    Ok(done(&opened.row.item, "已撤销这条使用登记。"))
}
