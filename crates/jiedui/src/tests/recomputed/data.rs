//! The rows as they lie in the tables, read without the mechanisms.

use jiedui_kernel::Date;
use jiedui_programme::{EntryState, ProfileState};
use jiedui_store::{Tx, sql};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

sql! { RAW_ENTRIES: unscoped("a test counts everything a second time"),
"SELECT e.id, e.activity, p.county_school AS school, e.claimant, e.from_day, e.to_day, e.state, e.quantity, e.confirmed, e.disputed_from, \
e.disputed_to, e.post, e.fields FROM entry e JOIN pairing p ON p.id = e.pairing ORDER BY e.id" }
sql! { RAW_HELPERS: unscoped("a test counts everything a second time"),
"SELECT entry, org FROM entry_helper ORDER BY entry, org" }
sql! { RAW_PARTS: unscoped("a test counts everything a second time"),
"SELECT entry, org, post FROM entry_part ORDER BY entry, org" }
sql! { RAW_PEOPLE: unscoped("a test counts everything a second time"),
"SELECT entry, person FROM entry_person ORDER BY entry, person" }
sql! { RAW_OUTPUTS: unscoped("a test counts everything a second time"),
"SELECT id, output, org, school, state, quantity, fields, title, project FROM output_thing ORDER BY since, id" }
sql! { RAW_STAGES: unscoped("a test counts everything a second time"),
"SELECT resource, stage, from_day, achieved, agreed FROM output_stage ORDER BY resource, id" }
sql! { RAW_PROFILES: unscoped("a test counts everything a second time"),
"SELECT id, org, year, state, as_of, accepted_on FROM profile ORDER BY id" }
sql! { RAW_VALUES: unscoped("a test counts everything a second time"),
"SELECT profile, element, value, known FROM profile_value ORDER BY profile, element" }
sql! { RAW_PAIRINGS: unscoped("a test counts everything a second time"),
"SELECT p.county_school, p.lead, p.nearby, p.from_day, p.to_day, p.agreed_on, \
(SELECT MIN(sp.agreed_on) FROM school_plan sp WHERE sp.pairing = p.id) AS planned_on FROM pairing p ORDER BY p.id" }
sql! { RAW_FLAGS: unscoped("a test counts everything a second time"),
"SELECT f.org, o.level, f.from_day, f.to_day, o.ended_on FROM org_flag f JOIN org o ON o.id = f.org \
WHERE f.flag = 'county_school' ORDER BY f.org, f.from_day" }
sql! { RAW_CHECKS: free,
"SELECT threshold FROM threshold_check WHERE withdrawn_on IS NULL ORDER BY threshold" }

sql! { RAW_POSTS: unscoped("a test counts everything a second time"),
"SELECT person, org, from_day, to_day FROM person_post ORDER BY person, from_day" }

/// Person, school, first and last day.
pub type Post = (String, String, Date, Option<Date>);

#[derive(Debug, Clone)]
pub struct Entry {
    pub activity: String,
    pub school: String,
    pub helpers: Vec<String>,
    pub people: Vec<String>,
    pub from: Date,
    pub to: Date,
    pub state: EntryState,
    pub quantity: i64,
    pub confirmed: i64,
    pub hole: Option<(Date, Date)>,
    pub post: String,
    /// Of joint work: each helper that said that it took part, with the post of its person ("" for none).
    pub parts: Vec<(String, String)>,
    pub fields: Map<String, Value>,
}

#[derive(Debug, Clone)]
pub struct Output {
    pub output: String,
    /// Its school, or who recorded it.
    pub at: String,
    pub state: EntryState,
    pub quantity: i64,
    pub title: String,
    pub project: Option<String>,
    /// Stage, first day, what had come by then.
    pub stages: Vec<(String, Date, i64)>,
    /// So many of them were confirmed before it went on.
    pub agreed: usize,
    pub fields: Map<String, Value>,
}

#[derive(Debug, Clone)]
pub struct Profile {
    pub school: String,
    pub year: i32,
    /// draft, submitted, accepted.
    pub state: ProfileState,
    pub as_of: Date,
    pub accepted_on: Option<Date>,
    /// A number; `None` where it does not apply. What is not known has no row.
    pub values: BTreeMap<String, Option<i64>>,
}

#[derive(Debug, Clone)]
pub struct Pairing {
    pub school: String,
    pub lead: String,
    pub nearby: String,
    pub from: Date,
    pub to: Option<Date>,
    pub agreed: Option<Date>,
    pub planned: Option<Date>,
}

#[derive(Debug, Clone, Default)]
pub struct School {
    pub level: String,
    /// First and last days of being a county school.
    pub terms: Vec<(Date, Option<Date>)>,
    /// Former levels with the day from which they held no more.
    pub before: Vec<(Date, String)>,
}

#[derive(Debug, Clone, Default)]
pub struct Raw {
    pub entries: Vec<Entry>,
    pub outputs: Vec<Output>,
    pub profiles: Vec<Profile>,
    pub pairings: Vec<Pairing>,
    pub schools: BTreeMap<String, School>,
    pub checks: Vec<String>,
    pub posts: Vec<Post>,
}

impl Raw {
    /// Whether a person has a post at a school on a day; whoever has none anywhere is taken to have one.
    pub fn in_post(&self, person: &str, school: &str, day: Date) -> bool {
        let own: Vec<&Post> = self.posts.iter().filter(|post| post.0 == person).collect();
        let holds = |post: &&&Post| post.1 == school && post.2 <= day && post.3.is_none_or(|to| day <= to);
        own.is_empty() || own.iter().any(|post| holds(&post))
    }
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    id: String,
    activity: String,
    school: String,
    claimant: String,
    from_day: Date,
    to_day: Date,
    #[sqlx(try_from = "String")]
    state: EntryState,
    quantity: i64,
    confirmed: i64,
    disputed_from: Option<Date>,
    disputed_to: Option<Date>,
    post: String,
    fields: String,
}

