//! Files as programs of all kinds write them: what is read of them is what a person sees there.

use super::common::*;
use jiedui_documents::{Column, Kind, Sheet, Workbook, read, template, write, write_csv};

fn names(bytes: &[u8], file: &str) -> Vec<String> {
    read_ok(bytes, file).records.iter().map(|record| record.text("name").to_owned()).collect()
}

fn one_school() -> Vec<(String, String)> {
    parts(&[("院校", "", &(row(&HEADINGS) + &row(&["甲校", "技工学校"])))])
}

#[test]
fn parts_are_found_by_what_names_them() {
    let renamed = |from: &str, to: &str| -> Vec<(String, String)> {
        one_school().into_iter().map(|(name, xml)| (name.replace(from, to), xml)).collect()
    };
    let moved = renamed("workbook", "workbook22").into_iter();
    let moved: Vec<_> =
        moved.map(|(name, xml)| (name, xml.replace("workbook.xml", "workbook22.xml"))).collect();
    let relative = one_school().into_iter();
    let relative: Vec<_> = relative
        .map(|(name, xml)| {
            (name, xml.replace("/xl/worksheets/", ".\\Worksheets\\").replace("xl/workbook", "/xl/workbook"))
        })
        .collect();
    for parts in
        [one_school(), renamed("/", "\\"), renamed("xl/workbook.xml", "xl/Workbook.xml"), moved, relative]
    {
        assert_eq!(names(&packed(&parts), "x.xlsx"), ["甲校"], "{parts:?}");
    }
    // Neither the list of types nor the first relations are needed where the workbook lies where it always does.
    let few: Vec<_> = one_school().into_iter().filter(|(name, _)| name.starts_with("xl/")).collect();
    assert_eq!(names(&packed(&few), "x.xlsx"), ["甲校"]);
    let document = packed(
        &one_school()
            .into_iter()
            .map(|(name, xml)| (name, xml.replace("workbook>", "document>")))
            .collect::<Vec<_>>(),
    );
    assert_eq!(
        errors(&document, "x.docx"),
        ["这是压缩包或其他文档，不是 Excel 表格，请上传 .xlsx 或 .csv 文件"]
    );
}

#[test]
fn every_encoding_of_a_part() {
    let plain = one_school();
    let coded = |code: &dyn Fn(&str) -> Vec<u8>| {
        let parts: Vec<_> = plain.iter().map(|(name, xml)| (name.as_str(), code(xml))).collect();
        archive(&parts.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect::<Vec<_>>())
    };
    let little =
        |xml: &str| format!("\u{FEFF}{xml}").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let big =
        |xml: &str| format!("\u{FEFF}{xml}").encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let chinese = |xml: &str| {
        let xml = format!("<?xml version=\"1.0\" encoding=\"GBK\"?>{xml}");
        encoding_rs::GBK.encode(&xml).0.into_owned()
    };
    for bytes in [coded(&little), coded(&big), coded(&chinese)] {
        assert_eq!(names(&bytes, "x.xlsx"), ["甲校"]);
    }
}

#[test]
fn damage_elsewhere_does_not_matter() {
    let ours = row(&HEADINGS) + &row(&["甲校", "技工学校"]);
    let mut parts =
        parts(&[("草稿", "", "<row><c><v>1</v></c>"), ("院校", "", &ours), ("说明", "", &row(&["x"]))]);
    // A sheet that ends in the middle, one that is missing, a relation to a picture that is not there.
    parts[4].1 = "<worksheet><sheetData><row><c><v>1</v></c>".to_owned();
    parts.retain(|(name, _)| !name.ends_with("sheet2.xml"));
    parts[1].1 = parts[1].1.replace(
        "</Relationships>",
        "<Relationship Id=\"t\" Type=\"x/thumbnail\" Target=\"docProps/thumbnail.jpeg\"/></Relationships>",
    );
    let mut bytes = archive(
        &parts
            .iter()
            .map(|(name, xml)| (name.as_str(), xml.as_bytes()))
            .chain([("xl/media/image1.png", &b"pixels that are about to be wrong"[..])])
            .collect::<Vec<_>>(),
    );
    let read = read_ok(&bytes, "x.xlsx");
    assert_eq!(
        (read.records.len(), read.ignored.as_slice()),
        (1, &["草稿".to_owned(), "说明".to_owned()][..])
    );
    // Its checksum is wrong now, and nobody looks at it.
    let at = bytes.windows(15).position(|window| window == b"xl/media/image1").unwrap() + 30;
    bytes[at] ^= 0xFF;
    assert_eq!(names(&bytes, "x.xlsx"), ["甲校"]);
    // The same in a sheet of ours is damage.
    parts[5].1 = parts[5].1.replace("</sheetData>", "");
    assert!(errors(&packed(&parts), "x.xlsx")[0].starts_with("文件已损坏"));
}

