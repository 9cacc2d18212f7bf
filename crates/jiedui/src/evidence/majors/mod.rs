//! 专业布局: the catalogue of majors by edition, what schools offer and how it went, what the counties' industries ask
//! for, and advice with its reasons (T5.1–T5.3, T5.6). The school decides; nothing here is a score or a rank.

mod actions;
mod data;
mod pages;
pub mod rules;
mod tasks;
#[cfg(test)]
mod tests;

use crate::network::registry;
use crate::shared::carriers::{Kind, Section};
#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{CountedStep, Mechanism, Tasks, Words, entry};
use crate::shared::review::State;
use jiedui_kernel::{Code, Date, Error, FieldError, Period, Result};
use jiedui_programme::{FormKind, Programme};
use jiedui_store::{Found, Tx, args, named, table};
use jiedui_web::history::{self, HistoryEntry};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use data::{DemandRow, GraduatesRow, MajorRow, OfferRow, OfferState, YearRow};
pub use pages::catalogue::import;
pub use pages::seen::untold;

const READ: Access = Access::Can("major", "read");
const EDIT: Access = Access::Can("major", "edit");
const DEMAND: Access = Access::Can("major", "demand");
const IMPORT: Access = Access::Can("major", "import");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/evidence/majors",
    routes,
    menu: &[entry(930, "达标", "/majors", "专业布局", ("major", "read"))],
    tables: &[
        table!(scoped "school_major" of "id"),
        table!(scoped "school_major_year" of "school_major"),
        table!(scoped "industry_demand" of "id"),
        table!(plain "major_catalogue" of "id"),
        table!(plain "major" of "catalogue"),
    ],
    words: Words {
        actions: &[
            ("major.import", "导入专业目录"),
            ("school_major.add", "登记开设的专业"),
            ("school_major.edit", "修改开设的专业"),
            ("school_major.decided", "按确认的调整改专业"),
            ("school_major.year", "填报专业年度数字"),
            ("industry_demand.write", "填报产业用工需求"),
        ],
        resources: &[
            ("major", "专业布局"),
            ("school_major", "学校专业"),
            ("industry_demand", "产业用工需求"),
        ],
        rights: &[("demand", "填报产业用工需求")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 54, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    steps: &[
        CountedStep { resource: "school_major", kind: "add", form: (FormKind::Other, "school-major") },
        CountedStep { resource: "school_major", kind: "year", form: (FormKind::Other, "school-major-year") },
        CountedStep {
            resource: "industry_demand",
            kind: "write",
            form: (FormKind::Other, "industry-demand"),
        },
    ],
    carriers,
    imports: &[actions::IMPORT],
    #[cfg(test)]
    samples: Samples {
        rows: &[("major", Belongs::School)],
        lay_out: Some(|tx, pairing| Box::pin(async move { vec![("major", example(tx, pairing).await)] })),
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static MAJORS: Kind = Kind {
    place: 200,
    word: "专业布局",
    folder: "evidence/majors",
    test: ("evidence/majors/tests.rs", "figures_of_both_sides_become_advice"),
};

fn carriers(section: &mut Section<'_>) {
    section.by_hand(&MAJORS, "T5.2", "专业供需和增减建议", "/majors");
}

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/majors", READ, pages::overview::list).about(Subject::None, "专业布局"),
        route!(Get "/majors/rules", READ, pages::overview::rules_page)
            .about(Subject::None, "专业建议的统计口径"),
        route!(Get "/majors/new", EDIT, pages::offer::new).about(Subject::None, "登记开设的专业"),
        route!(Post "/majors/new", EDIT, pages::offer::create).about(Subject::None, "提交开设的专业"),
        route!(Get "/majors/years", EDIT, pages::years::form).about(Subject::None, "填报专业年度数字"),
        route!(Post "/majors/years", EDIT, pages::years::save).about(Subject::None, "提交专业年度数字"),
        route!(Get "/majors/demand", DEMAND, pages::demand::form).about(Subject::None, "填报产业用工需求"),
        route!(Post "/majors/demand", DEMAND, pages::demand::save).about(Subject::None, "提交产业用工需求"),
        route!(Get "/majors/catalogue", IMPORT, pages::catalogue::form).about(Subject::None, "专业目录"),
        route!(Post "/majors/catalogue", IMPORT, looking pages::catalogue::read => pages::catalogue::submit)
            .about(Subject::None, "检查并导入专业目录")
            .uploads(),
        route!(Get "/majors/catalogue/template", IMPORT, pages::catalogue::template)
            .about(Subject::None, "下载专业目录模板"),
        route!(Get "/majors/offers/{id}", READ, pages::offer::show)
            .about(Subject::Row("major"), "一个专业的详情"),
        route!(Post "/majors/offers/{id}", EDIT, pages::offer::save)
            .about(Subject::Row("major"), "修改开设的专业"),
        route!(Get "/majors/{id}", READ, pages::school::show).about(Subject::Row("org"), "一所学校的专业"),
    ]
}

const NOT_A_COUNTY_SCHOOL: &str =
    "本单位现在没有“对口县级院校”标记，不用登记专业。如与实际不符，请联系省领导小组办公室。";
const NOT_YOURS: &str = "专业由学校自己登记，本单位只能查看。";
const FASTER: &str = "这一条刚被同事改过，您的改动没有写入。请看过新的内容再决定。";

/// A major as a school writes it down.
#[derive(Debug, Clone, Default)]
pub struct NewOffer {
    /// Of the catalogue; without one the name is the school's own.
    pub major: Option<String>,
    pub name: String,
    pub category: String,
    pub state: Option<OfferState>,
    pub from: Option<Date>,
    pub to: Option<Date>,
    /// Why the school does otherwise than advised.
    pub differs: String,
}

/// What a year brought; none of them is 未填报.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Year {
    pub enrolled: Option<i64>,
    pub graduates: Option<i64>,
    pub employed: Option<i64>,
    pub in_field: Option<i64>,
}

