//! Kept figures are what a full count gives, whatever happens and in whatever order; and what was reported stays.

use super::check::BEHIND_ALL;
use super::{
    Cell, IdRange, Recomputed, Source, align, align_sums, cells, cells_of, cells_reported, compare, data,
    refresh, sums_off,
};
use crate::both_engines;
use crate::evidence::ledger::{self, NewEntry};
use crate::network::pairings;
use crate::network::registry::{self, NewPost};
use crate::programme_files::{programme_files, programme_toml};
use crate::testing::{Province, actor, claim, day};
use chrono::TimeDelta;
use jiedui_kernel::{Date, Reported};
use jiedui_programme::{
    EntryState, FieldValue, OutputFact, ProfileFact, ProfileState, Programme, World as Facts, load,
};
use jiedui_store::testing::answered;
use jiedui_store::{AuditRecord, Tx, args};
use std::collections::{BTreeMap, BTreeSet};

/// The programme of the tree with one indicator of each sort.
fn programme() -> Programme {
    let mut files = programme_toml(&programme_files(None).unwrap());
    let more = include_str!("../../../../programme/tests/fixtures/figures.toml");
    files.insert("tasks/99-figures.toml".to_owned(), more.to_owned());
    let staff = "\n[[element]]\nid = \"full_staff\"\nname = \"在岗人数\"\ngroup = \"人\"\nclause = \"T1.1\"\n\
                 unit = \"persons\"\npurpose = \"算比例\"\n";
    files.get_mut("profile.toml").unwrap().push_str(staff);
    load(&files).unwrap()
}

/// Numbers that look random and are the same each time.
struct SeededRng(u64);

impl SeededRng {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }

    fn day(&mut self) -> Date {
        day("2024-09-01") + TimeDelta::days(i64::try_from(self.roll(800)).unwrap())
    }
}

async fn leaf(tx: &mut Tx) {
    tx.audit(AuditRecord { action: "test.arrange", resource: "test", resource_id: "" }, &()).await.unwrap();
}

const STATES: [EntryState; 5] = [
    EntryState::Claimed,
    EntryState::Confirmed,
    EntryState::Part,
    EntryState::Disputed,
    EntryState::Withdrawn,
];

/// Something happens to one entry: its state, day, quantity, people or fields become others.
async fn shake_entry(tx: &mut Tx, programme: &Programme, facts: &mut Facts, rng: &mut SeededRng) {
    let at = rng.roll(facts.entries.len());
    let fact = &mut facts.entries[at];
    "lesson".clone_into(&mut fact.activity);
    match rng.roll(5) {
        0 => fact.period = jiedui_kernel::Period::day(rng.day()),
        1 => fact.claimed = i64::try_from(rng.roll(40)).unwrap(),
        2 => {
            fact.roster =
                (0..rng.roll(4)).map(|_| (*rng.pick(&["甲", "乙", "丙", "丁", "戊"])).to_owned()).collect();
        }
        3 => {
            let level = (*rng.pick(&["city", "school"])).to_owned();
            fact.fields = BTreeMap::from([("level".to_owned(), FieldValue::Text(level))]);
        }
        _ => {}
    }
    fact.state = *rng.pick(&STATES);
    fact.confirmed = i64::try_from(rng.roll(usize::try_from(fact.claimed).unwrap() + 1)).unwrap();
    let fact = fact.clone();
    refresh(tx, programme, Source::Entry(&fact)).await.unwrap();
}

async fn shake_output(
    tx: &mut Tx,
    programme: &Programme,
    facts: &mut Facts,
    rng: &mut SeededRng,
    schools: &[String],
) {
    if facts.outputs.len() < 4 || rng.roll(4) == 0 {
        facts.outputs.push(OutputFact {
            id: format!("room-{}", facts.outputs.len()),
            output: "room".to_owned(),
            org: rng.pick(schools).clone(),
            county_school: (rng.roll(3) > 0).then(|| schools[0].clone()),
            helpers: Vec::new(),
            state: EntryState::Claimed,
            quantity: 100,
            achieved: 0,
            stages: vec![("plan".to_owned(), day("2024-10-01"))],
            receipts: vec![(day("2024-10-01"), 0)],
            agreed: 0,
            project: None,
            earlier: Vec::new(),
            fields: BTreeMap::new(),
        });
    }
    let at = rng.roll(facts.outputs.len());
    let fact = &mut facts.outputs[at];
    match rng.roll(4) {
        0 => {
            let last = fact.stages.last().unwrap().1;
            let next = last + TimeDelta::days(i64::try_from(rng.roll(90)).unwrap());
            fact.stages.push(((*rng.pick(&["plan", "open", "shut"])).to_owned(), next));
            fact.receipts.push((next, fact.achieved));
        }
        1 => {
            fact.achieved += 10;
            fact.receipts.last_mut().unwrap().1 = fact.achieved;
        }
        2 => fact.county_school = Some(rng.pick(schools).clone()),
        _ => fact.state = *rng.pick(&STATES),
    }
    let fact = fact.clone();
    refresh(tx, programme, Source::Output(&fact)).await.unwrap();
}

