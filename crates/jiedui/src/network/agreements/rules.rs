//! What may be done to an agreement and by whom, which edition holds, and which files are taken (decisions.md
//! "Agreement", "Scope").

use super::data::AgreementRow;
use crate::network::pairings::PairingRow;
use crate::network::pairings::rules::answers_still;
use jiedui_kernel::{Date, FieldError};
use jiedui_programme::Programme;
use jiedui_web::figure::StateMark;
use jiedui_web::form::Upload;
use jiedui_web::history::{self, Consent, HistoryRow, Party};
use jiedui_web::limits::UPLOAD_BYTES;
use serde::Serialize;

pub const KINDS: [(&str, &str); 3] = [("first", "首次签订"), ("amendment", "修订"), ("renewal", "续签")];

pub const STEPS: [(&str, &str); 6] = [
    ("record", "登记协议"),
    ("edit", "修改登记的内容"),
    ("agree", "确认"),
    ("send_back", "退回"),
    ("sign", "三方都已确认"),
    ("withdraw", "撤回登记"),
];

pub fn kind_name(kind: &str) -> &'static str {
    KINDS.iter().find(|(id, _)| *id == kind).map_or("协议", |(_, name)| name)
}

/// The longest summary, in characters.
pub const SUMMARY: usize = 500;

/// An agreement as one party records it.
#[derive(Debug, Clone, Default)]
pub struct NewAgreement {
    /// Asked where an agreement was signed before: `amendment` or `renewal`. The first one is `first` by itself.
    pub kind: String,
    pub signed_on: Option<Date>,
    /// The first day of the term; where none is given, the pairing's.
    pub from_day: Option<Date>,
    pub to_day: Option<Date>,
    pub summary: String,
    pub file: Option<Upload>,
}

/// Says everything that is wrong with it; `after_first` where an agreement of this pairing is signed already.
pub fn check(new: &NewAgreement, after_first: bool, today: Date) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut say = |field: &str, message: &str| {
        errors.push(FieldError { field: field.to_owned(), message: message.to_owned() });
    };
    if after_first && !matches!(new.kind.as_str(), "amendment" | "renewal") {
        say("kind", "这组结对已有签订的协议，请选择这一份是修订还是续签。");
    }
    match new.signed_on {
        None => say("signed_on", "请选择协议书上写的签订日期。"),
        Some(day) if day > today => {
            say("signed_on", "签订日期还没有到；请等三方签字后再登记，日期以协议书上写的为准。")
        }
        Some(_) => {}
    }
    match (new.from_day, new.to_day) {
        (None, _) => say("from_day", "请选择协议从哪一天起有效。"),
        (Some(from), Some(to)) if to <= from => {
            say("to_day", "有效期的结束日期要晚于开始日期，两个日期可能写反了。")
        }
        _ => {}
    }
    if new.summary.chars().count() > SUMMARY {
        say("summary", "主要内容最多写五百个字，请写得短些。");
    }
    if let Some(file) = &new.file
        && let Err(message) = kind_of_file(&file.bytes)
    {
        say("file", message);
    }
    errors
}

/// What a file is by its content: its type, and the ending that its name gets. Names prove nothing.
pub fn kind_of_file(bytes: &[u8]) -> Result<(&'static str, &'static str), &'static str> {
    const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    let holds = |word: &[u8]| bytes.windows(word.len()).any(|part| part == word);
    if bytes.is_empty() {
        return Err("这个文件是空的，请重新选择。");
    }
    if bytes.len() > UPLOAD_BYTES {
        return Err("文件超过 20 MB。请压缩扫描件或拆开后重试。");
    }
    if bytes.starts_with(b"%PDF-") {
        Ok(("application/pdf", "pdf"))
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Ok(("image/jpeg", "jpg"))
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Ok(("image/png", "png"))
    } else if bytes.starts_with(b"PK\x03\x04") && holds(b"word/document.xml") {
        Ok((DOCX, "docx"))
    } else {
        Err("只接收 PDF、JPG、PNG 或 DOCX 文件，按内容辨认；请把协议书扫描或另存为其中一种。")
    }
}

/// The type under which a kept file is sent: only what is taken in goes out.
pub fn mime_of(kept: &str) -> &'static str {
    match kept {
        "application/pdf" => "application/pdf",
        "image/jpeg" => "image/jpeg",
        "image/png" => "image/png",
        _ => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }
}

/// The name under which a file is kept: without a path, not too long, with the ending that its content has.
pub fn file_name(given: &str, ending: &str) -> String {
    let name = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control() && *c != '"').collect();
    let stem = match name.trim().rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name.trim(),
    };
    let stem: String = stem.chars().take(80).collect();
    format!("{}.{ending}", if stem.is_empty() { "协议" } else { &stem })
}

