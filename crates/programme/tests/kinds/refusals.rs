//! What a programme may not say of outputs, applications, duties, year-profile, standards and figures. Each case changes
//! one place of the small programme, and must be refused there, with the caret under what is wrong.

use crate::{FORMS, PROFILE, STANDARDS, TASKS, accepts, after, refuses, small};
use jiedui_programme::load;

#[test]
fn references() {
    let cases = [
        ("clauses = [\"T6.2\"]\nkind", "clauses = [\"T6.9\"]\nkind", "\"T6.9\"", "没有编号为“T6.9”的条款"),
        ("clauses = [\"T6.2\"]\napplicant", "clauses = []\napplicant", "[]", "没有写明依据哪一条"),
        ("result = \"room\"", "result = \"hall\"", "\"hall\"", "没有编号为“hall”的成果"),
        ("output = \"meeting\"\nowed", "output = \"meet\"\nowed", "\"meet\"", "没有编号为“meet”的成果"),
        ("clause = \"S1.3\"", "clause = \"S1.33\"", "\"S1.33\"", "的条款"),
        ("element = \"land\", at", "element = \"lands\", at", "\"lands\"", "的基本情况项目"),
        (
            "by = \"not_attained\", standard = \"first\"",
            "by = \"not_attained\", standard = \"none\"",
            "\"none\"",
            "的标准",
        ),
        ("by = \"outputs\", output = \"money\"", "by = \"outputs\", output = \"gold\"", "\"gold\"", "的成果"),
        (
            "by = \"indicator\", indicator = \"lesson-hours\"",
            "by = \"indicator\", indicator = \"hours\"",
            "\"hours\"",
            "的指标",
        ),
        (
            "of = { from = \"covered\", activity = \"lesson\" }",
            "of = { from = \"covered\", activity = [\"lesson\", \"less\"] }",
            "\"less\"",
            "的活动",
        ),
        (
            "of = { from = \"profile\", element = \"teachers\" }",
            "of = { from = \"profile\", element = \"tutors\" }",
            "\"tutors\"",
            "的基本情况项目",
        ),
        (
            "of = { from = \"attained\", standard = \"first\" }",
            "of = { from = \"attained\", standard = \"third\" }",
            "\"third\"",
            "的标准",
        ),
        ("numerator = \"covered\"", "numerator = \"cover\"", "\"cover\"", "的指标"),
    ];
    for (old, new, caret, message) in cases {
        refuses(TASKS, old, new, caret, message);
    }
    refuses(STANDARDS, "standard = \"first\"\nname", "standard = \"fist\"\nname", "\"fist\"", "的标准");
    refuses(STANDARDS, "element = \"land\"", "element = \"lnd\"", "\"lnd\"", "的基本情况项目");
    refuses(PROFILE, "of = [\"land\"]", "of = [\"lend\"]", "\"lend\"", "的基本情况项目");
    refuses(FORMS, "id = \"collaboration\"", "id = \"together\"", "\"together\"", "的方案模板");
}

#[test]
fn fields_options_and_units() {
    let choice = "label = \"层次\"\nkind = \"choice\"";
    refuses(TASKS, choice, "label = \"层次\"\nkind = \"text\"", "[[activity.field.option]]", "却写了选项");
    let cost = "label = \"课酬\"\nkind = \"number\"\nunit = \"yuan\"";
    refuses(TASKS, cost, "label = \"课酬\"\nkind = \"number\"", "\"number\"", "没有写单位");
    refuses(TASKS, cost, "label = \"课酬\"\nkind = \"text\"\nunit = \"yuan\"", "\"yuan\"", "不是数字");
    refuses(TASKS, cost, "label = \"课酬\"\nkind = \"choice\"", "\"choice\"", "没有两个以上的选项");
    refuses(
        TASKS,
        "id = \"school\"\nname = \"校级\"",
        "id = \"city\"\nname = \"校级\"",
        "\"city\"",
        "选项“校级”重复",
    );
    refuses(TASKS, "id = \"cost\"", "id = \"level\"", "\"level\"", "栏目“level”重复");
    refuses(
        TASKS,
        "label = \"主要用途\"",
        "label = \"主要用途\"\nwidth = \"huge\"",
        "\"huge\"",
        "没有这种宽度",
    );
    refuses(TASKS, "purpose = \"看投入\"", "purpose = \"\"", "\"\"", "是空的");
    refuses(FORMS, "purpose = \"把需求归到任务，供匹配和立项时对上\"", "purpose = \" \"", "\" \"", "是空的");
    refuses(PROFILE, "purpose = \"算占地缺口\"", "purpose = \"\"", "\"\"", "是空的");
    refuses(TASKS, "posts = [\"teacher\"]", "posts = []", "[]", "可点哪些人");
    refuses(TASKS, "id = \"cost\"", "id = \"quantity\"", "\"quantity\"", "自带的栏目编号");
    refuses(TASKS, "id = \"use\"", "id = \"title\"", "\"title\"", "自带的栏目编号");
    refuses(TASKS, "minutes = 5", "minutes = 0", "0", "没有申明填报成本");
}