/// A major visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<OfferRow>> {
    tx.find(&data::OFFER, args![id]).await
}

/// The majors of a school visible to the caller, or of all of them.
pub async fn offers(tx: &mut Tx, org: &str) -> Result<Vec<OfferRow>> {
    tx.all(&data::OFFERS, args![org]).await
}

/// What every year brought to the majors of a school visible to the caller, or of all of them.
pub async fn years(tx: &mut Tx, org: &str) -> Result<Vec<YearRow>> {
    tx.all(&data::YEARS, args![org]).await
}

/// What the bureaus of counties say that their industries want, of the counties in which the caller sees somebody; of each
/// county and category the newest first.
pub async fn demand(tx: &mut Tx) -> Result<Vec<DemandRow>> {
    tx.all(&data::DEMAND, Vec::new()).await
}

/// The newest year whose figures are due.
pub fn asked_year(today: Date, programme: &Programme) -> i32 {
    rules::asked_year(today, &programme.profile.as_of)
}

/// The id of a major of that name in the newest edition.
pub async fn named_in_catalogue(tx: &mut Tx, name: &str) -> Result<Option<String>> {
    Ok(tx.maybe::<(String,)>(&data::MAJOR_NAMED, args![name]).await?.map(|row| row.0))
}

/// The category of a major of that name: as the newest edition has it, or else a school that offers it.
pub async fn category_named(tx: &mut Tx, name: &str) -> Result<Option<String>> {
    if let Some((category,)) = tx.maybe::<(String,)>(&data::CATEGORY_NAMED, args![name]).await? {
        return Ok(Some(category));
    }
    let offered = tx.maybe::<(String,)>(&data::CATEGORY_OFFERED, args![name]).await?;
    Ok(offered.map(|(category,)| category))
}

/// The majors of a category, of these names or of all, that schools visible to the caller had in a year, each with who
/// graduated: first those of a county, then those of its city, at most so many. Fewer than `smallest` are few.
pub async fn graduates(
    tx: &mut Tx,
    (category, names): (&str, &[String]),
    (division, year): (&str, i32),
    (smallest, most): (i64, i64),
) -> Result<Vec<GraduatesRow>> {
    let Some(days) = Period::year(year) else { return Ok(Vec::new()) };
    let names = if names.is_empty() { String::new() } else { format!("、{}、", names.join("、")) };
    let asked = args![category, names, division, i64::from(year), days.from, days.to, most, smallest];
    tx.all(&data::GRADUATES, asked).await
}

/// How many majors one's own school offers whose figures of the year that is asked for now are missing, and that year.
pub async fn unreported(tx: &mut Tx, programme: &Programme) -> Result<(i32, usize)> {
    let (org, today) = (tx.actor().org.clone(), tx.today());
    let year = asked_year(today, programme);
    let years = tx.all::<YearRow>(&data::YEARS, args![&org]).await?;
    let done = |offer: &OfferRow| {
        years.iter().any(|row| row.school_major == offer.id && row.year == i64::from(year))
    };
    let missing = offers(tx, &org).await?;
    Ok((year, missing.iter().filter(|offer| rules::asked_for(offer, year) && !done(offer)).count()))
}

