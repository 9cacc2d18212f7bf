//! No rule is switched off on the spot: a lint that is wrong is changed for all, with its reason, in one place.

use crate::complaint::Complaint;
use crate::rust::lex;
use crate::tree::File;

/// What switches a lint or a test off. An expectation is a waiver too, for the lints that keep the house in shape.
const WAIVERS: [(&str, &str); 5] = [
    ("[allow(", "lints are not waived on the spot"),
    ("[ignore", "a test that does not run proves nothing: mend it or take it out"),
    ("too_many_lines", "a long function is split, not excused"),
    ("clippy::disallowed_methods", "time and randomness are arguments: only the kernel asks the machine"),
    ("unwrap_used", "an error is handled or passed on"),
];
/// A helper of an integration test may unwrap: clippy's own leave for tests does not reach it.
const INTEGRATION_TESTS: &str = "/tests/";
/// The one place where the machine is asked for time and randomness.
const KERNEL: &str = "crates/kernel/";

/// Waivers in Rust code, outside comments and texts.
pub fn waivers(files: &[File]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| file.extension() == "rs") {
        let code = lex(&file.text).code;
        for (index, line) in code.lines().enumerate() {
            let packed: String = line.split_whitespace().collect();
            for (sign, what) in WAIVERS {
                let granted = match sign {
                    "clippy::disallowed_methods" => file.path.starts_with(KERNEL),
                    "unwrap_used" => file.path.contains(INTEGRATION_TESTS),
                    _ => false,
                };
                let hidden = sign == "[allow(" && packed.contains("cfg_attr(") && packed.contains(",allow(");
                if (packed.contains(sign) && !granted) || hidden {
                    complaints.push(Complaint::new(&file.path, index + 1, what));
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
    fn waivers_are_found_in_code_only() {
        let text = "#[allow(dead_code)]\n#![ allow (unused)]\n#[ignore = \"slow\"]\n// #[allow(x)]\nlet s = \"#[ignore]\";\n\
                    #[expect(clippy::too_many_lines)]\n#[cfg_attr(test, allow(unused))]\n#[expect(clippy::disallowed_methods)]\n\
                    #![expect(clippy::unwrap_used)]\n";
        let file = |path: &str| File::new(path, text);
        let lines = |path: &str| waivers(&[file(path)]).into_iter().map(|c| c.line).collect::<Vec<_>>();
        assert_eq!(lines("crates/jiedui/src/a.rs"), [1, 2, 3, 6, 7, 8, 9]);
        assert_eq!(lines("crates/kernel/src/clock.rs"), [1, 2, 3, 6, 7, 9]);
        assert_eq!(lines("crates/store/tests/a.rs"), [1, 2, 3, 6, 7, 8]);
    }
}
