//! Rows of the registry as one text each, by which what a file made of them is told from what they are now; and the way back.

use super::OrgRow;
use jiedui_kernel::Date;
use jiedui_store::{referring, sql};
use serde::{Deserialize, Serialize};

/// A school, without what is counted of it and without its version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct OrgImage {
    pub id: String,
    pub name: String,
    pub division: String,
    pub parent: Option<String>,
    pub path: String,
    pub level: String,
    pub ownership: String,
    pub credit_code: String,
    pub source: String,
    pub sort_key: String,
    pub ended_on: Option<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct FlagImage {
    pub id: String,
    pub org: String,
    pub flag: String,
    pub from_day: Date,
    pub to_day: Option<Date>,
    pub source: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct LineageImage {
    pub id: String,
    pub org: String,
    pub kind: String,
    pub other: Option<String>,
    pub day: Date,
    pub note: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct PostImage {
    pub id: String,
    pub person: String,
    pub org: String,
    pub post: String,
    pub title: String,
    pub from_day: Date,
    pub to_day: Option<Date>,
}

macro_rules! of_org {
    ($which:literal) => {
        concat!(
            "SELECT id, name, division, parent, path, level, ownership, credit_code, source, sort_key, ended_on FROM org WHERE ",
            $which
        )
    };
}

macro_rules! of_flag {
    ($which:literal) => {
        concat!("SELECT id, org, flag, from_day, to_day, source FROM org_flag", $which)
    };
}

macro_rules! of_post {
    ($which:literal) => {
        concat!("SELECT id, person, org, post, title, from_day, to_day FROM person_post", $which)
    };
}

sql! { ORG_IMAGES: unscoped("import by the provincial office, which sees everything"), of_org!("kind = 'school'") }
sql! { ORG_IMAGE: unscoped("import by the provincial office, which sees everything"), of_org!("id = $1") }
sql! { FLAG_IMAGES: unscoped("import by the provincial office, which sees everything"), of_flag!("") }
sql! { FLAG_IMAGE: unscoped("import by the provincial office, which sees everything"), of_flag!(" WHERE id = $1") }
sql! { POST_IMAGES: unscoped("import by the provincial office, which sees everything"), of_post!("") }
sql! { POST_IMAGE: unscoped("import by the provincial office, which sees everything"), of_post!(" WHERE id = $1") }
sql! { LINEAGE_IMAGE: unscoped("import by the provincial office, which sees everything"),
"SELECT id, org, kind, other, day, note FROM org_lineage WHERE id = $1" }

sql! { RESTORE_ORG: on OrgRow by name,
"UPDATE org SET name = :name, division = :division, parent = :parent, path = :path, level = :level, ownership = :ownership, \
credit_code = :credit_code, source = :source, sort_key = :sort_key, ended_on = :ended_on, version = version + 1 WHERE id = $1" }
sql! { DROP_ORG: on OrgRow, "DELETE FROM org WHERE id = $1" }
sql! { DROP_FLAG: on OrgRow, "DELETE FROM org_flag WHERE org = $1 AND id = $2" }
sql! { DROP_LINEAGE: on OrgRow, "DELETE FROM org_lineage WHERE org = $1 AND id = $2" }
sql! { DROP_POST: on OrgRow, "DELETE FROM person_post WHERE org = $1 AND id = $2" }
sql! { DROP_PERSON: unscoped("somebody whom a file brought, once the posts that it brought are gone"),
"DELETE FROM person WHERE id = $1" }

// What may name a school. Beside the foreign keys: actors of steps, what was asked for and not done yet, and what keeps whole
// texts in which it stands. Left out is what hangs on something that is asked for: figures, parts of entries, attachments.
sql! { ORG_USED: unscoped("in words, what stands in the way of a school that goes with the file that brought it"), concat!(
referring! {
    "台账": "entry" "claimant", "entry" "answerer", "entry_helper" "org";
    "建设成果": "output_thing" "org", "output_thing" "school", "output_thing" "stands_at", "output_thing" "answerer",
        "output_helper" "org";
    "履职进度": "clock_exemption" "org", "clock_exemption" "helper", "clock_exemption" "county_school",
        "clock_work" "helper", "clock_work" "county_school", "school_semester" "county_school";
    "结对": "pairing" "county_school", "pairing" "lead", "pairing" "nearby", "pairing_party" "org";
    "院校资料": "org" "parent", "org_flag" "org", "org_category" "org", "org_lineage" "org", "org_lineage" "other";
    "人员": "person_post" "org", "person_merge" "org";
    "账号": "account_role" "org", "account_request" "org", "session" "org", "access_token" "org", "web_hook" "org",
        "calendar_address" "org", "wall_link" "org", "messenger" "org";
    "通知": "notice" "org", "letter" "org";
    "后台任务": "job" "org";
    "办理记录": "step" "org", "step" "resource_id";
    "协议": "agreement" "recorder";
    "协作方案或达标方案": "school_plan" "org";
    "需求或供给": "need" "org", "capacity" "org";
    "项目": "project" "owner_org";
    "资金": "fund_move" "school", "fund_move" "org", "fund_move" "answerer", "fund_sum" "school", "fund_cut" "school",
        "fund_use" "school";
    "结对测算": "matching_assignment" "county_school", "matching_assignment" "lead", "matching_assignment" "nearby",
        "matching_proposal" "county_school", "matching_proposal" "lead", "matching_proposal" "nearby", "matching_remark" "org",
        "matching_wish" "org", "matching_wish" "other";
    "月报": "month_report" "school";
    "年度收尾": "year_close" "host";
    "会议": "meeting" "host", "meeting_party" "org", "meeting_topic" "school", "meeting_decision" "owner",
        "meeting_decision" "school";
    "督办": "followup" "host", "followup" "owner", "followup" "school";
    "临时要数": "question" "host", "question_request" "school";
    "年度画像": "profile" "org";
    "专业": "school_major" "org", "industry_demand" "org";
    "企业或生态链": "enterprise" "registered_by", "enterprise_use" "org", "enterprise_use" "recorder", "chain" "registered_by",
        "chain_use" "org", "chain_use" "recorder";
    "预告": "announcement" "org";
    "交接": "handover" "leaving", "handover" "arriving", "handover" "recorder";
    "申报": "application_case" "org", "application_case" "recommender", "application_case" "decider";
    "分配": "allocation" "issuer", "allocation_appeal" "school", "allocation_share" "school";
    "考核": "assessment" "issuer", "assessment_party" "org", "assessment_objection" "org", "assessment_sheet" "unit";
    "表扬": "commendation" "issuer", "commendation_nomination" "nominator", "commendation_nomination" "school",
        "commendation_objection" "org";
    "共享资源": "library_item" "owner", "library_use" "school";
    "岗位或毕业生": "vacancy" "org", "vacancy" "school", "vacancy" "answerer", "cohort" "school";
    "数据对接": "exchange_run" "org", "exchange_value" "school";
    "对指标的留言": "figure_remark" "about", "figure_remark" "author";
    "意见": "complaint" "org";
    "抽查": "spot_check" "unit", "spot_check" "looked_by";
    "协作经历证明": "service_certificate" "org";
    "报表减负": "form_month" "org";
    "方案改动的影响": "programme_effect" "org";
},
" UNION ALL SELECT '结对测算' WHERE EXISTS (SELECT 1 FROM matching_scenario WHERE body LIKE '%' || $1 || '%') \
UNION ALL SELECT '结对测算' WHERE EXISTS (SELECT 1 FROM matching_result WHERE instance LIKE '%' || $1 || '%')") }

// The same of a person; `$2` is where somebody brought by a file has a post. What is proposed for a project, and the fields of an
// output, name people in their text.
sql! { PERSON_USED: unscoped("in words, what stands in the way of somebody who goes with the file that brought them"), concat!(
referring! {
    "台账": "entry" "person", "entry_part" "person", "entry_person" "person";
    "项目": "project" "owner";
    "表扬": "commendation_nomination" "person";
    "协作经历证明": "service_certificate" "person";
    "看过全名的记录": "name_view" "person";
    "别的任职或合并": "person_post" "person", "person_merge" "id", "person_merge" "leads_to";
},
" UNION ALL SELECT '预告' WHERE EXISTS (SELECT 1 FROM announcement WHERE org = $2 AND person = $1) \
UNION ALL SELECT '建设成果' WHERE EXISTS (SELECT 1 FROM output_thing WHERE org = $2 AND fields LIKE '%' || $1 || '%') \
UNION ALL SELECT '项目' WHERE EXISTS (SELECT 1 FROM project WHERE owner_org = $2 AND proposed LIKE '%' || $1 || '%')") }
