//! What is computed: clocks of a pairing, figures of the indicators, and the targets beside them.

use super::fields::{Kind, Part, Resource, day, scale, told, unit_name};
use super::{all, only};
use crate::network::pairings::{self, PairingRow};
use crate::standing::indicators::{
    self, Facts, Slice, has_months, has_pairings, is_kept, is_state, month_text,
};
use crate::standing::obligations::{self, Clock};
use chrono::Datelike as _;
use jiedui_kernel::{Code, Date, Error, FieldError, Mistake, Reported, Result, Unit};
use jiedui_programme::{Aim, ClockState, Indicator, IndicatorOf, Programme, Reading, Target, rounded};
use jiedui_web::context::RequestContext;
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::reply::Reply;
use serde_json::{Value, json};

const MAYBE_ID: Kind = Kind::Maybe(&Kind::Id);
const MAYBE_TEXT: Kind = Kind::Maybe(&Kind::Text);
const MAYBE_WHOLE: Kind = Kind::Maybe(&Kind::Whole);
const MAYBE_DAY: Kind = Kind::Maybe(&Kind::Day);

const CLOCK_STATE: Kind = Kind::OneOf(|| {
    const ALL: [ClockState; 8] = [
        ClockState::Met,
        ClockState::Awaiting,
        ClockState::Running,
        ClockState::AtRisk,
        ClockState::Missed,
        ClockState::Exempt,
        ClockState::BeforeUse,
        ClockState::Undated,
    ];
    ALL.into_iter().map(state_name).collect()
});

const fn state_name(state: ClockState) -> &'static str {
    match state {
        ClockState::Met => "met",
        ClockState::Awaiting => "awaiting",
        ClockState::Running => "running",
        ClockState::AtRisk => "at_risk",
        ClockState::Missed => "missed",
        ClockState::Exempt => "exempt",
        ClockState::BeforeUse => "before_use",
        ClockState::Undated => "undated",
    }
}

fn of_clock(programme: &Programme, clock: &Clock) -> Option<Unit> {
    let obligation = programme.obligations.iter().find(|one| one.id == clock.reading.obligation);
    obligation.map(|obligation| obligation.unit)
}

pub const CLOCK: Resource<Clock> = Resource {
    name: "clock",
    about: "履职进度",
    fields: told! { Clock;
        "obligation": Kind::Id, "方案里的职责", |row, _| row.reading.obligation.as_str();
        "clause": Kind::Id, "对应任务", |row, _| row.clause.as_str();
        "pairing": Kind::Id, "结对", |row, _| row.pairing.as_str();
        "helper": Kind::Id, "协作院校", |row, _| row.reading.helper.as_str();
        "county_school": Kind::Id, "对口县级院校", |row, _| row.reading.county_school.as_str();
        "activity": Kind::Id, "方案里的工作事项", |row, _| row.activity.as_str();
        "period": Kind::Id, "年度或学期", |row, _| row.period.as_str();
        "from_day": Kind::Day, "这一期的第一天", |row, _| row.reading.period.from.to_string();
        "to_day": Kind::Day, "这一期的最后一天", |row, _| row.reading.period.to.to_string();
        "state": CLOCK_STATE, "状态", |row, _| state_name(row.reading.state);
        "owed": Kind::Whole, "应做的数", |row, _| row.reading.owed;
        "claimed": Kind::Whole, "登记数", |row, _| row.reading.claimed;
        "confirmed": Kind::Whole, "确认数", |row, _| row.reading.confirmed;
        "unit": MAYBE_TEXT, "数的单位", |row, programme| of_clock(programme, row).map(unit_name);
        "scale": Kind::Whole, "数除以它，就是以单位计的数", |row, programme| of_clock(programme, row).map_or(1, scale);
        "latest_start": MAYBE_DAY, "最迟哪一天要开始下一次", |row, _| day(row.reading.latest_start);
        "workdays_left": MAYBE_WHOLE, "到那一天还有几个工作日", |row, _| row.reading.workdays_left;
        "entries": Kind::Ids, "计入的台账", |row, _| row.reading.entries.clone();
    },
};

