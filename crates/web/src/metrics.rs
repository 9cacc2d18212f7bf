//! What the server counts of itself, in the text format that Prometheus reads: requests by route and status, and how long
//! they took. A route is named by its pattern, so that no id, no name and nothing that somebody typed stands in it.

use crate::route::Route;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use subtle::ConstantTimeEq as _;

/// Upper bounds of the classes of durations, in seconds.
const BOUNDS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Method and pattern of a route.
type Asked = (&'static str, &'static str);

#[derive(Debug, Default)]
pub struct Metrics(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    statuses: BTreeMap<(Asked, u16), u64>,
    times: BTreeMap<Asked, Times>,
}

#[derive(Debug, Default)]
struct Times {
    /// By the class of the duration; what took longer than all bounds is in none.
    classes: [u64; BOUNDS.len()],
    count: u64,
    seconds: f64,
}

impl Metrics {
    /// A request was answered.
    pub fn note(&self, route: &Route, status: u16, took: Duration) {
        let asked = (route.method.name(), route.path);
        let seconds = took.as_secs_f64();
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counted.statuses.entry((asked, status)).or_default() += 1;
        let times = counted.times.entry(asked).or_default();
        times.count += 1;
        times.seconds += seconds;
        if let Some(class) = BOUNDS.iter().position(|bound| seconds <= *bound) {
            times.classes[class] += 1;
        }
    }

    /// All of it, as text.
    pub fn text(&self) -> String {
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        head(&mut text, "jiedui_requests_total", "counter", "Requests that were answered.");
        for (((method, route), status), number) in &counted.statuses {
            line(
                &mut text,
                format_args!(
                    "jiedui_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {number}"
                ),
            );
        }
        head(&mut text, "jiedui_request_seconds", "histogram", "From the head of a request to its answer.");
        for ((method, route), times) in &counted.times {
            let of = format!("method=\"{method}\",route=\"{route}\"");
            let mut below = 0;
            for (bound, class) in BOUNDS.iter().zip(times.classes) {
                below += class;
                line(&mut text, format_args!("jiedui_request_seconds_bucket{{{of},le=\"{bound}\"}} {below}"));
            }
            let (count, seconds) = (times.count, times.seconds);
            line(&mut text, format_args!("jiedui_request_seconds_bucket{{{of},le=\"+Inf\"}} {count}"));
            line(&mut text, format_args!("jiedui_request_seconds_sum{{{of}}} {seconds:.6}"));
            line(&mut text, format_args!("jiedui_request_seconds_count{{{of}}} {count}"));
        }
        text
    }
}

/// Whether what was given is the token, in a time that says nothing of how much of it is right.
pub fn is_token(given: &str, token: &str) -> bool {
    !token.is_empty() && bool::from(given.as_bytes().ct_eq(token.as_bytes()))
}

/// Adds a value that goes up and down, for each of these labels; "" for none.
pub fn gauge(text: &mut String, name: &str, help: &str, values: &[(String, f64)]) {
    head(text, name, "gauge", help);
    for (labels, value) in values {
        if labels.is_empty() {
            line(text, format_args!("{name} {value}"));
        } else {
            line(text, format_args!("{name}{{{labels}}} {value}"));
        }
    }
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    line(text, format_args!("# HELP {name} {help}"));
    line(text, format_args!("# TYPE {name} {kind}"));
}

fn line(text: &mut String, words: std::fmt::Arguments<'_>) {
    // Writing into a text does not fail.
    let _ = writeln!(text, "{words}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::Access;

    #[test]
    fn requests_are_counted_by_pattern_and_class() {
        let route = crate::route!(Get "/entries/{id}", Access::Public, probe crate::ready::answer);
        let metrics = Metrics::default();
        metrics.note(&route, 200, Duration::from_millis(7));
        metrics.note(&route, 404, Duration::from_secs(60));
        let text = metrics.text();
        let of = "method=\"GET\",route=\"/entries/{id}\"";
        for wanted in [
            format!("jiedui_requests_total{{{of},status=\"200\"}} 1"),
            format!("jiedui_request_seconds_bucket{{{of},le=\"0.005\"}} 0"),
            format!("jiedui_request_seconds_bucket{{{of},le=\"0.01\"}} 1"),
            format!("jiedui_request_seconds_bucket{{{of},le=\"10\"}} 1"),
            format!("jiedui_request_seconds_bucket{{{of},le=\"+Inf\"}} 2"),
            format!("jiedui_request_seconds_sum{{{of}}} 60.007000"),
        ] {
            assert!(text.lines().any(|line| line == wanted), "{wanted} in\n{text}");
        }
        let mut more = String::new();
        gauge(
            &mut more,
            "jiedui_connections",
            "Open.",
            &[(String::new(), 3.0), ("pool=\"read\"".to_owned(), 4.0)],
        );
        assert!(more.ends_with("jiedui_connections 3\njiedui_connections{pool=\"read\"} 4\n"), "{more}");
    }
}
