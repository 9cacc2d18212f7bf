//! Posts and graduates: both programmes say how they are told, and what could not be added up or read is refused at its place.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_programme::{CountedAs, load};
use std::fs;
use std::path::Path;

const FILE: &str = "jobs.toml";

/// Refused with exactly one problem that says `message`, the caret under `caret`.
#[track_caller]
fn refuses(old: &str, new: &str, caret: &str, message: &str) {
    let mut files = common::files();
    let text = files.get_mut(FILE).unwrap();
    assert!(text.contains(old), "no {old}");
    *text = text.replacen(old, new, 1);
    let text = text.clone();
    let problems = load(&files).err().unwrap_or_default();
    assert_eq!(problems.len(), 1, "{old} → {new}: {problems:?}");
    let problem = &problems[0];
    assert!(problem.message.contains(message) && !problem.help.is_empty(), "{problem:?}");
    assert_eq!((problem.file.as_str(), &text[problem.span.clone()]), (FILE, caret), "{problem:?}");
}

#[test]
fn both_programmes_say_where_graduates_go() {
    for (programme, sums, has_system) in [("guangdong-2024", 3, true), ("sample-2027", 2, false)] {
        let loaded = load(&common::files_of(programme)).unwrap();
        let rules = loaded.jobs.as_ref().unwrap();
        assert_eq!(rules.sums().len(), sums, "{programme}");
        assert_eq!(rules.system(&loaded).is_some(), has_system, "{programme}");
        assert!(rules.sums().iter().all(|(_, counted)| counted.contains(&CountedAs::Employed)));
        assert!(rules.destination("county").is_some() && rules.destination("nowhere").is_none());
        assert!(rules.occupation("making").is_some() && rules.occupation("nothing").is_none());
    }
}

#[test]
fn the_system_is_what_the_indicator_counts() {
    let loaded = load(&common::files()).unwrap();
    let (outputs, only) = loaded.jobs.as_ref().unwrap().system(&loaded).unwrap();
    assert_eq!(outputs, ["recruitment-system"]);
    assert!(only.unwrap().takes("recruitment") && !only.unwrap().takes("group"));
}

#[test]
fn a_programme_without_jobs_loads() {
    let mut files = common::files_of("sample-2027");
    let text = files.get_mut(FILE).unwrap();
    let forms = text.find("[[form]]").unwrap();
    *text = text[forms..].to_owned();
    assert_eq!(load(&files).unwrap().jobs, None);
}

#[test]
fn lists_have_something_and_each_its_own_id() {
    refuses("id = \"building\"", "id = \"making\"", "\"making\"", "重复");
    refuses("id = \"army\"", "id = \"Army\"", "\"Army\"", "编号写得不对");
    refuses("name = \"参军\"", "name = \"\"", "\"\"", "是空的");
}

/// Every major of the catalogue leads to one occupation, and what is named apart is in the catalogue.
#[test]
fn every_major_leads_to_one_occupation() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes/guangdong-2024");
    let catalogue = fs::read_to_string(root.join("registry/majors.csv")).unwrap();
    let majors: Vec<(&str, &str)> = catalogue
        .lines()
        .skip(1)
        .map(|line| {
            let mut parts = line.split(',').skip(1);
            (parts.next().unwrap(), parts.next().unwrap())
        })
        .collect();
    for programme in ["guangdong-2024", "sample-2027"] {
        let rules = load(&common::files_of(programme)).unwrap().jobs.unwrap();
        for (name, category) in &majors {
            assert!(rules.leads_to(name, category).is_some(), "{programme}: {name}");
        }
        for name in rules.occupations.iter().flat_map(|one| &one.majors) {
            assert!(
                majors.iter().any(|(listed, _)| listed == name),
                "{programme}: {name} is in no catalogue"
            );
        }
        let of = |name: &str, category: &str| rules.leads_to(name, category).unwrap().id.clone();
        assert_eq!(
            (of("汽车营销", "交通类"), of("汽车维修", "交通类")),
            ("trade".to_owned(), "transport".to_owned())
        );
        assert_eq!(of("本校自设的专业", "交通类"), "transport", "outside the catalogue the category says it");
    }
    refuses("[\"建筑类\"]", "[\"建筑类\", \"建筑\"]", "\"建筑\"", "没有专业大类");
    refuses("[\"室内设计\"]", "[\"汽车营销\"]", "\"汽车营销\"", "归了两次");
    refuses("[\"交通类\"]", "[\"交通类\", \"交通类\"]", "\"交通类\"", "归了两次");
    let mut files = common::files();
    let text = files.get_mut(FILE).unwrap();
    *text = text.replacen("categories = [\"建筑类\"]", "categories = []", 1);
    let problems = load(&files).err().unwrap_or_default();
    assert!(problems.len() == 1 && problems[0].message.contains("没有归入"), "{problems:?}");
}

#[test]
fn numbers_are_what_they_can_be() {
    refuses("smallest_cell = 5", "smallest_cell = 1", "1", "最小公开人数");
    refuses("longest_days = 180", "longest_days = 400", "400", "最长有效天数");
}

#[test]
fn sums_are_of_persons_and_the_system_is_an_output() {
    refuses("graduates = \"graduates\"", "graduates = \"graduate\"", "\"graduate\"", "没有编号");
    refuses("graduates = \"graduates\"", "graduates = \"land_area\"", "\"land_area\"", "不是人数");
    refuses(
        "system = \"recruitment-users\"",
        "system = \"campus-served\"",
        "\"campus-served\"",
        "不按建设成果",
    );
    refuses(
        "key_enterprises = \"key-enterprises\"",
        "key_enterprises = \"campus-served\"",
        "\"campus-served\"",
        "不按建设成果",
    );
    refuses(
        "counted_as = \"studying\"",
        "counted_as = \"neither\"",
        "\"employed_with_study\"",
        "没有一个去向算升学",
    );
}

#[test]
fn what_stands_by_county_is_counted_row_by_row() {
    let old = "beside = [\"campus-served\", \"incubators\"]";
    refuses(old, "beside = [\"nothing\"]", "\"nothing\"", "没有编号");
    refuses(old, "beside = [\"enrolment\"]", "\"enrolment\"", "不能按县分开列");
    refuses(old, "beside = [\"incubators\", \"incubators\"]", "\"incubators\"", "写了两遍");
    let loaded = load(&common::files_of("sample-2027")).unwrap();
    assert!(loaded.jobs.unwrap().beside.is_empty(), "this plan has neither");
}