#[test]
fn what_declares_types_is_refused() {
    let mut parts = one_school();
    parts[4].1 = format!("<!DOCTYPE x [<!ENTITY y \"z\">]>{}", parts[4].1);
    let refused = "文件里有 DOCTYPE 声明，不予读取，请在 Excel 或 WPS 中重新另存为 .xlsx 后再上传";
    assert_eq!(errors(&packed(&parts), "x.xlsx"), [refused]);
}

#[test]
fn errors_of_every_program() {
    for code in ["#SPILL!", "#CALC!", "#GETTING_DATA", "Err:522", "#N/A"] {
        let error = format!("<c t=\"e\"><f>A1</f><v>{code}</v></c>");
        let bytes = typed_schools(&row(&["甲校", "技工学校", &error]));
        let told =
            format!("“院校”表第 2 行 C 列（在校生数）：“{code}”是公式出错的结果，请改正公式或直接填写内容");
        assert_eq!(errors(&bytes, "x.xlsx"), [told]);
        // Beside the table, and among notes, it is nothing.
        let ours = row(&HEADINGS) + &row(&["甲校", "技工学校", "", "", "", &error]);
        let bytes = packed(&parts(&[("院校", "", &ours), ("备注", "", &row(&[&error]))]));
        assert_eq!(names(&bytes, "x.xlsx"), ["甲校"]);
    }
}

#[test]
fn days_of_every_program() {
    let days = [
        "2020-03-01",
        "2020-03-01T00:00:00",
        "2020-03-01T00:00:00Z",
        "2020-03-01T08:30",
        "2020-03-01T00:00:00.000",
    ];
    let rows: String = days
        .iter()
        .flat_map(|day| [format!("<c t=\"d\"><v>{day}</v></c>"), (*day).to_owned()])
        .map(|day| row(&["甲校", "技工学校", "", &day]))
        .collect();
    let read = read_ok(&typed_schools(&rows), "x.xlsx");
    assert_eq!(read.records.len(), days.len() * 2);
    for record in &read.records {
        assert_eq!(record.date("held").unwrap().to_string(), "2020-03-01", "row {}", record.row);
    }
    // In a column of text, the day is shown, with the minute where there is one.
    let shown = row(&["甲校", "技工学校", "", "", "<c t=\"d\"><v>2020-03-01T08:30</v></c>"]);
    assert_eq!(read_ok(&typed_schools(&shown), "x.xlsx").records[0].text("note"), "2020-03-01 08:30");
}

#[test]
fn days_since_1904() {
    let styles = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/></numFmts>\
        <cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>";
    let mut parts = parts(&[(
        "院校",
        "",
        &(row(&HEADINGS) + &row(&["甲校", "技工学校", "", "<c s=\"1\"><v>44037.5</v></c>"])),
    )]);
    parts.push(("xl/styles.xml".to_owned(), styles.to_owned()));
    let day = |parts: &[(String, String)]| {
        read_ok(&packed(parts), "x.xlsx").records[0].date("held").unwrap().to_string()
    };
    assert_eq!(day(&parts), "2020-07-25");
    parts[2].1 = parts[2].1.replace("<sheets>", "<workbookPr date1904=\"1\"/><sheets>");
    assert_eq!(day(&parts), "2024-07-26");
    // What Excel of today adds behind the sheets has the same local name, and is about charts.
    let extension = "<extLst><ext uri=\"{140A7094-0E35-4892-8432-C4D2E57EDEB5}\">\
        <x15:workbookPr chartTrackingRefBase=\"1\"/></ext></extLst></workbook>";
    parts[2].1 = parts[2].1.replace("</workbook>", extension);
    assert_eq!(day(&parts), "2024-07-26");
}

