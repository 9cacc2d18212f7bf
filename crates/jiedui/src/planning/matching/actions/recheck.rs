//! Published pairings: the proof checked again, and the question asked again, both by the running code.

use super::super::data;
use super::super::rules::solve::{SolveOutcome, solve};
use super::scenario::open;
use crate::shared::kept::{AT_A_TIME, Again, KeptKind, Otherwise};
use jiedui_kernel::Result;
use jiedui_matching::verify;
use jiedui_store::{Tx, args};

pub const KEPT: KeptKind = KeptKind {
    id: "pairing",
    name: "公布的结对",
    after: |tx, after| {
        Box::pin(async move { tx.all::<(String,)>(&data::KEPT_AFTER, args![after, AT_A_TIME]).await })
    },
    again: |tx, id, _| Box::pin(again(tx, id)),
};

async fn again(tx: &mut Tx, id: &str) -> Result<Again> {
    let opened = open(tx, id).await?;
    let mut found = Vec::new();
    if let SolveOutcome::Solved(instance, solution) = &opened.answer {
        if let Err(lies) = verify(instance, solution) {
            let told = |lie: jiedui_kernel::FieldError| Otherwise::new(lie.field, "已核验", lie.message);
            found.extend(lies.into_iter().map(told));
        }
        let asked = solve(opened.answer.draft().clone(), None, true).await?;
        let points = |of: Option<i64>| of.map_or("没有结果".to_owned(), |points| points.to_string());
        if asked.objective() != solution.objective {
            found.push(Otherwise::new("综合得分", points(solution.objective), points(asked.objective())));
        }
    }
    Ok(Again { title: opened.row.name.clone(), href: format!("/matching/{id}"), found })
}
