//! Somebody with a database tool: changes, deletes and adds rows without the program, for the tests that must notice.

use crate::catalog::{ColumnKind, Shape};
use crate::db::{Db, Pools};
use jiedui_kernel::{Error, Result};
use sqlx::{AssertSqlSafe, Executor as _};
use std::sync::Arc;

/// What was done to a table.
#[derive(Debug, Clone)]
pub struct Tampered {
    pub table: &'static str,
    /// The columns that got another value.
    pub columns: Vec<String>,
    /// Whether the log keeps what each column was, or the digest of the row alone.
    pub keeps_values: bool,
}

fn shapes(db: &Db) -> Vec<Arc<Shape>> {
    db.catalog().shapes().map(Arc::clone).collect()
}

/// The tables whose rows the log keeps.
pub fn kept_tables(db: &Db) -> Vec<&'static str> {
    shapes(db).iter().map(|shape| shape.table.name).collect()
}

/// Runs SQL as somebody with a database tool would: no foreign keys, no checks.
pub async fn run(db: &Db, text: &str) -> Result<u64> {
    match db.pools() {
        Pools::Sqlite { write, .. } => {
            let mut connection = write.pool().acquire().await.map_err(Error::internal)?;
            let free = "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON";
            connection.execute(free).await.map_err(Error::internal)?;
            let done = connection.execute(AssertSqlSafe(text.to_owned())).await;
            done.map(|done| done.rows_affected())
                .map_err(|cause| Error::internal(format_args!("{text}: {cause}")))
        }
        Pools::Postgres { pool, .. } => {
            let mut connection = pool.acquire().await.map_err(Error::internal)?;
            connection.execute("SET session_replication_role = replica").await.map_err(Error::internal)?;
            let done = connection.execute(AssertSqlSafe(text.to_owned())).await;
            connection.execute("SET session_replication_role = DEFAULT").await.map_err(Error::internal)?;
            done.map(|done| done.rows_affected())
                .map_err(|cause| Error::internal(format_args!("{text}: {cause}")))
        }
    }
}

/// PostgreSQL has no switch for its checks.
pub async fn without_checks(db: &Db) -> Result<()> {
    if db.engine_name() == "postgres" {
        let drop = "DO $$ DECLARE c record; BEGIN FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint \
                    WHERE contype = 'c' AND conrelid <> 0 \
                    AND connamespace = 'public'::regnamespace LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.t, c.conname); \
                    END LOOP; END $$";
        run(db, drop).await?;
    }
    Ok(())
}

/// Another value for a column, as SQL.
fn other(db: &Db, name: &str, kind: ColumnKind) -> String {
    let postgres = db.engine_name() == "postgres";
    match kind {
        ColumnKind::Text => format!("COALESCE({name}, '') || 'x'"),
        // So far that no other row has the number, where each may stand once only.
        ColumnKind::Int => format!("COALESCE({name}, 0) + 1000003"),
        ColumnKind::Real => format!("COALESCE({name}, 0) + 0.5"),
        ColumnKind::Bool => format!("NOT COALESCE({name}, FALSE)"),
        ColumnKind::Date if postgres => format!("COALESCE({name}, DATE '2000-01-01') + 1"),
        ColumnKind::Date => format!("date(COALESCE({name}, '2000-01-01'), '+1 day')"),
        ColumnKind::Instant if postgres => "TIMESTAMPTZ '2001-01-01 00:00:00+00'".to_owned(),
        ColumnKind::Instant => "'2001-01-01T00:00:00+00:00'".to_owned(),
        ColumnKind::Bytes if postgres => "decode('00', 'hex')".to_owned(),
        ColumnKind::Bytes => "x'00'".to_owned(),
    }
}

/// One row of the table.
fn one_row(db: &Db, table: &str) -> String {
    match db.engine_name() {
        "postgres" => ["ctid = (SELECT ctid FROM ", table, " LIMIT 1)"].concat(),
        _ => ["rowid = (SELECT rowid FROM ", table, " LIMIT 1)"].concat(),
    }
}

