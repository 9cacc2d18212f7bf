//! Fonts for PDF, found in folders of the machine: the official ones where somebody has put them there, else those with a
//! free licence (Fandol, Noto). Word names the official ones and leaves it to the reader's machine.

use super::Face;
use krilla::text::Font;
use skrifa::instance::{LocationRef, Size};
use skrifa::string::StringId;
use skrifa::{FontRef, GlyphId, MetadataProvider as _};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// File names for each face, the first that is there is taken.
const FILES: [(Face, &[&str]); 4] = [
    (
        Face::Title,
        &[
            "FZXBSJW.TTF",
            "FZXBSK.TTF",
            "方正小标宋简体.ttf",
            "FandolSong-Bold.otf",
            "NotoSerifCJK-Bold.ttc",
            "NotoSerifSC-Bold.otf",
        ],
    ),
    (
        Face::Body,
        &[
            "仿宋_GB2312.ttf",
            "simfang.ttf",
            "FandolFang-Regular.otf",
            "NotoSerifCJK-Regular.ttc",
            "NotoSerifSC-Regular.otf",
        ],
    ),
    (Face::Heading, &["simhei.ttf", "FandolHei-Regular.otf", "NotoSansCJK-Bold.ttc", "NotoSansSC-Bold.otf"]),
    (
        Face::Kai,
        &[
            "楷体_GB2312.ttf",
            "simkai.ttf",
            "FandolKai-Regular.otf",
            "NotoSerifCJK-Regular.ttc",
            "NotoSerifSC-Regular.otf",
        ],
    ),
];

/// Where a character is that a face lacks: names of people have characters that older fonts do not know.
const SPARE: [&str; 2] = ["NotoSerifCJK-Regular.ttc", "NotoSerifSC-Regular.otf"];

/// So deep and so many files are looked at: a folder of fonts is neither deep nor endless.
const DEPTH: usize = 5;
const MOST_FILES: usize = 20_000;

/// No font with Chinese characters is on the machine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("这台服务器上没有可用的中文字体（如 fonts-noto-cjk），暂时做不了 PDF；可先下载 Word")]
pub struct MissingFonts;

/// The fonts of one paper. They are some tens of megabytes: made for a paper and let go after it.
pub struct Fonts {
    faces: BTreeMap<Face, Arc<Loaded>>,
    spare: Arc<Loaded>,
}

pub(super) struct Loaded {
    pub font: Font,
    bytes: Arc<Vec<u8>>,
    index: u32,
}

/// A glyph and how far it moves, in parts of the size of the font.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    pub glyph: GlyphId,
    pub advance: f32,
}

impl Fonts {
    /// Looks for the fonts of all faces.
    ///
    /// # Errors
    /// [`MissingFonts`] where none of the files that are known by name is in the folders, or none can be read.
    pub fn find(folders: &[PathBuf]) -> Result<Self, MissingFonts> {
        let mut files = BTreeMap::new();
        for folder in folders {
            gather(folder, DEPTH, &mut files);
        }
        let mut read: BTreeMap<PathBuf, Option<Arc<Loaded>>> = BTreeMap::new();
        let mut first = |names: &[&str]| {
            names.iter().find_map(|name| {
                let path = files.get(&name.to_lowercase())?;
                read.entry(path.clone()).or_insert_with(|| Loaded::read(path).map(Arc::new)).clone()
            })
        };
        let spare = first(&SPARE).or_else(|| FILES.iter().find_map(|(_, names)| first(names)));
        let spare = spare.ok_or(MissingFonts)?;
        let faces =
            FILES.iter().map(|(face, names)| (*face, first(names).unwrap_or_else(|| Arc::clone(&spare))));
        Ok(Self { faces: faces.collect(), spare })
    }

    /// Whether one of the fonts has a character.
    pub(super) fn has(&self, c: char) -> bool {
        self.faces.values().chain([&self.spare]).any(|font| font.mark(c).is_some())
    }

    /// The font that has a character, and its glyph; what no font has is a box.
    pub(super) fn mark(&self, face: Face, c: char) -> (&Arc<Loaded>, Mark) {
        let own = self.faces.get(&face).unwrap_or(&self.spare);
        [own, &self.spare]
            .into_iter()
            .find_map(|font| Some((font, font.mark(c)?)))
            .or_else(|| Some((own, own.mark('□')?)))
            .unwrap_or((own, Mark { glyph: GlyphId::new(0), advance: 1.0 }))
    }
}

impl Loaded {
    fn read(path: &Path) -> Option<Self> {
        let bytes = Arc::new(std::fs::read(path).ok()?);
        let index = simplified(&bytes);
        let data: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::<Vec<u8>>::clone(&bytes);
        Some(Self { font: Font::new(data.into(), index)?, bytes, index })
    }

    fn mark(&self, c: char) -> Option<Mark> {
        let font = FontRef::from_index(&self.bytes, self.index).ok()?;
        let glyph = font.charmap().map(c)?;
        let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let units = f32::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em);
        Some(Mark { glyph, advance: metrics.advance_width(glyph)? / units })
    }
}

/// Of a file with several fonts, the one that writes as the mainland does.
fn simplified(bytes: &[u8]) -> u32 {
    let named = |index: &u32| {
        FontRef::from_index(bytes, *index).is_ok_and(|font| {
            font.localized_strings(StringId::FAMILY_NAME).any(|name| name.to_string().ends_with(" SC"))
        })
    };
    (0..10).find(named).unwrap_or(0)
}

/// Files by their names in small letters.
fn gather(folder: &Path, depth: usize, files: &mut BTreeMap<String, PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if depth > 0 {
                gather(&path, depth - 1, files);
            }
        } else if files.len() < MOST_FILES {
            files.entry(entry.file_name().to_string_lossy().to_lowercase()).or_insert(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_fonts_is_told_in_clear_words() {
        let empty = Fonts::find(&[PathBuf::from("/nonexistent")]);
        let error = empty.err().expect("there is no such folder");
        assert!(error.to_string().contains("字体"));
    }
}
