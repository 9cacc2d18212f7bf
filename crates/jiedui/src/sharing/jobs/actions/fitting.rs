//! The majors that a post names, and at which schools somebody graduates in them: sums of schools, and nobody in particular.

use super::super::data::{self, VacancyRow};
use super::super::rules::{MOST_MAJORS, NewVacancy};
use super::market::Graduates;
use crate::evidence::majors;
use jiedui_kernel::{Code, FieldError, Result};
use jiedui_store::{Found, Tx, args};

/// So many lines stand on the page of a post; the list behind it has all.
pub const SHOWN: usize = 30;
/// One more, by which the page knows that there are more.
const ASKED: i64 = 31;

/// A major at a school, with who graduated in it in a year.
#[derive(Debug, Clone)]
pub struct Fit {
    pub school: String,
    pub school_name: String,
    pub place: String,
    pub major: String,
    pub graduates: Graduates,
    /// Enough to be told, and not told: a few of another major would follow from the sum of the category.
    pub kept_back: bool,
}

/// The majors that a post is to name, and its category: that which was chosen, or theirs. The first that does not fit goes to
/// `wrong`.
pub async fn named(
    tx: &mut Tx,
    new: &NewVacancy,
    wrong: &mut Vec<FieldError>,
) -> Result<(Vec<String>, String)> {
    let mut category = new.major.clone();
    for name in new.majors.iter().take(MOST_MAJORS) {
        let mistake = match majors::category_named(tx, name).await? {
            Some(found) if category.is_empty() || found == category => {
                category = found;
                continue;
            }
            Some(found) => Code::NotFitting.says(format!(
                "“{name}”属于“{found}”，不在“{category}”里。一个岗位只对一个专业大类，另一类的请另登记一条。"
            )),
            None => Code::NotListed.says(format!(
                "专业目录里没有“{name}”，也没有学校开设。请写目录里的名称，或者只选专业大类。"
            )),
        };
        wrong.push(FieldError::new("majors", mistake));
        break;
    }
    Ok((new.majors.clone(), category))
}

/// The majors that a post names; none where any of its category fits.
pub async fn majors_of(tx: &mut Tx, row: &Found<VacancyRow>) -> Result<Vec<String>> {
    let rows = tx.all::<(String,)>(&data::MAJORS_OF, args![&row.id]).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// Who graduates in what a post asks for, at the schools that the caller sees: near its place first, and one more than are
/// shown where there are more. Nobody in particular where any major fits. Fewer than `smallest` are few.
pub async fn fitting(
    tx: &mut Tx,
    row: &VacancyRow,
    (names, year): (&[String], i32),
    smallest: i64,
) -> Result<Vec<Fit>> {
    if row.major.is_empty() {
        return Ok(Vec::new());
    }
    let scope = tx.actor().scope.clone();
    let rows = majors::graduates(tx, (&row.major, names), (&row.division, year), (smallest, ASKED)).await?;
    let fit = |one: majors::GraduatesRow| {
        let elsewhere = !scope.covers(&one.path);
        let enough = one.graduates.is_some_and(|told| told >= smallest);
        Fit {
            graduates: Graduates::of(one.graduates, elsewhere),
            kept_back: elsewhere && enough && one.beside_few > 0,
            school: one.org,
            school_name: one.school,
            place: one.place,
            major: one.name,
        }
    };
    Ok(rows.into_iter().map(fit).collect())
}
