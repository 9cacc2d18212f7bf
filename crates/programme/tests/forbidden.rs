//! Programmes of our own devising that an official might really write, and that the plan's rules against formalism or plain
//! sense forbid. Each changes one place of the real programme and must be refused at that place, in Chinese, with what to do.
//! As many innocent changes must pass: a false alarm teaches people to write around the checker.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_programme::{Problem, load, load_folder};

const PROGRAMME: &str = "programme.toml";
const CLAUSES: &str = "clauses.toml";
const TARGETS: &str = "targets.toml";
const ACCESS: &str = "access.toml";
const ACCESS_TO_WORK: &str = "access/evidence.toml";
const ACCESS_TO_SCHOOLS: &str = "access/network.toml";
const PROFILE: &str = "profile.toml";
const PLANS: &str = "plans.toml";
const FORMS: &str = "forms.toml";
const MATCHING: &str = "matching.toml";
const WORDS: &str = "forbidden.toml";
const CONDITIONS: &str = "tasks/01-conditions.toml";
const SOCIAL: &str = "tasks/09-social-training.toml";
const SAFEGUARD: &str = "safeguards/1-organisation.toml";
const MECHANISM: &str = "safeguards/1-mechanism.toml";
const SCHOOL: &str = "standards/1-technical-school.toml";
const PUBLICITY: &str = "safeguards/3-publicity.toml";

const AGREED: &str = "[[activity.field]]\nid = \"agreed\"";

/// The problems after replacing the first `old` of the file, and the paragraph in which the new text stands.
fn after(file: &str, old: &str, new: &str) -> (Vec<Problem>, std::ops::Range<usize>) {
    let mut files = common::files();
    let text = files.get_mut(file).unwrap();
    let at = text.find(old).unwrap_or_else(|| panic!("{file} does not contain {old}"));
    text.replace_range(at..at + old.len(), new);
    let end = at + new.len();
    let paragraph = (text[..at].rfind("\n\n").unwrap_or(0), text[end..].find("\n\n").unwrap_or(0) + end);
    (load(&files).err().unwrap_or_default(), paragraph.0..paragraph.1)
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|sign| ('\u{4e00}'..='\u{9fff}').contains(&sign))
}

/// Asserts that the change is refused where it stands.
#[track_caller]
fn forbids(file: &str, old: &str, new: &str) {
    let (problems, changed) = after(file, old, new);
    let here =
        |one: &&Problem| one.file == file && one.span.start < changed.end && changed.start < one.span.end;
    let found = problems.iter().find(here);
    let found = found.unwrap_or_else(|| panic!("{file}: {old} → {new}: {problems:?}"));
    assert!(is_chinese(&found.message) && is_chinese(&found.help), "{found:?}");
    assert!(found.position().0 > 0);
}

#[track_caller]
fn allows(file: &str, old: &str, new: &str) {
    let (problems, _) = after(file, old, new);
    assert!(problems.is_empty(), "{old} → {new}: {problems:?}");
}

/// One more field in the form of a visit.
fn field(rest: &str) -> String {
    format!("[[activity.field]]\nid = \"extra\"\npurpose = \"供核对\"\n{rest}\n\n{AGREED}")
}

/// A mandatory text.
fn asked(label: &str) -> String {
    field(&format!("label = \"{label}\"\nkind = \"text\"\nrequired = true"))
}

/// A mandatory choice between two.
fn choice(label: &str, first: &str, second: &str) -> String {
    field(&format!(
        "label = \"{label}\"\nkind = \"choice\"\nrequired = true\noption = [{{ id = \"a\", name = \"{first}\" }}, {{ id = \"b\", name = \"{second}\" }}]"
    ))
}

#[test]
fn mandatory_traces_under_innocent_names() {
    for label in [
        "影像佐证",
        "现场留影",
        "微信步数",
        "台账页数",
        "转发量",
        "点赞数",
        "人脸识别",
        "会议纪要份数",
        "每日打卡",
        "签到表",
        "新闻稿篇数",
        "简报期数",
        "学习笔记字数",
        "满意度排名",
        "红黑榜",
        "流动红旗",
        "末位约谈",
        "操作截图",
        "定位轨迹",
        "手写心得",
        "朋友圈转发",
        "工作日志",
        "摆拍场景",
        "学习强国学时",
    ] {
        forbids(SAFEGUARD, AGREED, &asked(label));
    }
}

