//! What a plan must hold, who drafts it and who agrees to it (G1.3, T1.1, T2.2).

pub mod body;

use self::body::{Body, Holds, LEVELS, MOST_ROWS, MOST_TEXT, PARTIES, UNITS, columns, field_name};
use super::data::{self, PlanRow, PlanState};
use crate::planning::needs::{NeedRow, NeedState};
use crate::shared::review::{
    self, Action, Answered, Caller, Condition, Consent, ConsentParty, Head, Life, Refusal, Reviewed, Role,
    Rule, Standing, text_enum,
};
use jiedui_kernel::{Code, Date, Error, FieldError, Mistake, Result};
use jiedui_programme::{PlanTemplate, Programme, SectionKind, Signatory};
use jiedui_store::{Found, OnFound, Tx};
use jiedui_web::figure::StateMark;
use jiedui_web::history::HistoryRow;

/// The drafter proposes, those whom the programme names agree. After a pairing has ended nothing new is drafted for it;
/// what was proposed may be answered for some days.
pub const LIFE: Life<PlanState> = {
    use Action::{Agree, Edit, Finish, Reopen, Replace, Return, Submit};
    use Condition::{AllAgreed, Awaited, InTime, Latest, Running, SentBack};
    use PlanState::{Agreed, Draft, Proposed, Replaced};
    use Role::{Author, ConsentParty, System};
    Life {
        resource: "school_plan",
        granted_as: "school_plan",
        proposes: &["propose"],
        rules: &[
            Rule::new(Author, Edit, "edit", &[Draft]).when(&[Running]).right("draft"),
            Rule::new(Author, Edit, "edit", &[Proposed])
                .to(Draft)
                .when(&[Running, SentBack])
                .right("draft")
                .renews(),
            Rule::new(Author, Submit, "propose", &[Draft]).to(Proposed).when(&[Running]).right("draft"),
            Rule::new(ConsentParty, Agree, "agree", &[Proposed]).when(&[InTime, Awaited]).right("answer"),
            Rule::new(ConsentParty, Return, "send_back", &[Proposed])
                .when(&[InTime, Awaited])
                .right("answer"),
            Rule::new(System, Finish, "settle", &[Proposed]).to(Agreed).when(&[AllAgreed]),
            // A revision is a new edition; this one stays in force until that is agreed to.
            Rule::new(Author, Reopen, "", &[Agreed]).when(&[Running, Latest]).right("draft"),
            Rule::new(System, Replace, "", &[Agreed]).to(Replaced),
        ],
    }
};

const NOT_YOURS: &str = "这份方案现在不能由本单位改动：由起草的单位修改，征求同意期间要等有一方退回。";
const NOT_ASKED: &str = "这份方案现在不等本单位答复：由征求同意的各方答复，同意过的不用再答。";

/// For the drawing in docs/lives.md.
pub fn life() -> crate::shared::lives::Life {
    review::draw(
        &LIFE,
        &review::Drawing {
            title: "School plan 协作方案与达标方案",
            about: "The drafter proposes, those whom the programme names agree; a later edition takes its place.",
            begins: PlanState::Draft,
            label: |state| match state {
                PlanState::Draft => "起草中",
                PlanState::Proposed => "征求同意中",
                PlanState::Agreed => "已生效",
                PlanState::Replaced => "已由新版接替",
            },
            words: &STEPS,
        },
    )
}

impl Reviewed for PlanRow {
    type State = PlanState;
    const LIFE: &'static Life<PlanState> = &LIFE;
    const CHANGED: &'static str =
        "这份方案刚被别人改动或答复过，您的操作没有写入。请重新打开页面，看过新内容再定。";

    fn head(&self) -> Head<'_, PlanState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    /// The drafter and those who are asked to agree.
    fn parties(&self, programme: &Programme) -> Vec<ConsentParty> {
        let Some(template) = programme.template(&self.template) else { return Vec::new() };
        let mut parties = vec![drafter(self, template)];
        parties.extend(asked(self, template));
        parties
    }

