//! The life of a thing under review, as a table: in which state who may do what, on which conditions, and what the thing
//! becomes. `Life::apply` is the only way on; what one may do is what it allows.

use serde::ser::{Serialize, SerializeMap, Serializer};
use std::fmt::Debug;

/// A state of a thing, kept as text in its row.
pub trait State: Copy + Eq + Debug + Send + Sync + 'static {
    const ALL: &'static [Self];
    fn text(self) -> &'static str;
}

/// A text in a row that is no state of its enum.
#[derive(Debug, thiserror::Error)]
#[error("“{text}” is no {of}")]
pub struct NotOne {
    pub of: &'static str,
    pub text: String,
}

/// An enum that a row keeps as text: one conversion each way, so that no state is compared as text.
macro_rules! text_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$why:meta])* $case:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$why])* $case,)+ }

        impl $name {
            /// The one of this text; none where there is no such.
            pub fn of(text: &str) -> Option<Self> {
                <Self as $crate::shared::review::State>::ALL
                    .iter()
                    .copied()
                    .find(|one| $crate::shared::review::State::text(*one) == text)
            }
        }

        impl $crate::shared::review::State for $name {
            const ALL: &'static [Self] = &[$(Self::$case,)+];
            fn text(self) -> &'static str {
                match self { $(Self::$case => $text,)+ }
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::shared::review::NotOne;
            fn try_from(text: String) -> std::result::Result<Self, Self::Error> {
                Self::of(&text).ok_or($crate::shared::review::NotOne { of: stringify!($name), text })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
                to.serialize_str($crate::shared::review::State::text(*self))
            }
        }

        impl From<$name> for jiedui_store::Arg {
            fn from(state: $name) -> Self {
                Self::from($crate::shared::review::State::text(state))
            }
        }
    };
}
pub(crate) use text_enum;

/// What is done to a thing. Each life uses some of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Changes what it says; answers given so far no longer hold where the rule renews.
    Edit,
    /// Adds what was not there; answers given so far hold.
    Complete,
    /// Takes values from a file.
    Import,
    /// Says again what was said a year before.
    Repeat,
    /// Hands it to those who answer first.
    Submit,
    /// Hands it on to the one who decides.
    Forward,
    /// Takes it back for further work.
    Recall,
    /// Gives it up for good.
    Withdraw,
    /// One of several parties accepts what it says now.
    Agree,
    /// A word that decides nothing, once for each revision.
    Comment,
    /// The one who answers alone accepts it.
    Accept,
    /// The one who decides says no.
    Refuse,
    /// Back to the author, with words.
    Return,
    /// Opens again what was settled.
    Reopen,
    /// Gives up what was opened again; what was settled goes on holding.
    Abandon,
    /// All have agreed.
    Finish,
    /// A later one takes its place.
    Replace,
}

impl Action {
    pub const ALL: [Self; 17] = [
        Self::Edit,
        Self::Complete,
        Self::Import,
        Self::Repeat,
        Self::Submit,
        Self::Forward,
        Self::Recall,
        Self::Withdraw,
        Self::Agree,
        Self::Comment,
        Self::Accept,
        Self::Refuse,
        Self::Return,
        Self::Reopen,
        Self::Abandon,
        Self::Finish,
        Self::Replace,
    ];

    /// Under which pages find it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Complete => "complete",
            Self::Import => "import",
            Self::Repeat => "repeat",
            Self::Submit => "submit",
            Self::Forward => "forward",
            Self::Recall => "recall",
            Self::Withdraw => "withdraw",
            Self::Agree => "agree",
            Self::Comment => "comment",
            Self::Accept => "accept",
            Self::Refuse => "refuse",
            Self::Return => "return_to_submitter",
            Self::Reopen => "reopen",
            Self::Abandon => "abandon",
            Self::Finish => "finish",
            Self::Replace => "replace",
        }
    }
}

/// What an organisation is to a thing. It may be several at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Writes it.
    Author,
    /// Is asked to agree, beside others.
    ConsentParty,
    /// Passes it on to the one who decides.
    Recommender,
    /// Stands between that one and the one who decides, and passes it on likewise.
    Superior,
    /// Is heard before it is decided.
    Commentator,
    /// Accepts, files or decides.
    Decider,
    /// Brings values in from a file.
    Importer,
    /// Nobody: what follows by itself.
    System,
}

/// What must hold beside state and role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// The pairing runs.
    Running,
    /// The pairing runs, or ended so recently that its former parties still answer.
    InTime,
    /// This party has not agreed to the present revision.
    Awaited,
    /// Every party has agreed to the present revision.
    AllAgreed,
    /// A party sent the present revision back and has not agreed since.
    SentBack,
    /// There is no later edition.
    Latest,
    /// It was never settled before.
    First,
    /// It was settled before: what is written now changes that.
    Again,
    /// The commentator has not said its word on the present revision.
    Unheard,
    /// The commentator has said its word, or its time is over.
    Heard,
    /// Somebody recommends it before it is decided.
    Recommended,
    /// Nobody recommends it.
    Direct,
    /// It is expected of this organisation, or was begun already.
    Expected,
    /// The time of which it speaks is over.
    Over,
}

