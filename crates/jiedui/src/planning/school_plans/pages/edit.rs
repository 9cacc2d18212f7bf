//! The form of a plan: its sections one below the other, with a few empty rows at the end of each list.

use super::show::{opened, title};
use crate::planning::needs::{self, NeedRow, NeedState};
use crate::planning::school_plans::body::{
    self, Body, Column, Holds, LEVELS, MOST_ROWS, MOST_TEXT, PARTIES, Typed, UNITS, columns, field_name,
    prefix,
};
use crate::planning::school_plans::data::PlanRow;
use crate::planning::school_plans::{self, actions};
use crate::shared::review::{Action, Loaded};
use jiedui_kernel::{FieldError, Result};
use jiedui_programme::{PlanTemplate, Programme, Section, SectionKind};
use jiedui_store::Found;
use jiedui_web::attempt::{Attempt as _, Refused};
use jiedui_web::context::RequestContext;
use jiedui_web::drafts::{self, Draft};
use jiedui_web::history::{Saved, saved_last};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

/// Empty rows after those that are there.
const SPARE: usize = 3;

#[derive(Serialize)]
struct FormView {
    id: String,
    version: i64,
    edition: i64,
    our_reading: bool,
    sections: Vec<SectionForm>,
    draft: Draft,
    saved: Option<Saved>,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct SectionForm {
    title: String,
    help: String,
    text: Option<Field>,
    rows: Vec<Vec<Control>>,
}

/// A field with the kind of control that shows it.
#[derive(Serialize)]
struct Control {
    control: &'static str,
    #[serde(flatten)]
    field: Field,
}

/// What went wrong with what was typed.
#[derive(Default)]
struct Wrong {
    errors: Vec<FieldError>,
    /// Somebody else's text, where they were faster, and who that was.
    theirs: Option<(Typed, Option<Saved>)>,
}

/// What selects offer.
struct Offers {
    indicators: Vec<Choice>,
    clauses: Vec<Choice>,
    needs: Vec<Choice>,
}

impl Offers {
    fn new(programme: &Programme, needs: &[NeedRow]) -> Self {
        let clause = |of: &jiedui_programme::Clause| Choice::new(&of.id, format!("{} {}", of.id, of.title));
        let need = |of: &NeedRow| {
            let title = match of.state {
                NeedState::Open => format!("第{}位：{}", of.rank, of.title),
                NeedState::Met | NeedState::Dropped => format!("{}（已办结或撤下）", of.title),
            };
            Choice::new(&of.id, title)
        };
        Self {
            indicators: programme.indicators.iter().map(|of| Choice::new(&of.id, &of.name)).collect(),
            clauses: programme.clauses.iter().map(clause).collect(),
            needs: needs.iter().map(need).collect(),
        }
    }

