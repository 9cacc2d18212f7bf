//! What outputs, applications and duties want from the one at the desk: one line for each kind of act, since a list
//! stands behind it.

use super::desk::{Act, Task};
use crate::evidence::outputs::{self, OutputRow};
use crate::shared::confirmation::{self, State};
use crate::standing::applications::{self, CaseRow, CaseState};
use crate::standing::duties;
use jiedui_kernel::{Known, Result, Unit};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};

/// What others wait for, and what is to be begun.
pub async fn tasks(ctx: &mut RequestContext) -> Result<(Vec<Task>, Vec<Task>)> {
    let (mut tasks, mut later) = (Vec::new(), Vec::new());
    let programme = ctx.programme();
    if ctx.can("output", "answer") {
        let waiting = outputs::waiting(&mut ctx.tx, &programme).await?;
        let own = |output: &&OutputRow| output.answerer.as_deref() == Some(&ctx.actor.org);
        let (mine, overdue): (Vec<_>, Vec<_>) = waiting.iter().partition(own);
        tasks.extend(gather_outputs(
            &mine,
            "确认建设成果",
            "对方登记了，确认后计入确认数；有不同意见可以提出异议。",
            true,
        ));
        tasks.extend(gather_outputs(&overdue, "核定建设成果", "登记后超过规定的工作日没有答复。", false));
        let disputed = outputs::disputed(&mut ctx.tx).await?;
        let disputed: Vec<&OutputRow> = disputed.iter().collect();
        let why = "对方有不同意见，更正后请对方重新确认，才计入确认数。";
        tasks.extend(gather_outputs(&disputed, "回应对成果的异议", why, false));
    }
    if ctx.can("application", "read") {
        let cases = applications::waiting(&mut ctx.tx).await?;
        for (state, title, why) in [
            (CaseState::Asked, "推荐申报", "申报单位提请推荐；推荐，或写明哪里要补充后退回。"),
            (CaseState::Applied, "登记申报结果", "申报已递交；结果定了以后登记下来，材料不全的可以退回。"),
            (CaseState::Returned, "修改被退回的申报", "按意见改好后再交。"),
            (CaseState::Recommended, "递交申报", "已经推荐，可以递交了。"),
        ] {
            let found: Vec<&CaseRow> = cases.iter().filter(|case| case.state == state).collect();
            tasks.extend(papers(&found, title, why));
        }
    }
    if ctx.can("duty", "read") && ctx.can("output", "record") {
        for (name, output, standing) in duties::open_of_own(&mut ctx.tx, &programme).await? {
            let why = if standing {
                "还没有登记；建立以后记下来即可。"
            } else {
                "本期还没有登记，期末将到。"
            };
            let act = Act::go("去登记", format!("/outputs/new/{output}"));
            later.push(task(name, why, StateMark::new("pending", "待登记", "○"), act));
        }
    }
    Ok((tasks, later))
}

fn task(title: impl Into<String>, why: &str, state: StateMark, act: Act) -> Task {
    Task {
        title: title.into(),
        href: act.href.clone(),
        why: why.to_owned(),
        said: String::new(),
        clause: None,
        need: None,
        due: None,
        left: None,
        state,
        act: Some(act),
    }
}

/// One line for all of a kind; where it is one alone it opens at once.
fn gathered(
    count: usize,
    one: &str,
    all: &str,
    (title, why): (&str, &str),
    state: StateMark,
) -> Option<Task> {
    let href = match count {
        0 => return None,
        1 => one,
        _ => all,
    };
    let made = task(title, why, state, Act::go("去处理", href));
    let left = Figure::of(Known::Value(count as i64), Unit::Items, href, title);
    Some(Task { need: Some(left), ..made })
}

fn gather_outputs(found: &[&OutputRow], title: &str, why: &str, mine: bool) -> Option<Task> {
    let first = found.first()?;
    let (state, all) = match first.state {
        State::Disputed => (confirmation::mark(State::Disputed), "/outputs?state=disputed"),
        _ if mine => (StateMark::new("pending", "待确认", "○"), "/outputs?waiting=me"),
        _ => (StateMark::new("pending", "待核定", "○"), "/outputs?state=claimed"),
    };
    gathered(found.len(), &format!("/outputs/{}", first.id), all, (title, why), state)
}

fn papers(found: &[&CaseRow], title: &str, why: &str) -> Option<Task> {
    let first = found.first()?;
    let state = applications::rules::state_mark(first.state);
    let one = format!("/applications/{}", first.id);
    gathered(found.len(), &one, "/applications?waiting=me", (title, why), state)
}
