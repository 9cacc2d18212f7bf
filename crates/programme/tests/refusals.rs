//! What a programme may not say: each case changes one place of the real programme and must be refused there.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_programme::{Problem, load};
use miette::{GraphicalReportHandler, GraphicalTheme};

const PROGRAMME: &str = "programme.toml";
const WORKDAYS: &str = "calendar/workdays.toml";
const CLAUSES: &str = "clauses.toml";
const TARGETS: &str = "targets.toml";
const ACCESS: &str = "access.toml";
const ACCESS_TO_WORK: &str = "access/evidence.toml";
const TEACHERS: &str = "tasks/04-teachers.toml";
const SOCIAL: &str = "tasks/09-social-training.toml";
const SAFEGUARD: &str = "safeguards/1-organisation.toml";
const MECHANISM: &str = "safeguards/1-mechanism.toml";

/// The problems after replacing the first `old` of the file.
fn after(file: &str, old: &str, new: &str) -> Vec<Problem> {
    let mut files = common::files();
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(old), "{file} does not contain {old}");
    *text = text.replacen(old, new, 1);
    load(&files).err().unwrap_or_default()
}

/// The text under the caret, and its line.
fn marked(problem: &Problem, file: &str, old: &str, new: &str) -> (String, String) {
    let text = common::files()[file].replacen(old, new, 1);
    let (line, _) = problem.position();
    (text[problem.span.clone()].to_owned(), text.lines().nth(line - 1).unwrap().to_owned())
}

/// Asserts that the change is refused with exactly one problem that says `message`, the caret under `caret`.
#[track_caller]
fn refuses(file: &str, old: &str, new: &str, caret: &str, message: &str) {
    let problems = after(file, old, new);
    assert_eq!(problems.len(), 1, "{old} → {new}: {problems:?}");
    let problem = &problems[0];
    assert!(problem.message.contains(message), "{problem:?}");
    assert_eq!(problem.file, file);
    assert!(!problem.help.is_empty());
    assert_eq!(marked(problem, file, old, new).0, caret, "{problem:?}");
}

/// As `refuses`, where the same change also breaks what refers to it.
#[track_caller]
fn refuses_among_others(file: &str, old: &str, new: &str, caret: &str, message: &str) {
    let problems = after(file, old, new);
    let found = problems
        .iter()
        .filter(|problem| problem.file == file && problem.message.contains(message))
        .any(|problem| marked(problem, file, old, new).0 == caret);
    assert!(found, "{old} → {new}: {problems:?}");
}

#[test]
fn shape() {
    refuses(SAFEGUARD, "minutes = 2", "minutes = 2\ncolour = \"red\"", "colour", "不认识的项“colour”");
    refuses(SAFEGUARD, "minutes = 2", "minutes = \"2\"", "\"2\"", "应为不小于零的整数，写成了文字");
    refuses(SAFEGUARD, "minutes = 2", "minutes = -2", "-2", "应为不小于零的整数");
    refuses(SAFEGUARD, "minutes = 2\n", "", "[[activity]]", "缺少“minutes”");
    refuses(SAFEGUARD, "time = \"day\"", "time = \"week\"", "\"week\"", "“week”不是可选的值");
    refuses(
        SAFEGUARD,
        "\"party_secretary\", \"dep",
        "\"boss\", \"party_secretary\", \"dep",
        "\"boss\"",
        "不是可选的值",
    );
    refuses(SAFEGUARD, "of = \"helper\"", "of = \"helper\"\nexclusively = true", "exclusively", "不认识的项");
    refuses(SAFEGUARD, "minutes = 2", "minutes = 2\nexclusive = true", "exclusive", "不认识的项");
    refuses(PROGRAMME, "from = \"2024-09-01\"", "from = 2024-09-01", "2024-09-01", "带引号的日期");
    refuses(PROGRAMME, "from = \"2024-09-01\"", "from = \"2024-9月\"", "\"2024-9月\"", "日期");
    refuses(
        PROGRAMME,
        "[calendar]",
        "[calendar]\nworkdays = { holidays = [], makeup = [] }",
        "{ holidays = [], makeup = [] }",
        "workdays",
    );
    refuses(
        TARGETS,
        "{ kind = \"not_issued\" }",
        "{ kind = \"not_issued\", value = 0 }",
        "0",
        "不认识的项“value”",
    );
    refuses(
        TARGETS,
        "{ from = \"paired\" }",
        "{ from = \"paired\", activity = \"visit\" }",
        "\"visit\"",
        "不认识的项",
    );
    refuses(SOCIAL, "[[activity]]", "[[deed]]\nx = 1\n\n[[activity]]", "deed", "不认识的项“deed”");
    refuses_among_others(CLAUSES, "id = \"G0.1\"", "id = \"G0.1 \"", "\"G0.1 \"", "编号写得不对");
    refuses(
        CLAUSES,
        "title = \"",
        "title = \"一二三四五六七八九十一二三四五六七八九十",
        "\"一二三四五六七八九十一二三四五六七八九十按县情校情分类并按需匹配\"",
        "超过24个字",
    );
}

