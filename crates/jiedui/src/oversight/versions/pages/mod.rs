//! Its pages.

pub mod change;
pub mod list;
pub mod retire;
pub mod show;
pub mod upload;

use super::actions::{self, files_of, prepared};
use super::rules::{self, Edit, Files, State};
use chrono::Datelike as _;
use jiedui_kernel::{Code, Date, Error, FieldError, Result};
use jiedui_programme::{Problem, Programme, load};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::StateMark;

fn mark(state: State) -> StateMark {
    let (kind, sign) = match state {
        State::Prepared => ("active", "◐"),
        State::Active => ("reached", "●"),
        State::Former | State::Dropped => ("none", "–"),
    };
    StateMark::new(kind, state.label(), sign)
}

/// The programme that further changes go on from: the one that is prepared, else the one in use.
async fn latest(ctx: &mut RequestContext) -> Result<(Files, Programme)> {
    let digest = match prepared(&mut ctx.tx).await? {
        Some(row) => row.digest,
        None => ctx.programme().digest.clone(),
    };
    let files = files_of(&mut ctx.tx, &digest).await?;
    let programme = load(&files).map_err(|_| Error::internal("a kept programme can no longer be read"))?;
    Ok((files, programme))
}

/// What the checker says of a programme, for the head of a form.
fn told(problems: &[Problem]) -> Vec<FieldError> {
    let one = |problem: &Problem| {
        let (line, _) = problem.position();
        let words = format!("{} 第 {line} 行：{}（{}）", problem.file, problem.message, problem.help);
        FieldError::new("", Code::Contradiction.says(words))
    };
    problems.iter().map(one).collect()
}

/// Writes one change into the latest programme and has it prepared.
async fn prepare(
    ctx: &mut RequestContext,
    (files, programme): (&Files, &Programme),
    edit: &Edit,
    about: &str,
) -> Result<String> {
    let files = rules::edited(files, programme, edit)
        .map_err(|mistake| Error::Invalid(vec![FieldError::new("", mistake)]))?;
    let programme = load(&files).map_err(|problems| Error::Invalid(told(&problems)))?;
    actions::prepare(&mut ctx.tx, &files, &programme, about).await
}

/// From when a change usually holds: what was given, else the first day of next year.
fn given_or_next_year(given: &str, today: Date) -> String {
    let next = || Date::from_ymd_opt(today.year() + 1, 1, 1).map_or_else(String::new, |day| day.to_string());
    if given.is_empty() { next() } else { given.to_owned() }
}
