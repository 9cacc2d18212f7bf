//! What a handler answers with. A page and its JSON are two skins of one view.

use crate::download::{Download, File, PartedFile};
use crate::figure::Link;
use crate::local_path::LocalPath;
use crate::proof::LogMark;
use crate::provider::OutsideAddress;
use crate::views::Views;
use jiedui_kernel::FieldError;
use serde::Serialize;

/// The head of a page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Page {
    pub title: String,
    /// One line saying what this page is.
    pub lead: String,
    /// Sentence ids of the plan; the frame adds their titles.
    #[serde(skip)]
    pub clause_ids: Vec<String>,
    pub back: Option<Link>,
    /// How the rows of the thing stand to the audit log; the request line finds out.
    pub log: Option<Box<LogMark>>,
    /// What the reader saved of the list; the request line finds out.
    pub views: Option<Box<Views>>,
    /// One of the kinds of page: desk, list, detail, form, overview, paper.
    pub kind: &'static str,
}

impl Page {
    pub fn new(title: impl Into<String>, lead: impl Into<String>) -> Self {
        Self { title: title.into(), lead: lead.into(), ..Self::default() }
    }

    pub fn clause(mut self, id: impl Into<String>) -> Self {
        self.clause_ids.push(id.into());
        self
    }

    pub fn clauses(mut self, ids: &[String]) -> Self {
        self.clause_ids.extend_from_slice(ids);
        self
    }

    pub fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    pub fn back(mut self, href: impl Into<String>, label: impl Into<String>) -> Self {
        self.back = Some(Link::new(href, label));
        self
    }
}

/// What happened, what comes next, and how to take it back: shown once on the next page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Flash {
    pub kind: String,
    pub text: String,
    pub undo: Option<Undo>,
    /// What the next page shows this once and nothing keeps: its template says where.
    #[serde(default)]
    pub once: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Undo {
    pub action: LocalPath,
    pub label: String,
}

impl Flash {
    pub fn done(text: impl Into<String>) -> Self {
        Self { kind: "done".to_owned(), text: text.into(), undo: None, once: None }
    }

    pub fn problem(text: impl Into<String>) -> Self {
        Self { kind: "problem".to_owned(), text: text.into(), undo: None, once: None }
    }

    pub fn once(mut self, shown: impl Into<String>) -> Self {
        self.once = Some(shown.into());
        self
    }

    pub fn undo(mut self, action: impl AsRef<str>, label: impl Into<String>) -> Self {
        self.undo = LocalPath::parse(action.as_ref()).map(|action| Undo { action, label: label.into() });
        self
    }
}

#[derive(Debug)]
pub enum Reply {
    View {
        template: &'static str,
        page: Page,
        view: serde_json::Value,
        status: u16,
    },
    Redirect {
        to: LocalPath,
        flash: Option<Flash>,
    },
    /// A file as it was handed in.
    Kept(File),
    /// A file that was made before and is read as it is sent.
    Parted(PartedFile),
    /// The same, to be looked at within a page: a picture, or a document that the browser shows.
    Shown(PartedFile),
    /// A file that is made now: what a GET alone answers with.
    Made(Download),
    /// What a program is answered with.
    Data(serde_json::Value),
    /// Sets or clears cookies of signing in on the way to another page.
    Session {
        to: LocalPath,
        cookies: Vec<String>,
        /// Whether the browser forgets what it kept of the site.
        forget: bool,
        flash: Option<Flash>,
    },
    /// To the provider of identities, with what binds the way back to this browser.
    Outside {
        to: OutsideAddress,
        cookie: String,
    },
}

impl Reply {
    pub fn view(template: &'static str, page: Page, view: &impl Serialize) -> jiedui_kernel::Result<Self> {
        let view = serde_json::to_value(view).map_err(jiedui_kernel::Error::internal)?;
        Ok(Self::View { template, page, view, status: 200 })
    }

    /// A file that `make` makes, off the serving threads and without a transaction.
    pub fn made(
        name: impl Into<String>,
        mime: &'static str,
        make: impl FnOnce() -> jiedui_kernel::Result<Vec<u8>> + Send + 'static,
    ) -> Self {
        Self::Made(Download::new(name, mime, make))
    }

    /// The same page once more with what was wrong: nothing was written.
    pub fn with_status(self, code: u16) -> Self {
        match self {
            Self::View { template, page, view, .. } => Self::View { template, page, view, status: code },
            other => other,
        }
    }