    fn standing(&self, caller: Caller<'_>, consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        let Some(template) = caller.programme.template(&self.template) else { return Standing::default() };
        let org = &caller.actor.org;
        Standing::default()
            .role(Role::Author, *org == drafter(self, template).org)
            .role(Role::ConsentParty, asked(self, template).iter().any(|party| party.org == *org))
            .holds(Condition::Running, self.pairing_to.is_none_or(|end| caller.today <= end))
            .holds(Condition::InTime, in_time(self, caller.programme, caller.today))
            .holds(Condition::Awaited, review::awaited(consents, org))
            .holds(Condition::SentBack, self.sent_back)
            .holds(Condition::Latest, !self.newer)
    }

    fn title(&self) -> String {
        self.county_name.clone()
    }

    fn refused(action: Action, _why: Refusal) -> Error {
        let answers = matches!(action, Action::Agree | Action::Return);
        Error::Forbidden(if answers { NOT_ASKED } else { NOT_YOURS }.to_owned())
    }
}

impl Answered for PlanRow {
    async fn find(tx: &mut Tx, id: &str) -> Result<Found<Self>> {
        super::find(tx, id).await
    }

    fn hold() -> &'static OnFound<Self> {
        &data::HOLD
    }
}

pub const STEPS: [(&str, &str); 6] = [
    ("begin", "起草"),
    ("edit", "修改"),
    ("propose", "征求同意"),
    ("agree", "同意"),
    ("send_back", "退回修改"),
    ("settle", "各方都已同意，方案生效"),
];

text_enum! {
    /// Where the list files a plan: what its filter asks for.
    pub enum Listed {
        NotBegun = "none",
        Draft = "draft",
        Proposed = "proposed",
        SentBack = "sent_back",
        Agreed = "agreed",
    }
}

pub const LISTED: [(Listed, &str); 5] = [
    (Listed::NotBegun, "未起草"),
    (Listed::Draft, "起草中"),
    (Listed::Proposed, "征求同意中"),
    (Listed::SentBack, "被退回"),
    (Listed::Agreed, "已生效"),
];

pub fn listed(row: Option<&PlanRow>) -> Listed {
    match row.map(|row| (row.state, row.sent_back)) {
        None => Listed::NotBegun,
        Some((PlanState::Draft, _)) => Listed::Draft,
        Some((PlanState::Proposed, true)) => Listed::SentBack,
        Some((PlanState::Proposed, false)) => Listed::Proposed,
        Some((PlanState::Agreed | PlanState::Replaced, _)) => Listed::Agreed,
    }
}

pub fn state(row: Option<&PlanRow>) -> StateMark {
    match row.map(|row| (row.state, row.sent_back)) {
        None => StateMark::new("none", "未起草", "–"),
        Some((PlanState::Draft, _)) => StateMark::new("active", "起草中", "◐"),
        Some((PlanState::Proposed, true)) => StateMark::new("disputed", "被退回", "◆"),
        Some((PlanState::Proposed, false)) => StateMark::new("pending", "征求同意中", "○"),
        Some((PlanState::Agreed, _)) => StateMark::new("done", "已生效", "●"),
        Some((PlanState::Replaced, _)) => StateMark::new("none", "已由新版接替", "–"),
    }
}

fn party(row: &PlanRow, signatory: Signatory) -> ConsentParty {
    let (label, org, name) = match signatory {
        Signatory::Lead => ("牵头院校", &row.lead, &row.lead_name),
        Signatory::Nearby => ("配合院校", &row.nearby, &row.nearby_name),
        Signatory::CountySchool => ("对口县级院校", &row.org, &row.county_name),
        Signatory::CountyBureau => ("主管人社局", &row.bureau, &row.bureau_name),
    };
    ConsentParty { label, org: org.clone(), name: name.clone() }
}

pub fn drafter(row: &PlanRow, template: &PlanTemplate) -> ConsentParty {
    party(row, template.drafted_by)
}

/// Those who are asked to agree: whom the programme names and, where it says so, those whom the plan names as payers.
pub fn asked(row: &PlanRow, template: &PlanTemplate) -> Vec<ConsentParty> {
    let mut asked: Vec<ConsentParty> =
        template.agreed_by.iter().map(|signatory| party(row, *signatory)).collect();
    if template.payers_agree {
        let more: Vec<ConsentParty> =
            payers(row).into_iter().filter(|payer| asked.iter().all(|one| one.org != payer.org)).collect();
        asked.extend(more);
    }
    asked
}