#[test]
fn no_way_of_writing_helps() {
    for label in [
        "照 片",
        "照\u{200b}片",
        "照·片张数",
        "簽到記錄",
        "學習筆記",
        "簡報",
        "流動紅旗",
        "ＧＰＳ 坐标",
        "P\u{43d}oto、ph\u{43e}to",
        "上传zhaopian",
        "daka次数",
        "打_卡",
        "⽂件份数",
        "截　图",
    ] {
        forbids(SAFEGUARD, AGREED, &asked(label));
    }
}

#[test]
fn traces_beside_an_innocent_label() {
    let with = |more: &str| field(&format!("label = \"完成情况\"\nkind = \"text\"\nrequired = true\n{more}"));
    forbids(SAFEGUARD, AGREED, &with("help = \"请附现场照片三张\""));
    forbids(SAFEGUARD, AGREED, &with("help = \"须有佐证，不少于两张照片\""));
    forbids(SAFEGUARD, AGREED, &choice("完成方式", "上传截图", "上传录像"));
    forbids(SAFEGUARD, AGREED, &choice("宣传方式", "公众号推文", "当面讲"));
    let optional = "label = \"完成情况\"\nkind = \"text\"\nhelp = \"必须上传照片\"";
    forbids(SAFEGUARD, AGREED, &field(optional));
    let purpose = "purpose = \"供季会议跟踪办理，不另行报送\"";
    forbids(SAFEGUARD, purpose, "required = true\npurpose = \"与签到表对照\"");
    forbids(FORMS, "purpose = \"让协作院校一眼看懂要什么\"", "purpose = \"配现场照片\"");
    forbids(PROFILE, "help = \"含实习、实验场所。\"", "help = \"附照片，按图片逐张核对。\"");
}

#[test]
fn forms_and_papers_that_are_traces() {
    forbids(SAFEGUARD, "name = \"主要负责同志调研对接\"", "name = \"调研打卡\"");
    forbids(SAFEGUARD, "action = \"登记常驻\"", "action = \"上传驻点照片\"");
    let about = "以双方确认为准，不定位、不签到。";
    forbids(SAFEGUARD, &format!("含期间的休息日；{about}\""), "每日签到，以签到为准。\"");
    forbids(MECHANISM, "name = \"已召开\"", "name = \"已拍照留痕\"");
    forbids(MECHANISM, "name = \"月调度\"", "name = \"每月红黑榜\"");
    forbids(PUBLICITY, "about = \"介绍协作工作部署、做法、成效的宣传，", "about = \"按转发量和点赞数通报，");
    forbids(PUBLICITY, "name = \"已入选\"", "name = \"末位约谈\"");
    forbids(PLANS, "title = \"学校现状\"", "title = \"留痕材料\"");
    forbids(PLANS, "help = \"联络方式、人员和经费怎样落实。\"", "help = \"每周上传影像佐证。\"");
    forbids(FORMS, "name = \"需求办结\"", "name = \"满意度排名\"");
    forbids(CONDITIONS, "about = \"当地投入大、", "about = \"须附媒体报道三篇；当地投入大、");
    forbids(CLAUSES, "title = \"三方签署协议\"", "title = \"协作打卡\"");
}

#[test]
fn duties_targets_and_conditions_on_traces() {
    forbids(MECHANISM, "name = \"建立领导机制\"", "name = \"领导机制照片\"");
    forbids(
        MECHANISM,
        "about = \"省、市、县人社部门和协作院校",
        "about = \"以会议照片为准：省、市、县人社部门和协作院校",
    );
    forbids(SAFEGUARD, "name = \"主要负责同志年度调研\"", "name = \"年度调研发文\"");
}