#[test]
fn two_sides_everywhere() {
    let own = "recorded_by = [\"county_school\"]\nconfirmed_by = \"county_bureau\"";
    let same = "recorded_by = [\"county_school\"]\nconfirmed_by = \"county_school\"";
    refuses(TASKS, own, same, "\"county_school\"", "不能自己确认");
    refuses(TASKS, own, "recorded_by = [\"county_school\"]", "[\"county_school\"]", "没有写明由谁确认");
    refuses(TASKS, own, "recorded_by = []\nconfirmed_by = \"county_bureau\"", "[]", "没有写明由谁登记");
    let meeting = "of_school = false\nunit = \"times\"";
    let confirmed = "of_school = false\nconfirmed_by = \"county_school\"\nunit = \"times\"";
    refuses(TASKS, meeting, confirmed, "\"county_school\"", "没有县级院校，却写了由谁确认");
    refuses(
        TASKS,
        "decided_by = \"province\"",
        "decided_by = \"county_school\"",
        "\"county_school\"",
        "不能自己审定",
    );
    let old = "recommended_by = \"county\"";
    refuses(TASKS, old, "recommended_by = \"county_school\"", "\"county_school\"", "不能自己推荐");
    refuses(TASKS, "applicant = [\"county_school\"]", "applicant = []", "[]", "没有写明由谁申报");
    refuses(
        PROFILE,
        "accepted_by = \"county\"",
        "accepted_by = \"county_school\"",
        "\"county_school\"",
        "不能自己核对",
    );
    // The province may give and a helper confirm nothing of its own.
    let old = "claimed_by = [\"province\"]\nconfirmed_by = \"county_school\"";
    accepts(TASKS, old, "claimed_by = [\"province\"]\nconfirmed_by = \"helper\"");
    let new = "claimed_by = [\"county\"]\nconfirmed_by = \"county_bureau\"";
    refuses(TASKS, old, new, "\"county_bureau\"", "不能自己确认");
}

/// Payers agree to what names them: the template says where.
#[test]
fn a_plan_whose_payers_agree_says_who_pays() {
    let asked = "agreed_by = [\"nearby\", \"county_school\"]";
    let payers = format!("{asked}\npayers_agree = true");
    refuses("plans.toml", asked, &payers, "true", "没有写由哪一级补的章节");
}

/// An answer may name who confirms what chose it, and never somebody who fills the form.
#[test]
fn an_answer_that_says_who_confirms() {
    let option = "id = \"city\"\nname = \"市级\"";
    let by = |confirmer: &str| format!("{option}\nconfirmed_by = \"{confirmer}\"");
    accepts(TASKS, option, &by("county_bureau"));
    refuses(TASKS, option, &by("helper"), "\"helper\"", "不能改由这一方确认");
    let lesson = "claimed_by = [\"lead\", \"nearby\"]\nconfirmed_by = \"county_school\"";
    let mut files = small();
    let text = files.get_mut(TASKS).unwrap();
    *text = text.replacen(lesson, "claimed_by = [\"county\"]\nconfirmed_by = \"county_school\"", 1);
    *text = text.replacen(option, &by("county_bureau"), 1);
    let problems = load(&files).unwrap_err();
    assert!(problems.iter().any(|one| one.message.contains("不能自己确认")), "{problems:?}");
}

#[test]
fn stages_and_amounts() {
    refuses(
        TASKS,
        "name = \"启用\"\ncounts = true",
        "name = \"启用\"",
        "[[output.stage]]",
        "没有一个阶段计入",
    );
    refuses(TASKS, "name = \"筹建\"", "name = \"筹建\"\nends = true", "true", "终止的阶段不在最后");
    refuses(TASKS, "id = \"shut\"\nname", "id = \"open\"\nname", "\"open\"", "阶段编号重复");
    refuses(TASKS, "quantity_label = \"建筑面积\"\n", "", "\"square_metres\"", "却没有写数量叫什么");
    refuses(TASKS, "quantity_label = \"承诺金额\"\n", "", "\"到位金额\"", "没有问承诺多少");
    refuses(TASKS, "achieved_label = \"到位金额\"\n", "", "\"承诺金额\"", "不问落实了多少");
    refuses(
        TASKS,
        "unit = \"yuan\"\nquantity_label",
        "unit = \"basis_points\"\nquantity_label",
        "\"basis_points\"",
        "比率",
    );
}