#[test]
fn an_unknown_key_in_an_aim_is_refused() {
    let problems = after(TARGETS, "value = 38000 }", "value = 38000, most = 1 }");
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].message.contains("most"), "{problems:?}");
}

#[test]
fn a_sentence_that_nothing_carries_is_refused() {
    let last = "mechanism = \"组织记录、倾斜分配、通报表扬\" },\n]";
    let with = |mechanism: &str| {
        format!(
            "mechanism = \"组织记录、倾斜分配、通报表扬\" }},\n  {{ id = \"S4.5\", place = \"四(四)\", title = \"建立协作驿站\", mechanism = \"{mechanism}\" }},\n]"
        )
    };
    refuses(CLAUSES, last, &with("统筹推进、压实责任"), "\"S4.5\"", "没有内容落实条款“S4.5”");
    assert!(after(CLAUSES, last, &with("统筹推进")).iter().all(|one| one.help.contains("统筹推进")));
    assert!(after(CLAUSES, last, &with("统筹推进、年度项目清单")).is_empty(), "it names what carries it");
    // What stood for a sentence alone is gone: the sentence says so.
    let mut files = common::files();
    files.remove("allocations.toml");
    let text = files.get_mut("matching.toml").unwrap();
    *text = text.replace("\"G0.3\"", "\"G0.1\"").replace("[\"G0.1\", \"G0.1\", ", "[\"G0.1\", ");
    let problems = load(&files).unwrap_err();
    assert!(problems.iter().any(|one| one.message.contains("条款“G0.3”")), "{problems:?}");
}

#[test]
fn roles_of_the_second_step() {
    let needed = "roles = [\"province\", \"reviewer\", \"sysadmin\"";
    let twice = "roles = [\"province\", \"province\", \"reviewer\", \"sysadmin\"";
    refuses(ACCESS, needed, twice, "\"province\"", "写了两遍");
    let unknown = "roles = [\"office\", \"reviewer\", \"sysadmin\"";
    refuses(ACCESS, needed, unknown, "\"office\"", "没有编号为“office”的角色");
}

#[test]
fn references() {
    refuses_among_others(
        SAFEGUARD,
        "id = \"resident\"",
        "id = \"principal-visit\"",
        "\"principal-visit\"",
        "重复",
    );
    refuses_among_others(CLAUSES, "id = \"G0.2\"", "id = \"G0.1\"", "\"G0.1\"", "编号“G0.1”重复");
    refuses(
        SAFEGUARD,
        "clauses = [\"S1.4\"]",
        "clauses = [\"S1.4\", \"S9.9\"]",
        "\"S9.9\"",
        "没有编号为“S9.9”的条款",
    );
    refuses(TARGETS, "clause = \"G2.3\"", "clause = \"G2.33\"", "\"G2.33\"", "没有编号为“G2.33”的条款");
    refuses(
        SOCIAL,
        "activity = \"course-guidance\" }",
        "activity = \"social\" }",
        "\"social\"",
        "没有编号为“social”的活动",
    );
    refuses(
        SAFEGUARD,
        "activity = \"visit\"\nowed",
        "activity = \"visit2\"\nowed",
        "\"visit2\"",
        "没有编号为“visit2”的活动",
    );
    refuses(
        TARGETS,
        "indicator = \"social-training\"",
        "indicator = \"social\"",
        "\"social\"",
        "没有编号为“social”的指标",
    );
    refuses(
        ACCESS,
        "roles = [\"secadmin\"]",
        "roles = [\"secadmin2\"]",
        "\"secadmin2\"",
        "没有编号为“secadmin2”的角色",
    );
    refuses(ACCESS, "actions = [\"clear\"]", "actions = []", "[]", "是空的");
    refuses(
        ACCESS,
        "resource = \"lockout\"\nactions = [\"clear\"]",
        "resource = \"access\"\nactions = [\"read\"]",
        "\"read\"",
        "已在别处授权",
    );
    refuses(
        SAFEGUARD,
        "obligation = \"resident\"",
        "obligation = \"residents\"",
        "\"residents\"",
        "没有编号为“residents”的履职要求",
    );
}