/// A new major of the school of the caller, with every check; returns its id.
pub async fn add(tx: &mut Tx, programme: &Programme, new: &NewOffer) -> Result<String> {
    let (org, today) = (tx.actor().org.clone(), tx.today());
    if !registry::has_flag(tx, &org, "county_school", today).await? {
        return Err(Error::Forbidden(NOT_A_COUNTY_SCHOOL.to_owned()));
    }
    let new = named(tx, new).await?;
    let mut errors = rules::check_offer(&new, programme, today);
    let known = offers(tx, &org).await?;
    if known.iter().any(|row| row.name == new.name && row.to_day.is_none()) {
        errors.push(FieldError::new(
            "name",
            Code::Duplicate.says(format!("本校已经登记了“{}”，请在它的页面上修改。", new.name)),
        ));
    }
    Error::of(errors)?;
    let id = put(tx, &org, &new, today).await?;
    record(tx, ("school_major", &id, "add"), 1, describe(&new)).await?;
    Ok(id)
}

async fn put(tx: &mut Tx, org: &str, new: &NewOffer, today: Date) -> Result<String> {
    let id = tx.new_id();
    named!(data::INSERT_OFFER {
        id: &id,
        org,
        major: new.major.clone(),
        name: &new.name,
        category: &new.category,
        state: new.state.map(State::text),
        from_day: new.from.unwrap_or(today),
        to_day: new.to,
        differs: &new.differs,
    })
    .write(tx)
    .await?;
    Ok(id)
}

/// What a major of one's own school says now. Its name stays: another name is another major.
pub async fn change(
    tx: &mut Tx,
    programme: &Programme,
    row: &Found<OfferRow>,
    version: i64,
    new: &NewOffer,
) -> Result<()> {
    if tx.actor().org != row.org {
        return Err(Error::Forbidden(NOT_YOURS.to_owned()));
    }
    let today = tx.today();
    let new = NewOffer {
        major: row.major.clone(),
        name: row.name.clone(),
        category: row.category.clone(),
        ..new.clone()
    };
    Error::of(rules::check_offer(&new, programme, today))?;
    let from = new.from.unwrap_or(row.from_day);
    let values = args![new.state.map(State::text), from, new.to, &new.differs];
    data::UPDATE_OFFER.at(row, version, values).write(tx, FASTER).await?;
    let before = serde_json::json!({
        "state": row.state, "from": row.from_day, "to": row.to_day, "differs": row.differs,
    });
    let change = serde_json::json!({ "before": before, "after": describe(&new) });
    record(tx, ("school_major", &row.id, "edit"), version, change).await
}

/// What a school decided of a major, as its bureau confirmed it.
pub struct Decided<'a> {
    pub name: &'a str,
    /// Opened, or stopped.
    pub opens: bool,
    /// "" where nobody said.
    pub category: &'a str,
    pub day: Date,
}

/// Brings the list of a school visible to the caller in line with what it decided (T5.2): nobody writes it down again. A
/// new major of which no category is known stays for the school to write down.
pub async fn decided(tx: &mut Tx, school: &str, new: &Decided<'_>) -> Result<()> {
    registry::lock(tx, school).await?;
    let (name, state) = (bare(new.name), if new.opens { OfferState::Open } else { OfferState::Stopped });
    let known = offers(tx, school).await?.into_iter().filter(|row| bare(&row.name) == name);
    match known.max_by_key(|row| row.from_day) {
        Some(row) if row.state == state => Ok(()),
        Some(row) => {
            let row = find(tx, &row.id).await?;
            let (from, to) =
                if new.opens { (new.day, None) } else { (row.from_day, Some(new.day.max(row.from_day))) };
            let values = args![state.text(), from, to, &row.differs];
            data::UPDATE_OFFER.at(&row, row.version, values).write(tx, FASTER).await?;
            let before = serde_json::json!({ "state": row.state, "from": row.from_day, "to": row.to_day });
            let after = serde_json::json!({ "state": state, "from": from, "to": to });
            let change = serde_json::json!({ "before": before, "after": after });
            record(tx, ("school_major", &row.id, "decided"), row.version, change).await
        }
        None if new.opens => open_new(tx, school, name, new).await,
        None => Ok(()),
    }
}

async fn open_new(tx: &mut Tx, school: &str, name: &str, new: &Decided<'_>) -> Result<()> {
    let listed = named_in_catalogue(tx, name).await?;
    let listed = match listed {
        Some(id) => tx.maybe::<MajorRow>(&data::MAJOR, args![id]).await?,
        None => None,
    };
    let category = listed.as_ref().map_or(new.category, |row| row.category.as_str()).to_owned();
    if category.is_empty() {
        return Ok(());
    }
    let offer = NewOffer {
        major: listed.map(|row| row.id),
        name: name.to_owned(),
        category,
        state: Some(OfferState::Open),
        from: Some(new.day),
        ..NewOffer::default()
    };
    let id = put(tx, school, &offer, new.day).await?;
    record(tx, ("school_major", &id, "decided"), 1, describe(&offer)).await
}