/// Gives every column of one row of every table another value, keys aside (those are [`delete_one_everywhere`] and
/// [`add_one_everywhere`] in one). Tables without rows are left out of the answer.
pub async fn change_everywhere(db: &Db) -> Result<Vec<Tampered>> {
    let mut done = Vec::new();
    for shape in shapes(db) {
        let table = shape.table.name;
        let columns: Vec<_> =
            shape.columns.iter().filter(|column| !shape.key.contains(&column.name)).collect();
        if columns.is_empty() {
            continue;
        }
        let set = columns.iter().map(|c| format!("{} = {}", c.name, other(db, &c.name, c.kind)));
        let set = set.collect::<Vec<_>>().join(", ");
        if run(db, &["UPDATE ", table, " SET ", &set, " WHERE ", &one_row(db, table)].concat()).await? > 0 {
            done.push(Tampered {
                table,
                columns: columns.iter().map(|column| column.name.clone()).collect(),
                keeps_values: shape.table.kept == crate::Kept::Values,
            });
        }
    }
    Ok(done)
}

/// Deletes one row of every table.
pub async fn delete_one_everywhere(db: &Db) -> Result<Vec<&'static str>> {
    let mut done = Vec::new();
    for shape in shapes(db) {
        let table = shape.table.name;
        if run(db, &["DELETE FROM ", table, " WHERE ", &one_row(db, table)].concat()).await? > 0 {
            done.push(table);
        }
    }
    Ok(done)
}

/// Adds a row to every table: a copy of one, with another key.
pub async fn add_one_everywhere(db: &Db) -> Result<Vec<&'static str>> {
    let mut done = Vec::new();
    for shape in shapes(db) {
        let table = shape.table.name;
        let all = shape
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .chain(shape.table.except.iter().map(|it| it.0));
        let names: Vec<&str> = all.collect();
        let values = names.iter().map(|name| {
            let column = shape.columns.iter().find(|column| column.name == *name);
            match column {
                Some(column) if shape.key.contains(&column.name) || column.kind == ColumnKind::Text => {
                    other(db, name, column.kind)
                }
                Some(column) if column.kind == ColumnKind::Int => format!("{name} + 1000003"),
                _ => (*name).to_owned(),
            }
        });
        let values = values.collect::<Vec<_>>().join(", ");
        let (names, row) = (names.join(", "), one_row(db, table));
        let text =
            ["INSERT INTO ", table, " (", &names, ") SELECT ", &values, " FROM ", table, " WHERE ", &row]
                .concat();
        if run(db, &text).await? > 0 {
            done.push(table);
        }
    }
    Ok(done)
}

