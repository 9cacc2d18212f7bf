//! What a side puts beside an entry or an output, through the browser: seen by whom it concerns, and by nobody else.

use crate::both_engines;
use crate::evidence::ledger;
use crate::shared::handed_in::StoredFile;
use crate::sharing::resources;
use crate::testing::{Agent, PageResponse, Province, actor};
use jiedui_files::{ContentHash, FileKind, Folder};
use jiedui_kernel::{Code, Error};

const PDF: &[u8] = b"%PDF-1.4 who was there";

async fn attach(agent: &Agent, page: &str, bytes: &[u8]) -> PageResponse {
    agent.upload_with(&format!("{page}/attachments"), &[], ("名单.pdf", bytes)).await
}

/// The addresses at which the page of a thing offers what stands beside it.
async fn offered(agent: &Agent, page: &str) -> Vec<String> {
    let shown = agent.get(page).await;
    assert_eq!(shown.status, 200, "{page}");
    shown.attributes("a[href*='/attachments/']", "href")
}

/// The other side's answer, at the version that it sees.
async fn answer(agent: &Agent, page: &str, verdict: &str) -> u16 {
    let version = agent.get_json(page).await.json()["version"].to_string();
    let fields = [("version", version.as_str()), ("verdict", verdict)];
    agent.post(&format!("{page}/answer"), &fields).await.status.as_u16()
}

async fn take_back(agent: &Agent, attachment: &str) -> u16 {
    agent.post(&format!("{attachment}/take-back"), &[]).await.status.as_u16()
}

