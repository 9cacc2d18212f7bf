//! What may be done to an agreement and by whom, which edition holds, and which files are taken (decisions.md
//! "Agreement", "Scope").

use super::data::{self, AgreementRow, AgreementState};
use crate::network::pairings::PairingRow;
use crate::network::pairings::rules::answers_still;
use crate::shared::review::{
    self, Action, Answered, Caller, Condition, Consent, ConsentParty, Head, Life, Refusal, Reviewed, Role,
    Rule, Standing,
};
use jiedui_files::FileKind;
use jiedui_kernel::{Code, Date, Error, FieldError, Mistake, Result};
use jiedui_programme::Programme;
use jiedui_store::{Found, OnFound, Tx};
use jiedui_web::figure::StateMark;
use jiedui_web::form::Upload;
use jiedui_web::history::HistoryRow;
use jiedui_web::limits::UPLOAD_BYTES;

/// One party records, the two others agree; a former partner answers and mends for some days after the end.
pub const LIFE: Life<AgreementState> = {
    use Action::{Agree, Complete, Edit, Finish, Return, Withdraw};
    use AgreementState::{Recorded, Signed, Withdrawn};
    use Condition::{AllAgreed, Awaited, InTime};
    use Role::{Author, ConsentParty, System};
    Life {
        resource: "agreement",
        granted_as: "agreement",
        proposes: &["record", "edit"],
        rules: &[
            Rule::new(Author, Edit, "edit", &[Recorded]).when(&[InTime]).right("record").renews(),
            Rule::new(Author, Complete, "edit", &[Recorded]).when(&[InTime]).right("record"),
            Rule::new(Author, Withdraw, "withdraw", &[Recorded])
                .to(Withdrawn)
                .when(&[InTime])
                .right("record"),
            Rule::new(ConsentParty, Agree, "agree", &[Recorded]).when(&[InTime, Awaited]).right("answer"),
            Rule::new(ConsentParty, Return, "send_back", &[Recorded])
                .when(&[InTime, Awaited])
                .right("answer"),
            Rule::new(System, Finish, "sign", &[Recorded]).to(Signed).when(&[AllAgreed]),
        ],
    }
};

const NOT_YOURS: &str = "这份协议现在不能由本单位改动：登记的单位才能修改或撤回，而且要在三方都确认之前。";
const NOT_ASKED: &str = "这份协议现在不等本单位确认：由登记以外的两方确认，确认过的不用再确认。";

/// For the drawing in docs/lives.md.
pub fn life() -> crate::shared::lives::Life {
    review::draw(
        &LIFE,
        &review::Drawing {
            title: "Agreement 协议",
            about: "One party records what the three signed; the two others agree to it.",
            begins: AgreementState::Recorded,
            label: |state| match state {
                AgreementState::Recorded => "待另两方确认",
                AgreementState::Signed => "三方都已确认",
                AgreementState::Withdrawn => "已撤回",
            },
            words: &STEPS,
        },
    )
}

impl Reviewed for AgreementRow {
    type State = AgreementState;
    const LIFE: &'static Life<AgreementState> = &LIFE;
    const CHANGED: &'static str =
        "这份协议刚被别人改动或答复过，您的操作没有写入。请重新打开页面，看过新内容再定。";

    fn head(&self) -> Head<'_, AgreementState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    /// The three parties, in the order in which they are named.
    fn parties(&self, _programme: &Programme) -> Vec<ConsentParty> {
        ConsentParty::three(
            (&self.lead, &self.lead_name),
            (&self.nearby, &self.nearby_name),
            (&self.county_school, &self.county_name),
        )
    }

    fn standing(&self, caller: Caller<'_>, consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        let org = &caller.actor.org;
        let party = consents.iter().any(|one| one.org == *org);
        Standing::default()
            .role(Role::Author, *org == self.recorder)
            .role(Role::ConsentParty, party && *org != self.recorder)
            .holds(Condition::InTime, answers_still(self.pairing_to, caller.programme, caller.today))
            .holds(Condition::Awaited, review::awaited(consents, org))
    }

    fn title(&self) -> String {
        self.county_name.clone()
    }

    fn refused(action: Action, _why: Refusal) -> Error {
        let answers = matches!(action, Action::Agree | Action::Return);
        Error::Forbidden(if answers { NOT_ASKED } else { NOT_YOURS }.to_owned())
    }
}

impl Answered for AgreementRow {
    async fn find(tx: &mut Tx, id: &str) -> Result<Found<Self>> {
        super::find(tx, id).await
    }

