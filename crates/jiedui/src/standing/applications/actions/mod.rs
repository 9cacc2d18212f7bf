//! What is done to applications, with every check, for pages and the demonstration alike.

pub mod recheck;

use super::data::{self, CaseRow};
use super::rules;
use crate::evidence::outputs::{self, NewOutput, OutputPlace};
use crate::network::registry;
use crate::shared::frozen::{self, Stamp};
use crate::shared::review::{self, Action, Loaded, Said};
use jiedui_kernel::{Code, Date, Error, FieldError, Mistake, Result};
use jiedui_programme::{Application, Output, Programme, Side, eligibility};
use jiedui_store::{Found, Tx, args, named};
use jiedui_web::fields::Values;
use recheck::Basis;

/// What an applicant says.
#[derive(Debug, Clone, Default)]
pub struct NewCase {
    /// What is applied for, by name.
    pub title: String,
    pub fields: Values,
}

/// What the one who decides says.
#[derive(Debug, Clone)]
pub struct Decision {
    pub granted: bool,
    pub on: Date,
    /// Number of the document, where there is one.
    pub number: String,
    pub words: String,
    /// Whether a preference was given, where the plan asks for one; and in what it consisted.
    pub preference: Option<bool>,
    pub preference_words: String,
    /// How much was granted, where what comes of it has an amount: it is said once, here.
    pub amount: Option<i64>,
}

/// What comes of a granted application, and what its amount is called where it has one.
pub fn result_of<'p>(programme: &'p Programme, application: &Application) -> Option<(&'p Output, &'p str)> {
    let kind = programme.output(application.result.as_ref()?)?;
    Some((kind, kind.quantity_label.as_str()))
}

async fn check(
    tx: &mut Tx,
    application: &Application,
    new: &NewCase,
    (org, except): (&str, &str),
) -> Result<()> {
    // Two at once would both find none of this name under way.
    registry::lock(tx, org).await?;
    let mut errors = Vec::new();
    let length = new.title.chars().count();
    if length == 0 {
        errors.push(FieldError::new(
            "title",
            Code::Missing.says("请写明申报的是哪一项，例如拟建的工作室或专业的名称。"),
        ));
    } else if length > 60 {
        errors.push(FieldError::new("title", Mistake::too_long("名称", 60, length)));
    } else if tx.number(&data::OPEN_OF, args![org, &application.id, &new.title, except]).await? > 0 {
        errors
            .push(FieldError::new("title", Code::Duplicate.says("同名的申报还在办理中；同一项只申报一次。")));
    }
    Error::of(errors)
}

/// Whether the caller can apply for this.
pub async fn applies(tx: &mut Tx, application: &Application) -> Result<bool> {
    let actor = std::sync::Arc::clone(tx.actor());
    let sides = outputs::sides_of(&actor, &application.applicant);
    if sides == [Side::CountySchool] {
        let today = tx.today();
        return registry::has_flag(tx, &actor.org, "county_school", today).await;
    }
    Ok(!sides.is_empty())
}

/// A new application of the caller, still being prepared.
pub async fn begin(
    tx: &mut Tx,
    programme: &Programme,
    application: &Application,
    new: &NewCase,
) -> Result<String> {
    if !applies(tx, application).await? {
        return Err(Error::Forbidden(format!("“{}”不由本单位申报。", application.name)));
    }
    let org = tx.actor().org.clone();
    check(tx, application, new, (&org, "")).await?;
    let (recommender, decider) = parties(tx, programme, application, &org).await?;
    let (id, today) = (tx.new_id(), tx.today());
    let clause = application.clauses.first().map_or("", String::as_str);
    let fields = serde_json::to_string(&new.fields).map_err(Error::internal)?;
    named!(data::INSERT {
        id: &id,
        application: &application.id,
        clause,
        programme: &programme.meta.version,
        org: &org,
        title: &new.title,
        fields,
        recommender,
        decider,
        opened_on: today,
    })
    .write(tx)
    .await?;
    let change = serde_json::json!({
        "application": application.id, "title": new.title, "fields": new.fields,
    });
    review::begun::<CaseRow>(tx, &id, "begin", change).await?;
    Ok(id)
}

/// Who recommends and who decides, for this applicant on this day. Nobody recommends itself.
async fn parties(
    tx: &mut Tx,
    programme: &Programme,
    application: &Application,
    org: &str,
) -> Result<(Option<String>, String)> {
    let row = registry::find(tx, org).await?;
    let root = &programme.meta.division;
    let recommender = match application.recommended_by {
        Some(side) => outputs::on_side(tx, &row, side, root).await?.filter(|found| found != org),
        None => None,
    };
    let decider = outputs::on_side(tx, &row, application.decided_by, root).await?;
    let decider = match decider {
        Some(decider) => decider,
        None => outputs::on_side(tx, &row, Side::Province, root)
            .await?
            .ok_or_else(|| Error::internal("no provincial office"))?,
    };
    Ok((recommender, decider))
}

