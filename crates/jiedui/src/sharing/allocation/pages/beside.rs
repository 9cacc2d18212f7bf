//! Beside the form of what takes a share up: how much of its own the school has left. A hint; nothing is refused by it.

use crate::shared::mechanism::FormNote;
use crate::sharing::allocation::actions::taken;
use crate::sharing::allocation::rules::words;
use jiedui_kernel::Result;
use jiedui_programme::TakenUp;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;

pub async fn notes(ctx: &mut RequestContext, kind: &str) -> Result<Vec<FormNote>> {
    let (programme, mut found) = (ctx.programme(), Vec::new());
    if !ctx.can("allocation", "read") {
        return Ok(found);
    }
    for rule in &programme.allocations {
        let Some(TakenUp::Indicator(id)) = &rule.taken_up else { continue };
        if programme.indicator(id).is_none_or(|of| !of.of.counts_kind(kind)) {
            continue;
        }
        if let Some(own) = taken::of_own(&mut ctx.tx, rule, id).await? {
            let href = format!("/allocations?rule={}", rule.id);
            found.push(FormNote { link: Link::new(href, &rule.name), words: words::room(rule.unit, own) });
        }
    }
    Ok(found)
}
