//! Whatever is wrong with a file is said in Chinese: the files of the tree are broken in every way that a slip of the hand
//! can break them, and no word of English may come through.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_programme::{Problem, load};
use std::collections::{BTreeMap, BTreeSet};

/// Values of every kind that TOML knows, and some that it does not.
const VALUES: [&str; 24] = [
    "7",
    "-7",
    "1.5",
    "007",
    "1_",
    "99999999999999999999",
    "true",
    "True",
    "\"nope\"",
    "\"2026-13-45\"",
    "\"2026-1\"",
    "2026-09-01",
    "2026-99-01",
    "[]",
    "[1]",
    "[\"a\", 1",
    "{}",
    "{ x = 1 }",
    "{ x = 1",
    "\"open",
    "bare",
    "“全角”",
    "\"\\q\"",
    "",
];

/// The problems of one file alone: what is said of the others that are missing is not looked at.
fn problems(file: &str, text: String) -> Vec<Problem> {
    let found = load(&BTreeMap::from([(file.to_owned(), text)])).err().unwrap_or_default();
    found.into_iter().filter(|one| one.file == file).collect()
}

/// Words of Latin letters outside quotation marks and lists of what may be written.
fn latin(text: &str) -> Vec<String> {
    let mut quoted = false;
    let mut plain = String::new();
    for part in text.split_inclusive(['；', '。']) {
        let lists = ["可选：", "可用的项：", "可选 "].iter().any(|head| part.contains(head));
        for sign in part.chars().filter(|_| !lists) {
            match sign {
                '“' => quoted = true,
                '”' => quoted = false,
                '"' => quoted = !quoted,
                _ if !quoted => plain.push(sign),
                _ => {}
            }
        }
    }
    let words = plain.split(|sign: char| !(sign.is_ascii_alphanumeric() || "_.[]/*-".contains(sign)));
    words.filter(|word| word.chars().any(|sign| sign.is_ascii_alphabetic())).map(str::to_owned).collect()
}

/// Keys, values and ids of the files in the tree, and the names of the files: what people write themselves.
fn written() -> BTreeSet<String> {
    let mut words: BTreeSet<String> = ["TOML", "true", "false"].into_iter().map(str::to_owned).collect();
    for (file, text) in common::files().into_iter().chain(common::files_of("sample-2027")) {
        words.insert(file);
        words.extend(
            text.split(|sign: char| !(sign.is_ascii_alphanumeric() || "_-.".contains(sign)))
                .map(str::to_owned),
        );
    }
    words
}

/// Every English word by which a reader of TOML or of tables tells what is wrong: none of them is a key here.
const ENGLISH: [&str; 26] = [
    "expected",
    "found",
    "invalid",
    "unexpected",
    "missing",
    "unknown",
    "duplicate",
    "variant",
    "string",
    "integer",
    "boolean",
    "sequence",
    "map",
    "struct",
    "enum",
    "untagged",
    "None",
    "Some",
    "input",
    "characters",
    "premature",
    "unclosed",
    "newline",
    "quote",
    "table",
    "wanted",
];

/// The words of a problem that are no Chinese and that nobody writes in a programme.
fn foreign(one: &Problem, known: &BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    for text in [&one.message, &one.help] {
        found.extend(latin(text).into_iter().filter(|word| {
            // The head of a table is a key.
            let head = word.starts_with('[');
            ENGLISH.contains(&word.as_str()) || !(head || known.contains(word) || word.ends_with(".toml"))
        }));
        if !text.chars().any(|sign| ('\u{4e00}'..='\u{9fff}').contains(&sign)) {
            found.push(text.clone());
        }
    }
    found
}

/// The lines of a file that stand for all: the first of each key under each kind of table, in all files that were seen.
fn lines<'t>(text: &'t str, seen: &mut BTreeSet<(String, String)>) -> Vec<(usize, &'t str)> {
    let mut table = "";
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.starts_with('[') {
            table = line;
        }
        let key = line.split(" = ").next().unwrap_or(line);
        if (line.contains(" = ") || line.starts_with('['))
            && !line.starts_with('#')
            && seen.insert((table.to_owned(), key.to_owned()))
        {
            found.push((number, line));
        }
    }
    found
}

fn with(text: &str, number: usize, line: &str) -> String {
    let lines = text.lines().enumerate().map(|(at, old)| if at == number { line } else { old });
    lines.collect::<Vec<_>>().join("\n")
}

/// What may become of a line: another value, key, table, or half of it.
fn broken(line: &str) -> Vec<String> {
    if line.starts_with('[') {
        let one = line.trim_matches(['[', ']']);
        return [
            format!("[{one}]"),
            format!("[[{one}]]"),
            format!("[[{one}]"),
            format!("{one} = 1"),
            format!("[{one}x]"),
        ]
        .into();
    }
    let (key, value) = line.split_once(" = ").unwrap_or((line, ""));
    let half: String = line.chars().take(line.chars().count() / 2).collect();
    let more = [
        String::new(),
        format!("{line}\n{line}"),
        format!("{line}\ncolour = 1"),
        format!("{key}x = {value}"),
        format!("{key}.x = 1\n{line}"),
        format!("{key} {value}"),
        format!("{key} = = {value}"),
        format!("{key} = {value} 7"),
        format!("名称 = {value}"),
        format!("{line}\u{7}"),
        half,
    ];
    VALUES.iter().map(|value| format!("{key} = {value}")).chain(more).collect()
}

#[test]
fn whatever_breaks_is_told_in_chinese() {
    let known = written();
    let (mut told, mut bad, mut seen) = (0, BTreeMap::new(), BTreeSet::new());
    for programme in ["guangdong-2024", "sample-2027"] {
        for (file, text) in common::files_of(programme) {
            for (number, line) in lines(&text, &mut seen) {
                for new in broken(line).iter().filter(|new| *new != line) {
                    for one in problems(&file, with(&text, number, new)) {
                        told += 1;
                        let words = foreign(&one, &known);
                        if !words.is_empty() {
                            bad.insert(format!("{words:?}"), one);
                        }
                    }
                }
            }
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
    assert!(told > 5_000, "{told}");
}

/// As of files that end in the middle.
#[test]
fn what_is_cut_off_is_told_in_chinese() {
    let (known, mut bad) = (written(), BTreeMap::new());
    for (file, text) in common::files() {
        let ends = text.char_indices().map(|(at, _)| at).step_by(397);
        for end in ends {
            for one in problems(&file, text[..end].to_owned()) {
                let words = foreign(&one, &known);
                if !words.is_empty() {
                    bad.insert(format!("{words:?}"), one);
                }
            }
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
}
