//! The life of a list.

use super::commented;
use crate::network::pairings::rules::{answers_still, runs};
use crate::planning::projects::data::{self, ListRow, ListState};
use crate::shared::review::{
    self, Action, Answered, Caller, Condition, Consent, ConsentParty, Head, Life, Loaded, Refusal, Reviewed,
    Role, Rule, Standing,
};
use jiedui_kernel::{Error, Result};
use jiedui_programme::Programme;
use jiedui_store::{Found, OnFound, Tx};
use jiedui_web::history::HistoryRow;

/// A list with its history and what the caller may do to it.
pub type LoadedList = Loaded<Found<ListRow>>;

/// The lead drafts, the nearby and the county school agree, the city comments, the provincial office files (decision
/// "Filing").
pub const LIFE: Life<ListState> = {
    use Action::{Accept, Agree, Comment, Edit, Finish, Recall, Return, Submit};
    use Condition::{Again, AllAgreed, Awaited, First, Heard, InTime, Running, Unheard};
    use ListState::{Agreeing, Amending, Draft, Filed, Returned, Submitted};
    use Role::{Author, Commentator, ConsentParty, Decider, System};
    Life {
        resource: "project_list",
        granted_as: "project",
        proposes: &["submit"],
        rules: &[
            Rule::new(Author, Edit, "", &[Draft, Returned, Amending])
                .when(&[Running])
                .right("draft")
                .renews(),
            Rule::new(Author, Edit, "", &[Filed]).to(Amending).when(&[Running]).right("draft").renews(),
            Rule::new(Author, Submit, "submit", &[Draft, Returned, Amending])
                .to(Agreeing)
                .when(&[Running])
                .right("draft"),
            Rule::new(Author, Recall, "recall", &[Agreeing, Submitted])
                .to(Draft)
                .when(&[First])
                .right("draft"),
            Rule::new(Author, Recall, "recall", &[Agreeing, Submitted])
                .to(Amending)
                .when(&[Again])
                .right("draft"),
            Rule::new(ConsentParty, Agree, "agree", &[Agreeing]).when(&[InTime, Awaited]).right("answer"),
            Rule::new(ConsentParty, Return, "send_back", &[Agreeing])
                .to(Draft)
                .when(&[InTime, Awaited, First])
                .right("answer"),
            Rule::new(ConsentParty, Return, "send_back", &[Agreeing])
                .to(Amending)
                .when(&[InTime, Awaited, Again])
                .right("answer"),
            Rule::new(System, Finish, "", &[Agreeing]).to(Submitted).when(&[AllAgreed]),
            Rule::new(Commentator, Comment, "comment", &[Submitted]).when(&[Unheard]).right("comment"),
            Rule::new(Decider, Accept, "file", &[Submitted]).to(Filed).when(&[Heard]).right("file"),
            Rule::new(Decider, Return, "return", &[Submitted]).to(Returned).right("file"),
        ],
    }
};

/// For the drawing in docs/lives.md.
pub fn life() -> crate::shared::lives::Life {
    review::draw(
        &LIFE,
        &review::Drawing {
            title: "Project list 项目清单",
            about: "The lead college drafts, the two others agree, the city comments, the provincial office files.",
            begins: ListState::Draft,
            label: |state| super::list_mark(Some(state)).label,
            words: &super::LIST_STEPS,
        },
    )
}

impl Reviewed for ListRow {
    type State = ListState;
    const LIFE: &'static Life<ListState> = &LIFE;
    const CHANGED: &'static str = "清单刚被别人改过，您的操作没有写入。请看过现在的内容再定。";

