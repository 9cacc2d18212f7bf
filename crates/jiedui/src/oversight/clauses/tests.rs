//! The words of the plan: loaded, shown behind a sentence, brought up to date and removed.

use super::actions;
use crate::both_engines;
use crate::testing::Province;

const HERE: &str = "/clauses/text";

fn file(rows: &str) -> Vec<u8> {
    format!("id,text\n{rows}").into_bytes()
}

both_engines! {
    /// Until words are loaded the page says that its title is ours; afterwards they stand behind the sentence.
    async fn what_is_loaded_stands_behind_the_sentence(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        assert!(office.get("/clauses/S1.4").await.says("不是原文"));
        let sent = file("S1.4,甲的原话\ns4.1,乙的原话\n");
        let preview = office.look(HERE, &[], ("plan.csv", &sent)).await;
        assert_eq!(preview.all("tr[data-outcome=made]").len(), 2, "{}", preview.text());
        assert!(!office.get("/clauses/S1.4").await.says("甲的原话"), "nothing is written before it is accepted");
        assert_eq!(office.accept(&preview).await.location, "/clauses");
        let county = world.agent(&p.xingning, "county_school").await;
        assert!(county.get("/clauses/S1.4").await.says("甲的原话"));
        assert!(county.get("/clauses/S4.1").await.says("乙的原话"), "an id is known in any letter case");
        assert_eq!(county.get(HERE).await.status, 403);
        let preview = office.look(HERE, &[], ("plan.csv", &file("S1.4,甲的新话\n"))).await;
        assert!(office.accept(&preview).await.status.as_u16() == 303);
        let page = office.get("/clauses/S1.4").await;
        assert!(page.says("甲的新话") && !page.says("甲的原话"), "{}", page.text());
        assert!(office.get("/clauses/S4.1").await.says("乙的原话"), "what a file leaves out stays");
    }

    /// Everything that is wrong is told in one round, and nothing is written.
    async fn all_mistakes_are_told_at_once(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let sent = file("S1.4,甲\nX9.9,乙\nS1.4,丙\nS4.1,\n");
        let page = office.look(HERE, &[], ("plan.csv", &sent)).await;
        assert_eq!(page.status, 422);
        let rows = page.all(".problems tbody tr").len();
        assert_eq!(rows, 3, "an unknown id, one that is there twice, and an empty text: {}", page.text());
        assert!(!office.get("/clauses/S1.4").await.says("版载入"));
    }

    /// Words of another version of the programme are shown as that; what is removed is gone.
    async fn words_belong_to_a_version_and_can_be_removed(world: World, _p: Province) {
        let mut programme = (*world.app.programme()).clone();
        let sent = file("S1.4,甲\n");
        let mut tx = world.tx().await;
        let report = actions::load(&mut tx, &programme, (&sent, "plan.csv")).await.unwrap();
        assert!(report.errors.is_empty() && report.writes());
        let first = programme.meta.version.clone();
        programme.meta.version.push_str("-next");
        let found = actions::text_of(&mut tx, &programme, "S1.4").await.unwrap().unwrap();
        assert_eq!((found.text.as_str(), &found.edition), ("甲", &first), "of the version before");
        let newer = file("S1.4,乙\n");
        assert!(actions::load(&mut tx, &programme, (&newer, "plan.csv")).await.unwrap().errors.is_empty());
        let found = actions::text_of(&mut tx, &programme, "S1.4").await.unwrap().unwrap();
        assert_eq!((found.text.as_str(), &found.edition), ("乙", &programme.meta.version));
        assert_eq!(actions::remove(&mut tx, &programme, &first).await.unwrap(), 1);
        let left = actions::editions(&mut tx, &programme).await.unwrap();
        assert_eq!(left, [programme.meta.version.clone()]);
        assert!(actions::remove(&mut tx, &programme, &first).await.is_err(), "once");
        tx.commit().await.unwrap();
    }
}
