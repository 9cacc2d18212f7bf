//! Every route × every role × every relation. What comes out is committed as `docs/permissions.md`, so that a change of
//! rights is a change that a reader sees.

use crate::both_engines;
use crate::site;
use crate::testing::{Province, World};
use jiedui_programme::Programme;
use jiedui_web::route::{Access, Method, Route, Subject};
use std::fmt::Write as _;

const RELATIONS: [(&str, &str); 5] = [
    ("own", "本单位"),
    ("subtree", "下属"),
    ("paired", "结对中"),
    ("former", "曾结对"),
    ("stranger", "无关"),
];
const ROLES: [&str; 9] =
    ["province", "city", "county", "lead", "nearby", "county_school", "sysadmin", "secadmin", "auditor"];

fn home(role: &str, p: &Province) -> String {
    match role {
        "city" => p.city.clone(),
        "county" => p.county.clone(),
        "lead" => p.lead.clone(),
        "nearby" => p.nearby.clone(),
        "county_school" => p.xingning.clone(),
        _ => p.office.clone(),
    }
}

/// A row of the asked-for kind that stands in this relation to the role; `None` where the relation cannot occur.
fn row(role: &str, relation: &str, subject: Subject, p: &Province) -> Option<String> {
    let everything = !matches!(role, "city" | "county" | "lead" | "nearby" | "county_school");
    if matches!(role, "province" | "sysadmin" | "secadmin" | "auditor") && relation != "subtree" {
        return None;
    }
    let pick = |org: &str, pairing: &str, entry: &str| {
        let at = [&p.running, &p.ended, &p.strange].into_iter().position(|id| id == pairing)?;
        let papers = &p.papers[at];
        Some(match subject {
            Subject::Org => org.to_owned(),
            Subject::CountySchool => [&p.xingning, &p.zijin, &p.nanxiong][at].clone(),
            Subject::Pairing => pairing.to_owned(),
            Subject::Entry => entry.to_owned(),
            Subject::Need => papers.need.clone(),
            Subject::Capacity => papers.capacity.clone(),
            Subject::Agreement => papers.agreement.clone(),
            Subject::SchoolPlan => papers.plan.clone(),
            Subject::ProjectList => papers.list.clone(),
            Subject::Project => papers.project.clone(),
            Subject::Major => papers.major.clone(),
            Subject::Complaint => p.complaints.get(org)?.clone(),
            Subject::Output => papers.output.clone(),
            Subject::Application => papers.application.clone(),
            Subject::None | Subject::Open => return None,
        })
    };
    match (role, relation) {
        (_, "stranger") => pick(&p.nanxiong, &p.strange, &p.strange_visit),
        ("lead", "former") => pick(&p.zijin, &p.ended, &p.former_visit),
        ("lead", "own") => pick(&p.lead, &p.running, &p.visit),
        ("lead", "paired") => pick(&p.xingning, &p.running, &p.visit),
        ("nearby", "own") => pick(&p.nearby, &p.running, &p.visit),
        ("nearby", "paired") => pick(&p.xingning, &p.running, &p.visit),
        ("county_school", "own") => pick(&p.xingning, &p.running, &p.visit),
        ("county_school", "paired") => pick(&p.lead, &p.running, &p.visit),
        ("city" | "county", "own") => pick(&home(role, p), &p.running, &p.visit),
        ("city" | "county", "paired") => pick(&p.lead, &p.running, &p.visit),
        (_, "subtree") if everything || matches!(role, "city" | "county") => {
            pick(&p.xingning, &p.running, &p.visit)
        }
        _ => None,
    }
}

async fn ask(world: &World, p: &Province, route: &Route, role: &str, id: &str) -> u16 {
    // A new session each time: some routes end it.
    let agent = world.agent(&home(role, p), role).await;
    let path = fill(route.path, id, p);
    match route.method {
        Method::Get => agent.get(&path).await.status.as_u16(),
        Method::Post => agent.post(&path, &[]).await.status.as_u16(),
    }
}

fn fill(path: &str, id: &str, p: &Province) -> String {
    path.replace("{id}", if id.is_empty() { "S1.4" } else { id })
        .replace("{kind}", "activity")
        .replace("{activity}", "visit")
        .replace("{output}", "master-workshop")
        .replace("{application}", "training-base")
        .replace("{batch}", "none")
        .replace("{obligation}", "principal-visit")
        .replace("{helper}", &p.lead)
        .replace("{county}", &p.xingning)
        .replace("{period}", "2026")
        .replace("{year}", "2026")
        .replace("{element}", "land_area")
        .replace("{standard}", "technical-school")
        .replace("{sheet}", "院校")
        .replace("{form}", "test-form")
        .replace("{file}", "instance.json")
}

