//! Sheet 院校: a school by its name, with its facts and its dated flags. An empty cell leaves what the registry has.

use super::book::Book;
use super::pairs::at_cell;
use super::plan::Act;
use super::report::Outcome;
use super::spec::{CITY, MANAGERS, PLACE, fold, tidy};
use crate::network::registry::{Division, FLAGS, FlagRow, FlagStep, NewFlag, NewOrg, OrgRow, flag_step};
use jiedui_documents::Record;
use jiedui_kernel::{CreditCode, Date, FieldError, Result, credit_code};
use jiedui_web::attempt::Attempt as _;
use std::collections::HashMap;

/// Facts that two rows of one school may not state differently.
const FACTS: [(&str, &str); 7] = [
    ("level", "办学层次"),
    ("ownership", "办学性质"),
    ("place", PLACE),
    ("city", CITY),
    ("manager", "举办或主管"),
    ("credit_code", "统一社会信用代码"),
    ("source", "资料来源"),
];
/// Flag, and the columns of its first and last day.
const FLAG_COLUMNS: [(&str, &str, &str); 2] = [
    ("county_school", "county_school_from", "county_school_to"),
    ("high_level", "high_level_from", "high_level_to"),
];
pub(super) const NAME_LIMIT: usize = 60;
const SOURCE_LIMIT: usize = 200;

struct Flag {
    id: &'static str,
    column: &'static str,
    from: Date,
    to: Option<Date>,
}

pub async fn apply(book: &mut Book<'_>, records: &[&Record]) -> Result<()> {
    let mut first: HashMap<String, &Record> = HashMap::new();
    let mut flag_rows: HashMap<(String, &str, Date), (u32, Option<Date>)> = HashMap::new();
    for record in records.iter().copied() {
        let before = book.report.errors.len();
        let key = fold(record.text("school"));
        match first.get(&key) {
            Some(twin) => contradictions(book, record, twin),
            None => {
                first.insert(key.clone(), record);
            }
        }
        let flags = flags_of(book, record);
        for flag in &flags {
            let said = flag_rows.entry((key.clone(), flag.id, flag.from)).or_insert((record.row, flag.to));
            if said.1 != flag.to {
                let reason = format!("与第 {} 行同一学校、同一起始日期的终止日期不一致", said.0);
                book.report.fail(record, flag.column, reason, "请核对后只保留一种写法");
            }
        }
        let new = facts(book, record).await?;
        if let (Some(new), true) = (new, book.report.errors.len() == before) {
            school(book, record, &new, &flags).await?;
        }
        if book.report.errors.len() > before {
            book.spoil(&key);
        }
    }
    Ok(())
}

fn contradictions(book: &mut Book<'_>, record: &Record, twin: &Record) {
    for (key, heading) in FACTS {
        let (mine, theirs) = (record.text(key), twin.text(key));
        if !mine.is_empty() && !theirs.is_empty() && fold(mine) != fold(theirs) {
            let reason = format!("与第 {} 行同名学校的“{heading}”不一致", twin.row);
            book.report.fail(record, key, reason, "请核对后只保留一种写法");
        }
    }
}

fn flags_of(book: &mut Book<'_>, record: &Record) -> Vec<Flag> {
    let mut flags = Vec::new();
    for (id, column, end) in FLAG_COLUMNS {
        let (from, to) = (record.date(column), record.date(end));
        match (from, to) {
            (None, Some(_)) => {
                book.report.fail(record, end, "有终止日期却没有起始日期", "请补填起始日期");
            }
            (Some(from), Some(to)) if to < from => {
                book.report.fail(record, end, "早于起始日期", "请核对两个日期是否写反");
            }
            (Some(from), to) => flags.push(Flag { id, column, from, to }),
            (None, None) => {}
        }
        if id == "high_level" && from.is_some() && record.text("level") != "技师学院" {
            let help = "请核对办学层次，或清空这一格";
            book.report.fail(record, column, "只有技师学院可以标为高水平技师学院", help);
        }
    }
    flags
}

