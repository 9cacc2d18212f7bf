//! The three-party agreements of the demonstration: recorded by one party, acknowledged by the two others.

use super::maker::{Maker, describe};
use super::plan::back;
use super::rng::{SeededRng, plus};
use super::schools::HOME;
use crate::network::agreements::{self, NewAgreement};
use crate::network::pairings::PairingRow;
use crate::shared::review::{self, Action};
use jiedui_kernel::{Date, Result};
use std::sync::Arc;

const SUMMARY: [&str; 4] = [
    "协作内容含师资轮训、专业建设、实训基地共建和技能竞赛；每学期召开一次联席会。",
    "三方商定互派教师、共享课程、合作招生；经费由牵头院校和县级院校分担。",
    "以当地产业为重点，三年内帮建两个特色专业，开展社会培训，帮助备案评价机构。",
    "每年报送协作项目清单，按清单推进；日常联络由三方教务负责人承担。",
];

/// Where the paper of a pairing stands, if not simply signed by all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Signed,
    /// Signed, and its term is over soon.
    Ends,
    /// Signed; an amendment waits for the nearby school.
    Amended,
    /// Signed; the county school sent an amendment back.
    SentBack,
}

const STANDINGS: [(&str, Standing); 3] =
    [("441324", Standing::Ends), ("441403", Standing::Amended), ("441882", Standing::SentBack)];

/// Records the agreements of the pairings that were signed; `code` gives the county of a pairing.
pub async fn sign(
    maker: &mut Maker,
    rows: &[PairingRow],
    code: impl Fn(&PairingRow) -> &'static str,
) -> Result<()> {
    let rng = SeededRng::new(8);
    let programme = Arc::clone(&maker.programme);
    for row in rows {
        let Some(signed) = row.agreed_on else { continue };
        let standing =
            STANDINGS.iter().find(|(county, _)| *county == code(row)).map(|(_, standing)| *standing);
        let standing = standing.unwrap_or(Standing::Signed);
        let to = match standing {
            Standing::Ends => Some(plus(maker.today, 40)),
            _ if code(row) == HOME || rng.chance(70) => Some(plus(signed, 1826)),
            _ => None,
        };
        let first = NewAgreement {
            signed_on: Some(signed),
            to_day: to,
            summary: rng.word(&SUMMARY).to_owned(),
            ..NewAgreement::default()
        };
        let recorded =
            programme.calendar.workdays.after(signed, u32::try_from(rng.between(2, 9)).unwrap_or(3));
        let agreed =
            programme.calendar.workdays.after(recorded, u32::try_from(rng.between(1, 6)).unwrap_or(3));
        let answers =
            [(&row.nearby, agreed, Action::Agree), (&row.county_school, plus(agreed, 1), Action::Agree)];
        play(maker, row, &first, recorded, &answers).await?;
        let ago = |workdays| back(&programme.calendar, maker.today, workdays);
        let amendment = NewAgreement {
            kind: "amendment".to_owned(),
            signed_on: Some(ago(10)),
            from_day: Some(ago(10)),
            summary: "增加合作招生和共建实训基地两项内容，其他不变。".to_owned(),
            ..NewAgreement::default()
        };
        match standing {
            Standing::Signed | Standing::Ends => {}
            Standing::Amended => {
                let answers = [(&row.county_school, ago(3), Action::Agree)];
                play(maker, row, &amendment, ago(6), &answers).await?;
            }
            Standing::SentBack => {
                let answers =
                    [(&row.nearby, ago(6), Action::Agree), (&row.county_school, ago(4), Action::Return)];
                play(maker, row, &amendment, ago(8), &answers).await?;
            }
        }
    }
    Ok(())
}

/// Recorded by the lead college, and answered, as far as these days lie behind and within the pairing.
async fn play(
    maker: &mut Maker,
    row: &PairingRow,
    new: &NewAgreement,
    recorded: Date,
    answers: &[(&String, Date, Action)],
) -> Result<()> {
    let latest = row.to_day.unwrap_or(Date::MAX).min(maker.last());
    if recorded > latest || new.signed_on.is_some_and(|day| day < row.from_day) {
        return Ok(());
    }
    let programme = Arc::clone(&maker.programme);
    let actor = maker.actor(&row.lead).await?;
    maker.act(&actor, recorded);
    let recorded = agreements::record(&mut maker.tx, row, new).await;
    let id = recorded.map_err(|error| describe("agreement", error))?;
    for (org, day, action) in answers.iter().filter(|(_, day, _)| *day <= latest) {
        let actor = maker.actor(org).await?;
        maker.act(&actor, *day);
        let paper = agreements::find(&mut maker.tx, &id).await?;
        let paper = review::open(&mut maker.tx, &programme, paper).await?;
        let reason = if *action == Action::Agree {
            ""
        } else {
            "签订日期和协议书上写的不一致，请核对。"
        };
        let answered =
            agreements::answer(&mut maker.tx, &programme, &paper, (*action, paper.row.revision, reason))
                .await;
        answered.map_err(|error| describe("agreement", error))?;
    }
    Ok(())
}
