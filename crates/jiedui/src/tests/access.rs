//! Every route × every role × every relation. What comes out is committed as `docs/permissions.md`, so that a change of
//! rights is a change that a reader sees.

use crate::both_engines;
use crate::mechanisms::ALL;
use crate::oversight::interface::{self, NewToken};
use crate::shared::mechanism::{Belongs, Mechanism};
use crate::testing::{Province, World, compare, samples};
use jiedui_programme::Programme;
use jiedui_web::route::{Access, Method, Route, Subject};
use std::collections::BTreeMap;
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

/// On PostgreSQL three of them, one of each kind of side: what a role may is no matter of the engine, and which rows one sees is
/// asked in the same statements.
const ON_POSTGRES: [&str; 3] = ["province", "lead", "county_school"];

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
    let Subject::Row(subject) = subject else { return None };
    let pick = |org: &str, pairing: &str| samples::row(p, subject, org, pairing);
    match (role, relation) {
        (_, "stranger") => pick(&p.nanxiong, &p.strange),
        ("lead", "former") => pick(&p.zijin, &p.ended),
        ("lead", "own") => pick(&p.lead, &p.running),
        ("lead", "paired") => pick(&p.xingning, &p.running),
        ("nearby", "own") => pick(&p.nearby, &p.running),
        ("nearby", "paired") => pick(&p.xingning, &p.running),
        ("county_school", "own") => pick(&p.xingning, &p.running),
        ("county_school", "paired") => pick(&p.lead, &p.running),
        ("city" | "county", "own") => pick(&home(role, p), &p.running),
        ("city" | "county", "paired") => pick(&p.lead, &p.running),
        (_, "subtree") if everything || matches!(role, "city" | "county") => pick(&p.xingning, &p.running),
        _ => None,
    }
}

/// A route with the mechanism that has it.
struct AskedRoute {
    of: &'static Mechanism,
    route: Route,
}

fn asked() -> impl Iterator<Item = AskedRoute> {
    ALL.iter().copied().flat_map(|of| (of.routes)().into_iter().map(move |route| AskedRoute { of, route }))
}

