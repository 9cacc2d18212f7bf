//! Which crate may see which.

use crate::complaint::Complaint;
use crate::manifest::dependencies;
use crate::tree::File;

const PREFIX: &str = "jiedui-";

/// What each crate may depend on, among ours. The application and this crate stand at the two ends: the one may
/// depend on all, the other on none.
const MAY_SEE: [(&str, &[&str]); 14] = [
    ("jiedui-kernel", &[]),
    ("jiedui-allocation", &[]),
    ("jiedui-assessment", &[]),
    ("jiedui-exchange", &[]),
    ("jiedui-funding", &["jiedui-kernel"]),
    ("jiedui-files", &["jiedui-kernel"]),
    ("jiedui-pictures", &["jiedui-kernel"]),
    ("jiedui-programme", &["jiedui-kernel", "jiedui-allocation"]),
    ("jiedui-matching", &["jiedui-kernel"]),
    ("jiedui-documents", &["jiedui-kernel"]),
    ("jiedui-proof", &["jiedui-kernel"]),
    ("jiedui-store", &["jiedui-kernel", "jiedui-proof"]),
    (
        "jiedui-web",
        &["jiedui-kernel", "jiedui-programme", "jiedui-documents", "jiedui-pictures", "jiedui-store"],
    ),
    ("jiedui-house", &[]),
];

/// Dependencies that lean the wrong way. A crate that is not in the table has to be given its place there first.
pub fn layers(manifests: &[&File]) -> Vec<Complaint> {
    manifests.iter().flat_map(|manifest| of_one(manifest)).collect()
}

fn of_one(manifest: &File) -> Vec<Complaint> {
    let name = package_name(&manifest.text);
    if name == "jiedui" {
        return Vec::new();
    }
    let Some((_, allowed)) = MAY_SEE.iter().find(|(known, _)| *known == name) else {
        let what = format!("{name} has no place among the layers yet: add it to MAY_SEE");
        return vec![Complaint::new(&manifest.path, 0, what)];
    };
    let ours = dependencies(&manifest.text)
        .into_iter()
        .filter(|dependency| dependency.name == "jiedui" || dependency.name.starts_with(PREFIX));
    let wrong = ours.filter(|dependency| !allowed.contains(&dependency.name.as_str()));
    wrong
        .map(|dependency| {
            let what = format!("{name} must not depend on {}", dependency.name);
            Complaint::new(&manifest.path, dependency.line, what)
        })
        .collect()
}

fn package_name(text: &str) -> &str {
    let line = text.lines().find_map(|line| line.trim().strip_prefix("name"));
    line.and_then(|rest| rest.split('"').nth(1)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(name: &str, dependency: &str) -> File {
        let text = format!("[package]\nname = \"{name}\"\n[dependencies]\n{dependency}.workspace = true\n");
        File::new("crates/x/Cargo.toml", &text)
    }

    #[test]
    fn leaning_the_wrong_way_is_found() {
        for (name, dependency) in [
            ("jiedui-kernel", "jiedui-proof"),
            ("jiedui-programme", "jiedui-store"),
            ("jiedui-store", "jiedui-programme"),
            ("jiedui-proof", "jiedui"),
            ("jiedui-unheard-of", "serde"),
        ] {
            assert_eq!(layers(&[&manifest(name, dependency)]).len(), 1, "{name} on {dependency}");
        }
    }

    #[test]
    fn leaning_the_right_way_is_fine() {
        for (name, dependency) in
            [("jiedui-kernel", "serde"), ("jiedui-store", "jiedui-proof"), ("jiedui", "jiedui-store")]
        {
            assert_eq!(layers(&[&manifest(name, dependency)]), [], "{name} on {dependency}");
        }
    }
}
