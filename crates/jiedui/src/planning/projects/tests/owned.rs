//! For which projects somebody answers, as far as a reader sees them.

use super::super::rules::Fields;
use super::super::{actions, owned};
use super::{example, said};
use crate::both_engines;
use crate::network::{pairings, registry};
use crate::testing::{Province, actor, day};
use jiedui_store::Tx;

/// A project of a pairing for which somebody at its lead answers.
async fn answered(tx: &mut Tx, pairing: &str, owner: &str) {
    let pairing = pairings::find(tx, pairing).await.unwrap();
    let (list, _) = example(tx, &pairing, 2027, "person_times").await;
    let fields = Fields {
        owner: Some(owner.to_owned()),
        from: day("2027-01-01"),
        to: day("2027-12-31"),
        ..said(&pairing, "person_times")
    };
    let at = actions::ProjectPlace {
        list: &list,
        pairing: &pairing.id,
        year: 2027,
        place: 2,
        order_key: "2".to_owned(),
        carried_from: None,
    };
    actions::insert(tx, at, &fields).await.unwrap();
}

both_engines! {
    /// Whoever sees somebody's post sees of that person's projects those of the own pairing, and not those of other schools.
    async fn projects_of_somebody_are_told_within_scope(world: World, p: Province) {
        let mut tx = world.tx().await;
        let people = registry::people(&mut tx, &p.lead).await.unwrap();
        let head = people.into_iter().find(|one| one.post == "head").unwrap();
        let mut readers = Vec::new();
        for (org, role, number) in
            [(&p.lead, "lead", 2), (&p.xingning, "county_school", 1), (&p.nanxiong, "county_school", 0)]
        {
            readers.push((actor(&mut tx, org, role).await, number));
        }
        for pairing in [&p.running, &p.ended] {
            answered(&mut tx, pairing, head.name.person()).await;
        }
        for (reader, number) in readers {
            tx.act_as(reader);
            let found = owned(&mut tx, (head.name.person(), &p.lead), day("2026-11-24")).await.unwrap();
            assert_eq!(found.len(), number, "{}", tx.actor().org_name);
        }
    }

    /// Who answers for a project to which others agreed does not become somebody else by one word.
    async fn an_owner_becomes_nobody_else_without_a_second_person(world: World, p: Province) {
        let mut tx = world.tx().await;
        let people = registry::people(&mut tx, &p.lead).await.unwrap();
        let of = |post: &str| people.iter().find(|one| one.post == post).unwrap().name.person();
        answered(&mut tx, &p.running, of("backbone_teacher")).await;
        let (two, programme) = ((of("backbone_teacher"), of("head")), world.app.programme());
        assert!(!registry::propose(&mut tx, &programme, &p.lead, two, "同一个人").await.unwrap());
    }
}
