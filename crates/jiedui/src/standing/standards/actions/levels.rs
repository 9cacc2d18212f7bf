//! The registry follows what was granted (T2.3): the office presses once and types nothing.

use super::super::behind;
use crate::network::registry;
use jiedui_kernel::{Error, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Flash, Reply};

pub async fn take_over(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    let org = registry::find(&mut ctx.tx, &id).await?;
    // Two presses at once would both find the old level.
    registry::lock(&mut ctx.tx, &org.id).await?;
    let Some(one) = behind(&mut ctx.tx, &programme, &org.id).await?.pop() else {
        let words = "院校库里的办学层次不低于获批的层次，不用再更新。";
        return Err(Error::NotNow(words.to_owned()));
    };
    registry::take_level(&mut ctx.tx, &one.org, one.level, &one.output).await?;
    let text = format!("院校库里“{}”的办学层次已更新为{}，原来的层次记在沿革里。", org.name, one.level);
    Ok(Reply::done("/ladder/levels", Flash::done(text)))
}
