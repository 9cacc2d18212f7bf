//! What a claim is asked about, and what it may not say beside what was said before.

use crate::both_engines;
use crate::testing::{Agent, Province};
use jiedui_kernel::Code;

both_engines! {
    /// One class is one class, whichever of the two helpers claims it: the second one is asked.
    async fn what_the_other_helper_claimed_is_asked_about(world: World, p: Province) {
        let (lead, nearby) = (world.agent(&p.lead, "lead").await, world.agent(&p.nearby, "nearby").await);
        let send = async |by: &Agent, to: &str, again: &str| {
            let fields = [("pairing", p.running.as_str()), ("from", "2026-09-01"), ("to", to), ("quantity", "11"), ("again", again)];
            by.post("/entries/new/teacher-training", &fields).await
        };
        send(&lead, "2026-09-02", "").await.made();
        let asked = send(&nearby, "2026-09-02", "").await;
        assert_eq!((asked.status.as_u16(), asked.attributes(".errors a", "href")), (422, vec!["#f-again".to_owned()]));
        assert!(asked.refuses(Code::Duplicate));
        send(&nearby, "2026-09-03", "").await.made();
        send(&nearby, "2026-09-02", "yes").await.made();
    }
}

both_engines! {
    /// T11.4: what is for the holidays is asked about where it names working days of term, and taken where that is meant.
    async fn days_of_term_are_asked_about_by_name(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let send = async |from: &str, to: &str, in_term: &str| {
            let days = [("from", from), ("to", to), ("in_term", in_term)];
            let rest = [("pairing", p.running.as_str()), ("quantity", "15")];
            school.post("/entries/new/holiday-service", &[&days[..], &rest[..]].concat()).await
        };
        let asked = send("2026-11-06", "2026-11-10", "").await;
        assert_eq!((asked.status.as_u16(), asked.attributes(".errors a", "href")), (422, vec!["#f-in_term".to_owned()]));
        assert!(asked.refuses(Code::Unlikely), "{:?}", asked.all(".errors"));
        assert!(asked.says("2026-11-06、2026-11-09 至 2026-11-10"), "{:?}", asked.all(".errors"));
        assert_eq!(asked.attributes("input[name=in_term]", "value"), ["yes"]);
        send("2026-11-06", "2026-11-10", "yes").await.made();
        send("2026-11-07", "2026-11-08", "").await.made();
        send("2026-07-20", "2026-07-24", "").await.made();
        send("2026-08-10", "2026-08-14", "").await.made();
    }
}

both_engines! {
    /// What is told once a year is asked about when it is told again, and not when it is corrected (T9.3).
    async fn what_is_told_once_a_year_is_not_told_twice(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let said = |from: &'static str, to: &'static str, income: &'static str, again: &'static str| {
            [("pairing", p.running.clone()), ("from", from.into()), ("to", to.into()), ("quantity", income.into()), ("again", again.into())]
        };
        let send = async |path: &str, fields: &[(&str, String)]| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            school.post(path, &fields).await
        };
        let new = "/entries/new/training-income";
        let id = send(new, &said("2026-01-01", "2026-06-30", "120000", "")).await.made();
        let asked = send(new, &said("2026-07-01", "2026-10-31", "90000", "")).await;
        assert_eq!((asked.status.as_u16(), asked.attributes(".errors a", "href")), (422, vec!["#f-again".to_owned()]));
        let corrected = [&said("2026-01-01", "2026-10-31", "210000", "")[..], &[("version", "1".to_owned())]].concat();
        let done = send(&format!("/entries/{id}/correct"), &corrected).await;
        assert_eq!(done.status, 303, "{}", done.all(".errors").join(" "));
        send(new, &said("2025-01-01", "2025-12-31", "90000", "")).await.made();
        send(new, &said("2026-07-01", "2026-10-31", "90000", "yes")).await.made();
    }
}

both_engines! {
    /// T9.3: what of an income goes to teachers and to performance pay is no more than the income, both together; it is said at
    /// the second of the two.
    async fn what_is_used_of_an_income_is_no_more_than_the_income(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let send = async |pay: &str, performance: &str| {
            let said = [("pairing", p.running.as_str()), ("from", "2026-01-01"), ("to", "2026-10-31"), ("quantity", "10")];
            let used = [("pay", pay), ("performance", performance)];
            school.post("/entries/new/training-income", &[&said[..], &used].concat()).await
        };
        let refused = send("9", "8").await;
        assert!(refused.status == 422 && refused.refuses(Code::Relation("used-within-income".to_owned())), "{}", refused.text());
        assert_eq!(refused.attributes(".errors a", "href"), ["#f-performance"]);
        send("6", "4").await.made();
    }
}

both_engines! {
    /// T8.1: whoever was coached confirms it, the school or the bureau above it; who that is does not change by a correction.
    async fn whoever_was_coached_confirms_it(world: World, p: Province) {
        let (city, county) = (world.agent(&p.city, "city").await, world.agent(&p.county, "county").await);
        let school = world.agent(&p.xingning, "county_school").await;
        let said = |from: &'static str, coached: &'static str| {
            [("pairing", p.running.as_str()), ("from", from), ("quantity", "20"), ("coached", coached), ("again", "yes")]
        };
        let new = "/entries/new/policy-coaching";
        let bare = city.post(new, &said("2026-10-12", "")).await;
        assert_eq!((bare.status.as_u16(), bare.attributes(".errors a", "href")), (422, vec!["#f-coached".to_owned()]));
        let of_school = city.post(new, &said("2026-10-12", "school")).await.made();
        let of_bureau = city.post(new, &said("2026-10-13", "bureau")).await.made();
        let confirm = async |agent: &Agent, id: &str| {
            agent.post(&format!("/entries/{id}/answer"), &[("verdict", "confirm"), ("version", "1")]).await.status.as_u16()
        };
        assert_ne!(confirm(&county, &of_school).await, 303, "the school's to confirm");
        assert_ne!(confirm(&school, &of_bureau).await, 303, "the bureau's to confirm");
        let moved = [&said("2026-10-13", "school")[..], &[("version", "1")]].concat();
        let refused = city.post(&format!("/entries/{of_bureau}/correct"), &moved).await;
        assert!(refused.status == 422 && refused.refuses(Code::NotFitting), "{}", refused.text());
        assert_eq!((confirm(&school, &of_school).await, confirm(&county, &of_bureau).await), (303, 303));
    }
}