/// The school as the row has it; `None` where something is wrong, which has then been told.
async fn facts(book: &mut Book<'_>, record: &Record) -> Result<Option<NewOrg>> {
    let name = tidy(record.text("school"));
    if name.chars().count() > NAME_LIMIT {
        book.report.fail(record, "school", format!("名称超过 {NAME_LIMIT} 个字"), "请填写学校全称");
        return Ok(None);
    }
    if record.text("source").chars().count() > SOURCE_LIMIT {
        book.report.fail(record, "source", format!("超过 {SOURCE_LIMIT} 个字"), "请缩成一句话");
        return Ok(None);
    }
    let credit = tidy(record.text("credit_code")).to_ascii_uppercase();
    if !credit.is_empty() && credit_code(&credit) != CreditCode::Ok {
        let reason = match credit_code(&credit) {
            CreditCode::BadLength => "不是 18 位",
            CreditCode::BadCharacters => "含有国家标准没有的字符",
            _ => "与国家标准的校验规则不符",
        };
        book.report.warn(record, "credit_code", reason, "早期代码可能如此，已照录，请核对");
    }
    let Some(place) = place(book, record) else { return Ok(None) };
    let Some(parent) = parent(book, record, &place).await? else { return Ok(None) };
    Ok(Some(NewOrg {
        kind: "school",
        name,
        division: place.code,
        parent: Some(parent),
        level: record.text("level").to_owned(),
        ownership: record.text("ownership").to_owned(),
        credit_code: credit,
        source: record.text("source").to_owned(),
        demo: false,
    }))
}

fn place(book: &mut Book<'_>, record: &Record) -> Option<Division> {
    let (name, city) = (record.text("place"), record.text("city"));
    let city_code = book.divisions.iter().find(|d| d.level == "city" && d.name == city).map(|d| &d.code);
    let named = book.divisions.iter().filter(|d| d.level != "province" && d.name == name);
    let fits = |d: &&Division| city_code.is_none_or(|code| *code == d.parent || *code == d.code);
    let fitting: Vec<&Division> = named.filter(fits).collect();
    match fitting.as_slice() {
        [one] => Some((*one).clone()),
        [] => {
            let reason = format!("与所在地不符：{name}不属于{city}");
            book.report.fail(record, "city", reason, "请核对，或清空所在地市");
            None
        }
        _ => {
            let reason = format!("有不止一个“{name}”");
            book.report.fail(record, "place", reason, "请在“所在地市”一列写明");
            None
        }
    }
}

/// The office that the school stands under.
async fn parent(book: &mut Book<'_>, record: &Record, place: &Division) -> Result<Option<String>> {
    let manager = record.text("manager");
    let kind = MANAGERS.iter().find(|(name, _)| *name == manager).map_or("", |(_, kind)| kind);
    let division = match (kind, place.level.as_str()) {
        ("county_bureau", "city") => {
            let reason = format!("与所在地不符：{}是地市", place.name);
            book.report.fail(record, "manager", reason, "县（市、区）管理的学校，所在地请填到县（市、区）");
            return Ok(None);
        }
        ("city_bureau", "county") => place.parent.clone(),
        ("province_office", _) => {
            book.divisions.iter().find(|d| d.level == "province").map(|d| d.code.clone()).unwrap_or_default()
        }
        _ => place.code.clone(),
    };
    let found = book.bureau(kind, &division).await?;
    if found.is_none() {
        book.report.fail(record, "manager", "院校库里没有对应的主管机构", "请联系系统管理员补建机构");
    }
    Ok(found)
}

async fn school(book: &mut Book<'_>, record: &Record, new: &NewOrg, flags: &[Flag]) -> Result<()> {
    let mut outcome = Outcome::Same;
    let org = match book.existing(record).cloned() {
        Some(old) if old.ended_on.is_some() && !book.merges(&new.name) => {
            let day = old.ended_on.map(|day| day.to_string()).unwrap_or_default();
            let help = "请删除这一行；如确是另一所学校，请改用有区别的全称";
            book.report.fail(record, "school", format!("在库中已于 {day} 并入他校"), help);
            return Ok(());
        }
        Some(old) => match update(book, record, &old, new).await? {
            Some((org, changed)) => {
                if changed {
                    outcome = Outcome::Changed;
                }
                org
            }
            None => return Ok(()),
        },
        None => {
            outcome = Outcome::Made;
            ask_if_near(book, record, new);
            book.make(new)
        }
    };
    for flag in flags {
        let changed = set_flag(book, record, &org, flag).await?;
        if changed && outcome == Outcome::Same {
            outcome = Outcome::Changed;
        }
    }
    book.report.count(record, outcome);
    Ok(())
}

/// Tells that a school of nearly this name is there. One of the same level is a question; a 技师学院 beside a 技工学校 of the
/// same place is usual, and told.
fn ask_if_near(book: &mut Book<'_>, record: &Record, new: &NewOrg) {
    let Some(org) = book.nearly(&new.name) else { return };
    let (reason, same) = (format!("是不是“{}”？名称相近", org.name), org.level == new.level);
    let help = "同一所学校就改成那个名称；确是另一所，在网页上导入，看过预览后确认";
    if same {
        book.report.question(record, "school", reason, help);
    } else {
        book.report.warn(record, "school", reason, "同一所学校就改成那个名称；确是另一所就不用管");
    }
}