#[test]
fn units() {
    refuses(
        SAFEGUARD,
        "at_least = 2\nunit = \"times\"",
        "at_least = 2\nunit = \"days\"",
        "\"days\"",
        "单位是“天”，而它所计的活动的单位是“次”",
    );
    refuses(
        TARGETS,
        "unit = \"person_times\"",
        "unit = \"persons\"",
        "\"persons\"",
        "单位是“人”，而衡量它的指标的单位是“人次”",
    );
    refuses(TARGETS, "unit = \"schools\"\nof", "unit = \"pairings\"\nof", "\"pairings\"", "单位");
    refuses(SAFEGUARD, "unit = \"times\"\nof", "unit = \"entries\"\nof", "\"entries\"", "单位是“条”");
}

#[test]
fn measure_and_sides() {
    refuses(
        SAFEGUARD,
        "measure = \"days\"\ntime = \"span\"",
        "measure = \"days\"\ntime = \"day\"",
        "\"day\"",
        "起止日期",
    );
    refuses_among_others(
        SAFEGUARD,
        "unit = \"days\"\nmeasure",
        "unit = \"times\"\nmeasure",
        "\"times\"",
        "单位须是天",
    );
    refuses_among_others(
        TEACHERS,
        "measure = \"entered\"\ntime",
        "measure = \"once\"\ntime",
        "\"person_times\"",
        "单位须是次",
    );
    refuses(SOCIAL, "quantity_label = \"参训人次\"\n", "", "\"entered\"", "没有写数量叫什么");
    refuses(SAFEGUARD, "minutes = 2", "quantity_label = \"次数\"\nminutes = 2", "\"次数\"", "不应再问");
    refuses(
        TEACHERS,
        "confirmed_by = \"county_school\"",
        "confirmed_by = \"helper\"",
        "\"helper\"",
        "不能自己确认",
    );
    refuses(SOCIAL, "claimed_by = [\"county_school\"]", "claimed_by = []", "[]", "由谁登记");
    refuses(
        SAFEGUARD,
        "owed_by = [\"lead\", ",
        "owed_by = [\"county_school\", ",
        "\"county_school\"",
        "县级院校不是承担方",
    );
    refuses(SAFEGUARD, "at_least = 2", "at_least = 0", "0", "大于零");
    refuses(
        SAFEGUARD,
        "offered = [\"head\", \"party_secretary\", ",
        "offered = [\"head\", ",
        "\"party_secretary\"",
        "不在可选身份里",
    );
    refuses(TARGETS, "low = 3, high = 4", "low = 5, high = 4", "4", "上限小于下限");
}

#[test]
fn an_exclusive_rule_needs_persons() {
    let old = "offered = [\"middle_manager\", \"backbone_teacher\"]";
    let problems = after(SAFEGUARD, old, "offered = []");
    assert!(problems.iter().any(|problem| problem.message.contains("exclusive")), "{problems:?}");
}

