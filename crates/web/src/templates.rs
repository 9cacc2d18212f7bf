//! Templates and static files: inside the binary, read from the source tree in debug builds.

use crate::columns::columns;
use jiedui_kernel::{Error, Result};
use minijinja::{Environment, UndefinedBehavior, Value};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "src/templates"]
struct Own;

#[derive(RustEmbed)]
#[folder = "../../frontend/static"]
pub struct Static;

pub struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    /// Templates of the site by name; those of this crate (frame, components, error page) win. `clause` is
    /// where a sentence of the plan opens.
    pub fn new(site: fn(&str) -> Option<String>, clause: &'static str) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_loader(move |name| Ok(own(name).or_else(|| site(name))));
        environment.add_filter("month_day", month_day);
        environment.add_function("columns", |list: Value, sort: Option<Value>| columns(&list, sort.as_ref()));
        // Each form has a number of its own: what was sent with it before is not done again.
        environment.add_function("form_number", || jiedui_kernel::Random::System.token());
        environment.add_function("picture_sample", |kind: &str| {
            Value::from(minijinja::value::Serde(crate::picture::sample(kind)))
        });
        environment.add_function("clause_href", move |id: &str| format!("{clause}{id}"));
        Self { environment }
    }

    pub fn render(&self, name: &str, context: &impl serde::Serialize) -> Result<String> {
        let context = minijinja::Value::from(minijinja::value::Serde(context));
        let page = self.environment.get_template(name).and_then(|template| template.render(context));
        page.map_err(|cause| Error::internal(format_args!("template {name}: {cause:#}")))
    }
}

/// A template of this crate.
fn own(name: &str) -> Option<String> {
    Own::get(name).and_then(|file| String::from_utf8(file.data.into_owned()).ok())
}

/// A component's name and the template of its sample, as somebody would write it.
#[derive(serde::Serialize)]
pub struct Sample {
    pub name: String,
    pub template: String,
    pub source: String,
}

const FOLDER: &str = "components/";
const SAMPLE: &str = ".sample.html";

/// The samples that stand beside the components, in the order of their names.
pub fn samples() -> Vec<Sample> {
    let mut names: Vec<String> =
        Own::iter().filter(|name| name.ends_with(SAMPLE)).map(String::from).collect();
    names.sort_unstable();
    let sample = |template: String| {
        let name = template.trim_start_matches(FOLDER).trim_end_matches(SAMPLE).to_owned();
        Sample { source: own(&template).unwrap_or_default(), name, template }
    };
    names.into_iter().map(sample).collect()
}

/// 2026-11-24 → 11月24日.
fn month_day(day: &str) -> String {
    match day.split('-').collect::<Vec<_>>().as_slice() {
        [_, month, day] => format!("{}月{}日", month.trim_start_matches('0'), day.trim_start_matches('0')),
        _ => day.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{FOLDER, Own, SAMPLE, Templates, samples};

    #[test]
    fn what_always_has_a_value_is_not_called_optional() {
        const PAGE: &str = "{% import \"components.html\" as c %}{{ c.select(f) }}";
        let templates = Templates::new(|name| (name == "page.html").then(|| PAGE.to_owned()), "/clauses/");
        let optional = |options: &[&str]| {
            let option = |id: &&str| serde_json::json!({ "value": id, "label": "甲" });
            let options: Vec<_> = options.iter().map(option).collect();
            let field =
                serde_json::json!({ "name": "a", "label": "甲", "required": false, "options": options });
            let page = templates.render("page.html", &serde_json::json!({ "f": field }));
            page.map(|page| page.contains("选填"))
        };
        assert_eq!(optional(&["", "a"]).ok(), Some(true));
        assert_eq!(optional(&["a", "b"]).ok(), Some(false));
    }

    #[test]
    fn every_component_has_a_sample_that_renders() {
        let templates = Templates::new(|_| None, "/clauses/");
        let samples = samples();
        let components =
            Own::iter().filter(|name| name.starts_with(FOLDER) && !name.ends_with(SAMPLE)).count();
        assert_eq!(samples.len(), components);
        for sample in samples {
            let page = templates.render(&sample.template, &serde_json::json!({ "csrf": "token" }));
            assert!(page.is_ok_and(|page| page.contains("示例")), "{}", sample.name);
        }
    }
}
