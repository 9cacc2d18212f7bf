//! What happened to a school, and in the same step what becomes of the pairings that run: a school that is no more owes and
//! is owed nothing; one that moved may go on. What else a school that is no more leaves open goes over to the one that it was
//! merged into, or is closed.

use super::super::actions::{self, Ending};
use super::super::data::PairingRow;
use super::ending::{BasisLine, LOOK, basis_lines, unseen};
use crate::network::registry::{self, LINEAGE, NewLineage, OrgRow, lineage_name};
use crate::shared::left_open::{LeftBy, LeftCourse, LeftThing};
use crate::shared::mechanism;
use jiedui_kernel::{Code, Date, Error, FieldError, Result};
use jiedui_store::{Found, Tx};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

/// After these a school is no more.
const GONE: [&str; 2] = ["merged", "closed"];
const END: &str = "end";
const KEEP: &str = "keep";
const LEFT: &str = "left";
const GO_OVER: &str = "go_over";
const CLOSE: &str = "close";

#[derive(Serialize)]
struct FormView {
    id: String,
    fields: [Field; 4],
    /// One question for each pairing that runs.
    pairings: Vec<Field>,
    /// What it would leave open, and the question about that; none where there is nothing to be asked.
    open: Vec<String>,
    left: Option<Field>,
    basis: Vec<BasisLine>,
    seen: String,
    errors: Vec<FieldError>,
}

fn field_of(row: &PairingRow) -> String {
    format!("pairing-{}", row.id)
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let org = registry::found(&mut ctx.tx, &id).await?;
    page(ctx, &org, Vec::new()).await
}

fn question(row: &PairingRow, values: &FormValues, errors: &[FieldError]) -> Field {
    let name = field_of(row);
    let label = format!("{}的结对（牵头 {}，配合 {}）", row.county_name, row.lead_name, row.nearby_name);
    let choices = vec![
        Choice::new("", "请选择"),
        Choice::new(END, "终止，到变动的前一日为止"),
        Choice::new(KEEP, "继续执行"),
    ];
    Field::new(&name, &label).options(choices).value(values.get(&name)).error(errors)
}

/// The pairings that the form ends.
fn ended<'a>(rows: &'a [PairingRow], values: &FormValues) -> Vec<&'a PairingRow> {
    rows.iter().filter(|row| values.get(&field_of(row)) == END).collect()
}

async fn page(ctx: &mut RequestContext, org: &OrgRow, errors: Vec<FieldError>) -> Result<Reply> {
    if org.kind != "school" {
        return Err(Error::NotFound);
    }
    let values = ctx.form.values.clone();
    let field = |name: &str, label: &str| Field::new(name, label).value(values.get(name)).error(&errors);
    let kinds = LINEAGE.map(|(id, name)| Choice::new(id, name)).to_vec();
    let rows = actions::running_of(&mut ctx.tx, &org.id, ctx.today).await?;
    let day = values.date("day");
    let basis = match day.filter(|day| *day <= ctx.today) {
        Some(day) => {
            let ended: Vec<PairingRow> = ended(&rows, &values).into_iter().cloned().collect();
            let programme = ctx.programme();
            basis_lines(&mut ctx.tx, &programme, &ended, day.pred_opt().unwrap_or(day)).await?
        }
        None => Vec::new(),
    };
    let open = left_open(&mut ctx.tx, org, None, (day.unwrap_or(ctx.today), LeftCourse::Open)).await?;
    let asked = open.iter().any(|item| item.asked);
    let left = field(LEFT, "未完的需求和项目怎么办").options(vec![
        Choice::new("", "请选择"),
        Choice::new(GO_OVER, "转入并入的学校"),
        Choice::new(CLOSE, "办结，不再办理"),
    ]);
    let view = FormView {
        id: org.id.clone(),
        fields: [
            field("kind", "沿革").required().options(kinds),
            field("day", "日期").required(),
            field("other", "并入的学校全称").help("只在“并入”时填写。"),
            field("note", "新名称或说明").required(),
        ],
        pairings: rows.iter().map(|row| question(row, &values, &errors)).collect(),
        open: open.into_iter().map(|item| item.what).collect(),
        left: asked.then_some(left),
        basis,
        seen: last_day(&values).map(|day| day.to_string()).unwrap_or_default(),
        errors: errors.clone(),
    };
    let page = Page::new(
        format!("登记沿革：{}", org.name),
        "登记后会改变院校的名称或状态，原有记录保留；正在执行的结对在同一步里说明怎么办。",
    )
    .clause("T1.2")
    .back(format!("/registry/{}", org.id), "返回院校详情")
    .kind("form");
    Ok(Reply::view("network/pairings/lineage.html", page, &view)?.refused(!errors.is_empty()))
}

