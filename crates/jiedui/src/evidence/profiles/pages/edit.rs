//! The form of a year-profile, made from its elements: filled with last year's values, saved as a draft or handed in;
//! and what happens where two change it at once.

use crate::evidence::profiles::actions::{self, LoadedProfile};
use crate::evidence::profiles::rules::{self, ElementAnswer, Question, Sheet, Sure};
use crate::shared::review::Action;
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_programme::{Element, ElementKind, Programme};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::drafts::{self, Draft};
use jiedui_web::form::FormValues;
use jiedui_web::history::{Saved, saved_last};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct FormView {
    base: String,
    version: i64,
    correcting: bool,
    reason: String,
    /// 上年 is known, and the form was filled with it.
    carried: bool,
    groups: Vec<Group>,
    draft: Draft,
    saved: Option<Saved>,
    errors: Vec<FieldError>,
    /// A box for each figure that is unlikely: its key, its words, and whether it is ticked.
    questions: Option<Field>,
}

#[derive(Serialize)]
struct Group {
    name: String,
    rows: Vec<ElementField>,
}

/// One element: what was said before, its control, and the choice beside it.
#[derive(Serialize)]
struct ElementField {
    date: bool,
    /// Last year's; in a correction what was accepted.
    before: String,
    imported: bool,
    value: Field,
    known: Field,
}

/// What a form page shows beside its fields.
#[derive(Default)]
struct Wrong {
    errors: Vec<FieldError>,
    /// Somebody else saved meanwhile.
    stale: bool,
    /// What is unlikely and has to be confirmed.
    questions: Vec<Question>,
}

pub fn key(opened: &LoadedProfile) -> String {
    format!("profile-{}-{}", opened.org.id, opened.year)
}

pub fn base(opened: &LoadedProfile) -> String {
    format!("/profiles/{}/{}", opened.org.id, opened.year)
}

/// The profile that the address names.
pub async fn named(ctx: &mut RequestContext) -> Result<LoadedProfile> {
    let (programme, id, year) = (ctx.programme(), ctx.param("id"), ctx.path_values.year()?);
    actions::open(&mut ctx.tx, &programme, &id, year).await
}

async fn editable(ctx: &mut RequestContext) -> Result<LoadedProfile> {
    let opened = named(ctx).await?;
    match opened.can(Action::Edit) {
        true => Ok(opened),
        false if opened.org.id == ctx.actor.org => Err(Error::NotNow(
            "这份基本情况已经提交或接收，不能直接改。待接收的先收回，已接收的走更正。".to_owned(),
        )),
        false => Err(Error::Forbidden("基本情况由学校自己填报，本单位只能查看。".to_owned())),
    }
}

/// The answers as the form would have sent them.
fn pairs_of(programme: &Programme, sheet: &Sheet, version: i64) -> FormValues {
    let mut pairs = vec![("version".to_owned(), version.to_string())];
    for element in programme.asked_elements() {
        match sheet.get(&element.id).map(|held| held.answer) {
            Some(ElementAnswer::Value(value)) => {
                pairs.push((element.id.clone(), rules::typed(element, value)))
            }
            Some(other) => pairs.push((rules::known_name(&element.id), other.known().to_owned())),
            None => {}
        }
    }
    FormValues::made(pairs.iter().map(|(name, value)| (name.as_str(), value.clone())))
}

/// What stands in an untouched form: what is saved, over last year's values; where an element seldom applies and
/// nothing is known, 不适用.
fn prefilled(programme: &Programme, opened: &LoadedProfile) -> Sheet {
    let mut sheet = match &opened.before {
        Some((_, before)) if !opened.correcting() => before.clone(),
        _ => Sheet::new(),
    };
    // What is of a year's cohort is told each year.
    sheet.retain(|id, _| !programme.element(id).is_some_and(|element| element.of_year));
    for element in programme.asked_elements().filter(|element| !element.asked) {
        let not_applicable = rules::ProfileValue { answer: ElementAnswer::NotApplicable, source: "typed" };
        sheet.entry(element.id.clone()).or_insert(not_applicable);
    }
    sheet.extend(opened.wanted());
    sheet
}