#[test]
fn scores_weights_and_ranks() {
    for key in ["score", "weight", "rank"] {
        forbids(SAFEGUARD, "minutes = 2", &format!("minutes = 2\n{key} = 5"));
    }
    let component = |name: &str| {
        format!(
            "[[component]]\nid = \"extra\"\nname = \"{name}\"\nside = \"lead\"\nweight = 60\nclause = \"G0.1\"\nabout = \"试\"\nformula = {{ kind = \"industry\" }}\n\n[[component]]"
        )
    };
    for name in ["会议召开", "宣传力度", "发文质量", "平台登录", "打卡天数"] {
        let (problems, _) = after(MATCHING, "[[component]]", &component(name));
        assert!(problems.iter().any(|one| one.message.contains("计分触及")), "{name}: {problems:?}");
    }
    forbids(SAFEGUARD, "name = \"常驻天数\"", "name = \"驻校人员积分\"");
    forbids(SAFEGUARD, "definition = \"统计期内校长", "definition = \"按教师排名先后，统计期内校长");
    forbids(TARGETS, "name = \"学徒制等社会培训\"", "name = \"宣传转发\"");
    forbids(
        TARGETS,
        "basis = \"统计口径未确认：暂按全部县级院校当年合计，不是每校，也不累计\"",
        "basis = \"按简报采用数排名\"",
    );
    forbids(CONDITIONS, "text = \"当地投入有承诺，且没有落空\"\nholds", "text = \"媒体报道三篇\"\nholds");
    forbids(SAFEGUARD, "unit = \"times\"\nmeasure", "unit = \"points\"\nmeasure");
}

#[test]
fn numbers_that_nobody_can_have_meant() {
    forbids(TARGETS, "aim = { kind = \"no_measure\" }", "aim = { kind = \"at_least\", value = 5 }");
    forbids(TARGETS, "value = 9600", "value = 12000");
    forbids(TARGETS, "year = 2025", "year = 2052");
    forbids(TARGETS, "year = 2027", "year = 2019");
    forbids(PROGRAMME, "ceiling_minutes = 240", "ceiling_minutes = 99999");
    forbids(PROGRAMME, "minimum_notice_workdays = 5", "minimum_notice_workdays = 1");
    forbids(PROGRAMME, "escalation_workdays = 15", "escalation_workdays = 1");
    forbids(PROGRAMME, "sunset = \"2027-12-31\"", "sunset = \"2020-12-31\"");
    forbids(PROGRAMME, "sunset = \"2027-12-31\"", "sunset = \"2099-12-31\"");
    forbids(
        SAFEGUARD,
        "purpose = \"供季会议跟踪办理，不另行报送\"",
        "purpose = \"试\"\nsunset = \"2020-01-01\"",
    );
    forbids(PLANS, "comment_workdays = 5", "comment_workdays = 1");
    forbids(SAFEGUARD, "minutes = 2", "minutes = 0");
}

#[test]
fn what_is_missing() {
    let sentence = "mechanism = \"组织记录、倾斜分配、通报表扬\" },\n]";
    let more = "mechanism = \"组织记录、倾斜分配、通报表扬\" },\n  { id = \"S4.5\", place = \"四(四)\", title = \"压实责任\", mechanism = \"高位推动\" },\n]";
    forbids(CLAUSES, sentence, more);
    let mut files = common::files();
    *files.get_mut(ACCESS).unwrap() = "# 空\n".to_owned();
    assert!(load(&files).unwrap_err().iter().any(|one| one.file == ACCESS));
    let mut files = common::files();
    files.insert("registry/divisions.csv".to_owned(), "code,name\n440000,广东省\n".to_owned());
    assert!(load_folder(&files).is_ok());
    for text in [None, Some(""), Some("code,name\n")] {
        files.remove("registry/divisions.csv");
        files.extend(text.map(|text| ("registry/divisions.csv".to_owned(), text.to_owned())));
        let problems = load_folder(&files).unwrap_err();
        assert_eq!(problems[0].file, "registry/divisions.csv");
        assert!(is_chinese(&problems[0].message) && is_chinese(&problems[0].help));
    }
}

