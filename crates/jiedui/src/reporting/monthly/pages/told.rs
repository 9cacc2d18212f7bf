//! Projects and targets of a month, as its page, the bulletin and the paper show them.

use super::unit_of;
use crate::network::pairings;
use crate::planning::projects::rules::{project_mark, unit_of as unit_named};
use crate::reporting::monthly::rules::parcel::{Parcel, ParcelProject, ParcelTarget};
use crate::shared::papers::{self, day_words};
use crate::standing::indicators::{self, Slice};
use jiedui_documents::paper::{Document, TableColumn};
use jiedui_kernel::{Date, Reported, Result};
use jiedui_programme::{Programme, ProjectState, rounded};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use serde::Serialize;
use std::collections::HashSet;

/// A project as it stood at the end of the month; its figures open to what is known of it now.
#[derive(Debug, Serialize)]
pub struct ProjectLine {
    pub school: String,
    pub project: Link,
    pub until: Date,
    pub quantity: Figure,
    pub claimed: Figure,
    pub confirmed: Figure,
    pub moved: Figure,
    pub state: StateMark,
    /// The month brought what was still missing.
    pub finished: bool,
}

/// What a school, or all those accepted, had added to a target by the end of the month.
#[derive(Debug, Serialize)]
pub struct TargetLine {
    pub name: String,
    pub year: i32,
    pub wanted: Option<Figure>,
    pub confirmed: Figure,
    /// How the target stands; only where all of the province is added up.
    pub state: Option<StateMark>,
}

/// The pairings that the caller sees: a helper does not see the projects of those who were there before it.
pub async fn seen(ctx: &mut RequestContext) -> Result<HashSet<String>> {
    Ok(pairings::in_scope(&mut ctx.tx).await?.into_iter().map(|row| row.id).collect())
}

pub fn project_line(school: &str, one: &ParcelProject) -> ProjectLine {
    let (unit, href) = (unit_named(&one.unit), format!("/projects/{}", one.id));
    let figure = |value, label: &str| Figure::of(Reported::Value(value), unit, &href, label);
    ProjectLine {
        school: school.to_owned(),
        project: Link::new(&href, &one.title),
        until: one.to,
        quantity: figure(one.quantity, "应完成"),
        claimed: figure(one.done.claimed, "截至月末登记"),
        confirmed: figure(one.done.confirmed, "截至月末确认"),
        moved: figure(one.moved(), "本月确认"),
        state: project_mark(one.state),
        finished: one.is_finished_now(),
    }
}

/// So many projects stand in a bulletin; the others open on its page.
pub const MOST: usize = 60;

/// Of all projects those of which the bulletin speaks: finished in the month, or late by their plan; and how many more
/// there are.
pub fn worth_telling(parcels: &[Parcel], most: usize) -> (Vec<ProjectLine>, usize) {
    let told = |one: &&ParcelProject| one.state == ProjectState::Late || one.is_finished_now();
    let lines = |parcel: &Parcel| {
        parcel
            .projects
            .iter()
            .filter(told)
            .map(|one| project_line(&parcel.school.name, one))
            .collect::<Vec<_>>()
    };
    evenly(parcels.iter().map(lines).collect(), most)
}

/// Of each school the same number at most: none is left out, or named alone, because of where it stands in the list.
fn evenly<T>(schools: Vec<Vec<T>>, most: usize) -> (Vec<T>, usize) {
    let longest = schools.iter().map(Vec::len).max().unwrap_or(0);
    let taken = |each: usize| schools.iter().map(|lines| lines.len().min(each)).sum::<usize>();
    let each = (1..=longest).take_while(|each| taken(*each) <= most).last().unwrap_or(1);
    let more = taken(longest) - taken(each);
    (schools.into_iter().flat_map(|lines| lines.into_iter().take(each)).collect(), more)
}

/// `judged`: the day by which the figures are those of the whole province, and say how the target stands.
pub fn target_line(
    programme: &Programme,
    one: &ParcelTarget,
    cut: &Slice,
    judged: Option<Date>,
) -> TargetLine {
    let (unit, href) =
        (unit_of(programme, &one.indicator), format!("/indicators/{}?{}", one.indicator, cut.query()));
    let shown = one.share.and_then(|(above, below)| rounded(above, below)).unwrap_or(one.confirmed);
    let target = programme.targets.iter().find(|target| target.id == one.target);
    let state = target.zip(judged).map(|(target, last)| {
        indicators::target_mark(programme, &target.on(last), cut.year, Reported::Value(one.confirmed))
    });
    TargetLine {
        name: one.name.clone(),
        year: one.year,
        wanted: one.wanted.map(|value| Figure::of(Reported::Value(value), unit, "/targets", "目标值")),
        confirmed: Figure::of(Reported::Value(shown), unit, href, "截至月末确认"),
        state,
    }
}

