//! Every project of the province in the order of lists, with what filters ask for: kept for the revision, so that a page
//! of 25 out of 20,000 neither counts nor sorts them from scratch. What one sees of it is bounded by the pairings that a scoped
//! statement gives, and rows are read by a scoped statement again.

use crate::planning::projects::data::{self, LightRow, ProjectRow};
use crate::planning::projects::rules;
use chrono::Datelike as _;
use jiedui_kernel::{Date, Result, Unit};
use jiedui_programme::{ProjectState, project_state};
use jiedui_store::{Arg, args};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{PAGE_SIZE, Pager};
use jiedui_web::form::FormValues;
use jiedui_web::shared_cache::SharedCache;
use std::collections::{HashMap, HashSet};

/// What an address asks for, beside the pairings.
struct Asked {
    year: i64,
    task: String,
    state: Option<ProjectState>,
    words: String,
}

impl Asked {
    fn of(query: &FormValues, today: Date) -> Self {
        let state = rules::STATES.iter().find(|(id, _)| *id == query.get("state")).map(|(_, state)| *state);
        let task = query.get("task");
        Self {
            year: year_of(query, today),
            task: if task.is_empty() { String::new() } else { format!("{task}.") },
            state,
            words: query.get("q").to_owned(),
        }
    }

    fn holds(&self, row: &LightRow, today: Date) -> bool {
        (self.year == 0 || row.year == self.year)
            && row.clause.starts_with(&self.task)
            && (self.words.is_empty()
                || row.title.contains(&self.words)
                || row.county_name.contains(&self.words))
            && self.state.is_none_or(|state| project_state(&row.fact(), today) == state)
    }
}

/// The year of an address: this year where there is none, 0 for all.
pub fn year_of(query: &FormValues, today: Date) -> i64 {
    match query.get("year") {
        "all" => 0,
        text => {
            text.parse().ok().filter(|year| (2000..=2100).contains(year)).unwrap_or(i64::from(today.year()))
        }
    }
}

/// One page of the projects that the address asks for, visible to the caller.
pub async fn page(ctx: &mut RequestContext, path: &str) -> Result<(Vec<ProjectRow>, Pager)> {
    let (query, today) = (ctx.query.clone(), ctx.today);
    let index = SharedCache::get_or_build(ctx, "projects", async |ctx| {
        ctx.tx.all::<LightRow>(&data::LIGHT, Vec::new()).await
    })
    .await?;
    let get = |name: &str| query.get(name).to_owned();
    let filter = args![get("helper"), get("city"), get("pairing"), get("typical")];
    let pairings: HashSet<String> =
        ctx.tx.all::<(String,)>(&data::PAIRINGS, filter).await?.into_iter().map(|(id,)| id).collect();
    let asked = Asked::of(&query, today);
    // Projects of one pairing stand together: it is looked up once, not for each of them.
    let mut last = ("", false);
    let mut found: Vec<&LightRow> = Vec::new();
    for row in index.iter() {
        if last.0 != row.pairing {
            last = (row.pairing.as_str(), pairings.contains(&row.pairing));
        }
        if last.1 && asked.holds(row, today) {
            found.push(row);
        }
    }
    let pager = Pager::new(path, &query, found.len() as i64, Unit::Items);
    let from = usize::try_from(pager.offset()).unwrap_or(0);
    let ids: Vec<&str> =
        found.iter().skip(from).take(PAGE_SIZE as usize).map(|row| row.id.as_str()).collect();
    Ok((rows(ctx, &ids).await?, pager))
}

/// The rows with these ids, in this order; at most a page of them.
async fn rows(ctx: &mut RequestContext, ids: &[&str]) -> Result<Vec<ProjectRow>> {
    let mut values: Vec<Arg> = ids.iter().map(|id| Arg::from(*id)).collect();
    values.resize(PAGE_SIZE as usize, Arg::from(""));
    let rows = ctx.tx.all::<ProjectRow>(&data::THESE, values).await?;
    let mut by_id: HashMap<String, ProjectRow> = rows.into_iter().map(|row| (row.id.clone(), row)).collect();
    Ok(ids.iter().filter_map(|id| by_id.remove(*id)).collect())
}