/// The city and the province, where a gap says that they make up for it (T1.1). The bureau above the school agrees anyway.
fn payers(row: &PlanRow) -> Vec<ConsentParty> {
    // A body that does not read is an error where it is shown; here it names nobody.
    let body = Body::parse(&row.body).unwrap_or_default();
    let named = |level: &str| body.gaps.iter().any(|gap| gap.level == level);
    let above = [
        ("city", "市人社局", &row.city, &row.city_name),
        ("province", "省领导小组办公室", &row.office, &row.office_name),
    ];
    let payers = above.into_iter().filter(|(level, ..)| named(level));
    payers.map(|(_, label, org, name)| ConsentParty { label, org: org.clone(), name: name.clone() }).collect()
}

pub fn in_time(row: &PlanRow, programme: &Programme, today: Date) -> bool {
    crate::network::pairings::rules::answers_still(row.pairing_to, programme, today)
}

/// Whether one may save it: lengths, and that everything it names is there. What is missing may still come.
pub fn check(
    body: &Body,
    template: &PlanTemplate,
    programme: &Programme,
    needs: &[NeedRow],
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut say = |field: String, mistake: Mistake| errors.push(FieldError::new(field, mistake));
    for section in &template.sections {
        let text = body.text.get(&section.id).map_or(0, |text| text.chars().count());
        if section.kind == SectionKind::Text && text > MOST_TEXT {
            say(format!("text-{}", section.id), Code::TooLong.says("这一段最多写四千个字，请写得短些。"));
        }
        let rows = body.rows(section.kind);
        if rows.len() > MOST_ROWS {
            say(field_name(section.kind, 0, 0), Code::TooMany.says("这一部分最多六十条，请合并后再保存。"));
        }
        for (at, row) in rows.iter().enumerate() {
            for (number, (column, cell)) in columns(section.kind).iter().zip(row).enumerate() {
                if let Some(mistake) = wrong(column.holds, cell, programme, needs) {
                    say(field_name(section.kind, at, number), mistake);
                }
            }
        }
    }
    errors
}

