//! Applications: what is lacking, in turn from hand to hand, decided once, and what comes of it.

use super::actions::recheck;
use super::data::{self, BasisRow};
use super::{CaseRow, CaseState, rules};
use crate::both_engines;
use crate::evidence::outputs;
use crate::shared::confirmation::State;
use crate::shared::frozen;
use crate::shared::kept::{Running, Shifts};
use crate::testing::{Agent, PageResponse, Province, World};
use chrono::TimeDelta;
use jiedui_programme::{Application, ConditionState, FieldKind, IndicatorOf, Stands};
use jiedui_store::args;

async fn row(world: &World, id: &str) -> jiedui_store::Found<CaseRow> {
    crate::standing::applications::find(&mut world.tx().await, id).await.unwrap()
}

async fn act(world: &World, agent: &Agent, id: &str, what: &str, fields: &[(&str, &str)]) -> PageResponse {
    world.clock().advance(TimeDelta::seconds(1));
    let version = row(world, id).await.version.to_string();
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    agent.post(&format!("/applications/{id}/{what}"), &all).await
}

fn role_of(p: &Province, org: &str) -> (String, &'static str) {
    let mut seats = jiedui_programme::Side::ALL.into_iter().map(|side| p.seat(side));
    seats.find(|(id, _)| id == org).unwrap()
}

/// What the form of this kind must say.
async fn filled(agent: &Agent, kind: &Application) -> Vec<(String, String)> {
    let page = agent.get(&format!("/applications/new/{}", kind.id)).await;
    assert_eq!(page.status, 200, "{}", kind.id);
    let mut fields = vec![("title".to_owned(), format!("{}一号", kind.name))];
    for field in &kind.fields {
        let offered = page.attributes(&format!("select[name={}] option", field.id), "value");
        let value = match field.kind {
            FieldKind::Number => "3".to_owned(),
            FieldKind::Date => "2026-12-31".to_owned(),
            FieldKind::Yes => "yes".to_owned(),
            FieldKind::Choice | FieldKind::Person => offered[1].clone(),
            FieldKind::Text | FieldKind::LongText | FieldKind::Enterprise | FieldKind::Chain => {
                "照实写".to_owned()
            }
        };
        fields.push((field.id.clone(), value));
    }
    fields
}

async fn begun(agent: &Agent, kind: &Application, title: &str) -> String {
    let mut fields = filled(agent, kind).await;
    fields[0].1 = title.to_owned();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    agent.post(&format!("/applications/new/{}", kind.id), &fields).await.made()
}

fn kind(world: &World, id: &str) -> Application {
    world.app.programme().application(id).unwrap().clone()
}

both_engines! {
    /// From hand to hand: returned with words, asked again, recommended, handed in with a reason where a condition is not
    /// met, granted, and an output that knows where it came from; a wrong decision is taken back with what came of it.
    async fn an_application_goes_its_way(world: World, p: Province) {
        let case = Played::begin(&world, &p).await;
        case.is_recommended_after_a_return().await;
        case.is_applied_for_with_a_reason().await;
        let result = case.is_granted_and_becomes_an_output().await;
        case.is_held_against_the_running_code().await;
        case.is_decided_again(&result).await;
    }
}

/// One application of a training base, and who has a part in it.
struct Played<'a> {
    world: &'a World,
    p: &'a Province,
    school: Agent,
    county: Agent,
    office: Agent,
    id: String,
}

impl<'a> Played<'a> {
    async fn begin(world: &'a World, p: &'a Province) -> Self {
        let school = world.agent(&p.xingning, "county_school").await;
        let county = world.agent(&p.county, "county").await;
        let office = world.agent(&p.office, "province").await;
        let id = begun(&school, &kind(world, "training-base"), "数控培训基地").await;
        assert_eq!(row(world, &id).await.recommender.as_deref(), Some(p.county.as_str()));
        Self { world, p, school, county, office, id }
    }

    async fn act(&self, who: &Agent, what: &str, fields: &[(&str, &str)]) -> PageResponse {
        act(self.world, who, &self.id, what, fields).await
    }

