//! What was drawn of the caller's own unit; for the province, of every one, and the months behind.

use crate::evidence::spot_checks::data::{self, CheckRow, CheckState};
use crate::evidence::spot_checks::rules;
use crate::shared::review::State as _;
use jiedui_kernel::{Result, Unit};
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct CheckLine {
    href: String,
    activity: String,
    county_school: String,
    claimant: String,
    unit: String,
    from: String,
    to: String,
    due: String,
    state: StateMark,
}

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<CheckLine>,
    /// How each month came out, for whoever may see that.
    months: Vec<Link>,
}

/// The months that were drawn, the newest first.
async fn months(ctx: &mut RequestContext) -> Result<Vec<String>> {
    let rows = ctx.tx.all::<(String,)>(&data::MONTHS, Vec::new()).await?;
    Ok(rows.into_iter().map(|(month,)| month).collect())
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, months) = (ctx.programme(), months(ctx).await?);
    let all = ctx.can("spot_draw", "read");
    let mut list = Listing::at("/spot-checks", Unit::Items, &ctx.query);
    let named = months.iter().map(|month| Choice::new(month, rules::title(month))).collect();
    let month = list.choice("month", "月份", named);
    let states = CheckState::ALL.iter().map(|state| Choice::new(state.text(), state.label()));
    let looked = Choice::new("looked", "已复看");
    let state = list.choice("state", "状态", [looked].into_iter().chain(states).collect());
    let mine = list.word("waiting", |word| word == "me");
    let (own, account) = (ctx.actor.org.clone(), ctx.actor.account().to_owned());
    let call = values!(data::LIST { all, own, account, mine, month, state });
    let line = |row: CheckRow| {
        let activity = programme.activity(&row.activity);
        CheckLine {
            href: format!("/spot-checks/{}", row.id),
            activity: activity.map_or_else(|| row.activity.clone(), |activity| activity.name.clone()),
            county_school: row.county_name,
            claimant: row.claimant_name,
            unit: row.unit_name,
            from: row.from_day.to_string(),
            to: row.to_day.to_string(),
            due: row.due.to_string(),
            state: rules::mark(row.state),
        }
    };
    let list = list.fetch(&mut ctx.tx, &call).await?.map(line);
    let link = |month: &String| Link::new(format!("/spot-checks/months/{month}"), rules::title(month));
    let view = ListView { list, months: if all { months.iter().map(link).collect() } else { Vec::new() } };
    let lead = "每月从上月已确认的台账里随机抽出几条，由确认单位的另一个人再看一眼；不打分，不排名。";
    Reply::view("evidence/spot_checks/list.html", Page::new("抽查", lead).kind("list"), &view)
}
