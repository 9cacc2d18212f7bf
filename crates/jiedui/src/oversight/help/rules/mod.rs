//! What is explained, and to whom: a topic for each entry of the menu, with what one's rights let one do there.

pub mod first_day;
pub mod practice;
pub mod topics;
pub mod words;

pub use topics::TOPICS;

/// Thing and action, as `access.toml` grants them.
pub type Right = (&'static str, &'static str);

/// What everybody has who signs in.
pub const ANYBODY: Right = ("desk", "read");

/// One page of help.
#[derive(Debug, Clone, Copy)]
pub struct Topic {
    /// Its address below `/help`.
    pub id: &'static str,
    /// As the menu calls it, where it stands there.
    pub title: &'static str,
    /// The pages that it explains, each with all that lies below: the first is where the menu leads.
    pub pages: &'static [&'static str],
    /// What these pages are for.
    pub about: &'static str,
    pub steps: &'static [Step],
    /// What becomes of it.
    pub next: &'static str,
    /// Terms that are on these pages.
    pub words: &'static [&'static str],
}

/// Something that one does there.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The right that it takes: others are not told of it.
    pub right: Right,
    /// What one wants, in few words.
    pub task: &'static str,
    /// The page on which one begins.
    pub href: &'static str,
    pub text: &'static str,
}

pub const fn step(right: Right, task: &'static str, href: &'static str, text: &'static str) -> Step {
    Step { right, task, href, text }
}

impl Topic {
    /// Where its address is.
    pub fn href(&self) -> String {
        format!("{HELP}/{}", self.id)
    }

    /// Where the pages begin that it explains.
    pub fn opens(&self) -> &'static str {
        self.pages.first().copied().unwrap_or("/")
    }

    /// How many signs of a path it explains: the topic that explains most of it is the one.
    fn covers(&self, path: &str) -> Option<usize> {
        self.pages.iter().filter(|page| is_under(path, page)).map(|page| page.len()).max()
    }
}

/// Where all help begins.
pub const HELP: &str = "/help";

/// Whether a path is this page or lies below it. Everything lies below the desk: it has itself alone.
pub fn is_under(path: &str, page: &str) -> bool {
    path == page || (page != "/" && path.strip_prefix(page).is_some_and(|rest| rest.starts_with('/')))
}

pub fn topic(id: &str) -> Option<&'static Topic> {
    all().find(|topic| topic.id == id)
}

pub fn all() -> impl Iterator<Item = &'static Topic> {
    TOPICS.iter().copied().flatten()
}

/// The topic of the page at a path.
pub fn topic_of(path: &str) -> Option<&'static Topic> {
    let covering = all().filter_map(|topic| Some((topic.covers(path)?, topic)));
    covering.max_by_key(|(signs, _)| *signs).map(|(_, topic)| topic)
}

/// Where the help of the page at a path is.
pub fn address_of(path: &str) -> String {
    topic_of(path).map_or_else(|| HELP.to_owned(), Topic::href)
}