#[test]
fn conditions_and_duties() {
    refuses(TASKS, ", at_least = 20000 }", " }", "{ by = \"profile\", element = \"land\" }", "没有写界限");
    refuses(TASKS, "at_least = 20000", "at_least = 2, at_most = 1", "1", "上限小于下限");
    refuses(TASKS, "output = \"money\", at_least = 1", "output = \"money\", at_least = 0", "0", "大于零");
    refuses(TASKS, "any = [\"技工学校\"] }", "any = [\"技校\"] }", "\"技校\"", "没有“技校”这个办学层次");
    refuses(TASKS, "{ by = \"typical\" }", "{ by = \"typical\", since = 1 }", "1", "不认识的项“since”");
    refuses(TASKS, "id = \"weak\"\ntext", "id = \"land\"\ntext", "\"land\"", "条件编号重复");
    refuses(
        TASKS,
        "element = \"land\", at_least",
        "element = \"employment_day\", at_least",
        "\"employment_day\"",
        "日期",
    );
    let old = "by = \"indicator\", indicator = \"lesson-hours\"";
    refuses(TASKS, old, "by = \"indicator\", indicator = \"met-schools\"", "\"met-schools\"", "数学校的指标");
    assert!(
        after(TASKS, "result = \"room\"", "result = \"money\"").0.is_empty(),
        "the decision says how much"
    );
    refuses(TASKS, "output = \"meeting\"\nowed", "output = \"room\"\nowed", "\"room\"", "不是记录");
    refuses(
        TASKS,
        "owed_by = [\"city\"]",
        "owed_by = [\"city\", \"lead\"]",
        "\"lead\"",
        "牵头院校要承担，却不能登记",
    );
    refuses(TASKS, "every = \"quarter\"\nat_least = 1", "every = \"quarter\"\nat_least = 0", "0", "大于零");
    let held = "name = \"已召开\", counts = true";
    refuses(TASKS, held, "name = \"已召开\"", "\"meeting\"", "没有一个阶段计入");
}

#[test]
fn standards_judge_only_with_a_checked_source() {
    let checked = "status = \"checked\"\nusable = true\nsource = \"示例文件第一条\"";
    refuses(
        STANDARDS,
        checked,
        "status = \"memory\"\nusable = true\nsource = \"忆\"",
        "true",
        "没有核对过的数",
    );
    refuses(STANDARDS, checked, "status = \"checked\"\nusable = true", "true", "没有出处的数");
    let bound = "at_least = 30000\nunit";
    refuses(STANDARDS, bound, "at_least = 30000\nat_most = 40000\nunit", "true", "写了2个界限");
    refuses(STANDARDS, bound, "at_least = 30000\nat_most = 20000\nunit", "20000", "上限小于下限");
    refuses(STANDARDS, bound, "unit", "true", "写了0个界限");
    let unit = "at_least = 30000\nunit = \"square_metres\"";
    refuses(STANDARDS, unit, "at_least = 30000\nunit = \"persons\"", "\"persons\"", "单位是“人”");
    refuses(STANDARDS, unit, "at_least = 30000", "\"占地\"", "没有写单位");
    refuses(STANDARDS, "element = \"land\"", "element = \"employment_day\"", "\"employment_day\"", "日期");
    refuses(STANDARDS, "rung = 2", "rung = 1", "1", "同在第1级");
    accepts(STANDARDS, "rung = 2", "rung = 0");
    refuses(STANDARDS, "level = \"高级技工学校\"", "level = \"大学\"", "\"大学\"", "没有“大学”这个办学层次");
    let from = "from = \"2012-01-01\"";
    refuses(STANDARDS, from, "from = \"2012-01-01\"\nto = \"2011-01-01\"", "\"2011-01-01\"", "早于开始日");
    refuses(STANDARDS, "source = \"示例文件\"", "source = \"\"", "\"\"", "是空的");
}

