//! The sheet of a list, and a list written on it.

use crate::planning::needs::{self, NeedRow, NeedState};
use crate::planning::projects::actions;
use crate::planning::projects::data::{Ended, ProjectRow};
use crate::planning::projects::pages::lists;
use crate::planning::projects::rules::{self, Fields, LoadedList};
use jiedui_documents::{Column, Kind, Sheet, Value, Workbook, write};
use jiedui_kernel::{Error, Result, Unit};
use jiedui_programme::Programme;
use jiedui_web::context::RequestContext;
use jiedui_web::download::XLSX;
use jiedui_web::reply::Reply;
use std::collections::BTreeMap;

pub(super) const SHEET: &str = "协作项目清单";
pub(super) const HIGHLIGHT: &str = "特色亮点";
pub(super) const DUTY: &str = "组织领导职责";

/// What names stand for in the workbook of one list.
pub(super) struct Names {
    pub(super) needs: Vec<NeedRow>,
    /// Name and id of the three parties.
    pub(super) parties: Vec<(String, String)>,
    pub(super) units: Vec<Unit>,
}

pub(super) async fn names(ctx: &mut RequestContext, opened: &LoadedList) -> Result<Names> {
    let list = &opened.row;
    let needs = needs::of_school(&mut ctx.tx, &list.county_school).await?;
    Ok(Names {
        needs: needs.into_iter().filter(|need| need.state == NeedState::Open).collect(),
        parties: vec![
            (list.lead_name.clone(), list.lead.clone()),
            (list.nearby_name.clone(), list.nearby.clone()),
            (list.county_name.clone(), list.county_school.clone()),
        ],
        units: ctx.programme().project_units(),
    })
}

fn clause_name(programme: &Programme, id: &str) -> String {
    let clause = programme.clauses.iter().find(|clause| clause.id == id);
    clause.map_or_else(|| id.to_owned(), |clause| format!("{} {}", clause.id, clause.title))
}

pub(super) fn spec(programme: &Programme, opened: &LoadedList, names: &Names) -> Workbook {
    let list = &opened.row;
    let choice = |name: &str| Kind::Choice(name.to_owned());
    let mut columns = vec![
        Column::new("place", "序号", Kind::Integer),
        Column::new("title", "项目名称", Kind::Text).required().width(28.0),
        Column::new("basis", "回应的需求", choice("需求"))
            .required()
            .width(26.0)
            .help("从代码表选县级院校的需求；不回应需求的，选特色亮点或组织领导职责"),
        Column::new("clause", "依据条目", choice("条目")).width(24.0).help("选了需求可以不填"),
        Column::new("outcome", "年底成果", Kind::Text).required().width(30.0),
        Column::new("quantity", "数量", Kind::Integer).required(),
        Column::new("unit", "单位", choice("单位")).required(),
        Column::new("owner_org", "责任单位", choice("三方")).required().width(22.0),
        Column::new("owner", "责任人", Kind::Text).help("责任单位在册人员的姓名，可不填"),
        Column::new("from", "开始日期", Kind::Date).required(),
        Column::new("to", "结束日期", Kind::Date).required(),
        Column::new("lead_does", "牵头院校做什么", Kind::Text).width(26.0),
        Column::new("nearby_does", "配合院校做什么", Kind::Text).width(26.0),
    ];
    for source in &programme.projects.sources {
        let key = format!("budget-{}", source.id);
        columns.push(Column::new(&key, &format!("{}（万元）", source.name), Kind::Text));
    }
    columns.push(Column::new("id", "项目标识", Kind::Text).hidden());
    columns.push(Column::new("version", "版本", Kind::Integer).hidden());
    let facts = format!(
        "对口县级院校：{}    牵头院校：{}    配合院校：{}    备案编号：{}",
        list.county_name,
        list.lead_name,
        list.nearby_name,
        if list.number.is_empty() { "（未备案）" } else { &list.number },
    );
    let sheet = Sheet::new(SHEET, columns)
        .above([format!("{}年协作项目清单", list.year), facts])
        .below(["牵头院校（盖章）：          配合院校（盖章）：          对口县级院校（盖章）："]);
    let mut needs: Vec<String> = names.needs.iter().map(|need| need.title.clone()).collect();
    needs.extend([HIGHLIGHT.to_owned(), DUTY.to_owned()]);
    let clauses = programme.clauses.iter().filter(|clause| !clause.id.starts_with('G'));
    let lists = BTreeMap::from([
        ("需求".to_owned(), needs),
        ("条目".to_owned(), clauses.map(|clause| format!("{} {}", clause.id, clause.title)).collect()),
        ("单位".to_owned(), names.units.iter().map(|unit| unit.label().to_owned()).collect()),
        ("三方".to_owned(), names.parties.iter().map(|(name, _)| name.clone()).collect()),
    ]);
    Workbook { sheets: vec![sheet], lists }
}

