//! The price of a change in the certificate: a sheet of its own, where the question limits changes or lets them cost.

use jiedui_documents::{Page, Slot, Value};
use jiedui_matching::{Instance, Solution, Status};

/// Data of the certificate begin under the headings; rows count from 1.
pub(super) const FIRST: u32 = 2;
pub(super) const SCHOOLS: &str = "县级院校";
pub(super) const CHANGING: &str = "更换价格";
const HEADINGS: [&str; 6] =
    ["每更换一所的价格", "最多更换几所", "更换的价值", "每更换一所至少多得", "方案更换了几所", "没有超过"];

/// Whether the question says anything of changes.
pub(super) fn in_question(instance: &Instance) -> bool {
    instance.at_most_changes.is_some() || instance.least_gain.is_some()
}

/// The sheet; `changed` is how many county schools the result changes, none where it has no assignment.
pub(super) fn page<'a>(instance: &'a Instance, solution: &Solution, changed: Option<usize>) -> Page<'a> {
    let price = solution.certificate.change_price.unwrap_or_default();
    let most = instance.at_most_changes;
    let worth = price.as_points().max(0.0) * most.unwrap_or(0) as f64;
    // Where nothing counts, a change costs nothing either.
    let least = instance.least_gain.filter(|_| solution.status != Status::Infeasible).unwrap_or(0);
    let mut row = vec![
        Slot::Entry(Value::Number(price.as_points())),
        most.map_or_else(|| Slot::value("不限"), Slot::value),
        Slot::Formula(format!("IF(ISNUMBER(B{FIRST}),IF(A{FIRST}>=0,A{FIRST}*B{FIRST},0),0)"), worth),
        Slot::value(least),
    ];
    if let Some(changed) = changed {
        let last = FIRST + (instance.county_schools.len() as u32).max(1) - 1;
        let kept = most.is_none_or(|most| changed as i64 <= most);
        row.push(Slot::Formula(format!("SUM('{SCHOOLS}'!I{FIRST}:I{last})"), changed as f64));
        let check = format!("IF(ISNUMBER(B{FIRST}),IF(E{FIRST}<=B{FIRST},\"是\",\"否\"),\"是\")");
        row.push(Slot::TextFormula(check, if kept { "是" } else { "否" }.to_owned()));
    }
    let head = HEADINGS.iter().map(|heading| Slot::heading(*heading)).collect();
    Page {
        name: CHANGING.to_owned(),
        widths: vec![18.0, 16.0, 16.0, 20.0, 16.0, 12.0],
        frozen: (1, 0),
        rows: Box::new([head, row].into_iter()),
    }
}

/// Why the bound holds with a limit on changes, too.
pub(super) fn told(instance: &Instance) -> Option<String> {
    let limit = instance.at_most_changes.map(|most| {
        format!("本方案限定最多更换 {most} 所：每更换一所也定一个价格（见“更换价格”表），凡是与现有结对不同的组合都要扣除它；任何不超过 {most} 所的安排，为更换付出的价格合计不会超过“另加”的那一项，所以上限照样成立。价格小于零时，一所也不换就不付，另加按零算。")
    });
    let cost = instance.least_gain.map(|least| {
        format!("凡是与现有结对不同的组合，分值里已减去 {least} 分：换一所至少要多得这么多才换。")
    });
    let told: Vec<String> = limit.into_iter().chain(cost).collect();
    (!told.is_empty()).then(|| told.concat())
}
