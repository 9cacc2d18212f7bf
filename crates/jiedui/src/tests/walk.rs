//! Every kind of thing that the programme describes goes its whole way through the screens: made by its side, confirmed
//! by the other, counted, and opened down to its row. Whatever a programme adds is walked without a line here.

use crate::both_engines;
use crate::testing::{Agent, Engine, PageResponse, Province, TODAY, World};
use chrono::TimeDelta;
use jiedui_kernel::{Date, Unit};
use jiedui_programme::{
    Activity, Confirmer, Field, FieldKind, GivenBy, IndicatorOf, Measure, Programme, Retires as _, Side, Time,
};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};

/// A browser for each side of the running pairing, the pairing, and how many entries were claimed.
pub struct Sides(HashMap<Side, Agent>, String, AtomicI64);

impl Sides {
    pub async fn of(world: &World, p: &Province) -> Self {
        let mut sides = HashMap::new();
        for (side, org) in [
            (Side::Province, &p.office),
            (Side::City, &p.city),
            (Side::County, &p.county),
            (Side::Lead, &p.lead),
            (Side::Nearby, &p.nearby),
            (Side::CountySchool, &p.xingning),
        ] {
            sides.insert(side, world.agent(org, side.role()).await);
        }
        Self(sides, p.running.clone(), AtomicI64::new(0))
    }

    pub fn get(&self, side: Side) -> &Agent {
        &self.0[&side]
    }
}

/// A fitting value for a field, as somebody would type it.
pub fn filled(field: &Field) -> String {
    match field.kind {
        FieldKind::Text | FieldKind::LongText | FieldKind::Enterprise | FieldKind::Chain => {
            format!("示例{}", field.label)
        }
        FieldKind::Number => "2".to_owned(),
        FieldKind::Date => "2026-10-14".to_owned(),
        FieldKind::Choice => field.options[0].id.clone(),
        FieldKind::Yes => "yes".to_owned(),
        FieldKind::Person => String::new(),
    }
}

/// The first real choice of a select, or of boxes to tick, on a page.
fn first_choice(page: &PageResponse, name: &str) -> Option<String> {
    let options = page.attributes(&format!("select[name={name}] option, input[name={name}]"), "value");
    options.into_iter().find(|value| !value.is_empty())
}

/// What somebody would send from the page of an activity.
fn sent(
    activity: &Activity,
    pairing: &str,
    page: &PageResponse,
    only: &HashMap<String, String>,
    turn: i64,
) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = vec![("pairing".to_owned(), pairing.to_owned())];
    for name in ["helper", "person", "project", "roster"] {
        let wanted = name != "project" || activity.of_project;
        if let Some(value) = first_choice(page, name).filter(|_| wanted) {
            form.push((name.to_owned(), value));
        }
    }
    // Each activity in days of its own: nobody is at two places on one day.
    let first = Date::from_ymd_opt(2026, 10, 12).unwrap() - TimeDelta::days(3 * turn);
    form.extend(["again", "in_term"].map(|name| (name.to_owned(), "yes".to_owned())));
    form.push(("from".to_owned(), first.to_string()));
    if activity.time == Time::Span {
        form.push(("to".to_owned(), (first + TimeDelta::days(2)).to_string()));
    }
    if activity.measure == Measure::Entered {
        // What is paid from an income is no more than it, all together.
        let quantity = if activity.unit == Unit::Yuan { "9" } else { "2" };
        form.push(("quantity".to_owned(), quantity.to_owned()));
    }
    for field in &activity.fields {
        let value = only.get(&field.id).cloned().unwrap_or_else(|| filled(field));
        form.push((field.id.clone(), value));
    }
    form
}

/// Choices that an indicator over the activity asks for, so that the entry counts in it. What decides what else is asked
/// is left open where it may be: the usual form is filled in.
fn choices_for(of: &IndicatorOf, activity: &Activity) -> HashMap<String, String> {
    let decides =
        |field: &&Field| !field.required && jiedui_web::fields::decides(&activity.fields, &field.id);
    let open = activity.fields.iter().filter(decides).map(|field| (field.id.clone(), String::new()));
    let mut chosen: HashMap<String, String> = open.collect();
    if let IndicatorOf::Entries { only: Some(only), .. } = of {
        chosen.insert(only.field.clone(), only.is.first().cloned().unwrap_or_default());
    }
    chosen
}

