//! The form by which a bureau or a school records a post.

use super::{ANY_MAJOR, major_choices, occupation_choices};
use crate::network::{enterprises, registry};
use crate::sharing::jobs::actions;
use crate::sharing::jobs::rules::{MOST, NewVacancy, TITLE, names};
use jiedui_kernel::{Code, FieldError, Period, Result, Unit};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::fields::read_number;
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct NewView {
    /// For a bureau; a school records for its own graduates.
    school: Option<Field>,
    enterprise: Field,
    title: Field,
    occupation: Field,
    major: Field,
    majors: Field,
    county: Field,
    number: Field,
    pay_low: Field,
    pay_high: Field,
    from: Field,
    to: Field,
    errors: Vec<FieldError>,
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    let given = ctx.query.clone();
    page(ctx, &given, Vec::new()).await
}

fn with_blank(blank: &str, choices: Vec<Choice>) -> Vec<Choice> {
    [vec![Choice::new("", blank)], choices].concat()
}

async fn page(ctx: &mut RequestContext, given: &FormValues, errors: Vec<FieldError>) -> Result<Reply> {
    let programme = ctx.programme();
    let rules = actions::rules_of(&programme)?;
    let org = ctx.actor.org.clone();
    let own = registry::find(&mut ctx.tx, &org).await?;
    let schools = if own.kind == "school" { None } else { Some(actions::school_choices(&mut ctx.tx).await?) };
    let counties = actions::county_choices(&mut ctx.tx).await?;
    let known = enterprises::names(&mut ctx.tx).await?;
    let field = |name: &str, label: &str| Field::new(name, label).value(given.get(name)).error(&errors);
    let filled = |name: &str, usual: String| match given.get(name) {
        "" => usual,
        typed => typed.to_owned(),
    };
    let yuan = |name: &str, label: &str| Field { unit: Unit::Yuan.label().to_owned(), ..field(name, label) };
    let home = counties.iter().any(|county| county.value == own.division);
    let home = if home { own.division.clone() } else { String::new() };
    let view = NewView {
        school: schools.map(|schools| {
            let all = with_blank("面向全部毕业生", schools);
            field("school", "面向哪所学校").options(all).help("选了学校的，由学校核对；不选的立即生效。")
        }),
        enterprise: Field {
            width: "long", ..field("enterprise", "招人企业全称").required().options(known)
        },
        title: Field { maxlength: Some(TITLE), ..field("title", "岗位名称").required() },
        occupation: field("occupation", "岗位类别")
            .required()
            .options(with_blank("请选择", occupation_choices(rules))),
        major: field("major", "适合哪个专业大类").options(with_blank(ANY_MAJOR, major_choices(&programme))),
        majors: Field { width: "long", ..field("majors", "适合哪些专业") }
            .help("写专业目录里的名称，几个用顿号分开；不写的看专业大类。"),
        county: field("county", "工作地点在哪个县")
            .required()
            .options(with_blank("请选择", counties))
            .value(filled("county", home)),
        number: Field { unit: Unit::Persons.label().to_owned(), ..field("number", "招几人").required() },
        pay_low: yuan("pay_low", "月薪从"),
        pay_high: yuan("pay_high", "月薪到"),
        from: field("from", "从哪天起").required().value(filled("from", ctx.today.to_string())),
        to: Field { min: ctx.today.to_string(), ..field("to", "到哪天止").required() },
        errors: errors.clone(),
    };
    let lead = "企业写全称，写法不同的会归到同一家。到截止日自动失效，不用再来撤。";
    let page = Page::new("登记岗位", lead)
        .clauses(&rules.clauses)
        .back("/employment/posts", "返回岗位")
        .kind("form");
    Ok(Reply::view("sharing/jobs/new.html", page, &view)?.refused(!errors.is_empty()))
}

/// What was typed, or what of it cannot be read.
fn read(given: &FormValues) -> Result<NewVacancy, Vec<FieldError>> {
    let mut reader = Reader::default();
    let number = reader.number(given, "number", "招几人", 1..=MOST);
    let mut yuan = |name: &str, label: &str| {
        let typed = given.get(name);
        (!typed.is_empty()).then(|| read_number(&mut reader, name, label, Unit::Yuan, typed, 1)).flatten()
    };
    let pay = (yuan("pay_low", "月薪从"), yuan("pay_high", "月薪到"));
    let from = reader.date(given, "from", "从哪天起");
    let to = reader.date(given, "to", "到哪天止");
    let days = from.zip(to).and_then(|(from, to)| Period::new(from, to));
    if from.is_some() && to.is_some() && days.is_none() {
        reader.fail("to", Code::Reversed.says("截止日不能早于开始日，请改其中一个。"));
    }
    let text = |name: &str| given.get(name).to_owned();
    match number {
        Some(number) if reader.errors.is_empty() => Ok(NewVacancy {
            school: text("school"),
            enterprise: text("enterprise"),
            title: text("title"),
            occupation: text("occupation"),
            major: text("major"),
            majors: names(given.get("majors")),
            county: text("county"),
            number,
            pay,
            days,
        }),
        _ => Err(reader.errors),
    }
}

pub async fn submit(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, given) = (ctx.programme(), ctx.form.values.clone());
    let new = match read(&given) {
        Ok(new) => new,
        Err(errors) => return page(ctx, &given, errors).await,
    };
    match actions::record(&mut ctx.tx, &programme, &new).await.or_wrong()? {
        Ok(id) => {
            let done = Flash::done("已登记。有另一方的，等对方确认以后人人看得到。");
            Ok(Reply::done(format!("/employment/posts/{id}"), done))
        }
        Err(errors) => page(ctx, &given, errors).await,
    }
}
