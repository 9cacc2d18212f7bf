//! Templates and static files: inside the binary, read from the source tree in debug builds.

use jiedui_kernel::{Error, Result};
use minijinja::{Environment, UndefinedBehavior};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "src"]
#[include = "*.html"]
struct Pages;

#[derive(RustEmbed)]
#[folder = "../../frontend/static"]
pub struct Static;

pub struct Templates {
    environment: Environment<'static>,
}

impl Default for Templates {
    fn default() -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_loader(|name| {
            let name = if matches!(name, "base.html" | "components.html") {
                format!("http/templates/{name}")
            } else {
                name.to_owned()
            };
            Ok(Pages::get(&name).and_then(|file| String::from_utf8(file.data.into_owned()).ok()))
        });
        environment.add_filter("month_day", month_day);
        Self { environment }
    }
}

impl Templates {
    pub fn render(&self, name: &str, context: &impl serde::Serialize) -> Result<String> {
        let context = minijinja::Value::from(minijinja::value::Serde(context));
        let page = self.environment.get_template(name).and_then(|template| template.render(context));
        page.map_err(|cause| Error::internal(format_args!("template {name}: {cause:#}")))
    }

    /// The names of all page templates, for the test that renders each.
    pub fn names() -> Vec<String> {
        Pages::iter().map(std::borrow::Cow::into_owned).collect()
    }
}

/// 2026-11-24 → 11月24日.
fn month_day(day: &str) -> String {
    match day.split('-').collect::<Vec<_>>().as_slice() {
        [_, month, day] => format!("{}月{}日", month.trim_start_matches('0'), day.trim_start_matches('0')),
        _ => day.to_owned(),
    }
}
