//! What was said about the figure of one school, at the figure itself.

use super::super::{Facts, Slice};
use crate::shared::contributions::month_title;
use crate::standing::remarks::{self, RemarkLine};
use jiedui_kernel::{FieldError, Result};
use jiedui_programme::Indicator;
use jiedui_web::context::RequestContext;
use jiedui_web::reply::Field;
use serde::Serialize;

#[derive(Serialize)]
pub struct Remarks {
    rows: Vec<RemarkLine>,
    /// Where the caller may say something, and where that goes.
    field: Option<Field>,
    to: String,
}

/// Where the cut is of one school: the figure then belongs to somebody who can answer.
pub async fn at(
    ctx: &mut RequestContext,
    of: &Indicator,
    facts: &Facts,
    cut: &Slice,
    errors: &[FieldError],
) -> Result<Option<Remarks>> {
    if facts.place(&cut.school).is_none() {
        return Ok(None);
    }
    let query = cut.query();
    let rows = remarks::at(&mut ctx.tx, &of.id, &query).await?;
    let field = Field::new("text", "对这个数的意见").value(ctx.form.values.get("text")).error(errors);
    let field = Field {
        maxlength: Some(remarks::rules::WORDS),
        ..field.help("学校看得到，会答复；以后打开这个数还在这里。")
    };
    Ok(Some(Remarks {
        rows: rows.into_iter().map(remarks::line).collect(),
        field: ctx.can("remark", "write").then_some(field),
        to: format!("/indicators/{}/remark?{query}", of.id),
    }))
}

/// How people call the figure of a school.
pub fn label(indicator: &str, school: &str, cut: &Slice) -> String {
    let period = match cut.month {
        0 => format!("{}年", cut.year),
        month => month_title(month),
    };
    format!("{school}{period}{indicator}")
}