pub async fn edit(
    tx: &mut Tx,
    application: &Application,
    opened: &Loaded<Found<CaseRow>>,
    version: i64,
    new: &NewCase,
) -> Result<()> {
    let next = opened.demand(Action::Edit)?;
    let case = &opened.row;
    check(tx, application, new, (&case.org, &case.id)).await?;
    let fields = serde_json::to_string(&new.fields).map_err(Error::internal)?;
    let change = serde_json::json!({
        "before": { "title": case.title, "fields": case.fields },
        "after": { "title": new.title, "fields": fields },
    });
    let write = (&data::EDIT, args![&new.title, &fields]);
    review::carry_out(tx, case, next, version, write, Said::change(change)).await
}

/// Asks for the recommendation of the side that gives it; a helper may have changed since it was begun.
pub async fn submit(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<CaseRow>>,
    version: i64,
) -> Result<()> {
    let next = opened.demand(Action::Submit)?;
    let case = &opened.row;
    let application = rules::of_case(programme, case)?;
    let (recommender, _) = parties(tx, programme, application, &case.org).await?;
    let recommender = recommender.or_else(|| case.recommender.clone());
    let write = (&data::ASK, args![tx.today(), recommender]);
    review::carry_out(tx, case, next, version, write, was(case, "")).await
}

/// What the log keeps beside the words: the state before.
fn was<'a>(case: &CaseRow, reason: &'a str) -> Said<'a> {
    Said { reason, change: serde_json::json!({ "before": case.state }) }
}

/// Back to the applicant's own hands.
pub async fn recall(tx: &mut Tx, opened: &Loaded<Found<CaseRow>>, version: i64) -> Result<()> {
    let next = opened.demand(Action::Recall)?;
    let case = &opened.row;
    review::carry_out(tx, case, next, version, (&data::MOVE, Vec::new()), was(case, "")).await
}

pub async fn recommend(
    tx: &mut Tx,
    opened: &Loaded<Found<CaseRow>>,
    version: i64,
    words: &str,
) -> Result<()> {
    let next = opened.demand(Action::Accept)?;
    short(words, "reason", false, "")?;
    let (case, write) = (&opened.row, (&data::RECOMMEND, args![tx.today()]));
    review::carry_out(tx, case, next, version, write, was(case, words)).await
}

pub async fn return_to_submitter(
    tx: &mut Tx,
    opened: &Loaded<Found<CaseRow>>,
    version: i64,
    words: &str,
) -> Result<()> {
    let next = opened.demand(Action::Return)?;
    short(words, "reason", true, "退回要写明哪里需要补充或修改，对方才好处理。")?;
    let case = &opened.row;
    review::carry_out(tx, case, next, version, (&data::MOVE, Vec::new()), was(case, words)).await
}

fn short(text: &str, field: &str, needed: bool, what: &str) -> Result<()> {
    if needed && text.is_empty() {
        return Err(Error::field(field, Code::Missing.says(what)));
    }
    if text.chars().count() > 500 {
        return Err(Error::field(field, Code::TooLong.says("最多写五百个字，请写得短些。")));
    }
    Ok(())
}

/// Hands it in. How the conditions stand today is kept with it; where one is not met the applicant says why it applies
/// all the same, since the authority decides. What is not known is no failure and asks for nothing. What was known of
/// the applicant is kept too: a fault of the code is looked for in it.
pub async fn forward(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<CaseRow>>,
    version: i64,
    reason: &str,
) -> Result<()> {
    let next = opened.demand(Action::Forward)?;
    let case = &opened.row;
    let application = rules::of_case(programme, case)?;
    let known = super::state_of(tx, programme, &case.org).await?;
    let readings = eligibility(programme, application, &known);
    let needed = rules::needs_reason(&readings);
    short(reason, "reason", needed, "有条件不符合。仍要申报的，请写明理由，由主管部门决定。")?;
    let kept = serde_json::to_string(&readings).map_err(Error::internal)?;
    let change = serde_json::json!({ "before": case.state, "eligibility": &readings });
    let (on, stamp) = (tx.today(), Stamp::now(tx, programme).await?);
    let (application, org) = (application.id.clone(), case.org.clone());
    let (basis, digest) = frozen::text(&Basis { application, org, on, known, readings, stamp })?;
    let write = (&data::APPLY, args![on, &kept, reason, basis, digest]);
    review::carry_out(tx, case, next, version, write, Said { reason, change }).await
}

