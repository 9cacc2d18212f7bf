//! The library of the demonstration: a course and a textbook of the helpers at HOME, which the county school uses, and a case
//! that became a model.

use super::maker::{Maker, at_home};
use super::rng::plus;
use crate::evidence::outputs;
use crate::network::pairings::PairingRow;
use crate::shared::handed_in::StoredFile;
use crate::shared::review::Action;
use crate::sharing::resources::{self, NewItem, rules};
use jiedui_documents::paper::{self, Document};
use jiedui_files::{FileKind, Folder};
use jiedui_kernel::{Date, Error, Result};
use jiedui_programme::ResourceRules;
use std::fmt::Write as _;
use std::sync::Arc;

/// So many days ago, in the order in which it went on.
const COURSE_AGO: i64 = 60;
const TEXTBOOK_AGO: i64 = 50;
const CASE_AGO: i64 = 40;
const NOMINATED_AGO: i64 = 35;
const DECIDED_AGO: i64 = 30;
const USED_AGO: i64 = 20;

pub async fn stock(
    maker: &mut Maker,
    rows: &[PairingRow],
    code: impl Fn(&PairingRow) -> &'static str,
) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    at_home("library", (rows, code), async |home| match (home, &programme.resources) {
        (Some(row), Some(library)) => stocked(maker, row, library).await,
        _ => Ok(()),
    })
    .await
}

async fn stocked(maker: &mut Maker, home: &PairingRow, library: &ResourceRules) -> Result<()> {
    let course = NewItem {
        kind: "course".to_owned(),
        about: "八次课的讲义，每次课有一个零件的编程练习。（示例）".to_owned(),
        ..item(library, "数控车床编程讲义（示例）")
    };
    let file = kept(maker, &pdf("Demonstration / SHILI"), "数控车床编程讲义.pdf")?;
    let course = share(maker, &home.lead, COURSE_AGO, &course, &file).await?;
    let textbook =
        NewItem { kind: "textbook".to_owned(), ..item(library, "电工实训指导书（示例）") };
    let file = kept(maker, &word("电工实训指导书（示例）")?, "电工实训指导书.docx")?;
    let textbook = share(maker, &home.nearby, TEXTBOOK_AGO, &textbook, &file).await?;
    model(maker, library).await?;
    let (programme, day) = (Arc::clone(&maker.programme), plus(maker.today, -USED_AGO));
    let Some(semester) = rules::semesters(&programme, day).first().map(|one| one.id.clone()) else {
        return Ok(());
    };
    let school = maker.actor(&home.county_school).await?;
    for (id, subject) in
        [(course, "数控车工实训，二年级两个班（示例）"), (textbook, "电工基础，一年级（示例）")]
    {
        maker.act(&school, day);
        let opened = resources::opened(&mut maker.tx, &programme, &id).await?;
        resources::state_use(&mut maker.tx, &programme, &opened.row, (subject, &semester)).await?;
    }
    Ok(())
}

/// A case that was recorded as an output is shared by whoever recorded it, nominated, and becomes a model.
async fn model(maker: &mut Maker, library: &ResourceRules) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let Some(kind) = library.kinds.iter().find(|kind| kind.model.is_some()) else { return Ok(()) };
    maker.act_as_office(plus(maker.today, -CASE_AGO));
    let facts = outputs::facts(&mut maker.tx).await?;
    let recorded = facts.iter().find(|fact| Some(&fact.output) == kind.model.as_ref());
    let Some(owner) = recorded.map(|fact| fact.org.clone()) else { return Ok(()) };
    let title = "两校同备一门课的做法（示例）";
    let new = NewItem { kind: kind.id.clone(), ..item(library, title) };
    let file = kept(maker, &word(title)?, "两校同备一门课.docx")?;
    let id = share(maker, &owner, CASE_AGO, &new, &file).await?;
    let school = maker.actor(&owner).await?;
    maker.act(&school, plus(maker.today, -NOMINATED_AGO));
    let opened = resources::opened(&mut maker.tx, &programme, &id).await?;
    let known = resources::nominable(&mut maker.tx, &programme, &opened.row).await?;
    let Some((output, _)) = known.first() else { return Ok(()) };
    let version = opened.row.version;
    resources::nominate(&mut maker.tx, &programme, &opened, (version, output)).await?;
    maker.act_as_office(plus(maker.today, -DECIDED_AGO));
    let opened = resources::opened(&mut maker.tx, &programme, &id).await?;
    let words = "步骤写得清楚，别校可以照做。（示例）";
    resources::decide(&mut maker.tx, &opened, opened.row.version, (Action::Accept, words)).await
}

fn item(library: &ResourceRules, title: &str) -> NewItem {
    let licence = library.licences.first().map(|one| one.id.clone()).unwrap_or_default();
    NewItem { title: title.to_owned(), licence, ..NewItem::default() }
}

async fn share(maker: &mut Maker, org: &str, ago: i64, new: &NewItem, file: &StoredFile) -> Result<String> {
    let (programme, owner) = (Arc::clone(&maker.programme), maker.actor(org).await?);
    let day: Date = plus(maker.today, -ago);
    maker.act(&owner, day);
    resources::share(&mut maker.tx, &programme, new, file).await
}

/// Keeps a content in the folder, as an upload does.
pub fn kept(maker: &Maker, bytes: &[u8], name: &str) -> Result<StoredFile> {
    let kind =
        FileKind::of(bytes).map_err(|_| Error::internal("a file of the demonstration is of no type"))?;
    let hash = Folder::at(&maker.files).put(bytes).map_err(Error::internal)?;
    Ok(StoredFile { hash, kind, size: bytes.len(), name: name.to_owned() })
}

fn word(title: &str) -> Result<Vec<u8>> {
    let mut document = Document::new(title);
    document.text("这是示例文件，内容从略。");
    paper::word(&document).map_err(Error::internal)
}

/// A PDF of one page with one line in Latin letters, for which no font has to be on the machine.
pub fn pdf(text: &str) -> Vec<u8> {
    let line = format!("BT /F1 24 Tf 72 720 Td ({text}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{line}\nendstream", line.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(&objects) {
        let _ = writeln!(table, "{:010} 00000 n ", file.len());
        let _ = write!(file, "{number} 0 obj\n{object}\nendobj\n");
    }
    let (start, size) = (file.len(), objects.len() + 1);
    let _ = write!(file, "{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    file.into_bytes()
}
