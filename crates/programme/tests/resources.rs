//! The library of resources: both programmes have one that loads, and what cannot be told, read or counted is refused at
//! its place.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_programme::load;

const FILE: &str = "resources.toml";

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
fn both_programmes_have_a_library_of_their_own() {
    for (programme, models) in [("guangdong-2024", 1), ("sample-2027", 0)] {
        let loaded = load(&common::files_of(programme)).unwrap();
        let rules = loaded.resources.unwrap();
        assert_eq!(rules.kinds.iter().filter(|kind| kind.model.is_some()).count(), models, "{programme}");
        assert_eq!(rules.kind("nothing"), None);
        assert!(rules.licence("as-is").is_some() && rules.licence("nothing").is_none());
    }
}

#[test]
fn a_programme_without_a_library_loads() {
    let mut files = common::files_of("sample-2027");
    let text = files.get_mut(FILE).unwrap();
    let forms = text.find("[[form]]").unwrap();
    *text = text[forms..].to_owned();
    assert_eq!(load(&files).unwrap().resources, None);
}

#[test]
fn only_what_can_be_told_and_read_is_taken() {
    refuses("id = \"mp4\"", "id = \"exe\"", "\"exe\"", "不能按内容辨认");
    refuses("id = \"mp4\"", "id = \"mp3\"", "\"mp3\"", "重复");
    for most in ["0", "21"] {
        let new = format!("id = \"xlsx\", most_megabytes = {most}");
        refuses("id = \"xlsx\", most_megabytes = 10", &new, most, "文件上限");
    }
    refuses("id = \"as-is\"", "id = \"adapt\"", "\"adapt\"", "重复");
    refuses("name = \"照原样使用\"", "name = \"\"", "\"\"", "没有名称");
}

#[test]
fn a_model_is_counted_where_outputs_are() {
    refuses("model = \"model-case\"", "model = \"model-cases\"", "\"model-cases\"", "没有编号");
    refuses(
        "clauses = [\"T5.5\", \"S3.3\"]\nour",
        "clauses = [\"T5.5\", \"S3.9\"]\nour",
        "\"S3.9\"",
        "没有编号",
    );
}
