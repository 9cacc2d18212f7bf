//! What waits for whom in a pairing: duties of the helpers, claims without an answer, papers on their way.

use super::Subject;
use crate::evidence::ledger;
use crate::network::agreements::{self, AgreementState};
use crate::network::pairings::PairingRow;
use crate::planning::projects::ListState;
use crate::standing::obligations::{self, Clock};
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use serde::Serialize;

#[derive(Serialize)]
pub struct WaitLine {
    /// The school about which it is, on a sheet of several.
    pub school: String,
    who: String,
    what: String,
    href: String,
    number: Option<Figure>,
    state: StateMark,
    due: Option<String>,
}

/// The duties of the present period in these pairings.
pub async fn clocks(ctx: &mut RequestContext, rows: &[PairingRow]) -> Result<Vec<Clock>> {
    if rows.is_empty() || !ctx.can("clock", "read") {
        return Ok(Vec::new());
    }
    let programme = ctx.programme();
    let mut all = obligations::of_pairings(&mut ctx.tx, &programme, rows).await?;
    all.retain(|clock| clock.current);
    Ok(all)
}

pub async fn waits(ctx: &mut RequestContext, of: &Subject, clocks: &[Clock]) -> Result<Vec<WaitLine>> {
    let Some(row) = &of.pairing else { return Ok(Vec::new()) };
    let here = clocks.iter().filter(|clock| clock.reading.county_school == of.school.id);
    let owed = here.filter(|clock| clock.reading.state.is_judged());
    let mut found: Vec<WaitLine> = owed
        .filter_map(|clock| {
            Some(WaitLine {
                school: String::new(),
                number: Some(clock.need()?),
                who: clock.helper_name.clone(),
                what: clock.name.clone(),
                href: clock.href.clone(),
                state: clock.state,
                due: clock.reading.latest_start.map(|day| day.to_string()),
            })
        })
        .collect();
    let unanswered = match ctx.can("entry", "read") {
        true => ledger::waiting_in(&mut ctx.tx, &row.id).await?,
        false => Vec::new(),
    };
    for (answerer, who, number) in unanswered {
        let href = format!("/entries?state=claimed&pairing={}&answerer={answerer}", row.id);
        found.push(WaitLine {
            school: String::new(),
            who,
            what: "确认登记的工作".to_owned(),
            number: Some(Figure::of(Reported::Value(number), Unit::Entries, &href, "待确认")),
            href,
            state: StateMark::new("pending", "待确认", "○"),
            due: None,
        });
    }
    found.extend(lists(of));
    if ctx.can("agreement", "read") {
        let all = agreements::of_pairing(&mut ctx.tx, &row.id).await?;
        let open = all.iter().filter(|one| one.state == AgreementState::Recorded);
        found.extend(open.map(|one| WaitLine {
            school: String::new(),
            who: "其他两方".to_owned(),
            what: "确认登记的协议".to_owned(),
            href: format!("/agreements/{}", one.id),
            number: None,
            state: agreements::rules::state(one, &all, ctx.today),
            due: None,
        }));
    }
    Ok(found)
}

/// Whose turn it is with each list that is not filed.
fn lists(of: &Subject) -> Vec<WaitLine> {
    let one = |list: &crate::planning::projects::ListRow| {
        let (who, what) = match list.state {
            ListState::Draft | ListState::Amending => (list.lead_name.clone(), "拟好清单，征求同意"),
            ListState::Returned => (list.lead_name.clone(), "按退回意见修改清单"),
            ListState::Agreeing => {
                (format!("{}、{}", list.nearby_name, list.county_name), "同意清单或写明哪里要改")
            }
            ListState::Submitted => ("所在市局和省办".to_owned(), "对清单提意见、备案"),
            ListState::Filed => return None,
        };
        Some(WaitLine {
            school: String::new(),
            who,
            what: format!("{}年度：{what}", list.year),
            href: format!("/lists/{}", list.id),
            number: None,
            state: crate::planning::projects::rules::list_mark(Some(list.state)),
            due: list.comment_due.filter(|_| list.state == ListState::Submitted).map(|day| day.to_string()),
        })
    };
    of.lists.iter().filter_map(one).collect()
}