both_engines! {
    /// Put there by one side, seen by both and not by a bureau whose page masks names, taken back until the other side acts.
    async fn a_paper_beside_a_dispute_is_for_those_whom_it_concerns(world: World, p: Province) {
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        let county = world.agent(&p.county, "county").await;
        let entry = format!("/entries/{}", p.visit);
        assert!(lead.get(&entry).await.says("有争议时可附一份材料（可不附）"));
        assert!(attach(&lead, &entry, b"").await.refuses(Code::Missing));
        assert!(attach(&lead, &entry, b"MZ a program").await.refuses(Code::WrongFile));
        assert_eq!(attach(&county, &entry, PDF).await.status, 403, "no side");
        assert_eq!(attach(&lead, &entry, PDF).await.status, 303);
        assert!(attach(&lead, &entry, PDF).await.refuses(Code::Duplicate));
        let found = offered(&school, &entry).await;
        assert_eq!(found.len(), 1);
        assert_eq!(school.get(&found[0]).await.bytes, PDF);
        let shown = school.get(&format!("{}/view", found[0])).await;
        assert_eq!((shown.status.as_u16(), shown.content_type.as_str()), (200, "application/pdf"));
        assert!(offered(&county, &entry).await.is_empty() && !county.get(&entry).await.says("名单.pdf"));
        let stranger = world.agent(&p.other_lead, "lead").await;
        for agent in [&county, &stranger] {
            assert_eq!(agent.get(&found[0]).await.status, 404);
            assert_eq!(agent.get(&format!("{}/view", found[0])).await.status, 404);
        }
        assert_eq!(take_back(&school, &found[0]).await, 404, "another's");
        assert_eq!(take_back(&lead, &found[0]).await, 303);
        assert!(offered(&school, &entry).await.is_empty());
        assert_eq!(school.get(&found[0]).await.status, 404);
        assert_eq!(attach(&lead, &entry, PDF).await.status, 303);
        let version = school.get_json(&entry).await.json()["version"].to_string();
        let dispute = [("version", version.as_str()), ("verdict", "dispute"), ("reason", "人数不对")];
        assert_eq!(school.post(&format!("{entry}/answer"), &dispute).await.status, 303);
        let found = offered(&lead, &entry).await;
        assert_eq!(take_back(&lead, &found[0]).await, 409, "the other side has acted");
        for at in 0..3 {
            assert_eq!(attach(&school, &entry, format!("%PDF-1.4 {at}").as_bytes()).await.status, 303);
        }
        let more: &[u8] = b"%PDF-1.4 more than may be put here";
        assert!(attach(&school, &entry, more).await.refuses(Code::TooMany));
        assert!(!Folder::at(&world.app.files).holds(&ContentHash::of(more)), "not kept for nothing");
        assert!(lead.get("/notices").await.says("附了一份材料"));
        let auditor = world.agent(&p.office, "auditor").await;
        let leaves = auditor.get("/audit?action=entry.attach").await;
        assert_eq!(leaves.all("tbody tr").len(), 5, "{}", leaves.text());
    }

    /// An output has the same place; and a file that is no more in its folder is told of.
    async fn an_output_has_the_same_place_and_what_is_lost_is_told(world: World, p: Province) {
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        let output = format!("/outputs/{}", p.rows.on("output", &p.running));
        // Of this world alone: all keep their files in one folder.
        let bytes = format!("%PDF-1.4 {}", world.directory().display()).into_bytes();
        let hash = ContentHash::of(&bytes);
        assert_eq!(attach(&school, &output, &bytes).await.status, 303);
        let found = offered(&lead, &output).await;
        assert_eq!(lead.get(&found[0]).await.bytes, bytes);
        let folder = Folder::at(&world.app.files);
        let lost = async || {
            let lost = resources::lost(&world.app.db, &folder).await.unwrap();
            lost.iter().filter(|one| one.hash == hash.as_str()).count()
        };
        assert_eq!(lost().await, 0);
        std::fs::remove_file(folder.path(&hash)).unwrap();
        assert_eq!(lost().await, 1);
        assert_eq!(lead.get(&found[0]).await.status, 409, "told, and the page goes on");
    }

    /// What the college recorded is answered by the school: from then on neither side adds to it, and what the answer may rest on
    /// stays where it is. Where the answer is taken back, the output is open again.
    async fn a_settled_output_takes_no_more(world: World, p: Province) {
        let (lead, school) = (world.agent(&p.lead, "lead").await, world.agent(&p.xingning, "county_school").await);
        // Of a type of the programme: nobody answers one whose type is unknown.
        let fields = [
            ("title", "技能实训体系"),
            ("stage", "building"),
            ("since", "2026-09-01"),
            ("helper", p.nearby.as_str()),
            ("scope", "数控与机电"),
            ("what", "system"),
        ];
        let output = format!("/outputs/{}", lead.post("/outputs/new/training-system", &fields).await.made());
        assert_eq!(attach(&lead, &output, PDF).await.status, 303);
        let found = offered(&school, &output).await;
        assert_eq!(found.len(), 1);
        assert_eq!(answer(&lead, &output, "confirm").await, 403, "nobody answers what is its own");
        assert_eq!(answer(&school, &output, "confirm").await, 303);
        let late: &[u8] = b"%PDF-1.4 after the answer";
        for side in [&lead, &school] {
            assert_eq!(attach(side, &output, late).await.status, 409, "it is settled");
            assert!(!side.get(&output).await.says("有争议时可附一份材料"));
            assert_eq!(offered(side, &output).await, found, "what was added before is still there");
            assert_eq!(side.get(&found[0]).await.bytes, PDF);
        }
        assert!(!Folder::at(&world.app.files).holds(&ContentHash::of(late)), "not kept for nothing");
        assert_eq!(take_back(&lead, &found[0]).await, 409, "the other side has acted");
        assert_eq!(answer(&school, &output, "take_back").await, 303);
        assert_eq!(attach(&school, &output, b"%PDF-1.4 open again").await.status, 303);
        assert_eq!(offered(&lead, &output).await.len(), 2);
        assert_eq!(take_back(&lead, &found[0]).await, 409, "it had been answered all the same");
    }

    /// What the other side answers between a look and what follows from it is not passed over.
    async fn nothing_is_put_beside_what_was_answered_meanwhile(world: World, p: Province) {
        let (programme, school) = (world.app.programme(), world.agent(&p.xingning, "county_school").await);
        let seen = ledger::find(&mut world.tx().await, &p.visit).await.unwrap();
        let version = seen.version.to_string();
        let confirm = [("version", version.as_str()), ("verdict", "confirm")];
        assert_eq!(school.post(&format!("/entries/{}/answer", p.visit), &confirm).await.status, 303);
        let name = "名单.pdf".to_owned();
        let file = StoredFile { hash: ContentHash::of(PDF), kind: FileKind::Pdf, size: PDF.len(), name };
        let mut tx = world.tx().await;
        let lead = actor(&mut tx, &p.lead, "lead").await;
        tx.act_as(lead);
        let late = ledger::attach(&mut tx, &programme, &seen, &file).await;
        assert!(matches!(late, Err(Error::Conflict(_))), "{late:?}");
    }
}
