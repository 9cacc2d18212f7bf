//! The form, which every page links to in its foot.

use super::super::NewComplaint;
use super::super::rules;
use jiedui_kernel::{Code, FieldError, Reported, Result, Unit};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Figure;
use jiedui_web::form::FormValues;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct View {
    kind: Field,
    words: Field,
    named: Field,
    page: String,
    page_name: &'static str,
    within: Figure,
    errors: Vec<FieldError>,
}

pub async fn new(ctx: &mut RequestContext) -> Result<Reply> {
    let given = ctx.query.clone();
    page(ctx, &given, Vec::new())
}

pub async fn create(ctx: &mut RequestContext) -> Result<Reply> {
    let given = ctx.form.values.clone();
    let new = NewComplaint {
        kind: given.get("kind").to_owned(),
        words: given.get("words").to_owned(),
        // Only who says so is named.
        named: given.get("named") == "yes",
        page: given.get("page").to_owned(),
    };
    let mut errors = rules::check_new(&new);
    if !matches!(given.get("named"), "yes" | "no") {
        let message = Code::Missing.says("请选择是否让省办看到是谁提的。");
        errors.push(FieldError::new("named", message));
    }
    if !errors.is_empty() {
        return page(ctx, &given, errors);
    }
    let programme = ctx.programme();
    match super::super::write(&mut ctx.tx, &programme, &new).await.or_wrong()? {
        Ok(id) => {
            let text = "已交省办。答复期限写在这一页上；答复后请您说一声满意不满意，不满意可以追问一次。";
            Ok(Reply::done(format!("/complaints/{id}"), Flash::done(text)))
        }
        Err(errors) => page(ctx, &given, errors),
    }
}

fn page(ctx: &RequestContext, given: &FormValues, errors: Vec<FieldError>) -> Result<Reply> {
    let kinds = rules::KINDS.map(|(id, name)| Choice::new(id, name)).to_vec();
    let named =
        vec![Choice::new("yes", "署名：省办看得到单位和姓名，本单位同事也看得到"), Choice::new("no", "匿名")];
    let kinds = [vec![Choice::new("", "请选择")], kinds].concat();
    let field = |name: &str, label: &str| Field::new(name, label).required().error(&errors);
    let words =
        field("words", "内容").value(given.get("words")).help("哪张表、哪一栏、哪里不对，说具体最好改。");
    let within = i64::from(ctx.programme().burden.answer_workdays);
    let view = View {
        kind: field("kind", "类别").options(kinds).value(given.get("kind")),
        words: Field { maxlength: Some(1_000), width: "long", ..words },
        named: field("named", "署名还是匿名").options(named).value(given.get("named")),
        page_name: ctx.app.site.about(rules::page_of(given.get("page"))),
        page: rules::page_of(given.get("page")).to_owned(),
        within: Figure {
            unit: "个工作日",
            ..Figure::of(Reported::Value(within), Unit::Items, "/complaints", "答复期限")
        },
        errors: errors.clone(),
    };
    let page = Page::new(
        "提投诉建议",
        "重复填、不合理、数不对、不好用，都可以说；省办答复，超期未答各单位都看得到。",
    )
    .back("/complaints", "投诉建议")
    .kind("form");
    Ok(Reply::view("oversight/complaints/form.html", page, &view)?.refused(!errors.is_empty()))
}
