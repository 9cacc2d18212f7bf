//! What is told of rows.

use super::fields::{Kind, Part, Resource, day, moment, said, scale, told, unit_name};
use crate::evidence::ledger::EntryRow;
use crate::evidence::outputs::OutputRow;
use crate::evidence::profiles::rules::ElementAnswer;
use crate::evidence::profiles::{ProfileStage, ToldProfile};
use crate::evidence::service_certificates::rules::number;
use crate::evidence::service_certificates::{CertificateRow, CertificateState};
use crate::network::pairings::PairingRow;
use crate::network::registry::{self, HeldPost, OrgRow, PersonAt};
use crate::planning::needs::{NeedRow, NeedState, unit_of};
use crate::planning::projects::{Ended, ProjectRow};
use crate::reporting::monthly::{MonthRow, MonthState};
use crate::shared::confirmation::State;
use crate::shared::review::State as _;
use crate::sharing::funding::{MoveKind, MoveRow, MoveState};
use jiedui_kernel::Unit;
use jiedui_programme::{Element, Programme};
use jiedui_store::Keyed;
use jiedui_web::fields::parse;
use serde_json::{Value, json};
use std::ops::Deref;

const MAYBE_ID: Kind = Kind::Maybe(&Kind::Id);
const MAYBE_TEXT: Kind = Kind::Maybe(&Kind::Text);
const MAYBE_WHOLE: Kind = Kind::Maybe(&Kind::Whole);
const MAYBE_DAY: Kind = Kind::Maybe(&Kind::Day);
const STATE: Kind = Kind::OneOf(|| State::ALL.into_iter().map(State::text).collect());

pub const SCHOOL: Resource<OrgRow> = Resource {
    name: "school",
    about: "院校",
    fields: told! { OrgRow;
        "id": Kind::Id, "编号", |row, _| row.id.as_str();
        "name": Kind::Text, "名称", |row, _| row.name.as_str();
        "division": Kind::Text, "所在行政区划的代码", |row, _| row.division.as_str();
        "place": Kind::Text, "所在行政区划的名称", |row, _| row.place.as_str();
        "city": MAYBE_TEXT, "所在市的名称", |row, _| row.city.as_deref();
        "typical_class": MAYBE_TEXT, "典型县的类别", |row, _| said(&row.typical_class);
        "parent": MAYBE_ID, "主管机构", |row, _| row.parent.as_deref();
        "level": Kind::Text, "办学层次", |row, _| row.level.as_str();
        "ownership": Kind::Text, "举办性质", |row, _| row.ownership.as_str();
        "credit_code": MAYBE_TEXT, "统一社会信用代码", |row, _| said(&row.credit_code);
        "county_school": Kind::Yes, "今天是不是对口县级院校", |row, _| row.county_school;
        "high_level": Kind::Yes, "今天是不是高水平院校", |row, _| row.high_level;
        "ended_on": MAYBE_DAY, "合并或停办的日期", |row, _| day(row.ended_on);
        "version": Kind::Whole, "改动的次数", |row, _| row.version;
    },
};

const POST: Kind = Kind::OneOf(|| registry::POSTS.iter().map(|(id, _)| *id).collect());

pub const PERSON: Resource<PersonAt> = Resource {
    name: "person",
    about: "人员任职",
    fields: told! { PersonAt;
        "id": Kind::Id, "编号，登记工作时写它", |row, _| row.id.as_str();
        "name": Kind::Text, "姓名，不是本单位的人只有公开的任职写全", |row, _| row.name.to_string();
        "post": POST, "任职类别", |row, _| row.post.as_str();
        "title": MAYBE_TEXT, "职务全称，与类别一致的没有", |row, _| said(&row.title);
        "from_day": Kind::Day, "任职起", |row, _| row.from_day.to_string();
        "to_day": MAYBE_DAY, "任职止，在任的没有", |row, _| day(row.to_day);
    },
};

pub const HELD_POST: Resource<HeldPost> = Resource {
    name: "post",
    about: "任职",
    fields: told! { HeldPost;
        "id": Kind::Id, "任职的编号", |row, _| row.id.as_str();
        "person": Kind::Id, "人的编号，登记工作时写它", |row, _| row.person.as_str();
        "name": Kind::Text, "姓名，不是本单位的人只有公开的任职写全", |row, _| row.name.to_string();
        "org": Kind::Id, "所在的院校或机构", |row, _| row.org.as_str();
        "post": POST, "任职类别", |row, _| row.post.as_str();
        "title": MAYBE_TEXT, "职务全称，与类别一致的没有", |row, _| said(&row.title);
        "from_day": Kind::Day, "任职起", |row, _| row.from_day.to_string();
        "to_day": MAYBE_DAY, "任职止，在任的没有", |row, _| day(row.to_day);
    },
};

