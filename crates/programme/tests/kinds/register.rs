//! The burden register: every form and every field, with what it is for and until when.

use crate::{common, small};
use jiedui_kernel::{Date, Unit};
use jiedui_programme::{FieldKind, FormEntry, FormKind, Programme, Side, load};
use std::collections::BTreeSet;

fn form(programme: &Programme, kind: FormKind, id: &str) -> FormEntry {
    programme.register().into_iter().find(|form| form.kind == kind && form.id == id).unwrap()
}

#[test]
fn nothing_is_asked_without_a_reason_and_an_end() {
    for programme in [crate::programme(), load(&common::files()).unwrap()] {
        let register = programme.register();
        let generated = programme.activities.len() + programme.outputs.len() + programme.applications.len();
        assert_eq!(register.len(), programme.forms.len() + generated + 1);
        let keys: BTreeSet<(FormKind, &str)> =
            register.iter().map(|form| (form.kind, form.id.as_str())).collect();
        assert_eq!(keys.len(), register.len(), "each has an address of its own");
        for form in &register {
            assert!(form.minutes > 0 && !form.filled_by.is_empty() && !form.clauses.is_empty(), "{form:?}");
            let ids: BTreeSet<&str> = form.fields.iter().map(|field| field.id.as_str()).collect();
            assert_eq!(ids.len(), form.fields.len(), "{form:?}");
            for field in &form.fields {
                assert!(!field.purpose.is_empty() && !field.label.is_empty(), "{}: {field:?}", form.id);
                assert!(field.sunset <= programme.burden.sunset, "{field:?}");
            }
        }
    }
}

/// What the year-profile has is asked by no other form; where one did, it would be told.
#[test]
fn what_can_be_derived_is_not_asked() {
    let (mut programme, day) = (load(&common::files()).unwrap(), "2026-11-24".parse::<Date>().unwrap());
    assert!(programme.derivable(day).is_empty(), "{:?}", programme.derivable(day));
    let register = programme.register();
    let asked = register.iter().filter(|form| form.kind == FormKind::Activity && form.asked_on(day));
    let mut measured = asked.filter_map(|form| {
        let field = form.fields.iter().find(|field| field.unit.is_some() && field.asked_on(day))?;
        Some((form.name.clone(), field.clone()))
    });
    let (form, field) = measured.next().unwrap();
    programme.elements[0].name.clone_from(&field.label);
    programme.elements[0].unit = field.unit.unwrap();
    assert!(programme.derivable(day).contains(&(form, field.label)));
}

#[test]
fn a_generated_form_lists_what_it_asks_of_itself() {
    let programme = crate::programme();
    let lesson = form(&programme, FormKind::Activity, "lesson");
    let ids: Vec<&str> = lesson.fields.iter().map(|field| field.id.as_str()).collect();
    assert_eq!(ids, ["pairing", "from", "quantity", "project", "roster", "joint", "level", "cost"]);
    assert_eq!(lesson.fields[0].label, "对口县级院校");
    assert_eq!(lesson.filled_by, [Side::Lead, Side::Nearby]);
    let quantity = &lesson.fields[2];
    assert_eq!(
        (quantity.label.as_str(), quantity.unit, quantity.required),
        ("学时", Some(Unit::Hours), true)
    );
    assert_eq!(lesson.fields[6].options.len(), 2);
    let room = form(&programme, FormKind::Output, "room");
    let ids: Vec<&str> = room.fields.iter().map(|field| field.id.as_str()).collect();
    assert_eq!(
        ids,
        ["title", "since", "quantity", "stage", "helper", "project", "use", "follows"],
        "its own school is known"
    );
    let money = form(&programme, FormKind::Output, "money");
    let ids: Vec<&str> = money.fields.iter().map(|field| field.id.as_str()).collect();
    assert_eq!(ids, ["school", "title", "since", "quantity", "stage", "achieved"]);
    let profile = form(&programme, FormKind::Profile, "profile");
    assert!(profile.fields.iter().all(|field| field.id != "land_each"), "what is figured is not asked");
    let day = profile.fields.iter().find(|field| field.id == "employment_day").unwrap();
    assert_eq!((day.kind, day.unit), (FieldKind::Date, None));
}

#[test]
fn a_field_ends_with_its_day_or_with_the_programme() {
    let mut files = small();
    let text = files.get_mut("tasks/kinds.toml").unwrap();
    *text = text.replacen("label = \"课酬\"", "label = \"课酬\"\nsunset = \"2026-06-30\"", 1);
    let programme = load(&files).unwrap();
    let lesson = form(&programme, FormKind::Activity, "lesson");
    let day = |text: &str| text.parse::<Date>().unwrap();
    let cost = lesson.fields.iter().find(|field| field.id == "cost").unwrap();
    assert!(cost.asked_on(day("2026-06-30")) && !cost.asked_on(day("2026-07-01")));
    let level = lesson.fields.iter().find(|field| field.id == "level").unwrap();
    assert_eq!(level.sunset, programme.burden.sunset);
}

/// Files that people keep and send again have it.
#[test]
fn a_workbook_heads_the_column_of_the_school_as_it_always_did() {
    let programme = crate::programme();
    let lesson = programme.activity("lesson").unwrap();
    let (_, pairing) = jiedui_programme::parts::inputs(lesson).next().unwrap();
    assert_eq!((pairing.label.as_str(), pairing.question()), ("学校", "对口县级院校"));
}