    fn hold() -> &'static OnFound<Self> {
        &data::HOLD
    }
}

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
    let mut say = |field: &str, mistake: Mistake| {
        errors.push(FieldError::new(field, mistake));
    };
    if after_first && !matches!(new.kind.as_str(), "amendment" | "renewal") {
        say("kind", Code::Missing.says("这组结对已有签订的协议，请选择这一份是修订还是续签。"));
    }
    match new.signed_on {
        None => say("signed_on", Code::Missing.says("请选择协议书上写的签订日期。")),
        Some(day) if day > today => say(
            "signed_on",
            Code::InFuture.says("签订日期还没有到；请等三方签字后再登记，日期以协议书上写的为准。"),
        ),
        Some(_) => {}
    }
    match (new.from_day, new.to_day) {
        (None, _) => say("from_day", Code::Missing.says("请选择协议从哪一天起有效。")),
        (Some(from), Some(to)) if to <= from => {
            say("to_day", Code::Reversed.says("有效期的结束日期要晚于开始日期，两个日期可能写反了。"))
        }
        _ => {}
    }
    if new.summary.chars().count() > SUMMARY {
        say("summary", Code::TooLong.says("主要内容最多写五百个字，请写得短些。"));
    }
    if let Some(file) = &new.file
        && let Err(mistake) = kind_of_file(&file.bytes)
    {
        say("file", mistake);
    }
    errors
}

/// What of the known types is taken for an agreement.
const TAKEN: [FileKind; 4] = [FileKind::Pdf, FileKind::Jpeg, FileKind::Png, FileKind::Docx];

/// What a file is by its content: its type, and the ending that its name gets. Names prove nothing.
pub fn kind_of_file(bytes: &[u8]) -> Result<(&'static str, &'static str), Mistake> {
    if bytes.is_empty() {
        return Err(Code::Missing.says("这个文件是空的，请重新选择。"));
    }
    if bytes.len() > UPLOAD_BYTES {
        return Err(Code::TooLarge.says("文件超过 20 MB。请压缩扫描件或拆开后重试。"));
    }
    match FileKind::of(bytes).ok().filter(|kind| TAKEN.contains(kind)) {
        Some(kind) => Ok((kind.mime(), kind.ending())),
        None => Err(Code::WrongFile
            .says("只接收 PDF、JPG、PNG 或 DOCX 文件，按内容辨认；请把协议书扫描或另存为其中一种。")),
    }
}

/// The type under which a kept file is sent: only what is taken in goes out.
pub fn mime_of(kept: &str) -> &'static str {
    FileKind::of_mime(kept).unwrap_or(FileKind::Docx).mime()
}

/// The name under which a file is kept: without a path, not too long, with the ending that its content has.
pub fn file_name(given: &str, ending: &str) -> String {
    jiedui_files::safe_name(given, ending, "协议")
}

pub fn is_party(org: &str, pairing: &PairingRow) -> bool {
    [&pairing.lead, &pairing.nearby, &pairing.county_school].into_iter().any(|party| party == org)
}

/// The edition that waits for answers; there is one at most.
pub fn open_one(rows: &[AgreementRow]) -> Option<&AgreementRow> {
    rows.iter().find(|row| row.state == AgreementState::Recorded)
}

/// The signed edition that holds on a day: the newest whose term has begun. Its term may be over; then nothing newer is.
pub fn in_force(rows: &[AgreementRow], today: Date) -> Option<&AgreementRow> {
    rows.iter()
        .filter(|row| row.state == AgreementState::Signed && row.from_day <= today)
        .max_by_key(|row| row.edition)
}

pub fn expired(row: &AgreementRow, today: Date) -> bool {
    row.to_day.is_some_and(|end| end < today)
}

/// Whether it is the edition that holds although its term is over.
pub fn lapsed(row: &AgreementRow, rows: &[AgreementRow], today: Date) -> bool {
    expired(row, today) && in_force(rows, today).is_some_and(|one| one.id == row.id)
}