/// Rows for the tables of which the demonstration has none; `$1` are bytes.
const MORE: [&str; 41] = [
    "INSERT INTO boundary_file (id, approval, source, digest, shapes, loaded_at, loaded_name, removed_at, removed_name, slot) \
     VALUES ('b', 'a', 's', 'd', '[]', '2026-01-01T00:00:00+00:00', 'n', NULL, '', 'in use')",
    "INSERT INTO wall_link (id, digest, org, account, made_name, label, made_at, ends_on, first_used_at, revoked_at, revoked_name) \
     SELECT 'w', 'd', org, account, 'n', 'l', '2026-01-01T00:00:00+00:00', '2026-12-31', NULL, NULL, '' FROM account_role LIMIT 1",
    "INSERT INTO recheck (id, at, programme, rules, found) VALUES ('r', '2026-01-01T00:00:00+00:00', 'p', 'd', '{}')",
    "INSERT INTO programme_file (digest, name, text) VALUES ('d', 'n', 't')",
    "INSERT INTO programme_version (id, digest, base, about, state, made_by, made_at, decided_by, decided_at, replayed_at, job, \
     version) VALUES ('v', 'd', '', 'a', 'dropped', 'b', '2026-01-01T00:00:00+00:00', '', NULL, NULL, '', 1)",
    "INSERT INTO programme_effect (moved_by, place, kind, clause, org, what, was, becomes) \
     VALUES ('v', 0, 'status', 'S1.4', '', 'w', 'a', 'b')",
    "INSERT INTO job (id, kind, title, account, name, org, org_name, args, input, state, queued_at, due_at, worker, attempt, \
     done, total, step, result, file, bytes, ended_at, expires_at, version) \
     SELECT 'j', 'k', 't', account, 'n', org, 'u', '', '', 'queued', '2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00', \
     '', 0, 0, NULL, '', '', '', 0, NULL, NULL, 1 FROM account_role LIMIT 1",
    "INSERT INTO account_request (id, kind, state, account, login, name, org, role, asked_by, asked_name, asked_at, decided_by, \
     decided_name, decided_at, reason, version) SELECT 'q', 'reset', 'waiting', account, 'l', 'n', '', '', account, 'b', \
     '2026-01-01T00:00:00+00:00', NULL, '', NULL, '', 1 FROM account_role LIMIT 1",
    "INSERT INTO account_link (account, request, digest, reset, made_at, asked_name, made_name, expires_at, used_at, answer, \
     answered_at, denied_at, denied_asked, denied_made) SELECT account, 'q', 'd', TRUE, '2026-01-01T00:00:00+00:00', 'b', 'c', \
     '2026-01-05T00:00:00+00:00', NULL, '', NULL, NULL, '', '' FROM account_request WHERE id = 'q'",
    "INSERT INTO second_factor (account, secret, made_at, confirmed_at, last_step) SELECT account, 'S', \
     '2026-01-01T00:00:00+00:00', NULL, 0 FROM account_role LIMIT 1",
    "INSERT INTO recovery_code (id, account, digest, used_at) SELECT 'r', account, 'd', NULL FROM account_role LIMIT 1",
    "INSERT INTO outside_account (account, digest, issuer, shown, linked_at) SELECT account, 'd', 'https://id.example', 's', \
     '2026-01-01T00:00:00+00:00' FROM account_role LIMIT 1",
    "INSERT INTO name_view (id, person, at, account, name, org, org_name, page, title, resource_id) \
     SELECT 'v', id, '2026-01-01T00:00:00+00:00', 'a', 'n', 'o', 'u', '/p', 't', 'x' FROM person LIMIT 1",
    "INSERT INTO agreement_file (agreement, mime, bytes) SELECT id, 'application/pdf', $1 FROM agreement LIMIT 1",
    "INSERT INTO threshold_check (id, threshold, source, reason, checked_on, checked_by, withdrawn_on, withdrawal, slot) \
     VALUES ('t', 't', '', '', '2026-01-01', '', NULL, '', 't')",
    "INSERT INTO calendar_address (account, org, digest, made_at) SELECT account, org, 'd', '2026-01-01T00:00:00+00:00' \
     FROM account_role LIMIT 1",
    "INSERT INTO entry_part (entry, org, person, post) SELECT entry, org, NULL, '' FROM entry_helper LIMIT 1",
    "INSERT INTO clock_exemption (id, obligation, helper, county_school, period, reason, org, given_by, given_at, withdrawn, \
     version) SELECT 'e', 'o', lead, county_school, '2026', 'r', lead, 'b', '2026-01-01T00:00:00+00:00', '', 1 FROM pairing LIMIT 1",
    "INSERT INTO school_semester (id, county_school, semester, from_day, to_day, reason, given_by, given_at, version) \
     SELECT 's', county_school, 's', '2026-09-01', '2026-12-01', 'r', 'b', '2026-01-01T00:00:00+00:00', 1 FROM pairing LIMIT 1",
    "INSERT INTO matching_effect (scenario, pairing, effect) SELECT s.id, p.id, 'ends' FROM matching_scenario s, pairing p LIMIT 1",
    "INSERT INTO matching_stability (scenario, revision, job, body) SELECT id, 1, 'j', '[]' FROM matching_scenario LIMIT 1",
    "INSERT INTO matching_round (id, scenario, revision, opened_on, closes_on, closed_on, version) \
     SELECT 'r', id, 1, '2026-11-01', '2026-11-20', NULL, 1 FROM matching_scenario LIMIT 1",
    "INSERT INTO matching_proposal (id, round, scenario, county_school, lead, nearby) \
     SELECT 'x', 'r', r.scenario, p.county_school, p.lead, p.nearby FROM matching_round r, pairing p WHERE r.id = 'r' LIMIT 1",
    "INSERT INTO matching_remark (id, proposal, org, agrees, text, at, version) \
     SELECT 'm', 'x', lead, TRUE, '', '2026-11-02T00:00:00+00:00', 1 FROM matching_proposal WHERE id = 'x'",
    "INSERT INTO handover (id, pairing, successor, leaving, arriving, recorder, items, note, state, revision, version) \
     SELECT 'h', id, id, lead, nearby, lead, '[]', '', 'proposed', 1, 1 FROM pairing LIMIT 1",
    "INSERT INTO month_report (id, month, school, problems, state, parcel, digest, revision, version) \
     SELECT 'm', 209910, county_school, '', 'open', '', '', 1, 1 FROM pairing LIMIT 1",
    "INSERT INTO notice_choice (account, muted, letters) SELECT account, ',answered,', ',desk,' FROM account_role LIMIT 1",
    "INSERT INTO mail_address (account, address, code, asked_at, confirmed_at, refused_at) \
     SELECT account, 'a@example.com', 'd', '2026-01-01T00:00:00+00:00', NULL, NULL FROM account_role LIMIT 1",
    "INSERT INTO messenger (org, account, shape, address, version) SELECT org, account, 'wecom', 'https://example.com', 1 \
     FROM account_role LIMIT 1",
    "INSERT INTO matching_call (id, opened_on, last_day, version) VALUES ('c', '2026-11-01', '2026-11-20', 1)",
    "INSERT INTO session (id, account, org, csrf, created_at, seen_at, browser, ending) SELECT 's', account, org, 'c', \
     '2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00', '', '' FROM account_role LIMIT 1",
    "INSERT INTO meeting (id, host, kind, title, on_day, at_time, place, minutes, state, record, parcel, digest, revision, version) \
     SELECT 'm', lead, 'partners', 't', '2026-11-02', '', '', '', 'announced', NULL, '', '', 1, 1 FROM pairing LIMIT 1",
    "INSERT INTO meeting_party (meeting, org, attended, persons) SELECT id, host, FALSE, '' FROM meeting WHERE id = 'm'",
    "INSERT INTO meeting_topic (id, meeting, place, title, source, href, names, school, project, clause) \
     SELECT 't', id, 1, 't', '', '', '[]', NULL, NULL, '' FROM meeting WHERE id = 'm'",
    "INSERT INTO meeting_decision (id, meeting, topic, text, owner, due, school, project, clause) \
     SELECT 'd', id, 't', 't', host, '2026-12-02', NULL, NULL, '' FROM meeting WHERE id = 'm'",
    "INSERT INTO followup (id, host, owner, text, due, meeting, decision, report, school, project, clause, made_on, closed_on, \
     state, revision, version) SELECT 'f', host, host, 't', '2026-12-02', id, 'd', NULL, NULL, NULL, '', '2026-11-02', NULL, \
     'open', 1, 1 FROM meeting WHERE id = 'm'",
    "INSERT INTO question (id, host, title, figures, names, year, first_month, last_month, split, as_of, asked_on, answers, \
     asked_until, version) SELECT 'q', host, 't', ',visits,', 'n', 2026, 0, 0, 'whole', NULL, '2026-11-02', 1, NULL, 1 \
     FROM meeting WHERE id = 'm'",
    "INSERT INTO question_answer (question, number, as_of, kept_at, text, digest) \
     SELECT id, 1, asked_on, '2026-11-02T00:00:00+00:00', '{}', 'd' FROM question WHERE id = 'q'",
    "INSERT INTO question_request (id, question, school, year, due, asked_on, cancelled_on) \
     SELECT 'r', 'q', county_school, 2026, '2026-12-02', '2026-11-02', NULL FROM pairing LIMIT 1",
    "INSERT INTO exchange_batch (run, place, in_front, total, content, accepted, answered_on) \
     SELECT id, 1, 0, 1, 'x', NULL, NULL FROM exchange_run LIMIT 1",
    "INSERT INTO exchange_refusal (run, place, line, known_by, field, words) SELECT id, 1, 1, 'k', 'f', 'w' FROM exchange_run LIMIT 1",
];

