//! Nominating, in two steps that work without script: whom, then for which entries of the ledger. Nothing is written before the
//! second. The address carries the first step of a school; the name of a person is sent, so that it stands in no address.

use crate::shared::mechanism::FormNote;
use crate::sharing::commendations::actions;
use crate::sharing::commendations::actions::nominate::{self as acts, NewNomination, Room};
use crate::sharing::commendations::data::{ReasonRow, RoundRow};
use crate::sharing::commendations::rules::{CLAUSE, SENTENCE, takes_nominations, words};
use jiedui_kernel::{Code, FieldError, Result};
use jiedui_programme::CommendationClass;
use jiedui_store::Found;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::form::FormValues;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct ReasonLine {
    id: String,
    activity: String,
    school: String,
    from: String,
    to: String,
    chosen: bool,
}

/// The second step.
#[derive(Serialize)]
struct ChosenView {
    /// Whom the first step named; a person's name is what the caller typed.
    school: String,
    name: String,
    rows: Vec<ReasonLine>,
    sentence: Field,
    hidden: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct NominateView {
    action: String,
    /// There is no class for which the caller nominates, or it is too late.
    closed: bool,
    class: Field,
    /// Once a class was chosen.
    school: Option<Field>,
    name: Option<Field>,
    chosen: Option<ChosenView>,
    until: String,
    /// Where the caller was given places of the chosen class: how many are left.
    room: Option<FormNote>,
    errors: Vec<FieldError>,
}

async fn found(ctx: &mut RequestContext) -> Result<Found<RoundRow>> {
    let id = ctx.param("id");
    actions::find(&mut ctx.tx, &id).await
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, given) = (found(ctx).await?, ctx.query.clone());
    page(ctx, &row, &given, Vec::new()).await
}

/// Whom the first step names, as far as that is known; what is wrong with it goes to `errors`.
async fn chosen(
    ctx: &mut RequestContext,
    (row, class): (&RoundRow, &CommendationClass),
    given: &FormValues,
    errors: &mut Vec<FieldError>,
) -> Result<Option<ChosenView>> {
    let (programme, year) = (ctx.programme(), actions::days(row.year)?);
    let (school, name) = (given.get("school"), given.get("name"));
    if school.is_empty() {
        return Ok(None);
    }
    let known = acts::schools(&mut ctx.tx, class, year).await?;
    let Some((_, label)) = known.into_iter().find(|(id, _)| id == school) else {
        errors.push(FieldError::new("school", Code::NotListed.says("请从列出的学校里选。")));
        return Ok(None);
    };
    let mut person = String::new();
    if class.commended.is_person() {
        if name.is_empty() {
            return Ok(None);
        }
        let Some(id) = acts::person(&mut ctx.tx, school, name, year).await? else {
            let words = "这个单位当年没有这个人，请核对姓名和单位。";
            errors.push(FieldError::new("name", Code::NotListed.says(words)));
            return Ok(None);
        };
        person = id;
    }
    let picked = given.all("reasons");
    let line = |one: ReasonRow| ReasonLine {
        activity: programme.activity(&one.activity).map_or_else(String::new, |of| of.name.clone()),
        school: one.county_name,
        from: one.from_day.to_string(),
        to: one.to_day.to_string(),
        chosen: picked.contains(&one.id),
        id: one.id,
    };
    let rows = acts::reasons(&mut ctx.tx, class, (school, &person), year).await?;
    let sentence = Field::new("sentence", "表扬什么").required().value(given.get("sentence")).error(errors);
    let sentence = sentence.help("公示时人人看得到的一句话，写做成了什么；理由从上面选，不另写材料。");
    Ok(Some(ChosenView {
        school: label,
        name: name.to_owned(),
        rows: rows.into_iter().map(line).collect(),
        sentence: Field { maxlength: Some(SENTENCE), width: "long", ..sentence },
        hidden: BTreeMap::from([
            ("class", class.id.clone()),
            ("school", school.to_owned()),
            ("name", name.to_owned()),
        ]),
    }))
}

/// None where everybody may name the same.
fn noted(room: Room<'_>) -> Option<FormNote> {
    let rule = room.by?;
    let said = |number: i64| {
        let (number, unit) = rule.unit.shown(number);
        format!("{number} {unit}")
    };
    let words =
        format!("分得 {}，已提名 {}，还可提名 {}。", said(room.most), said(room.named), said(room.left()));
    Some(FormNote { link: Link::new(format!("/allocations?rule={}", rule.id), &rule.name), words })
}

async fn page(
    ctx: &mut RequestContext,
    row: &Found<RoundRow>,
    given: &FormValues,
    mut errors: Vec<FieldError>,
) -> Result<Reply> {
    let programme = ctx.programme();
    let classes = acts::classes(&ctx.tx, &programme);
    let class = classes.iter().copied().find(|class| class.id == given.get("class"));
    let (mut schools, mut chosen_view) = (Vec::new(), None);
    if let Some(class) = class {
        schools = acts::schools(&mut ctx.tx, class, actions::days(row.year)?).await?;
        chosen_view = chosen(ctx, (row, class), given, &mut errors).await?;
    }
    let room = match class {
        Some(class) => noted(acts::room(&mut ctx.tx, &programme, (row, class)).await?),
        None => None,
    };
    let choices = classes.iter().map(|one| Choice::new(one.id.as_str(), one.name.as_str())).collect();
    let field =
        |name: &str, label: &str| Field::new(name, label).required().value(given.get(name)).error(&errors);
    let person = class.is_some_and(|class| class.commended.is_person());
    let label = if person { "所在单位" } else { "哪所学校" };
    let schools: Vec<Choice> = schools.into_iter().map(|(id, name)| Choice::new(id, name)).collect();
    let view = NominateView {
        action: format!("/commendations/{}/nominate", row.id),
        closed: classes.is_empty() || !takes_nominations(row, ctx.today),
        class: field("class", "表扬类别").options(choices),
        school: class.map(|_| field("school", label).options(schools)),
        name: person
            .then(|| field("name", "姓名").help("写全名，和院校名录里的一致。本人同意以后提名才继续。")),
        chosen: chosen_view,
        until: row.nominate_until.to_string(),
        room: room.filter(|_| ctx.can("allocation", "read")),
        errors: errors.clone(),
    };
    let lead = "先选提名谁，再从台账里选理由。只有已确认的台账可以作理由，不用另写材料。";
    let page = Page::new(format!("提名：{}", words::title(row.year)), lead)
        .clause(CLAUSE)
        .back(format!("/commendations/{}", row.id), "返回这一年的表扬")
        .kind("form");
    Ok(Reply::view("sharing/commendations/nominate.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn submit(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, row, given) = (ctx.programme(), found(ctx).await?, ctx.form.values.clone());
    if given.get("step") == "whom" {
        return page(ctx, &row, &given, Vec::new()).await;
    }
    let text = |name: &str| given.get(name).to_owned();
    let new = NewNomination {
        class: text("class"),
        school: text("school"),
        name: text("name"),
        sentence: text("sentence"),
        reasons: given.all("reasons"),
    };
    match acts::nominate(&mut ctx.tx, &programme, &row, &new).await.or_wrong()? {
        Ok(id) => {
            let asked = !new.name.is_empty();
            let text = if asked {
                "已提名，等本人同意以后评审。"
            } else {
                "已提名，等省领导小组办公室评审。"
            };
            Ok(Reply::done(format!("/nominations/{id}"), Flash::done(text)))
        }
        Err(errors) => page(ctx, &row, &given, errors).await,
    }
}
