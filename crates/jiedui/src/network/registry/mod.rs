//! 院校库: bureaus and schools on the real divisions, dated flags, lineage, persons with dated posts.
//! Carries G1.1 (who is a county school, who is high-level), T1.2 (lineage), S1.4–S1.6 (who is principal, who may reside).

mod actions;
mod api;
mod data;
mod found;
mod pages;
pub mod rules;
mod tasks;
#[cfg(test)]
mod tests;

use crate::shared::carriers::{Kind, Section};
#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{Mechanism, Tasks, Words, entry};
use jiedui_kernel::{Date, Error, Result};
use jiedui_store::{AuditRecord, Found, Tx, args, named, table};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::levels::take_level;
pub use actions::many::{NewFlag, end_flag, insert_flags, insert_many, lock_all};
pub use actions::merges::propose;
pub use actions::posts::{NewPost, add_posts, ensure_post};
pub use actions::undo::{
    AT_ONCE, RegistryBefore, RegistryDone, RowChange, before_file, changed_since, done_by_file, take_back,
    used,
};
pub use api::{held_post, posts_after, posts_of_person};
pub use data::{Division, FlagRow, HeldPost, LineageRow, OrgRow, PersonAt, PostRow, names_above};
pub use pages::categories::{CategoryKind, categories_on, set_categories};
pub use pages::list::{
    SchoolFilter, city_choices, city_choices_among, city_of, fits_typical, like, link, typical_choices,
};
pub use rules::{
    FLAGS, FlagStep, LEVELS, LINEAGE, OWNERSHIPS, POSTS, Population, flag_name, flag_step, lineage_name,
    post_id, post_name,
};

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/network/registry",
    routes,
    menu: &[entry(200, "院校库", "/registry", "院校与机构", ("registry", "read"))],
    tables: &[
        table!(scoped "org" of "id"),
        table!(scoped "org_flag" of "org"),
        table!(scoped "org_category" of "org"),
        table!(scoped "org_lineage" of "org"),
        table!(scoped "person" of "id"),
        table!(scoped "person_post" of "org"),
        table!(scoped "person_merge" of "id"),
        table!(plain "division"),
    ],
    words: Words {
        actions: &[
            ("registry.found", "建立省市县机构"),
            ("registry.school", "登记院校"),
            ("registry.flag", "设定院校标记"),
            ("registry.place", "补记区划位置"),
            ("registry.category", "设定专业大类或当地产业"),
            ("registry.lineage", "登记院校沿革"),
            ("registry.level", "更新办学层次"),
            ("person.post", "登记人员任职"),
            ("person.leave", "登记离任"),
            ("person.propose", "提出合并人员记录"),
            ("person.join", "合并人员记录"),
            ("person.refuse", "不同意合并人员记录"),
            ("person.part", "撤销人员记录合并"),
        ],
        resources: &[
            ("registry", "院校库"),
            ("org", "院校或机构"),
            ("division", "行政区划"),
            ("person", "人员任职"),
        ],
        rights: &[("edit", "维护")],
        jobs: &[("found", "系统：初次建立")],
    },
    tasks: Some(Tasks { place: 22, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    found: &[found::ORGS, found::PEOPLE],
    carriers,
    #[cfg(test)]
    samples: Samples {
        rows: &[("org", Belongs::School), ("county_school", Belongs::School)],
        find: Some(|p, subject, org, pairing| {
            Some(if subject == "org" { org.to_owned() } else { p.school_of(pairing)?.to_owned() })
        }),
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static TYPICAL: Kind = Kind {
    place: 200,
    word: "典型县筛选",
    folder: "network/registry",
    test: ("tests/walk.rs", "typical_counties_are_a_filter_everywhere"),
};
static MERGED: Kind = Kind {
    place: 200,
    word: "院校沿革",
    folder: "network/registry",
    test: ("network/import/tests.rs", "a_school_elsewhere_asks_for_lineage_and_moves_with_it"),
};

fn carriers(section: &mut Section<'_>) {
    section.by_hand(&TYPICAL, "G0.3", "各类清单和指标都能只看典型县", "/pairings?typical=typical");
    section.by_hand(&MERGED, "T1.2", "合并、更名、改隶", "/registry");
}

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/registry", Access::Can("registry", "read"), pages::list::list)
            .about(Subject::None, "院校库"),
        route!(Get "/registry/{id}", Access::Can("registry", "read"), pages::list::show)
            .about(Subject::Row("org"), "院校或机构详情"),
        route!(Get "/registry/{id}/edit", Access::Can("registry", "edit"), pages::edit::edit)
            .about(Subject::Row("org"), "维护院校资料"),
        route!(Post "/registry/{id}/flag", Access::Can("registry", "edit"), pages::edit::set_flag)
            .about(Subject::Row("org"), "设定或终止院校标记"),
        route!(Post "/registry/{id}/category", Access::Can("registry", "edit"), pages::edit::set_categories)
            .about(Subject::Row("org"), "设定专业大类或当地产业"),
        route!(Get "/registry/{id}/people", Access::Can("person", "edit"), pages::people::form)
            .about(Subject::Row("org"), "维护人员任职"),
        route!(Post "/registry/{id}/people", Access::Can("person", "edit"), pages::people::add)
            .about(Subject::Row("org"), "登记人员任职"),
        route!(Post "/registry/{id}/people/end", Access::Can("person", "edit"), pages::people::end)
            .about(Subject::Row("org"), "登记离任日期"),
        route!(Post "/registry/{id}/people/merge", Access::Can("person", "edit"), pages::merges::propose)
            .about(Subject::Row("org"), "提出合并同一个人的两条记录"),
        route!(Post "/registry/{id}/people/merge/agree", Access::Can("person", "edit"), pages::merges::agree)
            .about(Subject::Row("org"), "同意合并两条人员记录"),
        route!(Post "/registry/{id}/people/merge/part", Access::Can("person", "edit"), pages::merges::part)
            .about(Subject::Row("org"), "不同意或撤销人员记录的合并"),
    ]
}

/// What a new organisation needs; its path follows from its parent.
#[derive(Debug, Clone, Default)]
pub struct NewOrg {
    /// province_office, city_bureau, county_bureau, school
    pub kind: &'static str,
    pub name: String,
    pub division: String,
    pub parent: Option<String>,
    pub level: String,
    pub ownership: String,
    pub credit_code: String,
    pub source: String,
    pub demo: bool,
}

/// Puts an organisation into the registry. Its audit leaf is the caller's where many are made at once.
pub async fn insert(tx: &mut Tx, new: &NewOrg) -> Result<String> {
    let id = tx.new_id();
    insert_many(tx, &[(id.clone(), new.clone())]).await?;
    Ok(id)
}

/// The organisation of this kind at a division: a bureau, or the provincial office.
pub async fn bureau(tx: &mut Tx, kind: &str, division: &str) -> Result<Option<String>> {
    Ok(tx.maybe::<(String,)>(&data::BUREAU, args![kind, division]).await?.map(|row| row.0))
}

/// A school by its name, anywhere; names of schools are unique among those that still exist.
pub async fn school_named(tx: &mut Tx, name: &str) -> Result<Option<OrgRow>> {
    tx.maybe(&data::SCHOOL_NAMED, args![name]).await
}

/// Any organisation by its full name: for the command line.
pub async fn org_named(tx: &mut Tx, name: &str) -> Result<Option<String>> {
    Ok(tx.maybe::<(String,)>(&data::ORG_NAMED, args![name]).await?.map(|row| row.0))
}

/// Every school visible to the caller, those merged into others included, in the order of names.
pub async fn schools(tx: &mut Tx) -> Result<Vec<OrgRow>> {
    of_kind(tx, "school").await
}

/// Who counts as a county school on which day, of those visible to the caller.
pub async fn population(tx: &mut Tx) -> Result<Population> {
    let terms = tx.all(&data::TERMS, Vec::new()).await?;
    Ok(Population::of(terms, tx.all(&data::LEVELS, Vec::new()).await?))
}

/// The schools visible to the caller that count as county schools on a day, in the order of names.
pub async fn county_schools(tx: &mut Tx, day: Date) -> Result<Vec<OrgRow>> {
    let population = population(tx).await?;
    let all = schools(tx).await?;
    Ok(all.into_iter().filter(|school| population.holds(&school.id, day)).collect())
}

/// Every organisation of a kind visible to the caller, in the order of names.
pub async fn of_kind(tx: &mut Tx, kind: &str) -> Result<Vec<OrgRow>> {
    tx.all(&data::OF_KIND, args![kind]).await
}

/// Every organisation visible to the caller, those that ended included, in the order of names.
pub async fn everyone(tx: &mut Tx) -> Result<Vec<OrgRow>> {
    of_kind(tx, "").await
}

/// The flags of a school that the caller found in scope.
pub async fn flags(tx: &mut Tx, org: &str) -> Result<Vec<FlagRow>> {
    tx.all(&data::FLAGS_OF, args![org]).await
}

/// The lineage of a school that the caller found in scope.
pub async fn lineage(tx: &mut Tx, org: &str) -> Result<Vec<LineageRow>> {
    tx.all(&data::LINEAGE_OF, args![org]).await
}

/// Everybody with a post at a school that the caller found in scope, past posts included.
pub async fn people(tx: &mut Tx, org: &str) -> Result<Vec<PersonAt>> {
    tx.all(&data::PEOPLE_OF, args![org]).await
}

/// Somebody's post at an organisation visible to the caller.
pub async fn post(tx: &mut Tx, id: &str) -> Result<PostRow> {
    tx.maybe(&data::POST, args![id]).await?.ok_or(Error::NotFound)
}

/// Keeps a line of lineage; what it does to the school's row is another call.
pub async fn note_lineage(
    tx: &mut Tx,
    org: &str,
    kind: &str,
    other: Option<&str>,
    day: Date,
    note: &str,
) -> Result<()> {
    let id = tx.new_id();
    tx.write(&data::INSERT_LINEAGE, args![id, org, kind, other, day, note]).await?;
    Ok(())
}

/// What happened to a school: one of [`LINEAGE`].
#[derive(Debug)]
pub struct NewLineage<'a> {
    pub kind: &'a str,
    pub day: Date,
    /// The school that it was merged into.
    pub other: Option<&'a str>,
    /// Its new name, or what else is to be said.
    pub note: &'a str,
}