    /// The choices of a column with an empty one first; none where it is no select.
    fn of(&self, column: &Column) -> Option<Vec<Choice>> {
        let words = |words: &[(&str, &str)]| words.iter().map(|(id, name)| Choice::new(*id, *name)).collect();
        let (blank, choices): (&str, Vec<Choice>) = match column.holds {
            Holds::Indicator => ("请选择", self.indicators.clone()),
            Holds::Clause => ("请选择", self.clauses.clone()),
            Holds::Need => ("不针对某一项需求", self.needs.clone()),
            Holds::ConsentParty => ("请选择", words(&PARTIES)),
            Holds::Level => ("请选择", words(&LEVELS)),
            Holds::Unit => ("请选择", words(&UNITS)),
            Holds::Text(_) | Holds::Whole | Holds::Hundredths | Holds::Money | Holds::Day => return None,
        };
        Some([vec![Choice::new("", blank)], choices].concat())
    }
}

fn control(
    offers: &Offers,
    kind: SectionKind,
    at: usize,
    number: usize,
    typed: &Typed,
    wrong: &Wrong,
) -> Control {
    let column = &columns(kind)[number];
    let cell =
        |of: &Typed| of.rows(kind).get(at).and_then(|row| row.get(number)).cloned().unwrap_or_default();
    let mut field = Field { required: true, ..Field::new(&field_name(kind, at, number), column.label) };
    if let Some(choices) = offers.of(column) {
        field = field.options(choices);
    }
    if let Holds::Text(most) = column.holds {
        field.maxlength = u32::try_from(most).ok();
    }
    if column.holds == Holds::Money {
        field.unit = "万元".to_owned();
    }
    // The macro says （选填）of a field that is not asked for.
    field.required = column.needed;
    field = field.value(cell(typed)).error(&wrong.errors);
    match wrong.theirs.as_ref().map(|(theirs, _)| cell(theirs)) {
        // The first choice of a select only asks to choose: nothing was chosen.
        Some(theirs) if theirs.is_empty() && !field.value.is_empty() => {
            field.notes.push(("对方刚保存的是：", "（空）".to_owned()));
        }
        Some(theirs) => field = field.theirs(&theirs),
        None => {}
    }
    let control = match column.holds {
        Holds::Text(most) if most > 100 => "textarea",
        Holds::Text(_) => "text",
        Holds::Whole | Holds::Hundredths | Holds::Money => "number",
        Holds::Day => "date",
        _ => "select",
    };
    Control { control, field }
}

fn section_form(offers: &Offers, section: &Section, typed: &Typed, wrong: &Wrong) -> SectionForm {
    let mut form = SectionForm {
        title: section.title.clone(),
        help: section.help.clone(),
        text: None,
        rows: Vec::new(),
    };
    if section.kind == SectionKind::Text {
        let cell = |of: &Typed| of.text.get(&section.id).cloned().unwrap_or_default();
        let name = format!("{}-{}", prefix(section.kind), section.id);
        let mut field =
            Field { maxlength: u32::try_from(MOST_TEXT).ok(), ..Field::new(&name, &section.title) }
                .help(&section.help)
                .value(cell(typed))
                .error(&wrong.errors);
        if let Some((theirs, _)) = &wrong.theirs {
            field = field.theirs(&cell(theirs));
        }
        form.text = Some(field);
        return form;
    }
    let theirs = wrong.theirs.as_ref().map_or(0, |(theirs, _)| theirs.rows(section.kind).len());
    let rows = (typed.rows(section.kind).len().max(theirs) + SPARE).min(MOST_ROWS);
    let row = |at: usize| {
        let cells = 0..columns(section.kind).len();
        cells.map(|number| control(offers, section.kind, at, number, typed, wrong)).collect()
    };
    form.rows = (0..rows).map(row).collect();
    form
}

fn key(row: &PlanRow) -> String {
    format!("plan-{}", row.id)
}

/// The form with what was typed; without it, with the draft that is kept, or what is saved.
async fn page(
    ctx: &mut RequestContext,
    row: &PlanRow,
    typed: Option<Typed>,
    mut wrong: Wrong,
) -> Result<Reply> {
    let programme = ctx.programme();
    let template = actions::template(&programme, row)?;
    let needs = needs::of_school(&mut ctx.tx, &row.org).await?;
    let draft = match typed {
        Some(_) => Draft::none(key(row)),
        None => drafts::find(ctx, &key(row)).await?,
    };
    let status = match &wrong {
        Wrong { theirs: Some(_), .. } => 409,
        Wrong { errors, .. } if !errors.is_empty() => 422,
        _ => 200,
    };
    let saved = Typed::of_body(&Body::parse(&row.body)?, template);
    if draft.is_older_than(row.version) {
        wrong.theirs = Some((saved.clone(), saved_last(&mut ctx.tx, &row.id).await?));
    }
    let typed = match (typed, &draft.pairs) {
        (Some(typed), _) => typed,
        (None, Some(pairs)) => Typed::of_pairs(pairs, template),
        (None, None) => saved,
    };
    let offers = Offers::new(&programme, &needs);
    let view = FormView {
        id: row.id.clone(),
        version: row.version,
        edition: row.edition,
        our_reading: template.our_reading,
        sections: template.sections.iter().map(|of| section_form(&offers, of, &typed, &wrong)).collect(),
        draft,
        saved: wrong.theirs.and_then(|(_, by)| by),
        errors: wrong.errors,
    };
    let page = Page::new(format!("修改：{}", title(row, template)), template.about.clone())
        .back(format!("/plans/{}", row.id), "返回方案")
        .kind("form");
    Ok(Reply::view("planning/school_plans/form.html", page, &view)?.with_status(status))
}

/// The plan, where the caller may change it now.
async fn editable(ctx: &mut RequestContext) -> Result<Loaded<Found<PlanRow>>> {
    let opened = opened(ctx).await?;
    opened.demand(Action::Edit)?;
    Ok(opened)
}

pub async fn edit(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = editable(ctx).await?;
    page(ctx, &opened.row, None, Wrong::default()).await
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = editable(ctx).await?;
    let row = &opened.row;
    let version = ctx.form_version()?;
    let programme = ctx.programme();
    let typed = Typed::of_pairs(&ctx.form.values, actions::template(&programme, row)?);
    let (body, errors) = typed.body();
    // Told together: were the form's version set to the present one on account of an error alone, saving again would
    // wipe out what somebody else saved, unseen.
    if version != row.version {
        return beaten(ctx, row, typed, errors).await;
    }
    if !errors.is_empty() {
        return page(ctx, row, Some(typed), Wrong { errors, theirs: None }).await;
    }
    let text = match actions::save(&mut ctx.tx, &programme, &opened, version, &body).await.or_refused()? {
        Ok(actions::Saved::Same) => "内容没有改动。",
        Ok(actions::Saved::Kept) => "已保存。写好后在方案页面征求各方同意。",
        Err(refused) if refused.by_other() => return beaten(ctx, row, typed, Vec::new()).await,
        Err(Refused { errors, .. }) => {
            return page(ctx, row, Some(typed), Wrong { errors, theirs: None }).await;
        }
    };
    drafts::forget(ctx, &key(row)).await?;
    if ctx.form.values.get("next") == "rows" {
        let text = "已保存，每个列表后面又有几行空白。";
        return Ok(Reply::done(format!("/plans/{}/edit", row.id), Flash::done(text)));
    }
    Ok(Reply::done(format!("/plans/{}", row.id), Flash::done(text)))
}

/// The form once more, with what was typed and beside it what somebody else saved meanwhile.
async fn beaten(
    ctx: &mut RequestContext,
    row: &PlanRow,
    typed: Typed,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let row = school_plans::find(&mut ctx.tx, &row.id).await?;
    let programme = ctx.programme();
    let theirs = Typed::of_body(&Body::parse(&row.body)?, actions::template(&programme, &row)?);
    let by = saved_last(&mut ctx.tx, &row.id).await?;
    page(ctx, &row, Some(typed), Wrong { errors, theirs: Some((theirs, by)) }).await
}

/// Asks the others to agree; where something is missing, the form opens at it.
pub async fn submit(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    opened.demand(Action::Submit)?;
    let version = ctx.form_version()?;
    let row = &opened.row;
    match actions::submit(&mut ctx.tx, &programme, &opened, version).await.or_wrong()? {
        Ok(()) => {
            let text = "已征求同意，各方会在工作台看到；都同意后生效，有一方退回就可以再改。";
            Ok(Reply::done(format!("/plans/{}", row.id), Flash::done(text)))
        }
        Err(errors) => {
            let typed = saved(row, actions::template(&programme, row)?)?;
            page(ctx, row, Some(typed), Wrong { errors, theirs: None }).await
        }
    }
}

fn saved(row: &PlanRow, template: &PlanTemplate) -> Result<Typed> {
    Ok(Typed::of_body(&body::Body::parse(&row.body)?, template))
}