#[test]
fn rights_that_nobody_may_have() {
    let read = "resource = \"entry\"\nactions = [\"read\"]\nroles = [\"province\"";
    for role in ["auditor", "sysadmin", "secadmin"] {
        forbids(ACCESS_TO_WORK, read, &read.replace("\"province\"", &format!("\"{role}\", \"province\"")));
    }
    let edit = "actions = [\"import\", \"edit\"]\nroles = [\"province\"";
    forbids(ACCESS_TO_SCHOOLS, edit, &edit.replace("\"province\"", "\"sysadmin\""));
    let manage = "resource = \"account\"\nactions = [\"read\", \"manage\"]\nroles = [\"sysadmin\"]";
    forbids(ACCESS, manage, &manage.replace("\"sysadmin\"", "\"province\""));
    // A role of the system that is moved into an office keeps its rights: they are refused there.
    let (problems, _) =
        after(ACCESS, "name = \"系统管理员\"\nat = \"system\"", "name = \"系统管理员\"\nat = \"province\"");
    assert!(problems.iter().any(|one| one.file == ACCESS), "{problems:?}");
}

#[test]
fn the_same_fact_twice() {
    let number = |label: &str, unit: &str| {
        field(&format!("label = \"{label}\"\nkind = \"number\"\nunit = \"{unit}\""))
    };
    // Of two fields with one label the second is refused.
    let second = "[activity.person]\nlabel = \"到校领导\"";
    forbids(SAFEGUARD, "label = \"商定事项\"", "label = \"到校领导\"");
    assert!(common::files()[SAFEGUARD].contains(second));
    for (label, unit) in [
        ("学制教育在校生", "persons"),
        ("全校在校学生总数", "persons"),
        ("学校现有专职教师人数", "persons"),
        ("学校占地面积", "square_metres"),
        ("到校调研次数", "times"),
        ("累计驻校天数", "days"),
        ("应届毕业生人数", "persons"),
    ] {
        forbids(SAFEGUARD, AGREED, &number(label, unit));
    }
    forbids(SAFEGUARD, AGREED, &field("label = \"学校层次\"\nkind = \"text\""));
    forbids(SAFEGUARD, AGREED, &choice("对方学校是", "技工学校", "技师学院"));
    forbids(SAFEGUARD, AGREED, &choice("对方多大", "在校生1000人以下", "在校生1000人以上"));
    let said = "label = \"人数\"\nkind = \"number\"\nunit = \"persons\"\nelement = \"school.students\"";
    forbids(SAFEGUARD, AGREED, &field(said));
    // What another form holds, by what it is and by what people call it.
    for asked in [
        "label = \"双方怎样看\"\nkind = \"long_text\"\nelement = \"school.problems\"",
        "label = \"哪天定的\"\nkind = \"date\"\nelement = \"agreement.signed-on\"",
        "label = \"存在问题\"\nkind = \"long_text\"",
        "label = \"协议签署日期\"\nkind = \"date\"",
        "label = \"学校概况\"\nkind = \"long_text\"",
        "label = \"可结对学校数\"\nkind = \"number\"\nunit = \"schools\"",
        "label = \"需求清单\"\nkind = \"text\"",
        "label = \"竞赛获奖学生数\"\nkind = \"number\"\nunit = \"persons\"",
    ] {
        forbids(SAFEGUARD, AGREED, &field(asked));
    }
    let picture = "label = \"完成得怎样\"\nkind = \"text\"\nrequired = true\nelement = \"visit.photo\"";
    forbids(SAFEGUARD, AGREED, &field(picture));
}

#[test]
fn words_that_say_another_number() {
    let about = "每个自然年到每所结对县级院校至少两次。";
    for words in [
        "至少三次",
        "三次以上",
        "一次以上",
        "不少于3次",
        "不得低于三次",
        "每学期三次",
        "每学期３次",
        "≥3次",
        "≥ ３ 次",
        "起码3次",
        "满三次及以上",
    ] {
        let new = format!("每个自然年到每所结对县级院校{words}。");
        let whole = |text: &str| format!("about = \"每所协作院校的校长（院长）或党委书记，{text}");
        forbids(SAFEGUARD, &whole(about), &whole(&new));
    }
    // The rule changes and the sentence does not.
    forbids(SAFEGUARD, "at_least = 2", "at_least = 3");
    forbids(
        CONDITIONS,
        "text = \"近十二个月社会培训确认数达到五十人次\"\n",
        "text = \"近十二个月社会培训确认数达到八十人次\"\n",
    );
}