/// Keeps what happened to a school, with what it does to its row, and the audit record.
pub async fn take_lineage(tx: &mut Tx, org: &Found<OrgRow>, new: &NewLineage<'_>) -> Result<()> {
    let NewLineage { kind, day, other, note } = *new;
    let former = format!("原名：{}", org.name);
    let kept = if kind == "renamed" { &former } else { note };
    note_lineage(tx, &org.id, kind, other, day, kept).await?;
    match kind {
        "renamed" => rename(tx, org, note).await?,
        "merged" | "closed" => close(tx, org, day).await?,
        _ => {}
    }
    let body = serde_json::json!({ "kind": kind, "day": day, "other": other, "note": note });
    tx.audit(AuditRecord { action: "registry.lineage", resource: "org", resource_id: &org.id }, &body).await
}

/// Gives a school another name; lineage keeps the old one.
pub async fn rename(tx: &mut Tx, org: &Found<OrgRow>, name: &str) -> Result<()> {
    tx.change_one(org, &data::RENAME, args![name, rules::sort_key(&org.division, name)]).await
}

/// Ends a school that was merged into another.
pub async fn close(tx: &mut Tx, org: &Found<OrgRow>, day: Date) -> Result<()> {
    tx.change_one(org, &data::CLOSE, args![day]).await
}

