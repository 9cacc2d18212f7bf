//! One term for each thing: words that were given up, on screen and in the code, and what stands for them now.

use crate::complaint::Complaint;
use crate::rust::lex;
use crate::tree::File;

/// A word given up, what is said instead, and longer words in which it is right.
type Term = (&'static str, &'static str, &'static [&'static str]);

/// On screen: templates, the programme, the script, and the texts in Rust.
const SCREEN: [Term; 45] = [
    ("帮扶院校", "协作院校", &[]),
    ("提供帮助的院校", "协作院校", &[]),
    ("记一笔", "登记工作", &[]),
    ("申报数", "登记数", &[]),
    ("履约", "履职", &[]),
    ("口径", "统计口径", &["统计口径"]),
    ("结对方案", "结对测算", &[]),
    ("方案结果", "结对名单", &[]),
    ("方案条目", "行动方案条目", &["行动方案条目"]),
    ("一校一策", "协作方案、达标方案", &[]),
    ("要做的事", "待办事项", &[]),
    ("已做待确认", "已开展，待确认", &[]),
    ("部分认可", "部分确认（核减）", &[]),
    ("只认可", "部分确认（核减）", &[]),
    ("裁定", "核定", &[]),
    ("全部经过", "办理记录", &[]),
    (">经过<", "办理记录", &[]),
    ("删去", "删除", &[]),
    ("带过来", "引用", &[]),
    ("搁置", "归档", &[]),
    ("其他选填", "补充信息（选填）", &[]),
    ("不判达成", "不作达成判定", &[]),
    ("照上年走势", "按上年进度预计难以完成", &[]),
    ("还要多快", "所需进度", &[]),
    ("还要做", "待处理", &[]),
    ("门槛", "标准要求", &[]),
    ("凭记忆", "原文待核", &[]),
    ("需要是", "应为", &[]),
    ("要有什么", "阶段目标", &[]),
    ("属于方案的哪一句", "对应任务", &[]),
    ("由什么落实", "本条在系统中的落实方式", &[]),
    ("表单登记", "报表目录", &[]),
    ("填报负担", "报表减负", &[]),
    ("共同教学教研", "集体备课和教研教改", &[]),
    ("假期志愿服务", "技能下乡志愿活动", &[]),
    ("上界", "理论最高分", &[]),
    ("题目", "测算条件", &[]),
    ("谁差一点", "下一个人选", &[]),
    ("总分", "综合得分", &[]),
    ("人工指定", "指定", &[]),
    ("散列", "校验值", &[]),
    ("入树", "待固化、已固化", &[]),
    ("口令", "密码", &[]),
    ("登录名", "账号", &[]),
    ("你", "您", &[]),
];

/// In comments and documents for maintainers.
const PROSE: [(&str, &str); 11] = [
    ("the one who asks", "the caller"),
    ("the one who acts", "the caller"),
    ("the one who looks", "the caller"),
    ("within the reach", "visible to the caller"),
    ("within reach", "visible to the caller"),
    ("was faster", "concurrent edit"),
    ("told at its", "reported at its"),
    ("slip of the pen", "typo"),
    ("put there directly", "inserted without checks"),
    ("figured from", "computed from"),
    ("anew", "from scratch"),
];

/// Names in the code, as whole words. Names that are English for much else (`Line`, `Place`) are right with what
/// stands before them: `EntryLine`, `OrgLocation`.
const NAMES: [(&str, &str); 26] = [
    ("Who", "Actor"),
    ("become_who", "act_as"),
    ("Cx", "RequestContext"),
    ("Known", "Reported"),
    ("Fact", "EntryFact, or say which"),
    ("Moved", "Source"),
    ("Memo", "PageCache"),
    ("Shelf", "SharedCache"),
    ("Pairs", "FormValues"),
    ("Told", "ErrorView, or say which"),
    ("Happening", "TimelineItem"),
    ("May", "AllowedActions"),
    ("ThingRow", "OutputRow, or say which"),
    ("thing", "resource, or say which"),
    ("Line", "say which"),
    ("Place", "OrgLocation, DataLocation, or say which"),
    ("Verdict", "say which"),
    ("give_back", "return_to_submitter"),
    ("go_on", "next_stage, or say which"),
    ("Cut", "Slice"),
    ("Opened", "LoadedList, or say which"),
    ("Beside", "FormExtras"),
    ("Behind", "DrillDown"),
    ("Which", "ContributionFilter"),
    ("tilt", "preference"),
    ("Dice", "SeededRng"),
];

