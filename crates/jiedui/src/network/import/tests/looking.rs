//! What a file comes to is found out while nothing is written, and written with few statements.

use super::super::{Checked, check, check_again, import, read};
use super::{PEOPLE, Row, SCHOOLS, describe, file, full, take, three};
use crate::both_engines;
use crate::network::{pairings, registry};
use crate::testing::{Province, World, day};
use jiedui_kernel::Actor;
use jiedui_store::testing::{answered, written};
use std::sync::Arc;

/// What a file comes to, on a transaction that cannot write.
async fn looked_at(world: &World, bytes: &[u8]) -> Checked {
    let mut tx = world.app.db.read(Arc::new(Actor::system("test"))).await.unwrap();
    let sent = read(&mut tx, (bytes, "名录.xlsx")).await.unwrap();
    check(&mut tx, None, &sent.rows).await.unwrap()
}

/// Names of the schools of the province, by their ids.
async fn names<const N: usize>(world: &World, ids: [&String; N]) -> [String; N] {
    let mut tx = world.tx().await;
    let all = registry::schools(&mut tx).await.unwrap();
    ids.map(|id| all.iter().find(|org| org.id == *id).unwrap().name.clone())
}

both_engines! {
    /// Every sheet at once: what a row needs of the rows before it is there although nothing is written, and the same comes of the
    /// file when it is.
    async fn a_file_is_looked_at_where_nothing_can_be_written(world: World, p: Province) {
        let [old, other, lead, nearby] = names(&world, [&p.xingning, &p.nanxiong, &p.lead, &p.nearby]).await;
        let new = ["乐昌市新技工学校", "技工学校", "公办", "乐昌市", "", "县", "", "2026-09-01"];
        let teacher = [new[0], "王芳", "校长（院长）", "", "2026-09-01"];
        let pair = [new[0], lead.as_str(), nearby.as_str(), "", "2026-12-02"];
        let gone = [old.as_str(), "并入", "2026-12-01", "", other.as_str(), "", "终止", "办结"];
        let bytes = file(&full(&mut world.tx().await).await, [&[&new], &[&teacher], &[&pair], &[&gone]]);
        let seen = looked_at(&world, &bytes).await;
        assert_eq!(describe(&seen.report.errors), [""; 0]);
        for sheet in ["院校", "人员", "结对", "沿革"] {
            assert_eq!(three(&seen.report, sheet), (1, 0, 0), "{sheet}");
        }
        assert!(seen.report.changes.iter().any(|what| what.starts_with("需求“")), "{:?}", seen.report.changes);
        let mut tx = world.tx().await;
        assert!(registry::school_named(&mut tx, new[0]).await.unwrap().is_none());
        let report = import(&mut tx, None, (&bytes, "名录.xlsx")).await.unwrap();
        assert_eq!(report, seen.report);
        let made = registry::school_named(&mut tx, new[0]).await.unwrap().unwrap();
        assert_eq!(registry::people(&mut tx, &made.id).await.unwrap().len(), 1);
        let rows = pairings::in_scope(&mut tx).await.unwrap();
        assert!(rows.iter().any(|row| row.county_school == made.id && row.lead == p.lead));
        let ended = rows.iter().find(|row| row.id == p.running).unwrap();
        assert_eq!(ended.to_day, Some(day("2026-11-30")));
        assert_eq!(registry::find(&mut tx, &p.xingning).await.unwrap().ended_on, Some(day("2026-12-01")));
        tx.commit().await.unwrap();
        let again = looked_at(&world, &bytes).await.report;
        assert!(again.errors.is_empty() && !again.wrote(), "{:?}", describe(&again.errors));
    }

    /// What is open may go over to a school that the same file brings: needs to one that it marks as a county school. Projects
    /// wait for its pairing.
    async fn what_is_open_goes_over_to_a_school_of_the_same_file(world: World, p: Province) {
        let [old] = names(&world, [&p.xingning]).await;
        let new = |flag: &'static str| ["乐昌市新技工学校", "技工学校", "公办", "乐昌市", "", "县", "", flag];
        let gone = [old.as_str(), "并入", "2026-12-01", "", new("")[0], "", "终止", "转入"];
        let spec = full(&mut world.tx().await).await;
        let stay = async |flag: &'static str| {
            let bytes = file(&spec, [&[&new(flag)], &[], &[], &[&gone]]);
            let errors = looked_at(&world, &bytes).await.report.errors;
            let of = |what: &str| errors.iter().filter(|error| error.reason.starts_with(what)).count();
            (of("需求“") > 0, of("项目“") > 0)
        };
        assert_eq!(stay("").await, (true, true));
        assert_eq!(stay("2026-09-01").await, (false, true));
    }

    /// A school that took something over in a file does not end in the same file: nobody could be told what becomes of that.
    async fn what_went_over_is_not_passed_on_in_the_same_file(world: World, p: Province) {
        let [one, two, three] = names(&world, [&p.xingning, &p.nanxiong, &p.zijin]).await;
        let first = [one.as_str(), "并入", "2026-12-01", "", two.as_str(), "", "终止", "转入"];
        let then = [two.as_str(), "并入", "2026-12-02", "", three.as_str(), "", "终止", "办结"];
        let spec = full(&mut world.tx().await).await;
        let seen = looked_at(&world, &file(&spec, [&[], &[], &[], &[&first, &then]])).await;
        let places: Vec<String> =
            seen.report.errors.iter().map(|error| format!("{}{}", error.letter, error.row)).collect();
        assert_eq!(places, ["H3"], "{:?}", describe(&seen.report.errors));
        let alone = looked_at(&world, &file(&spec, [&[], &[], &[], &[&first]])).await;
        assert_eq!(describe(&alone.report.errors), [""; 0]);
    }

    /// What was looked at is held against the data once more where somebody wrote since, and only there.
    async fn what_was_written_meanwhile_is_seen(world: World) {
        let mut tx = world.tx().await;
        let bytes = file(&full(&mut tx).await, [&SCHOOLS[..1], &[], &[], &[]]);
        drop(tx);
        let seen = looked_at(&world, &bytes).await;
        assert_eq!(three(&seen.report, "院校"), (1, 0, 0));
        let mut tx = world.tx().await;
        let rows = read(&mut tx, (&bytes, "名录.xlsx")).await.unwrap().rows;
        assert!(check_again(&mut tx, None, &rows, &seen).await.unwrap().is_none());
        drop(tx);
        let mut tx = world.tx().await;
        assert!(take(&mut tx, [SCHOOLS, PEOPLE, &[], &[]]).await.wrote());
        tx.commit().await.unwrap();
        let mut tx = world.tx().await;
        let again = check_again(&mut tx, None, &rows, &seen).await.unwrap().unwrap();
        assert_eq!(three(&again.report, "院校"), (0, 0, 1));
    }
}