/// The three parties, in the order in which they are named.
pub fn parties(row: &AgreementRow) -> Vec<Party> {
    Party::three(
        (&row.lead, &row.lead_name),
        (&row.nearby, &row.nearby_name),
        (&row.county_school, &row.county_name),
    )
}

/// Where each party stands to the present content. The one who recorded or changed it agrees to what it wrote.
pub fn consents(row: &AgreementRow, history: &[HistoryRow]) -> Vec<Consent> {
    let own = |step: &HistoryRow| {
        let kind = if step.kind == "edit" { "record" } else { &step.kind };
        HistoryRow { kind: kind.to_owned(), ..step.clone() }
    };
    let history: Vec<HistoryRow> = history.iter().map(own).collect();
    history::consents(&parties(row), &history, row.content, "record")
}

/// What the caller may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct AllowedActions {
    pub answer: bool,
    pub edit: bool,
    pub withdraw: bool,
}

/// A party answers until it has agreed; the recorder changes or withdraws until all have. A former partner may do so
/// for some days after the end.
pub fn may(
    org: &str,
    row: &AgreementRow,
    history: &[HistoryRow],
    programme: &Programme,
    today: Date,
) -> AllowedActions {
    let open = row.state == "recorded" && answers_still(row.pairing_to, programme, today);
    let recorder = open && org == row.recorder;
    AllowedActions { answer: open && awaits(row, history, org), edit: recorder, withdraw: recorder }
}

/// Whether this party's consent to the present content is still missing; one who sent it back may think better of it.
pub fn awaits(row: &AgreementRow, history: &[HistoryRow], org: &str) -> bool {
    row.state == "recorded"
        && org != row.recorder
        && consents(row, history).iter().any(|one| one.org == org && !one.agreed)
}

pub fn is_party(org: &str, pairing: &PairingRow) -> bool {
    [&pairing.lead, &pairing.nearby, &pairing.county_school].into_iter().any(|party| party == org)
}

/// The edition that waits for answers; there is one at most.
pub fn open_one(rows: &[AgreementRow]) -> Option<&AgreementRow> {
    rows.iter().find(|row| row.state == "recorded")
}

/// The signed edition that holds on a day: the newest whose term has begun. Its term may be over; then nothing newer is.
pub fn in_force(rows: &[AgreementRow], today: Date) -> Option<&AgreementRow> {
    rows.iter().filter(|row| row.state == "signed" && row.from_day <= today).max_by_key(|row| row.edition)
}

pub fn expired(row: &AgreementRow, today: Date) -> bool {
    row.to_day.is_some_and(|end| end < today)
}

