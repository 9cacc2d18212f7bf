//! What the desk says of money: movements that wait for an answer, and those that the other side disputes. And what is raised
//! for an agenda: what was promised and is overdue, and what came and lies.

use super::actions::{self, Narrowed};
use super::data::{MoveRow, MoveState};
use super::pages::old;
use super::rules::book::Money;
use crate::network::registry;
use crate::shared::mechanism::Raised;
use crate::shared::tasks::{Act, Task};
use jiedui_funding::Late;
use jiedui_kernel::Result;
use jiedui_programme::Programme;
use jiedui_store::{Found, Tx};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use std::collections::HashMap;

fn href(rows: &[Found<MoveRow>]) -> String {
    rows.first().map_or_else(String::new, |row| format!("/funding/moves/{}", row.id))
}

/// Nothing where the caller may not see money, or the programme does not follow it.
pub async fn raised(tx: &mut Tx, programme: &Programme) -> Result<Vec<Raised>> {
    let actor = std::sync::Arc::clone(tx.actor());
    let may_read = programme.access.grants_to("fund", "read", |role| actor.has_role(role));
    let Some(rules) = programme.funding.as_ref().filter(|_| may_read) else { return Ok(Vec::new()) };
    let today = tx.today();
    let moneys = actions::moneys(tx, programme, Narrowed::default()).await?;
    let before = old(rules, today);
    let late: Vec<(Money, Late)> = moneys
        .into_iter()
        .map(|money| (money.late(today, before), money))
        .filter(|(late, _)| late.is_late())
        .map(|(late, money)| (money, late))
        .collect();
    if late.is_empty() {
        return Ok(Vec::new());
    }
    let schools = registry::schools(tx).await?;
    let names: HashMap<&str, &str> = schools.iter().map(|row| (row.id.as_str(), row.name.as_str())).collect();
    let name = |money: &Money| {
        let school = names.get(money.school.as_str()).copied().unwrap_or_default();
        let href = format!("/funding/moneys?late=yes&school={}", money.school);
        (Link::new(href, format!("{school}：{}", money.title)), money.school.clone())
    };
    let raise = |source: &'static str, title: &str, fits: fn(&Late) -> bool| {
        let names: Vec<_> =
            late.iter().filter(|(_, late)| fits(late)).map(|(money, _)| name(money)).collect();
        (!names.is_empty()).then(|| Raised {
            kind: "没有按时到位、没有用出去的经费",
            source,
            title: title.to_owned(),
            href: "/funding/moneys?late=yes".to_owned(),
            clause: rules.clauses.first().cloned().unwrap_or_default(),
            names,
        })
    };
    let overdue = raise("money:overdue", "过了约定的日子还没有到位", |late| late.overdue > 0);
    let idle = raise("money:idle", "到位以后长期没有用出去", |late| late.idle > 0);
    Ok(overdue.into_iter().chain(idle).collect())
}

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    let mut found = Vec::new();
    if ctx.can("fund", "answer") {
        let waiting = actions::to_answer(&mut ctx.tx).await?;
        let (one, all) = (href(&waiting), "/funding/moves?state=recorded");
        let words = ("确认经费收支", "对方登记了收支，等您核对：确认，或写明哪里不对。");
        found.extend(Task::gathered(waiting.len(), (&one, all), words, MoveState::Recorded.mark()));
    }
    if ctx.can("fund", "record") {
        for row in actions::disputed(&mut ctx.tx).await? {
            let title = format!("有异议的{}：{}", row.kind.label(), row.words);
            let why = format!("{}有异议。有错的请撤回后重新登记，没有错的请与对方核对。", row.answerer_name);
            let act = Act::go("去看", format!("/funding/moves/{}", row.id));
            found.push(Task::new(title, why, row.state.mark(), act));
        }
    }
    Ok(found.into_iter().map(|task| task.clause("S2.1")).collect())
}