fn wrong(holds: Holds, cell: &str, programme: &Programme, needs: &[NeedRow]) -> Option<Mistake> {
    if cell.is_empty() {
        return None;
    }
    let among = |words: &[(&str, &'static str)]| !body::name_in(words, cell).is_empty();
    let known = match holds {
        Holds::Text(most) if cell.chars().count() > most => {
            return Some(Code::TooLong.says("写得太长了，请分成几条或写得短些。"));
        }
        Holds::Text(_) | Holds::Whole | Holds::Hundredths | Holds::Money | Holds::Day => true,
        Holds::Indicator => programme.indicator(cell).is_some(),
        Holds::Clause => programme.clauses.iter().any(|clause| clause.id == cell),
        Holds::Need => needs.iter().any(|need| need.id == cell),
        Holds::ConsentParty => among(&PARTIES),
        Holds::Level => among(&LEVELS),
        Holds::Unit => among(&UNITS),
    };
    (!known).then(|| Code::NotListed.says("请从列表里选一项。"))
}

/// Whether the others can be asked: rows are whole, and there is something to agree to.
pub fn complete(body: &Body, template: &PlanTemplate) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for section in &template.sections {
        let rows = body.rows(section.kind);
        let empty = match section.kind {
            SectionKind::Measures => "还没有写措施，至少写一条再征求同意。",
            SectionKind::Gaps => "还没有写条件缺口，至少写一条再征求同意。",
            SectionKind::Milestones => "还没有写时间节点，至少写一条再征求同意。",
            SectionKind::Text | SectionKind::Goals => "",
        };
        if rows.is_empty() && !empty.is_empty() {
            errors.push(FieldError::new(field_name(section.kind, 0, 0), Code::Missing.says(empty)));
        }
        for (at, row) in rows.iter().enumerate() {
            for (number, (column, cell)) in columns(section.kind).iter().zip(row).enumerate() {
                if column.needed && cell.is_empty() {
                    let message = Code::Missing
                        .says(format!("请补上“{}”的“{}”，或把这一条清空。", section.title, column.label));
                    errors.push(FieldError::new(field_name(section.kind, at, number), message));
                }
            }
        }
    }
    errors
}

/// Open needs that no measure names.
pub fn unanswered<'a>(body: &Body, needs: &'a [NeedRow]) -> Vec<&'a NeedRow> {
    let named = |need: &NeedRow| body.measures.iter().any(|measure| measure.need == need.id);
    needs.iter().filter(|need| need.state == NeedState::Open && !named(need)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::review::tests::{any_sequence, programme, sequences, step};
    use jiedui_kernel::Actor;
    use proptest::prelude::*;

    /// What was allowed, and what came of it, before there was a table.
    const DECIDED: [&str; 32] = [
        "draft author running: edit submit>proposed",
        "draft author running sent back: edit submit>proposed",
        "draft author running newer: edit submit>proposed",
        "draft author ended: -",
        "draft party awaited: -",
        "draft party awaited late: -",
        "draft party agreed: -",
        "draft stranger: -",
        "proposed author running: -",
        "proposed author running sent back: edit>draft",
        "proposed author running newer: -",
        "proposed author ended: -",
        "proposed party awaited: agree return_to_submitter",
        "proposed party awaited late: -",
        "proposed party agreed: -",
        "proposed stranger: -",
        "agreed author running: reopen",
        "agreed author running sent back: reopen",
        "agreed author running newer: -",
        "agreed author ended: -",
        "agreed party awaited: -",
        "agreed party awaited late: -",
        "agreed party agreed: -",
        "agreed stranger: -",
        "replaced author running: -",
        "replaced author running sent back: -",
        "replaced author running newer: -",
        "replaced author ended: -",
        "replaced party awaited: -",
        "replaced party awaited late: -",
        "replaced party agreed: -",
        "replaced stranger: -",
    ];

    #[test]
    fn the_table_decides_as_was_decided_before() {
        use Condition::{Awaited, InTime, Latest, Running, SentBack};
        let author = Standing::default().role(Role::Author, true).holds(InTime, true);
        let running = author.clone().holds(Running, true);
        let party = Standing::default().role(Role::ConsentParty, true);
        let standings = [
            ("author running", running.clone().holds(Latest, true)),
            ("author running sent back", running.clone().holds(Latest, true).holds(SentBack, true)),
            ("author running newer", running),
            ("author ended", author.holds(Latest, true).holds(SentBack, true)),
            ("party awaited", party.clone().holds(InTime, true).holds(Awaited, true)),
            ("party awaited late", party.clone().holds(Awaited, true)),
            ("party agreed", party.holds(InTime, true)),
            ("stranger", Standing::default().holds(InTime, true).holds(Running, true)),
        ];
        assert_eq!(review::tests::table(&LIFE, &standings), DECIDED);
        review::tests::is_sound(&LIFE, PlanState::Draft);
    }

    /// A collaboration plan, drafted by the lead college.
    fn plan() -> PlanRow {
        let text = String::new;
        PlanRow {
            id: "plan".to_owned(),
            template: "collaboration".to_owned(),
            org: "school".to_owned(),
            pairing: Some("pairing".to_owned()),
            edition: 1,
            state: PlanState::Draft,
            body: text(),
            revision: 1,
            agreed_on: None,
            version: 1,
            county_name: text(),
            bureau: "bureau".to_owned(),
            bureau_name: text(),
            city: "city".to_owned(),
            city_name: text(),
            office: "office".to_owned(),
            office_name: text(),
            lead: "lead".to_owned(),
            lead_name: text(),
            nearby: "nearby".to_owned(),
            nearby_name: text(),
            pairing_to: None,
            sent_back: false,
            newer: false,
            held: None,
        }
    }

    proptest! {
        #[test]
        fn any_sequence_of_actions_leaves_row_and_history_in_accord(tries in sequences()) {
            let actors = ["lead", "nearby", "school", "bureau", "stranger"]
                .map(|org| Actor { org: org.to_owned(), ..Actor::public() });
            let around = (&actors[..], programme(), "2026-11-24".parse().unwrap());
            let asked = plan().parties(programme());
            any_sequence(plan(), around, step("lead", "begin", 1), &tries, |plan, next, history| {
                plan.revision = next.revision(plan.revision);
                plan.state = next.to();
                let stands = review::consents(&asked, history, plan.revision, LIFE.proposes);
                let refused = stands.iter().any(|one| one.answered && !one.agreed);
                plan.sent_back = plan.state == PlanState::Proposed && refused;
            });
        }
    }
}