pub const PAIRING: Resource<PairingRow> = Resource {
    name: "pairing",
    about: "结对",
    fields: told! { PairingRow;
        "id": Kind::Id, "编号", |row, _| row.id.as_str();
        "county_school": Kind::Id, "对口县级院校", |row, _| row.county_school.as_str();
        "lead": Kind::Id, "牵头院校", |row, _| row.lead.as_str();
        "nearby": Kind::Id, "配合院校", |row, _| row.nearby.as_str();
        "agreed_on": MAYBE_DAY, "签协议的日期", |row, _| day(row.agreed_on);
        "planned_on": MAYBE_DAY, "协作方案三方同意的日期", |row, _| day(row.planned_on);
        "from_day": Kind::Day, "开始日期", |row, _| row.from_day.to_string();
        "to_day": MAYBE_DAY, "终止日期，早于开始日期的是撤销了的结对", |row, _| day(row.to_day);
        "end_reason": MAYBE_TEXT, "终止的原因", |row, _| said(&row.end_reason);
        "version": Kind::Whole, "改动的次数", |row, _| row.version;
    },
};

const NEED_STATE: Kind = Kind::OneOf(|| NeedState::ALL.iter().map(|state| state.text()).collect());
const HELPED: Kind = Kind::OneOf(|| vec!["yes", "partly", "no"]);

pub const NEED: Resource<NeedRow> = Resource {
    name: "need",
    about: "需求",
    fields: told! { NeedRow;
        "id": Kind::Id, "编号", |row, _| row.id.as_str();
        "school": Kind::Id, "提出它的院校", |row, _| row.org.as_str();
        "rank": MAYBE_WHOLE, "本校自己排的先后，办结或撤下后没有", |row, _| (row.rank > 0).then_some(row.rank);
        "clause": MAYBE_ID, "对应任务", |row, _| said(&row.clause);
        "title": Kind::Text, "标题", |row, _| row.title.as_str();
        "detail": MAYBE_TEXT, "说明", |row, _| said(&row.detail);
        "quantity": MAYBE_WHOLE, "数量", |row, _| row.quantity;
        "unit": MAYBE_TEXT, "数量的单位", |row, _| unit_of(&row.unit).map(unit_name);
        "scale": Kind::Whole, "数量除以它，就是以单位计的数", |row, _| unit_of(&row.unit).map_or(1, scale);
        "wished_on": MAYBE_DAY, "希望的时间", |row, _| day(row.wished_on);
        "state": NEED_STATE, "状态", |row, _| row.state.text();
        "helped": Kind::Maybe(&HELPED), "学校说有没有帮助", |row, _| said(&row.helped);
        "closed_on": MAYBE_DAY, "办结或撤下的日期", |row, _| day(row.closed_on);
        "projects": Kind::Whole, "回应它的备案项目数", |row, _| row.projects;
        "version": Kind::Whole, "改动的次数", |row, _| row.version;
    },
};

/// The unit of a project, which is kept by its name.
fn unit_named(name: &str) -> Option<Unit> {
    serde_json::from_value(Value::from(name)).ok()
}

const ENDING: Kind = Kind::OneOf(|| {
    let words = Ended::ALL.iter().map(|ended| ended.text());
    words.filter(|text| !text.is_empty()).collect()
});

