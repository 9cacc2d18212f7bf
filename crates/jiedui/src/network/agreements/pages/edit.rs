//! The form by which an agreement is recorded, and changed while not all have agreed.

use crate::network::agreements;
use crate::network::agreements::actions::{self, Edited};
use crate::network::agreements::data::{AgreementRow, AgreementState};
use crate::network::agreements::rules::{self, NewAgreement};
use crate::network::pairings::{self, PairingRow};
use crate::shared::review::{self, Action, Loaded};
use jiedui_kernel::{FieldError, Result};
use jiedui_store::Found;
use jiedui_web::attempt::{Attempt as _, Refused};
use jiedui_web::context::RequestContext;
use jiedui_web::drafts::{self, Draft};
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::history::{Saved, saved_last};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct FormView {
    action: String,
    submit: &'static str,
    version: i64,
    /// Absent for the first agreement: it is the first.
    kind: Option<Field>,
    signed_on: Field,
    from_day: Field,
    to_day: Field,
    summary: Field,
    file: Field,
    kept_file: String,
    draft: Draft,
    here: String,
    saved: Option<Saved>,
    errors: Vec<FieldError>,
}

/// What the form is about.
struct About<'a> {
    pairing: &'a PairingRow,
    /// The edition that is changed; none where a new one is recorded.
    row: Option<&'a AgreementRow>,
    after_first: bool,
}

impl About<'_> {
    fn here(&self) -> String {
        match self.row {
            Some(row) => format!("/agreements/{}/edit", row.id),
            None => format!("/pairings/{}/agreements/new", self.pairing.id),
        }
    }

    fn key(&self) -> String {
        match self.row {
            Some(row) => format!("agreement-edit-{}", row.id),
            None => format!("agreement-{}", self.pairing.id),
        }
    }

    /// What the form shows before anybody typed.
    fn given(&self) -> FormValues {
        match self.row {
            Some(row) => values_of(row),
            None => FormValues::made([("from_day", self.pairing.from_day.to_string())]),
        }
    }
}

fn values_of(row: &AgreementRow) -> FormValues {
    FormValues::made([
        ("kind", row.kind.clone()),
        ("signed_on", row.signed_on.to_string()),
        ("from_day", row.from_day.to_string()),
        ("to_day", row.to_day.map(|day| day.to_string()).unwrap_or_default()),
        ("summary", row.summary.clone()),
    ])
}

/// What went wrong with what was typed.
#[derive(Default)]
struct Wrong {
    errors: Vec<FieldError>,
    /// Somebody else's values, where they were faster, and who that was.
    theirs: Option<(FormValues, Option<Saved>)>,
}

fn fields(ctx: &RequestContext, about: &About<'_>, given: &FormValues, wrong: &Wrong) -> [Field; 5] {
    let field = |name: &str, label: &str| {
        let field = Field::new(name, label).value(given.get(name)).error(&wrong.errors);
        match &wrong.theirs {
            Some((theirs, _)) => field.theirs(theirs.get(name)),
            None => field,
        }
    };
    let kinds = rules::KINDS.iter().skip(1).map(|(id, name)| Choice::new(*id, *name)).collect();
    let mut kind =
        Field::new("kind", "这一份是").options(kinds).value(given.get("kind")).error(&wrong.errors);
    if let Some((theirs, _)) = &wrong.theirs {
        kind = kind.theirs(theirs.get("kind"));
    }
    let signed_on = Field { max: ctx.today.to_string(), ..field("signed_on", "签订日期") };
    let from_help = if about.row.is_none() {
        "已按结对开始的日期填好，与协议书不同请改。"
    } else {
        ""
    };
    [
        kind.required().help("改动内容是修订；到期后接着做是续签。"),
        signed_on.required().help("协议书上写的日期。"),
        field("from_day", "有效期自").required().help(from_help),
        field("to_day", "有效期至").help("没有写期限就留空；到期不等于结对结束。"),
        Field { maxlength: Some(500), ..field("summary", "主要内容") }.help("修订的写明改了什么。"),
    ]
}

