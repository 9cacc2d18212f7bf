//! The burden rules over every kind of form: what may not be mandatory, what may not be scored, what is asked once, what
//! is not asked at all, and what is registered. Each refusal cites its rule; innocents pass.

use crate::{FORMS, KNOWN, PROFILE, TARGETS, TASKS, accepts, after, refuses, small};
use jiedui_programme::load;

const RELIEF: &str = "《整治形式主义为基层减负若干规定》";
const APPS: &str = "国办函〔2026〕12号";

/// Forbidden content is refused in every kind of form where it is mandatory, and may be offered where it is not.
#[test]
fn forbidden_content_is_mandatory_nowhere() {
    let output = "[[output.field]]\nid = \"use\"";
    let application = "[[application.condition]]\nid = \"land\"";
    let form = "    { id = \"title\", label = \"需要什么\"";
    for (label, rule) in [
        ("施工照片", RELIEF),
        ("证明附件", RELIEF),
        ("学习笔记", RELIEF),
        ("媒体刊发篇数", RELIEF),
        ("领导批示", RELIEF),
        ("召开会议次数", RELIEF),
        ("发文数量", RELIEF),
        ("现场定位", APPS),
        ("行动轨迹", APPS),
        ("签到记录", APPS),
        ("在线时长", APPS),
        ("登录次数", APPS),
        ("教师积分", APPS),
        ("教师排名", APPS),
    ] {
        for (file, kind, before) in
            [(TASKS, "output", output), (TASKS, "application", application), (FORMS, "form", form)]
        {
            // Forms written by hand hold a field in one line, the others a table each.
            let field = |required: bool| match kind {
                "form" => format!(
                    "    {{ id = \"extra\", label = \"{label}\", kind = \"text\", required = {required}, purpose = \"试\" }},\n{before}"
                ),
                _ => format!(
                    "[[{kind}.field]]\nid = \"extra\"\nlabel = \"{label}\"\nkind = \"text\"\nrequired = {required}\npurpose = \"试\"\n\n{before}"
                ),
            };
            let said = refuses(file, before, &field(true), &format!("\"{label}\""), "触及减负禁项");
            assert!(said.help.contains(rule), "{said:?}");
            accepts(file, before, &field(false));
        }
        let quoted = format!("\"{label}\"");
        let said = refuses(TASKS, "\"建筑面积\"", &quoted, &quoted, "触及减负禁项");
        assert!(said.help.contains(rule));
        let said =
            refuses(PROFILE, "name = \"年培训规模\"", &format!("name = {quoted}"), &quoted, "触及减负禁项");
        assert!(said.help.contains(rule));
        accepts(PROFILE, "name = \"年培训规模\"", &format!("asked = false\nname = {quoted}"));
    }
    for innocent in ["笔记本电脑台数", "多媒体教室面积", "办学定位面积", "顶岗位置换数"]
    {
        accepts(TASKS, "\"建筑面积\"", &format!("\"{innocent}\""));
    }
}