async fn shake_profile(
    tx: &mut Tx,
    programme: &Programme,
    facts: &mut Facts,
    rng: &mut SeededRng,
    schools: &[String],
) {
    let school = rng.pick(schools).clone();
    let year = 2024 + i32::try_from(rng.roll(3)).unwrap();
    let id = format!("{school}-{year}");
    facts.profiles.retain(|fact| fact.id != id);
    let value =
        *rng.pick(&[Reported::Value(0), Reported::Value(31), Reported::Value(44), Reported::NotReported]);
    let fact = ProfileFact {
        id,
        school,
        year,
        state: *rng.pick(&[ProfileState::Draft, ProfileState::Submitted, ProfileState::Accepted]),
        on: rng.day(),
        values: BTreeMap::from([("full_staff".to_owned(), value)]),
    };
    refresh(tx, programme, Source::Profile(&fact)).await.unwrap();
    facts.profiles.push(fact);
}

both_engines! {
    /// Random histories of entries, outputs and year-profiles: after each step the tables, journal included, are what a
    /// full count of everything gives.
    async fn step_by_step_is_the_whole(world: World, p: Province) {
        for on in ["2026-10-12", "2026-10-20", "2026-10-28"] {
            claim(&world, &p.lead, &p.running, "visit", "书记", on, None).await;
        }
        let programme = programme();
        let schools = [p.xingning.clone(), p.zijin.clone(), p.nanxiong.clone()];
        let mut tx = world.tx().await;
        let mut facts = Facts { entries: ledger::facts(&mut tx).await.unwrap(), ..Facts::default() };
        assert_eq!(facts.entries.len(), 6);
        let mut rng = SeededRng(20_260_701);
        let (mut seen, mut kinds) = (0, BTreeSet::new());
        for step in 0..160 {
            match rng.roll(5) {
                0 => shake_output(&mut tx, &programme, &mut facts, &mut rng, &schools).await,
                1 => shake_profile(&mut tx, &programme, &mut facts, &mut rng, &schools).await,
                _ => shake_entry(&mut tx, &programme, &mut facts, &mut rng).await,
            }
            let found = Recomputed::of(&programme, &facts);
            seen += found.rows.len();
            kinds.extend(found.rows.iter().map(|row| row.kind.clone()));
            assert_eq!(compare(&mut tx, &found, &IdRange::whole()).await.unwrap(), [], "after step {step}");
            if step % 8 == 0 {
                assert_eq!(sums_off(&mut tx).await.unwrap(), [], "sums after step {step}");
            }
        }
        assert!(seen > 1000, "the histories amount to something: {seen}");
        for kind in ["lesson", "room", jiedui_programme::PERSON, jiedui_programme::PROFILE] {
            assert!(kinds.contains(kind), "{kind}");
        }
    }

    /// What was spoiled is found, mended, and written down; a second look finds nothing.
    async fn what_differs_is_found_and_mended(world: World, _p: Province) {
        let programme = world.app.programme();
        let mut tx = world.tx().await;
        let whole = Recomputed::of(&programme, &Facts { entries: ledger::facts(&mut tx).await.unwrap(), ..Facts::default() });
        assert_eq!(compare(&mut tx, &whole, &IdRange::whole()).await.unwrap(), []);
        let kept = tx.all::<data::ContributionRow>(&data::ALL, args!["", BEHIND_ALL]).await.unwrap();
        assert_eq!(kept.iter().filter(|row| row.indicator == "visits").count(), 3);
        let visit = kept.iter().find(|row| row.indicator == "visits").unwrap().clone();
        tx.write(&data::DROP, args![&visit.indicator, &visit.resource, visit.day]).await.unwrap();
        leaf(&mut tx).await;
        let found = compare(&mut tx, &whole, &IdRange::whole()).await.unwrap();
        assert!(found.iter().any(|one| one.resource == visit.resource && one.kept.is_none() && one.found == Some((1, 0))));
        // The journal still speaks of the row that is gone.
        assert_eq!(found.len(), 2, "{found:?}");
        let sums = sums_off(&mut tx).await.unwrap();
        assert_eq!(sums.len(), 2, "its year and its month: {sums:?}");
        align(&mut tx, &whole, &IdRange::whole()).await.unwrap();
        align_sums(&mut tx).await.unwrap();
        assert_eq!(compare(&mut tx, &whole, &IdRange::whole()).await.unwrap(), []);
        assert_eq!(sums_off(&mut tx).await.unwrap(), []);
        let nothing = Recomputed::of(&programme, &Facts::default());
        assert!(!compare(&mut tx, &nothing, &IdRange::whole()).await.unwrap().is_empty(), "rows that no fact stands behind are told");
        tx.commit().await.unwrap();
    }

    /// Whoever leaves is covered on the days in post alone, also where the end is told later.
    async fn whoever_leaves_is_covered_no_more(world: World, p: Province) {
        let programme = world.app.programme();
        let mut tx = world.tx().await;
        let posts = registry::people(&mut tx, &p.xingning).await.unwrap();
        let teacher = posts.iter().find(|at| at.post == "backbone_teacher").unwrap();
        let new = NewEntry {
            from: Some(day("2026-10-10")),
            to: Some(day("2026-10-12")),
            quantity: Some(1),
            roster: vec![teacher.name.person().to_owned()],
            ..NewEntry::on(pairings::find(&mut tx, &p.running).await.unwrap())
        };
        let lead = actor(&mut tx, &p.lead, "lead").await;
        tx.act_as(lead);
        ledger::claim(&mut tx, &programme, programme.activity("teacher-training").unwrap(), &new).await.unwrap();
        tx.commit().await.unwrap();
        let covered = async |on: &str| {
            let cells = cells(&mut world.tx().await, "teachers-covered", day(on)).await.unwrap();
            cells.iter().filter(|cell| cell.school == p.xingning).map(|cell| cell.claimed).sum::<i64>()
        };
        assert_eq!((covered("2026-10-11").await, covered("2026-11-24").await), (0, 1));
        let school = world.agent(&p.xingning, "county_school").await;
        let end = [("row", teacher.id.as_str()), ("day", "2026-10-31"), ("sure", "yes")];
        assert_eq!(school.post(&format!("/registry/{}/people/end", p.xingning), &end).await.status, 303);
        assert_eq!((covered("2026-10-31").await, covered("2026-11-01").await), (1, 0));
        let mut tx = world.tx().await;
        let back = NewPost { org: &p.xingning, name: teacher.name.whole(), post: "teacher", title: "", from: day("2026-11-15"), to: None, demo: false };
        registry::ensure_post(&mut tx, &back).await.unwrap();
        leaf(&mut tx).await;
        tx.commit().await.unwrap();
        assert_eq!((covered("2026-11-14").await, covered("2026-11-15").await), (0, 1));
        let found = crate::standing::indicators::verify(&mut world.tx().await, &programme).await.unwrap();
        assert_eq!(found, [], "a full count finds the same");
    }

    /// However many are asked for, each has its own, and no more statements are needed than twelve go into.
    async fn cells_of_all_are_the_cells_of_each(world: World, _p: Province) {
        let (programme, mut tx) = (world.app.programme(), world.tx().await);
        let ids: Vec<&str> = programme.indicators.iter().map(|of| of.id.as_str()).collect();
        let until = day("2026-11-14");
        let before = answered(&world.app.db).0;
        let together = cells_of(&mut tx, &ids, until).await.unwrap();
        assert_eq!(answered(&world.app.db).0 - before, ids.len().div_ceil(12) as u64);
        let said = |cells: &[Cell]| cells.iter().map(|cell| format!("{cell:?}")).collect::<BTreeSet<_>>();
        for id in ids {
            assert_eq!(said(&together[id]), said(&cells(&mut tx, id, until).await.unwrap()), "{id}");
        }
        assert!(!together["visits"].is_empty());
    }

    /// What was reported on a day does not change with what is done later.
    async fn what_was_reported_stays(world: World, p: Province) {
        let said = async |on: &str| {
            let mut tx = world.tx().await;
            let cells = cells_reported(&mut tx, "visits", day("2026-12-31"), day(on)).await.unwrap();
            let own = cells.into_iter().filter(|cell| cell.school == p.xingning);
            own.fold((0, 0), |(claimed, confirmed), cell| (claimed + cell.claimed, confirmed + cell.confirmed))
        };
        assert_eq!(said("2026-11-23").await, (0, 0), "nothing was here before it was claimed");
        assert_eq!(said("2026-11-24").await, (1, 0));
        world.clock().advance(TimeDelta::days(1));
        let school = world.agent(&p.xingning, "county_school").await;
        let path = format!("/entries/{}", p.visit);
        assert_eq!(school.post(&format!("{path}/answer"), &[("verdict", "confirm"), ("version", "1")]).await.status, 303);
        assert_eq!((said("2026-11-24").await, said("2026-11-25").await), ((1, 0), (1, 1)));
        world.clock().advance(TimeDelta::days(1));
        let lead = world.agent(&p.lead, "lead").await;
        claim(&world, &p.lead, &p.running, "visit", "书记", "2026-11-20", None).await;
        let form = lead.get(&format!("{path}/correct")).await;
        assert_eq!(form.status, 200, "{}", form.text());
        assert_eq!((said("2026-11-25").await, said("2026-11-26").await), ((1, 1), (2, 1)));
    }
}