fn granted(programme: &Programme, access: Access, role: &str) -> bool {
    match access {
        Access::Public | Access::SignedIn => true,
        Access::Can(thing, action) => programme.access.grants.iter().any(|grant| {
            grant.thing == thing
                && grant.actions.iter().any(|one| one == action)
                && grant.roles.iter().any(|one| one == role)
        }),
    }
}

fn check(programme: &Programme, route: &Route, role: &str, relation: &str, status: u16) {
    let place = format!("{} {} as {role}, {relation}: {status}", route.method.name(), route.path);
    assert!(status < 500, "{place}");
    if !granted(programme, route.access, role) {
        assert_eq!(status, 403, "{place}: no grant, so it is refused");
        return;
    }
    let administers = matches!(role, "sysadmin" | "secadmin" | "auditor");
    match relation {
        "stranger" => assert_eq!(status, 404, "{place}: somebody else's row is not there"),
        _ if administers && relation != "-" => {
            assert_eq!(status, 404, "{place}: administrators see no business row")
        }
        // What one organisation has to say is for itself and the office that answers, not for those above or beside it.
        "subtree" | "paired" | "former" if route.subject == Subject::Complaint && role != "province" => {
            assert_eq!(status, 404, "{place}: somebody else's complaint is not there")
        }
        "former"
            if matches!(
                route.subject,
                Subject::Org
                    | Subject::CountySchool
                    | Subject::Need
                    | Subject::Capacity
                    | Subject::Major
                    | Subject::Application
            ) =>
        {
            assert_eq!(status, 404, "{place}: what belongs to the school is seen while one is paired")
        }
        "former" if route.method == Method::Get && route.path.ends_with("/{id}") => {
            assert_eq!(status, 200, "{place}")
        }
        "own" | "subtree" | "paired" if route.method == Method::Get && route.path.ends_with("/{id}") => {
            assert_eq!(status, 200, "{place}");
        }
        _ => {}
    }
}

async fn walk(world: &World, p: &Province) -> String {
    let programme = world.app.programme();
    let mut table = String::from(
        "# Permissions: every route, every role, every relation\n\n\
         Made by the test `tests::access` from the running application; the test fails where this file and the program \
         differ (`UPDATE_TABLES=1` writes it anew). A number is the HTTP status with an empty form: 200 shown, 303 done, \
         403 no such right, 404 not within reach, 409 and 422 allowed but the form was empty, – cannot occur.\n",
    );
    for route in site::all() {
        let _ = write!(table, "\n## {} {}\n\n{}。", route.method.name(), route.path, route.about);
        let relations: Vec<(&str, &str)> = match route.subject {
            Subject::None | Subject::Open => vec![("-", "状态")],
            _ => RELATIONS.to_vec(),
        };
        let heads: Vec<&str> = relations.iter().map(|(_, name)| *name).collect();
        let _ = write!(table, "\n\n| 角色 | {} |\n|---|{}\n", heads.join(" | "), "---|".repeat(heads.len()));
        for role in ROLES {
            let _ = write!(table, "| {role} |");
            for (relation, _) in &relations {
                let id = if *relation == "-" {
                    Some(String::new())
                } else {
                    row(role, relation, route.subject, p)
                };
                match id {
                    Some(id) => {
                        let status = ask(world, p, &route, role, &id).await;
                        check(&programme, &route, role, relation, status);
                        let _ = write!(table, " {status} |");
                    }
                    None => table.push_str(" – |"),
                }
            }
            table.push('\n');
        }
        let nobody = match route.method {
            Method::Get => world.stranger().get(&fill(route.path, "", p)).await,
            Method::Post => world.stranger().post(&fill(route.path, "", p), &[]).await,
        };
        if route.access != Access::Public {
            assert!(
                nobody.location.starts_with("/signin"),
                "{} asks nobody in particular to sign in",
                route.path
            );
        }
    }
    table
}

both_engines! {
    async fn every_route_with_every_role_and_relation(world: World, province: Province) {
        compare("docs/permissions.md", &walk(&world, &province).await);
    }
}

/// Compares a committed table with what the program yields; writes it with `UPDATE_TABLES=1`.
pub fn compare(path: &str, made: &str) {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    if std::env::var_os("UPDATE_TABLES").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, made).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == made,
        "{path} is not what the program does; run once with UPDATE_TABLES=1 and read the difference"
    );
}

#[test]
fn every_route_says_what_it_is_for() {
    for route in site::all() {
        assert!(!route.about.is_empty(), "{} {}", route.method.name(), route.path);
        let scoped = route.path.contains("{id}");
        assert!(!scoped || route.subject != Subject::None, "{} says what its id names", route.path);
    }
}
