//! What may be done to an item of the library and to a statement of use, by whom; and what may be written into them.

use super::data::{ItemRow, ItemState, UseRow, UseState};
use crate::shared::choices::task_choices;
use crate::shared::lives;
use crate::shared::review::{
    self, Action, Caller, Consent, Head, Life, Refusal, Reviewed, Role, Rule, Standing,
};
use crate::shared::terms;
use jiedui_kernel::{Code, Date, Error, FieldError, Mistake};
use jiedui_programme::{Programme, ResourceRules, Semester};
use jiedui_web::figure::StateMark;
use jiedui_web::history::HistoryRow;
use std::collections::BTreeSet;

/// The longest texts, in characters.
pub const TITLE: u32 = 60;
pub const LINE: u32 = 60;
pub const ABOUT: u32 = 500;
pub const REASON: u32 = 500;
/// A school says of so many semesters, the one that runs among them, that it used something.
const SEMESTERS: usize = 3;

/// Shared at once, without anybody's leave; a case may be nominated and become a model. A model whose file is changed is
/// looked at again, since what was accepted is one content.
pub const LIFE: Life<ItemState> = {
    use ItemState::{Model, Nominated, Shared, Withdrawn};
    Life {
        resource: "library_item",
        granted_as: "library",
        proposes: &[],
        rules: &[
            Rule::new(Role::Author, Action::Edit, "renew", &[Shared]).right("share").renews(),
            Rule::new(Role::Author, Action::Edit, "renew", &[Model]).to(Nominated).right("share").renews(),
            Rule::new(Role::Author, Action::Submit, "nominate", &[Shared]).to(Nominated).right("share"),
            Rule::new(Role::Author, Action::Recall, "recall", &[Nominated]).to(Shared).right("share"),
            Rule::new(Role::Author, Action::Withdraw, "withdraw", &[Shared, Nominated, Model])
                .to(Withdrawn)
                .right("share"),
            Rule::new(Role::Decider, Action::Accept, "accept", &[Nominated]).to(Model).right("review"),
            Rule::new(Role::Decider, Action::Return, "send_back", &[Nominated]).to(Shared).right("review"),
            Rule::new(Role::Decider, Action::Abandon, "take_down", &[Shared, Nominated, Model])
                .to(Withdrawn)
                .right("review"),
        ],
    }
};

pub const STEPS: [(&str, &str); 8] = [
    ("share", "上传"),
    ("renew", "上传新版本"),
    ("nominate", "推荐为典型案例"),
    ("recall", "撤回推荐"),
    ("withdraw", "撤下"),
    ("accept", "评为典型案例"),
    ("send_back", "退回推荐"),
    ("take_down", "由省领导小组办公室撤下"),
];

/// Nobody confirms it: a school knows best what it used.
pub const USE_LIFE: Life<UseState> = Life {
    resource: "library_use",
    granted_as: "library",
    proposes: &[],
    rules: &[Rule::new(Role::Author, Action::Withdraw, "take_back", &[UseState::Stated])
        .to(UseState::TakenBack)
        .right("use")],
};

const USE_STEPS: [(&str, &str); 2] = [("state", "登记使用"), ("take_back", "撤销登记")];

impl ItemState {
    pub fn label(self) -> &'static str {
        match self {
            Self::Shared => "已共享",
            Self::Nominated => "已推荐，待评审",
            Self::Model => "典型案例",
            Self::Withdrawn => "已撤下",
        }
    }

    pub fn mark(self) -> StateMark {
        match self {
            Self::Shared => StateMark::new("done", self.label(), "●"),
            Self::Nominated => StateMark::new("pending", self.label(), "○"),
            Self::Model => StateMark::new("confirmed", self.label(), "★"),
            Self::Withdrawn => StateMark::new("withdrawn", self.label(), "–"),
        }
    }
}

impl UseState {
    pub fn label(self) -> &'static str {
        match self {
            Self::Stated => "已登记",
            Self::TakenBack => "已撤销",
        }
    }
}

