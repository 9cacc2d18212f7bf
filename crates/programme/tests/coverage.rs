//! Coverage by person counts those in post on the day.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

use jiedui_kernel::Date;
use jiedui_programme::{Contribution, PERSON, PostSpan, Posts, covered_people};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn named(on: &str, confirmed: i64) -> Contribution {
    Contribution {
        indicator: "covered".to_owned(),
        resource: format!("{PERSON}:p1"),
        kind: PERSON.to_owned(),
        school: "s1".to_owned(),
        day: day(on),
        claimed: 1,
        confirmed,
    }
}

fn span(school: &str, from: &str, to: Option<&str>) -> PostSpan {
    PostSpan { school: school.to_owned(), from: day(from), to: to.map(day) }
}

/// Claimed and confirmed on a day, of somebody who was named twice.
fn on(spans: Vec<PostSpan>, last: &str) -> (i64, i64) {
    let posts = Posts::from([("p1".to_owned(), spans)]);
    let found = covered_people(vec![named("2025-06-01", 1), named("2025-03-01", 0)], &posts);
    let until = found.iter().filter(|one| one.day <= day(last));
    until.fold((0, 0), |(claimed, confirmed), one| (claimed + one.claimed, confirmed + one.confirmed))
}

#[test]
fn a_person_counts_while_in_post() {
    let spans = || vec![span("s1", "2024-09-01", Some("2025-12-31")), span("s1", "2026-09-01", None)];
    for (last, wanted) in [
        ("2025-02-28", (0, 0)),
        ("2025-03-01", (1, 0)),
        ("2025-06-01", (1, 1)),
        ("2025-12-31", (1, 1)),
        ("2026-01-01", (0, 0)),
        ("2026-08-31", (0, 0)),
        ("2026-09-01", (1, 1)),
    ] {
        assert_eq!(on(spans(), last), wanted, "on {last}");
    }
}

#[test]
fn another_post_at_the_same_time_or_school_changes_nothing() {
    let both = vec![span("s1", "2024-09-01", Some("2025-08-31")), span("s1", "2025-07-01", None)];
    assert_eq!(on(both, "2026-12-31"), (1, 1), "one post after the other, and no day between");
    assert_eq!(on(vec![span("s2", "2024-09-01", None)], "2026-12-31"), (0, 0), "in post elsewhere");
    assert_eq!(on(Vec::new(), "2026-12-31"), (1, 1), "nobody knows of any post");
}