/// Surnames apart, thirty names.
const GIVEN: &str = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒";

both_engines! {
    /// Schools with all their teachers are written by fewer statements than there are rows, their part of the log and of the
    /// search included; what is there already is not touched.
    async fn many_rows_take_few_statements(world: World) {
        let schools: Vec<String> = (100..140).map(|at| format!("乐昌市{at}号技工学校")).collect();
        let teachers: Vec<String> = GIVEN.chars().map(|sign| format!("张{sign}")).collect();
        let rows = (schools.len() * (1 + teachers.len())) as u64;
        let spec = full(&mut world.tx().await).await;
        let with = |title: &'static str| {
            let (mut own, mut posts) = (Vec::new(), Vec::new());
            for school in &schools {
                own.push([school.as_str(), "技工学校", "公办", "乐昌市", "", "县", "", "2024-07-01"]);
                for name in &teachers {
                    posts.push([school.as_str(), name.as_str(), "专任教师", "", "2020-09-01"]);
                }
            }
            posts[0][3] = title;
            let own: Vec<Row<'_>> = own.iter().map(|row| row.as_slice()).collect();
            let posts: Vec<Row<'_>> = posts.iter().map(|row| row.as_slice()).collect();
            file(&spec, [&own, &posts, &[], &[]])
        };
        let brought = async |title: &'static str| {
            let bytes = with(title);
            let before = (answered(&world.app.db).0, written(&world.app.db));
            let mut tx = world.tx().await;
            let report = import(&mut tx, None, (&bytes, "名录.xlsx")).await.unwrap();
            assert_eq!(describe(&report.errors), [""; 0]);
            tx.commit().await.unwrap();
            let after = (answered(&world.app.db).0, written(&world.app.db));
            (three(&report, "人员"), after.0 - before.0, after.1 - before.1)
        };
        let (first, reads, writes) = brought("").await;
        assert_eq!(first, (1_200, 0, 0));
        assert!(reads < 3 * rows && writes < rows, "{reads} reads and {writes} writes for {rows} rows");
        let (again, _, writes) = brought("").await;
        assert_eq!(again, (0, 0, 1_200));
        assert!(writes <= 5, "the lock, the leaf and its revision: {writes}");
        let (changed, _, writes) = brought("专业带头人").await;
        assert_eq!(changed, (0, 1, 1_199));
        assert!(writes <= 15, "one row, the lock, the leaf and the search: {writes}");
    }
}