/// For the drawings in docs/lives.md.
pub fn lives() -> Vec<lives::Life> {
    let item = review::Drawing {
        title: "Item of the library 资源",
        about: "Shared by a school (the author) at once; a case may be nominated, and the provincial office decides whether it is a model.",
        begins: ItemState::Shared,
        label: ItemState::label,
        words: &STEPS,
    };
    let used = review::Drawing {
        title: "Use of an item 资源使用登记",
        about: "Stated by the school that used it (the author), confirmed by nobody.",
        begins: UseState::Stated,
        label: UseState::label,
        words: &USE_STEPS,
    };
    vec![review::draw(&LIFE, &item), review::draw(&USE_LIFE, &used)]
}

impl Reviewed for ItemRow {
    type State = ItemState;
    const LIFE: &'static Life<ItemState> = &LIFE;
    const CHANGED: &'static str = "这件资源刚被别人处理过，您的操作没有写入。请看过现在的情况再定。";

    fn head(&self) -> Head<'_, ItemState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        let (actor, own) = (caller.actor, caller.actor.org == self.owner);
        Standing::default()
            .role(Role::Author, own)
            .role(Role::Decider, !own && actor.scope.covers(&self.owner_path))
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn refused(action: Action, _why: Refusal) -> Error {
        let words = match action {
            Action::Edit => "只有上传的学校可以换新版本；正在评审的，请先撤回推荐，已撤下的不能再改。",
            Action::Submit | Action::Recall => "只有上传的学校可以推荐和撤回推荐，已推荐的不能再推荐。",
            Action::Withdraw => "只有上传的学校可以撤下自己的资源，已撤下的不能再撤。",
            Action::Accept | Action::Return => "现在不能评审：这件资源没有推荐，或已经评审过。",
            _ => "现在不能撤下这件资源：它已经撤下了，或不归您管。",
        };
        Error::Forbidden(words.to_owned())
    }
}

impl Reviewed for UseRow {
    type State = UseState;
    const LIFE: &'static Life<UseState> = &USE_LIFE;
    const CHANGED: &'static str = "这条登记刚被同事处理过，您的操作没有写入。请看过现在的情况再定。";

    fn head(&self) -> Head<'_, UseState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        Standing::default().role(Role::Author, caller.actor.org == self.school)
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn refused(_action: Action, _why: Refusal) -> Error {
        Error::Forbidden("只有登记使用的学校可以撤销，撤销过的不能再撤。".to_owned())
    }
}

/// What a school writes about a resource that it shares.
#[derive(Debug, Clone, Default)]
pub struct NewItem {
    pub title: String,
    pub kind: String,
    pub licence: String,
    /// Whose the rights are; "" where they are the school's.
    pub holder: String,
    pub major: String,
    pub task: String,
    pub about: String,
}

pub fn check_item(programme: &Programme, rules: &ResourceRules, new: &NewItem) -> Vec<FieldError> {
    let listed = |known: bool, what: &str| (!known).then(|| Mistake::not_chosen(what));
    let major = &programme.matching.categories.names;
    let known_task = || task_choices(programme).iter().any(|task| task.value == new.task);
    let found = [
        ("title", required("资源标题", &new.title, TITLE)),
        ("kind", listed(rules.kind(&new.kind).is_some(), "资源种类")),
        ("licence", listed(rules.licence(&new.licence).is_some(), "使用许可")),
        ("holder", too_long("权利人", &new.holder, LINE)),
        ("major", listed(new.major.is_empty() || major.contains(&new.major), "列出的专业大类")),
        ("task", listed(new.task.is_empty() || known_task(), "列出的任务")),
        ("about", too_long("内容简介", &new.about, ABOUT)),
    ];
    let wrong = |(field, mistake): (&str, Option<Mistake>)| Some(FieldError::new(field, mistake?));
    found.into_iter().filter_map(wrong).collect()
}

/// What people write may not be missing, nor longer than it can be read.
pub fn required(what: &str, text: &str, most: u32) -> Option<Mistake> {
    if text.is_empty() { Some(Mistake::missing(what)) } else { too_long(what, text, most) }
}

pub fn too_long(what: &str, text: &str, most: u32) -> Option<Mistake> {
    let (length, most) = (text.chars().count(), most as usize);
    (length > most).then(|| Mistake::too_long(what, most, length))
}