/// Titles, names, quotations and periods are held to the numbers as explanations are.
#[test]
fn titles_and_names_that_say_another_number() {
    let visit = "title = \"主要负责同志每年调研两次\"";
    for title in [
        "主要负责同志每年调研三次",
        "主要负责同志每年调研3次",
        "主要负责同志每半年调研两次",
        "主要负责同志每学期调研二次",
    ] {
        let (problems, _) = after(CLAUSES, visit, &format!("title = \"{title}\""));
        assert!(
            problems.iter().any(|one| one.file == SAFEGUARD && one.message.contains("S1.4")),
            "{title}: {problems:?}"
        );
    }
    allows(CLAUSES, visit, "title = \"主要负责同志每年调研2次\"");
    allows(CLAUSES, visit, "title = \"主要负责同志每年调研二次\"");
    let name = "name = \"主要负责同志年度调研\"";
    for said in [
        "主要负责同志三次调研",
        "主要负责同志调研（3次）",
        "主要负责同志每学期调研",
        "主要负责同志半年一次调研",
    ] {
        forbids(SAFEGUARD, name, &format!("name = \"{said}\""));
    }
    allows(SAFEGUARD, name, "name = \"主要负责同志两次调研\"");
    let whole = "或党委书记，每个自然年到每所结对县级院校至少两次";
    forbids(SAFEGUARD, whole, &whole.replace("每个自然年", "每学期"));
    forbids(MECHANISM, "name = \"每季会议\"", "name = \"每月会议\"");
    forbids(MECHANISM, "about = \"每个月调度一次。", "about = \"每半年调度一次。");
    for (old, new) in [
        ("name = \"建成技师学院\"", "name = \"建成五所技师学院\""),
        ("name = \"毕业生初次就业率\"", "name = \"毕业生初次就业率百分之九十五\""),
        ("name = \"毕业生初次就业率\"", "name = \"毕业生初次就业率９５％\""),
        ("basis = \"统计口径未确认：暂按含升学", "basis = \"不低于百分之九十五：暂按含升学"),
        ("name = \"学徒制等社会培训\"", "name = \"社会培训二千人次\""),
    ] {
        forbids(TARGETS, old, new);
    }
    allows(TARGETS, "name = \"建成技师学院\"", "name = \"建成三至四所技师学院\"");
    allows(TARGETS, "name = \"毕业生初次就业率\"", "name = \"毕业生初次就业率百分之九十六\"");
    let title = "title = \"初次就业率目标（2025年）\"";
    let (problems, _) = after(CLAUSES, title, "title = \"初次就业率95%（2025年）\"");
    assert!(problems.iter().any(|one| one.file == TARGETS && one.message.contains("G2.5")), "{problems:?}");
}

#[test]
fn thresholds_that_say_another_number() {
    for (old, new) in [
        ("text = \"不低于 1:20\"", "text = \"不低于 1:18\""),
        ("name = \"常设专业数\"", "name = \"常设专业5个\""),
        ("校园占地面积不少于3万平方米", "校园占地面积不少于4万平方米"),
        ("name = \"校园占地面积\"", "name = \"校园占地面积四万平方米\""),
        ("at_least = 18000", "at_least = 16000"),
    ] {
        forbids(SCHOOL, old, new);
    }
    allows(SCHOOL, "name = \"校园占地面积\"", "name = \"校园占地面积（３万平方米）\"");
}

#[test]
fn the_list_of_innocent_words_is_no_way_out() {
    let first = "words = [\"设备使用率\"";
    for word in ["照片", "现场照片", "打卡记录", "签到表", "上传照片张数"] {
        forbids(WORDS, first, &format!("words = [\"{word}\", \"设备使用率\""));
    }
    allows(WORDS, first, "words = [\"摄影照片课程\", \"设备使用率\"");
}

