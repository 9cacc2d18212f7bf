//! The feed as the standard has it.

use super::super::api::calendar;
use super::super::data::AnnouncementRow;
use super::super::rules::State;
use crate::testing::{day, programme};
use jiedui_kernel::Instant;
use jiedui_store::PersonName;

fn row() -> AnnouncementRow {
    AnnouncementRow {
        id: "a1".to_owned(),
        pairing: "p".to_owned(),
        org: "o".to_owned(),
        org_name: "广东省某某市第一技师学院；分号, 逗号".to_owned(),
        county_school: "c".to_owned(),
        county_name: "某某县第二职业技工学校".to_owned(),
        activity: "visit".to_owned(),
        from_day: day("2026-11-30"),
        to_day: day("2026-12-01"),
        person: None,
        person_name: Some(PersonName::new("p1", "head", "某校长")),
        visitors: String::new(),
        place: String::new(),
        quantity: None,
        purpose: "商量\n项目".to_owned(),
        state: State::Announced,
        proposed_from: None,
        proposed_to: None,
        entry: None,
        withdrawn: 0,
        changed_at: Instant::default(),
        version: 3,
    }
}

#[test]
fn a_feed_is_as_the_standard_has_it() {
    let programme = programme();
    let text = calendar(&programme, &[row(), AnnouncementRow { state: State::Cancelled, ..row() }]);
    assert!(text.ends_with("END:VCALENDAR\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']));
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "folded at 75 octets: {text}");
    let whole = text.replace("\r\n ", "");
    let has = |line: &str| whole.split("\r\n").filter(|found| *found == line).count();
    for once in ["VERSION:2.0", "PRODID:-//jiedui//calendar//ZH", "STATUS:CONFIRMED", "STATUS:CANCELLED"] {
        assert_eq!(has(once), 1, "{once} in {whole}");
    }
    for each in [
        "UID:a1@jiedui",
        "DTSTAMP:19700101T000000Z",
        "DTSTART;VALUE=DATE:20261130",
        "DTEND;VALUE=DATE:20261202",
        "SEQUENCE:2",
    ] {
        assert_eq!(has(each), 2, "{each} in {whole}");
    }
    assert!(!whole.contains("METHOD"), "published, not sent");
    assert!(whole.contains("分号\\, 逗号") || whole.contains("；分号\\, 逗号"), "{whole}");
    assert!(!whole.contains("某校长") && !whole.contains("商量"), "no person, nothing that people wrote");
    assert_eq!(calendar(&programme, &[row()]), calendar(&programme, &[row()]), "the same until it changes");
}
