use super::*;
use jiedui_documents::paper::{Block, word};
use jiedui_documents::{Page, Slot, Value, read_grids, write_pages};
use jiedui_kernel::FieldError;
use jiedui_matching::families::{Family, Recipe, make, wild};
use jiedui_matching::{Draft, Fixed, Instance, Options, Solution, Status, solve, verify};
use proptest::prelude::*;

fn small(family: Family, seed: u64) -> Instance {
    let recipe = Recipe { family, county_schools: 6, leads: 3, nearby: 4, needs: 3, seed };
    Instance::new(make(&recipe)).unwrap()
}

/// The sheets of a workbook of an instance as they are, to be changed and written again.
fn changed(instance: &Instance, change: impl FnOnce(&mut Vec<(String, Vec<Vec<Value>>)>)) -> Vec<u8> {
    let bytes = instance_book(instance, &Names::default()).unwrap();
    let sheets = ["需求类别", "县级院校", "牵头院校", "配合院校", "牵头得分", "配合得分", "已定"];
    let mut sheets: Vec<_> = read_grids(&bytes, &sheets).unwrap().into_iter().map(dense).collect();
    change(&mut sheets);
    let pages = sheets.into_iter().map(|(name, rows)| {
        let rows = rows.into_iter().map(|row| row.into_iter().map(Slot::Value).collect());
        Page { name, widths: Vec::new(), frozen: (0, 0), rows: Box::new(rows) }
    });
    write_pages(pages.collect()).unwrap()
}

fn dense(grid: jiedui_documents::Grid) -> (String, Vec<Vec<Value>>) {
    let mut rows = Vec::new();
    for row in grid.rows {
        rows.resize(row.row as usize, Vec::new());
        let cells = &mut rows[row.row as usize - 1];
        for (column, value) in row.cells {
            cells.resize(column as usize + 1, Value::Empty);
            cells[column as usize] = value;
        }
    }
    (grid.name, rows)
}

fn describe(bytes: &[u8]) -> Vec<String> {
    let line = |error: FieldError| format!("{}: {}", error.field, error.message);
    read_instance_book(bytes).unwrap_err().into_iter().map(line).collect()
}

#[test]
fn an_instance_comes_back_from_its_workbook() {
    for seed in 0..40 {
        let Ok(instance) = Instance::new(wild(seed)) else { continue };
        let bytes = instance_book(&instance, &Names::default()).unwrap();
        let back = read_instance_book(&bytes).unwrap();
        assert_eq!((back.sha256(), &*back), (instance.sha256(), &*instance), "seed {seed}");
    }
}

