//! Burden: minutes from the register and from what was recorded; the ceiling; forms for people and machines.

use super::api::schema;
use super::data::{self, KeptRow};
use crate::both_engines;
use crate::shared::mechanism::{self, CountedStep};
use crate::testing::{Province, claim};
use jiedui_documents::{read, template};
use jiedui_kernel::{Date, Months};
use jiedui_store::Arg;

fn minutes(programme: &jiedui_programme::Programme, kind: &str, id: &str) -> i64 {
    let register = programme.register();
    i64::from(register.iter().find(|form| form.kind.id() == kind && form.id == id).unwrap().minutes)
}

both_engines! {
    /// What a school recorded, times what the register says that it costs; nothing else moves the figure.
    async fn minutes_follow_what_was_recorded(world: World, p: Province) {
        let programme = world.app.programme();
        let (office, lead) = (world.agent(&p.office, "province").await, world.agent(&p.lead, "lead").await);
        let page = format!("/burden/units/{}", p.lead);
        let month = async || office.get_json(&page).await.json()["sum"]["raw"].as_i64().unwrap();
        let before = month().await;
        for path in ["/entries", "/needs", "/burden", "/forms"] {
            assert_eq!(lead.get(path).await.status, 200);
        }
        assert_eq!(month().await, before, "looking costs nothing");
        claim(&world, &p.lead, &p.running, "visit", "校长", "2026-11-16", None).await;
        assert_eq!(month().await, before + minutes(&programme, "activity", "visit"));
        let school = world.agent(&p.xingning, "county_school").await;
        let of_school = format!("/burden/units/{}", p.xingning);
        let before = office.get_json(&of_school).await.json()["sum"]["raw"].as_i64().unwrap();
        school.post("/needs/new", &[("clause", "T4.2"), ("title", "甲")]).await;
        let view = office.get_json(&of_school).await.json();
        assert_eq!(view["sum"]["raw"].as_i64().unwrap(), before + minutes(&programme, "need", "need"));
        let parts: i64 = view["forms"].as_array().unwrap().iter().map(|form| form["sum"]["raw"].as_i64().unwrap()).sum();
        assert_eq!(parts, view["sum"]["raw"].as_i64().unwrap(), "the forms add up to the month");
        let whole = office.get_json("/burden").await.json();
        let forms: i64 = whole["forms"].as_array().unwrap().iter().map(|form| form["sum"]["raw"].as_i64().unwrap()).sum();
        let months: i64 = whole["months"].as_array().unwrap().iter().map(|month| month["minutes"]["raw"].as_i64().unwrap()).sum();
        assert_eq!(forms, months, "by form and by month it is the same");
        assert_eq!(whole["complaints"][0][1]["raw"], 8);
        let names = async |org: &str, role: &str| {
            let view = world.agent(org, role).await.get_json("/burden/units").await.json();
            view["rows"].as_array().unwrap().iter().map(|row| row["unit"]["label"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert!(names(&p.office, "province").await.contains(&"广州技师学院甲".to_owned()));
        assert!(!names(&p.nanxiong, "county_school").await.contains(&"兴宁甲校".to_owned()), "visible to the caller only");
        assert_eq!(world.agent(&p.nanxiong, "county_school").await.get(&of_school).await.status, 404);
    }
}

both_engines! {
    /// What the system has, or can figure, nobody is asked; the page says so in a number.
    async fn the_page_says_that_nothing_derivable_is_asked(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let page = office.get_json("/burden").await.json();
        let stats = page["stats"].as_array().unwrap();
        let of = |name: &str| {
            let one = stats.iter().find(|one| one["name"] == name).unwrap();
            one["figure"]["raw"].as_i64().unwrap()
        };
        assert_eq!(of("能推算还要填的栏目"), 0);
        assert!(of("现在要填的栏目") > 0, "what is asked is counted beside it");
    }
}

both_engines! {
    /// Above the ceiling it is the demands that are too many, and the page says so.
    async fn above_the_ceiling_the_demand_is_to_be_cut(world: World, p: Province) {
        let programme = world.app.programme();
        let each = minutes(&programme, "need", "need");
        let school = world.agent(&p.xingning, "county_school").await;
        let office = world.agent(&p.office, "province").await;
        assert!(office.get("/burden").await.says("没有单位超过上限"));
        for at in 0..=i64::from(programme.burden.ceiling_minutes) / each {
            school.post("/needs/new", &[("clause", "T4.2"), ("title", &format!("需求{at}"))]).await;
        }
        let page = office.get("/burden").await;
        assert!(page.says("超过上限，应精简") && page.says("不是这些单位的问题"));
        let view = office.get_json("/burden").await.json();
        assert_eq!(view["over"][0]["unit"]["label"], "兴宁甲校");
        assert_eq!(view["over"][0]["most"]["href"], "/forms/need/need", "and which form costs most of it");
        let only = office.get_json("/burden/units?over=yes").await.json();
        assert_eq!(only["rows"].as_array().unwrap().len(), 1);
    }
}

both_engines! {
    async fn a_form_is_shown_and_handed_out(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let list = lead.get_json("/forms").await.json();
        let today = world.tx().await.today();
        let register: Vec<_> = world.app.programme().register().into_iter().filter(|form| form.asked_on(today)).collect();
        assert_eq!(list["rows"].as_array().unwrap().len(), register.len());
        let mine = lead.get_json("/forms?by=lead&kind=activity").await.json();
        let fitting = register.iter().filter(|form| form.kind.id() == "activity" && form.filled_by.iter().any(|side| side.role() == "lead"));
        assert_eq!(mine["rows"].as_array().unwrap().len(), fitting.count());
        for row in list["rows"].as_array().unwrap() {
            let href = row["href"].as_str().unwrap();
            assert_eq!(lead.get(href).await.status, 200, "{href}");
            let schema = lead.get(&format!("{href}/schema.json")).await;
            assert_eq!((schema.status.as_u16(), schema.content_type.as_str()), (200, "application/schema+json"), "{href}");
            assert_eq!(schema.json()["title"], row["name"]);
            let book = lead.get(&format!("{href}/template.xlsx")).await;
            assert!(book.status == 200 && book.bytes.starts_with(b"PK"), "{href}");
        }
        assert_eq!(lead.get("/forms/activity/no-such").await.status, 404);
        assert_eq!(lead.get("/forms/no-such/visit").await.status, 404);
        assert_eq!(world.agent(&p.office, "sysadmin").await.get("/forms").await.status, 403);
    }
}

both_engines! {
    /// What is kept of days that are over, with what was recorded since, is what counting all of it gives.
    async fn what_is_kept_is_what_was_counted(world: World, p: Province) {
        claim(&world, &p.lead, &p.running, "visit", "校长", "2026-11-16", None).await;
        world.clock().advance(chrono::TimeDelta::days(3));
        // Another address each time: the same one would be answered by the page that is kept.
        let counted = async |turn: u32| {
            let office = world.agent(&p.office, "province").await;
            let page = office.get_json(&format!("/burden?x={turn}")).await.json();
            (page["months"].clone(), page["forms"].clone())
        };
        let rows = async || world.app.db.contents().await.unwrap().rows["form_month"];
        let before = counted(1).await;
        assert_eq!(rows().await, 0);
        crate::oversight::burden::keep(&world.app.db).await.unwrap();
        let kept = rows().await;
        assert!(kept > 0);
        assert_eq!(counted(2).await, before);
        crate::oversight::burden::keep(&world.app.db).await.unwrap();
        assert_eq!((rows().await, counted(3).await == before), (kept, true), "once");
        claim(&world, &p.lead, &p.running, "visit", "校长", "2026-11-17", None).await;
        let more = counted(4).await;
        assert_ne!(more, before, "what was recorded since counts at once");
        world.clock().advance(chrono::TimeDelta::days(2));
        crate::oversight::burden::keep(&world.app.db).await.unwrap();
        assert_eq!(counted(5).await, more);
        crate::oversight::burden::recount(&world.app.db).await.unwrap();
        assert_eq!(counted(6).await, more);
    }
}

both_engines! {
    /// However many months have something: what a page reads of a unit and a form is one row, with each month in its place.
    async fn months_are_columns_and_no_rows(world: World, p: Province) {
        claim(&world, &p.lead, &p.running, "visit", "校长", "2026-11-16", None).await;
        world.clock().advance(chrono::TimeDelta::days(20));
        claim(&world, &p.lead, &p.running, "visit", "校长", "2026-11-17", None).await;
        world.clock().advance(chrono::TimeDelta::days(3));
        crate::oversight::burden::keep(&world.app.db).await.unwrap();
        let mut tx = world.tx().await;
        let months = Months::up_to(tx.today()).keys();
        assert_eq!(months[10..], ["2026-11", "2026-12"]);
        let kept = tx.all::<KeptRow>(&data::KEPT, months.iter().map(Arg::from).collect()).await.unwrap();
        let of_lead = kept.iter().filter(|row| row.org == p.lead && row.form == "visit");
        let visits: Vec<_> = of_lead.map(KeptRow::times).collect();
        assert_eq!(visits.len(), 1, "{visits:?}");
        assert_eq!(visits[0][..10], [0; 10]);
        assert!(visits[0][10] > 1 && visits[0][11] == 1, "{visits:?}");
    }
}

both_engines! {
    /// What is taken in from a table has one template: that of the register is that of the import.
    async fn the_template_of_the_register_is_that_of_the_import(world: World, p: Province) {
        let programme = world.app.programme();
        let heads = |bytes: &[u8], name: &str| {
            let grid = jiedui_documents::read_grids(bytes, &[name]).unwrap().remove(0);
            format!("{:?}", grid.rows.first())
        };
        let lead = world.agent(&p.lead, "lead").await;
        let links = lead.get("/entries/import").await.attributes(".links a", "href");
        assert!(!links.is_empty());
        for link in links {
            let id = link.trim_start_matches("/entries/import/").trim_end_matches("/template").to_owned();
            let name = &programme.activity(&id).unwrap().name;
            let sheet: String = name.chars().filter(|c| !"[]:*?/\\".contains(*c)).take(31).collect();
            let registered = lead.get(&format!("/forms/activity/{id}/template.xlsx")).await;
            assert_eq!(heads(&registered.bytes, &sheet), heads(&lead.get(&link).await.bytes, &sheet), "{id}");
        }
    }
}

/// Schema and template of every form agree: the same fields, required in both or in neither; what has ended is in none.
#[test]
fn schema_and_template_say_the_same() {
    let programme = crate::testing::programme();
    let today: Date = "2026-11-24".parse().unwrap();
    for form in programme.register().into_iter().filter(|form| form.asked_on(today)) {
        let made = schema::of_form(&programme, &form, today);
        assert_eq!(made["$schema"], "https://json-schema.org/draft/2020-12/schema");
        let book = schema::book(&form, today);
        book.check().unwrap_or_else(|cause| panic!("{}: {cause}", form.id));
        let columns = &book.sheets[0].columns;
        let properties = made["properties"].as_object().unwrap();
        assert_eq!(columns.len(), properties.len(), "{}", form.id);
        for (column, field) in columns.iter().zip(form.fields.iter().filter(|field| field.asked_on(today))) {
            let property = &properties[&column.key];
            assert_eq!(property["title"], field.label.as_str());
            let needed = made["required"].as_array().unwrap().iter().any(|id| *id == column.key.as_str());
            assert_eq!(
                (column.required, needed),
                (field.required, field.required),
                "{} {}",
                form.id,
                field.id
            );
            assert_eq!(
                property.get("x-unit").and_then(|unit| unit.as_str()),
                field.unit.map(jiedui_kernel::Unit::label)
            );
            if let Some(options) = property["oneOf"].as_array() {
                let ids: Vec<&str> = options.iter().map(|one| one["const"].as_str().unwrap()).collect();
                assert_eq!(ids, field.options.iter().map(|one| one.id.as_str()).collect::<Vec<_>>());
            }
        }
        let empty = template(&book).unwrap();
        assert!(
            read(&book, &empty, "a.xlsx").unwrap().records.is_empty(),
            "{}: its own template reads back",
            form.id
        );
    }
}

/// After its last day a field is in neither, and every step that is counted names a form of the register.
#[test]
fn what_has_ended_is_not_asked_and_what_is_counted_is_registered() {
    let programme = crate::testing::programme();
    let register = programme.register();
    let late = schema::of_form(&programme, &register[0], "2099-01-01".parse().unwrap());
    assert!(late["properties"].as_object().unwrap().is_empty());
    let steps: Vec<&CountedStep> = mechanism::all().flat_map(|one| one.steps).collect();
    for step in &steps {
        let (form, id) = step.form;
        let registered = register.iter().any(|entry| entry.kind == form && entry.id == id);
        assert!(registered, "{}.{}", step.resource, step.kind);
    }
    assert!(steps.iter().all(|step| step.kind != "move"), "moving a need up is no form");
    assert_eq!(steps.len(), 54);
}
