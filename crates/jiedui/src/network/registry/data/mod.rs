//! SQL of the registry.

mod images;
mod merges;

pub(crate) use images::{
    DROP_FLAG, DROP_LINEAGE, DROP_ORG, DROP_PERSON, DROP_POST, FLAG_IMAGE, FLAG_IMAGES, LINEAGE_IMAGE,
    ORG_IMAGE, ORG_IMAGES, ORG_USED, PERSON_USED, POST_IMAGE, POST_IMAGES, RESTORE_ORG,
};
pub use images::{FlagImage, LineageImage, OrgImage, PostImage};
pub(crate) use merges::{
    AGREE_MERGE, BUILT, INSERT_MERGE, LED_AT, LED_TO, LOCK_MERGE, MERGE, MERGES_AT, MERGES_WAITING, MergeRow,
    NAMED_IN, NAMESAKES, PART_MERGE, RECORD, RecordRow,
};

use jiedui_kernel::{Date, Result};
use jiedui_store::{
    Keyed, PersonName, Tx, args, list, org_in_scope, pairing_in_scope, person_led_to, person_name,
    person_records, rows, sql,
};
use serde::Serialize;

#[derive(Debug, Clone, Serialize, serde::Deserialize, sqlx::FromRow)]
pub struct Division {
    pub code: String,
    pub name: String,
    pub level: String,
    pub parent: String,
    pub region: String,
    pub typical_batch: String,
    pub typical_class: String,
    /// Degrees; absent where nobody has said where it lies.
    pub lon: Option<f64>,
    pub lat: Option<f64>,
}

/// A span of days in which a school is flagged as a county school.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct TermRow {
    pub org: String,
    pub from_day: Date,
    pub to_day: Option<Date>,
    pub ended_on: Option<Date>,
}

/// A level that a school had until a day.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LevelRow {
    pub org: String,
    pub day: Date,
    pub note: String,
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct OrgRow {
    pub id: String,
    pub kind: String,
    pub name: String,
    pub division: String,
    pub place: String,
    pub city: Option<String>,
    pub typical_class: String,
    pub parent: Option<String>,
    pub parent_name: Option<String>,
    pub path: String,
    pub level: String,
    pub ownership: String,
    pub credit_code: String,
    pub source: String,
    pub demo: bool,
    pub ended_on: Option<Date>,
    pub version: i64,
    /// In the order of names.
    #[serde(skip)]
    pub sort_key: String,
    pub county_school: bool,
    pub high_level: bool,
}

impl Keyed for OrgRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// A person with the post held, as forms offer it.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct PersonAt {
    pub id: String,
    pub name: PersonName,
    pub post: String,
    pub title: String,
    pub from_day: Date,
    pub to_day: Option<Date>,
}

/// A post with its place and its holder, as programs read it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct HeldPost {
    pub id: String,
    pub person: String,
    pub name: PersonName,
    pub org: String,
    pub post: String,
    pub title: String,
    pub from_day: Date,
    pub to_day: Option<Date>,
}

impl Keyed for HeldPost {
    fn key(&self) -> &str {
        &self.id
    }
}

macro_rules! held_post_columns {
    () => {
        concat!(
            "SELECT pp.id, pe.id AS person, ",
            person_name!("pe", "pp.post"),
            " AS name, pp.org, pp.post, pp.title, pp.from_day, pp.to_day FROM "
        )
    };
}

macro_rules! held_post {
    () => {
        concat!(
            held_post_columns!(),
            "person_post pp JOIN org o ON o.id = pp.org JOIN person pe ON pe.id = ",
            person_led_to!("pp.person"),
            " WHERE ",
            org_in_scope!("o")
        )
    };
}

/// A post with its holder.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PostRow {
    pub org: String,
    pub org_name: String,
    pub post: String,
    pub title: String,
    pub from_day: Date,
    pub to_day: Option<Date>,
    pub name: PersonName,
    /// The name under which the post was registered, where that record leads to another one.
    pub former: Option<PersonName>,
}