/// Whether the name beside a project is that of who answers for it by these fields; another who is proposed stands nowhere.
pub(super) fn is_named(project: &ProjectRow, fields: &Fields) -> bool {
    fields.owner == project.owner
}

pub(super) fn row(
    programme: &Programme,
    names: &Names,
    owner_name: String,
    (project, fields): (&ProjectRow, &Fields),
) -> Vec<Value> {
    let text = |text: &str| if text.is_empty() { Value::Empty } else { text.into() };
    let basis = match fields.basis.as_str() {
        "highlight" => HIGHLIGHT.to_owned(),
        "duty" => DUTY.to_owned(),
        _ => {
            let need = names.needs.iter().find(|need| Some(&need.id) == fields.need.as_ref());
            need.map(|need| need.title.clone()).or_else(|| project.need_title.clone()).unwrap_or_default()
        }
    };
    let owner = if is_named(project, fields) { owner_name } else { String::new() };
    let org = names.parties.iter().find(|(_, id)| *id == fields.owner_org).map_or("", |(name, _)| name);
    let mut values = vec![
        Value::Integer(project.place),
        text(&fields.title),
        text(&basis),
        text(&clause_name(programme, &fields.clause)),
        text(&fields.outcome),
        Value::Integer(fields.quantity),
        text(fields.unit.label()),
        text(org),
        text(&owner),
        fields.from.into(),
        fields.to.into(),
        text(&fields.lead_does),
        text(&fields.nearby_does),
    ];
    for source in &programme.projects.sources {
        let cents = fields.budget.get(&source.id).copied().unwrap_or(0);
        values.push(if cents > 0 { rules::ten_thousands(cents).into() } else { Value::Empty });
    }
    values.push(text(&project.id));
    values.push(Value::Integer(project.version));
    values
}

pub async fn export(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let opened = lists::opened(ctx).await?;
    let names = names(ctx, &opened).await?;
    let rows: Vec<Vec<Value>> = actions::of_list(&mut ctx.tx, &opened.row.id)
        .await?
        .iter()
        .filter(|project| project.ended != Ended::Removed)
        .filter_map(|project| {
            let owner = ctx.names.shown_if_any(project.owner_name.as_ref(), &project.concerned());
            Some(row(&programme, &names, owner, (project, &project.wanted()?)))
        })
        .collect();
    let mut spec = spec(&programme, &opened, &names);
    // A need that is met may still be named by a project: what goes out must be among the choices to come back.
    if let Some(list) = spec.lists.get_mut("需求") {
        for value in rows.iter().filter_map(|row| row.get(2)) {
            if let Value::Text(text) = value
                && !list.contains(text)
            {
                list.push(text.clone());
            }
        }
    }
    let name = format!("{}{}年协作项目清单.xlsx", opened.row.county_name, opened.row.year);
    Ok(Reply::made(name, XLSX, move || write(&spec, [rows]).map_err(Error::internal)))
}
