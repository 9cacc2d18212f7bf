//! What the two sides say to each other under an entry.

use super::super::actions::reply::{self, KIND, LONGEST};
use super::super::data::EntryRow;
use jiedui_kernel::FieldError;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::when;
use jiedui_web::history::HistoryRow;
use jiedui_web::reply::Field;
use serde::Serialize;

#[derive(Serialize)]
pub struct Said {
    org: String,
    when: String,
    text: String,
}

#[derive(Serialize)]
pub struct Replies {
    said: Vec<Said>,
    /// None where the caller is neither side.
    field: Option<Field>,
}

/// The thread under an entry, in the order in which it was said.
pub fn thread(ctx: &RequestContext, row: &EntryRow, steps: &[HistoryRow], errors: &[FieldError]) -> Replies {
    let said = steps.iter().filter(|step| step.kind == KIND).map(|step| Said {
        org: step.org_name.clone(),
        when: when(step.at),
        text: step.reason.clone(),
    });
    let may = ctx.can("entry", "reply") && reply::may(&ctx.actor.org, row);
    let field = || {
        let field = Field::new("reply", "告诉对方").value(ctx.form.values.get("reply")).error(errors);
        Field { maxlength: Some(LONGEST as u32), ..field.required() }
    };
    Replies { said: said.collect(), field: may.then(field) }
}
