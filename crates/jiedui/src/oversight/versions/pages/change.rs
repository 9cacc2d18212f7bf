//! One change of a duty or a target, written by an official and not into a file.

use super::super::rules::Edit;
use super::{given_or_next_year, latest, prepare};
use chrono::Datelike as _;
use jiedui_kernel::{Code, Date, FieldError, Result, Unit};
use jiedui_programme::{Aim, Programme};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct FormView {
    action: &'static str,
    what: Field,
    day: Field,
    least: Field,
    about: Field,
    source: Field,
    errors: Vec<FieldError>,
}

/// What can be changed: `kind:id`, what it is called, its unit, and what it asks now.
struct Rule {
    id: String,
    name: String,
    group: &'static str,
    unit: Unit,
    now: i64,
}

fn rules_of(programme: &Programme, today: Date) -> Vec<Rule> {
    let obligations = programme.obligations.iter().filter(|one| one.to.is_none()).map(|one| Rule {
        id: format!("obligation:{}", one.id),
        name: one.name.clone(),
        group: "履职要求",
        unit: one.unit,
        now: one.at_least_on(today),
    });
    let duties = programme.duties.iter().filter(|one| one.to.is_none()).map(|one| Rule {
        id: format!("duty:{}", one.id),
        name: one.name.clone(),
        group: "组织保障",
        unit: Unit::Times,
        now: one.at_least_on(today),
    });
    let targets = programme.targets.iter().filter(|one| one.year >= today.year()).filter_map(|one| {
        let now = match one.aim_on(today) {
            Aim::AtLeast { value } => value,
            Aim::NotIssued => 0,
            Aim::About { .. } | Aim::Range { .. } | Aim::NoMeasure => return None,
        };
        let (id, name) = (format!("target:{}", one.id), format!("{}（{}年）", one.name, one.year));
        Some(Rule { id, name, group: "目标", unit: one.unit, now })
    });
    obligations.chain(duties).chain(targets).collect()
}

fn choices(rules: &[Rule]) -> Vec<Choice> {
    let choice = |rule: &Rule| {
        let now = match rule.now {
            0 => "未下达".to_owned(),
            now => format!("现在至少 {}{}", rule.unit.format(now), rule.unit.label()),
        };
        Choice { group: rule.group.to_owned(), ..Choice::new(&rule.id, format!("{}，{now}", rule.name)) }
    };
    std::iter::once(Choice::new("", "请选择")).chain(rules.iter().map(choice)).collect()
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    let asked = ctx.query.clone();
    page(ctx, &asked, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, given: &FormValues, errors: Vec<FieldError>) -> Result<Reply> {
    let (_, programme) = latest(ctx).await?;
    let rules = rules_of(&programme, ctx.today);
    let from = given_or_next_year(given.get("from"), ctx.today);
    let rule = Field::new("rule", "哪一项").required().options(choices(&rules)).value(given.get("rule"));
    let from = Field::new("from", "自哪一天起").required().value(from);
    let from = from.help("时期按它最后一天适用的要求判定；已结束的时期不改判。");
    let least = Field::new("at_least", "至少多少").required().value(given.get("at_least"));
    let least = least.help("按这一项的单位填数。");
    let about = Field::new("about", "变更后的说明").value(given.get("about"));
    let about = about.help("履职要求和组织保障用；原来的说明里写着旧数的，在这里写新的说法。");
    let source = Field::new("source", "依据").required().value(given.get("source"));
    let source = source.help("文件名称和文号；和变更一起显示在页面上。");
    let view = FormView {
        action: "/programme/change",
        what: rule.error(&errors),
        day: from.error(&errors),
        least: least.error(&errors),
        about: Field { maxlength: Some(500), ..about.error(&errors) },
        source: Field { maxlength: Some(200), width: "long", ..source.error(&errors) },
        errors: errors.clone(),
    };
    let page = Page::new("变更一项要求", "写好后先演算，看清哪些单位的状态会变，再启用。")
        .back("/programme", "方案版本")
        .kind("form");
    Ok(Reply::view("oversight/versions/change.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn submit(ctx: &mut RequestContext) -> Result<Reply> {
    let given = ctx.form.values.clone();
    let (files, programme) = latest(ctx).await?;
    let rules = rules_of(&programme, ctx.today);
    let mut read = Reader::default();
    let from = read.date(&given, "from", "自哪一天起");
    read.required(&given, "source", "依据");
    let source = read.text(&given, "source", "依据", 200).to_owned();
    let about = read.text(&given, "about", "变更后的说明", 500).to_owned();
    let rule = rules.iter().find(|rule| rule.id == given.get("rule"));
    if rule.is_none() {
        read.fail("rule", Code::Missing.says("请选择要变更哪一项。"));
    }
    let unit = rule.map_or(Unit::Times, |rule| rule.unit);
    let at_least = match jiedui_web::fields::number_of(unit, given.get("at_least")) {
        Ok(value) if value > 0 => Some(value),
        Ok(_) => {
            read.fail("at_least", Code::OutOfRange.says("至少须大于零；不再要求的，请停用。"));
            None
        }
        Err(why) => {
            read.fail("at_least", why.of("至少多少"));
            None
        }
    };
    if let Err(errors) = read.done().or_wrong()? {
        return page(ctx, &given, errors).await;
    }
    let (Some(rule), Some(from), Some(at_least)) = (rule, from, at_least) else {
        return page(ctx, &given, Vec::new()).await;
    };
    let told = format!("{}：自 {from} 起至少 {}{}", rule.name, unit.format(at_least), unit.label());
    let id = rule.id.clone();
    let edit = match rule.group {
        "目标" => Edit::Aim { rule: id, from, at_least, source },
        _ => Edit::Least { rule: id, from, at_least, about, source },
    };
    match prepare(ctx, (&files, &programme), &edit, &told).await.or_wrong()? {
        Ok(id) => Ok(Reply::done(format!("/programme/{id}"), Flash::done("已写好，正在演算。"))),
        Err(errors) => page(ctx, &given, errors.into_iter().map(at_about).collect()).await,
    }
}

/// Words that still say the number of before are mended in this form.
fn at_about(error: FieldError) -> FieldError {
    match error.code {
        Code::Contradiction => {
            let words = "原来的说明里还写着旧数，请在“变更后的说明”里写新的说法。";
            let words = format!("{words}（{}）", error.message);
            error.in_words(words).at("about")
        }
        _ => error,
    }
}
