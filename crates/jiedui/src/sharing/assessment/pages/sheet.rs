//! What is said of one of the assessed: each point, the figures behind it, what the next one needs; and the form by which it
//! objects. It says nothing of the others.

use super::objection::ObjectionLine;
use super::table::figure;
use super::{CLAUSE, SchemeView, YearView, scheme, year};
use crate::shared::frozen::KeptView;
use crate::shared::objections::REASON;
use crate::sharing::assessment::actions::asked::slice;
use crate::sharing::assessment::actions::{self, objections};
use crate::sharing::assessment::data::SheetRow;
use crate::sharing::assessment::rules::parcel::{Asked, Parcel, Subject};
use crate::sharing::assessment::rules::{self, words};
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::download::File;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

/// One indicator of the sheet.
#[derive(Serialize)]
struct MarkLine {
    name: String,
    weight: String,
    baseline: Figure,
    value: Figure,
    change: String,
    points: String,
    next: String,
}

#[derive(Serialize)]
struct SheetView {
    href: String,
    assessment: Link,
    state: StateMark,
    name: String,
    year: YearView,
    band: String,
    points: String,
    /// Between which bands other weights would put it.
    range: String,
    marks: Vec<MarkLine>,
    scheme: SchemeView,
    object_until: Option<String>,
    kept: KeptView,
    objections: Vec<ObjectionLine>,
    /// The form by which the caller objects.
    objection: Option<Field>,
    errors: Vec<FieldError>,
}

fn marks(asked: &Asked, subject: &Subject) -> Vec<MarkLine> {
    let (now, before) = (asked.year, asked.scheme.baseline(asked.year));
    let (now, before) = (slice(subject, now).query(), slice(subject, before).query());
    let given = subject.marks(&asked.scheme);
    let measured = asked.scheme.measured.iter().zip(&asked.yardsticks);
    let all = measured.zip(subject.figures.iter().zip(&given));
    let mut lines = Vec::with_capacity(given.len());
    for ((of, yardstick), (figures, mark)) in all {
        lines.push(MarkLine {
            name: yardstick.name.clone(),
            weight: words::points(of.weight * 1_000),
            baseline: figure(figures.baseline, yardstick, (&of.indicator, &before)),
            value: figure(figures.value, yardstick, (&of.indicator, &now)),
            change: words::change(of, yardstick, figures),
            points: words::given(of, mark),
            next: words::next(of, yardstick, mark),
        });
    }
    lines
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let id = ctx.param("id");
    let (row, parcel) = actions::sheet(&mut ctx.tx, &id).await?;
    let href = format!("/assessment-sheets/{}", row.id);
    let raised = objections::to(&mut ctx.tx, &row.id).await?;
    let own = actions::is_own(&mut ctx.tx, &row).await?;
    let objected = raised.iter().any(|one| one.org == ctx.actor.org);
    let may = own && !objected && rules::is_open(&row, ctx.today) && ctx.can("assessment", "appeal");
    let field = Field::new("reason", "哪里不对").required().value(ctx.form.values.get("reason"));
    let field = field.help("写清是哪个指标、哪一年的数，应是多少。").error(&errors);
    let view = view(&row, &parcel, (href, &errors))?;
    let view = SheetView {
        objections: raised.iter().map(ObjectionLine::of).collect(),
        objection: may.then_some(Field { maxlength: Some(REASON), ..field }),
        ..view
    };
    let lead =
        "每一分从哪来、再得分需要什么，都在这里；点开数字看是哪些记录。只和自己的基期比，看不到别家的。";
    let page = Page::new(row.name.clone(), lead)
        .clause(CLAUSE)
        .back(format!("/assessments/{}", row.assessment), "返回这次考核")
        .kind("detail");
    Ok(Reply::view("sharing/assessment/sheet.html", page, &view)?.refused(!errors.is_empty()))
}

/// What the sheet says, without what one may do.
fn view(row: &SheetRow, parcel: &Parcel, (href, errors): (String, &[FieldError])) -> Result<SheetView> {
    let asked = &parcel.asked;
    let found = asked.subjects.first().zip(parcel.outturns.first().zip(parcel.dependences.first()));
    let Some((subject, (outturn, dependence))) = found else {
        return Err(Error::internal(format_args!("the sheet {} is about nobody", row.id)));
    };
    let both = (row.content.as_str(), row.digest.as_str());
    Ok(SheetView {
        assessment: Link::new(format!("/assessments/{}", row.assessment), &row.title),
        state: row.state.mark(),
        name: row.name.clone(),
        year: year(asked.year),
        band: words::band(asked, outturn),
        points: words::total(outturn),
        range: words::range(asked, dependence),
        marks: marks(asked, subject),
        scheme: scheme(asked),
        object_until: row.object_until.map(|day| day.to_string()),
        kept: KeptView::of(&parcel.stamp, both, format!("{href}/parcel"), parcel.adds_up()),
        objections: Vec::new(),
        objection: None,
        errors: errors.to_vec(),
        href,
    })
}

/// What is kept of it, byte for byte.
pub async fn parcel(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = actions::sheet(&mut ctx.tx, &id).await?.0.into_row();
    let name = format!("考核核对表 {} {}.json", row.name, row.year);
    Ok(Reply::Kept(File { name, mime: "application/json", bytes: row.content.into_bytes() }))
}

/// Objects in the name of the caller's organisation.
pub async fn raise(ctx: &mut RequestContext) -> Result<Reply> {
    let (id, reason) = (ctx.param("id"), ctx.form.values.get("reason").to_owned());
    let (row, _) = actions::sheet(&mut ctx.tx, &id).await?;
    match objections::raise(&mut ctx.tx, &row, &reason).await.or_wrong()? {
        Ok(_) => {
            let flash = Flash::done("已提出异议，由另一个人复核后答复。");
            Ok(Reply::done(format!("/assessment-sheets/{id}"), flash))
        }
        Err(errors) => page(ctx, errors).await,
    }
}
