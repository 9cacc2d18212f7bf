//! What was built moves the project that it names; what is about something else moves none.

use super::super::data::{self, Ended};
use super::super::rules::{Fields, unit_of};
use super::{actions, hidden};
use crate::both_engines;
use crate::testing::{Agent, PageResponse, Province, World, day};
use jiedui_store::args;

/// A project in force of the running pairing.
async fn in_force(
    world: &World,
    p: &Province,
    (clause, unit): (&str, &str),
    from: &str,
    ended: Ended,
) -> String {
    let mut tx = world.tx().await;
    let pairing = crate::network::pairings::find(&mut tx, &p.running).await.unwrap();
    let list = p.papers[0].list.clone();
    let like = actions::of_list(&mut tx, &list).await.unwrap()[0].fields();
    let at = actions::ProjectPlace {
        list: &list,
        pairing: &pairing.id,
        year: 2026,
        place: 50,
        order_key: "5".to_owned(),
        carried_from: None,
    };
    let title = format!("项目{clause}自{from}");
    let (clause, unit) = (clause.to_owned(), unit_of(unit));
    let fields = Fields { from: day(from), to: day("2026-12-31"), title, clause, unit, quantity: 2, ..like };
    let id = actions::insert(&mut tx, at, &fields).await.unwrap();
    let project = crate::planning::projects::find(&mut tx, &id).await.unwrap();
    tx.change(&project, &data::PUT_ONE_IN_FORCE, Vec::new()).await.unwrap();
    let end = args![ended, "", None::<jiedui_kernel::Date>];
    data::END_PROJECT.at(&project, 1, end).write(&mut tx, "").await.unwrap();
    tx.audit(jiedui_store::AuditRecord { action: "test.arrange", resource: "test", resource_id: "" }, &())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    id
}

async fn record(by: &Agent, title: &str, (stage, since, project): (&str, &str, &str)) -> PageResponse {
    let fields = [
        ("title", title),
        ("stage", stage),
        ("since", since),
        ("scope", "焊接"),
        ("project", project),
        ("what", "system"),
    ];
    by.post("/outputs/new/training-system", &fields).await
}

async fn act(by: &Agent, output: &str, what: &str, fields: &[(&str, &str)]) -> PageResponse {
    let page = if what == "correct" { format!("{output}/correct") } else { output.to_owned() };
    let version = hidden(&by.get(&page).await, &format!("{output}/{what}"), "version");
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    by.post(&format!("{output}/{what}"), &all).await
}