/// An entry that relies on a post.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RelyingRow {
    pub id: String,
    pub activity: String,
    pub from_day: Date,
    pub to_day: Date,
    pub county_name: String,
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct FlagRow {
    pub id: String,
    pub flag: String,
    pub from_day: Date,
    pub to_day: Option<Date>,
    pub source: String,
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct LineageRow {
    pub kind: String,
    pub other: Option<String>,
    pub other_name: Option<String>,
    pub day: Date,
    pub note: String,
}

/// A major category that an organisation has, or had, from a day on.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct CategoryRow {
    pub id: String,
    pub category: String,
    pub source: String,
    pub from_day: Date,
    pub to_day: Option<Date>,
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct PairingOf {
    pub id: String,
    pub county_name: String,
    pub lead_name: String,
    pub nearby_name: String,
    pub from_day: Date,
    pub to_day: Option<Date>,
}

// A flag on a day: from the day on which the organisation was merged into another it holds no more.
macro_rules! flagged {
    ($flag:literal, $day:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM org_flag f WHERE f.org = o.id AND f.flag = ",
            $flag,
            " AND f.from_day <= ",
            $day,
            " AND (f.to_day IS NULL OR f.to_day >= ",
            $day,
            ") AND (o.ended_on IS NULL OR o.ended_on > ",
            $day,
            "))"
        )
    };
}

macro_rules! org_columns {
    () => {
        concat!(
            "o.id, o.kind, o.name, o.division, d.name AS place, c.name AS city, d.typical_class, o.parent, \
             p.name AS parent_name, o.path, o.level, o.ownership, o.credit_code, o.source, o.demo, o.ended_on, o.version, o.sort_key, ",
            flagged!("'county_school'", "$3"),
            " AS county_school, ",
            flagged!("'high_level'", "$3"),
            " AS high_level \
             FROM org o JOIN division d ON d.code = o.division LEFT JOIN division c ON c.code = d.parent \
             LEFT JOIN org p ON p.id = o.parent WHERE "
        )
    };
}

macro_rules! list_filter {
    () => {
        concat!(
            " AND (:q = '' OR o.name LIKE :q ESCAPE '!') AND (:level = '' OR o.level = :level) AND (:city = '' OR d.code = :city OR d.parent = :city) \
             AND (:kind = '' OR o.kind = :kind) AND (:flag = '' OR ",
            flagged!(":flag", "$3"),
            ") \
             AND (:typical = '' OR (:typical = 'typical' AND d.typical_class <> '') OR (:typical = 'other' AND d.typical_class = ''))"
        )
    };
}

