//! Beside the form of what takes a share up: how much of its own the school has left. A hint; nothing is refused by it.

use crate::shared::mechanism::FormNote;
use crate::sharing::allocation::actions::taken;
use crate::sharing::allocation::rules::words;
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;

pub async fn notes(ctx: &mut RequestContext, kind: &str) -> Result<Vec<FormNote>> {
    let (programme, mut found) = (ctx.programme(), Vec::new());
    if !ctx.can("allocation", "read") {
        return Ok(found);
    }
    for rule in &programme.allocations {
        let by = taken::counted(&programme, rule).filter(|by| by.of.of.counts_kind(kind));
        let Some(by) = by else { continue };
        if let Some(own) = taken::of_own(&mut ctx.tx, rule, by).await? {
            let href = format!("/allocations?rule={}", rule.id);
            found.push(FormNote { link: Link::new(href, &rule.name), words: words::room(rule.unit, own) });
        }
    }
    Ok(found)
}