    fn head(&self) -> Head<'_, ListState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    fn parties(&self, _programme: &Programme) -> Vec<ConsentParty> {
        ConsentParty::three(
            (&self.lead, &self.lead_name),
            (&self.nearby, &self.nearby_name),
            (&self.county_school, &self.county_name),
        )
    }

    fn standing(&self, caller: Caller<'_>, consents: &[Consent], history: &[HistoryRow]) -> Standing {
        let actor = caller.actor;
        let lead = actor.org == self.lead;
        let releaser = caller.programme.access.released_by("project", "file");
        let decides = actor.has_role("province") || releaser.is_some_and(|role| actor.has_role(role));
        let commented = commented(history, self.revision);
        let silent = self.comment_due.is_some_and(|due| due < caller.today);
        Standing::default()
            .role(Role::Author, lead)
            .role(Role::ConsentParty, !lead && consents.iter().any(|one| one.org == actor.org))
            .role(Role::Commentator, actor.has_role("city") && actor.scope.covers(&self.county_path))
            .role(Role::Decider, decides)
            .holds(Condition::Running, runs(self.pairing_from, self.pairing_to, caller.today))
            .holds(Condition::InTime, answers_still(self.pairing_to, caller.programme, caller.today))
            .holds(Condition::Awaited, review::awaited(consents, &actor.org))
            .holds(Condition::First, self.edition == 0)
            .holds(Condition::Again, self.edition > 0)
            .holds(Condition::Unheard, !commented)
            .holds(Condition::Heard, commented || silent)
    }

    fn title(&self) -> String {
        format!("{}{}年度", self.county_name, self.year)
    }

    fn refused(action: Action, _why: Refusal) -> Error {
        let words = match action {
            Action::Submit => "现在不能提交：清单由牵头院校在起草、退回或变更时提交。",
            Action::Recall => "只有牵头院校可以在备案之前收回清单。",
            Action::Agree => "现在不等本单位答复：本单位不是要同意的一方，或已经答复过。",
            Action::Comment => "只有县级院校所在的市局可以在备案前提一次意见。",
            Action::Accept => "还不能备案：要等市局提过意见，或意见期满。",
            Action::Return => "现在不能退回：征求同意时由还没有同意的一方退回，待备案时由省办退回。",
            _ => "现在不能改这份清单：它由牵头院校拟，正在征求同意、等待备案或结对已结束时不能改。",
        };
        Error::Forbidden(words.to_owned())
    }
}

impl Answered for ListRow {
    async fn find(tx: &mut Tx, id: &str) -> Result<Found<Self>> {
        tx.find(&data::LIST, vec![id.into()]).await
    }

    fn hold() -> &'static OnFound<Self> {
        &data::HOLD_LIST
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::review::tests::{any_sequence, is_sound, programme, sequences, step, table};
    use jiedui_kernel::{Actor, Date};
    use proptest::prelude::*;

    /// What was allowed, and what came of it, before there was a table.
    const DECIDED: [&str; 78] = [
        "draft author running: edit submit>agreeing",
        "draft author running again: edit submit>agreeing",
        "draft author ended: -",
        "draft party awaited: -",
        "draft party awaited again: -",
        "draft party awaited late: -",
        "draft party answered: -",
        "draft commentator unheard: -",
        "draft commentator heard: -",
        "draft decider heard: -",
        "draft decider silent: -",
        "draft decider waiting: -",
        "draft stranger: -",
        "agreeing author running: recall>draft",
        "agreeing author running again: recall>amending",
        "agreeing author ended: recall>draft",
        "agreeing party awaited: agree return_to_submitter>draft",
        "agreeing party awaited again: agree return_to_submitter>amending",
        "agreeing party awaited late: -",
        "agreeing party answered: -",
        "agreeing commentator unheard: -",
        "agreeing commentator heard: -",
        "agreeing decider heard: -",
        "agreeing decider silent: -",
        "agreeing decider waiting: -",
        "agreeing stranger: -",
        "submitted author running: recall>draft",
        "submitted author running again: recall>amending",
        "submitted author ended: recall>draft",
        "submitted party awaited: -",
        "submitted party awaited again: -",
        "submitted party awaited late: -",
        "submitted party answered: -",
        "submitted commentator unheard: comment",
        "submitted commentator heard: -",
        "submitted decider heard: accept>filed return_to_submitter>returned",
        "submitted decider silent: accept>filed return_to_submitter>returned",
        "submitted decider waiting: return_to_submitter>returned",
        "submitted stranger: -",
        "returned author running: edit submit>agreeing",
        "returned author running again: edit submit>agreeing",
        "returned author ended: -",
        "returned party awaited: -",
        "returned party awaited again: -",
        "returned party awaited late: -",
        "returned party answered: -",
        "returned commentator unheard: -",
        "returned commentator heard: -",
        "returned decider heard: -",
        "returned decider silent: -",
        "returned decider waiting: -",
        "returned stranger: -",
        "filed author running: edit>amending",
        "filed author running again: edit>amending",
        "filed author ended: -",
        "filed party awaited: -",
        "filed party awaited again: -",
        "filed party awaited late: -",
        "filed party answered: -",
        "filed commentator unheard: -",
        "filed commentator heard: -",
        "filed decider heard: -",
        "filed decider silent: -",
        "filed decider waiting: -",
        "filed stranger: -",
        "amending author running: edit submit>agreeing",
        "amending author running again: edit submit>agreeing",
        "amending author ended: -",
        "amending party awaited: -",
        "amending party awaited again: -",
        "amending party awaited late: -",
        "amending party answered: -",
        "amending commentator unheard: -",
        "amending commentator heard: -",
        "amending decider heard: -",
        "amending decider silent: -",
        "amending decider waiting: -",
        "amending stranger: -",
    ];

