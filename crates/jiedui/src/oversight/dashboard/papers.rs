//! What agreements, plans, needs and project lists want from the one at the desk.

use super::desk::{Act, Task};
use crate::evidence::majors;
use crate::evidence::profiles::{self, ProfileRow, ProfileStage};
use crate::network::agreements;
use crate::network::registry;
use crate::oversight::complaints;
use crate::planning::needs;
use crate::planning::projects::{self, Kind, Waiting};
use crate::planning::school_plans;
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::StateMark;

/// What others wait for, and what is to be begun: clocks that run out stand between the two.
pub async fn tasks(ctx: &mut RequestContext) -> Result<(Vec<Task>, Vec<Task>)> {
    let mut later = Vec::new();
    let mut tasks = Vec::new();
    if ctx.can("agreement", "answer") {
        agreements(ctx, &mut tasks).await?;
    }
    if ctx.can("school_plan", "draft") || ctx.can("school_plan", "answer") {
        plans(ctx, &mut tasks).await?;
    }
    if ctx.can("project", "read") {
        let programme = ctx.programme();
        let waiting = projects::waiting(&mut ctx.tx, &programme).await?;
        for one in waiting.into_iter().filter(|one| may(ctx, one.kind)) {
            let own = matches!(one.kind, Kind::Finish | Kind::Begin);
            if own { &mut later } else { &mut tasks }.push(list_task(one));
        }
    }
    if ctx.can("profile", "edit") || ctx.can("profile", "accept") {
        profiles(ctx, &mut tasks, &mut later).await?;
    }
    if ctx.can("need", "edit") {
        let org = ctx.actor.org.clone();
        let open = needs::of_school(&mut ctx.tx, &org).await?;
        if open.is_empty() {
            later.push(task(
                "写需求清单",
                "帮扶从学校的需求开始：写明缺什么，按轻重排好，项目就按它来定。",
                StateMark::new("pending", "待填写", "○"),
                Act::go("去填写", "/needs/new"),
            ));
        }
    }
    if ctx.can("major", "edit") {
        let programme = ctx.programme();
        let (year, missing) = majors::unreported(&mut ctx.tx, &programme).await?;
        if missing > 0 {
            let why = "一年填一次，只问当年开设过的专业；没有变化的年份也只要这一次。";
            let act = Act::go("去填报", format!("/majors/years?year={year}"));
            let made = task("填报专业年度数字", why, StateMark::new("pending", "待填报", "○"), act);
            later.push(Task { clause: Some("T5.2".into()), ..made });
        }
    }
    complaints(ctx, &mut tasks).await?;
    Ok((tasks, later))
}

/// What the office has to answer, by when; and what was answered to the one who asked.
async fn complaints(ctx: &mut RequestContext, tasks: &mut Vec<Task>) -> Result<()> {
    let today = ctx.today;
    if ctx.can("complaint", "answer") {
        for row in complaints::to_answer(&mut ctx.tx).await? {
            let act = Act::go("去答复", format!("/complaints/{}", row.id));
            let title = format!("答复投诉建议：{}", complaints::kind_name(&row.kind));
            let made = task(title, "原话：", complaints::state_mark(&row, today), act);
            tasks.push(said(Task { due: Some(row.due_on.to_string()), ..made }, row.excerpt()));
        }
    }
    if ctx.can("complaint", "create") {
        for row in complaints::to_judge(&mut ctx.tx).await? {
            let act = Act::go("看答复", format!("/complaints/{}", row.id));
            let why = "省办已经答复；满意就办结，不满意可以追问。";
            let title = format!("您提的意见有了答复：{}", complaints::kind_name(&row.kind));
            tasks.push(task(title, why, complaints::state_mark(&row, today), act));
        }
    }
    Ok(())
}

fn may(ctx: &RequestContext, kind: Kind) -> bool {
    match kind {
        Kind::Mend | Kind::Finish | Kind::Begin => ctx.can("project", "draft"),
        Kind::Answer => ctx.can("project", "answer"),
        Kind::Comment => ctx.can("project", "comment"),
        Kind::File => ctx.can("project", "file"),
    }
}

fn task(title: impl Into<String>, why: impl Into<String>, state: StateMark, act: Act) -> Task {
    Task {
        title: title.into(),
        href: act.href.clone(),
        why: why.into(),
        said: String::new(),
        clause: None,
        need: None,
        due: None,
        left: None,
        state,
        act: Some(act),
    }
}

/// The words of somebody else, shown as such.
fn said(task: Task, words: String) -> Task {
    Task { said: words, ..task }
}

async fn agreements(ctx: &mut RequestContext, tasks: &mut Vec<Task>) -> Result<()> {
    let (org, programme) = (ctx.actor.org.clone(), ctx.programme());
    for row in agreements::to_answer(&mut ctx.tx, &programme, &org).await? {
        let why = format!("“{}”登记了三方协议，请核对日期后确认。", row.recorder_name);
        let act = Act::go("去确认", format!("/agreements/{}", row.id));
        tasks.push(task(format!("确认协议：{}", row.county_name), why, pending("待确认"), act));
    }
    for row in agreements::sent_back(&mut ctx.tx, &org).await? {
        let act = Act::go("去修改", format!("/agreements/{}", row.id));
        let why = "另一方退回了本单位登记的协议。";
        tasks.push(task(format!("修改协议：{}", row.county_name), why, disputed(), act));
    }
    // A renewal takes its time: the lead is told two months before the term is over.
    let until = ctx.today + chrono::TimeDelta::days(60);
    for row in agreements::expiring(&mut ctx.tx, until).await?.into_iter().filter(|row| row.lead == org) {
        let act = Act::go("去续签", format!("/pairings/{}/agreements", row.pairing));
        let why = "协议期限快到了；续签后登记，结对本身不受影响。";
        let made = task(format!("协议将到期：{}", row.county_name), why, pending("待续签"), act);
        tasks.push(Task { due: row.to_day.map(|day| day.to_string()), ..made });
    }
    Ok(())
}

