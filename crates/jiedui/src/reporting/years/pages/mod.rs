//! The years, one year, and what changed since it was closed.

pub mod changes;
pub mod list;
pub mod show;

use super::actions;
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;

pub fn year_of(ctx: &RequestContext) -> Result<i32> {
    actions::year_of(ctx.path_values.year()?, &ctx.tx, &ctx.programme())
}