    #[test]
    fn the_table_decides_as_was_decided_before() {
        use Condition::{Again, Awaited, First, Heard, InTime, Running, Unheard};
        let role = |role, holds: &[Condition]| {
            holds
                .iter()
                .fold(Standing::default().role(role, true), |standing, one| standing.holds(*one, true))
        };
        let standings = [
            ("author running", role(Role::Author, &[Running, InTime, First, Unheard])),
            ("author running again", role(Role::Author, &[Running, InTime, Again, Unheard])),
            ("author ended", role(Role::Author, &[InTime, First, Unheard])),
            ("party awaited", role(Role::ConsentParty, &[Running, InTime, Awaited, First, Unheard])),
            ("party awaited again", role(Role::ConsentParty, &[Running, InTime, Awaited, Again, Unheard])),
            ("party awaited late", role(Role::ConsentParty, &[Awaited, First, Unheard])),
            ("party answered", role(Role::ConsentParty, &[Running, InTime, First, Unheard])),
            ("commentator unheard", role(Role::Commentator, &[Running, InTime, First, Unheard])),
            ("commentator heard", role(Role::Commentator, &[Running, InTime, First, Heard])),
            ("decider heard", role(Role::Decider, &[Running, InTime, First, Heard])),
            ("decider silent", role(Role::Decider, &[Running, InTime, First, Unheard, Heard])),
            ("decider waiting", role(Role::Decider, &[Running, InTime, First, Unheard])),
            ("stranger", Standing::default().holds(Running, true).holds(First, true)),
        ];
        assert_eq!(table(&LIFE, &standings), DECIDED);
        is_sound(&LIFE, ListState::Draft);
    }

    fn list() -> ListRow {
        let day: Date = "2024-07-26".parse().unwrap();
        let text = String::new;
        ListRow {
            id: "list".to_owned(),
            pairing: "pairing".to_owned(),
            year: 2026,
            state: ListState::Draft,
            edition: 0,
            revision: 1,
            submitted_on: None,
            comment_due: None,
            number: text(),
            filed_on: None,
            version: 1,
            county_school: "school".to_owned(),
            county_name: text(),
            county_path: "44/14/".to_owned(),
            city: text(),
            typical_class: text(),
            lead: "lead".to_owned(),
            lead_name: text(),
            nearby: "nearby".to_owned(),
            nearby_name: text(),
            pairing_from: day,
            pairing_to: None,
            projects: 1,
        }
    }

    proptest! {
        #[test]
        fn any_sequence_of_actions_leaves_row_and_history_in_accord(tries in sequences()) {
            let actor = |org: &str, role: &str| Actor {
                org: org.to_owned(),
                roles: vec![role.to_owned()],
                scope: jiedui_kernel::Scope::subtree("44/"),
                ..Actor::public()
            };
            let actors = [
                actor("lead", "lead"),
                actor("nearby", "nearby"),
                actor("school", "county_school"),
                actor("city", "city"),
                actor("office", "province"),
                actor("stranger", "lead"),
            ];
            let around = (&actors[..], programme(), "2026-11-24".parse().unwrap());
            any_sequence(list(), around, step("lead", "begin", 1), &tries, |list, next, _| {
                list.edition += i64::from(next.to() == ListState::Filed && next.moves());
                list.revision = next.revision(list.revision);
                list.state = next.to();
            });
        }
    }
}
