//! Adding, changing and taking out a project. Two people at one project see both versions; nothing is lost.

use super::form::{self, FormExtras, page};
use crate::planning::needs::{self, NeedRow};
use crate::planning::projects;
use crate::planning::projects::actions;
use crate::planning::projects::data::{self, ProjectRow};
use crate::planning::projects::rules::LoadedList;
use crate::planning::projects::rules::{self, Fields};
use jiedui_kernel::{Code, Date, Result};
use jiedui_store::Found;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::drafts::{self, Draft};
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::reply::{Flash, Reply};

fn empty(list: &data::ListRow) -> FormValues {
    let year = i32::try_from(list.year).unwrap_or_default();
    let day =
        |month, day| Date::from_ymd_opt(year, month, day).map(|day| day.to_string()).unwrap_or_default();
    FormValues::made([("from", day(1, 1)), ("to", day(12, 31)), ("owner", list.lead.clone())])
}

/// Reads the form; what it means is checked in `rules::check`.
fn read(ctx: &RequestContext, opened: &LoadedList, needs: &[NeedRow]) -> Result<Fields> {
    let pairs = &ctx.form.values;
    let programme = ctx.programme();
    let mut read = Reader::default();
    let (basis, need) = match pairs.get("basis") {
        kind @ ("highlight" | "duty") => (kind.to_owned(), None),
        id => ("need".to_owned(), needs.iter().find(|need| need.id == id)),
    };
    // A need brings its sentence with it; a highlight has its own.
    let clause = match (pairs.get("clause"), need, basis.as_str()) {
        ("", Some(need), _) => need.clause.clone(),
        ("", None, "highlight") => programme.projects.highlight_clause.clone(),
        (given, ..) => given.to_owned(),
    };
    let (budget, wrong) = rules::budget(&programme, |name| pairs.get(name));
    for (name, source) in wrong {
        read.fail(&name, Code::NoNumber.says(format!("{source}请填数字，单位是万元，最多四位小数。")));
    }
    let (from, to) = (read.date(pairs, "from", "开始日期"), read.date(pairs, "to", "结束日期"));
    let quantity = read.number(pairs, "quantity", "数量", 1..=1_000_000);
    let (org, person) = match pairs.get("owner").split_once('/') {
        Some((org, person)) => (org, Some(person.to_owned())),
        None => (pairs.get("owner"), None),
    };
    let fields = Fields {
        title: pairs.get("title").to_owned(),
        clause,
        need: need.map(|need| need.id.clone()),
        basis,
        outcome: pairs.get("outcome").to_owned(),
        quantity: quantity.unwrap_or(1),
        unit: rules::unit_of(pairs.get("unit")),
        owner_org: org.to_owned(),
        owner: person,
        from: from.unwrap_or_default(),
        to: to.unwrap_or_default(),
        lead_does: pairs.get("lead_does").to_owned(),
        nearby_does: pairs.get("nearby_does").to_owned(),
        budget,
    };
    let told: Vec<String> = read.errors.iter().map(|error| error.field.clone()).collect();
    let dates = from.is_none() || to.is_none();
    let more = rules::check(&fields, &opened.row, &programme);
    let known =
        |error: &jiedui_kernel::FieldError| told.contains(&error.field) || (dates && error.field == "to");
    read.errors.extend(more.into_iter().filter(|error| !known(error)));
    read.done()?;
    Ok(fields)
}

async fn opened(ctx: &mut RequestContext, list: &str) -> Result<LoadedList> {
    let programme = ctx.programme();
    actions::open_to_edit(&mut ctx.tx, &programme, list).await
}

fn draft_key(id: &str, new: bool) -> String {
    format!("{}-{id}", if new { "project-new" } else { "project" })
}

pub async fn new(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let opened = opened(ctx, &id).await?;
    let draft = drafts::find(ctx, &draft_key(&id, true)).await?;
    let given = draft.pairs.clone().unwrap_or_else(|| empty(&opened.row));
    page(ctx, &opened, None, &given, draft, FormExtras::default()).await
}

