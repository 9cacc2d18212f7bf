//! What Cargo.toml files say, as far as the rules read them, and the rules for dependencies.

use crate::complaint::Complaint;
use crate::tree::File;

const MOST_DIRECT: usize = 60;

/// One dependency as a manifest names it.
#[derive(Debug, Clone)]
pub struct Dependency {
    pub name: String,
    /// All that stands behind the name, or the lines of its own section.
    pub how: String,
    pub line: usize,
    /// The comment in the line above, if there is one.
    pub reason: Option<String>,
}

/// The dependencies of every kind that a manifest names: normal, for builds, for tests, for one target.
pub fn dependencies(text: &str) -> Vec<Dependency> {
    let mut found: Vec<Dependency> = Vec::new();
    let (mut in_list, mut in_one, mut comment_above) = (false, false, None);
    for (number, line) in text.lines().enumerate().map(|(index, line)| (index + 1, line.trim())) {
        if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            in_list = section.ends_with("dependencies");
            in_one = section.contains("dependencies.");
            if let Some((_, name)) = section.rsplit_once("dependencies.").filter(|_| in_one) {
                found.push(dependency(name, "", number, comment_above.take()));
            }
        } else if in_one && let Some(last) = found.last_mut() {
            last.how.push_str(line);
        } else if in_list && let Some((name, how)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
            // `serde.workspace = true` names serde.
            let (name, rest) = name.trim().split_once('.').unwrap_or((name.trim(), ""));
            found.push(dependency(name, &format!("{rest} = {}", how.trim()), number, comment_above.take()));
        }
        comment_above = line.strip_prefix('#').map(str::to_owned);
    }
    found
}

fn dependency(name: &str, how: &str, line: usize, reason: Option<String>) -> Dependency {
    Dependency { name: name.trim_matches('"').to_owned(), how: how.to_owned(), line, reason }
}

/// In the root manifest, each foreign dependency has its reason in a comment above, and there are not too many.
/// The next line may share the reason where it is of the same family (`serde_json` below `serde`), or where the
/// reason itself speaks of two.
pub fn reasons(root_manifest: &File) -> Vec<Complaint> {
    let all = dependencies(&root_manifest.text);
    let foreign: Vec<_> = all.iter().filter(|dependency| !dependency.how.contains("path =")).collect();
    let mut complaints = Vec::new();
    for (index, dependency) in foreign.iter().enumerate() {
        let above = index.checked_sub(1).map(|before| foreign[before]);
        if dependency.reason.is_none() && !above.is_some_and(|above| shares(above, dependency)) {
            let what = format!("{} stands without a reason in a comment above it", dependency.name);
            complaints.push(Complaint::new(&root_manifest.path, dependency.line, what));
        }
    }
    if foreign.len() > MOST_DIRECT {
        let what = format!("{} direct dependencies; {MOST_DIRECT} at most", foreign.len());
        complaints.push(Complaint::new(&root_manifest.path, 0, what));
    }
    complaints
}

fn shares(above: &Dependency, below: &Dependency) -> bool {
    let head = |name: &str| name.split(['_', '-']).next().unwrap_or_default().to_owned();
    let two = above.reason.as_ref().is_some_and(|reason| reason.to_lowercase().contains(" two "));
    above.line + 1 == below.line && (two || head(&above.name) == head(&below.name))
}

/// A member takes dependencies from the workspace, where the reason stands, and keeps the workspace's lints.
pub fn members(manifests: &[&File]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for manifest in manifests {
        for dependency in dependencies(&manifest.text) {
            if !dependency.how.contains("workspace = true") {
                let what = format!("{} must come with `workspace = true`", dependency.name);
                complaints.push(Complaint::new(&manifest.path, dependency.line, what));
            }
        }
        if !manifest.text.replace('\r', "").contains("[lints]\nworkspace = true") {
            complaints.push(Complaint::new(&manifest.path, 0, "must take the lints of the workspace"));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_without_a_reason_is_found() {
        let text = "[workspace.dependencies]\nours = { path = \"x\" }\n# Why.\nserde = \"1\"\nserde_json = \"1\"\nuuid = \"1\"\n\
                    # The two hashes.\nsha2 = \"1\"\nsm3 = \"1\"\nsm4 = \"1\"\n";
        let found: Vec<_> = reasons(&File::new("Cargo.toml", text)).into_iter().map(|c| c.line).collect();
        assert_eq!(found, [6, 10]);
    }

    #[test]
    fn too_many_dependencies_are_found() {
        let many: String = (0..61).map(|n| format!("# Why.\nd{n} = \"1\"\n")).collect();
        let text = format!("[workspace.dependencies]\n{many}");
        assert_eq!(reasons(&File::new("Cargo.toml", &text)).len(), 1);
    }

    #[test]
    fn a_member_with_a_version_of_its_own_is_found() {
        let text = "[dependencies]\na.workspace = true\nb = { workspace = true, features = [] }\nc = \"1\"\n\
                    [dependencies.d]\nversion = \"1\"\n[lints]\nworkspace = true\n";
        let file = File::new("crates/x/Cargo.toml", text);
        let found: Vec<_> = members(&[&file]).into_iter().map(|c| c.line).collect();
        assert_eq!(found, [4, 5]);
        assert_eq!(members(&[&File::new("crates/y/Cargo.toml", "[dependencies]\n")]).len(), 1);
    }
}