pub const PROJECT: Resource<ProjectRow> = Resource {
    name: "project",
    about: "项目",
    fields: told! { ProjectRow;
        "id": Kind::Id, "编号", |row, _| row.id.as_str();
        "list": Kind::Id, "所在的年度清单", |row, _| row.list.as_str();
        "pairing": Kind::Id, "结对", |row, _| row.pairing.as_str();
        "year": Kind::Whole, "年度", |row, _| row.year;
        "place": Kind::Whole, "清单里的序号", |row, _| row.place;
        "title": Kind::Text, "名称", |row, _| row.title.as_str();
        "clause": MAYBE_ID, "对应任务", |row, _| said(&row.clause);
        "need": MAYBE_ID, "回应的需求", |row, _| row.need.as_deref();
        "outcome": Kind::Text, "预期成效", |row, _| row.outcome.as_str();
        "quantity": Kind::Whole, "预期数量", |row, _| row.quantity;
        "claimed": Kind::Whole, "登记数", |row, _| row.claimed;
        "confirmed": Kind::Whole, "确认数", |row, _| row.confirmed;
        "unit": MAYBE_TEXT, "数量的单位", |row, _| said(&row.unit);
        "scale": Kind::Whole, "数量除以它，就是以单位计的数", |row, _| unit_named(&row.unit).map_or(1, scale);
        "owner_org": Kind::Id, "负责单位", |row, _| row.owner_org.as_str();
        "from_day": Kind::Day, "开始日期", |row, _| row.from_day.to_string();
        "to_day": Kind::Day, "结束日期", |row, _| row.to_day.to_string();
        "lead_does": MAYBE_TEXT, "牵头院校做什么", |row, _| said(&row.lead_does);
        "nearby_does": MAYBE_TEXT, "配合院校做什么", |row, _| said(&row.nearby_does);
        "budget_fen": Kind::Whole, "各项经费之和，单位是分", |row, _| row.budget_sum;
        "filed": Kind::Yes, "是不是在备案的清单里", |row, _| row.filed;
        "ended": Kind::Maybe(&ENDING), "怎样结束的", |row, _| said(row.ended.text());
        "ended_on": MAYBE_DAY, "结束的日期", |row, _| day(row.ended_on);
        "result": MAYBE_TEXT, "结果", |row, _| said(&row.result);
        "carried_from": MAYBE_ID, "从哪一个项目结转", |row, _| row.carried_from.as_deref();
        "version": Kind::Whole, "改动的次数", |row, _| row.version;
    },
};

/// A row with the unit of its numbers, which is looked up once for all that is told of it.
pub struct Counted<Row> {
    row: Row,
    unit: Option<Unit>,
}

impl<Row> Deref for Counted<Row> {
    type Target = Row;

    fn deref(&self) -> &Row {
        &self.row
    }
}

impl<Row: Keyed> Keyed for Counted<Row> {
    fn key(&self) -> &str {
        self.row.key()
    }
}

pub fn entry(programme: &Programme, row: EntryRow) -> Counted<EntryRow> {
    Counted { unit: programme.activity(&row.activity).map(|activity| activity.unit), row }
}

pub fn output(programme: &Programme, row: OutputRow) -> Counted<OutputRow> {
    Counted { unit: programme.output(&row.output).map(|output| output.unit), row }
}

pub const ENTRY: Resource<Counted<EntryRow>> = Resource {
    name: "entry",
    about: "台账",
    fields: told! { Counted<EntryRow>;
        "id": Kind::Id, "编号", |row, _| row.id.as_str();
        "pairing": Kind::Id, "结对", |row, _| row.pairing.as_str();
        "county_school": Kind::Id, "对口县级院校", |row, _| row.county_school.as_str();
        "activity": Kind::Id, "方案里的工作事项", |row, _| row.activity.as_str();
        "claimant": Kind::Id, "登记的单位", |row, _| row.claimant.as_str();
        "answerer": Kind::Id, "确认的单位", |row, _| row.answerer.as_str();
        "from_day": Kind::Day, "开始日期", |row, _| row.from_day.to_string();
        "to_day": Kind::Day, "结束日期", |row, _| row.to_day.to_string();
        "state": STATE, "状态", |row, _| row.state.text();
        "quantity": Kind::Whole, "登记数", |row, _| row.quantity;
        "confirmed": Kind::Whole, "确认数", |row, _| row.confirmed;
        "unit": MAYBE_TEXT, "数量的单位", |row, _| row.unit.map(unit_name);
        "scale": Kind::Whole, "数量除以它，就是以单位计的数", |row, _| row.unit.map_or(1, scale);
        "disputed_from": MAYBE_DAY, "有异议的第一天", |row, _| day(row.disputed_from);
        "disputed_to": MAYBE_DAY, "有异议的最后一天", |row, _| day(row.disputed_to);
        "project": MAYBE_ID, "所属项目", |row, _| row.project.as_deref();
        "person": MAYBE_ID, "参加的人", |row, _| row.person.as_deref();
        "post": MAYBE_TEXT, "那个人的职务", |row, _| said(&row.post);
        "fields": Kind::Values, "表单里填的内容，按方案里栏目的编号", |row, _| parse(&row.fields);
        "claimed_at": Kind::Moment, "登记的时间", |row, _| moment(row.claimed_at);
        "answered_at": Kind::Maybe(&Kind::Moment), "答复的时间", |row, _| row.answered_at.map(moment);
        "version": Kind::Whole, "改动的次数", |row, _| row.version;
    },
};

