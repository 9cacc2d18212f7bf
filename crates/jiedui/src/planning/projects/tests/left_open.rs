//! What a county school leaves open that is merged into another one.

use super::super::data::Ended;
use super::super::{find, of_list};
use crate::both_engines;
use crate::network::import::import;
use crate::network::registry;
use crate::planning::needs;
use crate::testing::Province;

both_engines! {
    /// Needs and projects go over to the school that it was merged into, or are closed; what the row does not say is asked.
    async fn what_a_merged_school_leaves_open_goes_over_or_is_closed(world: World, p: Province) {
        let mut tx = world.tx().await;
        let old = registry::find(&mut tx, &p.xingning).await.unwrap().name;
        let other = registry::find(&mut tx, &p.nanxiong).await.unwrap().name;
        drop(tx);
        let line = |left: &str| {
            let head = "学校名称,沿革,日期,并入学校,正在执行的结对,未完的需求和项目";
            format!("{head}\n{old},并入,2026-12-01,{other},终止,{left}\n")
        };
        let mut tx = world.tx().await;
        let asked = import(&mut tx, None, (line("").as_bytes(), "沿革.csv")).await.unwrap().errors;
        for what in ["需求“", "项目“"] {
            assert!(asked.iter().any(|error| error.reason.starts_with(what)), "{what}: {asked:?}");
        }
        drop(tx);

        let mut tx = world.tx().await;
        let closed = import(&mut tx, None, (line("办结").as_bytes(), "沿革.csv")).await.unwrap();
        assert!(closed.errors.is_empty(), "{:?}", closed.errors);
        let need = needs::find(&mut tx, &p.papers[0].need).await.unwrap();
        assert_eq!((need.state, need.org == p.xingning), (needs::NeedState::Dropped, true));
        let project = find(&mut tx, &p.papers[0].project).await.unwrap();
        assert_eq!(project.ended, Ended::Removed);
        assert!(project.result.contains(&old), "{}", project.result);
        drop(tx);

        let mut tx = world.tx().await;
        let before = of_list(&mut tx, &p.papers[2].list).await.unwrap().len();
        let over = import(&mut tx, None, (line("转入").as_bytes(), "沿革.csv")).await.unwrap();
        assert!(over.errors.is_empty(), "{:?}", over.errors);
        let need = needs::find(&mut tx, &p.papers[0].need).await.unwrap();
        assert_eq!((need.state, need.org == p.nanxiong), (needs::NeedState::Open, true));
        assert!(need.rank > 1, "it stands behind those of the school that took it over");
        assert_eq!(find(&mut tx, &p.papers[0].project).await.unwrap().ended, Ended::Carried);
        let rows = of_list(&mut tx, &p.papers[2].list).await.unwrap();
        assert_eq!(rows.len(), before + 1);
        assert!(rows.iter().any(|row| row.carried_from.as_ref() == Some(&p.papers[0].project)));
    }
}