/// Who claims it so that the indicator counts it.
fn claimant_for(activity: &Activity, of: Option<&IndicatorOf>) -> Side {
    let helpers = match of {
        Some(IndicatorOf::Entries { given_by: Some(by), .. }) => Some(*by == GivenBy::Helpers),
        _ => None,
    };
    // An option may be for some sides alone.
    let may = |side: &Side| match of {
        Some(IndicatorOf::Entries { only: Some(only), .. }) => {
            let mut fields = activity.fields.iter().filter(|field| field.id == only.field);
            let by =
                fields.find_map(|field| field.options.iter().find(|one| only.is.first() == Some(&one.id)));
            by.is_none_or(|option| option.by.is_empty() || option.by.contains(side))
        }
        _ => true,
    };
    let fits = |side: &Side| {
        may(side) && helpers.is_none_or(|helpers| helpers == matches!(side, Side::Lead | Side::Nearby))
    };
    activity.claimed_by.iter().copied().find(fits).unwrap_or(activity.claimed_by[0])
}

fn answerer(activity: &Activity, side: Side, form: &[(&str, &str)]) -> Side {
    let chosen = |field: &str| form.iter().find(|(name, _)| *name == field).map(|(_, value)| *value);
    match activity.confirmer(chosen) {
        Confirmer::CountySchool => Side::CountySchool,
        Confirmer::Receiver if side != Side::CountySchool => Side::CountySchool,
        Confirmer::CountyBureau | Confirmer::Receiver => Side::County,
        // The first helper that the form offers is the lead.
        Confirmer::Helper if side == Side::CountySchool => Side::Lead,
        Confirmer::Helper => Side::Lead,
    }
}

/// Claims and confirms one entry of an activity; returns its address, or what went wrong.
async fn through(
    sides: &Sides,
    activity: &Activity,
    only: &HashMap<String, String>,
    side: Side,
) -> Result<String, String> {
    let claimant = sides.get(side);
    let path = format!("/entries/new/{}", activity.id);
    let page = claimant.get(&path).await;
    if page.status != 200 {
        return Err(format!("the form answers {}", page.status));
    }
    let form = sent(activity, &sides.1, &page, only, sides.2.fetch_add(1, Ordering::Relaxed));
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let made = claimant.post(&path, &form).await;
    if made.status != 303 {
        return Err(format!("claiming answers {}: {:?}", made.status, made.all(".errors li")));
    }
    let entry = made.location.clone();
    let confirmer = sides.get(answerer(activity, side, &form));
    let answer =
        confirmer.post(&format!("{entry}/answer"), &[("verdict", "confirm"), ("version", "1")]).await;
    if answer.status != 303 {
        return Err(format!("confirming answers {}", answer.status));
    }
    let seen = claimant.get_json(&entry).await.json();
    if seen["state"]["key"] != "confirmed" || seen["claimed"]["raw"] != seen["confirmed"]["raw"] {
        return Err(format!("it stands as {}", seen["state"]["key"]));
    }
    Ok(entry)
}

/// The indicator's page counts the entry and leads to it.
async fn counted(sides: &Sides, programme: &Programme, indicator: &str, entry: &str) -> Result<(), String> {
    let province = sides.get(Side::Province);
    let page = province.get(&format!("/indicators/{indicator}?year=2026")).await;
    let of = programme.indicator(indicator).unwrap();
    let sums: Vec<i64> =
        page.attributes(".entry-sum .figure", "data-raw").iter().filter_map(|raw| raw.parse().ok()).collect();
    if sums.last().is_none_or(|sum| *sum <= 0) {
        return Err(format!("{}: confirmed is {sums:?}", of.name));
    }
    if !page.attributes("[data-behind] a", "href").iter().any(|href| href == entry) {
        return Err(format!("{}: does not open to {entry}", of.name));
    }
    Ok(())
}