    async fn is_recommended_after_a_return(&self) {
        let Self { school, county, id, .. } = self;
        assert_eq!(
            self.act(county, "recommend", &[("verdict", "recommend")]).await.status,
            409,
            "not asked yet"
        );
        assert_eq!(self.act(school, "hand", &[("act", "apply")]).await.status, 409, "not recommended yet");
        assert_eq!(self.act(school, "hand", &[("act", "ask")]).await.status, 303);
        assert_eq!(school.get(&format!("/applications/{id}/edit")).await.status, 409, "out of hand");
        let wordless = self.act(county, "recommend", &[("verdict", "send_back")]).await;
        assert_eq!(
            (wordless.status.as_u16(), wordless.attributes(".errors a", "href")),
            (422, vec!["#f-reason".to_owned()])
        );
        self.act(county, "recommend", &[("verdict", "send_back"), ("reason", "写明面向哪些工种")]).await;
        assert!(school.get(&format!("/applications/{id}")).await.says("写明面向哪些工种"));
        let waiting = school.get_json("/applications?waiting=me").await.json();
        assert!(waiting.to_string().contains(id), "what was returned waits for the school");
        assert_eq!(self.act(school, "edit", &[("title", "数控与焊接培训基地")]).await.status, 303);
        self.act(school, "hand", &[("act", "ask")]).await;
        assert_eq!(self.act(county, "recommend", &[("verdict", "recommend")]).await.status, 303);
    }

    /// It has no training system: not met. Whether it attains the standard is not known, which asks for nothing.
    async fn is_applied_for_with_a_reason(&self) {
        let bare = self.act(&self.school, "hand", &[("act", "apply")]).await;
        assert_eq!(
            (bare.status.as_u16(), bare.attributes(".errors a", "href")),
            (422, vec!["#f-reason".to_owned()])
        );
        assert_eq!(
            self.act(&self.school, "hand", &[("act", "apply"), ("reason", "年内建成")]).await.status,
            303
        );
        let kept = rules::snapshot(&row(self.world, &self.id).await.into_row()).unwrap();
        let states: Vec<ConditionState> = kept.iter().map(|reading| reading.state).collect();
        assert_eq!(states, [ConditionState::Unknown, ConditionState::NotMet, ConditionState::Stated]);
    }

    async fn is_granted_and_becomes_an_output(&self) -> String {
        let Self { world, p, school, id, .. } = self;
        let by_county =
            self.act(&self.county, "decide", &[("verdict", "granted"), ("on", "2026-11-24")]).await;
        assert_eq!(by_county.status, 403);
        let early = self.act(&self.office, "decide", &[("verdict", "granted"), ("on", "2026-11-01")]).await;
        assert_eq!(early.attributes(".errors a", "href"), ["#f-on"]);
        let granted = [("verdict", "granted"), ("on", "2026-11-24"), ("number", "粤人社函〔示例〕9号")];
        assert_eq!(self.act(&self.office, "decide", &granted).await.status, 303);
        let result = row(world, id).await.result.clone().unwrap();
        let resource = outputs::find(&mut world.tx().await, &result).await.unwrap();
        assert_eq!(
            (resource.title.as_str(), resource.application.as_str()),
            ("数控与焊接培训基地", id.as_str())
        );
        assert_eq!(
            (resource.state, resource.school.as_deref()),
            (State::Confirmed, Some(p.xingning.as_str()))
        );
        let page = school.get(&format!("/outputs/{result}")).await;
        assert!(page.attributes("a", "href").contains(&format!("/applications/{id}")), "both ways");
        assert!(
            school
                .get(&format!("/applications/{id}"))
                .await
                .attributes("a", "href")
                .contains(&format!("/outputs/{result}"))
        );
        assert_eq!(self.act(school, "hand", &[("act", "withdraw"), ("reason", "不要了")]).await.status, 409);
        result
    }