#[test]
fn calendar() {
    refuses(PROGRAMME, "to = \"2025-01-31\"", "to = \"2024-01-31\"", "\"2024-01-31\"", "结束日早于开始日");
    refuses(PROGRAMME, "from = \"2025-02-01\"", "from = \"2025-01-31\"", "\"2025-01-31\"", "日期重叠");
    refuses(PROGRAMME, "id = \"2024-2025-2\"", "id = \"2024-2025-1\"", "\"2024-2025-1\"", "重复");
    refuses(PROGRAMME, "to = \"2025-02-16\"", "to = \"2025-01-16\"", "\"2025-01-16\"", "结束日早于开始日");
    refuses(WORKDAYS, "\"2024-01-01\"", "\"2023-01-02\"", "\"2023-01-02\"", "不在2024年");
    refuses(WORKDAYS, "\"2024-02-04\"", "\"2024-02-05\"", "\"2024-02-05\"", "不是周末");
    refuses(WORKDAYS, "\"2024-01-01\"", "\"2024-01-01\", \"2024-01-01\"", "\"2024-01-01\"", "重复");
    let mut files = common::files();
    let text = files.get_mut(PROGRAMME).unwrap();
    let (start, rest) = (text.find("[[calendar.semesters]]").unwrap(), text.find("[burden]").unwrap());
    text.replace_range(start..rest, "semesters = []\n\n");
    let problems = load(&files).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].message.contains("没有写学期"), "{problems:?}");
}

#[test]
fn burden_rules_are_cited() {
    let old = "label = \"商定事项\"\nkind = \"text\"";
    for (label, rule) in [
        ("现场照片", "整治形式主义为基层减负若干规定"),
        ("学习笔记", "整治形式主义为基层减负若干规定"),
        ("媒体报道", "整治形式主义为基层减负若干规定"),
        ("领导批示", "整治形式主义为基层减负若干规定"),
        ("手机定位", "国办函〔2026〕12号"),
        ("行动轨迹", "国办函〔2026〕12号"),
        ("每日打卡", "国办函〔2026〕12号"),
        ("签到记录", "国办函〔2026〕12号"),
        ("在线时长", "国办函〔2026〕12号"),
    ] {
        let asked = format!("label = \"{label}\"\nkind = \"text\"\nrequired = true");
        refuses(SAFEGUARD, old, &asked, &format!("\"{label}\""), "减负禁项");
        assert!(after(SAFEGUARD, old, &asked)[0].help.contains(rule), "{label}");
        let optional = asked.replace("required = true", "required = false");
        assert!(after(SAFEGUARD, old, &optional).is_empty(), "{label} may be offered");
    }
    let by_id = after(SAFEGUARD, "id = \"agreed\"", "id = \"photo-1\"\nrequired = true");
    assert!(by_id[0].message.contains("photo"), "{by_id:?}");
    let innocent =
        "label = \"笔记本电脑台数（多媒体教室）\"\nkind = \"number\"\nunit = \"items\"\nrequired = true";
    assert!(after(SAFEGUARD, old, innocent).is_empty());
    refuses_among_others(SOCIAL, "\"参训人次\"", "\"上传照片数\"", "\"上传照片数\"", "必填项");
    refuses(PROGRAMME, "minimum_notice_workdays = 5", "minimum_notice_workdays = 4", "4", "少于5个工作日");
}

/// Whoever accepts a month, or sees to an item, is told in time; what is pointed out is more than what is usual.
#[test]
fn too_short_a_notice_is_refused_wherever_one_is_given() {
    let of = |old: &str, new: &str| {
        let problems = after(PROGRAMME, old, new);
        problems.into_iter().map(|one| one.message).collect::<Vec<_>>().join("\n")
    };
    let months = "month_accept_workdays = [5, 8, 10]";
    assert!(of(months, "month_accept_workdays = [4, 8, 10]").contains("少于最短提前期 5 个工作日"));
    assert!(of("followup_workdays = 20", "followup_workdays = 4").contains("少于最短提前期 5 个工作日"));
    assert!(of("parties_first_workdays = 2", "parties_first_workdays = 5").contains("还没有先看到提示"));
    assert!(of("own_times = 3", "own_times = 1").contains("平常的情形也会被提示"));
}