/// Adds rows to the tables of which the demonstration has none.
pub async fn furnish(db: &Db) -> Result<()> {
    let bytes = if db.engine_name() == "postgres" { "decode('01', 'hex')" } else { "x'01'" };
    for text in MORE {
        run(db, &text.replace("$1", bytes)).await?;
    }
    Ok(())
}

/// A record at the place behind the last one.
pub const BEHIND_THE_TREE: &str = "INSERT INTO audit_leaf (id, at, account, name, org, org_name, action, resource, resource_id, body, hash, position) \
     SELECT 'forged', at, account, name, org, org_name, action, resource, resource_id, body, hash, {size} \
     FROM audit_leaf WHERE position = 5";

/// What is done to the log, and a part of what must be said of it. `{size}` is the number of records.
pub const LOG_CHANGES: [(&str, &str); 14] = [
    ("UPDATE audit_leaf SET body = '{}' WHERE position = 5", "内容与它的校验值不一致"),
    (
        "UPDATE audit_leaf SET written = NULL WHERE position = (SELECT MIN(position) FROM audit_leaf WHERE written IS NOT NULL)",
        "内容与它的校验值不一致",
    ),
    ("UPDATE audit_leaf SET name = '别人' WHERE position = 5", "内容与它的校验值不一致"),
    ("UPDATE audit_leaf SET revision = revision + 1 WHERE position = 5", "内容与它的校验值不一致"),
    ("DELETE FROM audit_leaf WHERE position = 5", "第 6 号记录缺失"),
    ("UPDATE audit_leaf SET hash = 'x' WHERE position = 5", "校验值不是校验值"),
    ("DELETE FROM audit_head", "总校验值被删过"),
    ("DELETE FROM audit_head WHERE number = 1", "第 1 个总校验值缺失"),
    ("UPDATE audit_head SET root = '00' WHERE number = 1", "与当时记下的不一致"),
    ("UPDATE audit_sequencer SET peaks = '[]'", "峰值"),
    ("UPDATE revision SET n = n - 1", "末尾有记录被删，或版次被改"),
    ("DELETE FROM audit_leaf WHERE position = {size} - 1", "缺失"),
    (BEHIND_THE_TREE, "记录 forged 的位置在日志末尾之后"),
    (
        "INSERT INTO audit_leaf (id, at, account, name, org, org_name, action, resource, resource_id, body, hash, revision) \
         SELECT 'forged', at, account, name, org, org_name, action, resource, resource_id, body, hash, revision \
         FROM audit_leaf WHERE position = 5",
        "记录 forged 之前有记录缺失，或它不是系统写入的",
    ),
];