list! { LIST: scoped,
    count: concat!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM org o JOIN division d ON d.code = o.division WHERE ",
        org_in_scope!("o"), list_filter!()
    ),
    rows: concat!("SELECT ", org_columns!(), org_in_scope!("o"), list_filter!()),
    usual: "o.sort_key",
    tie: "o.id",
    orders: {
        name: "o.sort_key",
        kind: "o.level",
        place: "o.division",
        typical: "NULLIF(d.typical_class, '')" nullable,
        parent: "p.sort_key" nullable,
    },
    unsorted: [flags],
}
sql! { OF_KIND: scoped, concat!("SELECT ", org_columns!(), org_in_scope!("o"), " AND ($4 = '' OR o.kind = $4) ORDER BY o.sort_key") }
sql! { SHOW: scoped, concat!("SELECT ", org_columns!(), org_in_scope!("o"), " AND o.id = $4") }
sql! { SCHOOLS_AFTER: scoped, concat!("SELECT ", org_columns!(), org_in_scope!("o"),
" AND o.kind = 'school' AND o.id > $4 ORDER BY o.id LIMIT $5") }
sql! { FOUND_AS: unscoped("by what an organisation is found; whoever may see it is asked again before it is shown"),
"SELECT name FROM org WHERE id = $1" }
sql! { NEXT_IDS: unscoped("ids alone, for what is kept of every organisation"),
"SELECT id FROM org WHERE id > $1 ORDER BY id LIMIT $2" }
sql! { FOUND_PERSON: unscoped("by what somebody in a post is found; whoever may see the name is asked again before it is shown"),
"SELECT pe.name, pp.org FROM person_post pp JOIN person pe ON pe.id = pp.person WHERE pp.id = $1" }
sql! { NEXT_POSTS: unscoped("ids alone, for what is kept of every post"),
"SELECT id FROM person_post WHERE id > $1 ORDER BY id LIMIT $2" }
sql! { POST: scoped, concat!(
"SELECT pp.org, o.name AS org_name, pp.post, pp.title, pp.from_day, pp.to_day, ", person_name!("pe", "pp.post"), " AS name, \
CASE WHEN w.id <> pe.id THEN ", person_name!("w", "pp.post"), " END AS former FROM person_post pp JOIN org o ON o.id = pp.org \
JOIN person w ON w.id = pp.person JOIN person pe ON pe.id = ", person_led_to!("pp.person"), " WHERE ", org_in_scope!("o"), " AND pp.id = $4") }
sql! { POSTS_AFTER: scoped, concat!(held_post!(), " AND pp.id > $4 ORDER BY pp.id LIMIT $5") }
// For whoever sees few organisations: the posts of each from its index, sorted. COALESCE keeps the engines from walking all posts.
sql! { POSTS_OF_FEW: scoped, concat!(
held_post_columns!(), "(SELECT x.id FROM person_post x WHERE x.org IN (SELECT so.id FROM org so WHERE ", org_in_scope!("so"),
") AND COALESCE(x.id, '') > $4 ORDER BY COALESCE(x.id, '') LIMIT $5) k CROSS JOIN person_post pp JOIN person pe ON pe.id = ",
person_led_to!("pp.person"), " WHERE pp.id = k.id ORDER BY pp.id") }
sql! { HELD_POST: scoped, concat!(held_post!(), " AND pp.id = $4") }
sql! { POSTS_OF_PERSON: scoped, concat!(held_post!(), " AND pp.person IN ", person_records!("$4"), " ORDER BY pp.id LIMIT 200") }
sql! { OWN_SUBTREE: scoped,
"SELECT CAST(COUNT(*) AS BIGINT) FROM org o WHERE o.path >= $1 AND o.path < $2 AND CAST($3 AS DATE) IS NOT NULL AND o.id = $4" }
sql! { SCHOOL_NAMED: unscoped("import by the provincial office, which sees everything"),
"SELECT o.id, o.kind, o.name, o.division, d.name AS place, c.name AS city, d.typical_class, o.parent, \
p.name AS parent_name, o.path, o.level, o.ownership, o.credit_code, o.source, o.demo, o.ended_on, o.version, o.sort_key, \
(1 = 0) AS county_school, (1 = 0) AS high_level FROM org o JOIN division d ON d.code = o.division \
LEFT JOIN division c ON c.code = d.parent LEFT JOIN org p ON p.id = o.parent \
WHERE o.kind = 'school' AND o.name = $1 AND o.ended_on IS NULL" }
sql! { ORG_NAMED: unscoped("the command line of the machine's administrator"),
"SELECT id FROM org WHERE name = $1 AND ended_on IS NULL" }
sql! { PATH: unscoped("where an organisation stands in the tree: ids alone"), "SELECT path FROM org WHERE id = $1" }
sql! { OFFICE: unscoped("the name of an office above the caller's own organisation; names of offices are public"),
"SELECT name FROM org WHERE id = $1 AND kind <> 'school'" }
sql! { BUREAU: unscoped("the place of a new organisation in the tree"),
"SELECT id FROM org WHERE kind = $1 AND division = $2" }
rows! { INSERT: unscoped("a new row; the right to make it is the route's")
org (id, kind, name, division, parent, path, level, ownership, credit_code, source, demo, sort_key, version) }
sql! { UPDATE_SCHOOL: unscoped("import and levels by the provincial office, which sees everything"),
"UPDATE org SET level = $2, ownership = $3, credit_code = $4, source = $5, version = version + 1 WHERE id = $1" }
sql! { RENAME: on OrgRow,
"UPDATE org SET name = $2, sort_key = $3, version = version + 1 WHERE id = $1" }
sql! { RELOCATE: unscoped("import by the provincial office, which sees everything"),
"UPDATE org SET division = $2, parent = $3, path = $4, sort_key = $5, version = version + 1 WHERE id = $1" }
sql! { CLOSE: on OrgRow,
"UPDATE org SET ended_on = $2, version = version + 1 WHERE id = $1" }