/// Numbers that nobody can have meant, and rights that nobody may have.
#[test]
fn what_cannot_be_meant_is_refused() {
    refuses(TARGETS, "value = 9600", "value = 12000", "{ kind = \"at_least\", value = 12000 }", "超过 100%");
    refuses(TARGETS, "year = 2025", "year = 2205", "2205", "与方案的学期");
    let measured = "aim = { kind = \"about\", value = 38000 }\nindicator = \"enrolment\"";
    let unmeasured = "aim = { kind = \"about\", value = 38000 }";
    refuses(TARGETS, measured, unmeasured, "{ kind = \"about\", value = 38000 }", "没有衡量它的指标");
    refuses(PROGRAMME, "ceiling_minutes = 240", "ceiling_minutes = 99999", "99999", "超过一周的工作时间");
    refuses(PROGRAMME, "escalation_workdays = 15", "escalation_workdays = 1", "1", "少于5个工作日");
    let read = "resource = \"entry\"\nactions = [\"read\"]\nroles = [\"province\"";
    refuses(
        ACCESS_TO_WORK,
        read,
        &read.replace("\"province\"", "\"auditor\", \"province\""),
        "\"auditor\"",
        "管理员角色",
    );
    let manage = "resource = \"account\"\nactions = [\"read\", \"manage\"]\nroles = [\"sysadmin\"]";
    refuses(ACCESS, manage, &manage.replace("\"sysadmin\"", "\"province\""), "\"province\"", "业务角色");
    let mut files = common::files();
    *files.get_mut(ACCESS).unwrap() = "# 空\n".to_owned();
    let problems = load(&files).unwrap_err();
    assert!(problems.iter().any(|one| one.message.contains("权限文件没有角色")), "{problems:?}");
}

/// Forbidden traces are refused under whatever name, and where the label is innocent and the words beside it are not.
#[test]
fn forbidden_traces_are_refused_however_they_are_called() {
    let old = "label = \"商定事项\"\nkind = \"text\"";
    let labels = "现场影像佐证、微信步数、台账页数、转发量、人脸识别、会议纪要、照 片、照-片张数、\
        ＧＰＳ坐标、簽到表、積分、媒體報導篇數、刷脸记录、扫码人数、考勤表、在线率、公众号推文、\
        短视频条数、学习体会、心得感悟、点赞数、红黑榜、总结字数、档案盒数、截屏、合影、\
        北斗坐标、日活、排行、简报期数、接龙记录、留\u{200b}痕材料、Ph\u{43e}t\u{43e}数、打_卡";
    for label in labels.split('、') {
        let asked = format!("label = \"{label}\"\nkind = \"text\"\nrequired = true");
        let problems = after(SAFEGUARD, old, &asked);
        assert!(problems.iter().any(|one| one.message.contains("减负禁项")), "{label}: {problems:?}");
        let optional = asked.replace("required = true", "required = false");
        assert!(after(SAFEGUARD, old, &optional).is_empty(), "{label} may be offered");
    }
    for said in ["purpose = \"附现场照片\"", "purpose = \"试\"\nhelp = \"同时上传签到表\""] {
        let asked = format!("label = \"说明\"\nkind = \"text\"\nrequired = true\n{said}");
        let text = &common::files()[SAFEGUARD];
        let at = text.find(old).unwrap();
        let line = text[at..].lines().find(|line| line.starts_with("purpose")).unwrap();
        let whole = text[at..at + text[at..].find(line).unwrap() + line.len()].to_owned();
        let problems = after(SAFEGUARD, &whole, &asked);
        assert!(problems.iter().any(|one| one.message.contains("减负禁项")), "{said}: {problems:?}");
    }
}

#[test]
fn the_same_thing_is_not_asked_twice() {
    let field = "[[activity.field]]\nid = \"agreed\"";
    let twice = |id: &str, label: &str| {
        format!(
            "[[activity.field]]\nid = \"{id}\"\nlabel = \"{label}\"\nkind = \"text\"\npurpose = \"试\"\n\n{field}"
        )
    };
    refuses(MECHANISM, "id = \"office\"", "id = \"title\"", "\"title\"", "自带的栏目编号");
    refuses(SAFEGUARD, field, &twice("agreed", "另一项"), "\"agreed\"", "栏目“agreed”重复");
    refuses(SAFEGUARD, field, &twice("other", "商定事项"), "\"商定事项\"", "问了两次");
    refuses(SAFEGUARD, field, &twice("other", "到校领导"), "\"到校领导\"", "问了两次");
}

