//! One complaint: what was said, what was answered, and whether that was enough.

use super::super::ComplaintAnswer;
use super::super::Reach;
use super::super::data::{self, ComplaintRow, WordRow};
use super::super::rules::{self, AllowedActions};
use super::list::{ComplaintLine, line};
use jiedui_kernel::{Code, FieldError, Result};
use jiedui_store::{Found, args};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::when;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct View {
    line: ComplaintLine,
    version: i64,
    said: Vec<Said>,
    /// Where it was written; a link for its author only, since others may have no right to that page.
    page: String,
    /// What that page is for, where it is one of ours.
    page_name: &'static str,
    page_href: String,
    changed: String,
    may: AllowedActions,
    answer: [Field; 3],
    judge: Field,
    errors: Vec<FieldError>,
    /// Which of the forms was sent, so that it is open.
    sent: String,
    conflict: bool,
}

/// One turn of the talk.
#[derive(Serialize)]
struct Said {
    what: &'static str,
    who: String,
    when: String,
    words: String,
}

fn said(word: WordRow) -> Said {
    let what = match word.kind.as_str() {
        "complain" => "提出",
        "answer" => "答复",
        "insist" => "不满意",
        _ => "满意",
    };
    let who =
        if word.name.is_empty() { "匿名".to_owned() } else { format!("{} {}", word.org_name, word.name) };
    Said { what, who, when: when(word.at), words: word.words }
}

async fn asked(ctx: &mut RequestContext) -> Result<Found<ComplaintRow>> {
    let (reach, id) = (Reach::of(ctx), ctx.param("id"));
    super::super::find(&mut ctx.tx, &reach, &id).await
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let row = asked(ctx).await?;
    page(ctx, &row, Vec::new(), 200).await
}

async fn page(
    ctx: &mut RequestContext,
    row: &ComplaintRow,
    errors: Vec<FieldError>,
    status: u16,
) -> Result<Reply> {
    let words = ctx.tx.all::<WordRow>(&data::WORDS_OF, args![&row.id]).await?;
    let programme = ctx.programme();
    let sent = ctx.path.rsplit('/').next().unwrap_or_default().to_owned();
    let fields = fields(ctx, row, &errors, &sent);
    let view = View {
        line: line(&programme, row, ctx.today),
        version: row.version,
        said: words.into_iter().map(said).collect(),
        page: row.page.clone(),
        page_name: ctx.app.site.about(&row.page),
        page_href: if row.mine == 1 && !row.page.contains('…') { row.page.clone() } else { String::new() },
        changed: row.changed.clone(),
        may: rules::may(row, ctx.can("complaint", "answer")),
        answer: fields.0,
        judge: fields.1,
        conflict: status == 409,
        errors,
        sent,
    };
    let page = Page::new(view.line.kind, "一条意见：提了什么，怎样答复，提的人满意不满意。")
        .back("/complaints", "投诉建议")
        .kind("detail");
    Ok(Reply::view("oversight/complaints/show.html", page, &view)?.with_status(status))
}

fn fields(
    ctx: &RequestContext,
    row: &ComplaintRow,
    errors: &[FieldError],
    sent: &str,
) -> ([Field; 3], Field) {
    let given = &ctx.form.values;
    let typed = |form: &str, name: &str, known: &str| {
        if sent == form || (sent == "mark" && form == "answer") {
            given.get(name).to_owned()
        } else {
            known.to_owned()
        }
    };
    let told = |form: &str| if sent == form { errors } else { &[] };
    let mut forms = vec![Choice::new("", "不涉及表单")];
    forms.extend(rules::form_choices(&ctx.programme()));
    let wrong = if sent == "mark" { errors } else { told("answer") };
    let words =
        Field::new("words", "答复").required().value(typed("answer", "words", "")).error(told("answer"));
    let changed = Field::new("changed", "因此改了什么")
        .help("删了哪一栏、减了多少次、改了哪里；没有改动就留空。")
        .value(typed("answer", "changed", &row.changed))
        .error(wrong);
    let form = Field::new("form", "涉及哪张表")
        .options(forms)
        .value(typed("answer", "form", &row.form))
        .error(wrong);
    let judge = Field::new("words", "哪里还不满意")
        .required()
        .value(typed("judge", "words", ""))
        .error(told("judge"));
    (
        [
            Field { maxlength: Some(1_000), width: "long", ..words },
            form,
            Field { maxlength: Some(300), width: "long", ..changed },
        ],
        Field { maxlength: Some(500), width: "long", ..judge },
    )
}

/// The complaint with a message; or once more, with what is wrong or with the concurrent edit.
async fn finish(ctx: &mut RequestContext, done: Result<()>, id: &str, text: &str) -> Result<Reply> {
    match done.or_refused()? {
        Ok(()) => Ok(Reply::done(format!("/complaints/{id}"), Flash::done(text))),
        Err(refused) => {
            let row = asked(ctx).await?;
            page(ctx, &row, refused.errors, refused.status).await
        }
    }
}

pub async fn answer(ctx: &mut RequestContext) -> Result<Reply> {
    let row = asked(ctx).await?;
    let (version, pairs, programme) = (ctx.form_version()?, ctx.form.values.clone(), ctx.programme());
    let get = |name: &str| pairs.get(name).to_owned();
    let answer = ComplaintAnswer { words: get("words"), form: get("form"), changed: get("changed") };
    let done = super::super::answer(&mut ctx.tx, &programme, &row, version, &answer).await;
    let text = if row.round == 1 {
        "已答复，提的人会在工作台看到；对方不满意可以追问一次。"
    } else {
        "已第二次答复，等对方表态后办结。"
    };
    finish(ctx, done, &row.id, text).await
}

pub async fn mark(ctx: &mut RequestContext) -> Result<Reply> {
    let row = asked(ctx).await?;
    let (version, pairs, programme) = (ctx.form_version()?, ctx.form.values.clone(), ctx.programme());
    let told = (pairs.get("form"), pairs.get("changed"));
    let done = super::super::mark(&mut ctx.tx, &programme, &row, version, told).await;
    finish(ctx, done, &row.id, "已写明，提的人看得到；报表减负页会把同一张表的意见归在一起。").await
}

pub async fn judge(ctx: &mut RequestContext) -> Result<Reply> {
    let row = asked(ctx).await?;
    let (version, pairs, programme) = (ctx.form_version()?, ctx.form.values.clone(), ctx.programme());
    let content = match pairs.get("verdict") {
        "yes" => true,
        "no" => false,
        _ => {
            let errors = vec![FieldError::new("words", Code::Missing.says("请选择满意还是不满意。"))];
            return page(ctx, &row, errors, 422).await;
        }
    };
    let done =
        super::super::judge(&mut ctx.tx, &programme, &row, version, (content, pairs.get("words"))).await;
    let text = match (content, row.round) {
        (true, _) => "谢谢，这一条已办结。",
        (false, 1) => "已转回省办，重新计算答复期限。这是追问，只有一次。",
        (false, _) => "已记下您不满意，这一条办结；记录各方都能看到。",
    };
    finish(ctx, done, &row.id, text).await
}
