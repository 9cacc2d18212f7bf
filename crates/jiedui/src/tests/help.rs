//! Every page has its help, every role is told what to do on what its menu offers, and what help leads to is there.

use super::crawl::sign_in;
use crate::both_engines;
use crate::demo::ACCOUNTS;
use crate::oversight::help::{all, first_day, take_up_day, topic_of, words};
use crate::site::site;
use crate::standing::obligations;
use crate::testing::{Demonstration, World, programme, programme_in};
use chrono::TimeDelta;
use jiedui_kernel::Code;
use jiedui_programme::ClockState;
use jiedui_web::route::{Access, Answer, Method};
use std::collections::BTreeSet;

/// Paths that explain themselves: help.
const OWN: [&str; 2] = ["/help", "/practice"];
/// The texts are the same under each.
const PROGRAMMES: [Option<&str>; 2] = [None, Some("sample-2027")];

#[test]
fn every_entry_of_the_menu_and_every_page_has_its_help() {
    let site = site();
    for entry in site.menu.iter().chain(&site.phone_menu) {
        let path = entry.href.split('?').next().unwrap();
        let topic = topic_of(path).unwrap_or_else(|| panic!("{}: no help", entry.href));
        if entry.href == topic.opens() && site.menu.iter().any(|one| std::ptr::eq(one, entry)) {
            assert_eq!(topic.title, entry.label, "{}: as the menu calls it", entry.href);
        }
    }
    for entry in &site.menu {
        assert!(all().any(|topic| topic.opens() == entry.href), "{}: no help of its own", entry.href);
    }
    for route in site.routes.iter().filter(|route| route.method == Method::Get) {
        let own = OWN.iter().any(|own| route.path.starts_with(own));
        if own || route.access == Access::Public || !matches!(route.answer, Answer::Handler(_)) {
            continue;
        }
        assert!(topic_of(route.path).is_some(), "{}: no help", route.path);
    }
}

#[test]
fn everybody_is_told_what_to_do_on_what_the_menu_offers() {
    let site = site();
    let accesses = PROGRAMMES.map(|name| programme_in(name).access);
    for (access, role) in
        accesses.iter().flat_map(|access| access.roles.iter().map(move |role| (access, role)))
    {
        let may = |(resource, action): (&str, &str)| access.grants_to(resource, action, |one| one == role.id);
        for entry in site.menu.iter().filter(|entry| may((entry.resource, entry.action))) {
            let topic = topic_of(entry.href).unwrap();
            assert!(
                topic.steps.iter().any(|step| may(step.right)),
                "{}: nothing for {}",
                entry.href,
                role.name
            );
        }
        let visits = first_day::VISITS.iter().filter(|visit| may(visit.right)).count();
        assert!((4..=14).contains(&visits), "{}: {visits} pages on the first day", role.name);
    }
}

/// Whoever is told of a step, or of a page of the first day, may open the page on which it begins.
#[test]
fn what_one_is_told_of_opens() {
    let site = site();
    let steps = all().flat_map(|topic| topic.steps).map(|step| (step.right, step.href));
    let visits = first_day::VISITS.iter().map(|visit| (visit.right, visit.href));
    let told: Vec<_> = steps.chain(visits).collect();
    for access in PROGRAMMES.map(|name| programme_in(name).access) {
        for (right, href) in &told {
            let path = href.split('?').next().unwrap();
            let page = site.routes.iter().find(|one| one.method == Method::Get && one.path == path);
            let page = page.unwrap_or_else(|| panic!("{href}: no such page"));
            let Access::Can(resource, action) = page.access else { continue };
            for role in &access.roles {
                let may = |(resource, action): (&str, &str)| {
                    access.grants_to(resource, action, |one| one == role.id)
                };
                assert!(!may(*right) || may((resource, action)), "{href}: closed to {}", role.name);
            }
        }
    }
}

