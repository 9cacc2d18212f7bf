//! In which form something is said on a day: what was retired by then is said in the form into which it came. Forms that
//! come together leave the dice of what they tell as they were.

use jiedui_kernel::Date;
use jiedui_programme::{Field, FieldKind, Only, Output, Programme, Side};
use jiedui_web::fields::decides;

/// One of the kinds of a form; the first one on the dice that the form had before it had kinds.
#[derive(Clone, Copy)]
pub struct Variant<'a> {
    pub dice: &'a str,
    /// The choice that decides, and its option.
    pub chosen: Option<(&'a str, &'a str)>,
}

/// A form, and what something says of itself by having come into it.
pub struct Said<'a> {
    pub form: &'a Output,
    pub is: Vec<(&'a str, &'a str)>,
}

/// Who records one of the kinds of a form.
pub fn sides(kind: &Output, variant: Variant<'_>) -> Vec<Side> {
    let chosen = variant.chosen.and_then(|(field, option)| {
        let choice = kind.fields.iter().find(|one| one.id == field)?;
        choice.options.iter().find(|one| one.id == option)
    });
    let by = chosen.map(|option| &option.by).filter(|by| !by.is_empty());
    by.unwrap_or(&kind.recorded_by).clone()
}

/// The form in which one of a kind is recorded on a day.
pub fn on<'a>(programme: &'a Programme, kind: &'a Output, day: Date) -> Said<'a> {
    let retired = kind.retired.is_some_and(|last| last <= day);
    let now = kind.became.as_ref().filter(|_| retired);
    match now.and_then(|now| Some((now, programme.output(&now.into)?))) {
        Some((now, form)) => {
            let is = now.fields.iter().map(|(field, option)| (field.as_str(), option.as_str()));
            Said { form, is: is.collect() }
        }
        None => Said { form: kind, is: Vec::new() },
    }
}

/// The form in which what passes a filter was recorded on a day, of one that others came into.
pub fn then<'a>(programme: &'a Programme, kind: &'a Output, only: &Only, day: Date) -> &'a Output {
    let fits = |old: &&Output| {
        let said = old.became.as_ref().and_then(|became| became.fields.get(&only.field));
        said.is_some_and(|option| only.is.contains(option)) && old.retired.is_some_and(|last| day < last)
    };
    programme.became_output(&kind.id).find(fits).unwrap_or(kind)
}

/// Whether a retired form told this answer of the one into which it came.
fn came(programme: &Programme, kind: &Output, field: &str, option: &str) -> bool {
    programme.became_output(&kind.id).any(|old| {
        let said = old.became.as_ref().and_then(|became| became.fields.get(field));
        let asked = old.fields.iter().find(|one| one.id == field);
        match said {
            Some(said) => said == option,
            None => asked.is_some_and(|asked| asked.options.iter().any(|one| one.id == option)),
        }
    })
}

/// The fields of a form without the answers that came into it from others: those tell their own.
pub fn own_fields(programme: &Programme, kind: &Output) -> Vec<Field> {
    let mut fields = kind.fields.clone();
    for field in fields.iter_mut().filter(|field| field.kind == FieldKind::Choice) {
        field.options.retain(|option| !came(programme, kind, &field.id, &option.id));
    }
    fields.retain(|field| field.kind != FieldKind::Choice || !field.options.is_empty());
    fields
}

/// The kinds of a form that are told of it; of one that others came into, what it asked for before.
pub fn variants<'a>(programme: &'a Programme, kind: &'a Output) -> Vec<Variant<'a>> {
    let grown = programme.became_output(&kind.id).next().is_some();
    let choice = kind.fields.iter().find(|field| {
        let told = |option: &str| came(programme, kind, &field.id, option);
        decides(&kind.fields, &field.id) || field.options.iter().any(|option| told(&option.id))
    });
    let options =
        choice.iter().flat_map(|field| field.options.iter().map(|option| (&*field.id, &*option.id)));
    let own = options.filter(|(field, option)| !came(programme, kind, field, option));
    let told = own.take(if grown { 1 } else { usize::MAX });
    let mut found: Vec<Variant<'_>> = told
        .enumerate()
        .map(|(at, chosen)| Variant { dice: if at == 0 { "" } else { chosen.1 }, chosen: Some(chosen) })
        .collect();
    if found.is_empty() {
        found.push(Variant { dice: "", chosen: None });
    }
    found
}