async fn page(
    ctx: &mut RequestContext,
    about: &About<'_>,
    given: Option<FormValues>,
    mut wrong: Wrong,
) -> Result<Reply> {
    let key = about.key();
    let draft = match given {
        Some(_) => Draft::none(key),
        None => drafts::find(ctx, &key).await?,
    };
    let status = match &wrong {
        Wrong { theirs: Some(_), .. } => 409,
        Wrong { errors, .. } if !errors.is_empty() => 422,
        _ => 200,
    };
    if let Some(row) = about.row.filter(|row| draft.is_older_than(row.version)) {
        wrong.theirs = Some((values_of(row), saved_last(&mut ctx.tx, &row.id).await?));
    }
    let given = given.or_else(|| draft.pairs.clone()).unwrap_or_else(|| about.given());
    let [kind, signed_on, from_day, to_day, summary] = fields(ctx, about, &given, &wrong);
    let view = FormView {
        action: about.here(),
        submit: if about.row.is_some() { "保存修改" } else { "登记协议" },
        version: about.row.map_or(0, |row| row.version),
        kind: about.after_first.then_some(kind),
        signed_on,
        from_day,
        to_day,
        summary,
        file: Field::new("file", "协议书扫描件")
            .help("PDF、JPG、PNG 或 DOCX；可以不传。")
            .error(&wrong.errors),
        kept_file: about.row.map(|row| row.file_name.clone()).unwrap_or_default(),
        draft,
        here: about.here(),
        saved: wrong.theirs.and_then(|(_, by)| by),
        errors: wrong.errors,
    };
    let county = &about.pairing.county_name;
    let (title, lead, back) = match about.row {
        Some(row) => (
            format!("修改登记的协议：{county}"),
            "改动日期、类型或主要内容后，已经确认的一方要重新确认。",
            (format!("/agreements/{}", row.id), "返回这份协议"),
        ),
        None => (
            format!("登记三方协议：{county}"),
            "照协议书填写，提交后请另两方确认；确认时不用再传文件。",
            (format!("/pairings/{}/agreements", about.pairing.id), "这组结对的全部协议"),
        ),
    };
    let page = Page::new(title, lead).clause("G1.2").back(back.0, back.1).kind("form");
    Ok(Reply::view("network/agreements/form.html", page, &view)?.with_status(status))
}

/// What was typed, with what cannot be read. What is missing or out of order is told by `rules::check`.
fn read(ctx: &RequestContext) -> (NewAgreement, Vec<FieldError>) {
    let pairs = &ctx.form.values;
    let mut read = Reader::default();
    let new = NewAgreement {
        kind: pairs.get("kind").to_owned(),
        signed_on: read.optional_date(pairs, "signed_on", "签订日期"),
        from_day: read.optional_date(pairs, "from_day", "有效期的开始日期"),
        to_day: read.optional_date(pairs, "to_day", "有效期的结束日期"),
        summary: pairs.get("summary").to_owned(),
        file: ctx.form.file.clone(),
    };
    (new, read.errors)
}

/// All that is wrong at once: unreadable fields first, each field once.
fn all_errors(
    mut unread: Vec<FieldError>,
    new: &NewAgreement,
    after_first: bool,
    ctx: &RequestContext,
) -> Vec<FieldError> {
    for error in rules::check(new, after_first, ctx.today) {
        if !unread.iter().any(|known| known.field == error.field) {
            unread.push(error);
        }
    }
    unread
}

/// The pairing, where the caller may record an agreement now; and whether one is signed already.
async fn recordable(ctx: &mut RequestContext) -> Result<(PairingRow, bool)> {
    let id = ctx.param("id");
    let pairing = pairings::find(&mut ctx.tx, &id).await?;
    let rows = agreements::of_pairing(&mut ctx.tx, &pairing.id).await?;
    actions::may_record(&ctx.actor.org, &pairing, &rows, ctx.today)?;
    Ok((pairing, rows.iter().any(|row| row.state == AgreementState::Signed)))
}

