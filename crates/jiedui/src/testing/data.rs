//! SQL of tests that arrange what no page would: owned by nobody, so that owners are not tempted.

use jiedui_store::{Kind, Statement, sql};

sql! { TAMPER: housekeeping("a test changes a leaf behind the log's back"),
"UPDATE audit_leaf SET body = $2 WHERE id = $1" }

// A yearly list and a project on it, for tests of what answers a need: projects are another mechanism's.
sql! { TEST_LIST: unscoped("arranged by a test, which sees everything"),
"INSERT INTO project_list (id, pairing, year, state, edition, revision, number, version) \
VALUES ($1, $2, 2025, 'filed', 1, 1, '', 1)" }
sql! { TEST_PROJECT: unscoped("arranged by a test, which sees everything"),
"INSERT INTO project (id, list, pairing, year, place, title, clause, basis, need, outcome, quantity, unit, owner_org, \
from_day, to_day, lead_does, nearby_does, budget, budget_sum, filed, proposed, ended, result, order_key, version) \
SELECT $1, $2, p.id, 2025, 1, '接收教师跟岗', 'T4.4', 'need', $3, '', 1, '', p.lead, p.from_day, p.from_day, '', '', \
'{}', 0, $4, '', $5, '', '1', 1 FROM pairing p WHERE p.id = $6" }
sql! { TEST_NEED: unscoped("a test arranges a school's need"),
"INSERT INTO need (id, org, rank, clause, title, detail, quantity, unit, wished_on, state, helped, word, closed_on, version) \
VALUES ($1, $2, $3, 'T4.3', $4, '', NULL, '', NULL, $5, '', '', NULL, 1)" }

sql! { BEGIN_FLAG: unscoped("arranged by a test, which sees everything"),
"UPDATE org_flag SET from_day = $3 WHERE org = $1 AND flag = $2" }
sql! { SPOIL_CLOCKS: unscoped("a test changes kept clocks by hand"), "UPDATE clock_work SET claimed = claimed + 7" }

/// Writes what is another's, and is in no list: the sample of the test that forbids it.
pub static FOREIGN_WRITE: Statement = Statement {
    name: "FOREIGN_WRITE",
    file: "crates/jiedui/src/planning/needs/data.rs",
    kind: Kind::Free,
    text: "INSERT INTO need (id) SELECT id FROM org ON CONFLICT (id) DO UPDATE SET id = 1; UPDATE org SET id = 1",
    names: &[],
    recording: "",
};

// Of spot checks: a draw and a check that nobody made, and one that somebody forges.
sql! { SAMPLE_DRAW: free,
"INSERT INTO spot_draw (month, seed, log_size, log_root, programme, share_permille, most_per_unit, candidates, number, digest, \
drawn_at) VALUES ($1, '', 0, '', '', 50, 2, '', 0, '', $2) ON CONFLICT (month) DO NOTHING" }
sql! { SAMPLE: unscoped("arranged by a test, which sees everything"),
"INSERT INTO spot_check (id, month, entry, unit, due, state, why, looked_by, looked_at, version) \
SELECT $1, $2, MIN(e.id), $3, $4, 'lapsed', 'late', NULL, NULL, 1 FROM entry e WHERE e.pairing = $5" }
sql! { FORGE: unscoped("a test changes a draw behind the log's back"),
"UPDATE spot_check SET unit = (SELECT MIN(o.id) FROM org o WHERE o.id <> spot_check.unit) \
WHERE id = (SELECT MIN(k.id) FROM spot_check k WHERE k.month = $1)" }
// A draw may come out empty: the first month in which something was drawn.
sql! { FIRST_DRAWN: unscoped("a test looks for a draw"), "SELECT MIN(month) FROM spot_check" }

sql! { KEPT_ANSWERS: free, "SELECT CAST(COUNT(*) AS BIGINT) FROM program_answer WHERE at <= $1" }