#[test]
fn figures_are_derived_from_what_fits() {
    refuses(PROFILE, "of = [\"land\"]", "of = [\"land\", \"students\"]", "\"students\"", "把平方米与人相加");
    refuses(
        PROFILE,
        "of = [\"teachers\"]",
        "of = [\"teachers\", \"trained\"]",
        "\"trained\"",
        "把人与人次相加",
    );
    let share = "of = [\"teachers\"], by = \"students\"";
    refuses(PROFILE, share, "of = [\"teachers\"], by = \"trained\"", "\"basis_points\"", "算出来的不是");
    refuses(
        PROFILE,
        "of = [\"land\"], by = \"students\"",
        "of = [\"land\"], by = \"land\"",
        "\"square_metres_per_person\"",
        "算出来的不是",
    );
    refuses(PROFILE, share, "of = [\"teachers\"], by = \"land_each\"", "\"land_each\"", "自己也是算出来的");
    refuses(
        PROFILE,
        share,
        "of = [\"employment_day\"], by = \"students\"",
        "\"employment_day\"",
        "日期不能参加计算",
    );
    refuses(PROFILE, share, "of = []", "[]", "没有写由哪几项算出");
    refuses(
        PROFILE,
        share,
        "of = [\"teachers\", \"teachers\"], by = \"students\"",
        "\"teachers\"",
        "同一项加了两遍",
    );
    refuses(PROFILE, "as_of = \"10-31\"", "as_of = \"2-30\"", "\"2-30\"", "截止日");
    refuses(PROFILE, "as_of = \"10-31\"", "as_of = \"02-29\"", "\"02-29\"", "截止日");
}

/// Principle 6, wherever something is added up.
#[test]
fn units_do_not_mix_in_indicators() {
    let covered = "unit = \"persons\"\nof = { from = \"covered\"";
    let cases = [
        ("unit = \"hours\"\nof", "unit = \"person_times\"\nof", "\"person_times\"", "单位是“人次”"),
        (
            "unit = \"yuan\"\nof = { from = \"entries\"",
            "unit = \"hours\"\nof = { from = \"entries\"",
            "\"hours\"",
            "它所加的栏目",
        ),
        (covered, "unit = \"person_times\"\nof = { from = \"covered\"", "\"person_times\"", "按人算的覆盖"),
        (
            "unit = \"persons\"\nof = { from = \"profile\"",
            "unit = \"person_times\"\nof = { from = \"profile\"",
            "\"person_times\"",
            "它所加的基本情况项目",
        ),
        ("unit = \"basis_points\"\nof", "unit = \"persons\"\nof", "\"persons\"", "而比率的单位"),
        (
            "unit = \"items\"\nof = { from = \"outputs\"",
            "unit = \"square_metres\"\nof = { from = \"outputs\"",
            "\"square_metres\"",
            "按件数的成果",
        ),
        ("unit = \"square_metres\"\nof", "unit = \"items\"\nof", "\"items\"", "它所加的成果"),
        (
            "unit = \"schools\"\nof = { from = \"attained\"",
            "unit = \"persons\"\nof = { from = \"attained\"",
            "\"persons\"",
            "达标院校数",
        ),
        (
            "unit = \"schools\"\nof = { from = \"level\"",
            "unit = \"items\"\nof = { from = \"level\"",
            "\"items\"",
            "按层次数出",
        ),
        (
            "of = { from = \"entries\", activity = \"lesson\" }",
            "of = { from = \"entries\", activity = [\"lesson\", \"briefing\"] }",
            "\"hours\"",
            "的单位是“次”",
        ),
        (
            "denominator = \"staff\"",
            "denominator = \"rooms\"",
            "\"rooms\"",
            "分子的单位是“人”，分母的单位是“个”",
        ),
        ("denominator = \"staff\"", "denominator = \"covered-share\"", "\"covered-share\"", "自己也是比率"),
        ("denominator = \"staff\"", "denominator = \"covered\"", "\"covered\"", "分子与分母相同"),
    ];
    for (old, new, caret, message) in cases {
        refuses(TASKS, old, new, caret, message);
    }
}