/// Writes the decision down. What was granted becomes an output of the applicant, where the programme says which.
pub async fn decide(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<CaseRow>>,
    version: i64,
    decision: &Decision,
) -> Result<()> {
    let next = opened.demand(if decision.granted { Action::Accept } else { Action::Refuse })?;
    let case = &opened.row;
    let application = rules::of_case(programme, case)?;
    check_decision(programme, (application, case), decision, tx.today())?;
    let result = match result_of(programme, application) {
        Some((kind, _)) if decision.granted => {
            Some(become_output(tx, programme, kind, application, (case, decision)).await?)
        }
        _ => None,
    };
    let preference = match decision.preference {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    };
    let change = serde_json::json!({
        "before": case.state, "after": next.to(), "on": decision.on, "number": decision.number, "preference": preference,
        "preference_words": decision.preference_words, "result": result,
    });
    let write = named!(data::DECIDE {
        version,
        state: next.to(),
        on: decision.on,
        preference,
        preference_words: &decision.preference_words,
        words: &decision.words,
        number: &decision.number,
        result: result.as_deref(),
    });
    let label = rules::state_mark(next.to()).label;
    let reason =
        if decision.words.is_empty() { label.to_owned() } else { format!("{label}：{}", decision.words) };
    let said = Said { reason: &reason, change };
    review::carry_out(tx, case, next, version, write, said).await
}

fn check_decision(
    programme: &Programme,
    (application, case): (&Application, &CaseRow),
    decision: &Decision,
    today: Date,
) -> Result<()> {
    let mut errors = Vec::new();
    let label = result_of(programme, application).map_or("", |(_, label)| label);
    if decision.granted && !label.is_empty() && decision.amount.is_none_or(|amount| amount < 1) {
        errors.push(FieldError::new("amount", Mistake::missing(label)));
    }
    if decision.on > today {
        errors.push(FieldError::new("on", Code::InFuture.says("还没有到的日子不能登记；请核对文件日期。")));
    }
    if case.applied_on.is_some_and(|day| decision.on < day) {
        errors.push(FieldError::new("on", Code::Reversed.says("决定的日期早于递交的日期，请核对。")));
    }
    if application.preference && decision.granted && decision.preference.is_none() {
        errors.push(FieldError::new("preference", Code::Missing.says("请写明有没有给予倾斜。")));
    }
    if decision.preference == Some(true) && decision.preference_words.is_empty() {
        errors.push(FieldError::new("preference_words", Code::Missing.says("请写一句倾斜体现在哪里。")));
    }
    if !decision.granted && decision.words.is_empty() {
        errors
            .push(FieldError::new("words", Code::Missing.says("没有获批的，请写一句原因，申报单位好改进。")));
    }
    for (field, text, limit) in [
        ("words", &decision.words, 500),
        ("preference_words", &decision.preference_words, 200),
        ("number", &decision.number, 60),
    ] {
        if text.chars().count() > limit {
            errors.push(FieldError::new(
                field,
                Code::TooLong.says(format!("最多写 {limit} 个字，请写得短些。")),
            ));
        }
    }
    Error::of(errors)
}

/// The output that a granted application becomes: it begins in the first stage that counts, on the day of the decision.
async fn become_output(
    tx: &mut Tx,
    programme: &Programme,
    kind: &Output,
    application: &Application,
    (case, decision): (&CaseRow, &Decision),
) -> Result<String> {
    let today = tx.today();
    let is_school = kind.of_school && registry::has_flag(tx, &case.org, "county_school", today).await?;
    let place = OutputPlace {
        org: case.org.clone(),
        name: case.org_name.clone(),
        pairing: None,
        helpers: Vec::new(),
        is_school,
    };
    let stage = kind.stages.iter().find(|stage| stage.counts).or_else(|| kind.stages.first());
    // What was already said in the application under the same name is not asked again.
    let said = jiedui_web::fields::parse(&case.fields);
    let asked = said.into_iter().filter(|(id, _)| kind.fields.iter().any(|field| field.id == *id));
    let is = application.result_is.iter().map(|(field, option)| (field.clone(), option.as_str().into()));
    let fields = asked.chain(is).collect();
    let new = NewOutput {
        school: is_school.then(|| case.org.clone()),
        title: case.title.clone(),
        since: Some(decision.on),
        stage: stage.map(|stage| stage.id.clone()),
        quantity: Some(decision.amount.unwrap_or(1)),
        fields,
        ..NewOutput::default()
    };
    outputs::grant(tx, programme, kind, place, (&new, &case.id)).await
}

/// Takes a decision back that was written down wrongly; what had come of it is withdrawn with the same reason.
pub async fn reopen(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<CaseRow>>,
    version: i64,
    reason: &str,
) -> Result<()> {
    let next = opened.demand(Action::Reopen)?;
    short(reason, "reason", true, "请写明为什么撤销原来登记的结果。")?;
    let case = &opened.row;
    if let Some(result) = &case.result {
        outputs::revoke(tx, programme, result, reason).await?;
    }
    let change =
        serde_json::json!({ "before": case.state, "decision": case.decision, "result": case.result });
    let write = (&data::REOPEN, Vec::new());
    review::carry_out(tx, case, next, version, write, Said { reason, change }).await
}

pub async fn withdraw(
    tx: &mut Tx,
    opened: &Loaded<Found<CaseRow>>,
    version: i64,
    reason: &str,
) -> Result<()> {
    let next = opened.demand(Action::Withdraw)?;
    short(reason, "reason", true, "请写明为什么撤回，一句话即可。")?;
    let case = &opened.row;
    review::carry_out(tx, case, next, version, (&data::MOVE, Vec::new()), was(case, reason)).await
}
