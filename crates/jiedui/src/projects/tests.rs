//! A year of a project list, on both engines.

use super::data;
use crate::pairings::PairingRow;
use crate::testing::Papers;
use jiedui_store::{Tx, args};

/// One filed project in a list that is filed, made directly.
pub async fn example(tx: &mut Tx, pairing: &PairingRow) -> Papers {
    let (list, project) = (tx.new_id(), tx.new_id());
    tx.write(&data::INSERT_LIST, args![&list, &pairing.id, 2026_i64]).await.unwrap();
    let (from, to) = (crate::testing::day("2026-01-01"), crate::testing::day("2026-12-31"));
    let values = args![
        &project,
        &list,
        &pairing.id,
        2026_i64,
        1_i64,
        "1",
        None::<String>,
        "师资培训",
        "S1.4",
        "duty",
        None::<String>,
        "教师轮训一遍",
        30_i64,
        "person_times",
        &pairing.lead,
        None::<String>,
        from,
        to,
        "",
        "",
        "{}",
        0_i64,
    ];
    tx.write(&data::INSERT_PROJECT, values).await.unwrap();
    tx.write(&data::PUT_IN_FORCE, args![&list]).await.unwrap();
    tx.write(&data::FILE_LIST, args![&list, 1_i64, format!("测试〔2026〕{}", &list[20..]), from])
        .await
        .unwrap();
    Papers { list, project, ..Papers::default() }
}
