//! A word about the figure of one school, county or city.

use super::remarks::{label, owner};
use super::show;
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
    let owner = owner(&mut ctx.tx, &cut).await?.ok_or(Error::NotFound)?;
    let name = if owner.kind == "school" { &owner.name } else { &owner.place };
    let text = ctx.form.values.get("text").trim().to_owned();
    let new = NewRemark {
        indicator: &of.id,
        cut: &cut.query(),
        label: &label(&of.name, name, &cut),
        about: &owner.id,
        text: &text,
    };
    match remarks::write(&mut ctx.tx, &new).await.or_wrong()? {
        Ok(_) => Ok(Reply::done(
            format!("/indicators/{id}?{}#remarks", cut.query()),
            Flash::done("意见已写在这个数上，所属单位看得到。"),
        )),
        Err(errors) => Ok(show::page(ctx, errors).await?.refused(true)),
    }
}