/// The clocks of a pairing are computed with the other pairings of its county school: a helper that comes again goes on.
pub async fn clocks(ctx: &mut RequestContext) -> Result<Reply> {
    only(&ctx.query, &[])?;
    let (id, programme) = (ctx.param("id"), ctx.programme());
    let asked = pairings::find(&mut ctx.tx, &id).await?;
    let mut beside: Vec<PairingRow> = pairings::in_scope(&mut ctx.tx).await?;
    beside.retain(|row| row.county_school == asked.county_school);
    let clocks = obligations::opened(&mut ctx.tx, &programme, (beside.as_slice(), asked.id.as_str())).await?;
    Ok(all(&CLOCK, &clocks, &programme))
}

/// An indicator read for a part of the province.
pub struct FigureOf {
    of: Indicator,
    cut: Slice,
    today: Date,
    reported_on: Option<Date>,
    reading: Reading,
    /// Whether the schools behind it are told.
    opened: bool,
}

/// A share is told as it is shown: rounded from the two figures that it divides.
fn shown(reading: &Reading, pick: fn(&Reading) -> Reported<i64>) -> Reported<i64> {
    match reading.parts.as_slice() {
        [above, below] => match (pick(above), pick(below)) {
            (Reported::Value(above), Reported::Value(below)) => {
                rounded(above, below).map_or(Reported::NotApplicable, Reported::Value)
            }
            _ => pick(reading),
        },
        _ => pick(reading),
    }
}

const ABSENT: Kind = Kind::OneOf(|| vec!["not_issued", "not_reported", "not_applicable", "pending"]);

/// Why there is no number.
fn absent(figure: Reported<i64>) -> Option<&'static str> {
    match figure {
        Reported::Value(_) => None,
        Reported::NotIssued => Some("not_issued"),
        Reported::NotReported => Some("not_reported"),
        Reported::NotApplicable => Some("not_applicable"),
        Reported::Pending => Some("pending"),
    }
}

const SCHOOLS: [Part; 3] = [
    Part { name: "school", kind: Kind::Id, about: "院校" },
    Part { name: "claimed", kind: Kind::Whole, about: "登记数" },
    Part { name: "confirmed", kind: Kind::Whole, about: "确认数" },
];
const MAYBE_SCHOOLS: Kind = Kind::Maybe(&Kind::Each(&SCHOOLS));
const MAYBE_ABSENT: Kind = Kind::Maybe(&ABSENT);

impl FigureOf {
    fn part(&self, name: &str) -> Option<String> {
        let mut parts = self.cut.parts().into_iter();
        parts.find(|(own, _)| *own == name).map(|(_, value)| value).filter(|value| !value.is_empty())
    }

    /// None where they are not told.
    fn schools(&self) -> Option<Vec<Value>> {
        let told = |row: &jiedui_programme::Row| json!({ "school": row.school, "claimed": row.claimed, "confirmed": row.confirmed });
        self.opened.then(|| self.reading.rows.iter().map(told).collect())
    }

    /// Of a share: what is divided by what.
    fn divided(&self, at: usize) -> Option<i64> {
        self.reading.parts.get(at)?.confirmed.value()
    }
}

