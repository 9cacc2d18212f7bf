//! The one generated form for every type of output, new and corrected; what has only one possible value is shown, not
//! asked.

use super::super::actions::places::{self, OutputPlace};
use super::super::actions::record::{self, NewOutput};
use super::super::actions::{self, correct as correction, projects};
use super::super::data::{self, OutputRow};
use super::super::rules;
use super::suggested::Suggested;
use crate::network::registry;
use crate::shared::confirmation::{Action, Change, State};
use crate::shared::retired;
use jiedui_kernel::{Code, Error, FieldError, Mistake, Result, Unit};
use jiedui_programme::{Confirmer, Output, OutputKind, Retires as _};
use jiedui_store::{Found, Tx};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::drafts::{self, Draft};
use jiedui_web::fields::{self, Drawn};
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::history::{Saved, saved_last};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

/// Beyond so many helpers a list of boxes is no help.
const BOXES: usize = 10;

#[derive(Serialize)]
struct ChooseView {
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct Group {
    id: String,
    name: String,
    offers: Vec<Offer>,
}

#[derive(Serialize)]
struct Offer {
    href: String,
    action: String,
    name: String,
    about: String,
    kind: &'static str,
    issued: bool,
}

/// What this organisation can record, by task, in the order of the plan.
pub async fn choose(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let today = ctx.today;
    let mine = |kind: &&Output| {
        kind.is_offered_on(today) && !places::sides_of(&ctx.actor, &kind.recorded_by).is_empty()
    };
    let kinds: Vec<&Output> = programme.outputs.iter().filter(mine).collect();
    let clause = |kind: &Output| kind.clauses.first().cloned().unwrap_or_default();
    let all: Vec<String> = kinds.iter().map(|kind| clause(kind)).collect();
    let school = ctx.query.get("school").to_owned();
    let offer = |kind: &&Output| Offer {
        href: match school.as_str() {
            "" => format!("/outputs/new/{}", kind.id),
            school => format!("/outputs/new/{}?school={school}", kind.id),
        },
        action: kind.action.clone(),
        name: kind.name.clone(),
        about: kind.about.clone(),
        kind: rules::kind_name(rules::kind_id(kind.kind)),
        issued: kind.definition_issued,
    };
    let sections = rules::sections(&programme, all.iter().map(String::as_str));
    let groups = sections.into_iter().map(|(id, name)| {
        let own = kinds.iter().filter(|kind| rules::section(&programme, &clause(kind)).0 == id);
        Group { id: id.to_owned(), name: name.to_owned(), offers: own.map(offer).collect() }
    });
    let view = ChooseView { groups: groups.collect() };
    let page = Page::new("登记成果", "选一类。登记一次，指标、申报条件和各级的表都从这里取，不再另报。")
        .back("/outputs", "建设成果")
        .kind("list");
    Reply::view("evidence/outputs/choose.html", page, &view)
}

#[derive(Serialize)]
struct FormView {
    action: String,
    submit: String,
    draft: Draft,
    version: Option<i64>,
    known: Vec<(&'static str, String)>,
    fields: Vec<Drawn>,
    errors: Vec<FieldError>,
    saved: Option<Saved>,
    issued: bool,
    confirmer: &'static str,
    people_href: String,
    beside: Vec<crate::shared::mechanism::FormNote>,
}

fn kind_of(ctx: &RequestContext) -> Result<Output> {
    ctx.programme().output(&ctx.param("output")).cloned().ok_or(Error::NotFound)
}

pub async fn new(ctx: &mut RequestContext) -> Result<Reply> {
    let mut kind = kind_of(ctx)?;
    retired::refuse(&kind, ctx.today)?;
    places::keep_asked(&ctx.programme(), &mut kind, (&ctx.actor, ctx.today));
    let fresh = ctx.query.clone();
    let (draft, given) = drafts::take_up(ctx, &draft_key(&kind), fresh).await?;
    new_page(ctx, &kind, &given, (Vec::new(), draft)).await
}

/// The name under which the draft of a new output is kept.
fn draft_key(kind: &Output) -> String {
    format!("output-{}", kind.id)
}

async fn new_page(
    ctx: &mut RequestContext,
    kind: &Output,
    given: &FormValues,
    (errors, draft): (Vec<FieldError>, Draft),
) -> Result<Reply> {
    let places = places::places(&mut ctx.tx, kind).await?;
    if places.is_empty() {
        return Err(Error::Forbidden(format!(
            "“{}”不由本单位登记，或者本单位现在没有可登记的学校。",
            kind.name
        )));
    }
    let mut view = draw(ctx, kind, &places, given, errors).await?;
    view.action = format!("/outputs/new/{}", kind.id);
    view.submit.clone_from(&kind.action);
    view.draft = draft;
    page(kind, kind.name.clone(), &view, ("/outputs/new", "登记成果"))
}

fn page(kind: &Output, title: String, view: &FormView, (back, label): (&str, &str)) -> Result<Reply> {
    let page = Page::new(title, kind.about.clone()).back(back, label).kind("form").clauses(&kind.clauses);
    Ok(Reply::view("evidence/outputs/form.html", page, view)?.refused(!view.errors.is_empty()))
}

fn day_label(kind: &Output) -> &'static str {
    match kind.kind {
        OutputKind::Commitment => "承诺日期",
        OutputKind::Record => "日期",
        OutputKind::Built if kind.stages.len() > 1 => "这一阶段从哪天开始",
        OutputKind::Built => "建成日期",
    }
}

/// What every form asks: school, name, stage, day, and where the type counts a quantity that.
fn own_fields(
    ctx: &RequestContext,
    kind: &Output,
    places: &[OutputPlace],
    (given, errors): (&FormValues, &[FieldError]),
) -> (Vec<(&'static str, String)>, Vec<Drawn>) {
    let mut drawn: Vec<Drawn> = Vec::new();
    let mut known = Vec::new();
    let field = |name: &str, label: &str| Field::new(name, label).value(given.get(name)).error(errors);
    match places {
        [only] if kind.of_school => {
            known.push((if only.is_school { "学校" } else { "单位" }, only.name.clone()));
        }
        [_] => {}
        many => {
            let options = many.iter().map(|place| Choice::new(&place.org, &place.name));
            let options = std::iter::once(Choice::new("", "请选择")).chain(options).collect();
            drawn.push(Drawn::new("select", field("school", "学校").required().options(options)));
        }
    }
    let title = Field { maxlength: Some(60), ..field("title", "名称").required() };
    drawn.push(Drawn::new("text", title.help("写全称，让别人一看就知道是哪一项。")));
    if kind.stages.len() > 1 && given.get("version").is_empty() {
        let options = kind.stages.iter().map(|stage| Choice::new(&stage.id, &stage.name)).collect();
        drawn.push(Drawn::new("select", field("stage", "现在处于哪个阶段").required().options(options)));
    }
    let day = field("since", day_label(kind)).required();
    drawn.push(Drawn::new("date", Field { max: ctx.today.to_string(), width: "short", ..day }));
    for (name, label, required) in
        [("quantity", &kind.quantity_label, true), ("achieved", &kind.achieved_label, false)]
    {
        if !label.is_empty() {
            let unit = kind.unit.label().to_owned();
            let mut number = Field { unit, width: "short", ..field(name, label) };
            number.required = required;
            drawn.push(Drawn::new("number", number));
        }
    }
    (known, drawn)
}

/// Lays the form out for the one who records.
async fn draw(
    ctx: &mut RequestContext,
    kind: &Output,
    places: &[OutputPlace],
    given: &FormValues,
    errors: Vec<FieldError>,
) -> Result<FormView> {
    let suggested = Suggested::of(&mut ctx.tx, kind).await?;
    let (known, mut drawn) = own_fields(ctx, kind, places, (given, &errors));
    if let Some(title) = drawn.iter_mut().find(|one| kind.names_enterprise && one.field.name == "title") {
        title.field.options.clone_from(&suggested.enterprises);
    }
    let asks = kind.joint || kind.confirmed_by == Some(Confirmer::Helper);
    drawn.extend(helpers(kind, places, given, &errors, &ctx.actor.org).filter(|_| asks));
    let org = ctx.actor.org.clone();
    // Nobody confirms what is its own: then it is the bureau above.
    let own = match kind.confirmed_by {
        Some(Confirmer::CountySchool | Confirmer::Receiver) => ctx.actor.has_role("county_school"),
        Some(Confirmer::CountyBureau) => ctx.actor.has_role("county"),
        _ => false,
    } || kind.own.iter().any(|side| ctx.actor.has_role(side.role()));
    drawn.extend(project(ctx, kind, places, given, &errors).await?);
    let (people, asked) = people(ctx, kind).await?;
    let offers = suggested.beside(&people);
    drawn.extend(fields::draw(&kind.fields, given, &errors, offers));
    let except = given.get("except");
    let follows =
        if kind.kind == OutputKind::Built { earlier(&mut ctx.tx, places, except).await? } else { Vec::new() };
    if !follows.is_empty() {
        let help = "例如升级、合并或替代了较早的一项；没有就不选。";
        let options = std::iter::once(Choice::new("", "不是")).chain(follows).collect();
        let field = Field::new("follows", "延续或替代哪一项").value(given.get("follows")).error(&errors);
        drawn.push(Drawn::new("select", field.options(options).help(help)));
    }
    Ok(FormView {
        action: String::new(),
        submit: String::new(),
        draft: Draft::none(""),
        version: None,
        known,
        fields: drawn,
        errors,
        saved: None,
        issued: kind.definition_issued,
        confirmer: if own { "上一级人社局" } else { rules::confirmer(kind) },
        people_href: if asked { format!("/registry/{org}/people") } else { String::new() },
        beside: crate::shared::mechanism::beside_form(ctx, &kind.id).await?,
    })
}

/// The projects of which it can be a part; where there is none, nothing is asked.
async fn project(
    ctx: &mut RequestContext,
    kind: &Output,
    places: &[OutputPlace],
    given: &FormValues,
    errors: &[FieldError],
) -> Result<Option<Drawn>> {
    let (programme, named) = (ctx.programme(), given.get("project"));
    // One that was closed meanwhile stays possible for what names it already.
    let kept = if given.get("except").is_empty() { "" } else { named };
    let mut options = vec![Choice::new("", "不属于项目")];
    for place in places {
        for row in projects::offered(&mut ctx.tx, (&programme, kind), place, kept).await? {
            let label = format!("{}年 {}", row.year, row.title);
            options.push(Choice { group: place.name.clone(), ..Choice::new(row.id, label) });
        }
    }
    if options.len() == 1 && named.is_empty() {
        return Ok(None);
    }
    let help = "算进哪个年度项目，可不选；选了，项目进度就会自己走。";
    let field = Field::new("project", "属于哪个项目").options(options).help(help).value(named);
    Ok(Some(Drawn::new("select", field.error(errors))))
}

/// Who may be named as joint builder, whichever of the schools it is for.
fn helpers(
    kind: &Output,
    places: &[OutputPlace],
    given: &FormValues,
    errors: &[FieldError],
    own: &str,
) -> impl Iterator<Item = Drawn> {
    let mut options: Vec<Choice> = Vec::new();
    let typed = given.all("helper");
    for (org, name) in places.iter().flat_map(|place| &place.helpers).filter(|(org, _)| org != own) {
        if options.iter().all(|option| option.value != *org) {
            let choice = Choice::new(org, name);
            options.push(Choice { selected: typed.contains(org), ..choice });
        }
    }
    let must = kind.confirmed_by == Some(Confirmer::Helper);
    let label = if must { "由哪所协作院校确认" } else { "与谁共建" };
    let help =
        if must { "" } else { "自己建的不选；共建的只登记一次，双方都算参与。" };
    let mut field = Field { width: "long", ..Field::new("helper", label).help(help).error(errors) };
    field.required = must;
    let drawn = match options.len() {
        0 => None,
        1..=BOXES => Some(Drawn::new("checks", Field { options, ..field })),
        _ => {
            options.insert(0, Choice::new("", "不选"));
            Some(Drawn::new("select", Field { options, ..field }))
        }
    };
    drawn.into_iter()
}

/// The recorder's own people, where a field asks for one.
async fn people(ctx: &mut RequestContext, kind: &Output) -> Result<(Vec<Choice>, bool)> {
    if kind.fields.iter().all(|field| field.kind != jiedui_programme::FieldKind::Person) {
        return Ok((Vec::new(), false));
    }
    let (org, today) = (ctx.actor.org.clone(), ctx.today);
    let mut options: Vec<Choice> = Vec::new();
    for person in registry::people_at(&mut ctx.tx, &org, today, today).await? {
        let fits = kind.holder.as_ref().is_none_or(|holder| holder.fits(&person.post));
        if fits && options.iter().all(|option| option.value != person.id) {
            let title =
                if person.title.is_empty() { registry::post_name(&person.post) } else { &person.title };
            let name = ctx.names.shown(&person.name, &[&org]);
            options.push(Choice::new(&person.id, format!("{name}（{title}）")));
        }
    }
    Ok((options, true))
}

/// Earlier things at these places that a new one may continue; a long list helps nobody, so only where there is one place.
async fn earlier(tx: &mut Tx, places: &[OutputPlace], except: &str) -> Result<Vec<Choice>> {
    let [only] = places else { return Ok(Vec::new()) };
    let rows = tx.all::<OutputRow>(&data::FACTS, jiedui_store::args![&only.org]).await?;
    let fits = |row: &OutputRow| row.state != State::Withdrawn && row.id != except && row.kind == "built";
    Ok(rows.into_iter().filter(fits).map(|row| Choice::new(row.id, row.title)).collect())
}

/// What the form says, as far as it can be read.
fn read(kind: &Output, pairs: &FormValues, places: &[OutputPlace]) -> Result<NewOutput, Vec<FieldError>> {
    let mut read = Reader::default();
    let optional = |name: &str| Some(pairs.get(name).to_owned()).filter(|value| !value.is_empty());
    let school = match places {
        [only] => Some(only.org.clone()),
        _ => optional("school").filter(|id| places.iter().any(|place| place.org == *id)),
    };
    if school.is_none() {
        read.fail("school", Code::Missing.says("请选择学校。"));
    }
    let since = read.date(pairs, "since", "日期");
    let quantity = number(&mut read, pairs, ("quantity", &kind.quantity_label), kind.unit, true);
    let achieved = number(&mut read, pairs, ("achieved", &kind.achieved_label), kind.unit, false);
    let values = fields::read(&kind.fields, pairs, &mut read);
    let new = NewOutput {
        school,
        title: pairs.get("title").to_owned(),
        since,
        stage: optional("stage"),
        quantity,
        achieved,
        helpers: pairs.all("helper").into_iter().filter(|helper| !helper.is_empty()).collect(),
        fields: values,
        follows: optional("follows"),
        project: optional("project"),
    };
    if new.title.is_empty() {
        read.fail("title", Code::Missing.says("请写一个名称，让别人一看就知道是哪一项。"));
    }
    if read.errors.is_empty() { Ok(new) } else { Err(read.errors) }
}

/// A number in the type's unit; nothing where the type does not ask for it.
pub fn number(
    read: &mut Reader,
    pairs: &FormValues,
    (name, label): (&str, &str),
    unit: Unit,
    required: bool,
) -> Option<i64> {
    let text = pairs.get(name);
    if label.is_empty() || (text.is_empty() && !required) {
        return None;
    }
    if text.is_empty() {
        read.fail(name, Mistake::missing(label));
        return None;
    }
    match fields::number_of(unit, text) {
        Ok(number) => Some(number),
        Err(why) => {
            read.fail(name, why.of(label));
            None
        }
    }
}

pub async fn create(ctx: &mut RequestContext) -> Result<Reply> {
    let mut kind = kind_of(ctx)?;
    retired::refuse(&kind, ctx.today)?;
    places::keep_asked(&ctx.programme(), &mut kind, (&ctx.actor, ctx.today));
    let places = places::places(&mut ctx.tx, &kind).await?;
    let programme = ctx.programme();
    let given = ctx.form.values.clone();
    let made = match read(&kind, &given, &places) {
        Ok(new) => record::record(&mut ctx.tx, &programme, &kind, &new).await,
        Err(_) if places.is_empty() => Err(Error::Forbidden(format!("“{}”不由本单位登记。", kind.name))),
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match made.or_wrong()? {
        Ok(id) => {
            drafts::forget(ctx, &draft_key(&kind)).await?;
            let output = super::super::find(&mut ctx.tx, &id).await?;
            let text = match &output.answerer_name {
                Some(name) => format!("已登记“{}”，计入登记数；等{name}确认后计入确认数。", output.title),
                None => format!("已登记“{}”，不需要别的单位确认。", output.title),
            };
            Ok(Reply::done(format!("/outputs/{id}"), Flash::done(text)))
        }
        Err(errors) => {
            let draft = Draft::none(draft_key(&kind));
            new_page(ctx, &kind, &given, (errors, draft)).await
        }
    }
}

async fn mine(ctx: &mut RequestContext) -> Result<(Found<OutputRow>, Output)> {
    let id = ctx.param("id");
    let output = super::super::find(&mut ctx.tx, &id).await?;
    let programme = ctx.programme();
    actions::apply(&ctx.tx, &programme, &output, output.version, Action::Correct(Change::Words))?;
    let kind = programme.output(&output.output).cloned().ok_or(Error::NotFound)?;
    Ok((output, kind))
}

pub async fn correct(ctx: &mut RequestContext) -> Result<Reply> {
    let (output, kind) = mine(ctx).await?;
    let helpers = super::super::helpers(&mut ctx.tx, &output.id).await?;
    let given = typed(&output, &kind, &helpers);
    correct_page(ctx, &output, &kind, &given, (Vec::new(), None)).await
}

/// An output as its form would have sent it.
fn typed(output: &OutputRow, kind: &Output, helpers: &[(String, String)]) -> FormValues {
    let number = |value: i64| kind.unit.format(value);
    let values = fields::typed(&kind.fields, &fields::parse(&output.fields));
    let own = [
        ("version", output.version.to_string()),
        ("title", output.title.clone()),
        ("since", output.since.to_string()),
        ("quantity", number(output.quantity)),
        ("achieved", number(output.achieved)),
        ("follows", output.follows.clone().unwrap_or_default()),
        ("project", output.project.clone().unwrap_or_default()),
        ("except", output.id.clone()),
    ];
    let named = helpers.iter().map(|(org, _)| ("helper", org.clone()));
    let rest = values.iter().map(|(name, value)| (name.as_str(), value.clone()));
    FormValues::made(own.into_iter().chain(named).chain(rest))
}

async fn correct_page(
    ctx: &mut RequestContext,
    output: &OutputRow,
    kind: &Output,
    given: &FormValues,
    (errors, saved): (Vec<FieldError>, Option<Saved>),
) -> Result<Reply> {
    let named = super::super::helpers(&mut ctx.tx, &output.id).await?;
    let place = places::kept_place(&mut ctx.tx, output, &named).await?;
    let mut view = draw(ctx, kind, &[place], given, errors).await?;
    view.action = format!("/outputs/{}/correct", output.id);
    view.submit = "保存更正".to_owned();
    view.version = Some(output.version);
    let stale = saved.is_some();
    view.saved = saved;
    let title = format!("更正：{}", kind.name);
    let reply = page(kind, title, &view, (&format!("/outputs/{}", output.id), "返回这一项"))?;
    Ok(if stale { reply.with_status(409) } else { reply })
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let (output, kind) = mine(ctx).await?;
    let version = ctx.form_version()?;
    let programme = ctx.programme();
    let given = ctx.form.values.clone();
    let named = super::super::helpers(&mut ctx.tx, &output.id).await?;
    let place = places::kept_place(&mut ctx.tx, &output, &named).await?;
    let done = match read(&kind, &given, &[place]) {
        Ok(new) => correction::correct(&mut ctx.tx, &programme, &output, version, &new).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match done.or_refused()? {
        Ok(again) => {
            let text = if again {
                "更正已保存；计数的内容变了，请对方重新确认，确认前只计入登记数。"
            } else {
                "更正已保存，原来的确认继续有效；更正记录各方都能看到。"
            };
            Ok(Reply::done(format!("/outputs/{}", output.id), Flash::done(text)))
        }
        Err(refused) if refused.by_other() => {
            let (output, kind) = mine(ctx).await?;
            let saved = saved_last(&mut ctx.tx, &output.id).await?;
            correct_page(ctx, &output, &kind, &given, (Vec::new(), saved)).await
        }
        Err(refused) => correct_page(ctx, &output, &kind, &given, (refused.errors, None)).await,
    }
}