/// A token of each role: programs ask by them, and are another column than the browsers of the same accounts.
async fn tokens(world: &World, p: &Province, roles: &[&'static str]) -> BTreeMap<&'static str, String> {
    let mut tokens = BTreeMap::new();
    for role in roles.iter().copied() {
        let holder = world.person(&home(role, p), role).await;
        let mut tx = world.tx().await;
        let new =
            NewToken { account: holder.account(), org: &holder.org, name: "测试", days: 30, writes: true };
        let (token, _) = interface::make(&mut tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        tokens.insert(role, token);
    }
    tokens
}

async fn ask(world: &World, p: &Province, asked: &AskedRoute, (role, token): (&str, &str), id: &str) -> u16 {
    let path = fill(asked, id, p);
    if asked.route.is_for_programs() {
        let program = world.stranger();
        let answer = match asked.route.method {
            Method::Get => program.get_by(&path, token).await,
            // A version that no row has: what asks for nothing else would be done.
            Method::Post => program.post_by(&path, (token, "key", Some(0)), &serde_json::json!({})).await,
        };
        return answer.status.as_u16();
    }
    // A new session each time: some routes end it.
    let agent = world.agent(&home(role, p), role).await;
    match asked.route.method {
        Method::Get => agent.get(&path).await.status.as_u16(),
        Method::Post => agent.post(&path, &[]).await.status.as_u16(),
    }
}

/// The path with the row in the place of its id, and what the mechanism has for the other places.
fn fill(asked: &AskedRoute, id: &str, p: &Province) -> String {
    let path = if id.is_empty() { asked.route.path.to_owned() } else { asked.route.path.replace("{id}", id) };
    let places = (asked.of.samples.places)(p);
    let filled = places.iter().fold(path, |path, (place, value)| path.replace(place, value));
    // Where the mechanism has nothing to show, something that is not there.
    let filled = filled.replace("{id}", "nothing").replace("{file}", "word");
    assert!(!filled.contains('{'), "{}: {} has no sample for a place of it", filled, asked.of.folder);
    filled
}

fn granted(programme: &Programme, access: Access, role: &str) -> bool {
    match access {
        Access::Public | Access::SignedIn => true,
        Access::Can(resource, action) => programme.access.grants.iter().any(|grant| {
            grant.resource == resource
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
    let belongs =
        |whose: Belongs| matches!(route.subject, Subject::Row(subject) if samples::belongs(subject) == whose);
    let administers = matches!(role, "sysadmin" | "secadmin" | "auditor");
    match relation {
        "stranger" => assert_eq!(status, 404, "{place}: somebody else's row is not there"),
        _ if administers && relation != "-" => {
            assert_eq!(status, 404, "{place}: administrators see no business row")
        }
        "subtree" | "paired" | "former" if belongs(Belongs::Author) && role != "province" => {
            assert_eq!(status, 404, "{place}: what one has to say is for itself and the office that answers")
        }
        "paired" | "former" if belongs(Belongs::Above) => {
            assert_eq!(status, 404, "{place}: it is no business of partners")
        }
        "former" if belongs(Belongs::School) => {
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

const HEAD: &str = "# Permissions: every route, every role, every relation\n\n\
Made by the test `tests::access` from the running application; the test fails where this file and the program \
differ (`UPDATE_TABLES=1` rewrites it). A number is the HTTP status with an empty form: 200 shown, 303 done, \
403 no such right, 404 not visible to the caller, 409 and 422 allowed but the form was empty, – cannot occur. What \
begins with `/api/v1/` is asked by a token of the role and not by a browser; there 412 is allowed, but of another version.\n";

async fn walk(world: &World, p: &Province, roles: &[&'static str]) -> String {
    let (programme, tokens) = (world.app.programme(), tokens(world, p, roles).await);
    let mut table = HEAD.to_owned();
    for asked in asked() {
        let route = asked.route;
        let _ = write!(table, "\n## {} {}\n\n{}。", route.method.name(), route.path, route.about);
        let relations: Vec<(&str, &str)> = match route.subject {
            Subject::None | Subject::Open => vec![("-", "状态")],
            _ => RELATIONS.to_vec(),
        };
        let heads: Vec<&str> = relations.iter().map(|(_, name)| *name).collect();
        let _ = write!(table, "\n\n| 角色 | {} |\n|---|{}\n", heads.join(" | "), "---|".repeat(heads.len()));
        for role in roles.iter().copied() {
            let _ = write!(table, "| {role} |");
            for (relation, _) in &relations {
                let id = if *relation == "-" {
                    Some(String::new())
                } else {
                    row(role, relation, route.subject, p)
                };
                match id {
                    Some(id) => {
                        let status = ask(world, p, &asked, (role, tokens[role].as_str()), &id).await;
                        check(&programme, &route, role, relation, status);
                        let _ = write!(table, " {status} |");
                    }
                    None => table.push_str(" – |"),
                }
            }
            table.push('\n');
        }
        if route.is_for_programs() {
            // A cookie opens nothing here, or other sites could ask in a reader's name.
            for agent in [world.agent(&p.office, "province").await, world.stranger()] {
                let path = fill(&asked, "", p);
                let refused = match route.method {
                    Method::Get => agent.get(&path).await,
                    Method::Post => agent.post(&path, &[]).await,
                };
                assert_eq!(refused.status, 401, "{} asks for a token", route.path);
            }
            continue;
        }
        let nobody = match route.method {
            Method::Get => world.stranger().get(&fill(&asked, "", p)).await,
            Method::Post => world.stranger().post(&fill(&asked, "", p), &[]).await,
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

/// The table without the rows of roles that PostgreSQL is not asked as.
fn without_others(table: &str) -> String {
    let others: Vec<String> =
        ROLES.iter().filter(|role| !ON_POSTGRES.contains(role)).map(|role| format!("| {role} |")).collect();
    let kept = table.lines().filter(|line| !others.iter().any(|other| line.starts_with(other)));
    kept.map(|line| format!("{line}\n")).collect()
}

both_engines! {
    async fn every_route_with_every_role_and_relation(world: World, province: Province) {
        if world.app.db.engine_name() == "sqlite" {
            return compare("docs/permissions.md", &walk(&world, &province, &ROLES).await);
        }
        let made = walk(&world, &province, &ON_POSTGRES).await;
        if std::env::var_os("UPDATE_TABLES").is_none() {
            let kept = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/permissions.md"));
            assert!(made == without_others(&kept.unwrap()), "PostgreSQL answers otherwise than docs/permissions.md says");
        }
    }
}

#[test]
fn every_route_says_what_it_is_for() {
    for AskedRoute { route, .. } in asked() {
        assert!(!route.about.is_empty(), "{} {}", route.method.name(), route.path);
        let scoped = route.path.contains("{id}");
        assert!(!scoped || route.subject != Subject::None, "{} says what its id names", route.path);
    }
}