/// How one edition stands among the others of its pairing.
pub fn state(row: &AgreementRow, rows: &[AgreementRow], today: Date) -> StateMark {
    let holds = in_force(rows, today).is_some_and(|one| one.id == row.id);
    match row.state {
        AgreementState::Recorded if row.sent_back => StateMark::new("disputed", "被退回", "◆"),
        AgreementState::Recorded => StateMark::new("pending", "待另两方确认", "○"),
        AgreementState::Withdrawn => StateMark::new("none", "已撤回", "–"),
        _ if lapsed(row, rows, today) => StateMark::new("late", "有效期已过", "■"),
        _ if holds => StateMark::new("done", "有效", "●"),
        _ if row.from_day > today => StateMark::new("active", "已签订，尚未起算", "◐"),
        _ => StateMark::new("none", "已由后一份接替", "–"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::agreements::tests::{day, programme};
    use crate::shared::review::Loaded;
    use crate::shared::review::tests::step;
    use jiedui_kernel::Actor;
    use proptest::prelude::*;

    fn row(edition: i64, state: AgreementState, from: &str, to: Option<&str>) -> AgreementRow {
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
            state,
            revision: 1,
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

    /// The row as this organisation opens it on a day.
    fn opened(org: &str, row: AgreementRow, history: &[HistoryRow], today: &str) -> Loaded<AgreementRow> {
        let actor = Actor { org: org.to_owned(), ..Actor::public() };
        let caller = Caller { actor: &actor, programme: &programme(), today: day(today) };
        Loaded::new(row, history.to_vec(), caller)
    }

    #[test]
    fn the_recorder_does_not_answer_itself_and_outsiders_do_nothing() {
        let history = [step("lead", "record", 1), step("nearby", "agree", 1)];
        let may = |org: &str, state| {
            let row = row(1, state, "2024-07-26", None);
            opened(org, row, &history, "2026-11-24").allowed().actions().collect::<Vec<_>>()
        };
        let open = AgreementState::Recorded;
        assert_eq!(may("lead", open), [Action::Edit, Action::Complete, Action::Withdraw]);
        assert_eq!(may("school", open), [Action::Agree, Action::Return]);
        assert!(may("nearby", open).is_empty(), "it agreed already");
        assert!(may("county bureau", open).is_empty());
        assert!(may("lead", AgreementState::Signed).is_empty());
    }

    #[test]
    fn a_former_partner_answers_for_ninety_days() {
        let row = row(1, AgreementState::Recorded, "2024-07-26", None);
        let ended = AgreementRow { pairing_to: Some(day("2026-06-30")), ..row };
        let may = |today: &str| opened("nearby", ended.clone(), &[], today).can(Action::Agree);
        assert!(may("2026-09-28") && !may("2026-09-29"));
    }

    #[test]
    fn an_edit_is_agreed_to_by_its_author_and_asks_the_others_again() {
        let changed = AgreementRow { revision: 2, ..row(1, AgreementState::Recorded, "2024-07-26", None) };
        let history = [step("lead", "record", 1), step("nearby", "agree", 1), step("lead", "edit", 2)];
        let nearby = opened("nearby", changed, &history, "2026-11-24");
        let agreed: Vec<bool> = nearby.consents.iter().map(|one| one.agreed).collect();
        assert_eq!(agreed, [true, false, false]);
        assert!(nearby.can(Action::Agree));
    }

    #[test]
    fn the_newest_edition_whose_term_has_begun_holds() {
        let today = day("2026-11-24");
        let rows = [
            row(4, AgreementState::Withdrawn, "2026-01-01", None),
            row(3, AgreementState::Signed, "2027-07-26", None),
            row(2, AgreementState::Signed, "2025-07-26", Some("2026-07-25")),
            row(1, AgreementState::Signed, "2024-07-26", None),
        ];
        assert_eq!(in_force(&rows, today).unwrap().edition, 2);
        let labels: Vec<&str> = rows.iter().map(|row| state(row, &rows, today).label).collect();
        assert_eq!(labels, ["已撤回", "已签订，尚未起算", "有效期已过", "已由后一份接替"]);
    }

    /// What was allowed, and what came of it, before there was a table.
    const DECIDED: [&str; 18] = [
        "recorded author in time: complete edit withdraw>withdrawn",
        "recorded author late: -",
        "recorded party awaited: agree return_to_submitter",
        "recorded party awaited late: -",
        "recorded party agreed: -",
        "recorded stranger: -",
        "signed author in time: -",
        "signed author late: -",
        "signed party awaited: -",
        "signed party awaited late: -",
        "signed party agreed: -",
        "signed stranger: -",
        "withdrawn author in time: -",
        "withdrawn author late: -",
        "withdrawn party awaited: -",
        "withdrawn party awaited late: -",
        "withdrawn party agreed: -",
        "withdrawn stranger: -",
    ];

    #[test]
    fn the_table_decides_as_was_decided_before() {
        let (author, party) = (
            Standing::default().role(Role::Author, true),
            Standing::default().role(Role::ConsentParty, true),
        );
        let in_time = |standing: &Standing| standing.clone().holds(Condition::InTime, true);
        let awaited = party.clone().holds(Condition::Awaited, true);
        let standings = [
            ("author in time", in_time(&author)),
            ("author late", author),
            ("party awaited", in_time(&awaited)),
            ("party awaited late", awaited),
            ("party agreed", in_time(&party)),
            ("stranger", in_time(&Standing::default())),
        ];
        assert_eq!(review::tests::table(&LIFE, &standings), DECIDED);
        review::tests::is_sound(&LIFE, AgreementState::Recorded);
    }

    proptest! {
        #[test]
        fn any_sequence_of_actions_leaves_row_and_history_in_accord(tries in review::tests::sequences()) {
            let actors = ["lead", "nearby", "school", "stranger"].map(|org| Actor { org: org.to_owned(), ..Actor::public() });
            let around = (&actors[..], review::tests::programme(), day("2026-11-24"));
            let row = row(1, AgreementState::Recorded, "2024-07-26", None);
            review::tests::any_sequence(row, around, step("lead", "record", 1), &tries, |row, next, _| {
                row.revision = next.revision(row.revision);
                row.state = next.to();
            });
        }
    }
}