/// Puts a school at another place in the tree. Nothing stands below a school, so its own path is all that moves.
pub async fn relocate(tx: &mut Tx, org: &OrgRow, division: &str, parent: &str) -> Result<()> {
    let (above,) = tx.one::<(String,)>(&data::PATH, args![parent]).await?;
    let path = format!("{above}{}/", org.id);
    let sort_key = rules::sort_key(division, &org.name);
    tx.write_one(&data::RELOCATE, args![&org.id, division, parent, path, sort_key]).await
}

/// Brings the facts of an existing school up to date; says whether anything changed.
pub async fn update_school(tx: &mut Tx, old: &OrgRow, new: &NewOrg) -> Result<bool> {
    let same = old.level == new.level
        && old.ownership == new.ownership
        && old.credit_code == new.credit_code
        && old.source == new.source;
    if same {
        return Ok(false);
    }
    if old.level != new.level && !old.level.is_empty() {
        let (today, before) = (tx.today(), rules::former_level(&old.level));
        note_lineage(tx, &old.id, rules::LEVEL_CHANGED, None, today, &before).await?;
    }
    tx.write_one(
        &data::UPDATE_SCHOOL,
        args![&old.id, &new.level, &new.ownership, &new.credit_code, &new.source],
    )
    .await?;
    Ok(true)
}

/// Sets a dated flag; says whether it was new. The same flag from the same day is no second flag, and two of a kind never
/// hold on one day.
pub async fn ensure_flag(
    tx: &mut Tx,
    org: &str,
    flag: &str,
    from: Date,
    to: Option<Date>,
    source: &str,
) -> Result<bool> {
    // Two at once would both find the days free.
    lock(tx, org).await?;
    match flag_step(&flags(tx, org).await?, flag, (from, to))? {
        FlagStep::Same => return Ok(false),
        FlagStep::Ends(id) => end_flag(tx, org, (&id, to)).await?,
        FlagStep::New => {
            let (id, org, flag, source) = (tx.new_id(), org.to_owned(), flag.to_owned(), source.to_owned());
            insert_flags(tx, &[NewFlag { id, org, flag, from, to, source }]).await?;
        }
    }
    Ok(true)
}

/// Whether an organisation has a flag on a day, and is not merged into another by then.
pub async fn has_flag(tx: &mut Tx, org: &str, flag: &str, day: Date) -> Result<bool> {
    Ok(tx.number(&data::HAS_FLAG, args![org, flag, day]).await? > 0)
}