/// By which terms an item is found. One that was withdrawn is found by its own school alone.
pub fn terms_of(item: &ItemRow, state: ItemState, file: &str) -> BTreeSet<String> {
    let own = terms::facet("own", &item.owner);
    if state == ItemState::Withdrawn {
        return BTreeSet::from([own]);
    }
    let mut found = terms::of_item(&item.title, &[&item.about, &item.holder, &item.owner_name, file]);
    found.insert(own);
    found.insert(terms::EVERYTHING.to_owned());
    let facets = [("kind", &item.kind), ("major", &item.major), ("task", &item.task)];
    found.extend(
        facets.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| terms::facet(name, value)),
    );
    if state == ItemState::Model {
        found.insert(terms::facet("state", "model"));
    }
    found
}

/// The semesters of which a school can say today what it used, the newest first.
pub fn semesters(programme: &Programme, today: Date) -> Vec<&Semester> {
    let mut begun: Vec<&Semester> =
        programme.calendar.semesters.iter().filter(|semester| semester.from <= today).collect();
    begun.sort_by_key(|semester| std::cmp::Reverse(semester.from));
    begun.truncate(SEMESTERS);
    begun
}

/// What a use says: where, and in a semester that can be chosen.
pub fn check_use(programme: &Programme, today: Date, (subject, semester): (&str, &str)) -> Vec<FieldError> {
    let known = semesters(programme, today).iter().any(|one| one.id == semester);
    let chosen = (!known).then(|| Code::NotListed.says("请从列出的学期里选一个。"));
    let found = [("subject", required("用在哪门课、哪个班", subject, LINE)), ("semester", chosen)];
    found.into_iter().filter_map(|(field, mistake)| Some(FieldError::new(field, mistake?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lives_are_sound() {
        review::tests::is_sound(&LIFE, ItemState::Shared);
        review::tests::is_sound(&USE_LIFE, UseState::Stated);
    }

    fn item() -> ItemRow {
        ItemRow {
            id: "1".to_owned(),
            owner: "school".to_owned(),
            owner_name: "甲校".to_owned(),
            owner_path: "/p/".to_owned(),
            kind: "course".to_owned(),
            title: "数控车床编程".to_owned(),
            about: String::new(),
            major: String::new(),
            task: "T5".to_owned(),
            licence: "adapt".to_owned(),
            holder: String::new(),
            output: None,
            place: 1,
            edition: 1,
            shared_on: Date::default(),
            state: ItemState::Shared,
            revision: 1,
            version: 1,
        }
    }

    #[test]
    fn what_was_withdrawn_is_found_by_its_school_alone() {
        let item = item();
        let shared = terms_of(&item, ItemState::Shared, "课件.pdf");
        for term in ["数控", "*", "kind=course", "task=T5", "own=school", "课件"] {
            assert!(shared.contains(term), "{term}");
        }
        assert!(!shared.contains("state=model") && !shared.iter().any(|term| term.starts_with("major")));
        assert!(terms_of(&item, ItemState::Model, "").contains("state=model"));
        let gone = terms_of(&item, ItemState::Withdrawn, "课件.pdf");
        assert_eq!(gone.into_iter().collect::<Vec<_>>(), ["own=school"]);
    }

    #[test]
    fn what_is_written_about_a_resource_is_checked_at_its_field() {
        let programme = review::tests::programme();
        let rules = programme.resources.as_ref().unwrap();
        let fields = |new: &NewItem| {
            check_item(programme, rules, new).into_iter().map(|error| error.field).collect::<Vec<_>>()
        };
        let text = |word: &str| word.to_owned();
        let good = NewItem {
            title: text("教案"),
            kind: text("course"),
            licence: text("adapt"),
            ..NewItem::default()
        };
        assert!(fields(&good).is_empty());
        assert_eq!(fields(&NewItem::default()), ["title", "kind", "licence"]);
        let long = "字".repeat(501);
        let wrong =
            NewItem { holder: long.clone(), major: text("无"), task: text("T99"), about: long, ..good };
        assert_eq!(fields(&wrong), ["holder", "major", "task", "about"]);
    }

    #[test]
    fn a_use_lies_in_a_semester_that_has_begun() {
        let programme = review::tests::programme();
        let today = "2026-11-24".parse::<Date>().unwrap();
        let semesters = semesters(programme, today);
        assert!(!semesters.is_empty() && semesters.iter().all(|one| one.from <= today));
        let id = semesters[0].id.as_str();
        assert!(check_use(programme, today, ("数控一班", id)).is_empty());
        assert_eq!(check_use(programme, today, ("", "2050-1")).len(), 2);
    }
}
