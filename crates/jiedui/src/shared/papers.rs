//! Papers: what a mechanism lays out once as a [`Document`] is a page with the buttons for Word and PDF. Figures on a paper
//! do not open: they open on the page from which the paper is reached.

use jiedui_documents::paper::{self, Block, Document, Fonts, Sheet};
use jiedui_kernel::{Date, Error, Reported, Result, Unit};
use jiedui_web::context::RequestContext;
use jiedui_web::download::{DOCX, Download, PDF};
use jiedui_web::figure::Figure;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;
use std::path::PathBuf;
use std::sync::OnceLock;

pub use jiedui_documents::paper::day_words;

/// The place in an address that says which file is wanted: `word` or `pdf`.
pub const FILE: &str = "file";

static FOLDER: OnceLock<PathBuf> = OnceLock::new();

/// Where fonts are looked for first, set once at the start; the machine's own folders come after it.
pub fn look_in(folder: PathBuf) {
    let _ = FOLDER.set(folder);
}

#[derive(Serialize)]
struct PaperView {
    document: Document,
    blocks: Vec<Block>,
    wide: bool,
    /// The address of the page, before `/word` and `/pdf`.
    base: String,
}

/// The paper as its address wants it: the page, or below it the file. One handler serves both routes.
///
/// # Errors
/// As [`Reply::view`] and [`file`].
pub fn answer(ctx: &RequestContext, document: Document, page: Page, base: String) -> Result<Reply> {
    let form = ctx.param(FILE);
    if form.is_empty() { show(document, page, base) } else { file(document, &form) }
}

/// The same for a paper of one person: its files are called by a name of their own, which the log does not keep.
///
/// # Errors
/// As [`answer`].
pub fn answer_of_person(
    ctx: &RequestContext,
    document: Document,
    page: Page,
    base: String,
    name: &str,
) -> Result<Reply> {
    let form = ctx.param(FILE);
    if form.is_empty() {
        return show(document, page, base);
    }
    Ok(Reply::Made(download(document, &form, name)?))
}

fn show(document: Document, page: Page, base: String) -> Result<Reply> {
    let (blocks, wide) = (document.numbered(), document.sheet == Sheet::Landscape);
    Reply::view("shared/paper.html", page, &PaperView { document, blocks, wide, base })
}

/// The paper as the file that the address names.
///
/// # Errors
/// [`Error::NotFound`] for another word than those two; [`Error::NotNow`] where the machine has no Chinese font.
pub fn file(document: Document, form: &str) -> Result<Reply> {
    let name = document.title.clone();
    Ok(Reply::Made(download(document, form, &name)?))
}

fn download(document: Document, form: &str, name: &str) -> Result<Download> {
    let (ending, mime) = match form {
        "word" => ("docx", DOCX),
        "pdf" => ("pdf", PDF),
        _ => return Err(Error::NotFound),
    };
    let logged = format!("{}.{ending}", document.title);
    let file = Download::new(format!("{name}.{ending}"), mime, move || made(&document, ending));
    Ok(file.logged_as(logged))
}

/// The bytes of a paper as the file with this ending: `pdf`, or Word.
///
/// # Errors
/// [`Error::NotNow`] where the machine has no Chinese font.
pub fn made(document: &Document, ending: &str) -> Result<Vec<u8>> {
    made_with(document, ending, &folders())
}

/// Word names its fonts and leaves them to the reader's machine; PDF needs them here, in one of these folders.
fn made_with(document: &Document, ending: &str, folders: &[PathBuf]) -> Result<Vec<u8>> {
    if ending != "pdf" {
        return paper::word(document).map_err(Error::internal);
    }
    let fonts = Fonts::find(folders).map_err(|missing| Error::NotNow(missing.to_string()))?;
    paper::pdf(document, &fonts).map_err(Error::internal)
}

/// The square code of a paper, which opens the page of which it was made. None where the system was not told its own address. Whoever opens it signs in and sees what is within his scope.
pub fn opens(address: &str, path: &str) -> Option<Block> {
    let address = address.trim_end_matches('/');
    let text = "扫码打开系统里的同一页，可以核对内容，点开每个数的记录；需要登录，只看得到本级范围。";
    (!address.is_empty()).then(|| Block::Code { address: format!("{address}{path}"), text: text.to_owned() })
}

/// The days from one to another as papers write them; one day is said once.
pub fn days_words(from: Date, to: Date) -> String {
    if from == to { day_words(from) } else { format!("{}至{}", day_words(from), day_words(to)) }
}

/// A day as it is kept in a table of words; what is none stays as somebody wrote it.
pub fn kept_day_words(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), day_words)
}

/// A number as the pages show it, with its unit.
pub fn amount(value: i64, unit: Unit) -> String {
    figure(&Figure::of(Reported::Value(value), unit, "", ""))
}

/// The same in a column, where money has one unit, however little one of the amounts is.
pub fn amount_in_column(value: i64, unit: Unit) -> String {
    figure(&Figure::of(Reported::Value(value), unit, "", "").in_column(unit))
}

/// A figure as the pages show it, or the word in its place.
pub fn figure(of: &Figure) -> String {
    match (&of.value, of.word) {
        (Some(value), _) => format!("{value} {}", of.unit),
        (None, word) => word.unwrap_or("—").to_owned(),
    }
}

/// Folders in which fonts lie, the operator's own first.
fn folders() -> Vec<PathBuf> {
    let usual = ["/usr/local/share/fonts", "/usr/share/fonts", "/Library/Fonts", "C:\\Windows\\Fonts"];
    FOLDER.get().cloned().into_iter().chain(usual.map(PathBuf::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_chinese_fonts_still_makes_word_and_says_why_no_pdf() {
        let mut document = Document::new("调度通报");
        document.text("本月进展。");
        let bare = tempfile::tempdir().unwrap();
        let folders = [bare.path().to_owned()];
        let lost = made_with(&document, "pdf", &folders).unwrap_err();
        // The page of it is 409: nothing is broken, and nobody was quicker.
        let Error::NotNow(words) = &lost else { panic!("{lost:?}") };
        assert!(words.contains("没有可用的中文字体") && words.contains("可先下载 Word"), "{words}");
        assert!(made_with(&document, "docx", &folders).unwrap().starts_with(b"PK"));
    }

    #[test]
    fn a_code_opens_the_page_where_the_address_is_known() {
        assert_eq!(opens("", "/months/202610/bulletin"), None);
        let code = opens("https://example.org/", "/months/202610/bulletin");
        let whole = "https://example.org/months/202610/bulletin";
        assert!(matches!(code, Some(Block::Code { address, .. }) if address == whole));
    }
}
