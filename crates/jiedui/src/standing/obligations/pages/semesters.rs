//! 本校学期: a county school's own first and last day of a semester, with the reason. Its clocks by semester follow them.

use super::super::{actions, data};
use jiedui_kernel::{Code, Date, Error, FieldError, Mistake, Period, Result};
use jiedui_programme::Semester;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::Reader;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct View {
    rows: Vec<SchoolSemesterLine>,
    fields: [Field; 4],
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct SchoolSemesterLine {
    name: String,
    from: Date,
    to: Date,
    /// Why it differs from the province's, where it does.
    reason: Option<String>,
    by: String,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let (programme, own) = (ctx.programme(), ctx.actor.org.clone());
    let known = ctx.tx.all::<data::SemesterRow>(&data::SEMESTERS, Vec::new()).await?;
    let line = |semester: &Semester| {
        let dated = known.iter().find(|row| row.county_school == own && row.semester == semester.id);
        SchoolSemesterLine {
            name: semester.name.clone(),
            from: dated.map_or(semester.from, |row| row.from_day),
            to: dated.map_or(semester.to, |row| row.to_day),
            reason: dated.map(|row| row.reason.clone()),
            by: dated.map(|row| row.given_by.clone()).unwrap_or_default(),
        }
    };
    let choices = programme.calendar.semesters.iter().map(|one| Choice::new(&one.id, &one.name)).collect();
    let pairs = ctx.form.values.clone();
    let field = |name: &str, label: &str| Field::new(name, label).required();
    let filled = |field: Field| {
        let typed = pairs.get(&field.name).to_owned();
        field.value(typed).error(&errors)
    };
    let view = View {
        rows: programme.calendar.semesters.iter().map(line).collect(),
        fields: [
            filled(field("semester", "学期").options(choices)),
            filled(field("from", "开学日")),
            filled(field("to", "放假前最后一天")),
            filled(field("reason", "理由").help("例如推迟开学的通知；一句话。")),
        ],
        errors: errors.clone(),
    };
    let lead = "学期起止由省里统一写明；本校与之不同的，在这里写明日期和理由，按学期计的履职进度随之计算。";
    let page = Page::new("本校学期", lead).clause("S1.6").back("/clocks", "履职进度").kind("form");
    Ok(Reply::view("standing/obligations/semesters.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, pairs) = (ctx.programme(), ctx.form.values.clone());
    let mut read = Reader::default();
    let semester = read.required(&pairs, "semester", "学期").to_owned();
    let (from, to) = (read.date(&pairs, "from", "开学日"), read.date(&pairs, "to", "放假前最后一天"));
    read.required(&pairs, "reason", "理由");
    let reason = read.text(&pairs, "reason", "理由", 200).to_owned();
    let usual = programme.calendar.semesters.iter().find(|one| one.id == semester);
    if usual.is_none() && !semester.is_empty() {
        read.fail("semester", Code::NotListed.says("请从列表中选择学期。"));
    }
    let days = from.zip(to).and_then(|(from, to)| Period::new(from, to));
    if from.is_some() && to.is_some() && days.is_none() {
        read.fail("to", Mistake::reversed());
    }
    let overlaps = |other: &&Semester| {
        other.id != semester && days.is_some_and(|days| other.from <= days.to && days.from <= other.to)
    };
    if let Some(other) = programme.calendar.semesters.iter().find(overlaps) {
        read.fail(
            "from",
            Code::Overlap.says(format!("与{}的日期重叠；同一天只能属于一个学期。", other.name)),
        );
    }
    if let Err(errors) = read.done().or_wrong()? {
        return page(ctx, errors).await;
    }
    let days = days.ok_or(Error::NotFound)?;
    actions::date_semester(&mut ctx.tx, &semester, days, &reason).await?;
    Ok(Reply::done("/clocks/semesters", Flash::done("已写明本校的学期起止，履职进度随之计算。")))
}
