//! From a file that one school hands in to its use by another, and from a case to a model, through the browser.

use super::NewItem;
use super::actions::keeping;
use super::data::{self, ItemRow, ItemState, UseRow};
use crate::both_engines;
use crate::evidence::outputs;
use crate::shared::handed_in::StoredFile;
use crate::shared::review;
use crate::testing::{Agent, PageResponse, Province, World, actor};
use jiedui_files::{ContentHash, FileKind, Folder};
use jiedui_kernel::Code;
use jiedui_store::args;
use serde_json::json;

/// What the sample of every organisation hands in.
pub const PDF: &[u8] = b"%PDF-1.4 the lecture notes";

fn stored(world: &World, bytes: &[u8]) -> StoredFile {
    let hash = Folder::at(&world.app.files).put(bytes).unwrap();
    let kind = FileKind::of(bytes).unwrap();
    StoredFile { hash, kind, size: bytes.len(), name: format!("样例.{}", kind.ending()) }
}

/// One that an organisation took out of the library again, and a use that it stated: for the tests that ask every route.
pub async fn example(world: &World, org: &str) -> Vec<(&'static str, String)> {
    let mut tx = world.tx().await;
    let author = actor(&mut tx, org, "county_school").await;
    tx.act_as(author);
    let programme = world.app.programme();
    let text = |word: &str| word.to_owned();
    let new =
        NewItem { title: text("样例"), kind: text("course"), licence: text("adapt"), ..NewItem::default() };
    let id = super::share(&mut tx, &programme, &new, &stored(world, PDF)).await.unwrap();
    let opened = super::opened(&mut tx, &programme, &id).await.unwrap();
    let (used, today) = (tx.new_id(), tx.today());
    tx.change(&opened.row, &data::STATE_USE, args![&used, org, "样例", "2026-2027-1", today]).await.unwrap();
    review::begun::<UseRow>(&mut tx, &used, "state", json!({ "sample": true })).await.unwrap();
    super::actions::take_down(&mut tx, &opened, opened.row.version, "样例").await.unwrap();
    tx.commit().await.unwrap();
    vec![("library_item", id), ("library_use", used)]
}

fn about<'a>(kind: &'a str, title: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("kind", kind), ("title", title), ("licence", "as-is"), ("about", "八次课的讲义"), ("task", "T5")]
}

/// Shares a file; returns the address of its page.
async fn shared(agent: &Agent, kind: &str, title: &str, bytes: &[u8]) -> String {
    let made = agent.upload_with("/resources/new", &about(kind, title), ("讲义.pdf", bytes)).await;
    assert_eq!(made.status, 303, "{:?}", made.all(".errors li"));
    made.location
}

async fn act(agent: &Agent, page: &str, act: &str, fields: &[(&str, &str)]) -> PageResponse {
    let version = agent.get_json(page).await.json()["version"].to_string();
    agent.post(&format!("{page}/{act}"), &[&[("version", version.as_str())], fields].concat()).await
}

async fn found(agent: &Agent, query: &str) -> Vec<String> {
    let page = agent.get(&format!("/resources?{query}")).await;
    assert_eq!(page.status, 200, "{query}");
    page.all("table td:first-child a")
}