/// What a school that is no more leaves open, and what is done with it.
async fn left_open(
    tx: &mut Tx,
    org: &OrgRow,
    successor: Option<&str>,
    (day, course): (Date, LeftCourse),
) -> Result<Vec<LeftThing>> {
    let reason = format!("{}自 {day} 并入他校或停办", org.name);
    let of = LeftBy { school: &org.id, successor, foreseen: None, day, reason: &reason, course };
    mechanism::left_open(tx, of).await
}

/// What the answer about what is left open lacks.
fn left_answer(read: &mut Reader, open: &[LeftThing], said: &str, kind: &str) {
    let asked = || open.iter().filter(|item| item.asked);
    if !GONE.contains(&kind) || asked().next().is_none() {
        return;
    }
    match said {
        CLOSE => {}
        GO_OVER => {
            if let Some((item, why)) = asked().find_map(|item| Some((item, item.stays?))) {
                let words = format!("{}不能转入：{why}。请选办结，或者先补齐。", item.what);
                read.fail(LEFT, Code::Contradiction.says(words));
            }
        }
        _ => read.fail(LEFT, Code::Missing.says("请说明未完的需求和项目怎么办。")),
    }
}

/// The last day of the pairings that end with the change.
fn last_day(values: &FormValues) -> Option<Date> {
    values.date("day").map(|day| day.pred_opt().unwrap_or(day))
}

/// What the answers about the pairings lack.
fn answers(read: &mut Reader, rows: &[PairingRow], values: &FormValues, kind: &str, today: Date) {
    if kind == "renamed" || kind.is_empty() {
        return;
    }
    for row in rows {
        match values.get(&field_of(row)) {
            END => {}
            KEEP if !GONE.contains(&kind) => {}
            KEEP => {
                let words = format!("学校{}后不能继续结对，请选终止。", lineage_name(kind));
                read.fail(&field_of(row), Code::Contradiction.says(words));
            }
            _ => read.fail(&field_of(row), Code::Missing.says("请说明这组结对怎么办。")),
        }
    }
    let ends = !ended(rows, values).is_empty();
    if ends && last_day(values).is_some_and(|last| unseen(last, today, values.get("seen"))) {
        read.fail("day", Code::InPast.says(LOOK));
    }
}

pub async fn add(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let org = registry::found(&mut ctx.tx, &id).await?;
    let values = ctx.form.values.clone();
    let mut read = Reader::default();
    let kind = read.required(&values, "kind", "沿革").to_owned();
    let day = read.date(&values, "day", "日期");
    let note = read.required(&values, "note", "新名称或说明").to_owned();
    read.text(&values, "note", "新名称或说明", 200);
    let mut other = None;
    if kind == "merged" {
        match registry::school_named(&mut ctx.tx, values.get("other")).await? {
            Some(found) if found.id != id => other = Some(found.id),
            _ => read.fail("other", Code::NotListed.says("没有找到这所学校，请填写库中的全称。")),
        }
    }
    if lineage_name(&kind).is_empty() && !kind.is_empty() {
        read.fail("kind", Code::NotListed.says("请从列表中选择沿革。"));
    }
    if kind == "renamed" && registry::school_named(&mut ctx.tx, &note).await?.is_some() {
        read.fail("note", Code::Duplicate.says("库中已有这个名称。"));
    }
    let rows = actions::running_of(&mut ctx.tx, &id, ctx.today).await?;
    answers(&mut read, &rows, &values, &kind, ctx.today);
    let until = day.unwrap_or(ctx.today);
    let open = left_open(&mut ctx.tx, &org, other.as_deref(), (until, LeftCourse::Open)).await?;
    left_answer(&mut read, &open, values.get(LEFT), &kind);
    if let Err(errors) = read.done().or_wrong()? {
        return page(ctx, &org, errors).await;
    }
    let day = day.ok_or(Error::NotFound)?;
    if kind != "renamed" {
        end_pairings(ctx, &org, &ended(&rows, &values), (&kind, day)).await?;
    }
    if GONE.contains(&kind.as_str()) {
        let course = if values.get(LEFT) == GO_OVER { LeftCourse::GoesOver } else { LeftCourse::Closes };
        left_open(&mut ctx.tx, &org, other.as_deref(), (day, course)).await?;
    }
    let new = NewLineage { kind: &kind, day, other: other.as_deref(), note: &note };
    registry::take_lineage(&mut ctx.tx, &org, &new).await?;
    Ok(Reply::done(format!("/registry/{id}"), Flash::done("沿革已登记，原有记录都保留。")))
}

async fn end_pairings(
    ctx: &mut RequestContext,
    org: &Found<OrgRow>,
    rows: &[&PairingRow],
    (kind, day): (&str, Date),
) -> Result<()> {
    let reason = format!("{}自 {day} {}", org.name, lineage_name(kind));
    for row in rows {
        let found = super::super::found(&mut ctx.tx, &row.id).await?;
        let to = day.pred_opt().unwrap_or(day).max(row.from_day);
        let ending = Ending { to, reason: &reason, scheme: "" };
        actions::end_on(&mut ctx.tx, &found, found.version, ending).await?;
    }
    Ok(())
}
