//! Accounts of many units asked for with one workbook: the template already names every unit that has none.

use super::actions::{self, NewRequest};
use super::data::requests::{self as data, RequestRow, UnseatedRow};
use super::rules::requests::{Kind as RequestKind, State};
use crate::network::registry::{self, OrgRow};
use crate::shared::imports::Report;
use crate::shared::taken_back::{ImportKind, TakenBack};
use jiedui_documents::{CellError, Column, Kind, Record, Sheet, Value, Workbook, write};
use jiedui_kernel::names::fold;
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_programme::Access;
use jiedui_store::{Tx, args};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use std::collections::HashMap;

pub const SHEET: &str = "账号申请";
/// The way back from one file.
pub const IMPORT: ImportKind = ImportKind {
    id: "account_request",
    name: "账号申请",
    right: ("account", "manage"),
    take_back: |ctx, done| Box::pin(take_back(ctx, done)),
};

/// Withdraws what one file asked for, while nothing of it was decided.
async fn take_back(ctx: &mut RequestContext, done: &str) -> Result<TakenBack> {
    let ids: Vec<String> = serde_json::from_str(done).map_err(Error::internal)?;
    let (mut open, mut built) = (Vec::new(), Vec::new());
    for id in &ids {
        let request = ctx.tx.one::<RequestRow>(&data::REQUEST, args![id]).await?;
        if request.state == State::Waiting {
            open.push(request);
        } else {
            built.push(format!("{}（{}）{}", request.login, request.org_name, request.state.label()));
        }
    }
    if !built.is_empty() {
        return Ok(TakenBack::Built(built));
    }
    for request in &open {
        actions::withdraw(&mut ctx.tx, request).await?;
    }
    Ok(TakenBack::Done(open.len()))
}

/// So many are asked for with one file.
const MOST: usize = 500;

pub fn description(access: &Access) -> Workbook {
    let text = |key: &str, heading: &str| Column::new(key, heading, Kind::Text);
    let columns = vec![
        text("org", "单位全称").required().width(40.0).help("与院校库中的名称完全一致。"),
        Column::new("role", "角色", Kind::Choice("角色".to_owned())).required(),
        text("name", "姓名").help("使用人的真实姓名，一人一号；没有填姓名的行不申请。"),
        text("login", "账号").code().help("小写字母、数字和 . - _，建成后不能改；没有填账号的行不申请。"),
    ];
    let roles = access.roles.iter().map(|role| role.name.clone()).collect();
    Workbook { sheets: vec![Sheet::new(SHEET, columns)], lists: [("角色".to_owned(), roles)].into() }
}

/// A row for each unit that has no account, with the role that its place in the pairings suggests.
pub fn template(access: &Access, units: &[UnseatedRow]) -> Result<Vec<u8>> {
    let rows = units.iter().map(|unit| {
        let role = suggested(access, unit);
        [unit.name.as_str(), role, "", ""].map(Value::from).to_vec()
    });
    write(&description(access), [rows.collect::<Vec<_>>()]).map_err(Error::internal)
}

fn suggested<'a>(access: &'a Access, unit: &UnseatedRow) -> &'a str {
    let fits = access.roles.iter().filter(|role| super::rules::kind_for(role.at) == unit.kind);
    let mut fits = fits.filter(|role| role.at != jiedui_programme::RoleAt::System);
    let found = match unit.party.as_str() {
        "" => fits.next(),
        party => fits.find(|role| role.id == party),
    };
    found.map_or("", |role| role.name.as_str())
}

/// An account that a row asks for.
pub struct Asked {
    login: String,
    name: String,
    org: String,
    role: String,
}

impl Asked {
    fn request(&self) -> NewRequest<'_> {
        NewRequest {
            kind: RequestKind::Create,
            account: None,
            login: &self.login,
            name: &self.name,
            org: &self.org,
            role: &self.role,
        }
    }
}

/// Asks for what was looked at: ids. What somebody asked for meanwhile refuses the file.
pub async fn ask(tx: &mut Tx, all: &[Asked]) -> Result<Vec<String>> {
    let mut ids = Vec::with_capacity(all.len());
    for one in all {
        ids.push(actions::ask(tx, &one.request()).await?);
    }
    Ok(ids)
}

/// What each row asks for, and tells it; nothing is written.
pub async fn looked_at(
    tx: &mut Tx,
    access: &Access,
    records: &[&Record],
    report: &mut Report,
) -> Result<Vec<Asked>> {
    let mut asked = Vec::new();
    let mut logins: HashMap<String, u32> = HashMap::new();
    let filled = |record: &&&Record| !record.text("name").is_empty() && !record.text("login").is_empty();
    let wanted: Vec<&Record> = records.iter().filter(filled).copied().collect();
    for record in records.iter().filter(|record| !filled(record)) {
        report.left_out(record, record.text("org"), "没有填姓名或账号，不申请");
    }
    if wanted.len() > MOST {
        let help = format!("请分成几份，每份不超过 {MOST} 行");
        report.errors.push(CellError::sheet(SHEET, format!("有 {} 行", wanted.len()), help));
        return Ok(asked);
    }
    // Names are compared as people read them; a name that is none is told where the seat is looked for.
    let named = |org: OrgRow| (fold(&org.name), org.name);
    let units: Vec<(String, String)> = registry::everyone(tx).await?.into_iter().map(named).collect();
    for record in wanted {
        let login = record.text("login").to_lowercase();
        if let Some(first) = logins.insert(login.clone(), record.row) {
            let reason = format!("与第 {first} 行的账号相同");
            report.errors.push(record.error("login", reason, "一人一号，请换一个"));
            continue;
        }
        let (typed, folded) = (record.text("org"), fold(record.text("org")));
        let exact = units.iter().find(|(_, name)| name == typed);
        let alike = exact.or_else(|| units.iter().find(|(known, _)| *known == folded));
        let unit = alike.map_or(typed, |(_, name)| name.as_str());
        match one(tx, access, record, (&login, unit)).await? {
            Ok(one) => {
                asked.push(one);
                report.made(record, &format!("{unit} {} {login}", record.text("name")));
            }
            Err(errors) => report.errors.extend(errors.into_iter().map(|error| told(record, &error))),
        }
    }
    Ok(asked)
}

async fn one(
    tx: &mut Tx,
    access: &Access,
    record: &Record,
    (login, unit): (&str, &str),
) -> Result<Result<Asked, Vec<FieldError>>> {
    let name = record.text("name");
    if name.chars().count() > actions::NAME_LENGTH {
        return Ok(Err(vec![FieldError::new("name", Code::TooLong.says("姓名过长，请核对是否填错了列。"))]));
    }
    let role = access.roles.iter().find(|role| role.name == record.text("role"));
    let role = role.map_or("", |role| role.id.as_str());
    let seat = match actions::seat(tx, access, (unit, role), &[]).await? {
        Ok(seat) => seat,
        Err(error) => return Ok(Err(vec![error])),
    };
    let [login, name, org, role] = [login, name, &seat.org.id, &seat.role].map(str::to_owned);
    let asked = Asked { login, name, org, role };
    let may = actions::may_be_asked(tx, &asked.request()).await.or_wrong()?;
    Ok(may.map(|_| asked))
}

fn told(record: &Record, error: &FieldError) -> CellError {
    record.error(&error.field, error.message.trim_end_matches('。'), "").coded(&error.code)
}

/// The units that have no account.
pub async fn units(tx: &mut Tx) -> Result<Vec<UnseatedRow>> {
    tx.all(&data::UNSEATED, Vec::new()).await
}