/// Ids of any letters a cell can hold, numbers that look like other things included.
fn id() -> impl Strategy<Value = String> {
    prop_oneof![
        "[\\PC&&[^\u{200B}\u{FEFF}]]{1,6}".prop_map(|text| text.trim().to_owned()),
        "[=+@'-]?[0-9]{1,4}",
        "_x00[0-9]{2}_"
    ]
    .prop_filter("an id has letters", |id| !id.is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_ids_and_names_come_back(seed in 0_u64..500, ids in prop::collection::btree_set(id(), 30), name in "\\PC{0,8}") {
        let mut draft = wild(seed);
        rename(&mut draft, &ids.into_iter().collect::<Vec<_>>());
        let Ok(instance) = Instance::new(draft) else { return Ok(()) };
        let named = Named { name: name.clone(), place: name.clone() };
        let names = Names {
            needs: instance.needs.iter().map(|id| (id.clone(), name.clone())).collect(),
            schools: instance.county_schools.iter().map(|school| (school.id.clone(), named.clone())).collect(),
            ..Names::default()
        };
        match instance_book(&instance, &names) {
            Ok(bytes) => prop_assert_eq!(&*read_instance_book(&bytes).unwrap(), &*instance),
            // What would not come back is refused before it is written.
            Err(jiedui_kernel::Error::Invalid(_)) => {}
            Err(other) => prop_assert!(false, "{}", other),
        }
    }

    #[test]
    fn broken_files_are_told_and_never_panic(
        at in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<prop::sample::Index>(),
    ) {
        let instance = small(Family::Tight, 1);
        let json = instance.to_json().into_bytes();
        let result = solve(&instance, &Options::default()).to_json().into_bytes();
        let book = instance_book(&instance, &Names::default()).unwrap();
        let hurt = |bytes: &[u8], cut_too: bool| {
            let mut bytes = bytes.to_vec();
            for (at, byte) in &at {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            if cut_too {
                bytes.truncate(cut.index(bytes.len()));
            }
            bytes
        };
        for cut_too in [false, true] {
            if let Err(errors) = Instance::read(&hurt(&json, cut_too)) {
                prop_assert!(!errors.is_empty() && errors.iter().all(|error| !error.message.is_empty()));
            }
            if let Err(errors) = read_instance_book(&hurt(&book, cut_too)) {
                prop_assert!(!errors.is_empty() && errors.iter().all(|error| !error.message.is_empty()));
            }
            match Solution::read(&hurt(&result, cut_too)) {
                Ok(solution) => {
                    // A changed result may still be true (a space, an order); it may not bring the check down.
                    let _ = verify(&instance, &solution);
                    let _ = certificate_book(&instance, &solution, &Names::default());
                }
                Err(errors) => prop_assert!(!errors.is_empty()),
            }
        }
    }
}

/// Gives everything in an instance another id, the same where it was the same.
fn rename(draft: &mut Draft, ids: &[String]) {
    let mut old: Vec<String> = draft.needs.clone();
    old.extend(draft.county_schools.iter().map(|school| school.id.clone()));
    old.extend(draft.leads.iter().chain(&draft.nearby).map(|partner| partner.id.clone()));
    old.sort();
    old.dedup();
    let new = |id: &mut String| {
        if let Ok(at) = old.binary_search(id)
            && let Some(new) = ids.get(at)
        {
            id.clone_from(new);
        }
    };
    draft.needs.iter_mut().for_each(new);
    draft.county_schools.iter_mut().for_each(|school| new(&mut school.id));
    draft.leads.iter_mut().chain(&mut draft.nearby).for_each(|partner| new(&mut partner.id));
    for Fixed { county_school, lead, nearby } in &mut draft.fixed {
        new(county_school);
        lead.iter_mut().chain(nearby).for_each(new);
    }
}

#[test]
fn sorting_a_sheet_changes_the_order_and_nothing_else() {
    let instance = small(Family::Roomy, 2);
    let bytes = changed(&instance, |sheets| {
        // Scores stand in another order than the schools; the columns of the leads, too.
        sheets[4].1[2..].reverse();
        for row in &mut sheets[4].1 {
            row.resize(5, Value::Empty);
            row[2..].reverse();
        }
    });
    assert_eq!(*read_instance_book(&bytes).unwrap(), *instance);
}

#[test]
fn mistakes_are_told_at_their_cells() {
    let instance = small(Family::Roomy, 2);
    let bytes = changed(&instance, |sheets| {
        sheets[1].1[2][3] = Value::Integer(101);
        sheets[2].1[3][4] = Value::Integer(-1);
        sheets[4].1[4][2] = Value::Integer(2_000_000);
    });
    assert_eq!(
        describe(&bytes)[..3],
        [
            "县级院校!D3: 应在 0 到 100 之间，现在是 101。",
            "牵头院校!D4: “l0002”的最少名额 0 大于最多名额 -1。",
            "牵头得分!C5: 分数应在 −1000000 到 1000000 之间，现在是 2000000。"
        ],
    );
    let bytes = changed(&instance, |sheets| {
        sheets[1].1[2][4] = "多".into();
        sheets[1].1[3][4] = Value::Empty;
        sheets[1].1[5][0] = "c0001".into();
        sheets[3].1[0][5] = "k9".into();
        sheets[5].1[3][0] = "nobody".into();
        sheets.pop();
    });
    assert_eq!(
        describe(&bytes),
        [
            "县级院校!A6: 编号“c0001”与第 3 行重复。",
            "县级院校!E3: 应是整数，现在是“多”。",
            "县级院校!E4: 是空的，请填整数。",
            "配合院校!F1: 没有编号为“k9”的需求类别。",
            "配合院校: 缺少需求类别“k01”的列。",
            "牵头得分!A6: 没有编号为“c0004”的县级院校。",
            "配合得分!A4: 没有编号为“nobody”的县级院校。",
            "配合得分!A6: 没有编号为“c0004”的县级院校。",
            "配合得分: 缺少县级院校“c0002”的一行。",
            "已定: 缺少“已定”表。"
        ],
    );
    assert_eq!(describe(b"{}"), [": 这不是 .xlsx 表格，请上传 .xlsx 或 .csv 文件。"]);
}

#[test]
fn a_fixed_pair_that_is_not_allowed_is_told_at_both_cells() {
    let instance = small(Family::Roomy, 2);
    let bytes = changed(&instance, |sheets| {
        sheets[4].1[2][2] = Value::Empty;
        sheets[6].1.push(vec!["c0001".into(), "l0001".into()]);
    });
    assert_eq!(describe(&bytes), ["已定!B2: 固定了不允许的一对：牵头得分!C3（“c0001”与“l0001”）为空。"]);
}

#[test]
fn the_bound_of_the_workbook_is_that_of_the_verifier() {
    for seed in 0..60 {
        let Ok(instance) = Instance::new(wild(seed)) else { continue };
        let solution = solve(&instance, &Options::default());
        let proved = verify(&instance, &solution).unwrap();
        let mut question = Question::new(&instance);
        question.worthless = solution.status == Status::Infeasible;
        let bound = question.bound(Prices::of(&solution.certificate)).total();
        assert_eq!(bound.map(floor_points), proved.root_bound.map(i128::from), "seed {seed}");
        let book = certificate_book(&instance, &solution, &Names::default()).unwrap();
        let help = read_grids(&book, &["说明"]).unwrap();
        let shown = help[0].rows.iter().find(|row| row.row == 8).and_then(|row| row.get(1));
        if let Some(bound) = proved.root_bound {
            assert_eq!(shown, Some(&Value::Integer(bound)), "seed {seed}");
        }
    }
}

/// A question in which most county schools have a pair and changes are limited, or cost something.
fn changing(seed: u64) -> Option<Instance> {
    let mut draft = wild(seed);
    let (leads, nearby) = (draft.leads.clone(), draft.nearby.clone());
    for (school, at) in draft.county_schools.iter().zip(seed as usize..).take(4) {
        let (lead, nearby) = (leads[at % leads.len()].id.clone(), nearby[at % nearby.len()].id.clone());
        let lead = if seed.is_multiple_of(7) { "gone".to_owned() } else { lead };
        draft.present.push(jiedui_matching::Assigned { county_school: school.id.clone(), lead, nearby });
    }
    draft.at_most_changes = (seed % 4 != 3).then_some((seed % 3) as i64);
    draft.least_gain = (seed % 2 == 1).then_some(30);
    Instance::new(draft).ok()
}

#[test]
fn a_question_with_changes_comes_back_and_its_bound_is_that_of_the_verifier() {
    let (mut prices, mut infeasible) = (0, 0);
    for seed in 0..80 {
        let Some(instance) = changing(seed) else { continue };
        let book = instance_book(&instance, &Names::default()).unwrap();
        let back = read_instance_book(&book).unwrap();
        assert_eq!((back.sha256(), &*back), (instance.sha256(), &*instance), "seed {seed}");
        let solution = solve(&instance, &Options::default());
        let proved = verify(&instance, &solution).unwrap();
        let mut question = Question::new(&instance);
        question.worthless = solution.status == Status::Infeasible;
        let bound = question.bound(Prices::of(&solution.certificate)).total();
        assert_eq!(bound.map(floor_points), proved.root_bound.map(i128::from), "seed {seed}");
        prices += usize::from(solution.certificate.change_price.is_some_and(|price| price.0 > 0));
        infeasible += usize::from(solution.status == Status::Infeasible);
        let book = certificate_book(&instance, &solution, &Names::default()).unwrap();
        let sheets = read_grids(&book, &["说明", "更换价格"]).unwrap();
        let shown = sheets[0].rows.iter().find(|row| row.row == 9).and_then(|row| row.get(1));
        if let Some(bound) = proved.root_bound {
            assert_eq!(shown, Some(&Value::Integer(bound)), "seed {seed}");
        }
        if !solution.assignment.is_empty() {
            let row = sheets[1].rows.iter().find(|row| row.row == 2).unwrap();
            let changed = instance.changed(&solution.assignment).len() as i64;
            assert_eq!((row.get(4), row.get(5)), (Some(&Value::Integer(changed)), Some(&"是".into())));
        }
    }
    assert!(prices > 5 && infeasible > 5, "the price is asked for: {prices} and {infeasible}");
}

#[test]
fn a_mistake_in_the_rules_of_changes_is_told_at_its_cell() {
    let instance = changing(1).unwrap();
    let bytes = instance_book(&instance, &Names::default()).unwrap();
    let sheets = [
        "需求类别",
        "县级院校",
        "牵头院校",
        "配合院校",
        "牵头得分",
        "配合得分",
        "已定",
        "现有结对",
        "更换规定",
    ];
    let mut sheets: Vec<_> = read_grids(&bytes, &sheets).unwrap().into_iter().map(dense).collect();
    sheets[7].1[1][0] = "nobody".into();
    sheets[8].1[1][1] = Value::Integer(-1);
    let pages = sheets.into_iter().map(|(name, rows)| {
        let rows = rows.into_iter().map(|row| row.into_iter().map(Slot::Value).collect());
        Page { name, widths: Vec::new(), frozen: (0, 0), rows: Box::new(rows) }
    });
    let told = describe(&write_pages(pages.collect()).unwrap());
    assert!(told.iter().any(|told| told.starts_with("现有结对!A2:")), "{told:?}");
    assert!(told.iter().any(|told| told.starts_with("更换规定!B2:")), "{told:?}");
}

#[test]
fn the_certificate_lists_which_weight_would_part_each_pair() {
    let instance = small(Family::Roomy, 1);
    let solution = solve(&instance, &Options::default());
    let one = |school: &str, moved| Parting { county_school: school.to_owned(), moved, ..Parting::default() };
    let names = Names {
        weights: vec![one("示例甲校", Some((60, 75))), one("示例乙校", None)],
        ..Names::default()
    };
    let book = certificate_book(&instance, &solution, &names).unwrap();
    let sheet = &read_grids(&book, &["权重改多少会变"]).unwrap()[0];
    assert_eq!(
        (sheet.rows[1].get(2), sheet.rows[1].get(3)),
        (Some(&Value::Integer(60)), Some(&Value::Integer(75)))
    );
    assert_eq!(sheet.rows[2].get(1), Some(&"怎么改都不变".into()));
    let without = certificate_book(&instance, &solution, &Names::default()).unwrap();
    assert!(read_grids(&without, &["权重改多少会变"]).unwrap().is_empty());
}

#[test]
fn a_certificate_of_another_question_is_refused() {
    let solution = solve(&small(Family::Roomy, 1), &Options::default());
    assert!(certificate_book(&small(Family::Roomy, 2), &solution, &Names::default()).is_err());
}

#[test]
fn schools_of_the_same_name_keep_apart() {
    let named = |name: &str| Named { name: name.to_owned(), place: String::new() };
    let schools = [("a", "甲"), ("b", "甲"), ("c", "乙")].map(|(id, name)| (id.to_owned(), named(name)));
    let names = Names { schools: schools.into(), ..Names::default() };
    assert_eq!(names.labels(["a", "b", "c", "d"].into_iter()), ["甲（a）", "甲（b）", "乙", "d"]);
}

#[test]
fn the_annex_has_a_row_for_each_county_school() {
    let row = |name: &str| AnnexRow { county_school: name.to_owned(), ..AnnexRow::default() };
    let head = AnnexHead {
        mark: "附件1".to_owned(),
        above: vec!["填报单位：示例".to_owned()],
        ..AnnexHead::default()
    };
    let rows = [row("示例甲校"), row("=示例乙校")];
    let book = annex_book(&rows, &head).unwrap();
    let sheet = &read_grids(&book, &["结对安排表"]).unwrap()[0];
    let texts: Vec<_> = sheet.rows.iter().filter_map(|row| row.get(4)).collect();
    assert_eq!(texts, [&"对口县级院校".into(), &"示例甲校".into(), &Value::from("=示例乙校")]);
    let plain = word(&annex_paper(&rows, &head)).unwrap();
    assert!(plain.starts_with(b"PK"));
    let pictured = |docx: &[u8]| docx.windows(11).any(|part| part == b"word/media/");
    let (address, text) = ("https://example.org/matching/results".to_owned(), "扫码".to_owned());
    let opens = Some(Block::Code { address, text });
    let coded = word(&annex_paper(&rows, &AnnexHead { opens, ..head })).unwrap();
    assert!(!pictured(&plain) && pictured(&coded), "the code stands on it where there is an address");
}