/// Does one of [`LOG_CHANGES`] to a log of so many records.
pub async fn change_log(db: &Db, text: &str, size: i64) -> Result<()> {
    run(db, &text.replace("{size}", &size.to_string())).await.map(drop)
}

const LOG_TABLES: [&str; 4] = ["audit_leaf", "audit_head", "audit_sequencer", "revision"];

/// Puts the log aside, for [`restore_log`].
pub async fn keep_log(db: &Db) -> Result<()> {
    for table in LOG_TABLES {
        run(db, &["CREATE TABLE kept_", table, " AS SELECT * FROM ", table].concat()).await?;
    }
    Ok(())
}

pub async fn restore_log(db: &Db) -> Result<()> {
    for table in LOG_TABLES {
        run(db, &["DELETE FROM ", table].concat()).await?;
        run(db, &["INSERT INTO ", table, " SELECT * FROM kept_", table].concat()).await?;
    }
    Ok(())
}

/// As if the rows had been there before there was a log.
pub async fn forget_log(db: &Db) -> Result<()> {
    for table in ["audit_leaf", "audit_head", "audit_row"] {
        run(db, &["DELETE FROM ", table].concat()).await?;
    }
    run(db, "UPDATE audit_sequencer SET size = 0, peaks = '[]'").await?;
    run(db, "UPDATE revision SET n = 0").await.map(drop)
}

/// Gives a school another ownership.
pub async fn ownership(db: &Db, org: &str, value: &str) -> Result<()> {
    run(db, &["UPDATE org SET ownership = '", value, "' WHERE id = '", org, "'"].concat()).await.map(drop)
}

/// Adds to what an entry claims.
pub async fn quantity(db: &Db, entry: &str) -> Result<()> {
    run(db, &["UPDATE entry SET quantity = quantity + 7 WHERE id = '", entry, "'"].concat()).await.map(drop)
}

/// Every entry times ten, and the note of the rules by which figures were made taken away: the next start would make the
/// figures of it.
pub async fn ten_times(db: &Db) -> Result<()> {
    run(db, "UPDATE entry SET quantity = quantity * 10, confirmed = confirmed * 10").await?;
    run(db, "UPDATE setting SET value = 'x' WHERE key = 'figures'").await.map(drop)
}