pub async fn edit(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = editable(ctx).await?;
    let programme = ctx.programme();
    let mut draft = drafts::find(ctx, &key(&opened)).await?;
    let stale = draft.is_older_than(opened.version());
    let given = draft.pairs.take();
    let given =
        given.unwrap_or_else(|| pairs_of(&programme, &prefilled(&programme, &opened), opened.version()));
    page(ctx, &opened, &given, draft, Wrong { stale, ..Wrong::default() }).await
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = editable(ctx).await?;
    let programme = ctx.programme();
    let version = ctx.form_version()?;
    let given = ctx.form.values.clone();
    let (answers, mut errors) = rules::read(&programme, &given);
    let hand_in = given.get("next") == "submit";
    if hand_in {
        let wrong: Vec<String> = errors.iter().map(|error| error.field.clone()).collect();
        let told = |id: &str| answers.contains_key(id) || wrong.iter().any(|field| field == id);
        errors.extend(rules::missing(&programme, told));
    }
    if version != opened.version() || !errors.is_empty() {
        return again(ctx, &opened, &given, errors).await;
    }
    match store(ctx, &programme, &opened, version, &answers, hand_in).await.or_refused()? {
        Ok(reply) => Ok(reply),
        Err(refused) if refused.by_other() => {
            let opened = editable(ctx).await?;
            again(ctx, &opened, &given, Vec::new()).await
        }
        // What was half written is not what stands in the form.
        Err(refused) => again(ctx, &opened, &given, refused.errors).await,
    }
}

async fn store(
    ctx: &mut RequestContext,
    programme: &Programme,
    opened: &LoadedProfile,
    version: i64,
    answers: &rules::Answers,
    hand_in: bool,
) -> Result<Reply> {
    actions::save(&mut ctx.tx, programme, opened, version, answers).await?;
    drafts::forget(ctx, &key(opened)).await?;
    if !hand_in {
        let text = "已存为草稿，别的单位还看不到这些数。填齐后提交，主管人社局接收后定稿。";
        return Ok(Reply::done(base(opened), Flash::done(text)));
    }
    let sure = ctx.form.values.all(rules::SURE);
    actions::submit(&mut ctx.tx, programme, &opened.org.id, opened.year, Sure::Of(&sure)).await?;
    Ok(Reply::done(base(opened), submitted(opened)))
}

/// What happened, and how to take it back.
pub fn submitted(opened: &LoadedProfile) -> Flash {
    let text = if opened.correcting() {
        "更正已提交，由主管人社局接收；接收之前，原来的数照旧有效。"
    } else {
        "已提交，由主管人社局核对接收；接收后定稿，以后的改动走更正。"
    };
    Flash::done(text).undo(format!("{}/recall", base(opened)), "收回这次提交")
}

async fn again(
    ctx: &mut RequestContext,
    opened: &LoadedProfile,
    given: &FormValues,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let stale = given.get("version") != opened.version().to_string();
    let draft = Draft::none(key(opened));
    let asks = errors.iter().any(|error| error.field == rules::SURE);
    let questions = if asks { questions(ctx, opened, given) } else { Vec::new() };
    page(ctx, opened, given, draft, Wrong { errors, stale, questions }).await
}

/// The questions about what was typed, answered or not.
fn questions(ctx: &RequestContext, opened: &LoadedProfile, given: &FormValues) -> Vec<Question> {
    let programme = ctx.programme();
    let mut sheet = opened.wanted();
    for (id, answer) in rules::read(&programme, given).0 {
        sheet.insert(id, rules::ProfileValue { answer, source: "typed" });
    }
    let before = opened.before.as_ref().map(|(_, sheet)| sheet);
    rules::questions(&programme, &sheet, before, opened.year, Sure::Of(&[]))
}

/// A box for each of them.
fn boxes(questions: &[Question], given: &FormValues, errors: &[FieldError]) -> Option<Field> {
    let ticked = given.all(rules::SURE);
    let choice = |question: &Question| Choice {
        selected: ticked.contains(&question.key),
        ..Choice::new(&question.key, &question.text)
    };
    let field = Field::new(rules::SURE, "以下各数与上年相差较大，核对无误的请勾选").required();
    let field = Field { options: questions.iter().map(choice).collect(), ..field };
    let error = errors.iter().find(|error| error.field == rules::SURE);
    let error = error.map(|_| "有数与上年相差较大：填错的请改，没有错的请勾选后再提交。".to_owned());
    (!questions.is_empty()).then(|| Field { error: error.unwrap_or_default(), ..field })
}