    /// The running code reads the same of what was known then, and what it reads or counts otherwise is told.
    async fn is_held_against_the_running_code(&self) {
        let (programme, mut shifts) = (self.world.app.programme(), Shifts::default());
        let mut tx = self.world.tx().await;
        let running = Running { programme: &programme, shifts: &shifts };
        let again = (recheck::KEPT.again)(&mut tx, &self.id, running).await.unwrap();
        assert_eq!(again.found, []);
        assert!(again.title.contains("获批"), "{}", again.title);
        assert!((recheck::KEPT.after)(&mut tx, "").await.unwrap().contains(&(self.id.clone(),)));
        let kept = tx.one::<BasisRow>(&data::KEPT_TEXT, args![&self.id]).await.unwrap();
        let mut basis: recheck::Basis = frozen::read(&kept.basis, "basis").unwrap();
        assert_eq!(basis.stamp.rules, programme.digest);
        basis.readings[1].state = ConditionState::Met;
        let told = recheck::read_again(&basis, running);
        assert!(told.len() == 1 && told[0].becomes.starts_with("不符合"), "{told:?}");
        basis.stamp.rules = "another".to_owned();
        basis.readings[1].text = "另一个方案的条件".to_owned();
        assert_eq!(recheck::read_again(&basis, running), [], "another programme asked something else");
        basis.readings[0].stands = Stands::Indicator("visits".to_owned());
        assert_eq!(recheck::counted(&basis, running), []);
        shifts.add("visits", (202_610, &self.p.nanxiong), ((1, 1), (2, 2)));
        shifts.add("visits", (202_410, &self.p.xingning), ((1, 1), (2, 2)));
        assert_eq!(recheck::counted(&basis, Running { programme: &programme, shifts: &shifts }), []);
        shifts.add("visits", (202_610, &self.p.xingning), ((1, 1), (2, 2)));
        assert_eq!(recheck::counted(&basis, Running { programme: &programme, shifts: &shifts }).len(), 1);
        let stands = |one: &&jiedui_programme::Indicator| matches!(one.of, IndicatorOf::Outputs { .. });
        let stock = programme.indicators.iter().find(stands).unwrap().id.clone();
        basis.readings[0].stands = Stands::Indicator(stock.clone());
        let mut old = Shifts::default();
        old.add(&stock, (202_410, &self.p.xingning), ((1, 1), (2, 2)));
        let running = Running { programme: &programme, shifts: &old };
        assert_eq!(recheck::counted(&basis, running).len(), 1, "it counts from whenever it came");
    }

    async fn is_decided_again(&self, result: &str) {
        let Self { world, office, id, .. } = self;
        assert_eq!(
            self.act(office, "decide", &[("verdict", "reopen"), ("reason", "文号登错")]).await.status,
            303
        );
        assert_eq!(row(world, id).await.state, CaseState::Applied);
        assert_eq!(outputs::find(&mut world.tx().await, result).await.unwrap().state, State::Withdrawn);
        let wordless = self.act(office, "decide", &[("verdict", "refused"), ("on", "2026-11-24")]).await;
        assert_eq!(wordless.attributes(".errors a", "href"), ["#f-words"], "a refusal says why");
    }
}

both_engines! {
    /// A preference is said where the plan asks for one; two of the same name are not under way at once.
    async fn a_tilt_is_said_with_the_decision(world: World, p: Province) {
        let kind = kind(&world, "incubator");
        assert!(kind.preference);
        let school = world.agent(&p.xingning, "county_school").await;
        let (county, city) = (world.agent(&p.county, "county").await, world.agent(&p.city, "city").await);
        let id = begun(&school, &kind, "创业孵化基地").await;
        let mut twin = filled(&school, &kind).await;
        twin[0].1 = "创业孵化基地".to_owned();
        let twin: Vec<(&str, &str)> = twin.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let again = school.post("/applications/new/incubator", &twin).await;
        assert_eq!((again.status.as_u16(), again.attributes(".errors a", "href")), (422, vec!["#f-title".to_owned()]));
        act(&world, &school, &id, "hand", &[("act", "ask")]).await;
        act(&world, &county, &id, "recommend", &[("verdict", "recommend")]).await;
        act(&world, &school, &id, "hand", &[("act", "apply"), ("reason", "先行先试")]).await;
        let granted = [("verdict", "granted"), ("on", "2026-11-24")];
        assert_eq!(act(&world, &city, &id, "decide", &granted).await.attributes(".errors a", "href"), ["#f-preference"]);
        let mut said = granted.to_vec();
        said.push(("preference", "yes"));
        assert_eq!(act(&world, &city, &id, "decide", &said).await.attributes(".errors a", "href"), ["#f-preference_words"]);
        said.push(("preference_words", "名额单列"));
        assert_eq!(act(&world, &city, &id, "decide", &said).await.status, 303);
        let list = city.get_json("/applications?state=granted").await.json();
        assert_eq!(list["rows"][0]["preference"], "给了倾斜");
    }
}