/// How one edition stands among the others of its pairing.
pub fn state(row: &AgreementRow, rows: &[AgreementRow], today: Date) -> StateMark {
    let holds = in_force(rows, today).is_some_and(|one| one.id == row.id);
    match row.state.as_str() {
        "recorded" if row.sent_back => StateMark::new("disputed", "被退回", "◆"),
        "recorded" => StateMark::new("pending", "待另两方确认", "○"),
        "withdrawn" => StateMark::new("none", "已撤回", "–"),
        _ if holds && expired(row, today) => StateMark::new("late", "有效期已过", "■"),
        _ if holds => StateMark::new("done", "有效", "●"),
        _ if row.from_day > today => StateMark::new("active", "已签订，尚未起算", "◐"),
        _ => StateMark::new("none", "已由后一份接替", "–"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::agreements::tests::{day, programme};

    fn row(edition: i64, state: &str, from: &str, to: Option<&str>) -> AgreementRow {
        AgreementRow {
            id: format!("a{edition}"),
            pairing: "p".into(),
            edition,
            kind: "first".into(),
            signed_on: day(from),
            from_day: day(from),
            to_day: to.map(day),
            summary: String::new(),
            recorder: "lead".into(),
            recorder_name: "甲".into(),
            state: state.into(),
            content: 1,
            file_name: String::new(),
            version: 1,
            county_school: "school".into(),
            county_name: "丙".into(),
            lead: "lead".into(),
            lead_name: "甲".into(),
            nearby: "nearby".into(),
            nearby_name: "乙".into(),
            pairing_to: None,
            sent_back: false,
        }
    }

    fn step(org: &str, kind: &str, content: i64) -> HistoryRow {
        HistoryRow {
            at: jiedui_kernel::Instant::default(),
            name: "某人".into(),
            org: org.into(),
            org_name: org.into(),
            kind: kind.into(),
            reason: String::new(),
            content,
            change: String::new(),
        }
    }

    fn new() -> NewAgreement {
        NewAgreement {
            signed_on: Some(day("2024-07-26")),
            from_day: Some(day("2024-07-26")),
            ..NewAgreement::default()
        }
    }

    fn fields(new: &NewAgreement, after_first: bool) -> Vec<String> {
        check(new, after_first, day("2026-11-24")).into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn what_is_wrong_is_told_at_its_field() {
        assert!(fields(&new(), false).is_empty());
        assert_eq!(fields(&new(), true), ["kind"]);
        assert!(fields(&NewAgreement { kind: "renewal".into(), ..new() }, true).is_empty());
        assert_eq!(
            fields(&NewAgreement { signed_on: Some(day("2026-11-25")), ..new() }, false),
            ["signed_on"]
        );
        assert_eq!(fields(&NewAgreement { to_day: Some(day("2024-07-26")), ..new() }, false), ["to_day"]);
        assert_eq!(fields(&NewAgreement { summary: "长".repeat(501), ..new() }, false), ["summary"]);
        let file = Some(Upload { name: "协议.pdf".into(), bytes: b"MZ not a document".to_vec() });
        assert_eq!(fields(&NewAgreement { file, ..new() }, false), ["file"]);
        assert_eq!(fields(&NewAgreement::default(), false), ["signed_on", "from_day"]);
    }

    #[test]
    fn files_are_known_by_their_content_and_named_after_it() {
        assert_eq!(kind_of_file(b"%PDF-1.7 x").unwrap().1, "pdf");
        assert_eq!(kind_of_file(&[0xff, 0xd8, 0xff, 0xe0]).unwrap().1, "jpg");
        assert_eq!(kind_of_file(b"\x89PNG\r\n\x1a\n..").unwrap().1, "png");
        assert_eq!(kind_of_file(b"PK\x03\x04 .. word/document.xml ..").unwrap().1, "docx");
        assert!(kind_of_file(b"PK\x03\x04 .. xl/workbook.xml ..").is_err());
        assert!(kind_of_file(b"<html>").is_err() && kind_of_file(b"").is_err());
        assert_eq!(file_name("C:\\扫描\\三方协议.PDF.exe", "pdf"), "三方协议.PDF.pdf");
        assert_eq!(file_name(".pdf", "pdf"), ".pdf.pdf");
        assert_eq!(file_name("", "png"), "协议.png");
    }

    #[test]
    fn the_recorder_does_not_answer_itself_and_outsiders_do_nothing() {
        let (programme, today) = (programme(), day("2026-11-24"));
        let open = row(1, "recorded", "2024-07-26", None);
        let history = [step("lead", "record", 1), step("nearby", "agree", 1)];
        let may = |org: &str| may(org, &open, &history, &programme, today);
        assert_eq!(may("lead"), AllowedActions { answer: false, edit: true, withdraw: true });
        assert_eq!(may("school"), AllowedActions { answer: true, edit: false, withdraw: false });
        assert_eq!(may("nearby"), AllowedActions::default(), "it agreed already");
        assert_eq!(may("county bureau"), AllowedActions::default());
        let signed = row(1, "signed", "2024-07-26", None);
        assert_eq!(super::may("lead", &signed, &history, &programme, today), AllowedActions::default());
    }

    #[test]
    fn a_former_partner_answers_for_ninety_days() {
        let programme = programme();
        let ended =
            AgreementRow { pairing_to: Some(day("2026-06-30")), ..row(1, "recorded", "2024-07-26", None) };
        let may = |today: &str| may("nearby", &ended, &[], &programme, day(today)).answer;
        assert!(may("2026-09-28") && !may("2026-09-29"));
    }

    #[test]
    fn an_edit_is_agreed_to_by_its_author_and_asks_the_others_again() {
        let changed = AgreementRow { content: 2, ..row(1, "recorded", "2024-07-26", None) };
        let history = [step("lead", "record", 1), step("nearby", "agree", 1), step("lead", "edit", 2)];
        let agreed: Vec<bool> = consents(&changed, &history).iter().map(|one| one.agreed).collect();
        assert_eq!(agreed, [true, false, false]);
        assert!(awaits(&changed, &history, "nearby") && !awaits(&changed, &history, "lead"));
    }

    #[test]
    fn the_newest_edition_whose_term_has_begun_holds() {
        let today = day("2026-11-24");
        let rows = [
            row(4, "withdrawn", "2026-01-01", None),
            row(3, "signed", "2027-07-26", None),
            row(2, "signed", "2025-07-26", Some("2026-07-25")),
            row(1, "signed", "2024-07-26", None),
        ];
        assert_eq!(in_force(&rows, today).unwrap().edition, 2);
        let labels: Vec<&str> = rows.iter().map(|row| state(row, &rows, today).label).collect();
        assert_eq!(labels, ["已撤回", "已签订，尚未起算", "有效期已过", "已由后一份接替"]);
    }
}
