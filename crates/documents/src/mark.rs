//! From which template a file was made, kept in the file as a property that Excel and WPS leave alone: so that an old
//! one is told as old.

use crate::spec::{Kind, Workbook};

/// The name of the property.
pub(crate) const PROPERTY: &str = "jiedui-template";

/// Excel keeps 255 characters of a property.
const LONGEST: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The names of the sheets: what the template is for.
    pub(crate) id: String,
    /// Changes with every column.
    pub(crate) digest: String,
}

impl Mark {
    /// Reads what [`Self::written`] wrote.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (id, digest) = text.trim().rsplit_once('|')?;
        let whole = !id.is_empty() && digest.len() == 16;
        whole.then(|| Self { id: id.to_owned(), digest: digest.to_owned() })
    }

    pub(crate) fn written(&self) -> String {
        format!("{}|{}", self.id, self.digest)
    }
}

/// The mark of what is made by this description. Lists to choose from are not in it: they grow from day to day, and
/// a value that is gone is reported at its cell.
pub(crate) fn mark_of(spec: &Workbook) -> Mark {
    let names: Vec<&str> = spec.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    let id = names.join("、").chars().take(LONGEST).collect();
    let mut digest = Digest(0xCBF2_9CE4_8422_2325);
    for sheet in &spec.sheets {
        digest.add(&sheet.name);
        for column in &sheet.columns {
            digest.add(&column.key);
            digest.add(&column.heading);
            digest.add(match column.kind {
                Kind::Text => "text",
                Kind::Date => "date",
                Kind::Integer => "integer",
                Kind::Choice(_) => "choice",
            });
        }
    }
    Mark { id, digest: format!("{:016x}", digest.0) }
}

/// FNV-1a: the same on every machine and in every version, and nothing depends on its being hard to imitate.
struct Digest(u64);

impl Digest {
    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Column, Sheet};

    #[test]
    fn a_mark_changes_with_the_columns() {
        let spec = |heading: &str| {
            let sheet = |name: &str| Sheet::new(name, vec![Column::new("name", heading, Kind::Text)]);
            Workbook { sheets: vec![sheet("院校"), sheet("教师")], ..Workbook::default() }
        };
        let mark = mark_of(&spec("名称"));
        assert_eq!(mark.id, "院校、教师");
        assert_eq!(Mark::read(&mark.written()), Some(mark.clone()));
        assert_eq!(mark_of(&spec("名称")), mark);
        assert_ne!(mark_of(&spec("校名")).digest, mark.digest);
        assert_eq!((Mark::read("院校"), Mark::read("|x")), (None, None));
    }
}