both_engines! {
    /// T5.5: shared by one, found by another in words, pinyin and initials, looked at, taken and used; the use is counted.
    async fn what_one_school_shares_another_finds_and_uses(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let school = world.agent(&p.nanxiong, "county_school").await;
        let page = shared(&lead, "course", "数控车床编程讲义", PDF).await;
        for query in ["q=车床编程", "q=shukong", "q=skcc", "q=讲义&kind=course&task=T5", "kind=course"] {
            assert_eq!(found(&school, query).await, ["数控车床编程讲义"], "{query}");
        }
        for query in ["q=铣床", "kind=paper", "task=T4&q=数控", "which=own&kind=course", "which=model"] {
            assert!(found(&school, query).await.is_empty(), "{query}");
        }
        assert_eq!(found(&lead, "which=own&kind=course").await.len(), 1);
        let seen = school.get(&page).await;
        assert!(seen.says("照原样使用") && seen.says("还没有学校登记使用"), "{}", seen.text());
        let shown = &seen.attributes("object.preview", "data")[0];
        let view = school.get(shown).await;
        assert_eq!((view.status.as_u16(), view.content_type.as_str(), view.bytes.as_slice()), (200, "application/pdf", PDF));
        let file = school.get(&format!("{page}/files/1")).await;
        assert_eq!((file.status.as_u16(), file.bytes.as_slice()), (200, PDF));
        assert_eq!(school.get(&format!("{page}/files/2")).await.status, 404);
        let to = format!("{page}/use");
        assert!(school.post(&to, &[("subject", ""), ("semester", "2026-2027-1")]).await.refuses(Code::Missing));
        assert!(school.post(&to, &[("subject", "一班"), ("semester", "1999")]).await.refuses(Code::NotListed));
        let fields = [("subject", "数车实训，一班"), ("semester", "2026-2027-1")];
        assert_eq!(school.post(&to, &fields).await.status, 303);
        assert!(school.post(&to, &fields).await.refuses(Code::Duplicate));
        assert_eq!(lead.post(&to, &fields).await.status, 403, "one's own");
        assert!(lead.get("/notices").await.says("用上了本校的资源"));
        let list = lead.get_json("/resources").await.json();
        assert_eq!(list["rows"][0]["uses"]["raw"], 1, "downloads and looks are not counted");
        let back = school.get(&page).await.attributes("form[action$='take-back']", "action")[0].clone();
        assert_eq!(lead.post(&back, &[("version", "1")]).await.status, 404);
        assert_eq!(school.post(&back, &[("version", "1")]).await.status, 303);
        assert!(lead.get(&page).await.says("还没有学校登记使用"));
    }

    /// A file that is not what its name says, or is too large, or the same once more: reported at its field, and nothing kept.
    async fn what_is_no_file_of_ours_is_refused(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let wrong: [(&str, &[u8], Code); 5] = [
            ("讲义.pdf", b"MZ a program", Code::WrongFile),
            ("讲义.docx", PDF, Code::WrongFile),
            ("讲义.svg", b"<svg onload='x()'/>", Code::WrongFile),
            ("讲义.pdf", b"", Code::Missing),
            ("", b"", Code::Missing),
        ];
        for (name, bytes, code) in wrong {
            let refused = lead.upload_with("/resources/new", &about("course", "讲义"), (name, bytes)).await;
            assert!(refused.status == 422 && refused.refuses(code.clone()), "{name} {code:?}: {}", refused.text());
            assert_eq!(refused.attributes("input[name=title]", "value"), ["讲义"], "nothing typed is lost");
        }
        let mut large = PDF.to_vec();
        large.resize(jiedui_web::limits::UPLOAD_BYTES + 1, 0);
        let refused = lead.upload_with("/resources/new", &about("course", "讲义"), ("讲义.pdf", &large)).await;
        assert_eq!(refused.status, 413);
        let refused = lead.upload_with("/resources/new", &[("title", "")], ("讲义.pdf", PDF)).await;
        assert!(refused.refuses(Code::Missing) && refused.all(".wrong").len() == 3, "{}", refused.text());
        shared(&lead, "course", "讲义", PDF).await;
        let twice = lead.upload_with("/resources/new", &about("paper", "又一份"), ("讲义.pdf", PDF)).await;
        assert!(twice.refuses(Code::Duplicate));
        let nearby = world.agent(&p.nearby, "nearby").await;
        shared(&nearby, "course", "同一份讲义", PDF).await;
    }

    /// S3.3: a case is nominated as what was recorded, looked at by the office, and is a model; its next edition is looked
    /// at again; what is taken down is found no more.
    async fn a_case_becomes_a_model(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let office = world.agent(&p.office, "province").await;
        let page = shared(&lead, "case", "两校同备一门课", PDF).await;
        assert!(lead.get(&page).await.attributes("a[href='/outputs/new/model-case']", "href").len() == 1);
        assert!(act(&lead, &page, "nominate", &[("output", "nothing")]).await.refuses(Code::NotListed));
        let fields = [("title", "两校同备一门课"), ("stage", "submitted"), ("since", "2026-10-12")];
        let recorded = lead.post("/outputs/new/model-case", &fields).await;
        assert_eq!(recorded.status, 303, "{:?}", recorded.all(".errors li"));
        let output = lead.get(&page).await.attributes("select[name=output] option", "value")[0].clone();
        assert_eq!(act(&lead, &page, "nominate", &[("output", &output)]).await.status, 303);
        assert!(office.get("/").await.says("评审典型案例"));
        assert_eq!(act(&lead, &page, "decide", &[("verdict", "accept")]).await.status, 403);
        assert!(act(&office, &page, "decide", &[("verdict", "send_back")]).await.refuses(Code::Missing));
        assert_eq!(act(&office, &page, "decide", &[("verdict", "accept")]).await.status, 303);
        assert_eq!(found(&office, "which=model").await, ["两校同备一门课"]);
        let version = lead.get_json(&page).await.json()["version"].to_string();
        let fields = [("version", version.as_str()), ("note", "补了课表")];
        let same = lead.upload_with(&format!("{page}/edition"), &fields, ("讲义.pdf", PDF)).await;
        assert!(same.refuses(Code::Unchanged), "{}", same.text());
        let newer: &[u8] = b"%PDF-1.4 with a timetable";
        let renewed = lead.upload_with(&format!("{page}/edition"), &fields, ("讲义.pdf", newer)).await;
        assert_eq!(renewed.status, 303, "{}", renewed.text());
        assert_eq!(lead.get(&format!("{page}/files/2")).await.bytes, newer);
        assert_eq!(lead.get(&format!("{page}/files/1")).await.bytes, PDF, "the old one stays");
        assert!(office.get(&page).await.says("待评审"));
        assert!(act(&office, &page, "take-down", &[("reason", "")]).await.refuses(Code::Missing));
        assert_eq!(act(&office, &page, "take-down", &[("reason", "有人提出权利异议")]).await.status, 303);
        assert!(lead.get("/notices").await.says("撤下了本校的资源"));
        let stranger = world.agent(&p.nanxiong, "county_school").await;
        assert!(found(&stranger, "").await.is_empty());
        assert_eq!(stranger.get(&page).await.status, 404);
        assert!(found(&lead, "which=own").await.contains(&"两校同备一门课".to_owned()), "its school still sees it");
        let mut tx = world.tx().await;
        let row = tx.find::<ItemRow>(&data::SHOW, args![page.rsplit('/').next().unwrap()]).await.unwrap();
        assert_eq!((row.state, row.edition, row.output.as_deref()), (ItemState::Withdrawn, 2, Some(output.as_str())));
        assert_eq!(outputs::find(&mut tx, &output).await.unwrap().title, "两校同备一门课");
    }

    /// What is kept on the disk may be lost or damaged by others: the page says so, and the rest goes on.
    async fn a_lost_file_is_told(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        // Of this world alone: all keep their files in one folder.
        let bytes = format!("%PDF-1.4 {}", world.directory().display()).into_bytes();
        let page = shared(&lead, "course", "会丢的讲义", &bytes).await;
        let folder = Folder::at(&world.app.files);
        std::fs::remove_file(folder.path(&ContentHash::of(&bytes))).unwrap();
        assert_eq!(lead.get(&format!("{page}/files/1")).await.status, 409);
        assert_eq!(lead.get(&page).await.status, 200);
    }

    /// Of the readings of a word the first that finds something is asked, and the rarest term first.
    async fn the_rarest_term_is_asked_first(world: World, p: Province) {
        let mut tx = world.tx().await;
        let author = actor(&mut tx, &p.lead, "lead").await;
        tx.act_as(author);
        let programme = world.app.programme();
        for (at, title) in ["数控车床", "数控铣床", "数控编程"].into_iter().enumerate() {
            let text = |word: &str| word.to_owned();
            let new = NewItem { title: text(title), kind: text("course"), licence: text("adapt"), ..NewItem::default() };
            let file = stored(&world, format!("%PDF-1.4 {at}").as_bytes());
            crate::sharing::resources::share(&mut tx, &programme, &new, &file).await.unwrap();
        }
        let wanted = crate::sharing::resources::actions::wanted(&mut tx, "shukong 编程", Vec::new()).await.unwrap();
        assert_eq!(wanted[..3], ["编程", "~shu'kong", ""]);
        let wanted = crate::sharing::resources::actions::wanted(&mut tx, "", Vec::new()).await.unwrap();
        assert_eq!(wanted[..2], ["*", ""]);
        let nothing = crate::sharing::resources::actions::wanted(&mut tx, "，", Vec::new()).await.unwrap();
        assert_eq!(nothing[0], "?");
    }

    /// What is named is looked at every night, what nobody names goes after a while; what was handed in lately stays.
    async fn what_is_named_is_there_and_nothing_else_for_long(world: World, p: Province) {
        // A folder of its own: all worlds of the tests keep their files in one.
        let folder = Folder::at(world.directory().join("kept"));
        let put = |text: &str| folder.put(text.as_bytes()).unwrap();
        let (named, unnamed) = (put("%PDF-1.4 named"), put("%PDF-1.4 unnamed"));
        let mut tx = world.tx().await;
        let author = actor(&mut tx, &p.lead, "lead").await;
        tx.act_as(author);
        let programme = world.app.programme();
        let text = |word: &str| word.to_owned();
        let new = NewItem { title: text("留着的"), kind: text("course"), licence: text("adapt"), ..NewItem::default() };
        let file = StoredFile { hash: named.clone(), kind: FileKind::of(PDF).unwrap(), size: 14, name: text("样例.pdf") };
        crate::sharing::resources::share(&mut tx, &programme, &new, &file).await.unwrap();
        tx.commit().await.unwrap();
        let written = std::fs::metadata(folder.path(&unnamed)).unwrap().modified().unwrap();
        let minute = std::time::Duration::from_secs(60);
        let db = &world.app.db;
        assert_eq!(keeping::clear(db, &folder, written - minute).await.unwrap(), 0, "it may still be on its way");
        assert_eq!(keeping::clear(db, &folder, written + minute).await.unwrap(), 1);
        assert!(folder.holds(&named) && !folder.holds(&unnamed));
        let lost = async || {
            let rows = keeping::lost(db, &folder).await.unwrap();
            rows.into_iter().filter(|row| row.hash == named.as_str()).count()
        };
        assert_eq!(lost().await, 0);
        std::fs::write(folder.path(&named), "another content").unwrap();
        assert_eq!(lost().await, 1, "damaged is as good as lost");
        let at = world.clock().now();
        keeping::note(db, &keeping::Cleared { at, contents: 1 }).await.unwrap();
        let admin = world.agent(&p.office, "sysadmin").await;
        let page = admin.get("/system").await;
        assert!(page.says("资源文件都在") && page.says("每晚清理"), "{}", page.text());
    }
}