/// Brings an existing school up to date; `None` where the row contradicts the registry, which has then been told.
async fn update(
    book: &mut Book<'_>,
    record: &Record,
    old: &OrgRow,
    new: &NewOrg,
) -> Result<Option<(OrgRow, bool)>> {
    let keep = |new: &str, old: &str| if new.is_empty() { old.to_owned() } else { new.to_owned() };
    let merged = NewOrg {
        ownership: keep(&new.ownership, &old.ownership),
        credit_code: keep(&new.credit_code, &old.credit_code),
        source: keep(&new.source, &old.source),
        ..new.clone()
    };
    let moved = old.division != new.division || old.parent != new.parent;
    if moved && !book.moves_now(old).await? {
        let (key, what) = if old.division == new.division {
            ("manager", format!("与库中不同（库中主管是{}）", old.parent_name.as_deref().unwrap_or("未填")))
        } else {
            ("place", format!("与库中不同（库中是{}）", old.place))
        };
        let help = "如确已改隶或迁址，请在“沿革”表加一行“改隶或迁址”；否则请改成与库中一致";
        book.report.fail(record, key, what, help);
        return Ok(None);
    }
    let mut changed = false;
    for (what, before, now) in [
        ("办学层次", &old.level, &merged.level),
        ("办学性质", &old.ownership, &merged.ownership),
        ("统一社会信用代码", &old.credit_code, &merged.credit_code),
        ("资料来源", &old.source, &merged.source),
    ] {
        if before != now {
            changed = true;
            let before = if before.is_empty() { "未填" } else { before };
            book.report.changes.push(format!("{}：{what}由“{before}”改为“{now}”", old.name));
        }
    }
    let mut now = old.clone();
    if changed {
        let (old, new) = (Box::new(old.clone()), Box::new(merged.clone()));
        book.plan.acts.push(Act::Facts { old, new });
        let NewOrg { level, ownership, credit_code, source, .. } = merged.clone();
        now = OrgRow { level, ownership, credit_code, source, ..now };
    }
    if let (true, Some(parent)) = (moved, merged.parent) {
        let (org, division) = (Box::new(now.clone()), merged.division.clone());
        book.plan.acts.push(Act::Relocation { org, division, parent: parent.clone() });
        book.report.changes.push(format!("{}：所在地或主管由“{}”改变", old.name, old.place));
        let place = book.place(&merged.division);
        now = OrgRow { division: merged.division, place, parent: Some(parent), parent_name: None, ..now };
        changed = true;
    }
    book.put(now.clone());
    Ok(Some((now, changed)))
}

async fn set_flag(book: &mut Book<'_>, record: &Record, org: &OrgRow, flag: &Flag) -> Result<bool> {
    let known = book.flags(&org.id).await?;
    let twin = known.iter().find(|old| old.flag == flag.id && old.from_day == flag.from);
    let to = flag.to.or(twin.and_then(|old| old.to_day));
    match flag_step(known, flag.id, (flag.from, to)).or_wrong()? {
        Ok(FlagStep::Same) => Ok(false),
        Ok(FlagStep::Ends(id)) => {
            known.iter_mut().filter(|old| old.id == id).for_each(|old| old.to_day = to);
            book.plan.acts.push(Act::FlagEnds { org: org.id.clone(), flag: id, to });
            let name = FLAGS.iter().find(|(id, _)| *id == flag.id).map_or("", |(_, name)| name);
            let end = to.map_or_else(|| "未定".to_owned(), |to| to.to_string());
            book.report.changes.push(format!("{}：“{name}”的终止日期改为 {end}", org.name));
            Ok(true)
        }
        Ok(FlagStep::New) => {
            let source = if record.text("source").is_empty() { &org.source } else { record.text("source") };
            set_new_flag(book, org, (flag.id, flag.from, to), source).await.map(|()| true)
        }
        Err(errors) => {
            let told = |error: &FieldError| at_cell(record, &error.clone().at(flag.column));
            book.report.errors.extend(errors.iter().map(told));
            Ok(false)
        }
    }
}

async fn set_new_flag(
    book: &mut Book<'_>,
    org: &OrgRow,
    (flag, from, to): (&str, Date, Option<Date>),
    source: &str,
) -> Result<()> {
    let (id, flag, source) = (book.tx.new_id(), flag.to_owned(), source.to_owned());
    let row =
        FlagRow { id: id.clone(), flag: flag.clone(), from_day: from, to_day: to, source: source.clone() };
    book.flags(&org.id).await?.push(row);
    book.plan.flags.push(NewFlag { id, org: org.id.clone(), flag, from, to, source });
    Ok(())
}