pub async fn create(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let opened = opened(ctx, &id).await?;
    let needs = needs::of_school(&mut ctx.tx, &opened.row.county_school).await?;
    let programme = ctx.programme();
    let made = match read(ctx, &opened, &needs) {
        Ok(fields) => actions::add(&mut ctx.tx, &programme, &opened, &fields, None, true).await,
        Err(error) => Err(error),
    };
    let key = draft_key(&id, true);
    match made.or_wrong()? {
        Ok(_) => {
            drafts::forget(ctx, &key).await?;
            let again = ctx.form.values.get("again") == "yes";
            let to = if again { format!("/lists/{id}/add") } else { format!("/lists/{id}") };
            Ok(Reply::done(to, Flash::done("已加入清单。清单拟好后，提交给另外两方征求同意。")))
        }
        Err(errors) => {
            let given = ctx.form.values.clone();
            let draft = Draft::none(key);
            page(ctx, &opened, None, &given, draft, FormExtras { errors, ..FormExtras::default() }).await
        }
    }
}

async fn mine(ctx: &mut RequestContext) -> Result<(Found<ProjectRow>, LoadedList)> {
    let id = ctx.param("id");
    let row = projects::find(&mut ctx.tx, &id).await?;
    let opened = opened(ctx, &row.list).await?;
    Ok((row, opened))
}

pub async fn edit(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, opened) = mine(ctx).await?;
    let draft = drafts::find(ctx, &draft_key(&row.id, false)).await?;
    let given = draft.pairs.clone().unwrap_or_else(|| form::saved_values(&row));
    page(ctx, &opened, Some(&row), &given, draft, FormExtras::default()).await
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, opened) = mine(ctx).await?;
    let needs = needs::of_school(&mut ctx.tx, &opened.row.county_school).await?;
    let version = ctx.form_version()?;
    let key = draft_key(&row.id, false);
    let given = ctx.form.values.clone();
    let draft = || Draft::none(key.clone());
    if version != row.version {
        let beside = FormExtras { theirs: Some(form::saved(ctx, &row).await?), ..FormExtras::default() };
        return page(ctx, &opened, Some(&row), &given, draft(), beside).await;
    }
    let programme = ctx.programme();
    let done = match read(ctx, &opened, &needs) {
        Ok(fields) => actions::edit(&mut ctx.tx, &programme, &opened, &row, version, &fields).await,
        Err(error) => Err(error),
    };
    match done.or_wrong()? {
        Ok(()) => {
            drafts::forget(ctx, &key).await?;
            let text = if row.filed {
                "已记下拟作的变更；三方同意并重新备案后生效。"
            } else {
                "已保存。"
            };
            Ok(Reply::done(format!("/lists/{}", row.list), Flash::done(text)))
        }
        Err(errors) => {
            let beside = FormExtras { errors, ..FormExtras::default() };
            page(ctx, &opened, Some(&row), &given, draft(), beside).await
        }
    }
}

pub async fn remove(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, opened) = mine(ctx).await?;
    let version = ctx.form_version()?;
    actions::remove(&mut ctx.tx, &opened, &row, version).await?;
    let restore = format!("/projects/{}/restore?version={}", row.id, version + 1);
    let text = if row.filed {
        "已记下要撤掉这个项目；重新备案后生效。"
    } else {
        "已从清单里删除。"
    };
    Ok(Reply::done(format!("/lists/{}", row.list), Flash::done(text).undo(restore, "恢复")))
}

pub async fn restore(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, opened) = mine(ctx).await?;
    // The undo link right after a removal carries the version in its address.
    let version = ctx.form_or_link_version()?;
    actions::restore(&mut ctx.tx, &opened, &row, version).await?;
    Ok(Reply::done(format!("/lists/{}", row.list), Flash::done("已恢复成原来的样子。")))
}