    /// The same page with what was wrong, where anything was.
    pub fn refused(self, bad: bool) -> Self {
        if bad { self.with_status(422) } else { self }
    }

    /// To another page of this site; to the first one where the address could lead elsewhere.
    pub fn to(to: impl AsRef<str>) -> Self {
        Self::Redirect { to: LocalPath::or_home(to.as_ref()), flash: None }
    }

    pub fn done(to: impl AsRef<str>, flash: Flash) -> Self {
        Self::Redirect { to: LocalPath::or_home(to.as_ref()), flash: Some(flash) }
    }

    pub fn session(to: impl AsRef<str>, cookies: Vec<String>) -> Self {
        Self::Session { to: LocalPath::or_home(to.as_ref()), cookies, forget: false, flash: None }
    }

    pub fn signed_out(to: impl AsRef<str>, cookies: Vec<String>) -> Self {
        Self::Session { to: LocalPath::or_home(to.as_ref()), cookies, forget: true, flash: None }
    }

    /// Signing in comes next, in a browser that is known from here on.
    pub fn known(to: impl AsRef<str>, cookie: String, flash: Flash) -> Self {
        let (to, cookies) = (LocalPath::or_home(to.as_ref()), vec![cookie]);
        Self::Session { to, cookies, forget: false, flash: Some(flash) }
    }
}

/// One field of a form, as the component macros take it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Field {
    pub name: String,
    pub label: String,
    pub value: String,
    pub help: String,
    pub error: String,
    pub required: bool,
    /// Required only where it applies: not called optional, and the browser does not insist.
    pub conditional: bool,
    pub unit: String,
    pub options: Vec<Choice>,
    pub width: &'static str,
    pub maxlength: Option<u32>,
    pub min: String,
    pub max: String,
    /// What others say at this field: a title and their words.
    pub notes: Vec<(&'static str, String)>,
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub selected: bool,
    pub group: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), ..Self::default() }
    }
}

impl Field {
    pub fn new(name: &str, label: &str) -> Self {
        Self { name: name.to_owned(), label: label.to_owned(), width: "medium", ..Self::default() }
    }

    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub fn help(mut self, help: &str) -> Self {
        self.help = help.to_owned();
        self
    }

    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        for option in &mut self.options {
            option.selected = option.value == self.value;
        }
        self
    }

    pub fn options(mut self, options: Vec<Choice>) -> Self {
        self.options = options;
        let value = std::mem::take(&mut self.value);
        self.value(value)
    }

    /// Shows what somebody else saved meanwhile beside what was typed here, where the two differ.
    pub fn theirs(mut self, value: &str) -> Self {
        if self.value.trim() != value.trim() {
            let shown = self.options.iter().find(|option| option.value == value);
            let shown = shown.map_or(value, |option| option.label.as_str());
            let shown = if shown.is_empty() { "（空）" } else { shown }.to_owned();
            self.notes.push(("对方刚保存的是：", shown));
        }
        self
    }

    pub fn error(mut self, errors: &[FieldError]) -> Self {
        if let Some(error) = errors.iter().find(|error| error.field == self.name) {
            self.error = error.message.clone();
        }
        self
    }
}

/// A field of the filter bar.
#[derive(Debug, Clone, Serialize)]
pub struct Filter {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    value: String,
    options: Vec<Choice>,
    blank: &'static str,
    placeholder: &'static str,
}

impl Filter {
    pub fn text(name: &'static str, label: &'static str, value: &str) -> Self {
        Self {
            name,
            label,
            kind: "text",
            value: value.to_owned(),
            options: Vec::new(),
            blank: "",
            placeholder: "",
        }
    }

    pub fn date(name: &'static str, label: &'static str, value: &str) -> Self {
        Self { kind: "date", ..Self::text(name, label, value) }
    }

    pub fn hidden(name: &'static str, value: &str) -> Self {
        Self { kind: "hidden", ..Self::text(name, "", value) }
    }

    pub fn select(name: &'static str, label: &'static str, value: &str, options: Vec<Choice>) -> Self {
        Self {
            name, label, kind: "select", value: value.to_owned(), options, blank: "全部", placeholder: ""
        }
    }

    /// What the empty choice of a select says.
    pub fn blank(mut self, word: &'static str) -> Self {
        self.blank = word;
        self
    }
}
