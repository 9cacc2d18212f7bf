//! Accepted months, held against the running code.

use super::super::data;
use super::super::rules::parcel::{Amount, Parcel};
use crate::shared::frozen;
use crate::shared::kept::{AT_A_TIME, Again, KeptKind, Otherwise, Running, amounts, broken};
use jiedui_kernel::Result;
use jiedui_store::{Tx, args};

pub const KEPT: KeptKind = KeptKind {
    id: "month",
    name: "接收的月调度",
    after: |tx, after| {
        Box::pin(async move { tx.all::<(String,)>(&data::KEPT_AFTER, args![after, AT_A_TIME]).await })
    },
    again: |tx, id, running| Box::pin(again(tx, id, running)),
};

async fn again(tx: &mut Tx, id: &str, running: Running<'_>) -> Result<Again> {
    let (text, digest) = tx.one::<(String, String)>(&data::KEPT_TEXT, args![id]).await?;
    let parcel: Parcel = frozen::read(&text, format_args!("the month {id}"))?;
    let mut found: Vec<Otherwise> = broken(&text, &digest).into_iter().collect();
    let torn = parcel.differing();
    found.extend(torn.into_iter().map(|name| Otherwise::new(name, "合计与明细相符", "合计与明细不符")));
    found.extend(counted(&parcel, running));
    let title = format!("{} {}", crate::shared::contributions::month_title(parcel.month), parcel.school.name);
    Ok(Again { title, href: format!("/months/{}/schools/{}", parcel.month, parcel.school.id), found })
}

/// The figures of the month, and from January to it, that the running code counts otherwise.
fn counted(parcel: &Parcel, running: Running<'_>) -> Vec<Otherwise> {
    let (month, january) = (parcel.month, parcel.month / 100 * 100 + 1);
    let mut found = Vec::new();
    for of in &running.programme.indicators {
        let said = parcel.figures.iter().find(|figure| figure.indicator == of.id);
        let said = said.map(|figure| (figure.month, figure.year)).unwrap_or_default();
        for (what, was, months) in [("本月", said.0, month..=month), ("本年累计", said.1, january..=month)]
        {
            let by = running.shifts.of(&of.id, Some(&parcel.school.id), months);
            let Some(by) = by else { continue };
            let Amount { claimed, confirmed } = was;
            let becomes = amounts(of.unit, (claimed + by.0, confirmed + by.1));
            let figure = format!("{}（{what}）", of.name);
            found.push(Otherwise::new(figure, amounts(of.unit, (claimed, confirmed)), becomes));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::super::rules::parcel::{ParcelFigure, ParcelSchool};
    use super::*;
    use crate::shared::kept::Shifts;

    #[test]
    fn a_month_rests_on_what_the_code_counts_otherwise() {
        let programme = crate::testing::programme();
        let of = programme.indicator("visits").unwrap();
        let amount = |claimed, confirmed| Amount { claimed, confirmed };
        let figure = ParcelFigure {
            indicator: of.id.clone(),
            name: of.name.clone(),
            month: amount(2, 1),
            year: amount(9, 8),
            ..ParcelFigure::default()
        };
        let school = ParcelSchool { id: "a".to_owned(), ..ParcelSchool::default() };
        let parcel = Parcel { month: 202_603, school, figures: vec![figure], ..Parcel::default() };
        let told = |shifts: &Shifts| counted(&parcel, Running { programme: &programme, shifts });
        let mut shifts = Shifts::default();
        assert!(told(&shifts).is_empty());
        shifts.add("visits", (202_602, "a"), ((1, 1), (0, 0)));
        let one = told(&shifts);
        assert_eq!(one.len(), 1, "the sum since January alone: {one:?}");
        assert_eq!((one[0].was.as_str(), one[0].becomes.as_str()), ("登记 9、确认 8", "登记 8、确认 7"));
        shifts.add("visits", (202_603, "a"), ((2, 1), (3, 1)));
        assert_eq!(told(&shifts).len(), 2);
        let mut others = Shifts::default();
        others.add("visits", (202_603, "b"), ((2, 1), (3, 1)));
        others.add("visits", (202_604, "a"), ((2, 1), (3, 1)));
        assert!(told(&others).is_empty(), "another school, a later month");
    }
}