/// A filed project for the activities that are something only as a part of one.
async fn counting_in_items(world: &World, p: &Province) {
    let mut tx = world.tx().await;
    let row = crate::network::pairings::find(&mut tx, &p.running).await.unwrap();
    crate::planning::projects::example(&mut tx, &row, 2025, "items").await;
    tx.audit(jiedui_store::AuditRecord { action: "test.arrange", resource: "test", resource_id: "" }, &())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// What went wrong with the activities of the programme of a world, each gone through its whole way.
async fn all_through(world: &World, p: &Province) -> Vec<String> {
    counting_in_items(world, p).await;
    let sides = Sides::of(world, p).await;
    let programme = world.app.programme();
    let mut wrong = Vec::new();
    let today = world.tx().await.today();
    for activity in programme.activities.iter().filter(|one| one.is_offered_on(today)) {
        let over = |of: &IndicatorOf| matches!(of, IndicatorOf::Entries { activity: ids, .. } if ids.contains(&activity.id));
        // What is asked no more cannot be chosen any more.
        let asked = |of: &IndicatorOf| match of {
            IndicatorOf::Entries { only: Some(only), .. } => {
                let field = activity.fields.iter().find(|field| field.id == only.field);
                field.is_some_and(|field| today <= programme.sunset_of(field))
            }
            _ => true,
        };
        let counting: Vec<_> =
            programme.indicators.iter().filter(|one| over(&one.of) && asked(&one.of)).collect();
        if counting.is_empty()
            && let Err(why) = through(&sides, activity, &HashMap::new(), claimant_for(activity, None)).await
        {
            wrong.push(format!("{}: {why}", activity.id));
        }
        for indicator in counting {
            let (chosen, side) =
                (choices_for(&indicator.of, activity), claimant_for(activity, Some(&indicator.of)));
            let done = match through(&sides, activity, &chosen, side).await {
                Ok(entry) => counted(&sides, &programme, &indicator.id, &entry).await,
                Err(why) => Err(why),
            };
            if let Err(why) = done {
                wrong.push(format!("{}: {why}", activity.id));
            }
        }
    }
    wrong
}

both_engines! {
    /// T3.3 to T12.5, S1.4 to S4.1: each activity type is claimed, confirmed, counted by each of its indicators, opened.
    async fn every_activity_is_claimed_confirmed_counted_and_opened(world: World, p: Province) {
        let wrong = all_through(&world, &p).await;
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

both_engines! {
    /// G2.2 to G3.8 and every indicator: its page opens and says its definition; each target stands on the page of targets.
    async fn every_indicator_and_target_opens(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let programme = world.app.programme();
        for indicator in &programme.indicators {
            let page = office.get(&format!("/indicators/{}?year=2026", indicator.id)).await;
            assert_eq!(page.status, 200, "{}", indicator.id);
            assert!(page.says(&indicator.definition), "{} says its definition", indicator.id);
        }
        let page = office.get("/targets").await;
        for target in &programme.targets {
            assert!(page.says(&target.name) && page.says(&target.basis), "{}", target.id);
        }
    }
}

both_engines! {
    /// G0.3: wherever county schools are listed or counted, one can look at the typical counties alone.
    async fn typical_counties_are_a_filter_everywhere(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        for path in TYPICAL {
            let page = office.get(path).await;
            assert_eq!(page.status, 200, "{path}");
            assert_eq!(page.all("select[name=typical]").len(), 1, "{path} has the filter");
            assert_eq!(office.get(&format!("{path}?typical=typical")).await.status, 200, "{path}");
        }
    }
}

both_engines! {
    /// T4.7: that collaboration work counts as enterprise practice is said once a policy is in force, and not before.
    async fn practice_is_spoken_of_once_a_policy_is_in_force(world: World, p: Province) {
        let sides = Sides::of(&world, &p).await;
        let programme = world.app.programme();
        let activity = programme.activities.iter().find(|one| one.practice_by.is_some()).unwrap();
        let policy = programme.output(activity.practice_by.as_deref().unwrap()).unwrap();
        let entry = through(&sides, activity, &HashMap::new(), claimant_for(activity, None)).await.unwrap();
        let lead = sides.get(Side::Lead);
        assert!(!lead.get(&entry).await.says("企业实践经历"));
        let stage = policy.stages.iter().find(|stage| stage.counts).unwrap();
        let mut form = vec![("title", "示例政策文件".to_owned()), ("stage", stage.id.clone())];
        form.push(("since", "2026-09-01".to_owned()));
        form.extend(policy.fields.iter().map(|field| (field.id.as_str(), filled(field))));
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let made = sides.get(Side::Province).post(&format!("/outputs/new/{}", policy.id), &form).await;
        assert_eq!(made.status, 303, "{:?}", made.all(".errors li"));
        let page = lead.get(&entry).await;
        assert!(page.says("企业实践经历") && page.says("示例政策文件"));
    }
}

const TYPICAL: [&str; 17] = [
    "/registry",
    "/pairings",
    "/readiness",
    "/needs",
    "/plans",
    "/projects",
    "/entries",
    "/outputs",
    "/applications",
    "/profiles",
    "/attainment",
    "/clocks",
    "/majors",
    "/funding",
    "/funding/moneys",
    "/funding/moves",
    "/indicators/visits",
];

/// Another text of the plan is another programme and not another line of code: the sample runs as the first one does.
#[tokio::test]
async fn the_second_programme_runs_without_a_line_of_code() {
    let programme = crate::testing::programme_in(Some("sample-2027"));
    assert_ne!(programme.meta.id, crate::testing::programme().meta.id);
    let world = World::under(Engine::Sqlite, TODAY, false, programme).await;
    let wrong = all_through(&world, &Province::build(&world).await).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A field past its last day is asked no more; one that was renewed is.
#[tokio::test]
async fn a_field_past_its_last_day_is_asked_no_more() {
    let mut programme = crate::testing::programme();
    let training = programme.activities.iter_mut().find(|one| one.id == "teacher-training").unwrap();
    let (gone, kept) = (training.fields[0].id.clone(), training.fields[1].id.clone());
    training.fields[0].sunset = Some("2026-11-23".parse().unwrap());
    training.fields[1].sunset = Some(TODAY.parse().unwrap());
    let world = World::under(Engine::Sqlite, TODAY, false, programme).await;
    let p = Province::build(&world).await;
    let page = world.agent(&p.lead, "lead").await.get("/entries/new/teacher-training").await;
    let named = |id: &str| page.attributes(&format!("[name={id}]"), "name").len();
    assert_eq!((named(&gone), named(&kept)), (0, 1));
}

/// What is retired is offered no more and refused by name; what was recorded is read, answered and counted.
#[tokio::test]
async fn what_is_retired_stays_readable_and_counted() {
    let mut programme = crate::testing::programme();
    let tomorrow: jiedui_kernel::Date = TODAY.parse::<jiedui_kernel::Date>().unwrap().succ_opt().unwrap();
    programme.obligations.retain(|one| one.activity != "visit");
    programme.activities.iter_mut().find(|one| one.id == "visit").unwrap().retired = Some(tomorrow);
    let world = World::under(Engine::Sqlite, TODAY, false, programme).await;
    let p = Province::build(&world).await;
    let lead = world.agent(&p.lead, "lead").await;
    let links = async |agent: &crate::testing::Agent| {
        let page = agent.get("/entries/new").await;
        page.attributes("a", "href").iter().filter(|href| href.starts_with("/entries/new/visit")).count()
    };
    assert_eq!(links(&lead).await, 1);
    let visit = crate::testing::claim(&world, &p.lead, &p.running, "visit", "校长", TODAY, None).await;
    world.clock().advance(chrono::TimeDelta::days(1));
    // The session of yesterday is over.
    let lead = world.agent(&p.lead, "lead").await;
    assert_eq!(links(&lead).await, 0);
    for page in ["/entries/new/visit", "/entries/import/visit/template"] {
        let told = lead.get(page).await;
        assert_eq!(told.status, 403, "{page}");
        assert!(told.text().contains(&tomorrow.to_string()), "{}", told.text());
    }
    let sent = lead.post("/entries/new/visit", &[("from", TODAY), ("pairing", &p.running)]).await;
    assert_eq!(sent.status, 403);
    let school = world.agent(&p.xingning, "county_school").await;
    let page = school.get_json(&format!("/entries/{visit}")).await.json();
    let version = page["version"].as_i64().unwrap_or(1).to_string();
    let answer = school
        .post(&format!("/entries/{visit}/answer"), &[("verdict", "confirm"), ("version", &version)])
        .await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let figure = lead.get_json("/indicators/visits").await.json();
    assert_eq!(figure["confirmed"]["raw"], 1, "{figure}");
}