/// Rights are those of `access.toml`, terms those that are explained, and nothing is said twice.
#[test]
fn help_names_what_there_is() {
    let access = programme().access;
    let known = |(resource, action): (&str, &str)| access.grants_to(resource, action, |_| true);
    let (mut ids, mut pages) = (BTreeSet::new(), BTreeSet::new());
    let mut used = BTreeSet::new();
    for topic in all() {
        assert!(ids.insert(topic.id), "{}", topic.id);
        assert!(topic.pages.iter().all(|page| pages.insert(*page)), "{}: a page of two topics", topic.id);
        assert!(!topic.steps.is_empty() && topic.steps.iter().all(|step| known(step.right)), "{}", topic.id);
        for word in topic.words {
            assert!(words::find(word).is_some(), "{}: {word} is explained nowhere", topic.id);
            used.insert(*word);
        }
        let texts = topic.steps.iter().map(|step| step.text).chain([topic.about, topic.next]);
        for text in texts {
            assert!(text.chars().count() <= 90, "{}: too long to be read: {text}", topic.id);
        }
    }
    assert!(first_day::VISITS.iter().all(|visit| known(visit.right)));
    for term in words::TERMS {
        assert!(used.contains(term.word), "{} is on no page", term.word);
    }
}

both_engines! {
    /// As each account, on data: help, its links, and those of the first day.
    async fn what_help_leads_to_is_there(world: World, _made: Demonstration) {
        for account in ACCOUNTS {
            let agent = sign_in(&world, account.login).await;
            let mut asked = BTreeSet::new();
            for page in ["/help", "/help/first-day", "/help/words", "/practice"] {
                let shown = agent.get(page).await;
                assert_eq!(shown.status, 200, "{} {page}", account.login);
                let links = shown.attributes("main a", "href");
                asked.extend(links.into_iter().filter(|href| href.starts_with('/')));
            }
            let topics: Vec<String> = asked.iter().filter(|href| href.starts_with("/help/")).cloned().collect();
            assert!(topics.len() > 5, "{} is told of {} pages", account.login, topics.len());
            for topic in topics {
                asked.extend(agent.get(&topic).await.attributes("main .facts dt a", "href"));
            }
            for href in asked {
                let status = agent.get(&href).await.status.as_u16();
                assert!(matches!(status, 200 | 303), "{} {href}: {status}", account.login);
            }
        }
    }

    /// A dispute, a claim to answer, a clock and a month are there for the accounts that are told of them.
    async fn what_is_practised_is_there(world: World, _made: Demonstration) {
        for (login, starts) in [
            ("xianji", &["/entries/"][..]),
            ("qiantou", &["/entries/", "/clocks/"]),
            ("sheng", &["/months/"]),
        ] {
            let shown = sign_in(&world, login).await.get("/practice").await;
            let links = shown.attributes("main .facts dd a", "href");
            for start in starts {
                assert!(links.iter().any(|href| href.starts_with(start)), "{login}: nothing under {start}: {links:?}");
            }
        }
    }
}

/// How many clocks are missed.
async fn missed(world: &World) -> usize {
    let clocks = obligations::in_scope(&mut world.tx().await, &world.app.programme()).await.unwrap();
    clocks.iter().filter(|clock| clock.reading.state == ClockState::Missed).count()
}

both_engines! {
    /// The day of a demonstration goes forward and never back; what is not done comes late, whoever moved it stays signed in,
    /// and a start goes on from there.
    async fn the_day_of_practice_is_moved_on(world: World, _made: Demonstration) {
        let (lead, school) = (sign_in(&world, "qiantou").await, sign_in(&world, "xianji").await);
        let before = missed(&world).await;
        let back = lead.post("/practice/day", &[("stride", "back")]).await;
        assert!(back.refuses(Code::NotListed), "{}", back.text());
        assert_eq!(world.clock().today().to_string(), "2026-11-24");
        for (stride, day) in
            [("day", "2026-11-25"), ("week", "2026-12-02"), ("month", "2027-01-01"), ("month", "2027-02-01")]
        {
            assert_eq!(lead.post("/practice/day", &[("stride", stride)]).await.location, "/practice", "{stride}");
            assert_eq!(world.clock().today().to_string(), day);
            let page = lead.get("/practice").await;
            assert!(page.status == 200 && page.attributes("h2 time", "datetime").contains(&day.to_owned()), "{}", page.text());
        }
        assert!(missed(&world).await > before, "what 2026 asked for and nobody did");
        assert!(school.get("/practice").await.location.starts_with("/signin"), "away for weeks");
        // As after a restart, on the machine's own day.
        world.clock().advance(TimeDelta::days(-60));
        take_up_day(&world.app).await.unwrap();
        assert_eq!(world.clock().today().to_string(), "2027-02-01");
        take_up_day(&world.app).await.unwrap();
        assert_eq!(world.clock().today().to_string(), "2027-02-01", "once");
    }
}
