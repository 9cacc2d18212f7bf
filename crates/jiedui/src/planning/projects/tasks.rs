//! What the desk asks about yearly lists, in words.

use super::desk::{self, Kind, Waiting};
use crate::shared::tasks::{Act, Task, pending, returned};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::StateMark;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("project", "read") {
        return Ok(Vec::new());
    }
    let programme = ctx.programme();
    let waiting = desk::waiting(&mut ctx.tx, &programme).await?;
    Ok(waiting.into_iter().filter(|one| may(ctx, one.kind)).map(task).collect())
}

fn may(ctx: &RequestContext, kind: Kind) -> bool {
    match kind {
        Kind::Mend | Kind::Finish | Kind::Begin => ctx.can("project", "draft"),
        Kind::Answer => ctx.can("project", "answer"),
        Kind::Comment => ctx.can("project", "comment"),
        Kind::File => ctx.can("project", "file"),
    }
}

fn task(one: Waiting) -> Task {
    let (verb, why, state, act) = match one.kind {
        Kind::Mend => ("修改清单", "清单被退回，按意见改好后再提交。", returned(), "去修改"),
        Kind::Answer => ("清单征求同意", "请看过后同意，或写明哪里要改。", pending("待答复"), "去答复"),
        Kind::Comment => {
            ("对清单提意见", "没有意见也请写一句；期满不提不影响备案。", pending("待提意见"), "去提意见")
        }
        Kind::File => ("清单备案", one.why.as_str(), pending("待备案"), "去备案"),
        Kind::Finish => ("继续拟清单", "清单还没有提交。", StateMark::new("active", "起草中", "◐"), "继续"),
        Kind::Begin => ("拟项目清单", "这一年度还没有清单；可以从上一年结转。", pending("未拟"), "去拟"),
    };
    let title = format!("{verb}：{}{}年度", one.county_name, one.year);
    let made = Task::new(title, why, state, Act::go(act, one.href)).due(one.due).clause("S4.1");
    match one.kind {
        Kind::Mend => made.said(one.why),
        Kind::Finish | Kind::Begin => made.to_begin(),
        _ => made,
    }
}
