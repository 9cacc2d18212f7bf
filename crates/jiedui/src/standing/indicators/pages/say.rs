//! A word about the figure of one school.

use super::remarks::label;
use super::show;
use crate::network::registry;
use crate::standing::indicators::Slice;
use crate::standing::remarks::{self, NewRemark};
use jiedui_kernel::{Error, Result};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Flash, Reply};

pub async fn write(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    let of = programme.indicator(&id).ok_or(Error::NotFound)?;
    let cut = Slice::of(&ctx.query, ctx.today);
    let school = registry::find(&mut ctx.tx, &cut.school).await?;
    let text = ctx.form.values.get("text").trim().to_owned();
    let new = NewRemark {
        indicator: &of.id,
        cut: &cut.query(),
        label: &label(&of.name, &school.name, &cut),
        about: &school.id,
        text: &text,
    };
    match remarks::write(&mut ctx.tx, &new).await.or_wrong()? {
        Ok(_) => Ok(Reply::done(
            format!("/indicators/{id}?{}#remarks", cut.query()),
            Flash::done("意见已写在这个数上，学校看得到。"),
        )),
        Err(errors) => Ok(show::page(ctx, errors).await?.refused(true)),
    }
}
