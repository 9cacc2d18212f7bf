//! Words behind two sentences of the plan. What is loaded in earnest is never a part of the program, so that these are
//! invented.

use super::maker::{Maker, describe};
use crate::oversight::clauses;
use jiedui_kernel::Result;
use std::sync::Arc;

const TABLE: &str = "编号,原文\n\
S1.4,（示例文字，不是方案原文）办公室载入正式文本以后，这里是这一条的原话。\n\
S4.1,（示例文字，不是方案原文）办公室载入正式文本以后，这里是这一条的原话。\n";

pub async fn load(maker: &mut Maker) -> Result<()> {
    let (programme, day) = (Arc::clone(&maker.programme), maker.last());
    maker.act_as_office(day);
    let loaded = clauses::load(&mut maker.tx, &programme, (TABLE.as_bytes(), "方案原文（示例）.csv")).await;
    loaded.map(drop).map_err(|error| describe("words of the plan", error))
}