pub const FIGURE: Resource<FigureOf> = Resource {
    name: "figure",
    about: "指标数",
    fields: told! { FigureOf;
        "indicator": Kind::Id, "方案里的指标", |row, _| row.of.id.as_str();
        "name": Kind::Text, "名称", |row, _| row.of.name.as_str();
        "clause": Kind::Id, "对应任务", |row, _| row.of.clause.as_str();
        "definition": Kind::Text, "统计口径", |row, _| row.of.definition.as_str();
        "definition_version": Kind::Whole, "统计口径第几版", |row, _| row.of.version;
        "claimed": MAYBE_WHOLE, "登记数", |row, _| shown(&row.reading, |one| one.claimed).value();
        "confirmed": MAYBE_WHOLE, "确认数", |row, _| shown(&row.reading, |one| one.confirmed).value();
        "absent": MAYBE_ABSENT, "没有确认数的原因", |row, _| absent(shown(&row.reading, |one| one.confirmed));
        "numerator": MAYBE_WHOLE, "比率的分子，确认数", |row, _| row.divided(0);
        "denominator": MAYBE_WHOLE, "比率的分母，确认数", |row, _| row.divided(1);
        "unit": Kind::Text, "数的单位", |row, _| unit_name(row.of.unit);
        "scale": Kind::Whole, "数除以它，就是以单位计的数", |row, _| scale(row.of.unit);
        "year": Kind::Whole, "年度", |row, _| row.cut.year;
        "month": MAYBE_TEXT, "从哪个月", |row, _| row.part("month");
        "until": MAYBE_TEXT, "到哪个月", |row, _| row.part("until");
        "city": MAYBE_TEXT, "只看这个市", |row, _| row.part("city");
        "county": MAYBE_TEXT, "只看这个县", |row, _| row.part("county");
        "school": MAYBE_ID, "只看这所院校", |row, _| row.part("school");
        "typical": MAYBE_TEXT, "只看典型县或其他县", |row, _| row.part("typical");
        "pairing": MAYBE_ID, "只看这组结对", |row, _| row.part("pairing");
        "kind": MAYBE_ID, "只看这种工作或成果", |row, _| row.part("kind");
        "as_of": Kind::Day, "状态看到哪一天", |row, _| row.cut.as_of(row.today).to_string();
        "reported_on": MAYBE_DAY, "是哪一天报的数，没有就是现在的数", |row, _| day(row.reported_on);
        "schools": MAYBE_SCHOOLS, "逐所院校的数，读取一项时才有", |row, _| row.schools();
    },
};

const OF_YEAR: Part = Part { name: "year", kind: Kind::Whole, about: "年度，不写是今年" };
pub const YEAR: &[Part] = &[OF_YEAR];
const TYPICAL: Kind = Kind::OneOf(|| vec!["typical", "other"]);
pub const SLICE: &[Part] = &[
    OF_YEAR,
    Part { name: "month", kind: Kind::Text, about: "从哪个月：四位年份、短横线、两位月份" },
    Part { name: "until", kind: Kind::Text, about: "到同一年的哪个月，不写就是一个月" },
    Part { name: "city", kind: Kind::Text, about: "市的名称" },
    Part { name: "county", kind: Kind::Text, about: "县的区划代码" },
    Part { name: "school", kind: Kind::Id, about: "院校" },
    Part { name: "typical", kind: TYPICAL, about: "典型县或其他县" },
    Part { name: "pairing", kind: Kind::Id, about: "结对" },
    Part { name: "kind", kind: Kind::Id, about: "工作事项或成果事项" },
    Part { name: "reported_on", kind: Kind::Day, about: "看这一天报的数" },
];