#[test]
fn innocent_changes_pass() {
    let required = |rest: &str| field(&format!("kind = \"text\"\nrequired = true\n{rest}"));
    allows(SAFEGUARD, AGREED, &required("label = \"授课专业\"\nhelp = \"例如摄影专业（照片后期方向）。\""));
    allows(SAFEGUARD, AGREED, &choice("培训专业", "打卡机维修", "摄影（照片处理）"));
    allows(SAFEGUARD, AGREED, &choice("培训工种", "二维码技术应用", "指纹锁维修"));
    allows(SAFEGUARD, AGREED, &required("label = \"课程名称\"\nhelp = \"例如北斗导航应用、医学影像技术。\""));
    allows(SAFEGUARD, AGREED, &required("label = \"多媒体教室与笔记本电脑\""));
    allows(SAFEGUARD, AGREED, &required("label = \"办学定位\"\nhelp = \"不要照片，不要签到表。\""));
    allows(
        SAFEGUARD,
        AGREED,
        &field("label = \"现场照片\"\nkind = \"text\"\nhelp = \"想传就传，不影响确认。\""),
    );
    for label in ["毕业生人数", "学生人数"] {
        allows(
            SAFEGUARD,
            AGREED,
            &field(&format!("label = \"{label}\"\nkind = \"number\"\nunit = \"persons\"")),
        );
    }
    allows(SAFEGUARD, AGREED, &choice("层次", "初级", "中级"));
    allows(SAFEGUARD, AGREED, &field("label = \"参训在校学生人数\"\nkind = \"number\"\nunit = \"persons\""));
    allows(MECHANISM, "name = \"每季会议\"", "name = \"每季度会议\"");
    allows(
        MECHANISM,
        "about = \"每季调度一次的会议：开了就记一条",
        "about = \"每季度一次的调度会议：开过就记一条",
    );
    allows(SAFEGUARD, "县级院校至少两次。", "县级院校不少于２次。");
    allows(SAFEGUARD, "一趟计一次。", "一趟计一次，一天内两次只算一次。");
    allows(TARGETS, "value = 9600", "value = 10000");
    allows(PROGRAMME, "escalation_workdays = 15", "escalation_workdays = 20");
    allows(PROGRAMME, "ceiling_minutes = 240", "ceiling_minutes = 180");
    allows(PROGRAMME, "sunset = \"2027-12-31\"", "sunset = \"2028-06-30\"");
    allows(SOCIAL, "name = \"乡村工匠\"", "name = \"乡村工匠（含照片修复技术）\"");
    allows(
        PLANS,
        "help = \"联络方式、人员和经费怎样落实。\"",
        "help = \"联络方式、人员和经费怎样落实，不必附会议照片。\"",
    );
}

#[test]
fn nothing_is_sent_at_night_and_nobody_is_pressed() {
    for (old, new) in [
        ("digest_hour = 9", "digest_hour = 6"),
        ("quiet_hour = 18", "quiet_hour = 21"),
        ("quiet_hour = 18", "quiet_hour = 9"),
        ("reminder_workdays = 5", "reminder_workdays = 1"),
        ("escalation_workdays = 10", "escalation_workdays = 4"),
        ("urge_workdays = 5", "urge_workdays = 1"),
    ] {
        forbids(PROGRAMME, old, new);
    }
}

#[test]
fn few_entries_are_looked_at_again_and_in_time() {
    for (old, new) in [
        ("share_permille = 50", "share_permille = 0"),
        ("share_permille = 50", "share_permille = 201"),
        ("most_per_unit = 2", "most_per_unit = 0"),
        ("most_per_unit = 2", "most_per_unit = 6"),
        ("look_workdays = 20", "look_workdays = 4"),
        ("look_workdays = 20", "look_workdays = 61"),
    ] {
        forbids(PROGRAMME, old, new);
    }
    allows(PROGRAMME, "most_per_unit = 2", "most_per_unit = 5");
}

#[test]
fn a_paper_of_a_teacher_rests_on_a_policy_about_some_work() {
    let (old, new) =
        ("id = \"commendation\"\n", "id = \"commendation\"\non_certificates = \"可供职称评审使用。\"\n");
    forbids("tasks/98-retired-grants.toml", old, new);
}