/// Everybody who has one of these posts at a school on some day of a span, the foremost post first.
pub async fn people_at(tx: &mut Tx, org: &str, from: Date, to: Date) -> Result<Vec<PersonAt>> {
    tx.all(&data::PEOPLE_AT, args![org, from, to]).await
}

/// The person whom a record of a person is read as: itself, where nobody said that it is another one's.
pub async fn led_to(tx: &mut Tx, record: &str) -> Result<String> {
    let to = tx.maybe::<(String,)>(&data::LED_TO, args![record]).await?;
    Ok(to.map_or_else(|| record.to_owned(), |(to,)| to))
}

/// The records of people of an organisation that are read as another one's: which, and whose.
pub async fn led_at(tx: &mut Tx, org: &str) -> Result<Vec<(String, String)>> {
    tx.all(&data::LED_AT, args![org]).await
}

/// Takes the person's row for this transaction, so that two claims about one person come one after the other.
pub async fn lock_person(tx: &mut Tx, person: &str) -> Result<()> {
    tx.write_one(&data::LOCK_PERSON, args![person]).await
}

/// Names of organisations by id, whatever the scope: for labels beside rows that were already bounded.
pub async fn divisions(tx: &mut Tx) -> Result<Vec<Division>> {
    tx.all(&data::DIVISIONS, Vec::new()).await
}

/// An organisation visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<OrgRow> {
    found(tx, id).await.map(Found::into_row)
}

/// The same for what writes on the organisation itself.
pub async fn found(tx: &mut Tx, id: &str) -> Result<Found<OrgRow>> {
    tx.find(&data::SHOW, args![id]).await
}

/// The next schools behind an id that are visible to the caller, in the order of their ids and no more than so many.
pub async fn schools_after(tx: &mut Tx, after: &str, most: i64) -> Result<Vec<OrgRow>> {
    tx.all(&data::SCHOOLS_AFTER, args![after, most]).await
}

/// Says where divisions lie that a database from before places were known holds without one.
async fn place(tx: &mut Tx, known: &[Division]) -> Result<()> {
    let mut placed = 0;
    for old in divisions(tx).await?.iter().filter(|d| d.lon.is_none()) {
        let new = known.iter().find(|d| d.code == old.code && d.lon.is_some());
        if let Some(new) = new {
            tx.write_one(&data::PLACE_DIVISION, args![&new.code, new.lon, new.lat]).await?;
            placed += 1;
        }
    }
    if placed == 0 {
        return Ok(());
    }
    let leaf = AuditRecord { action: "registry.place", resource: "division", resource_id: "" };
    tx.audit(leaf, &serde_json::json!({ "placed": placed })).await
}

/// Loads the divisions, the provincial office and a bureau for each city and county. Where they are there, it only says
/// where divisions lie that have no place yet.
pub async fn found_province(tx: &mut Tx, divisions: &[Division], office: &str) -> Result<()> {
    if tx.number(&data::COUNT_DIVISIONS, Vec::new()).await? > 0 {
        return place(tx, divisions).await;
    }
    for d in divisions {
        let division = named!(data::INSERT_DIVISION {
            code: &d.code,
            name: &d.name,
            level: &d.level,
            parent: &d.parent,
            region: &d.region,
            typical_batch: &d.typical_batch,
            typical_class: &d.typical_class,
            lon: d.lon,
            lat: d.lat,
        });
        division.write(tx).await?;
    }
    let root = divisions
        .iter()
        .find(|d| d.level == "province")
        .ok_or_else(|| Error::internal("no province in the divisions"))?;
    let office = NewOrg {
        kind: "province_office",
        name: office.to_owned(),
        division: root.code.clone(),
        ..NewOrg::default()
    };
    let office = insert(tx, &office).await?;
    let mut cities = std::collections::BTreeMap::new();
    for (level, kind) in [("city", "city_bureau"), ("county", "county_bureau")] {
        for d in divisions.iter().filter(|d| d.level == level) {
            let parent = cities.get(&d.parent).cloned().unwrap_or_else(|| office.clone());
            let name = format!("{}人力资源和社会保障局", d.name);
            let new =
                NewOrg { kind, name, division: d.code.clone(), parent: Some(parent), ..NewOrg::default() };
            let id = insert(tx, &new).await?;
            if level == "city" {
                cities.insert(d.code.clone(), id);
            }
        }
    }
    let leaf = AuditRecord { action: "registry.found", resource: "division", resource_id: &root.code };
    tx.audit(leaf, &serde_json::json!({ "divisions": divisions.len() })).await
}

/// Lets nobody else who asks for it go on about this organisation until the transaction ends: for what must not change
/// twice at once and has no row of its own.
pub async fn lock(tx: &mut Tx, org: &str) -> Result<()> {
    tx.lock(&data::LOCK, args![org]).await
}