async fn plans(ctx: &mut RequestContext, tasks: &mut Vec<Task>) -> Result<()> {
    let (org, programme) = (ctx.actor.org.clone(), ctx.programme());
    let name = |id: &str| programme.template(id).map_or("方案", |template| template.name.as_str()).to_owned();
    for row in school_plans::to_answer(&mut ctx.tx, &programme, &org).await? {
        let act = Act::go("去答复", format!("/plans/{}", row.id));
        let why = "请看过后同意，或写明哪里要改。";
        tasks.push(task(
            format!("{}征求同意：{}", name(&row.template), row.county_name),
            why,
            pending("待答复"),
            act,
        ));
    }
    for row in school_plans::sent_back(&mut ctx.tx, &org).await? {
        let act = Act::go("去修改", format!("/plans/{}", row.id));
        let why = "有一方退回了方案，按意见改好后再提交。";
        tasks.push(task(format!("修改{}：{}", name(&row.template), row.county_name), why, disputed(), act));
    }
    Ok(())
}

/// What a school has still to tell, and what its bureau has to accept.
async fn profiles(ctx: &mut RequestContext, tasks: &mut Vec<Task>, later: &mut Vec<Task>) -> Result<()> {
    let (org, programme) = (ctx.actor.org.clone(), ctx.programme());
    if ctx.can("profile", "accept") {
        for row in profiles::to_answer(&mut ctx.tx, &org).await? {
            let (verb, why) = if !row.state.correcting() {
                ("接收基本情况", "学校已提交年度基本情况，请核对后接收，有出入就退回。")
            } else {
                ("接收更正", "学校更正了已接收的数，请核对后接收，有出入就退回。")
            };
            let act = Act::go("去核对", format!("/profiles/{}/{}", row.org, row.year));
            tasks.push(profile_task(
                format!("{verb}：{}{}年度", row.school, row.year),
                why,
                pending("待接收"),
                act,
            ));
        }
    }
    if ctx.can("profile", "edit") && registry::has_flag(&mut ctx.tx, &org, "county_school", ctx.today).await?
    {
        for (year, row) in profiles::to_tell(&mut ctx.tx, &programme, &org).await? {
            let back = |row: &ProfileRow| {
                matches!(row.state, ProfileStage::Returned | ProfileStage::CorrectionReturned)
            };
            let (base, name) = (format!("/profiles/{org}/{year}"), year);
            if row.as_ref().is_some_and(back) {
                let why = "主管人社局退回了，按意见改好后再提交。";
                let act = Act::go("去修改", base);
                tasks.push(profile_task(format!("修改年度基本情况：{name}年度"), why, disputed(), act));
            } else {
                let why = "先带出上年的数，没有变化的一年点一下就提交。";
                let act = Act::go("去填报", base);
                later.push(profile_task(format!("填年度基本情况：{name}年度"), why, pending("待填报"), act));
            }
        }
    }
    Ok(())
}

fn profile_task(title: String, why: &str, state: StateMark, act: Act) -> Task {
    Task { clause: Some("T1.1".into()), ..task(title, why, state, act) }
}

fn pending(label: &'static str) -> StateMark {
    StateMark::new("pending", label, "○")
}

fn disputed() -> StateMark {
    StateMark::new("disputed", "已退回", "◆")
}

fn list_task(one: Waiting) -> Task {
    let (verb, why, label, act) = match one.kind {
        Kind::Mend => ("修改清单", "清单被退回，按意见改好后再提交。", disputed(), "去修改"),
        Kind::Answer => ("清单征求同意", "请看过后同意，或写明哪里要改。", pending("待答复"), "去答复"),
        Kind::Comment => {
            ("对清单提意见", "没有意见也请写一句；期满不提不影响备案。", pending("待提意见"), "去提意见")
        }
        Kind::File => ("清单备案", "三方已同意。", pending("待备案"), "去备案"),
        Kind::Finish => ("继续拟清单", "清单还没有提交。", StateMark::new("active", "起草中", "◐"), "继续"),
        Kind::Begin => ("拟项目清单", "这一年度还没有清单；可以从上一年结转。", pending("未拟"), "去拟"),
    };
    let title = format!("{verb}：{}{}年度", one.county_name, one.year);
    let made = task(
        title,
        if one.kind == Kind::File { one.why.clone() } else { why.to_owned() },
        label,
        Act::go(act, one.href),
    );
    let made = Task { due: one.due.map(|day| day.to_string()), clause: Some("S4.1".into()), ..made };
    if one.kind == Kind::Mend { said(made, one.why) } else { made }
}
