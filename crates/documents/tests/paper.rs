//! A paper with everything in it, as PDF and as Word, read back by a tool that is not ours.

use jiedui_documents::paper::{Block, Document, Fonts, Table, TableColumn, pdf, word};
use std::path::{Path, PathBuf};
use std::process::Command;

fn fonts() -> Fonts {
    Fonts::find(&[PathBuf::from("/usr/share/fonts")]).expect("fonts-noto-cjk is installed")
}

/// The text of a PDF as Poppler reads it. Where Poppler is missing the test fails: one that looked at nothing has passed nothing.
fn read_back(options: &[&str], file: &Path) -> String {
    let read = Command::new("pdftotext").args(options).arg(file).arg("-").output();
    let read = read.expect("pdftotext is needed to read papers back: apt-get install poppler-utils");
    assert!(read.status.success(), "pdftotext: {}", String::from_utf8_lossy(&read.stderr));
    String::from_utf8(read.stdout).expect("pdftotext writes UTF-8")
}

fn whole() -> Document {
    let mut document = Document {
        issuer: "技工院校协作领导小组办公室（示例）".to_owned(),
        recipients: "各地级以上市人力资源和社会保障局".to_owned(),
        ..Document::new("关于印发结对协作安排的通知（示例）")
    };
    document.text(&"为落实结对协作，现将有关安排印发，请结合实际抓好落实。".repeat(3));
    document.heading(1, "工作安排");
    document.heading(2, "送教");
    document.heading(3, "每学期一次");
    document.text("由牵头院校商县级院校确定；王堃、李犇、张𬭎三位老师（示例）带队。");
    let columns = vec![
        TableColumn::new("序号", 1.0).centred(),
        TableColumn::new("事项", 5.0),
        TableColumn::new("人数", 2.0),
    ];
    let rows = (1..=60).map(|at| {
        vec![at.to_string(), format!("第{at}项：数控技术应用专业送教 2026-11"), "12 人次".to_owned()]
    });
    document.table(columns, rows.collect());
    document.caption("说明：人次按确认数。");
    document.facts(vec![
        ("联系人", "示例".to_owned()),
        ("地址", "广东省".to_owned()),
        ("空的", String::new()),
    ]);
    document
        .blocks
        .push(Block::Code {
            address: "https://example.gov.cn/p/1".to_owned(), text: "扫码核验".to_owned()
        });
    document
        .blocks
        .push(Block::Attachments { names: vec!["结对安排表".to_owned(), "项目清单".to_owned()] });
    document
        .blocks
        .push(Block::Signed { by: "办公室（示例）".to_owned(), on: "2026年11月29日".to_owned() });
    document.blocks.push(Block::PageBreak);
    document
        .blocks
        .push(Block::Signatures { of: vec!["甲校".to_owned(), "乙校".to_owned(), "丙校".to_owned()] });
    document
}

#[test]
fn what_is_written_can_be_read_back() {
    let bytes = pdf(&whole(), &fonts()).unwrap();
    assert!(bytes.starts_with(b"%PDF-"));
    assert!(bytes.len() < 400_000, "only the glyphs used are inside: {}", bytes.len());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.pdf");
    std::fs::write(&file, &bytes).unwrap();
    let text = read_back(&["-layout"], &file).replace([' ', '\n', '\u{c}'], "");
    for words in [
        "王堃、李犇、张𬭎",
        "一、工作安排",
        "（一）送教",
        "1.每学期一次",
        "第60项：",
        "2.项目清单",
        "代拟稿",
        "—2—",
    ] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
    assert!(text.matches("序号事项人数").count() >= 2, "the headings come again on the next page");
}

#[test]
fn the_same_paper_gives_the_same_bytes() {
    assert_eq!(pdf(&whole(), &fonts()).unwrap(), pdf(&whole(), &fonts()).unwrap());
    assert_eq!(word(&whole()).unwrap(), word(&whole()).unwrap());
}

#[test]
fn long_and_empty_names_and_a_cell_longer_than_a_page_lose_nothing() {
    let long = "很长的名称".repeat(40);
    let mut document = Document::new(long.clone());
    document.table(
        vec![TableColumn::new("", 1.0), TableColumn::new(&long, 1.0)],
        vec![vec![String::new(), "字".repeat(6000)], vec!["窄".repeat(30)]],
    );
    document.blocks.push(Block::Signatures { of: Vec::new() });
    document.blocks.push(Block::Table(Table {
        columns: vec![TableColumn::new("甲", 0.001), TableColumn::new("乙", 1000.0)],
        rows: vec![vec!["很窄".to_owned()]],
    }));
    let bytes = pdf(&document, &fonts()).unwrap();
    assert!(!word(&document).unwrap().is_empty());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.pdf");
    std::fs::write(&file, bytes).unwrap();
    assert_eq!(read_back(&[], &file).matches('字').count(), 6000);
}