#[test]
fn texts_in_all_their_forms() {
    let strings = "<x:sst><x:si><x:t>甲</x:t></x:si><x:si><x:r><x:t xml:space=\"preserve\">乙 </x:t></x:r><x:r><x:rPr><x:b/></x:rPr>\
        <x:t>校</x:t></x:r><x:rPh sb=\"0\" eb=\"1\"><x:t>yi</x:t></x:rPh></x:si><x:si/><x:si><x:t>a_x000D_\nb&amp;&#x4E19;<![CDATA[<丁>]]></x:t></x:si></x:sst>";
    let shared = |at: usize| format!("<c t=\"s\"><v>{at}</v></c>");
    let rich = "<c t=\"inlineStr\"><is><r><t>丙</t></r><rPh sb=\"0\" eb=\"1\"><t>bing</t></rPh><r><t>校</t></r></is></c>";
    let rows = row(&[&shared(0), "技工学校", "<c><v>1.2E+3</v></c>", &shared(2), &shared(3)])
        + &row(&[
            &shared(1),
            "技工学校",
            "<c t=\"n\"><v>1200.0000000000002</v></c>",
            "",
            "<c t=\"b\"><v>0</v></c>",
        ])
        + &row(&[rich, "<c t=\"str\"><f>x</f><v>技工学校</v></c>", "", "", "<c t=\"b\"><v>1</v></c>"]);
    let mut parts = parts(&[("院校", "", &(row(&HEADINGS) + &rows))]);
    parts.push(("xl/SharedStrings.xml".to_owned(), strings.to_owned()));
    let read = read_ok(&packed(&parts), "x.xlsx");
    let told: Vec<_> = read
        .records
        .iter()
        .map(|record| (record.text("name"), record.integer("students"), record.text("note")))
        .collect();
    assert_eq!(
        told,
        [("甲", Some(1_200), "a\nb&丙<丁>"), ("乙 校", Some(1_200), "FALSE"), ("丙校", None, "TRUE")]
    );
    // A number of a text that is not there.
    parts.pop();
    assert!(errors(&packed(&parts), "x.xlsx")[0].starts_with("文件已损坏"));
}

#[test]
fn a_count_of_strings_that_lies_is_not_believed() {
    let mut parts =
        parts(&[("院校", "", &(row(&HEADINGS) + &row(&["<c t=\"s\"><v>0</v></c>", "技工学校"])))]);
    let strings = "<sst count=\"9\" uniqueCount=\"99999999999999999999999999\"><si><t>甲校</t></si></sst>";
    parts.push(("xl/sharedStrings.xml".to_owned(), strings.to_owned()));
    assert_eq!(names(&packed(&parts), "x.xlsx"), ["甲校"]);
}

#[test]
fn a_dimension_that_is_wrong_and_rows_without_numbers() {
    let rows = format!(
        "<dimension ref=\"A1:A1\"/><sheetData>{}<row r=\"7\"><c r=\"B7\" t=\"str\"><v>技工学校</v></c><c r=\"A7\" t=\"str\"><v>甲校</v></c></row>{}</sheetData>",
        row(&HEADINGS),
        row(&["乙校", "技工学校"])
    );
    let read = read_ok(&packed(&parts(&[("院校", "", &rows)])), "x.xlsx");
    let rows: Vec<_> = read.records.iter().map(|record| (record.row, record.text("name"))).collect();
    assert_eq!(rows, [(7, "甲校"), (8, "乙校")]);
}

#[test]
fn a_formula_that_was_never_computed() {
    for cell in ["<c><f>SUM(1,1)</f><v></v></c>", "<c><f>SUM(1,1)</f><v/></c>", "<c><f>SUM(1,1)</f></c>"] {
        let bytes = typed_schools(&row(&["甲校", "技工学校", cell]));
        let told =
            "“院校”表第 2 行 C 列（在校生数）：公式没有计算结果，请在 Excel 中打开并保存，或直接填写内容";
        assert_eq!(errors(&bytes, "x.xlsx"), [told]);
    }
}

#[test]
fn csv_of_every_program() {
    let rows = |separator: &str| {
        let row = |fields: [&str; 3]| fields.join(separator) + "\r\n";
        row(["院校名称", "院校类型", "备注"])
            + &row(["甲校", "技工学校", "一,二"]
                .map(|text| if separator == "," { text.trim_end_matches(",二") } else { text }))
    };
    for csv in [
        rows(","),
        rows(";"),
        rows("\t"),
        format!("sep=;\r\n{}", rows(";")),
        format!("\u{FEFF}SEP=,\r\n{}", rows(",")),
        format!("sep=|\n{}", rows("|")),
    ] {
        let read = read_ok(csv.as_bytes(), "院校.csv");
        assert_eq!((read.records[0].row, read.records[0].text("name")), (2, "甲校"), "{csv}");
    }
}