/// The part that the parameters name. What a page passes over is refused here: nobody looks whether a filter took effect.
fn cut_of(query: &FormValues, today: Date) -> Result<(Slice, Option<Date>)> {
    let mut reader = Reader::default();
    let cut = Slice::of(query, today);
    let is_year = query.year("year").is_some_and(|year| (2000..=2100).contains(&year));
    if !query.get("year").is_empty() && !is_year {
        reader.fail("year", Code::OutOfRange.says("年度请写四位数字。"));
    }
    if cut.month != 0 && query.year("year").is_some_and(|year| year != cut.year) {
        reader.fail("year", Code::Contradiction.says("月份不在这个年度里。"));
    }
    // A page takes other ways of writing them too, of which some can be read in two ways.
    let (month, until) = (query.get("month"), query.get("until"));
    let is_month = |read: i64, written: &str| read != 0 && written == month_text(read);
    if !month.is_empty() && !is_month(cut.month, month) {
        reader.fail("month", Code::NoDate.says("月份请写成 2026-11 的样子。"));
    }
    if !until.is_empty() && until != month && !is_month(cut.until, until) {
        reader.fail("until", Code::Reversed.says("应是同一年里较后的一个月，写成 2026-11 的样子。"));
    }
    if !["", "typical", "other"].contains(&cut.typical.as_str()) {
        reader.fail("typical", Mistake::not_offered("这个参数", &cut.typical));
    }
    let reported_on = reader.optional_date(query, "reported_on", "日期");
    if reported_on.is_some_and(|day| day > today) {
        reader.fail("reported_on", Code::InFuture.says("不能晚于今天，请换一天。"));
    }
    reader.done()?;
    Ok((cut, reported_on))
}

/// A part that the indicator does not have is refused: it would be passed over, or leave nothing of the figure.
fn check_fits(programme: &Programme, of: &Indicator, cut: &Slice) -> Result<()> {
    let kinds: &[String] = match &of.of {
        IndicatorOf::Entries { activity, .. } => activity,
        IndicatorOf::Outputs { output, .. } => output,
        _ => &[],
    };
    let has_months = is_state(of) || has_months(programme, of);
    let parts = [
        ("month", cut.month == 0 || has_months, "这项指标没有逐月的数。"),
        ("pairing", cut.pairing.is_empty() || has_pairings(programme, of), "这项指标不能只看一组结对。"),
        ("kind", cut.kind.is_empty() || kinds.contains(&cut.kind), "这项指标不数这种工作或成果。"),
    ];
    let wrong = parts.into_iter().filter(|(_, fits, _)| !*fits);
    let errors = wrong.map(|(name, _, words)| FieldError::new(name, Code::NotFitting.says(words)));
    Error::of(errors.collect())
}

/// What is named must be visible to the caller: of what is not there every figure would be nothing.
fn check_named(facts: &Facts, cut: &Slice) -> Result<()> {
    let mut errors = Vec::new();
    let mut check = |name: &str, value: &str, is_there: bool| {
        if !value.is_empty() && !is_there {
            errors
                .push(FieldError::new(name, Code::NotListed.says("没有它，或者它不在您可以查看的范围内。")));
        }
    };
    check("city", &cut.city, facts.places.iter().any(|place| place.city == cut.city));
    check("county", &cut.county, facts.places.iter().any(|place| place.county_code == cut.county));
    check("school", &cut.school, facts.place(&cut.school).is_some());
    check("pairing", &cut.pairing, facts.pairings.iter().any(|row| row.id == cut.pairing));
    Error::of(errors)
}

pub async fn figures(ctx: &mut RequestContext) -> Result<Reply> {
    only(&ctx.query, YEAR)?;
    let (programme, today) = (ctx.programme(), ctx.today);
    let (cut, reported_on) = cut_of(&ctx.query, today)?;
    let facts = Facts::read(&mut ctx.tx, &programme).await?;
    let figure = |of: &Indicator| {
        let (cut, reading) = (cut.clone(), facts.reading(&programme, of, &cut));
        FigureOf { of: of.clone(), cut, today, reported_on, reading, opened: false }
    };
    let figures: Vec<FigureOf> = programme.indicators.iter().map(figure).collect();
    Ok(all(&FIGURE, &figures, &programme))
}