both_engines! {
    async fn what_was_built_moves_the_project_that_it_names(world: World, p: Province) {
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        let project = in_force(&world, &p, ("T3.1", "items"), "2026-01-01", Ended::Not).await;
        let sums = async || {
            let view = lead.get_json(&format!("/projects/{project}")).await.json();
            let sum = |which: &str| view["project"][which]["raw"].as_i64().unwrap();
            let rows = view["rows"].as_array().unwrap().len();
            (sum("claimed"), sum("confirmed"), rows)
        };
        let done = record(&lead, "技能实训体系", ("building", "2025-09-01", &project)).await;
        assert_eq!(done.status, 303, "{:?}", done.all(".errors li"));
        let output = done.location;
        assert_eq!(sums().await, (0, 0, 1), "begun before the project, and not there yet");
        assert_eq!(act(&school, &output, "answer", &[("verdict", "confirm")]).await.status, 303);
        assert_eq!(act(&lead, &output, "stage", &[("stage", "running"), ("from", "2026-11-02")]).await.status, 303);
        assert_eq!(sums().await, (1, 0, 1));
        assert_eq!(act(&school, &output, "answer", &[("verdict", "confirm")]).await.status, 303);
        assert_eq!(sums().await, (1, 1, 1));
        assert!(lead.get(&output).await.says("项目T3.1自2026-01-01"), "the output says of what it is a part");
        assert!(lead.get(&format!("/projects/{project}")).await.says("技能实训体系"));
        let index = lead.get_json("/projects?year=2026").await.json();
        let row = index["rows"].as_array().unwrap().iter().find(|row| row["id"] == project.as_str()).unwrap().clone();
        assert_eq!(row["confirmed"]["raw"].as_i64(), Some(1), "the list says what the page says");
        // A correction that takes it out of the project takes its part too.
        let other =
            [("title", "技能实训体系"), ("since", "2025-09-01"), ("what", "system"), ("scope", "焊接"), ("project", "")];
        let corrected = act(&lead, &output, "correct", &other).await;
        assert_eq!(corrected.status, 303, "{:?}", corrected.all(".errors li"));
        assert_eq!(sums().await, (0, 0, 0));
        assert_eq!(lead.get("/outputs/export?type=training-system").await.status, 200);
    }

    async fn a_project_takes_only_what_it_is_about(world: World, p: Province) {
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        let refused = async |project: &str, words: &str| {
            let sent = record(&lead, "实训体系", ("running", "2026-09-01", project)).await;
            assert_eq!(sent.status, 422);
            assert_eq!(sent.attributes(".errors a", "href"), ["#f-project"]);
            assert!(sent.says(words), "{:?}", sent.all(".errors"));
        };
        let systems = in_force(&world, &p, ("T3.1", "items"), "2026-01-01", Ended::Not).await;
        let major = [("title", "茶艺专业"), ("since", "2026-09-01"), ("stage", "special"), ("project", systems.as_str())];
        let other = lead.post("/outputs/new/special-major", &major).await;
        assert_eq!((other.status.as_u16(), other.attributes(".errors a", "href")), (422, vec!["#f-project".to_owned()]));
        assert!(other.says("（T3.1）"), "{:?}", other.all(".errors"));
        refused(&in_force(&world, &p, ("T3.1", "items"), "2026-10-01", Ended::Not).await, "从 2026-10-01 开始").await;
        refused(&in_force(&world, &p, ("T3.1", "items"), "2026-02-01", Ended::Closed).await, "没有这个已备案").await;
        refused(&in_force(&world, &p, ("T3.1", "days"), "2026-02-01", Ended::Not).await, "没有这个已备案").await;
        refused(&p.papers[2].project, "没有这个已备案").await;
        let begun = in_force(&world, &p, ("T3.1", "items"), "2026-10-02", Ended::Not).await;
        let output = record(&lead, "建设中的体系", ("building", "2026-01-05", &begun)).await.location;
        let early = act(&lead, &output, "stage", &[("stage", "running"), ("from", "2026-10-01")]).await;
        assert_eq!((early.status.as_u16(), early.attributes(".errors a", "href")), (422, vec!["#f-from".to_owned()]));
        // Training of teachers serves contests too, training of others does not.
        let coaches = in_force(&world, &p, ("T7.1", "person_times"), "2026-01-01", Ended::Not).await;
        let span = [("from", "2026-11-02"), ("to", "2026-11-06"), ("quantity", "12")];
        let of = [("pairing", p.running.as_str()), ("project", coaches.as_str())];
        let all: Vec<_> = span.into_iter().chain(of).collect();
        let social = school.post("/entries/new/social-training", &all).await;
        assert_eq!(social.status, 422);
        assert!(social.says("项目“项目T7.1自2026-01-01”属于“") && social.says("（T7.1）"), "{:?}", social.all(".errors"));
        assert!(!school.get("/entries/new/social-training").await.says("项目T7.1自"), "it is not offered either");
        let closed = in_force(&world, &p, ("T4.2", "person_times"), "2026-03-01", Ended::Closed).await;
        let of = [("pairing", p.running.as_str()), ("project", closed.as_str())];
        let late: Vec<_> = span.into_iter().chain(of).collect();
        let late = lead.post("/entries/new/teacher-training", &late).await;
        assert_eq!(late.status, 422, "nothing new is part of what was closed");
        let training = lead.post("/entries/new/teacher-training", &all).await;
        assert_eq!(training.status, 303, "{:?}", training.all(".errors li"));
    }
}