pub const OUTPUT: Resource<Counted<OutputRow>> = Resource {
    name: "output",
    about: "成果",
    fields: told! { Counted<OutputRow>;
        "id": Kind::Id, "编号", |row, _| row.id.as_str();
        "output": Kind::Id, "方案里的成果事项", |row, _| row.output.as_str();
        "kind": Kind::Id, "成果的种类", |row, _| row.kind.as_str();
        "clause": MAYBE_ID, "对应任务", |row, _| said(&row.clause);
        "title": Kind::Text, "名称", |row, _| row.title.as_str();
        "org": Kind::Id, "登记的单位", |row, _| row.org.as_str();
        "school": MAYBE_ID, "所属院校", |row, _| row.school.as_deref();
        "pairing": MAYBE_ID, "结对", |row, _| row.pairing.as_deref();
        "answerer": MAYBE_ID, "确认的单位", |row, _| row.answerer.as_deref();
        "state": STATE, "状态", |row, _| row.state.text();
        "stage": MAYBE_ID, "现在的阶段", |row, _| said(&row.stage);
        "stage_from": Kind::Day, "到这个阶段的日期", |row, _| row.stage_from.to_string();
        "since": Kind::Day, "开始的日期", |row, _| row.since.to_string();
        "quantity": Kind::Whole, "数量", |row, _| row.quantity;
        "achieved": Kind::Whole, "已经实现的数量", |row, _| row.achieved;
        "unit": MAYBE_TEXT, "数量的单位", |row, _| row.unit.map(unit_name);
        "scale": Kind::Whole, "数量除以它，就是以单位计的数", |row, _| row.unit.map_or(1, scale);
        "project": MAYBE_ID, "所属项目", |row, _| row.project.as_deref();
        "project_part": MAYBE_WHOLE, "计入项目的数量", |row, _| row.project_part;
        "follows": MAYBE_ID, "接续的成果", |row, _| row.follows.as_deref();
        "fields": Kind::Values, "表单里填的内容，按方案里栏目的编号", |row, _| parse(&row.fields);
        "claimed_at": Kind::Moment, "登记的时间", |row, _| moment(row.claimed_at);
        "version": Kind::Whole, "改动的次数", |row, _| row.version;
    },
};

const MONTH_STATE: Kind = Kind::OneOf(|| MonthState::ALL.iter().map(|state| state.text()).collect());

pub const MONTH: Resource<MonthRow> = Resource {
    name: "month",
    about: "月调度",
    fields: told! { MonthRow;
        "id": Kind::Id, "编号", |row, _| row.id.as_str();
        "month": Kind::Text, "月份", |row, _| format!("{:04}-{:02}", row.month / 100, row.month % 100);
        "school": Kind::Id, "院校", |row, _| row.school.as_str();
        "county": MAYBE_ID, "县级主管部门", |row, _| said(&row.county);
        "city": MAYBE_ID, "市级主管部门", |row, _| said(&row.city);
        "state": MONTH_STATE, "哪一级已经接收", |row, _| row.state.text();
        "problems": MAYBE_TEXT, "问题与诉求", |row, _| said(&row.problems);
        "asked": MAYBE_TEXT, "申请退回的理由", |row, _| said(&row.asked);
        "revision": Kind::Whole, "第几稿", |row, _| row.revision;
        "version": Kind::Whole, "改动的次数", |row, _| row.version;
    },
};

const PROFILE_STATE: Kind = Kind::OneOf(|| ProfileStage::ALL.iter().map(|state| state.text()).collect());
const KNOWN: Kind = Kind::OneOf(|| vec!["value", "unknown", "not_applicable"]);
const VALUES: [Part; 5] = [
    Part { name: "element", kind: Kind::Id, about: "方案里的数据项" },
    Part { name: "known", kind: KNOWN, about: "有数、未知，或者不适用" },
    Part {
        name: "value", kind: MAYBE_WHOLE, about: "数；日期写成八位：年四位、月两位、日两位"
    },
    Part { name: "unit", kind: MAYBE_TEXT, about: "数的单位" },
    Part { name: "scale", kind: Kind::Whole, about: "数除以它，就是以单位计的数" },
];
const MAYBE_VALUES: Kind = Kind::Maybe(&Kind::Each(&VALUES));

fn value_of(programme: &Programme, (element, answer): (&String, &ElementAnswer)) -> Value {
    let of: Option<&Element> = programme.elements.iter().find(|one| one.id == *element);
    let unit = of.map(|of| of.unit);
    json!({
        "element": element,
        "known": answer.known(),
        "value": answer.value(),
        "unit": unit.map(unit_name),
        "scale": unit.map_or(1, scale),
    })
}

fn values_of(programme: &Programme, row: &ToldProfile) -> Option<Vec<Value>> {
    row.values.as_ref().map(|values| values.iter().map(|one| value_of(programme, one)).collect())
}