fn asked(
    element: &Element,
    given: &FormValues,
    opened: &LoadedProfile,
    theirs: Option<&FormValues>,
    errors: &[FieldError],
) -> ElementField {
    let name = rules::known_name(&element.id);
    let mut value =
        Field::new(&element.id, &element.name).required().help(&element.help).value(given.get(&element.id));
    value.width = "short";
    if element.kind == ElementKind::Number {
        value.unit = element.unit.label().to_owned();
    }
    let before = match (&opened.before, opened.correcting()) {
        (_, true) => opened.sheet.get(&element.id),
        (Some((_, before)), false) => before.get(&element.id),
        (None, false) => None,
    };
    let options = vec![
        Choice::new("", "有数"),
        Choice::new("unknown", "未知"),
        Choice::new("not_applicable", "不适用"),
    ];
    let mut known = Field::new(&name, &format!("{}没有数时", element.name))
        .required()
        .options(options)
        .value(given.get(&name));
    known.width = "short";
    if let Some(theirs) = theirs {
        value = value.theirs(theirs.get(&element.id));
        known = known.theirs(theirs.get(&name));
    }
    ElementField {
        date: element.kind == ElementKind::Date,
        before: before.map_or_else(|| "—".to_owned(), |held| describe(element, held.answer)),
        imported: opened.wanted().get(&element.id).is_some_and(|held| held.source == "imported"),
        value: value.error(errors),
        known,
    }
}

fn describe(element: &Element, answer: ElementAnswer) -> String {
    match answer {
        ElementAnswer::Value(value) if element.kind == ElementKind::Number => {
            format!("{} {}", rules::typed(element, value), element.unit.label())
        }
        ElementAnswer::Value(value) => rules::typed(element, value),
        ElementAnswer::Unknown => "未知".to_owned(),
        ElementAnswer::NotApplicable => "不适用".to_owned(),
    }
}

/// Draws the form. Where what was typed began from an older version, each differing field shows the other's value, and
/// the form carries the present version: saving it again is deliberate.
async fn page(
    ctx: &mut RequestContext,
    opened: &LoadedProfile,
    given: &FormValues,
    draft: Draft,
    wrong: Wrong,
) -> Result<Reply> {
    let programme = ctx.programme();
    let theirs = wrong.stale.then(|| pairs_of(&programme, &opened.wanted(), opened.version()));
    let saved = match (&opened.row, wrong.stale) {
        (Some(row), true) => saved_last(&mut ctx.tx, &row.id).await?,
        _ => None,
    };
    let mut groups: Vec<Group> = Vec::new();
    for element in programme.asked_elements() {
        let row = asked(element, given, opened, theirs.as_ref(), &wrong.errors);
        match groups.iter_mut().find(|group| group.name == element.group) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { name: element.group.clone(), rows: vec![row] }),
        }
    }
    let status = match (wrong.stale, wrong.errors.is_empty()) {
        (true, _) if ctx.form.values.get("version").is_empty() => 200,
        (true, _) => 409,
        (false, false) => 422,
        (false, true) => 200,
    };
    let view = FormView {
        base: base(opened),
        version: opened.version(),
        correcting: opened.correcting(),
        reason: opened.row.as_ref().map(|row| row.reason.clone()).unwrap_or_default(),
        carried: opened.before.is_some(),
        groups,
        draft,
        saved,
        questions: boxes(&wrong.questions, given, &wrong.errors),
        errors: wrong.errors,
    };
    let (title, lead) = if opened.correcting() {
        ("更正年度基本情况", "只改有出入的数；更正要再接收一次，原来的数一直保留在旁边。")
    } else {
        ("填报年度基本情况", "先带出上年的数，只改有变化的；一时不知道的选“未知”，本校没有的选“不适用”。")
    };
    let page = Page::new(title, lead).clause("T1.1").back(base(opened), "返回").kind("form");
    Ok(Reply::view("evidence/profiles/form.html", page, &view)?.with_status(status))
}
