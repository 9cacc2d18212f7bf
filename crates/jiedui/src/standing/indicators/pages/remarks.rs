//! What was said about the figure of one school, county or city, at the figure itself.

use super::super::{Facts, Slice};
use crate::network::registry::{self, OrgRow};
use crate::shared::contributions::month_title;
use crate::standing::remarks::{self, RemarkLine};
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_programme::Indicator;
use jiedui_store::Tx;
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

/// To whom the figure of a cut belongs, who can answer: a school, or the bureau of a county or city. None where it is of more, and
/// where the caller does not see it.
pub async fn owner(tx: &mut Tx, cut: &Slice) -> Result<Option<OrgRow>> {
    let id = match (cut.school.as_str(), cut.county.as_str(), cut.city.as_str()) {
        ("", "", "") => None,
        ("", "", city) => {
            let divisions = registry::divisions(tx).await?;
            match divisions.iter().find(|one| one.level == "city" && one.name == city) {
                Some(of) => registry::bureau(tx, "city_bureau", &of.code).await?,
                None => None,
            }
        }
        ("", county, _) => registry::bureau(tx, "county_bureau", county).await?,
        (school, _, _) => Some(school.to_owned()),
    };
    match id {
        Some(id) => registry::find(tx, &id).await.map(Some).or_else(|error| match error {
            Error::NotFound => Ok(None),
            other => Err(other),
        }),
        None => Ok(None),
    }
}

/// Where the figure of the cut belongs to somebody.
pub async fn at(
    ctx: &mut RequestContext,
    of: &Indicator,
    facts: &Facts,
    cut: &Slice,
    errors: &[FieldError],
) -> Result<Option<Remarks>> {
    if !cut.school.is_empty() && facts.place(&cut.school).is_none() {
        return Ok(None);
    }
    let Some(owner) = owner(&mut ctx.tx, cut).await? else { return Ok(None) };
    let query = cut.query();
    let rows = remarks::at(&mut ctx.tx, &of.id, &query).await?;
    let field = Field::new("text", "对这个数的意见").value(ctx.form.values.get("text")).error(errors);
    let field = Field {
        maxlength: Some(remarks::rules::WORDS),
        ..field.help("所属的学校或人社局看得到，会答复；以后打开这个数还在这里。")
    };
    Ok(Some(Remarks {
        rows: rows.into_iter().map(remarks::line).collect(),
        field: (ctx.can("remark", "write") && owner.id != ctx.actor.org).then_some(field),
        to: format!("/indicators/{}/remark?{query}", of.id),
    }))
}

/// How people call the figure of a school or of a city.
pub fn label(indicator: &str, owner: &str, cut: &Slice) -> String {
    let period = match cut.month {
        0 => format!("{}年", cut.year),
        month => month_title(month),
    };
    format!("{owner}{period}{indicator}")
}