#[test]
fn indicators_count_what_can_be_counted() {
    let covered = "definition = \"参加过的人，一人计一次。\"\nversion = 1";
    let all = format!("{covered}\nall_by = 2024");
    refuses(TASKS, covered, &all, "2024", "不能要求全部院校做到");
    let field = "field = \"cost\"";
    refuses(TASKS, field, "field = \"level\"", "\"level\"", "栏目“level”不是数字");
    refuses(TASKS, field, "field = \"price\"", "\"price\"", "栏目“price”不存在");
    let only = "only = { field = \"level\", is = [\"city\"] }";
    refuses(TASKS, only, "only = { field = \"cost\", is = [\"city\"] }", "\"cost\"", "没有选择题");
    refuses(TASKS, only, "only = { field = \"level\", is = [\"town\"] }", "\"town\"", "没有选项“town”");
    refuses(TASKS, only, "only = { field = \"level\", is = [] }", "[]", "只计哪些选项");
    refuses(TASKS, "is = [\"practice\"]", "is = [\"play\"]", "\"play\"", "没有选项“play”");
    let covered = "from = \"covered\", activity = \"lesson\"";
    refuses(TASKS, covered, "from = \"covered\", activity = \"briefing\"", "\"briefing\"", "没有名单");
    refuses(TASKS, covered, "from = \"covered\", activity = []", "[]", "没有写计哪一种");
    refuses(TASKS, "sum = \"quantity\"", "sum = \"achieved\"", "\"achieved\"", "没有这个数可加");
    refuses(
        TASKS,
        "from = \"profile\", element = \"teachers\"",
        "from = \"profile\", element = \"teacher_share\"",
        "\"teacher_share\"",
        "不能按校相加",
    );
    refuses(
        TASKS,
        "from = \"profile\", element = \"teachers\"",
        "from = \"profile\", element = \"employment_day\"",
        "\"employment_day\"",
        "日期不能相加",
    );
    refuses(TASKS, "any = [\"技师学院\"] }", "any = [] }", "[]", "没有写办学层次");
}

#[test]
fn examples_speak_of_what_exists() {
    refuses(TASKS, "on = \"2026-06-30\"\n", "", "\"room\"", "缺少 on");
    refuses(TASKS, "period = \"2026-Q3\"\n", "", "\"meet\"", "缺少 today 或 period");
    refuses(
        TASKS,
        "[[\"held\", \"2026-09-10\"]]",
        "[[\"done\", \"2026-09-10\"]]",
        "\"done\"",
        "没有阶段“done”",
    );
    refuses(TASKS, "[[\"plan\", \"2026-01-10\"], [\"open\", \"2026-05-02\"]]", "[]", "[]", "阶段写得不对");
    refuses(
        TASKS,
        "fields = { level = \"city\"",
        "fields = { level = \"town\"",
        "\"town\"",
        "没有选项“town”",
    );
    refuses(TASKS, "fields = { level = \"city\"", "fields = { lvl = \"city\"", "\"city\"", "没有栏目“lvl”");
    refuses(TASKS, "values = { teachers = 4 }", "values = { teacher = 4 }", "4", "的基本情况项目");
    refuses(TASKS, "values = { teachers = 4 }", "values = { teacher_share = 4 }", "4", "是算出来的");
    refuses(TASKS, "figures = { lesson-hours = 3 }", "figures = { hours = 3 }", "3", "的指标");
    refuses(
        TASKS,
        "conditions = { weak = \"not_met\" }",
        "conditions = { week = \"not_met\" }",
        "\"not_met\"",
        "没有编号为“week”的条件",
    );
    refuses(
        STANDARDS,
        "profile = { land = 30000 }",
        "profile = { lands = 30000 }",
        "30000",
        "的基本情况项目",
    );
    let (problems, _) = after(TASKS, "duty = \"meet\"", "duty = \"meet\"\noutput = \"room\"");
    assert!(problems.iter().any(|problem| problem.message.contains("须且只须写明一个对象")), "{problems:?}");
}

#[test]
fn a_wrong_expectation_of_each_kind_is_found() {
    for (file, old, new) in [
        (TASKS, "expect = { counted = 1 }", "expect = { counted = 2 }"),
        (TASKS, "lessons = \"unknown\", level = \"met\"", "lessons = \"met\", level = \"met\""),
        (TASKS, "expect = { state = \"missed\", confirmed = 0", "expect = { state = \"met\", confirmed = 0"),
        (TASKS, "expect = { claimed = 65000", "expect = { claimed = 155000"),
        (
            TASKS,
            "expect = { claimed = 7500, confirmed = 7500 }",
            "expect = { claimed = 7500, confirmed = 5000 }",
        ),
        (STANDARDS, "expect = { attainment = \"unknown\" }", "expect = { attainment = \"not_met\" }"),
    ] {
        let mut files = small();
        let text = files.get_mut(file).unwrap();
        assert!(text.contains(old), "{old}");
        *text = text.replacen(old, new, 1);
        let failures = jiedui_programme::run_examples(&load(&files).unwrap());
        assert_eq!(failures.len(), 1, "{old}: {failures:?}");
        assert_eq!(failures[0].file, file);
    }
}
