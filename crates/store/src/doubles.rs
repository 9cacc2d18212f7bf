//! Before the migration that forbids doubles: those that are there already are named, and nothing is changed. Without this a
//! directory of an earlier version would fail at a unique index, and nobody would know which rows were meant.

use crate::db::{Db, Pools};
use jiedui_kernel::{Error, Result};

/// The migration that forbids them.
pub(crate) const FORBIDDEN_BY: i64 = 17;

/// More of a kind are counted, not named.
const NAMED: usize = 20;

/// One kind of double: where it is looked for, and what to do about it.
struct Double {
    table: &'static str,
    what: &'static str,
    advice: &'static str,
    /// Gives one text for each.
    text: &'static str,
}

const DOUBLES: [Double; 7] = [
    Double {
        table: "org",
        what: "同名的院校",
        advice: "请在院校库里给其中一所登记更名或并入",
        text: "SELECT name FROM org WHERE kind = 'school' AND ended_on IS NULL GROUP BY name HAVING COUNT(*) > 1 ORDER BY name",
    },
    Double {
        table: "org_flag",
        what: "同一天设定了两次的院校标记",
        advice: "请删除其中一行，再用 jiedui audit accept 写明理由",
        text: "SELECT MIN(o.name) || '，自 ' || CAST(f.from_day AS TEXT) FROM org_flag f JOIN org o ON o.id = f.org \
               GROUP BY f.org, f.flag, f.from_day HAVING COUNT(*) > 1 ORDER BY 1",
    },
    Double {
        table: "person_post",
        what: "登记了两次的任职",
        advice: "请删除其中一行，再用 jiedui audit accept 写明理由",
        text: "SELECT MIN(n.name) || '，' || MIN(o.name) || '，自 ' || CAST(p.from_day AS TEXT) FROM person_post p \
               JOIN org o ON o.id = p.org JOIN person n ON n.id = p.person \
               GROUP BY p.person, p.org, p.post, p.from_day HAVING COUNT(*) > 1 ORDER BY 1",
    },
    Double {
        table: "pairing",
        what: "同时有两组结对的县级院校",
        advice: "请终止其中一组",
        text: "SELECT MIN(o.name) FROM pairing p JOIN org o ON o.id = p.county_school WHERE p.to_day IS NULL \
               GROUP BY p.county_school HAVING COUNT(*) > 1 ORDER BY 1",
    },
    Double {
        table: "output_thing",
        what: "同一单位同一天同名的成果",
        advice: "请撤回其中一项",
        text: "SELECT MIN(o.name) || '，' || t.title FROM output_thing t JOIN org o ON o.id = t.stands_at \
               WHERE t.state <> 'withdrawn' GROUP BY t.stands_at, t.output, t.title, t.since HAVING COUNT(*) > 1 ORDER BY 1",
    },
    Double {
        table: "application_case",
        what: "同一单位同名的申报",
        advice: "请撤回其中一项",
        text: "SELECT MIN(o.name) || '，' || a.title FROM application_case a JOIN org o ON o.id = a.org \
               WHERE a.state NOT IN ('granted', 'refused', 'withdrawn') \
               GROUP BY a.org, a.application, a.title HAVING COUNT(*) > 1 ORDER BY 1",
    },
    Double {
        table: "project_filing",
        what: "用了两次的备案编号",
        advice: "请把其中一份清单退回，另编一个号重新备案",
        text: "SELECT number FROM project_filing GROUP BY number HAVING COUNT(*) > 1 ORDER BY number",
    },
];

/// Refuses a database that holds what the migration forbids.
pub(crate) async fn refuse(db: &Db) -> Result<()> {
    let mut told = Vec::new();
    for double in &DOUBLES {
        // A database from before the table has none of them.
        if db.columns(double.table).await? == 0 {
            continue;
        }
        let found: std::result::Result<Vec<String>, sqlx::Error> = match db.pools() {
            Pools::Sqlite { read, .. } => sqlx::query_scalar(double.text).fetch_all(read).await,
            Pools::Postgres { pool, .. } => sqlx::query_scalar(double.text).fetch_all(pool).await,
        };
        let found = found.map_err(|cause| Error::internal(format_args!("{}: {cause}", double.table)))?;
        if !found.is_empty() {
            let more = found.len().saturating_sub(NAMED);
            let names = found.iter().take(NAMED).cloned().collect::<Vec<_>>().join("；");
            let more = if more > 0 { format!("；另有 {more} 处") } else { String::new() };
            told.push(format!("  {}：{names}{more}。{}。", double.what, double.advice));
        }
    }
    if told.is_empty() {
        return Ok(());
    }
    Err(Error::CannotStart(format!(
        "数据里有这一版不再允许的重复，没有升级，数据没有改动：\n{}\n请先备份，用升级前的版本处理完再升级。",
        told.join("\n")
    )))
}