pub async fn figure(ctx: &mut RequestContext) -> Result<Reply> {
    only(&ctx.query, SLICE)?;
    let (id, programme, today) = (ctx.param("id"), ctx.programme(), ctx.today);
    let of = programme.indicator(&id).ok_or(Error::NotFound)?;
    let (cut, reported_on) = cut_of(&ctx.query, today)?;
    if reported_on.is_some() && !is_kept(&programme, of) {
        let words = "这项指标由有日期的事实得出，不另存每天报的数。";
        return Err(Error::field("reported_on", Code::NotFitting.says(words)));
    }
    check_fits(&programme, of, &cut)?;
    let facts = Facts::about(&mut ctx.tx, &programme, &[of], reported_on).await?;
    check_named(&facts, &cut)?;
    let reading = facts.reading(&programme, of, &cut);
    let figure = FigureOf { of: of.clone(), cut, today, reported_on, reading, opened: true };
    Ok(Reply::Data(FIGURE.tell(&figure, &programme)))
}

/// A target as it stands today, with the figure of what the caller sees.
pub struct TargetOf {
    target: Target,
    /// The year of the figure.
    year: i32,
    reading: Option<Reading>,
}

impl TargetOf {
    fn figure(&self, pick: fn(&Reading) -> Reported<i64>) -> Option<i64> {
        shown(self.reading.as_ref()?, pick).value()
    }
}

const AIM: Kind = Kind::OneOf(|| vec!["at_least", "about", "range", "not_issued", "no_measure"]);

fn aim_name(aim: Aim) -> &'static str {
    match aim {
        Aim::AtLeast { .. } => "at_least",
        Aim::About { .. } => "about",
        Aim::Range { .. } => "range",
        Aim::NotIssued => "not_issued",
        Aim::NoMeasure => "no_measure",
    }
}

fn highest(aim: Aim) -> Option<i64> {
    if let Aim::Range { high, .. } = aim { Some(high) } else { None }
}

pub const TARGET: Resource<TargetOf> = Resource {
    name: "target",
    about: "目标",
    fields: told! { TargetOf;
        "id": Kind::Id, "编号", |row, _| row.target.id.as_str();
        "name": Kind::Text, "名称", |row, _| row.target.name.as_str();
        "clause": Kind::Id, "对应任务", |row, _| row.target.clause.as_str();
        "year": Kind::Whole, "到哪一年达到", |row, _| row.target.year;
        "aim": AIM, "目标怎么提的", |row, _| aim_name(row.target.aim);
        "wanted": MAYBE_WHOLE, "目标数，区间的是下限", |row, _| row.target.aim.value().value();
        "wanted_high": MAYBE_WHOLE, "区间的上限", |row, _| highest(row.target.aim);
        "unit": Kind::Text, "数的单位", |row, _| unit_name(row.target.unit);
        "scale": Kind::Whole, "数除以它，就是以单位计的数", |row, _| scale(row.target.unit);
        "basis": Kind::Text, "怎样算", |row, _| row.target.basis.as_str();
        "indicator": MAYBE_ID, "计量它的指标", |row, _| row.target.indicator.as_deref();
        "figure_year": Kind::Whole, "下面两个数是哪一年的", |row, _| row.year;
        "claimed": MAYBE_WHOLE, "您看得到的范围里的登记数", |row, _| row.figure(|one| one.claimed);
        "confirmed": MAYBE_WHOLE, "您看得到的范围里的确认数", |row, _| row.figure(|one| one.confirmed);
    },
};

pub async fn targets(ctx: &mut RequestContext) -> Result<Reply> {
    only(&ctx.query, &[])?;
    let (programme, today) = (ctx.programme(), ctx.today);
    let measured = indicators::measured(&programme);
    let facts = Facts::about(&mut ctx.tx, &programme, &measured, None).await?;
    let target = |target: &Target| {
        let (target, year) = (target.on(today), target.year.min(today.year()));
        let of = target.indicator.as_deref().and_then(|id| programme.indicator(id));
        let of = of.filter(|_| target.aim.measured());
        let reading = of.map(|of| facts.reading(&programme, of, &Slice::year(year)));
        TargetOf { target, year, reading }
    };
    let targets: Vec<TargetOf> = programme.targets.iter().map(target).collect();
    Ok(all(&TARGET, &targets, &programme))
}