/// This rule's own list, and what tells how things once were called.
fn is_exempt(path: &str) -> bool {
    path.starts_with("crates/house/") || path == "CHANGELOG.md" || path.starts_with("docs/decisions/")
}

/// Words given up that are still on a screen.
pub fn screen(files: &[File]) -> Vec<Complaint> {
    each_text(files, |file| match file.extension() {
        "html" | "toml" | "mjs" | "js" => {
            file.text.lines().enumerate().map(|(at, line)| (at + 1, line.to_owned())).collect()
        }
        "rs" => lex(&file.text).literals.into_iter().map(|text| (text.line, text.value)).collect(),
        _ => Vec::new(),
    })
}

fn each_text(files: &[File], texts: impl Fn(&File) -> Vec<(usize, String)>) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| !is_exempt(&file.path)) {
        for (line, text) in texts(file) {
            for (word, instead, within) in &SCREEN {
                let without = within.iter().fold(text.clone(), |text, longer| text.replace(longer, ""));
                if without.contains(word) {
                    complaints.push(Complaint::new(&file.path, line, format!("“{word}”: say {instead}")));
                }
            }
        }
    }
    complaints
}

/// Phrases of a private dialect in comments and documents.
pub fn prose(files: &[File]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let read = |file: &&File| matches!(file.extension(), "rs" | "md" | "html" | "sql" | "toml");
    for file in files.iter().filter(read).filter(|file| !is_exempt(&file.path)) {
        for (at, line) in file.text.lines().enumerate() {
            for (phrase, instead) in PROSE {
                if has_phrase(line, phrase) {
                    complaints.push(Complaint::new(
                        &file.path,
                        at + 1,
                        format!("`{phrase}`: write {instead}"),
                    ));
                }
            }
        }
    }
    complaints
}

fn has_phrase(line: &str, phrase: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    line.match_indices(phrase)
        .any(|(at, _)| !line[..at].ends_with(letter) && !line[at + phrase.len()..].starts_with(letter))
}

/// Names given up that are still in the code.
pub fn names(files: &[File]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| file.extension() == "rs" && !is_exempt(&file.path)) {
        let lexed = lex(&file.text);
        for (at, line) in lexed.code.lines().enumerate() {
            for (name, instead) in NAMES {
                if has_phrase(line, name) {
                    complaints.push(Complaint::new(
                        &file.path,
                        at + 1,
                        format!("`{name}`: call it {instead}"),
                    ));
                }
            }
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_given_up_is_found_on_every_kind_of_screen() {
        let files = [
            File::new("crates/jiedui/src/a/list.html", "<p>\n你好"),
            File::new("programmes/x/a.toml", "label = \"统计口径\"\nhelp = \"口径未定\""),
            File::new("crates/jiedui/src/a/pages.rs", "// 你\nlet a = \"您\";\nlet b = \"登录名\";"),
            File::new("docs/decisions/0001.md", "口令"),
        ];
        let found: Vec<_> = screen(&files).into_iter().map(|c| (c.path, c.line)).collect();
        let at = |path: &str, line| (path.to_owned(), line);
        let expected = [
            at("crates/jiedui/src/a/list.html", 2),
            at("programmes/x/a.toml", 2),
            at("crates/jiedui/src/a/pages.rs", 3),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn every_phrase_and_every_name_is_found_where_it_stands_alone() {
        for (phrase, _) in PROSE {
            let file = File::new("crates/jiedui/src/a.rs", &format!("//! fine\n/// xx {phrase} yy\n"));
            assert_eq!(prose(&[file]).len(), 1, "{phrase}");
        }
        for (name, _) in NAMES {
            let file =
                File::new("crates/jiedui/src/a.rs", &format!("// {name}\nlet x: {name} = \"{name}\";"));
            let lines: Vec<_> = names(&[file]).into_iter().map(|c| c.line).collect();
            assert_eq!(lines, [2], "{name}");
            let longer = File::new("crates/jiedui/src/a.rs", &format!("struct {name}Row;"));
            assert_eq!(names(&[longer]), [], "{name}Row");
        }
    }
}