sql! { FLAGS_OF: unscoped("after the organisation was found in scope"),
"SELECT id, flag, from_day, to_day, source FROM org_flag WHERE org = $1 ORDER BY from_day, flag" }
sql! { HAS_FLAG: unscoped("eligibility of a party that the caller named"),
concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM org o WHERE o.id = $1 AND ", flagged!("$2", "$3")) }
// A helper sees its former county schools too.
macro_rules! reached {
    () => {
        concat!(
            "(",
            org_in_scope!("o"),
            " OR EXISTS (SELECT 1 FROM pairing p WHERE p.county_school = o.id AND ",
            pairing_in_scope!("p"),
            "))"
        )
    };
}
sql! { TERMS: scoped, concat!(
"SELECT f.org, f.from_day, f.to_day, o.ended_on FROM org_flag f JOIN org o ON o.id = f.org WHERE f.flag = 'county_school' AND ", reached!(), " ORDER BY f.org, f.from_day") }
sql! { CITIES: scoped, concat!(
"SELECT DISTINCT CASE WHEN d.level = 'city' THEN d.code ELSE d.parent END AS code FROM org o JOIN division d ON d.code = o.division \
WHERE ((o.path >= $1 AND o.path < $2) OR o.id IN (SELECT p.county_school FROM pairing p WHERE ", pairing_in_scope!("p"), "))") }
sql! { LEVELS: scoped, concat!(
"SELECT l.org, l.day, l.note FROM org_lineage l JOIN org o ON o.id = l.org WHERE l.kind = 'level' AND ", reached!(),
" ORDER BY l.org, l.day, l.id") }
rows! { INSERT_FLAG: unscoped("after the organisation was found in scope") org_flag (id, org, flag, from_day, to_day, source) }
sql! { END_FLAG: unscoped("after the organisation was found in scope"),
"UPDATE org_flag SET to_day = $3 WHERE id = $1 AND org = $2" }

sql! { LOCK_ORG: on OrgRow,
"UPDATE org SET version = version + 1 WHERE id = $1" }
sql! { CATEGORIES_OF: unscoped("after the organisation was found in scope"),
"SELECT id, category, source, from_day, to_day FROM org_category WHERE org = $1 AND kind = $2 ORDER BY from_day, id" }
sql! { CATEGORIES_ON: scoped, concat!(
"SELECT k.org, k.category FROM org_category k JOIN org o ON o.id = k.org WHERE ", org_in_scope!("o"),
" AND k.kind = $4 AND k.from_day <= $5 AND (k.to_day IS NULL OR k.to_day >= $5) ORDER BY k.org, k.id") }
sql! { INSERT_CATEGORY: on OrgRow,
"INSERT INTO org_category (org, id, kind, category, source, from_day) VALUES ($1, $2, $3, $4, $5, $6)" }
sql! { END_CATEGORY: on OrgRow,
"UPDATE org_category SET to_day = $3 WHERE org = $1 AND id = $2" }

sql! { LINEAGE_OF: unscoped("after the organisation was found in scope"),
"SELECT l.kind, l.other, o.name AS other_name, l.day, l.note FROM org_lineage l LEFT JOIN org o ON o.id = l.other \
WHERE l.org = $1 ORDER BY l.day, l.id" }
sql! { INSERT_LINEAGE: unscoped("after the organisation was found in scope"),
"INSERT INTO org_lineage (id, org, kind, other, day, note) VALUES ($1, $2, $3, $4, $5, $6)" }

sql! { PEOPLE_OF: unscoped("after the organisation was found in scope"),
concat!("SELECT pp.id, ", person_name!("p", "pp.post"), " AS name, pp.post, pp.title, pp.from_day, pp.to_day \
FROM person_post pp JOIN person p ON p.id = ", person_led_to!("pp.person"), " \
WHERE pp.org = $1 ORDER BY CASE WHEN pp.to_day IS NULL THEN 0 ELSE 1 END, \
CASE pp.post WHEN 'head' THEN 1 WHEN 'party_secretary' THEN 2 WHEN 'deputy_head' THEN 3 WHEN 'middle_manager' THEN 4 \
WHEN 'backbone_teacher' THEN 5 WHEN 'teacher' THEN 6 ELSE 7 END, pp.from_day, p.id") }
sql! { PEOPLE_AT: unscoped("people of a party of a pairing that the caller found in scope"),
concat!("SELECT p.id, ", person_name!("p", "pp.post"), " AS name, pp.post, pp.title, pp.from_day, pp.to_day \
FROM person_post pp JOIN person p ON p.id = ", person_led_to!("pp.person"), " \
WHERE pp.org = $1 AND pp.from_day <= $3 AND (pp.to_day IS NULL OR pp.to_day >= $2) \
ORDER BY CASE pp.post WHEN 'head' THEN 1 WHEN 'party_secretary' THEN 2 WHEN 'deputy_head' THEN 3 \
WHEN 'middle_manager' THEN 4 WHEN 'backbone_teacher' THEN 5 WHEN 'teacher' THEN 6 ELSE 7 END, p.id") }
sql! { PERSON_AT_NAMED: unscoped("after the organisation was found in scope"),
"SELECT p.id FROM person p JOIN person_post pp ON pp.person = p.id WHERE pp.org = $1 AND p.name = $2 ORDER BY p.id" }
sql! { POST_FROM: unscoped("after the organisation was found in scope"),
concat!("SELECT id, to_day, title FROM person_post WHERE person IN ", person_records!("$1"),
" AND org = $2 AND post = $3 AND from_day = $4 ORDER BY id") }
sql! { NAMES_AT: unscoped("the import by the provincial office, which sees everything: who is at a school already"),
"SELECT DISTINCT p.name FROM person p JOIN person_post pp ON pp.person = p.id WHERE pp.org = $1" }
rows! { INSERT_PERSON: unscoped("a new row; the right to make it is the route's") person (id, name, demo, version) }
rows! { INSERT_POST: unscoped("after the organisation was found in scope")
person_post (id, person, org, post, title, from_day, to_day) }
sql! { UPDATE_POST: unscoped("after the organisation was found in scope"),
"UPDATE person_post SET to_day = $3, title = $4 WHERE id = $1 AND org = $2" }
sql! { END_POST: on OrgRow,
"UPDATE person_post SET to_day = $3 WHERE org = $1 AND id = $2" }
// `r` is a record of the one who has the post `q`. What names it is looked for after that, whatever engine it is.
macro_rules! of_holder {
    () => {
        concat!("q.id = $1 AND ", person_led_to!("r.id"), " = ", person_led_to!("q.person"))
    };
}
// What was written down in the belief that a post goes on after `$2`, by the row `$1` of the post: an entry relies on it on
// its first day.
sql! { RELYING: unscoped("after the organisation of the post was found in scope; titles and days of its own work"), concat!(
"SELECT e.id, e.activity, e.from_day, e.to_day, c.name AS county_name FROM person_post q CROSS JOIN person r CROSS JOIN entry e \
JOIN pairing p ON p.id = e.pairing JOIN org c ON c.id = p.county_school WHERE ", of_holder!(), " AND e.post = q.post AND e.person = r.id \
AND e.state <> 'withdrawn' AND e.from_day >= q.from_day AND e.from_day > $2 \
UNION ALL SELECT e.id, e.activity, e.from_day, e.to_day, c.name AS county_name FROM person_post q CROSS JOIN person r \
CROSS JOIN entry_part x JOIN entry e ON e.id = x.entry JOIN pairing p ON p.id = e.pairing JOIN org c ON c.id = p.county_school \
WHERE ", of_holder!(), " AND x.post = q.post AND x.person = r.id AND x.org = q.org \
AND e.state <> 'withdrawn' AND e.from_day >= q.from_day AND e.from_day > $2 ORDER BY 3, 1") }
// An account belongs to nobody in the registry but by its name.
sql! { ACCOUNTS_NAMED: free,
"SELECT DISTINCT a.login FROM account a JOIN account_role r ON r.account = a.id WHERE r.org = $1 AND a.name = $2 \
AND NOT a.disabled ORDER BY a.login" }
sql! { PROJECTS_OWNED: unscoped("after the organisation was found in scope; titles of projects for which it answers"),
concat!("SELECT j.id, j.title FROM person_post q CROSS JOIN person r CROSS JOIN project j WHERE ", of_holder!(),
" AND j.owner = r.id AND j.owner_org = q.org AND j.ended = '' AND j.to_day > $2 ORDER BY j.year, j.place") }
sql! { LOCK_PERSON: unscoped("a lock on one person, so that two stays cannot be claimed at once"),
"UPDATE person SET version = version + 1 WHERE id = $1" }

sql! { PAIRINGS_OF: scoped, concat!(
"SELECT p.id, c.name AS county_name, l.name AS lead_name, n.name AS nearby_name, p.from_day, p.to_day FROM pairing p \
JOIN org c ON c.id = p.county_school JOIN org l ON l.id = p.lead JOIN org n ON n.id = p.nearby \
WHERE ", jiedui_store::pairing_in_scope!("p"),
" AND (p.county_school = $4 OR p.lead = $4 OR p.nearby = $4) \
ORDER BY p.from_day DESC, c.sort_key") }

sql! { DIVISIONS: free,
"SELECT code, name, level, parent, region, typical_batch, typical_class, lon, lat FROM division ORDER BY code" }
sql! { PLACE_DIVISION: free, "UPDATE division SET lon = $2, lat = $3 WHERE code = $1" }
sql! { COUNT_DIVISIONS: free, "SELECT CAST(COUNT(*) AS BIGINT) FROM division" }
sql! { INSERT_DIVISION: free by name,
"INSERT INTO division (code, name, level, parent, region, typical_batch, typical_class, lon, lat) \
VALUES (:code, :name, :level, :parent, :region, :typical_batch, :typical_class, :lon, :lat)" }
sql! { LOCK: unscoped("a lock under which something of one organisation changes; nothing is changed in the row"),
"UPDATE org SET version = version WHERE id = $1" }
// With the office there is a row where no school is yet.
sql! { LOCK_ALL: unscoped("a lock under which a file changes the registry; nothing is changed in the rows"),
"UPDATE org SET version = version WHERE kind IN ('school', 'province_office')" }

/// The names of the offices above an organisation, the nearest first.
pub async fn names_above(tx: &mut Tx, org: &str) -> Result<Vec<String>> {
    let (path,) = tx.one::<(String,)>(&PATH, args![org]).await?;
    let mut names = Vec::new();
    for id in path.rsplit('/').filter(|id| !id.is_empty() && *id != org) {
        names.extend(tx.maybe::<(String,)>(&OFFICE, args![id]).await?.map(|(name,)| name));
    }
    Ok(names)
}
