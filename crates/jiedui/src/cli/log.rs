//! The log on standard error: for people, or a JSON object on each line for programs. Which levels is said by `RUST_LOG`.

use chrono::SecondsFormat;
use clap::ValueEnum;
use jiedui_kernel::Clock;
use serde_json::{Map, Value};
use std::fmt;
use std::sync::OnceLock;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// What is told where nobody says otherwise: each request only to programs, since people read nothing else then.
const FOR_PEOPLE: &str = "info,sqlx=warn,request=warn";
const FOR_PROGRAMS: &str = "info,sqlx=warn";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

static FORMAT: OnceLock<Format> = OnceLock::new();

/// Said once, by the command line.
pub fn write_as(format: Format) {
    // A second time in one process (tests) changes nothing.
    let _ = FORMAT.set(format);
}

/// Begins to write. A second start in one process (tests) keeps the first.
pub fn start() {
    let format = FORMAT.get().copied().unwrap_or(Format::Text);
    let usual = if format == Format::Json { FOR_PROGRAMS } else { FOR_PEOPLE };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = match format {
        Format::Text => log.try_init(),
        Format::Json => log.with_ansi(false).event_format(JsonLines).try_init(),
    };
}

/// One object for each event: time, level, target, its own fields, and those of what it happened in.
struct JsonLines;

impl<S, N> FormatEvent<S, N> for JsonLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        ctx: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = Fields(Map::new());
        line.put("time", Clock::System.now().to_rfc3339_opts(SecondsFormat::Micros, true).into());
        line.put("level", event.metadata().level().as_str().into());
        line.put("target", event.metadata().target().into());
        event.record(&mut line);
        for span in ctx.event_scope().into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(fields) = span.extensions().get::<FormattedFields<N>>() {
                line.put(span.name(), fields.fields.as_str().into());
            }
        }
        writeln!(writer, "{}", Value::Object(line.0))
    }
}

struct Fields(Map<String, Value>);

impl Fields {
    fn put(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field.name(), format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field.name(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field.name(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field.name(), value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field.name(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field.name(), value.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn each_line_is_an_object_that_says_in_which_request_it_was() {
        let kept = Kept::default();
        let to = kept.clone();
        let log = tracing_subscriber::fmt().with_ansi(false).event_format(JsonLines);
        let log = log.with_writer(move || to.clone()).finish();
        tracing::subscriber::with_default(log, || {
            let request = tracing::error_span!(target: "request", "request", id = "abc");
            request.in_scope(|| tracing::warn!(status = 500_u16, seconds = 0.5, "said \"so\"\nand more"));
        });
        let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        let line: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["level"], "WARN");
        assert_eq!(line["status"], 500);
        assert_eq!(line["seconds"], 0.5);
        assert_eq!(line["message"], "said \"so\"\nand more");
        assert!(line["request"].as_str().unwrap().contains("abc"));
    }
}