/// Nothing forbidden carries a score, a weight, a rank, a target or an obligation; a duty on a meeting is no score.
#[test]
fn forbidden_content_is_scored_nowhere() {
    for key in ["score", "weight", "rank"] {
        let field = format!("label = \"主要用途\"\n{key} = 5");
        let said = refuses(TASKS, "label = \"主要用途\"", &field, key, &format!("不认识的项“{key}”"));
        assert!(said.help.contains(RELIEF), "{said:?}");
    }
    let said =
        refuses(TASKS, "name = \"启用教室\"", "name = \"教师积分排名\"", "\"教师积分排名\"", "指标触及");
    assert!(said.help.contains(APPS));
    let said = refuses(TARGETS, "name = \"达标院校\"", "name = \"宣传稿件\"", "\"宣传稿件\"", "目标触及");
    assert!(said.help.contains(RELIEF));
    let said = refuses(TASKS, "name = \"每年宣讲\"", "name = \"每年发文\"", "\"每年发文\"", "履职要求触及");
    assert!(said.help.contains(RELIEF));
    // A target over a record is refused whatever the record is called.
    let meetings = "[[indicator]]\nid = \"times-met\"\nclause = \"S1.3\"\nname = \"季度安排\"\nunit = \"times\"\nof = { from = \"outputs\", output = \"meeting\" }\ndefinition = \"次数。\"\nversion = 1\n\n[[obligation]]";
    accepts(TASKS, "[[obligation]]", meetings);
    let mut files = small();
    let text = files.get_mut(TASKS).unwrap();
    *text = text
        .replacen("[[obligation]]", meetings, 1)
        .replacen("name = \"季度会议\"", "name = \"季度安排表\"", 1)
        .replace("\"meeting\"", "\"gather\"");
    let target = "[[target]]\nid = \"meet\"\nclause = \"S1.3\"\nname = \"季度安排\"\nyear = 2027\nunit = \"times\"\naim = { kind = \"at_least\", value = 4 }\nindicator = \"times-met\"\nbasis = \"统计口径未确认\"\n";
    files.get_mut(TARGETS).unwrap().push_str(target);
    let problems = load(&files).unwrap_err();
    assert!(problems.iter().any(|one| one.message.contains("记录“季度安排表”")), "{problems:?}");
    let condition = "holds = { by = \"outputs\", output = \"money\", at_least = 1 }";
    let bad = "holds = { by = \"outputs\", output = \"meeting\", at_least = 1 }";
    let caret = "{ by = \"outputs\", output = \"meeting\", at_least = 1 }";
    refuses(TASKS, condition, bad, caret, "申报条件触及减负禁项（会议）");
    let points = refuses(
        TASKS,
        "label = \"课酬\"\nkind = \"number\"\nunit = \"yuan\"",
        "label = \"课酬\"\nkind = \"number\"\nunit = \"points\"",
        "\"课酬\"",
        "按“分”计",
    );
    assert!(points.help.contains(APPS));
    // The duty itself stands in the small programme: a meeting may be owed, held or not held.
    assert!(load(&small()).unwrap().duties.iter().any(|duty| duty.output == "meeting"));
}

#[test]
fn what_another_form_holds_is_not_asked_again() {
    let use_field = "label = \"主要用途\"";
    let cost = "label = \"课酬\"\nkind = \"number\"\nunit = \"yuan\"";
    let said =
        refuses(TASKS, use_field, "label = \"在校生\"", "\"在校生\"", "已在“年度基本情况”的“在校生”里问过");
    assert!(said.help.contains("只问一次"), "{said:?}");
    refuses(TASKS, use_field, "label = \" 在校生（人） \"", "\" 在校生（人） \"", "里问过");
    refuses(TASKS, "quantity_label = \"学时\"", "quantity_label = \"占地\"", "\"占地\"", "里问过");
    refuses(PROFILE, "name = \"专任教师\"", "name = \"在校生\"", "\"在校生\"", "问了两次");
    // By the element, whatever the label.
    refuses(
        TASKS,
        use_field,
        "element = \"students\"\nlabel = \"招收对象\"",
        "\"招收对象\"",
        "年度基本情况里已有",
    );
    let facts = "element = \"room.use\"\nlabel = \"主要用途\"";
    accepts(TASKS, use_field, facts);
    let mut files = small();
    let text = files.get_mut(TASKS).unwrap();
    *text = text.replacen(use_field, facts, 1).replacen(
        "label = \"课酬\"",
        "element = \"room.use\"\nlabel = \"课酬\"",
        1,
    );
    let problems = load(&files).unwrap_err();
    assert!(problems[0].message.contains("“课酬”就是“教室用途”，另一张表里已有"), "{problems:?}");
    // The same label and unit, where one of the two is filled without an occasion.
    let yearly = "unit = \"yuan\"\nquantity_label = \"承诺金额\"";
    let with = |frequency: &str| {
        let mut files = small();
        let text = files.get_mut(TASKS).unwrap();
        let new = format!("frequency = \"{frequency}\"\nunit = \"yuan\"\nquantity_label = \"课酬\"");
        *text = text.replacen(yearly, &new, 1);
        files
    };
    assert!(load(&with("per_occasion")).is_ok());
    let problems = load(&with("yearly")).unwrap_err();
    assert!(problems[0].message.contains("“课酬”已在“同堂授课”的“课酬”里问过"), "{problems:?}");
    // Within one form.
    refuses(TASKS, cost, &cost.replace("课酬", "学时"), "\"学时\"", "栏目“学时”问了两次");
    refuses(FORMS, "label = \"补充说明\"", "label = \"需要什么\"", "\"需要什么\"", "问了两次");
}

