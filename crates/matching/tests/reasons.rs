//! Why there is no assignment: a proof, and a reason from which nothing can be taken away.

use jiedui_matching::families::{SeededRng, wild};
use jiedui_matching::{
    Assigned, CountySchool, Draft, Instance, Options, Partner, Reason, Side, Solution, Status, solve, verify,
};

fn answer(draft: &Draft) -> Solution {
    let instance = Instance::new(draft.clone()).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    let solution = solve(&instance, &Options::default());
    let proved = verify(&instance, &solution);
    assert!(proved.is_ok(), "{proved:?}\n{}", draft.to_json());
    solution
}

/// Whether nothing keeps what a reason names, by trying everything: a school that is not named need not be served, a
/// limit that is not named does not bind.
fn none(draft: &Draft, reason: &Reason) -> bool {
    let limit = |side: Side, i: usize, least: bool| {
        let id = &draft.partners(side)[i].id;
        let named = reason.limits.iter().find(|l| l.side == side && l.id == *id && l.least == least);
        named.map_or(if least { 0 } else { i64::MAX }, |limit| limit.places)
    };
    let limits = |least: bool| {
        Side::BOTH
            .map(|side| (0..draft.partners(side).len()).map(|i| limit(side, i, least)).collect::<Vec<_>>())
    };
    let choices: Vec<Vec<Option<Choice>>> = (0..draft.county_schools.len())
        .map(|j| {
            let mut list = pairs(draft, reason, j);
            // Of a school that is not named nothing is asked: neither that it is served nor that it stays.
            if !reason.county_schools.contains(&draft.county_schools[j].id) {
                list.iter_mut().flatten().for_each(|choice| choice.2 = false);
                list.push(None);
            }
            list
        })
        .collect();
    let mut counts = [vec![0; draft.leads.len()], vec![0; draft.nearby.len()]];
    let changes = reason.at_most_changes.unwrap_or(i64::MAX);
    !served(&choices, &limits(true), &limits(false), &mut counts, changes)
}

/// A lead, a nearby school, and whether they are a change.
type Choice = (usize, usize, bool);

fn pairs(draft: &Draft, reason: &Reason, j: usize) -> Vec<Option<Choice>> {
    let id = &draft.county_schools[j].id;
    let fixed: Vec<_> = reason.fixed.iter().filter(|fixed| fixed.county_school == *id).collect();
    let had = draft.present.iter().find(|row| row.county_school == *id);
    let mut list = Vec::new();
    for (l, lead) in draft.leads.iter().enumerate().filter(|(l, _)| draft.lead_scores[j][*l].is_some()) {
        for (n, near) in draft.nearby.iter().enumerate().filter(|(n, _)| draft.nearby_scores[j][*n].is_some())
        {
            let kept = fixed.iter().all(|f| {
                f.lead.as_ref().is_none_or(|id| *id == lead.id)
                    && f.nearby.as_ref().is_none_or(|id| *id == near.id)
            });
            if lead.id != near.id && kept {
                let change = had.is_some_and(|had| had.lead != lead.id || had.nearby != near.id);
                list.push(Some((l, n, change)));
            }
        }
    }
    list
}

fn served(
    choices: &[Vec<Option<Choice>>],
    least: &[Vec<i64>; 2],
    most: &[Vec<i64>; 2],
    counts: &mut [Vec<i64>; 2],
    changes: i64,
) -> bool {
    let Some((first, rest)) = choices.split_first() else {
        return (0..2).all(|s| counts[s].iter().zip(&least[s]).all(|(count, least)| count >= least));
    };
    first.iter().any(|choice| {
        let Some((l, n, change)) = *choice else { return served(rest, least, most, counts, changes) };
        if change && changes == 0 || counts[0][l] >= most[0][l] || counts[1][n] >= most[1][n] {
            return false;
        }
        counts[0][l] += 1;
        counts[1][n] += 1;
        let done = served(rest, least, most, counts, changes - i64::from(change));
        counts[0][l] -= 1;
        counts[1][n] -= 1;
        done
    })
}

