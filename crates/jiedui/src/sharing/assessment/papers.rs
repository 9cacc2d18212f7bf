//! Assessments as papers: one's own sheet, each point with where it comes from; and the frozen result, with the root of the log
//! under which it was settled.

use super::actions;
use super::pages::CLAUSE;
use super::rules::parcel::{Asked, Parcel, Subject};
use super::rules::words;
use crate::shared::frozen::Stamp;
use crate::shared::papers::{self, day_words};
use jiedui_documents::paper::{Block, Document, TableColumn};
use jiedui_kernel::{Error, Reported, Result, Unit};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Figure;
use jiedui_web::reply::{Page, Reply};

const LEAD: &str = "代拟稿：没有文号和印章，内容以系统里存底的为准。";

fn said(of: Reported<i64>, unit: Unit) -> String {
    papers::figure(&Figure::of(of, unit, "", ""))
}

fn columns<const N: usize>(of: [(&str, f64); N]) -> Vec<TableColumn> {
    of.map(|(name, width)| TableColumn::new(name, width)).to_vec()
}

/// When it was settled, or that it is not yet.
fn stands(parcel: &Parcel) -> (&'static str, String) {
    match parcel.frozen_on {
        Some(day) => ("定稿日期", day_words(day)),
        None => ("异议期限", format!("{}，还没有定稿", day_words(parcel.object_until))),
    }
}

fn scheme(document: &mut Document, asked: &Asked) {
    document.heading(1, "办法");
    document.text(&asked.scheme.about);
    let bands = asked
        .scheme
        .results
        .iter()
        .map(|band| format!("{} {} 分起", band.name, words::points(asked.scheme.total * band.from)));
    document.text(&format!("等次：{}。", bands.collect::<Vec<_>>().join("；")));
}

/// By what anybody can tell that the paper is of what was kept.
fn seal(document: &mut Document, stamp: &Stamp, digest: &str) {
    document.caption(format!("校验值：{digest}"));
    if !stamp.log_root.is_empty() {
        document.caption(format!("日志的总校验值：{}（第 {} 条止）", stamp.log_root, stamp.log_size));
    }
    document.caption(format!("方案版本：{}", stamp.programme));
}

fn signed(document: &mut Document, parcel: &Parcel) {
    let on = day_words(parcel.frozen_on.unwrap_or(parcel.presented_on));
    document.blocks.push(Block::Signed { by: parcel.issuer.clone(), on });
}

/// Each indicator of one: what it was, what it gave, what the next point needs.
fn points(asked: &Asked, subject: &Subject) -> Vec<Vec<String>> {
    let marks = subject.marks(&asked.scheme);
    let measured = asked.scheme.measured.iter().zip(&asked.yardsticks);
    let mut rows = Vec::with_capacity(marks.len());
    for ((of, yardstick), (figures, mark)) in measured.zip(subject.figures.iter().zip(&marks)) {
        rows.push(vec![
            yardstick.name.clone(),
            words::points(of.weight * 1_000),
            said(figures.baseline, yardstick.unit),
            said(figures.value, yardstick.unit),
            words::change(of, yardstick, figures),
            words::given(of, mark),
            words::next(of, yardstick, mark),
        ]);
    }
    rows
}

fn of_one(parcel: &Parcel, digest: &str) -> Option<Document> {
    let asked = &parcel.asked;
    let (subject, outturn) = asked.subjects.first().zip(parcel.outturns.first())?;
    let dependence = parcel.dependences.first()?;
    let mut document = Document { issuer: parcel.issuer.clone(), ..Document::new("考核核对表") };
    document.facts(vec![
        ("谁的核对表", subject.name.clone()),
        ("哪一次", format!("{} {}年度", parcel.title, asked.year)),
        ("基期", format!("{}年", asked.scheme.baseline(asked.year))),
        ("等次", words::band(asked, outturn)),
        ("得分", words::total(outturn)),
        ("换权重时的等次", words::range(asked, dependence)),
        stands(parcel),
    ]);
    document.heading(1, "每一分从哪来");
    let heads = [
        ("指标", 17.0),
        ("满分", 8.0),
        ("基期", 12.0),
        ("当年", 12.0),
        ("变化", 14.0),
        ("得分", 9.0),
        ("再得分需要", 28.0),
    ];
    document.table(columns(heads), points(asked, subject));
    scheme(&mut document, asked);
    seal(&mut document, &parcel.stamp, digest);
    signed(&mut document, parcel);
    Some(document)
}

/// All of the assessed, in the official order and never by points.
fn of_all(parcel: &Parcel, digest: &str) -> Document {
    let asked = &parcel.asked;
    let mut document = Document { issuer: parcel.issuer.clone(), ..Document::new("考核结果") };
    document.facts(vec![
        ("哪一次", format!("{} {}年度", parcel.title, asked.year)),
        ("考核谁", asked.scheme.assessed.label().to_owned()),
        ("基期", format!("{}年", asked.scheme.baseline(asked.year))),
        stands(parcel),
    ]);
    document.heading(1, "结果");
    document.text(&words::summary(asked, &parcel.dependences));
    let rows = parcel.outturns.iter().zip(&parcel.dependences).filter_map(|(outturn, dependence)| {
        Some(vec![
            asked.subject(&outturn.subject)?.name.clone(),
            words::band(asked, outturn),
            words::total(outturn),
            words::range(asked, dependence),
        ])
    });
    let heads =
        [(asked.scheme.assessed.label(), 40.0), ("等次", 16.0), ("得分", 16.0), ("换权重时的等次", 28.0)];
    document.table(columns(heads), rows.collect());
    document.text("按区划次序列，不按得分排。");
    scheme(&mut document, asked);
    seal(&mut document, &parcel.stamp, digest);
    signed(&mut document, parcel);
    document
}

pub async fn sheet(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let (row, parcel) = actions::sheet(&mut ctx.tx, &id).await?;
    let document = of_one(&parcel, &row.digest).ok_or(Error::NotFound)?;
    let href = format!("/assessment-sheets/{id}");
    let page = Page::new("考核核对表", LEAD).clause(CLAUSE).back(href.clone(), "返回核对表").kind("detail");
    papers::answer(ctx, document, page, format!("{href}/paper"))
}

/// Of what was frozen, for whoever sees all of it.
pub async fn result(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = actions::find(&mut ctx.tx, &id).await?;
    let text = actions::parcel_text(&mut ctx.tx, &row).await?.ok_or(Error::NotFound)?;
    let parcel = actions::read(&text, &row.id)?;
    if parcel.frozen_on.is_none() {
        return Err(Error::NotFound);
    }
    let href = format!("/assessments/{id}");
    let page = Page::new("考核结果", LEAD).clause(CLAUSE).back(href.clone(), "返回这次考核").kind("detail");
    papers::answer(ctx, of_all(&parcel, &row.digest), page, format!("{href}/paper"))
}