/// The same fact under another label: by what the field says it is, and by the wordings in which people ask for it.
#[test]
fn what_the_system_has_is_not_asked_under_another_label() {
    let cost = "label = \"课酬\"\nkind = \"number\"\nunit = \"yuan\"";
    for label in ["全校在校学生总数", "学校现有学生人数", "目前在校生（人）", "在校学生规模"]
    {
        let asked = format!("label = \"{label}\"\nkind = \"number\"\nunit = \"persons\"");
        let said = refuses(TASKS, cost, &asked, &format!("\"{label}\""), "年度基本情况里已有");
        assert!(said.help.contains("只问一次"), "{said:?}");
    }
    // Others than those of the school, and the same word of another unit or kind, are other things.
    for asked in [
        "label = \"参训在校学生人数\"\nkind = \"number\"\nunit = \"persons\"",
        "label = \"在校学生\"\nkind = \"number\"\nunit = \"person_times\"",
        "label = \"在校学生\"\nkind = \"long_text\"",
    ] {
        let before = "[[activity.field]]\nid = \"cost\"";
        let field = format!("[[activity.field]]\nid = \"extra\"\n{asked}\npurpose = \"试\"\n\n{before}");
        accepts(TASKS, before, &field);
    }
    let of = |element: &str| format!("{cost}\nelement = \"{element}\"");
    refuses(TASKS, cost, &of("school.pupils"), "\"课酬\"", "没有列出");
    refuses(TASKS, cost, &of("school.students"), "\"课酬\"", "单位不同");
    let persons = cost.replace("yuan", "persons");
    refuses(TASKS, cost, &format!("{persons}\nelement = \"school.students\""), "\"课酬\"", "里已有");
    let taken = format!("{persons}\nelement = \"school.students\"\ntaken_from = \"profile\"");
    refuses(TASKS, cost, &taken, "\"课酬\"", "不带出别处的内容");
    // A choice between spans of it asks for it, too.
    let spans = [("\"实训\"", "\"在校生500人以下\""), ("\"理论\"", "\"在校生500人以上\"")];
    let mut files = small();
    let text = files.get_mut(TASKS).unwrap();
    for (old, new) in spans {
        *text = text.replacen(old, new, 1);
    }
    let problems = load(&files).unwrap_err();
    assert!(problems.iter().any(|one| one.message.contains("“主要用途”就是“在校学生”")), "{problems:?}");
    // A form that is written by hand may show what is held elsewhere.
    let detail = "{ id = \"detail\", label = \"补充说明\", kind = \"long_text\"";
    let shown = |from: &str| {
        format!(
            "{{ id = \"size\", label = \"学校规模\", kind = \"number\", unit = \"persons\", purpose = \"试\", element = \"school.students\", taken_from = \"{from}\" }},\n    {detail}"
        )
    };
    accepts(FORMS, detail, &shown("profile"));
    refuses(FORMS, detail, &shown("registry"), "\"学校规模\"", "不从“registry”带出");
    refuses(FORMS, detail, &shown(""), "\"学校规模\"", "里已有");
    refuses(KNOWN, "held = \"room\"", "held = \"rooms\"", "\"rooms\"", "不是系统里的地方");
    refuses(KNOWN, "profile = \"students\"", "profile = \"student\"", "\"student\"", "没有编号为");
    refuses(
        KNOWN,
        "held = \"profile\"\nprofile = \"students\"",
        "held = \"profile\"",
        "\"profile\"",
        "哪一项",
    );
}