#[test]
fn examples_must_be_runnable() {
    refuses(SOCIAL, "window = [\"2026-01-01\", \"2026-06-30\"]\n", "", "\"social-training\"", "缺少 window");
    refuses(SOCIAL, "expect = { counted = 1 }", "expect = {}", "{}", "没有写预期");
    refuses(
        SOCIAL,
        "window = [\"2026-01-01\", \"2026-06-30\"]",
        "window = [\"2026-06-30\", \"2026-01-01\"]",
        "[\"2026-06-30\", \"2026-01-01\"]",
        "起止日期",
    );
}

#[test]
fn an_id_is_used_once_in_the_whole_programme_and_the_second_use_is_marked() {
    let mut files = common::files();
    let again = "\n[[activity]]\nid = \"visit\"\n";
    files.get_mut(SOCIAL).unwrap().push_str(again);
    let problems = load(&files).unwrap_err();
    let twice = problems.iter().find(|problem| problem.message == "编号“visit”重复").unwrap();
    assert_eq!(twice.file, SOCIAL);
    assert_eq!(twice.position(), (common::files()[SOCIAL].lines().count() + 3, 6));
}

#[test]
fn everything_that_is_wrong_is_said_at_once_in_order() {
    let mut files = common::files();
    let text = files.get_mut(SAFEGUARD).unwrap();
    *text = text.replacen("minutes = 2", "minutes = \"2\"\nred = 1\nblue = 2\nclauses2 = []", 1).replacen(
        "at_least = 30",
        "at_least = 0",
        1,
    );
    files
        .get_mut(ACCESS)
        .unwrap()
        .push_str("\n[[grant]]\nresource = \"x\"\nactions = [\"y\"]\nroles = [\"z\"]\n");
    let problems = load(&files).unwrap_err();
    let shown: Vec<(&str, &str)> = problems.iter().map(|p| (p.file.as_str(), p.message.as_str())).collect();
    assert_eq!(shown.len(), 6, "{problems:?}");
    assert_eq!(shown[0], (ACCESS, "没有编号为“z”的角色"));
    assert!(shown[1].1.contains("应为不小于零的整数"), "{problems:?}");
    assert_eq!(shown[2].1, "不认识的项“red”");
    assert_eq!(shown[3].1, "不认识的项“blue”");
    assert_eq!(shown[4].1, "不认识的项“clauses2”");
    assert_eq!(shown[5].1, "至少要求须大于零");
}

#[test]
fn broken_and_absent_files_do_not_hide_each_other_nor_raise_false_alarms() {
    let mut files = common::files();
    files.remove(CLAUSES);
    files.get_mut(SOCIAL).unwrap().push_str("\nid = \"open\n");
    files.insert("tasks.toml".to_owned(), "x = 1".to_owned());
    files.insert("README.md".to_owned(), "说明".to_owned());
    let problems = load(&files).unwrap_err();
    let shown: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(shown.len(), 3, "{problems:?}");
    assert_eq!(shown[0], "缺少文件“clauses.toml”");
    assert!(shown[1].contains("tasks.toml"), "{problems:?}");
    assert!(shown[2].contains("TOML 语法有误"), "{problems:?}");
    let lines = common::files()[SOCIAL].lines().count();
    assert_eq!(problems[2].position().0, lines + 2);
}

#[test]
fn a_problem_is_printed_with_file_line_and_caret() {
    let problems = after(SAFEGUARD, "time = \"day\"", "time = \"week\"");
    let mut out = String::new();
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
    handler.render_report(&mut out, &problems[0]).unwrap();
    let line = problems[0].position().0;
    assert!(out.contains(&format!("safeguards/1-organisation.toml:{line}:8")), "{out}");
    let rows: Vec<&str> = out.lines().collect();
    let at = rows.iter().position(|row| row.contains("time = \"week\"")).unwrap();
    let column = |row: &str, mark: &str| row[..row.find(mark).unwrap()].chars().count();
    assert_eq!(column(rows[at], "\"week\""), column(rows[at + 1], "──"), "{out}");
    assert!(out.contains("可选：day、span"), "{out}");
}
