//! Rows by name and digest, more than memory should hold: they are spread over files by the first byte of their name, and
//! looked at one part after the other. A small database never leaves memory.

use jiedui_kernel::{Error, Result};
use std::io::{BufReader, BufWriter, Read as _, Seek as _, Write as _};
use tempfile::SpooledTempFile;

/// With a million entries a part has some three hundred thousand rows.
const PARTS: usize = 64;
/// Bytes that a part keeps in memory before it becomes a file.
const KEPT: usize = 1 << 14;
const LINE: usize = 33;

/// Half a hash: enough to tell rows and digests apart.
pub(super) type Short = [u8; 16];

/// A row, and its digest; `None` where it was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowDigest {
    pub(super) name: Short,
    pub(super) digest: Option<Short>,
}

impl RowDigest {
    fn bytes(&self) -> [u8; LINE] {
        let mut bytes = [0; LINE];
        let (name, rest) = bytes.split_at_mut(16);
        name.copy_from_slice(&self.name);
        if let (Some(digest), Some((flag, kept))) = (&self.digest, rest.split_first_mut()) {
            *flag = 1;
            kept.copy_from_slice(digest);
        }
        bytes
    }

    fn of(bytes: &[u8; LINE]) -> Self {
        let short = |from: usize| std::array::from_fn(|at| bytes.get(from + at).copied().unwrap_or_default());
        Self { name: short(0), digest: bytes.get(16).is_some_and(|flag| *flag == 1).then(|| short(17)) }
    }
}

struct Part {
    file: BufWriter<SpooledTempFile>,
    lines: u64,
}

/// Lines in the order in which they were entered, part by part.
pub(super) struct Spread(Vec<Part>);

impl Spread {
    pub(super) fn new() -> Self {
        let part = |_| Part { file: BufWriter::new(SpooledTempFile::new(KEPT)), lines: 0 };
        Self((0..PARTS).map(part).collect())
    }

    pub(super) fn enter(&mut self, line: RowDigest) -> Result<()> {
        let first = usize::from(line.name.first().copied().unwrap_or_default());
        if let Some(part) = self.0.get_mut(first % PARTS) {
            part.file.write_all(&line.bytes()).map_err(failed)?;
            part.lines += 1;
        }
        Ok(())
    }

    /// The parts, the same number and in the same order for every `Spread`; each is given back when it was looked at.
    pub(super) fn into_parts(self) -> impl Iterator<Item = Result<Lines>> {
        self.0.into_iter().map(|part| {
            let mut file = part.file.into_inner().map_err(|cause| failed(cause.into_error()))?;
            file.rewind().map_err(failed)?;
            Ok(Lines { file: BufReader::new(file), left: part.lines })
        })
    }
}

/// The lines of one part.
pub(super) struct Lines {
    file: BufReader<SpooledTempFile>,
    left: u64,
}

impl Iterator for Lines {
    type Item = Result<RowDigest>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let mut bytes = [0; LINE];
        Some(self.file.read_exact(&mut bytes).map(|()| RowDigest::of(&bytes)).map_err(failed))
    }
}

fn failed(cause: std::io::Error) -> Error {
    Error::internal(format_args!("temporary file of the check: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// What was entered comes back, each line in the part of its name and in the order of entering.
        #[test]
        fn nothing_is_lost_or_reordered(entered in prop::collection::vec((any::<u8>(), any::<Option<u8>>()), 0..4000)) {
            let lines: Vec<RowDigest> = entered
                .iter()
                .map(|(name, digest)| RowDigest { name: [*name; 16], digest: digest.map(|it| [it; 16]) })
                .collect();
            let mut spread = Spread::new();
            for line in &lines {
                spread.enter(*line)?;
            }
            let mut found = 0;
            for (at, part) in spread.into_parts().enumerate() {
                let read: Vec<RowDigest> = part?.collect::<Result<_>>()?;
                let expected: Vec<RowDigest> =
                    lines.iter().filter(|it| usize::from(it.name[0]) % PARTS == at).copied().collect();
                found += read.len();
                prop_assert_eq!(read, expected);
            }
            prop_assert_eq!(found, lines.len());
        }
    }
}
