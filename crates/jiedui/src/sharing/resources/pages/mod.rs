//! The screens of the library.

pub mod file;
pub mod list;
pub mod new;
pub mod show;

use super::actions;
use crate::shared::handed_in::{self, Sent};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::work::Prepared;

/// Looks at the file of the form; keeps it where the rest of the form can be taken.
pub fn receive(ctx: &mut RequestContext, keeps: bool) -> Result<Prepared<Sent>> {
    let types = actions::library(&ctx.programme())?.types.clone();
    handed_in::receive(ctx, types, "资源", keeps)
}
