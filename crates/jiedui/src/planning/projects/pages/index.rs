//! The projects of a year, or of all, in the order of lists, with what filters ask for: kept for the revision, so that a
//! page of 25 out of 20,000 neither counts nor sorts them from scratch. What one sees of it is bounded by the pairings that
//! a scoped statement gives, and rows are read by a scoped statement again.

use super::views::year_choices;
use crate::network::registry::{self, typical_choices};
use crate::planning::projects::data::{self, LightRow, ProjectRow};
use crate::planning::projects::rules;
use crate::shared::choices::task_choices;
use chrono::Datelike as _;
use jiedui_kernel::{Date, Result, Unit};
use jiedui_programme::{ProjectState, project_state};
use jiedui_store::{Arg, args};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::PAGE_SIZE;
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::Choice;
use jiedui_web::shared_cache::SharedCache;
use jiedui_web::sorting::Orders;
use std::collections::{HashMap, HashSet};

/// What an address asks for.
pub struct IndexQuery {
    words: String,
    /// 0 for all.
    year: i64,
    task: String,
    state: Option<ProjectState>,
    helper: String,
    city: String,
    typical: String,
    pairing: String,
}

impl IndexQuery {
    pub async fn read(ctx: &mut RequestContext, list: &mut Listing) -> Result<Self> {
        let (programme, this_year) = (ctx.programme(), i64::from(ctx.today.year()));
        let years = [vec![Choice::new("all", "各年")], year_choices(ctx.today)].concat();
        let helpers = ctx.tx.all::<(String, String, String)>(&data::HELPERS, Vec::new()).await?;
        let helpers = helpers.into_iter().map(|(_, id, name)| Choice::new(id, name)).collect();
        let cities = registry::city_choices(&mut ctx.tx).await?;
        let states = rules::STATES.map(|(id, state)| (state, id, rules::project_mark(state).label));
        let words = list.text("q", "项目或学校");
        let all = ctx.query.get("year") == "all";
        let year = list.year_or("今年", "年度", years).map_or(this_year, i64::from);
        let year = if all { 0 } else { year };
        let task = list.choice("task", "任务", task_choices(&programme));
        let state = list.one_of("state", "状态", states);
        Ok(Self {
            words,
            year,
            task: if task.is_empty() { task } else { format!("{task}.") },
            state,
            helper: list.choice("helper", "协作院校", helpers),
            city: list.choice("city", "所在市", cities),
            typical: list.choice("typical", "典型县", typical_choices()),
            pairing: list.id("pairing"),
        })
    }

    fn holds(&self, row: &LightRow, today: Date) -> bool {
        (self.year == 0 || row.year == self.year)
            && row.clause.starts_with(&self.task)
            && (row.title.contains(&self.words) || row.county_name.contains(&self.words))
            && self.state.is_none_or(|state| project_state(&row.fact(), today) == state)
    }
}

/// One page of the projects that the address asks for, visible to the caller; grouped by their lists, in no other order.
pub async fn page(ctx: &mut RequestContext, address: &str, grouped: bool) -> Result<Listed<ProjectRow>> {
    let mut list = Listing::at(address, Unit::Items, &ctx.query);
    let asked = IndexQuery::read(ctx, &mut list).await?;
    // What is asked for is nearly always one year, and one year does not grow with the years.
    let year = asked.year;
    let index = SharedCache::get_or_build(ctx, &format!("projects {year}"), async move |ctx| match year {
        0 => ctx.tx.all::<LightRow>(&data::LIGHT, Vec::new()).await,
        year => ctx.tx.all::<LightRow>(&data::LIGHT_OF, args![year]).await,
    })
    .await?;
    let filter = args![&asked.helper, &asked.city, &asked.pairing, &asked.typical];
    let pairings: HashSet<String> =
        ctx.tx.all::<(String,)>(&data::PAIRINGS, filter).await?.into_iter().map(|(id,)| id).collect();
    // Projects of one pairing stand together: it is looked up once, not for each of them.
    let mut last = ("", false);
    let mut found: Vec<&LightRow> = Vec::new();
    for row in index.iter() {
        if last.0 != row.pairing {
            last = (row.pairing.as_str(), pairings.contains(&row.pairing));
        }
        if last.1 && asked.holds(row, ctx.today) {
            found.push(row);
        }
    }
    let orders = Orders {
        by: &[
            ("project", |row: &&LightRow| Some(row.title.as_str().into())),
            ("county_school", |row| Some(row.county_key.as_str().into())),
            ("basis", |row| Some(row.clause.as_str().into())),
            ("span", |row| Some(row.from_day.into())),
            ("due", |row| Some(row.quantity.into())),
            ("progress", |row| Some(row.claimed.into())),
        ],
        unsorted: &["owner", "state"],
    };
    let orders = if grouped { Orders { by: &[], unsorted: &[] } } else { orders };
    let listed = list.arrange(found, &orders);
    let ids: Vec<&str> = listed.rows.iter().map(|row| row.id.as_str()).collect();
    Ok(Listed { rows: rows(ctx, &ids).await?, around: listed.around })
}

/// The rows with these ids, in this order; at most a page of them.
async fn rows(ctx: &mut RequestContext, ids: &[&str]) -> Result<Vec<ProjectRow>> {
    let mut values: Vec<Arg> = ids.iter().map(|id| Arg::from(*id)).collect();
    values.resize(PAGE_SIZE as usize, Arg::from(""));
    let rows = ctx.tx.all::<ProjectRow>(&data::THESE, values).await?;
    let mut by_id: HashMap<String, ProjectRow> = rows.into_iter().map(|row| (row.id.clone(), row)).collect();
    Ok(ids.iter().filter_map(|id| by_id.remove(*id)).collect())
}