/// One row of the table.
#[derive(Debug)]
pub struct Rule<S: 'static> {
    pub by: Role,
    pub action: Action,
    pub from: &'static [S],
    /// None: it stays as it is.
    pub to: Option<S>,
    pub when: &'static [Condition],
    /// The kind under which the history keeps it; "" where the history keeps nothing.
    pub kind: &'static str,
    /// The right that a role needs for it, of those that `access.toml` gives; "" where none is asked.
    pub right: &'static str,
    /// Whether it raises the revision: nobody has agreed to what it says from then on.
    pub renews: bool,
}

impl<S: State> Rule<S> {
    pub const fn new(by: Role, action: Action, kind: &'static str, from: &'static [S]) -> Self {
        Self { by, action, from, to: None, when: &[], kind, right: "", renews: false }
    }

    pub const fn to(self, state: S) -> Self {
        Self { to: Some(state), ..self }
    }

    pub const fn when(self, when: &'static [Condition]) -> Self {
        Self { when, ..self }
    }

    pub const fn right(self, right: &'static str) -> Self {
        Self { right, ..self }
    }

    pub const fn renews(self) -> Self {
        Self { renews: true, ..self }
    }
}

/// What an organisation is to a thing now, and what holds for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    roles: Vec<Role>,
    holds: Vec<Condition>,
}

impl Standing {
    pub fn role(mut self, role: Role, has: bool) -> Self {
        if has {
            self.roles.push(role);
        }
        self
    }

    pub fn holds(mut self, condition: Condition, holds: bool) -> Self {
        if holds {
            self.holds.push(condition);
        }
        self
    }

    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// Why an action is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There is nothing that the caller may do to it now.
    NoPart,
    /// There is, but not this.
    NotNow,
}

/// An action that the table allows, and all that follows from it. Only `apply` makes one, so that nothing is written
/// which was not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next<S> {
    action: Action,
    from: S,
    to: S,
    effect: Effect,
}

/// What is written beside the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    pub kind: &'static str,
    pub renews: bool,
}

impl<S: State> Next<S> {
    pub fn action(&self) -> Action {
        self.action
    }

    pub fn from(&self) -> S {
        self.from
    }

    pub fn to(&self) -> S {
        self.to
    }

    pub fn moves(&self) -> bool {
        self.from != self.to
    }

    pub fn kind(&self) -> &'static str {
        self.effect.kind
    }

    /// The revision after it.
    pub fn revision(&self, now: i64) -> i64 {
        now + i64::from(self.effect.renews)
    }
}

/// The life of one kind of thing.
#[derive(Debug)]
pub struct Life<S: 'static> {
    /// Under which history and audit log keep it.
    pub resource: &'static str,
    /// The resource under which `access.toml` gives its rights.
    pub granted_as: &'static str,
    /// The kinds of step by which the author hands in what stands there: it agrees to what it wrote.
    pub proposes: &'static [&'static str],
    pub rules: &'static [Rule<S>],
}

impl<S: State> Life<S> {
    fn rule(&self, state: S, action: Action, standing: &Standing) -> Option<&'static Rule<S>> {
        self.rules.iter().find(|rule| {
            rule.action == action
                && rule.from.contains(&state)
                && standing.roles.contains(&rule.by)
                && rule.when.iter().all(|condition| standing.holds.contains(condition))
        })
    }

    /// The only way on.
    pub fn apply(&self, state: S, action: Action, standing: &Standing) -> Result<Next<S>, Refusal> {
        match self.rule(state, action, standing) {
            Some(rule) => Ok(Next {
                action,
                from: state,
                to: rule.to.unwrap_or(state),
                effect: Effect { kind: rule.kind, renews: rule.renews },
            }),
            None if self.allowed(state, standing).none() => Err(Refusal::NoPart),
            None => Err(Refusal::NotNow),
        }
    }

    /// What one may do: the actions that `apply` allows.
    pub fn allowed(&self, state: S, standing: &Standing) -> Allowed {
        self.offered(state, standing, |_| true)
    }

    /// Of these, those for which the role has the right; `can` says so.
    pub fn offered(&self, state: S, standing: &Standing, can: impl Fn(&str) -> bool) -> Allowed {
        let known =
            Action::ALL.into_iter().filter(|action| self.rules.iter().any(|rule| rule.action == *action));
        let one = |action| {
            let rule = self.rule(state, action, standing);
            (action, rule.is_some_and(|rule| rule.right.is_empty() || can(rule.right)))
        };
        Allowed(known.map(one).collect())
    }
}

/// The actions of a life, each with whether it is allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed(Vec<(Action, bool)>);

impl Allowed {
    pub fn can(&self, action: Action) -> bool {
        self.0.contains(&(action, true))
    }

    pub fn none(&self) -> bool {
        self.0.iter().all(|(_, allowed)| !allowed)
    }

    pub fn actions(&self) -> impl Iterator<Item = Action> + '_ {
        self.0.iter().filter(|(_, allowed)| *allowed).map(|(action, _)| *action)
    }
}

impl Serialize for Allowed {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (action, allowed) in &self.0 {
            map.serialize_entry(action.name(), allowed)?;
        }
        map.end()
    }
}