/// What several schools added to each target, in the order of the programme. Of a share the parts are added up.
pub fn targets_total(programme: &Programme, parcels: &[Parcel]) -> Vec<ParcelTarget> {
    let mut found = Vec::new();
    for target in &programme.targets {
        let added = parcels.iter().flat_map(|parcel| &parcel.targets).filter(|one| one.target == target.id);
        found.extend(added.cloned().reduce(|sum, one| plus(sum, &one)));
    }
    found
}

fn plus(sum: ParcelTarget, one: &ParcelTarget) -> ParcelTarget {
    let share = sum.share.zip(one.share).map(|(of, by)| (of.0 + by.0, of.1 + by.1));
    let confirmed = match share {
        // The exact value judges; it is rounded down, as that of any share.
        Some((above, below)) if below > 0 => above.saturating_mul(10_000) / below,
        _ => sum.confirmed + one.confirmed,
    };
    ParcelTarget { share, confirmed, ..sum }
}

/// The same in the paper.
pub fn write(document: &mut Document, (projects, more): (&[ProjectLine], usize), targets: &[TargetLine]) {
    let shown = papers::figure;
    if !projects.is_empty() {
        document.caption("本月完成和按计划已逾期的项目");
        let columns =
            [("学校", 26.0), ("项目", 30.0), ("完成期限", 15.0), ("已确认/应完成", 18.0), ("状态", 11.0)];
        let rows = projects.iter().map(|line| {
            vec![
                line.school.clone(),
                line.project.label.clone(),
                day_words(line.until),
                format!("{}/{}", shown(&line.confirmed), shown(&line.quantity)),
                if line.finished { "本月完成" } else { line.state.label }.to_owned(),
            ]
        });
        document.table(columns.map(|(name, width)| TableColumn::new(name, width)).to_vec(), rows.collect());
        if more > 0 {
            document.caption(format!("另有 {more} 项没有列出，每所学校先列一样多；全部见系统里的通报。"));
        }
    }
    if !targets.is_empty() {
        document.caption("目标进展（已接收学校的合计）");
        let columns =
            [("目标", 36.0), ("目标年度", 12.0), ("目标值", 16.0), ("截至月末确认", 16.0), ("状态", 20.0)];
        let rows = targets.iter().map(|line| {
            vec![
                line.name.clone(),
                format!("{}年", line.year),
                line.wanted.as_ref().map_or_else(|| "—".to_owned(), shown),
                shown(&line.confirmed),
                line.state.map_or("—", |state| state.label).to_owned(),
            ]
        });
        document.table(columns.map(|(name, width)| TableColumn::new(name, width)).to_vec(), rows.collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adds(target: &str, confirmed: i64, share: Option<(i64, i64)>) -> Parcel {
        let one = ParcelTarget { target: target.to_owned(), confirmed, share, ..ParcelTarget::default() };
        Parcel { targets: vec![one], ..Parcel::default() }
    }

    #[test]
    fn of_each_school_as_many_are_told() {
        let schools = vec![vec![1, 2, 3, 4], vec![], vec![5], vec![6, 7, 8]];
        assert_eq!(evenly(schools.clone(), 5), (vec![1, 2, 5, 6, 7], 3));
        assert_eq!(evenly(schools.clone(), 8), (vec![1, 2, 3, 4, 5, 6, 7, 8], 0));
        assert_eq!(evenly(schools, 1), (vec![1, 5, 6], 5), "none is left out");
        assert_eq!(evenly(Vec::<Vec<u8>>::new(), 5), (Vec::new(), 0));
    }

    #[test]
    fn shares_are_added_up_by_their_parts() {
        let programme = crate::programme_files::shipped::programme();
        let parcels = [
            adds("employment-2027", 10_000, Some((10, 10))),
            adds("social-training-2027", 7, None),
            adds("employment-2027", 5_000, Some((15, 30))),
            adds("social-training-2027", 5, None),
        ];
        let told = targets_total(&programme, &parcels);
        let of = |id: &str| told.iter().find(|one| one.target == id).unwrap();
        assert_eq!((of("employment-2027").share, of("employment-2027").confirmed), (Some((25, 40)), 6_250));
        assert_eq!((of("social-training-2027").share, of("social-training-2027").confirmed), (None, 12));
    }
}