#[test]
fn guards_of_csv_are_taken_off() {
    for name in ["\"=\"\"甲校\"\"\"", "=\"甲校\"", "'甲校"] {
        let csv = format!("院校名称,院校类型\n{name},技工学校\n");
        assert_eq!(names(csv.as_bytes(), "x.csv"), ["甲校"], "{name}");
    }
    // What begins with an apostrophe of its own comes back with it.
    let rows = [vec!["'甲校".into(), "技工学校".into()]];
    let csv = write_csv(&spec().sheets[0], rows).unwrap();
    assert_eq!(names(&csv, "x.csv"), ["'甲校"]);
}

#[test]
fn a_quotation_mark_swallows_no_rows() {
    let csv = "院校名称,院校类型,备注\n甲校,技工学校,\"一\n乙校,技工学校,二\n";
    let told =
        "第 2 行有一个引号没有配对，后面的行会被当作这一格的内容，请删除这个引号，或补上另一半，再上传";
    assert_eq!(errors(csv.as_bytes(), "x.csv"), [told]);
    let csv = "院校名称,院校类型,备注\n甲校,技工学校,'一'二\n";
    assert_eq!(read_ok(csv.as_bytes(), "x.csv").records[0].text("note"), "'一'二");
}

#[test]
fn numbers_that_a_spreadsheet_shortened_are_refused() {
    let csv = "院校名称,院校类型,备注\n甲校,技工学校,4.419E+17\n";
    assert_eq!(
        errors(csv.as_bytes(), "x.csv"),
        [
            "“院校”表第 2 行 C 列（备注）：“4.419E+17”是缩写的数字，后面几位已丢失，请在原来的表里把这一列设为文本格式，重新填写完整的号码"
        ]
    );
}

fn coded() -> Workbook {
    let columns = vec![
        Column::new("code", "专业代码", Kind::Text).required().code(),
        Column::new("people", "人次", Kind::Integer).unit("人次"),
        Column::new("area", "面积", Kind::Integer),
    ];
    Workbook { sheets: vec![Sheet::new("专业", columns)], ..Workbook::default() }
}

#[test]
fn codes_keep_their_zeros() {
    let bytes = book("专业", |page| {
        page.write_row(0, 0, ["专业代码", "人次"]).unwrap();
        page.write_number(1, 0, 101).unwrap();
        page.write_string(2, 0, "0101").unwrap();
    });
    let found = read(&coded(), &bytes, "x.xlsx").unwrap_err();
    assert_eq!(
        found.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "“专业”表第 2 行 A 列（专业代码）：“101”是数字，不是文本，开头的 0 可能已丢失，请把这一列设为文本格式后重新填写"
        ]
    );
    let bytes = write(&coded(), [vec![vec!["0101".into()]]]).unwrap();
    let styles = part(&bytes, "xl/styles.xml");
    assert!(styles.contains("numFmtId=\"49\"") || styles.contains("formatCode=\"@\""), "{styles}");
    assert_eq!(read(&coded(), &bytes, "x.xlsx").unwrap().records[0].text("code"), "0101");
    let wrong = Column::new("n", "数", Kind::Integer).code();
    assert!(
        template(&Workbook { sheets: vec![Sheet::new("表", vec![wrong])], ..Workbook::default() }).is_err()
    );
}

#[test]
fn numbers_with_words_behind_them() {
    let of = |people: &str| {
        let csv = format!("专业代码,人次,面积\n01,\"{people}\",\n");
        let read = read(&coded(), csv.as_bytes(), "x.csv");
        read.map(|read| read.records[0].integer("people")).map_err(|errors| errors[0].to_string())
    };
    for people in ["12", "12人次", "１２ 人次", "12.0"] {
        assert_eq!(of(people), Ok(Some(12)), "{people}");
    }
    assert_eq!(of("1,200"), Ok(Some(1_200)));
    for (people, help) in
        [("12个", "12"), ("150万", "120"), ("150万人次", "120"), ("1200.5", "120"), ("12人次左右", "12")]
    {
        let told =
            format!("“专业”表第 2 行 B 列（人次）：“{people}”不是整数，请只填数字（单位：人次），如 {help}");
        assert_eq!(of(people), Err(told));
    }
}

/// The sheet 院校 with these rows, whose cells have the styles of these formats, from 1.
fn styled(formats: &[&str], rows: &str) -> Vec<u8> {
    let numbers: String = formats
        .iter()
        .enumerate()
        .map(|(at, code)| format!("<numFmt numFmtId=\"{}\" formatCode=\"{code}\"/>", 164 + at))
        .collect();
    let styles: String = (0..formats.len()).map(|at| format!("<xf numFmtId=\"{}\"/>", 164 + at)).collect();
    let mut parts = parts(&[("院校", "", &(row(&HEADINGS) + rows))]);
    let xml = format!(
        "<styleSheet><numFmts>{numbers}</numFmts><cellXfs><xf numFmtId=\"0\"/>{styles}</cellXfs></styleSheet>"
    );
    parts.push(("xl/styles.xml".to_owned(), xml));
    packed(&parts)
}

