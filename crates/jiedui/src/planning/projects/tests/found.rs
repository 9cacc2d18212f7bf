//! What of the lists the search finds.

use super::super::data::{self, Ended};
use super::super::rules::Fields;
use super::actions;
use crate::both_engines;
use crate::shared::search;
use crate::testing::Province;
use jiedui_store::{AuditRecord, args};

const ARRANGED: AuditRecord<'_> = AuditRecord { action: "test.arrange", resource: "test", resource_id: "" };

both_engines! {
    /// What was taken out of a draft is in no list any more, and found by nobody.
    async fn a_project_that_was_taken_out_is_not_found(world: World, p: Province) {
        let mut tx = world.tx().await;
        let list = p.papers[0].list.clone();
        let like = actions::of_list(&mut tx, &list).await.unwrap()[0].fields();
        let at = actions::ProjectPlace {
            list: &list, pairing: &p.running, year: 2026, place: 51, order_key: "51".to_owned(), carried_from: None,
        };
        let fields = Fields { title: "智能网联汽车实训".to_owned(), ..like };
        let id = actions::insert(&mut tx, at, &fields).await.unwrap();
        tx.audit(ARRANGED, &()).await.unwrap();
        tx.commit().await.unwrap();
        let lead = world.agent(&p.lead, "lead").await;
        let found = async || {
            let page = lead.get("/search?q=zhinengwanglian").await;
            page.attributes("main ul.plain a", "href").contains(&format!("/projects/{id}"))
        };
        assert!(found().await);
        let mut tx = world.tx().await;
        let project = crate::planning::projects::find(&mut tx, &id).await.unwrap();
        let end = args![Ended::Removed, "", None::<jiedui_kernel::Date>];
        data::END_PROJECT.at(&project, 1, end).write(&mut tx, "").await.unwrap();
        tx.audit(ARRANGED, &()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!found().await);
        assert_eq!(search::verify(&mut world.tx().await).await.unwrap(), [""; 0]);
    }
}