/// What a field is counts under any label: something forbidden, and one thing twice in one form.
#[test]
fn what_a_field_is_counts_under_any_label() {
    let before = "[[output.field]]\nid = \"use\"";
    let field = |id: &str, label: &str, more: &str| {
        format!(
            "[[output.field]]\nid = \"{id}\"\nlabel = \"{label}\"\nkind = \"text\"\npurpose = \"试\"\n{more}\n\n"
        )
    };
    let with = |fields: &[String]| format!("{}{before}", fields.concat());
    for element in ["room.photo", "room.gps", "visit.check-in", "teacher.ranking"] {
        let listed = |required: bool| {
            let mut files = small();
            let known = format!("\n[[known]]\nid = \"{element}\"\nname = \"情况\"\nheld = \"room\"\n");
            files.get_mut(KNOWN).unwrap().push_str(&known);
            let asked =
                field("extra", "完成得怎样", &format!("required = {required}\nelement = \"{element}\""));
            let text = files.get_mut(TASKS).unwrap();
            *text = text.replacen(before, &with(&[asked]), 1);
            load(&files)
        };
        let problems = listed(true).unwrap_err();
        assert!(
            problems.iter().any(|one| one.message.contains("“完成得怎样”触及减负禁项")),
            "{element}: {problems:?}"
        );
        assert!(listed(false).is_ok(), "{element} may be offered");
    }
    // An innocent id with a name that is none.
    let mut files = small();
    files
        .get_mut(KNOWN)
        .unwrap()
        .push_str("\n[[known]]\nid = \"room.view\"\nname = \"现场照片\"\nheld = \"room\"\n");
    let asked = field("extra", "完成得怎样", "required = true\nelement = \"room.view\"");
    let text = files.get_mut(TASKS).unwrap();
    *text = text.replacen(before, &with(&[asked]), 1);
    let problems = load(&files).unwrap_err();
    assert!(problems.iter().any(|one| one.message.contains("触及减负禁项（照片）")), "{problems:?}");
    // One thing twice, whatever it is called and wherever it stands.
    let first = field("first", "上学期怎样用", "element = \"room.use\"");
    let second = |more: &str| field("second", "派什么用场", &format!("element = \"room.use\"\n{more}"));
    accepts(TASKS, before, &with(std::slice::from_ref(&first)));
    for more in ["", "group = \"其他\"", "because = \" \""] {
        let twice = with(&[first.clone(), second(more)]);
        let said =
            refuses(TASKS, before, &twice, "\"派什么用场\"", "“派什么用场”与“上学期怎样用”问的是同一件");
        assert!(said.help.contains("because"), "{said:?}");
    }
    accepts(TASKS, before, &with(&[first, second("because = \"两学期用途不同，分开核对\"")]));
    let needless = with(&[second("because = \"试\"")]);
    refuses(TASKS, before, &needless, "\"派什么用场\"", "没有再问一次");
}

#[test]
fn what_can_be_figured_is_not_asked() {
    let cost = "label = \"课酬\"\nkind = \"number\"\nunit = \"yuan\"";
    let rate = "label = \"满意情况\"\nkind = \"number\"\nunit = \"basis_points\"";
    let said = refuses(TASKS, cost, rate, "\"满意情况\"", "可以由两个数算出");
    assert!(said.help.contains("分子和分母"), "{said:?}");
    refuses(
        TASKS,
        cost,
        "label = \"女生占比\"\nkind = \"number\"\nunit = \"yuan\"",
        "\"女生占比\"",
        "可以由两个数算出",
    );
    refuses(
        TASKS,
        cost,
        "label = \"启用教室\"\nkind = \"number\"\nunit = \"yuan\"",
        "\"启用教室\"",
        "就是指标“启用教室”",
    );
    // An indicator may have the name of just what it adds up.
    accepts(TASKS, cost, "label = \"市级课酬合计\"\nkind = \"number\"\nunit = \"yuan\"");
    accepts(TASKS, "name = \"专任教师总数\"", "name = \"专任教师\"");
    refuses(
        PROFILE,
        "purpose = \"对照标准\"\nderived = { of = [\"land\"], by = \"students\" }",
        "purpose = \"对照标准\"",
        "\"生均占地\"",
        "可以由两个数算出",
    );
    accepts(
        PROFILE,
        "purpose = \"对照标准\"\nderived = { of = [\"land\"], by = \"students\" }",
        "purpose = \"对照标准\"\nimported = true",
    );
}

#[test]
fn the_register_is_whole() {
    refuses(FORMS, "kind = \"need\"", "kind = \"output\"", "\"output\"", "不在这里写");
    let (problems, _) = after(FORMS, "kind = \"need\"", "kind = \"other\"");
    assert!(problems[0].message.contains("没有登记“需求”表单"), "{problems:?}");
    assert_eq!(problems[0].file, "programme.toml");
    refuses("programme.toml", "ceiling_minutes = 240", "ceiling_minutes = 0", "0", "没有写填报上限");
    refuses("programme.toml", "answer_workdays = 10", "answer_workdays = 0", "0", "多少天内答复");
    refuses(TASKS, "minutes = 5", "minutes = 500", "500", "公开上限");
    refuses("plans.toml", "comment_workdays = 5", "comment_workdays = 4", "4", "少于最短提前量");
}