#[test]
fn a_share_is_read_as_it_is_shown() {
    let rows = row(&["甲校", "技工学校", "", "", "<c s=\"1\"><v>0.96</v></c>"])
        + &row(&["乙校", "技工学校", "", "", "<c s=\"1\"><v>0.28999999999999998</v></c>"])
        + &row(&["丙校", "技工学校", "", "", "<c><v>0.96</v></c>"]);
    let read = read_ok(&styled(&["0.0%"], &rows), "x.xlsx");
    let told: Vec<_> = read.records.iter().map(|record| record.text("note")).collect();
    assert_eq!(told, ["96%", "29%", "0.96"]);
    // Where a whole number is asked for, 100% is not one.
    let rows = row(&["甲校", "技工学校", "<c s=\"1\"><v>1</v></c>"]);
    let told = errors(&styled(&["0%"], &rows), "x.xlsx");
    assert!(told[0].contains("“100%”不是整数"), "{told:?}");
}

#[test]
fn a_number_that_is_shown_smaller_is_refused() {
    let rows = row(&["甲校", "技工学校", "", "", "<c s=\"1\"><v>1500000</v></c>"]);
    let told = errors(&styled(&["0!.0,&quot;万&quot;"], &rows), "x.xlsx");
    assert!(told[0].contains("“1500000”是缩小了显示的数字"), "{told:?}");
    assert_eq!(read_ok(&styled(&["#,##0.00"], &rows), "x.xlsx").records[0].text("note"), "1500000");
}

#[test]
fn a_moment_before_midnight_is_of_its_day() {
    let day = "yyyy-mm-dd";
    // Shown as the day that begins: what was computed lies a hair before it.
    let cell = "<c s=\"1\"><v>45498.999999999993</v></c>";
    let late = "<c s=\"1\"><v>45498.99983</v></c>";
    let rows = row(&["甲校", "技工学校", "", cell, cell]) + &row(&["乙校", "技工学校", "", late, late]);
    let read = read_ok(&styled(&[day], &rows), "x.xlsx");
    let told: Vec<_> = read
        .records
        .iter()
        .map(|record| (record.date("held").unwrap().to_string(), record.text("note").to_owned()))
        .collect();
    let told: Vec<_> = told.iter().map(|(day, note)| (day.as_str(), note.as_str())).collect();
    assert_eq!(told, [("2024-07-26", "2024-07-26"), ("2024-07-25", "2024-07-25 23:59")]);
}

#[test]
fn a_code_that_became_a_day_is_refused() {
    let mut ours = spec();
    ours.sheets[0].columns[4].code = true;
    let rows = row(&["甲校", "技工学校", "", "", "<c s=\"1\"><v>45499</v></c>"]);
    let told = read(&ours, &styled(&["m-d"], &rows), "x.xlsx").unwrap_err();
    assert!(told[0].to_string().contains("“2024-07-26”是日期，不是文本"), "{}", told[0]);
}

#[test]
fn breaks_of_a_word_processor_are_line_ends() {
    let bytes = typed_schools(&row(&["甲校", "技工学校", "", "", "一_x000B_二"]));
    assert_eq!(read_ok(&bytes, "x.xlsx").records[0].text("note"), "一\n二");
}

#[test]
fn old_formats_are_told_apart() {
    let old = [&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..], &[0; 600]].concat();
    assert!(errors(&old, "名单.XLS")[0].starts_with("这是旧版 Excel 的 .xls 格式"));
    assert!(errors(&old, "名单.et")[0].starts_with("这是 WPS 表格自己的 .et 格式"));
}

#[test]
fn a_template_is_known_again() {
    let bytes = template(&spec()).unwrap();
    let read_one = read_ok(&bytes, "x.xlsx");
    assert_eq!((read_one.template.as_deref(), read_one.notes.len()), (Some("院校、教师"), 0));
    let mut changed = spec();
    changed.sheets[0].columns.push(Column::new("phone", "电话", Kind::Text));
    let old = read(&changed, &bytes, "x.xlsx").unwrap();
    assert_eq!(kinds(&old), [("old-template", 0)]);
    assert!(old.plain().errors.is_empty());
    assert_eq!(read_ok(&schools(&[]), "x.xlsx").template, None);
}