pub const PROFILE: Resource<ToldProfile> = Resource {
    name: "profile",
    about: "年度基本情况",
    fields: told! { ToldProfile;
        "id": Kind::Id, "编号", |one, _| one.row.id.as_str();
        "school": Kind::Id, "院校", |one, _| one.row.org.as_str();
        "year": Kind::Whole, "年度", |one, _| one.row.year;
        "state": PROFILE_STATE, "办到哪一步；斜线后面是更正办到哪一步", |one, _| one.row.state.text();
        "as_of": Kind::Day, "数是哪一天的", |one, _| one.row.as_of.to_string();
        "submitted_on": MAYBE_DAY, "提交的日期", |one, _| day(one.row.submitted_on);
        "accepted_on": MAYBE_DAY, "接收的日期", |one, _| day(one.row.accepted_on);
        "values": MAYBE_VALUES, "各项的数；别的单位没有提交的没有", |one, programme| values_of(programme, one);
        "version": Kind::Whole, "改动的次数", |one, _| one.row.version;
    },
};

const MOVE_KIND: Kind = Kind::OneOf(|| MoveKind::ALL.iter().map(|kind| kind.text()).collect());
const MOVE_STATE: Kind = Kind::OneOf(|| MoveState::ALL.iter().map(|state| state.text()).collect());

pub const MONEY: Resource<MoveRow> = Resource {
    name: "money",
    about: "经费收支",
    fields: told! { MoveRow;
        "id": Kind::Id, "编号", |row, _| row.id.as_str();
        "school": Kind::Id, "院校", |row, _| row.school.as_str();
        "org": Kind::Id, "登记的单位", |row, _| row.org.as_str();
        "answerer": Kind::Id, "确认的单位", |row, _| row.answerer.as_str();
        "kind": MOVE_KIND, "到账、支出、退回，或者折价的实物", |row, _| row.kind.text();
        "source": Kind::Id, "方案里的经费来源", |row, _| row.source.as_str();
        "output": MAYBE_ID, "哪一项承诺或补助的钱", |row, _| row.output.as_deref();
        "share": MAYBE_ID, "哪一份倾斜分配的钱", |row, _| row.share.as_deref();
        "project": MAYBE_ID, "所属项目", |row, _| row.project.as_deref();
        "day": Kind::Day, "日期", |row, _| row.day.to_string();
        "amount_fen": Kind::Whole, "金额，单位是分", |row, _| row.amount;
        "words": MAYBE_TEXT, "用途", |row, _| said(&row.words);
        "number": MAYBE_TEXT, "凭证号", |row, _| said(&row.number);
        "state": MOVE_STATE, "状态", |row, _| row.state.text();
        "version": Kind::Whole, "改动的次数", |row, _| row.version;
    },
};

/// The kinds of papers that are kept with a number. One so far; others come beside it.
const CERTIFICATE: &str = "service_certificate";
const PAPER_KIND: Kind = Kind::OneOf(|| vec![CERTIFICATE]);
const PAPER_STATE: Kind = Kind::OneOf(|| CertificateState::ALL.iter().map(|state| state.text()).collect());

/// Never the code by which a stranger checks it: whoever has it reads what the teacher let the public page show.
pub const PAPER: Resource<CertificateRow> = Resource {
    name: "paper",
    about: "已出具的证明",
    fields: told! { CertificateRow;
        "id": Kind::Id, "编号", |row, _| row.id.as_str();
        "kind": PAPER_KIND, "哪一种证明；现在只有协作经历证明", |_row, _| CERTIFICATE;
        "number": Kind::Text, "证明编号，由出具的单位按年编排", |row, _| number(row.year, row.place);
        "org": Kind::Id, "出具的单位", |row, _| row.org.as_str();
        "person": Kind::Id, "证明的是谁的经历", |row, _| row.person.as_str();
        "from_day": Kind::Day, "证明的经历从哪一天起", |row, _| row.from_day.to_string();
        "to_day": Kind::Day, "证明的经历到哪一天止", |row, _| row.to_day.to_string();
        "issued_on": Kind::Day, "出具的日期", |row, _| row.issued_on.to_string();
        "withdrawn_on": MAYBE_DAY, "作废的日期，有效的没有", |row, _| day(row.withdrawn_on);
        "state": PAPER_STATE, "有效还是已经作废", |row, _| row.state.text();
        "digest": Kind::Text, "存底的校验值，可以和下载的存底核对", |row, _| row.digest.as_str();
        "version": Kind::Whole, "改动的次数", |row, _| row.version;
    },
};
