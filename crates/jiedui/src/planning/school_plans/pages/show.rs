//! One plan as a paper, with who agreed to it and its editions; and the actions that need no form.

use super::words::{Cell, Words, headings};
use crate::network::registry;
use crate::planning::needs::{self, NeedRow};
use crate::planning::school_plans::body::{Body, columns};
use crate::planning::school_plans::data::{PlanRow, PlanState};
use crate::planning::school_plans::rules;
use crate::planning::school_plans::{self, actions};
use crate::shared::review::{self, Loaded, ReviewView};
use jiedui_kernel::{FieldError, Result};
use jiedui_programme::{PlanTemplate, SectionKind};
use jiedui_store::Found;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::reply::{Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ShowView {
    id: String,
    title: String,
    edition: i64,
    state: StateMark,
    agreed_on: Option<String>,
    school: Link,
    pairing: Option<Link>,
    drafter: String,
    our_reading: bool,
    sections: Vec<Section>,
    /// Open needs that no measure names; none where the plan has no measures.
    needs: Vec<NeedRow>,
    #[serde(flatten)]
    review: ReviewView,
    editions: Vec<Edition>,
    /// The edition in force, where it is another one.
    held: Option<String>,
    /// The edition that takes this one's place, or will.
    next: Option<(String, StateMark)>,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct Section {
    title: String,
    text: String,
    headings: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

#[derive(Serialize)]
struct Edition {
    id: String,
    edition: i64,
    state: StateMark,
    agreed_on: Option<String>,
    here: bool,
}

pub fn title(row: &PlanRow, template: &PlanTemplate) -> String {
    format!("{}{}", row.county_name, template.name)
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    show_page(ctx, Vec::new()).await
}

/// The plan that the address names, where the programme still has its kind.
pub async fn opened(ctx: &mut RequestContext) -> Result<Loaded<Found<PlanRow>>> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    let row = school_plans::find(&mut ctx.tx, &id).await?;
    actions::template(&programme, &row)?;
    review::open(&mut ctx.tx, &programme, row).await
}

async fn show_page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let row = &opened.row;
    let series = school_plans::series(&mut ctx.tx, row).await?;
    let needs = needs::of_school(&mut ctx.tx, &row.org).await?;
    let programme = ctx.programme();
    let template = actions::template(&programme, row)?;
    let body = Body::parse(&row.body)?;
    let mut review = opened.view(ctx, &rules::STEPS);
    if row.state == PlanState::Draft {
        review.consents.clear();
    }
    let measures = template.sections.iter().any(|section| section.kind == SectionKind::Measures);
    let pairing = row.pairing.as_ref();
    let view = ShowView {
        title: title(row, template),
        edition: row.edition,
        state: rules::state(Some(row)),
        agreed_on: row.agreed_on.map(|day| day.to_string()),
        school: registry::link(&row.org, &row.county_name),
        pairing: pairing.map(|id| Link::new(format!("/pairings/{id}"), format!("{}的结对", row.county_name))),
        drafter: rules::drafter(row, template).name,
        our_reading: template.our_reading,
        sections: sections(&Words::new(&programme, row, &needs), template, &body),
        needs: if measures {
            rules::unanswered(&body, &needs).into_iter().cloned().collect()
        } else {
            Vec::new()
        },
        review,
        held: row.held.clone().filter(|held| *held != row.id),
        next: series
            .iter()
            .rfind(|other| other.edition > row.edition)
            .map(|other| (format!("/plans/{}", other.id), rules::state(Some(other)))),
        editions: series.iter().map(|other| edition(other, row)).collect(),
        errors: errors.clone(),
        id: row.id.clone(),
    };
    let page = Page::new(view.title.clone(), template.about.clone())
        .back("/plans", "协作方案与达标方案")
        .kind("detail")
        .clauses(&template.clauses);
    let bad = !errors.is_empty();
    Ok(Reply::view("planning/school_plans/show.html", page, &view)?.refused(bad))
}

fn edition(row: &PlanRow, shown: &PlanRow) -> Edition {
    Edition {
        id: row.id.clone(),
        edition: row.edition,
        state: rules::state(Some(row)),
        agreed_on: row.agreed_on.map(|day| day.to_string()),
        here: row.id == shown.id,
    }
}

fn sections(words: &Words<'_>, template: &PlanTemplate, body: &Body) -> Vec<Section> {
    let section = |of: &jiedui_programme::Section| Section {
        title: of.title.clone(),
        text: body.text.get(&of.id).cloned().unwrap_or_default(),
        headings: headings(columns(of.kind)),
        rows: body.rows(of.kind).iter().map(|row| words.cells(columns(of.kind), row)).collect(),
    };
    template.sections.iter().map(section).collect()
}

pub async fn revise(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    let id = actions::revise(&mut ctx.tx, &programme, &opened).await?;
    let text = "已按现行的一版另起新版。新版各方同意之前，现行的一版仍然有效。";
    Ok(Reply::done(format!("/plans/{id}/edit"), Flash::done(text)))
}

pub async fn answer(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    let answer = match review::answer_of(ctx, &opened)? {
        Ok(answer) => answer,
        Err(errors) => return show_page(ctx, errors).await,
    };
    let settled = actions::answer(&mut ctx.tx, &programme, &opened, answer.parts()).await?;
    let said = [
        "各方都已同意，方案从今天起生效。",
        "已同意，还要等其他各方同意后才生效。",
        "已退回并附上您的意见，起草的单位改好后会再来征求同意。",
    ];
    let text = answer.said(settled, said);
    Ok(Reply::done(format!("/plans/{}", opened.row.id), Flash::done(text)))
}