both_engines! {
    /// What can be applied for says item by item what there is and what is asked, and follows the facts.
    async fn what_is_lacking_follows_the_facts(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let mut tx = world.tx().await;
        let programme = world.app.programme();
        let kind = programme.application("training-base").unwrap();
        let before = crate::standing::applications::readings(&mut tx, &programme, kind, &p.xingning).await.unwrap();
        assert_eq!(before[1].state, ConditionState::NotMet);
        drop(tx);
        assert!(school.get("/applications/open").await.says("高技能人才培训基地申报"));
        let lead = world.agent(&p.lead, "lead").await;
        let fields = [("title", "技能实训体系"), ("stage", "running"), ("since", "2026-09-01"), ("what", "system")];
        let made = lead.post("/outputs/new/training-system", &fields).await.made();
        let answer = school.post(&format!("/outputs/{made}/answer"), &[("version", "1"), ("verdict", "confirm")]).await;
        assert_eq!(answer.status, 303);
        let mut tx = world.tx().await;
        let after = crate::standing::applications::readings(&mut tx, &programme, kind, &p.xingning).await.unwrap();
        assert_eq!(after[1].state, ConditionState::Met);
        assert_eq!(after[1].reason, "技能培训体系现有1个，需要不少于1个。");
        drop(tx);
        let office = world.agent(&p.office, "province").await;
        assert!(office.get("/applications/open").await.says("没有由本单位申报的事项"));
        let stranger = world.agent(&p.nanxiong, "county_school").await;
        let case = begun(&school, kind, "数控培训基地").await;
        assert_eq!(stranger.get(&format!("/applications/{case}")).await.status, 404);
    }
}

both_engines! {
    /// Each kind of application of the programme, by each who applies: through every hand to its result.
    async fn every_application_of_the_programme_goes_its_way(world: World, p: Province) {
        let programme = world.app.programme();
        assert!(programme.applications.len() >= 10, "the plan's applications are there");
        for kind in &programme.applications {
            for side in &kind.applicant {
                let (org, role) = p.seat(*side);
                let applicant = world.agent(&org, role).await;
                let id = begun(&applicant, kind, &format!("{}{}", kind.name, side.label())).await;
                let case = row(&world, &id).await;
                if let Some(recommender) = &case.recommender {
                    assert_ne!(*recommender, org, "nobody recommends itself");
                    act(&world, &applicant, &id, "hand", &[("act", "ask")]).await;
                    let (org, role) = role_of(&p, recommender);
                    let other = world.agent(&org, role).await;
                    let done = act(&world, &other, &id, "recommend", &[("verdict", "recommend")]).await;
                    assert_eq!(done.status, 303, "{} by {role}", kind.id);
                }
                let done = act(&world, &applicant, &id, "hand", &[("act", "apply"), ("reason", "照实说明")]).await;
                assert_eq!(done.status, 303, "{}", kind.id);
                let (decider, role) = role_of(&p, &case.decider);
                let other = world.agent(&decider, role).await;
                let mut granted = vec![("verdict", "granted"), ("on", "2026-11-24"), ("preference", "no")];
                let amount = crate::standing::applications::actions::result_of(&programme, kind).is_some_and(|(_, label)| !label.is_empty());
                if amount {
                    let bare = act(&world, &other, &id, "decide", &granted).await;
                    assert_eq!(bare.attributes(".errors a", "href"), ["#f-amount"], "{}: how much is said once", kind.id);
                    granted.push(("amount", "120000"));
                }
                let done = act(&world, &other, &id, "decide", &granted).await;
                assert_eq!(done.status, 303, "{}: {}", kind.id, done.all(".errors").join(" "));
                let case = row(&world, &id).await;
                assert_eq!(case.result.is_some(), kind.result.is_some(), "{}", kind.id);
                if let Some(result) = &case.result {
                    let resource = outputs::find(&mut world.tx().await, result).await.unwrap();
                    assert_eq!(Some(&resource.output), kind.result.as_ref());
                    assert_eq!(applicant.get(&format!("/outputs/{result}")).await.status, 200);
                    if amount {
                        // That it came is no decision: who receives it says so.
                        let come = [("version", "1"), ("stage", "paid"), ("from", "2026-11-24"), ("achieved", "50000")];
                        assert_eq!(other.post(&format!("/outputs/{result}/stage"), &come).await.status, 303);
                        let paid = outputs::find(&mut world.tx().await, result).await.unwrap();
                        assert_eq!((paid.answerer.as_ref(), paid.state), (paid.school.as_ref(), State::Claimed));
                    }
                    if programme.output(&resource.output).is_some_and(|kind| kind.raises_to.is_some()) {
                        // The next one raises the same school.
                        let version = resource.version.to_string();
                        let gone = [("version", version.as_str()), ("reason", "另行登记")];
                        assert_eq!(other.post(&format!("/outputs/{result}/withdraw"), &gone).await.status, 303);
                    }
                }
            }
        }
    }
}