/// Every way to take one named thing out of a reason.
fn smaller(reason: &Reason) -> Vec<Reason> {
    let mut list = Vec::new();
    for i in 0..reason.county_schools.len() {
        let mut less = reason.clone();
        less.county_schools.remove(i);
        list.push(less);
    }
    for i in 0..reason.limits.len() {
        let mut less = reason.clone();
        less.limits.remove(i);
        list.push(less);
    }
    for i in 0..reason.fixed.len() {
        let mut less = reason.clone();
        less.fixed.remove(i);
        list.push(less);
    }
    if reason.at_most_changes.is_some() {
        list.push(Reason { at_most_changes: None, ..reason.clone() });
    }
    list
}

#[test]
fn a_reason_is_enough_and_nothing_in_it_is_idle() {
    let mut seen = 0;
    for seed in 0..1_500 {
        let draft = wild(seed);
        let solution = answer(&draft);
        let Some(reason) = &solution.infeasible_because else { continue };
        seen += 1;
        assert!(none(&draft, reason), "seed {seed}: not enough {reason:?}\n{}", draft.to_json());
        for less in smaller(reason) {
            assert!(!none(&draft, &less), "seed {seed}: idle in {reason:?}: {less:?}\n{}", draft.to_json());
        }
        assert!(!reason.lack.is_empty());
    }
    assert!(seen > 100, "the recipe makes infeasible instances: {seen}");
}

/// The same where changes are limited.
#[test]
fn a_reason_against_changes_is_enough_and_nothing_in_it_is_idle() {
    let (mut seen, mut limited) = (0, 0);
    for seed in 0..800 {
        let mut draft = wild(seed);
        let mut rng = SeededRng(seed);
        for school in &draft.county_schools {
            let mut any =
                |partners: &[Partner]| partners[rng.below(partners.len() as i64) as usize].id.clone();
            let (lead, nearby) = (any(&draft.leads), any(&draft.nearby));
            draft.present.push(Assigned { county_school: school.id.clone(), lead, nearby });
        }
        draft.at_most_changes = Some((seed % 3) as i64);
        let Some(reason) = answer(&draft).infeasible_because else { continue };
        seen += 1;
        limited += usize::from(reason.at_most_changes.is_some());
        assert!(none(&draft, &reason), "seed {seed}: not enough {reason:?}\n{}", draft.to_json());
        for less in smaller(&reason) {
            assert!(!none(&draft, &less), "seed {seed}: idle in {reason:?}: {less:?}\n{}", draft.to_json());
        }
        assert!(!reason.lack.is_empty());
    }
    assert!(limited > 100 && seen > limited, "the recipe makes both kinds: {seen} and {limited}");
}

fn partner(id: &str, max: i64) -> Partner {
    Partner { id: id.to_owned(), min: 0, max, cover: Vec::new() }
}

fn draft(schools: usize, leads: Vec<Partner>, nearby: Vec<Partner>) -> Draft {
    Draft {
        format: "jiedui-matching/1".to_owned(),
        needs: Vec::new(),
        county_schools: (0..schools)
            .map(|j| CountySchool { id: format!("c{j}"), weights: Vec::new() })
            .collect(),
        lead_scores: vec![vec![None; leads.len()]; schools],
        nearby_scores: vec![vec![None; nearby.len()]; schools],
        leads,
        nearby,
        ..Draft::default()
    }
}

/// Each side alone can be served, the relaxation can be served by halves, and yet nothing whole does: only the ban on
/// being both at one school ties the sides together, and only the tree sees it. The smallest of its kind we know.
#[test]
fn what_only_the_tree_sees_is_told() {
    let partners: Vec<Partner> = (0..4).map(|i| partner(&format!("p{i}"), 1)).collect();
    let mut draft = draft(4, partners.clone(), partners);
    let leads = [&[0, 1, 3][..], &[1, 3], &[1, 2], &[0, 2]];
    let nearby = [&[0, 1, 3][..], &[2, 3], &[1, 2], &[0, 1]];
    for j in 0..4 {
        leads[j].iter().for_each(|&i| draft.lead_scores[j][i] = Some(0));
        nearby[j].iter().for_each(|&i| draft.nearby_scores[j][i] = Some(0));
    }
    let solution = answer(&draft);
    assert_eq!(solution.status, Status::Infeasible);
    assert!(solution.certificate.tree.is_some(), "prices alone cannot refute what halves can serve");
    let reason = solution.infeasible_because.expect("a reason");
    assert!(none(&draft, &reason));
    assert!(smaller(&reason).iter().all(|less| !none(&draft, less)), "{reason:?}");
}
