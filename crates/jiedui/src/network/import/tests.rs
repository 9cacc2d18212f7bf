//! Tests of the import: pure ones about cells, and whole files through the store.

mod looking;
mod undo;

use super::Report;
use super::import;
use super::workbook::export;
use super::workbook::pairs;
use super::workbook::spec;
use crate::both_engines;
use crate::network::registry::{self, Division};
use crate::shared::jobs::Worker;
use crate::testing::{Province, day};
use jiedui_documents::{
    CellError, Page, Slot, Value, Workbook, read, template, write, write_csv, write_pages,
};
use jiedui_kernel::{Code, FieldError};
use jiedui_store::Tx;

type Row<'a> = &'a [&'a str];

fn division(code: &str, name: &str, level: &str, parent: &str) -> Division {
    Division {
        code: code.to_owned(),
        name: name.to_owned(),
        level: level.to_owned(),
        parent: parent.to_owned(),
        region: String::new(),
        typical_batch: String::new(),
        typical_class: String::new(),
        lon: None,
        lat: None,
    }
}

fn small() -> Workbook {
    spec::workbook(&[
        division("440000", "广东省", "province", ""),
        division("440200", "韶关市", "city", "440000"),
        division("440281", "乐昌市", "county", "440200"),
    ])
}

/// A workbook with these rows, in the order of [`spec::SHEETS`]; cells that look like days are days.
fn file(spec: &Workbook, sheets: [&[Row<'_>]; 4]) -> Vec<u8> {
    let value = |text: &&str| match text.parse() {
        Ok(day) => Value::Date(day),
        Err(_) if text.is_empty() => Value::Empty,
        Err(_) => Value::from(*text),
    };
    let rows = sheets.map(|rows| rows.iter().map(|row| row.iter().map(value).collect()).collect::<Vec<_>>());
    write(spec, rows).unwrap()
}

fn describe(errors: &[CellError]) -> Vec<String> {
    errors.iter().map(|e| format!("{} {}{} {}", e.sheet, e.letter, e.row, e.reason)).collect()
}

#[test]
fn the_template_reads_back_and_names_every_division_but_the_province() {
    let spec = small();
    spec.check().unwrap();
    assert_eq!(spec.lists["所在地"], ["韶关市", "乐昌市"]);
    let empty = read(&spec, &template(&spec).unwrap(), "模板.xlsx").unwrap();
    assert_eq!((empty.records.len(), empty.ignored.len()), (0, 0));
    for (sheet, (_, name)) in spec.sheets.iter().zip(spec::SHEETS) {
        assert_eq!(sheet.name, name);
        assert!(read(&spec, &write_csv(sheet, Vec::new()).unwrap(), "x.csv").unwrap().records.is_empty());
    }
}

#[test]
fn a_place_in_no_list_is_told_with_the_one_that_was_meant() {
    let spec = small();
    let divisions = [division("440281", "乐昌市", "county", "440200")];
    for (written, help) in
        [("乐昌县", "是不是“乐昌市”？"), ("韶关市乐昌市", "是不是“乐昌市”？"), ("火星", "可选值见")]
    {
        let bytes = file(&spec, [&[&["甲校", "技工学校", "", written, "", "县"]], &[], &[], &[]]);
        let mut errors = read(&spec, &bytes, "x.xlsx").unwrap_err();
        errors.iter_mut().for_each(|error| spec::suggest_place(error, &divisions));
        assert!(errors[0].help.contains(help), "{}", errors[0]);
    }
}

#[test]
fn names_are_compared_without_spaces_and_widths() {
    assert_eq!(spec::fold("王　芳"), "王芳");
    assert_eq!(spec::fold("广东省技师学院（惠州）"), spec::fold("广东省 技师学院(惠州)"));
    assert_eq!(spec::tidy("乐昌市\n技工学校"), "乐昌市技工学校");
}

#[test]
fn a_broken_rule_is_told_at_its_cell() {
    let spec = small();
    let bytes = file(&spec, [&[], &[], &[&["甲", "乙", "丙", "", "2024-07-26", "2024-07-01"]], &[]]);
    let read = read(&spec, &bytes, "x.xlsx").unwrap();
    let error = |field: &str| {
        let mistake = Code::Reversed.says("结束日期早于开始日期，请核对两个日期是否写反。");
        pairs::at_cell(&read.records[0], &FieldError::new(field, mistake))
    };
    let place = |e: CellError| (e.row, e.letter, e.column, e.value);
    assert_eq!(place(error("to")), (2, "F".into(), "结束日期".into(), "2024-07-01".into()));
    assert_eq!(place(error("nearby")).2, "配合院校");
    assert_eq!(
        (error("to").reason, error("to").help),
        ("结束日期早于开始日期".to_owned(), "请核对两个日期是否写反".to_owned())
    );
}

const SCHOOLS: &[Row<'_>] = &[
    &["乐昌市技工学校", "技工学校", "公办", "乐昌市", "韶关市", "县", "", "2024-07-01", "", "", "", "名录"],
    &["广东省示范技师学院", "技师学院", "公办", "广州市", "", "省", "", "", "", "2020-01-01"],
    &["韶关市高级技工学校（东校区）", "高级技工学校", "公办", "韶关市", "", "市", "91350100M000100Y44"],
];
const PEOPLE: &[Row<'_>] = &[
    &["广东省示范技师学院", "王　芳", "校长（院长）", "", "2021-03-01"],
    &["韶关市高级技工学校(东校区)", "李强", "其他校领导", "副校长", "2022-09-01", "2025-08-31"],
];
const PAIRINGS: &[Row<'_>] = &[&[
    "乐昌市技工学校",
    "广东省示范技师学院",
    "韶关市高级技工学校（东校区）",
    "2024-09-10",
    "2024-09-01",
    "",
    "通知",
]];

async fn full(tx: &mut Tx) -> Workbook {
    spec::workbook(&registry::divisions(tx).await.unwrap())
}

fn three(report: &Report, sheet: &str) -> (u32, u32, u32) {
    let count = report.of(sheet);
    (count.made, count.changed, count.same)
}

async fn take(tx: &mut Tx, sheets: [&[Row<'_>]; 4]) -> Report {
    let bytes = file(&full(tx).await, sheets);
    import(tx, None, (&bytes, "名录.xlsx")).await.unwrap()
}

both_engines! {
    /// A renaming is checked like every other row: what does not fit is told, and no cell is passed over.
    async fn a_renaming_that_says_too_much_is_refused(world: World, p: Province) {
        let mut tx = world.tx().await;
        let old = registry::find(&mut tx, &p.xingning).await.unwrap().name;
        let (head, long) = ("学校名称,沿革,日期,新校名,并入学校,说明", "长".repeat(61));
        for (row, column) in [
            (format!("{old},更名,2026-01-01,{long},,"), "D"),
            (format!("{old},更名,2026-01-01,新的技工学校,{old},"), "E"),
        ] {
            let sent = format!("{head}\n{row}\n");
            let report = import(&mut tx, None, (sent.as_bytes(), "沿革.csv")).await.unwrap();
            assert!(report.errors.iter().any(|e| e.letter == column), "{:?}", describe(&report.errors));
            assert_eq!(registry::find(&mut tx, &p.xingning).await.unwrap().name, old);
        }
    }
}

both_engines! {
    async fn a_whole_workbook_comes_in_and_a_second_time_changes_nothing(world: World) {
        let mut tx = world.tx().await;
        let first = take(&mut tx, [SCHOOLS, PEOPLE, PAIRINGS, &[]]).await;
        assert_eq!(describe(&first.errors), [""; 0]);
        assert_eq!(describe(&first.warnings), ["院校 G4 与国家标准的校验规则不符"]);
        assert_eq!([three(&first, "院校"), three(&first, "人员"), three(&first, "结对")], [(3, 0, 0), (2, 0, 0), (1, 0, 0)]);
        tx.commit().await.unwrap();

        let mut tx = world.tx().await;
        let second = take(&mut tx, [SCHOOLS, PEOPLE, PAIRINGS, &[]]).await;
        assert_eq!([three(&second, "院校"), three(&second, "人员"), three(&second, "结对")], [(0, 0, 3), (0, 0, 2), (0, 0, 1)]);
        assert!(!second.wrote());
        assert!(second.summary().contains("没有重复写入"));
        tx.commit().await.unwrap();
        let mut tx = world.tx().await;
        let org = registry::school_named(&mut tx, "广东省示范技师学院").await.unwrap().unwrap();
        assert_eq!(registry::people(&mut tx, &org.id).await.unwrap().len(), 1);
    }

    async fn what_is_exported_comes_in_again_and_changes_nothing(world: World) {
        let mut tx = world.tx().await;
        take(&mut tx, [SCHOOLS, PEOPLE, PAIRINGS, &[]]).await;
        let history: &[Row<'_>] = &[
            &["韶关市高级技工学校（东校区）", "更名", "2025-03-01", "韶关市新技工学校", "", "批复"],
            &["韶关市新技工学校", "更名", "2025-09-01", "韶关市第二技工学校"],
            &["广东省老技工学校", "并入", "2025-10-01", "", "广东省示范技师学院"],
            &["乐昌市技工学校", "改隶或迁址", "2025-11-01", "", "", "迁新校区", "继续"],
        ];
        let more: &[Row<'_>] = &[
            &["广东省老技工学校", "技工学校", "", "广州市", "", "省", "", "2020-01-01", "2021-01-01"],
            &["广东省老技工学校", "技工学校", "", "广州市", "", "省", "", "2022-01-01", "2023-01-01"],
        ];
        let report = take(&mut tx, [more, &[], &[], history]).await;
        assert_eq!(describe(&report.errors), [""; 0]);
        assert_eq!((three(&report, "院校"), three(&report, "沿革")), ((1, 1, 0), (4, 0, 0)));
        tx.commit().await.unwrap();

        let mut tx = world.tx().await;
        let again = take(&mut tx, [more, &[], &[], history]).await;
        assert_eq!(describe(&again.errors), [""; 0]);
        assert_eq!((three(&again, "院校"), three(&again, "沿革")), ((0, 0, 2), (0, 0, 4)));
        let out = export::Book::read(&mut tx).await.unwrap().write().unwrap();
        let back = import(&mut tx, None, (&out, "导出.xlsx")).await.unwrap();
        assert_eq!(describe(&back.errors), [""; 0]);
        assert!(!back.wrote(), "{}", back.summary());
        assert_eq!([three(&back, "院校").2, three(&back, "人员").2, three(&back, "结对").2, three(&back, "沿革").2], [5, 2, 1, 4]);
        // And in a province that has none of it, the same file makes the same.
        drop(tx);
        let other = World::new(crate::testing::Engine::Sqlite, crate::testing::TODAY, false).await;
        let mut tx = other.tx().await;
        let fresh = import(&mut tx, None, (&out, "导出.xlsx")).await.unwrap();
        assert_eq!(describe(&fresh.errors), [""; 0]);
        let rows = |bytes: &[u8], spec: &Workbook| read(spec, bytes, "x").unwrap().records;
        let spec = full(&mut tx).await;
        assert_eq!(rows(&export::Book::read(&mut tx).await.unwrap().write().unwrap(), &spec), rows(&out, &spec));
    }

    async fn six_mistakes_are_six_places_and_nothing_is_written(world: World) {
        let mut tx = world.tx().await;
        let schools: &[Row<'_>] = &[
            SCHOOLS[0],
            SCHOOLS[1],
            SCHOOLS[2],
            &["翁源县技工学校", "技工学校", "公办", "翁源县", "广州市", "县"],
            &["广州市某技工学校", "技工学校", "公办", "广州市", "", "县"],
            &["乐昌市技工学校", "高级技工学校", "", "乐昌市", "", "县"],
        ];
        let people: &[Row<'_>] = &[&["广东省示范技师学院", "王芳", "校长（院长）", "", "2021-03-01", "2020-03-01"]];
        let pairs: &[Row<'_>] = &[
            &["没有的学校", "广东省示范技师学院", "韶关市高级技工学校（东校区）", "", "2024-09-01"],
            // Not told: its county school's own row is wrong, and that is.
            &["翁源县技工学校", "广东省示范技师学院", "韶关市高级技工学校（东校区）", "", "2024-09-01"],
            // What is wrong with the row itself is told all the same.
            &["翁源县技工学校", "广东省示范技师学院", "广东省示范技师学院", "", "2024-09-01"],
        ];
        let report = take(&mut tx, [schools, people, pairs, &[]]).await;
        assert_eq!(describe(&report.errors), [
            "院校 E5 与所在地不符：翁源县不属于广州市",
            "院校 F6 与所在地不符：广州市是地市",
            "院校 B7 与第 2 行同名学校的“办学层次”不一致",
            "人员 F2 早于任职起",
            "结对 A2 不在院校库里，也不在“院校”表里",
            "结对 C4 牵头院校和配合院校不能是同一所",
        ]);
        drop(tx);
        let mut tx = world.tx().await;
        assert_eq!(registry::schools(&mut tx).await.unwrap().len(), 0);
    }

    async fn cells_that_cannot_be_read_are_all_told_at_once(world: World) {
        let mut tx = world.tx().await;
        let csv = "学校名称,办学层次,所在县（市、区）或地市,举办或主管,对口县级院校自\r\n\
                   甲校,小学,乐昌市,县,2024-13-01\r\n乙校,,火星,县,\r\n丙\u{1}校,技工学校,乐昌市,乡,\r\n";
        let report = import(&mut tx, None, (csv.as_bytes(), "院校.csv")).await.unwrap();
        let places: Vec<String> = report.errors.iter().map(|e| format!("{}{}", e.letter, e.row)).collect();
        assert_eq!(places, ["B2", "E2", "B3", "C3", "A4", "D4"]);
    }

    async fn a_school_elsewhere_asks_for_lineage_and_moves_with_it(world: World) {
        let mut tx = world.tx().await;
        take(&mut tx, [SCHOOLS, &[], &[], &[]]).await;
        let moved: &[Row<'_>] = &[&["乐昌市技工学校", "技工学校", "", "仁化县", "", "县"]];
        let refused = take(&mut tx, [moved, &[], &[], &[]]).await;
        assert_eq!(describe(&refused.errors), ["院校 D2 与库中不同（库中是乐昌市）"]);
        assert!(refused.errors[0].help.contains("沿革"));
        let line: &[Row<'_>] = &[&["乐昌市技工学校", "改隶或迁址", "2026-09-01"]];
        let taken = take(&mut tx, [moved, &[], &[], line]).await;
        assert_eq!(describe(&taken.errors), [""; 0]);
        let org = registry::school_named(&mut tx, "乐昌市技工学校").await.unwrap().unwrap();
        assert_eq!((org.place.as_str(), org.ownership.as_str()), ("仁化县", "公办"));
        assert_eq!(org.parent_name.as_deref(), Some("仁化县人力资源和社会保障局"));
        // The old place with the old line of lineage is no new move.
        let back = take(&mut tx, [SCHOOLS, &[], &[], line]).await;
        assert_eq!(describe(&back.errors), ["院校 D2 与库中不同（库中是仁化县）"]);
    }

    /// A school that is merged into another is paired no more from that day on; who helped it is told.
    async fn a_merged_school_is_paired_no_more(world: World) {
        let mut tx = world.tx().await;
        take(&mut tx, [SCHOOLS, PEOPLE, PAIRINGS, &[]]).await;
        let [county, lead, ..] = PAIRINGS[0] else { panic!() };
        let other = SCHOOLS.iter().map(|row| row[0]).find(|name| name != county && name != lead).unwrap();
        let gone: &[Row<'_>] = &[&[county, "并入", "2026-11-01", "", other, "", "终止"]];
        let report = take(&mut tx, [&[], &[], &[], gone]).await;
        assert_eq!(describe(&report.errors), [""; 0]);
        assert!(report.warnings.iter().any(|warning| warning.reason.contains("结对")), "{:?}", report.warnings);
        let rows = crate::network::pairings::in_scope(&mut tx).await.unwrap();
        assert_eq!(rows[0].to_day, Some(day("2026-10-31")));
        let school = rows[0].county_school.clone();
        let population = registry::population(&mut tx).await.unwrap();
        assert!(population.holds(&school, day("2026-10-31")) && !population.holds(&school, day("2026-11-01")));
        assert!(population.knows(&school), "it was one");
        let on = async |tx: &mut jiedui_store::Tx, on: &str| {
            let schools = registry::county_schools(tx, day(on)).await.unwrap();
            schools.iter().any(|one| one.id == school)
        };
        assert_eq!((on(&mut tx, "2026-10-31").await, on(&mut tx, "2026-11-01").await), (true, false));
    }

    /// What becomes of the pairings that run is asked where something happens to a school on whichever side; without a preview it
    /// must be said.
    async fn what_runs_is_asked_about_with_the_lineage(world: World) {
        let mut tx = world.tx().await;
        take(&mut tx, [SCHOOLS, PEOPLE, PAIRINGS, &[]]).await;
        tx.commit().await.unwrap();
        let [county, lead, nearby, ..] = PAIRINGS[0] else { panic!() };
        let ends = async |row: &[&str]| {
            let mut tx = world.tx().await;
            let report = take(&mut tx, [&[], &[], &[], &[row]]).await;
            let rows = crate::network::pairings::in_scope(&mut tx).await.unwrap();
            (report.errors.len(), report.warnings.len(), rows[0].to_day)
        };
        let last = Some(day("2026-10-31"));
        for (kind, other) in [("停办", ""), ("并入", nearby)] {
            assert_eq!(ends(&[lead, kind, "2026-11-01", "", other]).await, (1, 0, None), "{kind}: it is asked");
            assert_eq!(ends(&[lead, kind, "2026-11-01", "", other, "", "终止"]).await, (0, 1, last), "{kind}");
            assert_eq!(ends(&[lead, kind, "2026-11-01", "", other, "", "继续"]).await.0, 1, "{kind}: nobody is left");
        }
        let moved = [county, "改隶或迁址", "2026-11-01", "", "", ""];
        assert_eq!(ends(&moved).await, (1, 0, None), "it is asked");
        assert_eq!(ends(&[&moved[..], &["继续"]].concat()).await, (0, 0, None));
        assert_eq!(ends(&[&moved[..], &["终止"]].concat()).await, (0, 1, last));
        assert_eq!(ends(&[county, "更名", "2026-11-01", "新的技工学校", "", "", "终止"]).await.0, 1, "a name ends nothing");
    }

    /// A pairing that names a school is no second mistake where the school's own row could not be read.
    async fn nobody_is_blamed_for_what_could_not_be_read(world: World) {
        let mut tx = world.tx().await;
        let mut wrong = SCHOOLS[0].to_vec();
        wrong[1] = "大学";
        let rows: Vec<Row<'_>> = std::iter::once(wrong.as_slice()).chain(SCHOOLS[1..].iter().copied()).collect();
        let report = take(&mut tx, [&rows, PEOPLE, PAIRINGS, &[]]).await;
        assert_eq!(report.errors.len(), 1, "{:?}", describe(&report.errors));
        let stranger: &[Row<'_>] = &[&["没有这样的学校", "王芳", "校长（院长）", "", "2021-03-01"]];
        let report = take(&mut tx, [&rows, stranger, PAIRINGS, &[]]).await;
        assert_eq!(report.errors.len(), 2, "both in one round: {:?}", describe(&report.errors));
        // Nor is anybody where no row of the schools could be read at all.
        let mut headless = full(&mut tx).await;
        headless.sheets[0].columns.iter_mut().for_each(|column| column.heading.insert(0, 'x'));
        let bytes = file(&headless, [SCHOOLS, PEOPLE, PAIRINGS, &[]]);
        let told = import(&mut tx, None, (&bytes, "名录.xlsx")).await.unwrap().errors;
        assert!(!told.is_empty() && told.iter().all(|error| error.sheet == spec::SCHOOLS), "{:?}", describe(&told));
    }

    /// Another level of a school is dated: what it was before stays known.
    async fn a_level_is_kept_with_its_day(world: World) {
        let mut tx = world.tx().await;
        take(&mut tx, [SCHOOLS, &[], &[], &[]]).await;
        let name = SCHOOLS[0][0];
        let old = registry::school_named(&mut tx, name).await.unwrap().unwrap();
        let mut row = SCHOOLS[0].to_vec();
        row[1] = "技师学院";
        let report = take(&mut tx, [&[&row], &[], &[], &[]]).await;
        assert_eq!(describe(&report.errors), [""; 0]);
        let population = registry::population(&mut tx).await.unwrap();
        assert_eq!(population.levels_before(&old.id), [(tx.today(), old.level.clone())]);
    }

    async fn an_end_comes_in_and_an_empty_cell_does_not_take_it_back(world: World) {
        let mut tx = world.tx().await;
        take(&mut tx, [SCHOOLS, PEOPLE, PAIRINGS, &[]]).await;
        let [county, lead, nearby, agreed, from, _, source] = PAIRINGS[0] else { panic!() };
        let ended: &[Row<'_>] = &[
            // The next one stands before the one that it follows.
            &[county, lead, nearby, "", "2025-09-01"],
            &[county, lead, nearby, agreed, from, "2025-08-31", source],
        ];
        let report = take(&mut tx, [&[], &[], ended, &[]]).await;
        assert_eq!(describe(&report.errors), [""; 0]);
        assert_eq!(three(&report, "结对"), (1, 1, 0));
        assert_eq!(report.changes.len(), 1);
        assert_eq!(three(&take(&mut tx, [&[], &[], PAIRINGS, &[]]).await, "结对"), (0, 0, 1));
        let rows = crate::network::pairings::in_scope(&mut tx).await.unwrap();
        assert_eq!(rows[0].to_day, Some(day("2025-08-31")));
        let twice: &[Row<'_>] = &[&[county, lead, nearby, "", "2025-07-01"]];
        let refused = take(&mut tx, [&[], &[], twice, &[]]).await;
        assert_eq!(refused.errors.len(), 1);
        assert_eq!((refused.errors[0].letter.as_str(), refused.errors[0].row), ("E", 2));
    }

    async fn a_wrong_end_is_taken_back_with_a_reason(world: World) {
        let mut tx = world.tx().await;
        take(&mut tx, [SCHOOLS, PEOPLE, PAIRINGS, &[]]).await;
        let [county, lead, nearby, agreed, from, _, source] = PAIRINGS[0] else { panic!() };
        let ended: &[Row<'_>] = &[&[county, lead, nearby, agreed, from, "2025-08-31", source]];
        assert_eq!(describe(&take(&mut tx, [&[], &[], ended, &[]]).await.errors), [""; 0]);
        let silent: &[Row<'_>] = &[&[county, lead, nearby, agreed, from, "", source, "", "取消"]];
        let refused = take(&mut tx, [&[], &[], silent, &[]]).await;
        assert_eq!((refused.errors.len(), refused.errors[0].letter.as_str()), (1, "I"));
        let both: &[Row<'_>] = &[&[county, lead, nearby, agreed, from, "2025-08-31", source, "填错", "取消"]];
        assert_eq!(take(&mut tx, [&[], &[], both, &[]]).await.errors[0].letter, "I");
        let told: &[Row<'_>] = &[&[county, lead, nearby, agreed, from, "", source, "原来填错", "取消"]];
        assert_eq!(describe(&take(&mut tx, [&[], &[], told, &[]]).await.errors), [""; 0]);
        assert_eq!(crate::network::pairings::in_scope(&mut tx).await.unwrap()[0].to_day, None);
    }

    async fn each_import_leaves_its_leaves(world: World) {
        let mut tx = world.tx().await;
        take(&mut tx, [SCHOOLS, PEOPLE, PAIRINGS, &[]]).await;
        tx.commit().await.unwrap();
        let mut tx = world.tx().await;
        take(&mut tx, [SCHOOLS, &[], &[], &[]]).await;
        // Committed although nothing changed: it was looked at, and the log says so.
        let revision = tx.revision().await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = world.tx().await;
        assert_eq!(tx.revision().await.unwrap(), revision + 1);
    }
}

/// The registry's sheet with these rows, and notes of somebody's own beside it that make the file large.
fn large(spec: &Workbook, rows: &[Row<'_>]) -> Vec<u8> {
    let headings =
        spec.sheets[0].columns.iter().map(|column| Slot::heading(column.heading.as_str())).collect();
    let lines = rows.iter().map(|row| row.iter().map(|text| Slot::value(*text)).collect());
    let notes =
        (0..20_000_u64).map(|at| vec![Slot::value(format!("{:x}", at.wrapping_mul(0x9E37_79B9_7F4A_7C15)))]);
    let page = |name: &str, rows: Vec<Vec<Slot>>| Page {
        name: name.to_owned(),
        widths: Vec::new(),
        frozen: (0, 0),
        rows: Box::new(rows.into_iter()),
    };
    let own = page(spec::SCHOOLS, std::iter::once(headings).chain(lines).collect());
    write_pages(vec![own, page("自己的笔记", notes.collect())]).unwrap()
}

both_engines! {
    /// What is too large to wait for is taken in by a job, whole or not at all.
    async fn a_large_file_is_taken_in_in_the_background(world: World, p: Province) {
        let described = spec::workbook(&registry::divisions(&mut world.tx().await).await.unwrap());
        let known = async |name: &str| {
            registry::school_named(&mut world.tx().await, name).await.unwrap().is_some()
        };
        let office = world.agent(&p.office, "province").await;
        let worker = Worker::new(&world.app);
        let wrong = ["翁源县技工学校", "技工学校", "公办", "没有的地方", "", "县"];
        let bytes = large(&described, &[SCHOOLS[0], &wrong]);
        let job = office.upload("/import", "名录.xlsx", &bytes).await.made();
        assert!(office.get(&format!("/jobs/{job}")).await.says("排队中"));
        assert!(worker.turn().await.unwrap());
        let page = office.get(&format!("/jobs/{job}")).await;
        assert!(page.says("什么也没有写入") && page.says("没有的地方"), "{}", page.text());
        assert!(!known(SCHOOLS[0][0]).await);
        // Who asks to look gets a table of what it would do; who has seen it has the file taken in.
        let fine = large(&described, &[SCHOOLS[0]]);
        let job = office.look("/import", &[], ("名录.xlsx", &fine)).await.made();
        assert!(worker.turn().await.unwrap());
        let page = office.get(&format!("/jobs/{job}")).await;
        assert!(page.says("导入预览.xlsx") && page.says("新增 1 项"), "{}", page.text());
        assert!(!known(SCHOOLS[0][0]).await, "nothing of it stays");
        let job = office.look("/import", &[("seen", "1")], ("名录.xlsx", &fine)).await.made();
        assert!(!known(SCHOOLS[0][0]).await, "not yet");
        assert!(worker.turn().await.unwrap());
        assert!(office.get(&format!("/jobs/{job}")).await.says("院校：新增 1"));
        assert!(known(SCHOOLS[0][0]).await);
        assert!(!worker.turn().await.unwrap());
    }
}

both_engines! {
    /// What a file would do is shown first; a name that is nearly another's is asked about, and refused where nobody looks.
    async fn a_file_is_looked_at_before_it_is_written(world: World, p: Province) {
        let described = spec::workbook(&registry::divisions(&mut world.tx().await).await.unwrap());
        let office = world.agent(&p.office, "province").await;
        let look = async |row: &[&str]| {
            let bytes = file(&described, [&[row], &[], &[], &[]]);
            let preview = office.look("/import", &[], ("名录.xlsx", &bytes)).await;
            (preview.attributes("tr[data-outcome]", "data-outcome"), preview)
        };
        let known = async || {
            registry::school_named(&mut world.tx().await, SCHOOLS[0][0]).await.unwrap().map(|org| org.level)
        };
        let (outcomes, preview) = look(SCHOOLS[0]).await;
        assert_eq!(outcomes, ["made"], "{}", preview.text());
        assert_eq!(known().await, None);
        assert!(office.accept(&preview).await.says("导入完成"));
        assert_eq!(known().await.as_deref(), Some("技工学校"));
        let mut row = SCHOOLS[0].to_vec();
        row[1] = "高级技工学校";
        let (outcomes, preview) = look(&row).await;
        assert_eq!(outcomes, ["changed"], "{}", preview.text());
        assert!(preview.says("办学层次由“技工学校”改为“高级技工学校”"));
        assert_eq!(known().await.as_deref(), Some("技工学校"));
        let mut near = SCHOOLS[0].to_vec();
        near[0] = "乐昌技工学校";
        let (outcomes, preview) = look(&near).await;
        assert_eq!(outcomes, ["asked", "made"], "{}", preview.text());
        assert!(preview.says("乐昌市技工学校"));
        let refused = take(&mut world.tx().await, [&[&near], &[], &[], &[]]).await;
        assert_eq!(describe(&refused.errors).len(), 1);
    }
}