#[derive(sqlx::FromRow)]
struct OutputRow {
    id: String,
    output: String,
    org: String,
    school: Option<String>,
    #[sqlx(try_from = "String")]
    state: EntryState,
    quantity: i64,
    fields: String,
    title: String,
    project: Option<String>,
}

#[derive(sqlx::FromRow)]
struct PairingRow {
    county_school: String,
    lead: String,
    nearby: String,
    from_day: Date,
    to_day: Option<Date>,
    agreed_on: Option<Date>,
    planned_on: Option<Date>,
}

type StageRow = (String, String, Date, i64, i64);
type ProfileRow = (String, String, i64, String, Date, Option<Date>);
type ValueRow = (String, String, Option<i64>, String);
type FlagRow = (String, String, Date, Option<Date>, Option<Date>);

fn fields(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap()
}

pub async fn read(tx: &mut Tx) -> Raw {
    let mut raw = Raw {
        entries: entries(tx).await,
        outputs: outputs(tx).await,
        profiles: profiles(tx).await,
        posts: tx.all::<Post>(&RAW_POSTS, Vec::new()).await.unwrap(),
        ..Raw::default()
    };
    for row in tx.all::<PairingRow>(&RAW_PAIRINGS, Vec::new()).await.unwrap() {
        raw.pairings.push(Pairing {
            school: row.county_school,
            lead: row.lead,
            nearby: row.nearby,
            from: row.from_day,
            to: row.to_day,
            agreed: row.agreed_on,
            planned: row.planned_on,
        });
    }
    for (org, level, from, to, ended) in tx.all::<FlagRow>(&RAW_FLAGS, Vec::new()).await.unwrap() {
        let school = raw.schools.entry(org).or_default();
        school.level = level;
        let to = match (to, ended.map(|day| day.pred_opt().unwrap())) {
            (Some(to), Some(last)) => Some(to.min(last)),
            (to, last) => to.or(last),
        };
        school.terms.push((from, to));
    }
    let checks = tx.all::<(String,)>(&RAW_CHECKS, Vec::new()).await.unwrap();
    raw.checks = checks.into_iter().map(|row| row.0).collect();
    raw
}

async fn entries(tx: &mut Tx) -> Vec<Entry> {
    let helpers = tx.all::<(String, String)>(&RAW_HELPERS, Vec::new()).await.unwrap();
    let people = tx.all::<(String, String)>(&RAW_PEOPLE, Vec::new()).await.unwrap();
    let parts = tx.all::<(String, String, String)>(&RAW_PARTS, Vec::new()).await.unwrap();
    let parts_of = |row: &EntryRow| -> Vec<(String, String)> {
        let said = parts.iter().filter(|(entry, ..)| *entry == row.id);
        let said = said.map(|(_, org, post)| (org.clone(), post.clone()));
        said.chain([(row.claimant.clone(), row.post.clone())]).collect()
    };
    let of = |list: &[(String, String)], id: &str| -> Vec<String> {
        list.iter().filter(|(entry, _)| entry == id).map(|(_, name)| name.clone()).collect()
    };
    let rows = tx.all::<EntryRow>(&RAW_ENTRIES, Vec::new()).await.unwrap();
    let one = |row: EntryRow| Entry {
        parts: parts_of(&row),
        helpers: of(&helpers, &row.id),
        people: of(&people, &row.id),
        activity: row.activity,
        school: row.school,
        from: row.from_day,
        to: row.to_day,
        state: row.state,
        quantity: row.quantity,
        confirmed: row.confirmed,
        hole: row.disputed_from.zip(row.disputed_to),
        post: row.post,
        fields: fields(&row.fields),
    };
    rows.into_iter().map(one).collect()
}

async fn outputs(tx: &mut Tx) -> Vec<Output> {
    let stages = tx.all::<StageRow>(&RAW_STAGES, Vec::new()).await.unwrap();
    let rows = tx.all::<OutputRow>(&RAW_OUTPUTS, Vec::new()).await.unwrap();
    let one = |row: OutputRow| Output {
        stages: stages
            .iter()
            .filter(|stage| stage.0 == row.id)
            .map(|(_, stage, from, achieved, _)| (stage.clone(), *from, *achieved))
            .collect(),
        agreed: stages.iter().filter(|stage| stage.0 == row.id).take_while(|stage| stage.4 == 1).count(),
        output: row.output,
        project: row.project,
        at: row.school.unwrap_or(row.org),
        state: row.state,
        quantity: row.quantity,
        title: row.title,
        fields: fields(&row.fields),
    };
    rows.into_iter().map(one).collect()
}

async fn profiles(tx: &mut Tx) -> Vec<Profile> {
    let values = tx.all::<ValueRow>(&RAW_VALUES, Vec::new()).await.unwrap();
    let rows = tx.all::<ProfileRow>(&RAW_PROFILES, Vec::new()).await.unwrap();
    let one = |(id, school, year, stage, as_of, accepted_on): ProfileRow| Profile {
        values: values
            .iter()
            .filter(|value| value.0 == id && value.3 != "unknown")
            .map(|(_, element, value, known)| (element.clone(), value.filter(|_| known == "value")))
            .collect(),
        school,
        year: i32::try_from(year).unwrap(),
        state: match stage.as_str() {
            "draft" | "returned" => ProfileState::Draft,
            "submitted" => ProfileState::Submitted,
            _ => ProfileState::Accepted,
        },
        as_of,
        accepted_on,
    };
    rows.into_iter().map(one).collect()
}