/// A major without the word for what it is: 数控加工专业 is 数控加工.
fn bare(name: &str) -> &str {
    name.trim().strip_suffix("专业").unwrap_or(name.trim())
}

/// One year of one's own major. `version` is that of the row that was seen, 0 where there was none.
pub async fn report(tx: &mut Tx, row: &Found<OfferRow>, year: i32, version: i64, new: &Year) -> Result<()> {
    if tx.actor().org != row.org {
        return Err(Error::Forbidden(NOT_YOURS.to_owned()));
    }
    Error::of(rules::check_year(&row.id, new))?;
    let year = i64::from(year);
    let old = tx.find_maybe::<YearRow>(&data::YEAR_OF, args![&row.id, year]).await?;
    if old.as_ref().map_or(0, |old| old.version) != version {
        return Err(Error::Conflict(FASTER.to_owned()));
    }
    let figures = args![new.enrolled, new.graduates, new.employed, new.in_field];
    match &old {
        None => {
            let id = tx.new_id();
            tx.change(row, &data::INSERT_YEAR, [args![id, year], figures].concat()).await?;
        }
        Some(old) => data::UPDATE_YEAR.at(old, version, figures).write(tx, FASTER).await?,
    }
    let body = serde_json::json!({
        "year": year, "before": old, "enrolled": new.enrolled, "graduates": new.graduates,
        "employed": new.employed, "in_field": new.in_field,
    });
    record(tx, ("school_major", &row.id, "year"), row.version, body).await
}

/// Posts a year of one category in the county of one's own bureau. `version` as in [`report`].
pub async fn ask(
    tx: &mut Tx,
    (category, year): (&str, i32),
    version: i64,
    posts: i64,
    source: &str,
) -> Result<()> {
    let org = registry::find(tx, &tx.actor().org.clone()).await?;
    if org.kind != "county_bureau" {
        return Err(Error::Forbidden("产业用工需求由县（市、区）人社局填报。".to_owned()));
    }
    let year = i64::from(year);
    let old = tx.find_maybe::<DemandRow>(&data::DEMAND_OF, args![&org.division, category, year]).await?;
    if old.as_ref().map_or(0, |old| old.version) != version {
        return Err(Error::Conflict(FASTER.to_owned()));
    }
    let id = old.as_ref().map_or_else(|| tx.new_id(), |old| old.id.clone());
    match &old {
        None => {
            let values = args![&id, &org.id, &org.division, category, year, posts, source];
            tx.write(&data::INSERT_DEMAND, values).await?;
        }
        Some(old) => {
            data::UPDATE_DEMAND.at(old, version, args![posts, source]).write(tx, FASTER).await?;
        }
    }
    let body = serde_json::json!({
        "category": category, "year": year, "before": old.map(|old| old.posts), "posts": posts, "source": source,
    });
    record(tx, ("industry_demand", &id, "write"), version, body).await
}

async fn record(
    tx: &mut Tx,
    (resource, id, kind): (&'static str, &str, &'static str),
    revision: i64,
    change: serde_json::Value,
) -> Result<()> {
    history::record(tx, &HistoryEntry { resource, id, kind, reason: "", revision, change }).await
}

/// Name and category as the catalogue has them, where the major is of the catalogue.
async fn named(tx: &mut Tx, new: &NewOffer) -> Result<NewOffer> {
    let Some(id) = new.major.as_deref().filter(|id| !id.is_empty()) else {
        return Ok(NewOffer { major: None, ..new.clone() });
    };
    let found = tx.maybe::<MajorRow>(&data::MAJOR, args![id]).await?;
    let found = found
        .ok_or_else(|| Error::field("major", Code::NotListed.says("目录里没有这个专业，请重新选择。")))?;
    Ok(NewOffer { name: found.name, category: found.category, ..new.clone() })
}

fn describe(new: &NewOffer) -> serde_json::Value {
    serde_json::json!({
        "name": new.name, "category": new.category, "state": new.state, "from": new.from, "to": new.to,
        "differs": new.differs, "major": new.major,
    })
}

/// A major of the pairing's county school, inserted without checks.
#[cfg(test)]
pub async fn example(tx: &mut Tx, pairing: &crate::network::pairings::PairingRow) -> String {
    let id = tx.new_id();
    let (none, from): (Option<String>, Date) = (None, "2022-09-01".parse().unwrap());
    let open: Option<Date> = None;
    named!(data::INSERT_OFFER {
        id: &id,
        org: &pairing.county_school,
        major: none,
        name: "数控加工",
        category: "机械类",
        state: OfferState::Open,
        from_day: from,
        to_day: open,
        differs: "",
    })
    .write(tx)
    .await
    .unwrap();
    id
}