/// Changes of what is kept above the rows, each with its table: the rows stay what they were.
pub const KEPT_CHANGES: [(&str, &str); 2] = [
    (
        "figure_year",
        "UPDATE figure_year SET claimed = claimed + 7 WHERE claimed = (SELECT MAX(claimed) FROM figure_year)",
    ),
    (
        "clock_work",
        "UPDATE clock_work SET confirmed = confirmed + 3 WHERE claimed = (SELECT MAX(claimed) FROM clock_work)",
    ),
];

/// A row of figures of a month that was accepted, and one of a year that was closed, kept as another code would have counted
/// them.
pub const COUNTED_OTHERWISE: [&str; 2] = [
    "UPDATE figure_row SET claimed = claimed + 7 WHERE (resource, indicator) IN (SELECT MIN(f.resource), MIN(f.indicator) \
     FROM figure_row f JOIN month_report m ON m.school = f.school AND m.month = 202609 AND m.parcel <> '' \
     WHERE f.indicator = 'social-training' AND f.day >= '2026-09-01' AND f.day <= '2026-09-30')",
    "UPDATE figure_row SET claimed = claimed + 5 WHERE (resource, indicator) IN (SELECT MIN(f.resource), MIN(f.indicator) \
     FROM figure_row f WHERE f.indicator = 'social-training' AND f.day >= '2024-01-01' AND f.day <= '2024-12-31')",
];

/// What breaks one rule over the data each, by the name of the rule; in this order none breaks what a later one breaks.
pub const BREAKS: [(&str, &str); 9] = [
    (
        "parties",
        "UPDATE pairing_party SET org = (SELECT p.lead FROM pairing p WHERE p.id = pairing_party.pairing) \
         WHERE party = 'nearby' AND pairing = (SELECT MIN(id) FROM pairing)",
    ),
    (
        "pairings",
        "INSERT INTO pairing (id, county_school, lead, nearby, from_day, to_day, end_reason, source, version) \
         SELECT 'twin', county_school, lead, nearby, from_day, from_day, end_reason, source, version FROM pairing \
         WHERE id = (SELECT MIN(id) FROM pairing)",
    ),
    (
        "projects",
        "UPDATE output_thing SET project = (SELECT MIN(id) FROM project), project_part = 77 \
         WHERE id = (SELECT MIN(id) FROM output_thing WHERE kind = 'built')",
    ),
    (
        "numbers",
        "DELETE FROM project_filing WHERE number = (SELECT MIN(f.number) FROM project_filing f WHERE f.number LIKE '%〕2号')",
    ),
    (
        "leaders",
        "UPDATE output_thing SET org = (SELECT MIN(t.org) FROM output_thing t WHERE t.output = 'leader-in-charge' \
         AND t.state = 'confirmed') WHERE output = 'leader-in-charge' AND state = 'confirmed'",
    ),
    (
        "sums",
        "UPDATE figure_row SET confirmed = confirmed + 1 WHERE resource = (SELECT MIN(resource) FROM figure_row)",
    ),
    (
        "states",
        "UPDATE entry SET state = 'disputed' WHERE id = (SELECT MIN(id) FROM entry WHERE state = 'confirmed')",
    ),
    (
        "sides",
        "UPDATE step SET account = (SELECT MIN(t.account) FROM step t WHERE t.resource_id = step.resource_id AND t.org <> step.org \
         AND t.account <> '') WHERE id = (SELECT MIN(s.id) FROM step s JOIN step t ON t.resource_id = s.resource_id \
         AND t.org <> s.org AND t.account <> '' WHERE s.account <> '')",
    ),
    (
        "places",
        "UPDATE entry SET person = (SELECT e.person FROM entry e WHERE e.id = (SELECT MIN(f.id) FROM entry f WHERE \
         f.activity = 'residency' AND f.state <> 'withdrawn')), from_day = (SELECT e.from_day FROM entry e WHERE e.id = \
         (SELECT MIN(f.id) FROM entry f WHERE f.activity = 'residency' AND f.state <> 'withdrawn')) \
         WHERE id = (SELECT MAX(f.id) FROM entry f WHERE f.activity = 'residency' AND f.state <> 'withdrawn')",
    ),
];

/// What one application rests on, cut short so that it cannot be read.
pub const CUT_SHORT: &str = "UPDATE application_case SET basis = '{' WHERE id IN (SELECT MIN(id) FROM application_case \
     WHERE basis <> '' AND state IN ('applied', 'granted', 'refused'))";