pub async fn new(ctx: &mut RequestContext) -> Result<Reply> {
    let (pairing, after_first) = recordable(ctx).await?;
    page(ctx, &About { pairing: &pairing, row: None, after_first }, None, Wrong::default()).await
}

pub async fn create(ctx: &mut RequestContext) -> Result<Reply> {
    let (pairing, after_first) = recordable(ctx).await?;
    let about = About { pairing: &pairing, row: None, after_first };
    let (new, unread) = read(ctx);
    let errors = all_errors(unread, &new, after_first, ctx);
    if !errors.is_empty() {
        let typed = ctx.form.values.clone();
        return page(ctx, &about, Some(typed), Wrong { errors, theirs: None }).await;
    }
    let id = actions::record(&mut ctx.tx, &pairing, &new).await?;
    drafts::forget(ctx, &about.key()).await?;
    let text = "已登记。另外两方会在工作台看到，都确认后算签订；确认前可以修改或撤回。";
    Ok(Reply::done(format!("/agreements/{id}"), Flash::done(text)))
}

/// The agreement, where the caller may change it now, and its pairing.
async fn editable(ctx: &mut RequestContext) -> Result<(Loaded<Found<AgreementRow>>, PairingRow)> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    let row = agreements::find(&mut ctx.tx, &id).await?;
    let opened = review::open(&mut ctx.tx, &programme, row).await?;
    opened.demand(Action::Edit)?;
    let pairing = pairings::find(&mut ctx.tx, &opened.row.pairing).await?;
    Ok((opened, pairing))
}

pub async fn edit(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, pairing) = editable(ctx).await?;
    let row = &opened.row;
    let about = About { pairing: &pairing, row: Some(row), after_first: row.kind != "first" };
    page(ctx, &about, None, Wrong::default()).await
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, pairing) = editable(ctx).await?;
    let row = &opened.row;
    let about = About { pairing: &pairing, row: Some(row), after_first: row.kind != "first" };
    let version = ctx.form_version()?;
    let (new, unread) = read(ctx);
    let errors = all_errors(unread, &new, about.after_first, ctx);
    let typed = ctx.form.values.clone();
    // Told together: were the form's version set to the present one on account of an error alone, saving again would
    // wipe out what somebody else saved, unseen.
    if version != row.version {
        return beaten(ctx, &row.id, &pairing, typed, errors).await;
    }
    if !errors.is_empty() {
        return page(ctx, &about, Some(typed), Wrong { errors, theirs: None }).await;
    }
    let text = match actions::edit(&mut ctx.tx, &opened, version, &new).await.or_refused()? {
        Err(refused) if refused.by_other() => return beaten(ctx, &row.id, &pairing, typed, errors).await,
        Err(Refused { errors, .. }) => {
            return page(ctx, &about, Some(typed), Wrong { errors, theirs: None }).await;
        }
        Ok(Edited::Same) => "内容没有改动。",
        Ok(Edited::Kept) => "已保存。内容没有变，各方的确认仍然有效。",
        Ok(Edited::AsksAgain) => "已保存。内容变了，另外两方要按新的内容重新确认。",
    };
    drafts::forget(ctx, &about.key()).await?;
    Ok(Reply::done(format!("/agreements/{}", row.id), Flash::done(text)))
}

/// The form once more, with what was typed and beside it what somebody else saved meanwhile.
async fn beaten(
    ctx: &mut RequestContext,
    id: &str,
    pairing: &PairingRow,
    typed: FormValues,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let row = agreements::find(&mut ctx.tx, id).await?;
    let by = saved_last(&mut ctx.tx, id).await?;
    let about = About { pairing, row: Some(&row), after_first: row.kind != "first" };
    let wrong = Wrong { errors, theirs: Some((values_of(&row), by)) };
    page(ctx, &about, Some(typed), wrong).await
}
