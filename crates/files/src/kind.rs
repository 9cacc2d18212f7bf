//! The types that are known. A name proves nothing: what a file is, its content says.

/// One of the types that can be handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    Pdf,
    Jpeg,
    Png,
    Docx,
    Xlsx,
    Pptx,
    Mp3,
    Mp4,
}

/// Why a content is none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    Empty,
    /// Word, Excel or PowerPoint as they were before 2007: what is inside, macros too, is not told apart.
    OldOffice,
    /// An Office file that carries a program.
    Macros,
    Other,
}

const ZIP: &[u8] = b"PK\x03\x04";
const OLD_OFFICE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// The names of what is packed stand at the end of a package, and those of the first parts at its beginning too. Of a large
/// one no more is looked at.
const HEAD: usize = 16 * 1024;
const TAIL: usize = 512 * 1024;
/// A PDF may have other bytes before its mark.
const PDF_WITHIN: usize = 1024;

impl FileKind {
    pub const ALL: [Self; 8] =
        [Self::Pdf, Self::Jpeg, Self::Png, Self::Docx, Self::Xlsx, Self::Pptx, Self::Mp3, Self::Mp4];

    /// What the content is.
    ///
    /// # Errors
    /// Where it is none of the known types.
    pub fn of(bytes: &[u8]) -> Result<Self, Unknown> {
        if bytes.is_empty() {
            Err(Unknown::Empty)
        } else if holds(&bytes[..bytes.len().min(PDF_WITHIN)], b"%PDF-") {
            Ok(Self::Pdf)
        } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            Ok(Self::Jpeg)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Ok(Self::Png)
        } else if bytes.starts_with(ZIP) {
            packed(bytes)
        } else if bytes.starts_with(OLD_OFFICE) {
            Err(Unknown::OldOffice)
        } else if bytes.get(4..8) == Some(b"ftyp") {
            Ok(Self::Mp4)
        } else if bytes.starts_with(b"ID3") || is_mpeg_frame(bytes) {
            Ok(Self::Mp3)
        } else {
            Err(Unknown::Other)
        }
    }

    /// The one of this ending, which is also its name in lists.
    pub fn of_ending(ending: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.endings().contains(&ending))
    }

    /// The one that is sent under this type.
    pub fn of_mime(mime: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.mime() == mime)
    }

    /// How names of such files end, the usual one first.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Pptx => &["pptx"],
            Self::Mp3 => &["mp3"],
            Self::Mp4 => &["mp4", "m4v"],
        }
    }

    pub fn ending(self) -> &'static str {
        self.endings()[0]
    }

    pub fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Mp3 => "audio/mpeg",
            Self::Mp4 => "video/mp4",
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Jpeg => "JPG 图片",
            Self::Png => "PNG 图片",
            Self::Docx => "Word 文档",
            Self::Xlsx => "Excel 表格",
            Self::Pptx => "PowerPoint 演示文稿",
            Self::Mp3 => "MP3 音频",
            Self::Mp4 => "MP4 视频",
        }
    }

    pub fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png)
    }

    /// Whether a browser shows it within a page, and runs nothing of it.
    pub fn is_shown(self) -> bool {
        self.is_picture() || self == Self::Pdf
    }
}

/// Each Office format has one part that makes it what it is.
fn packed(bytes: &[u8]) -> Result<FileKind, Unknown> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let tail = &bytes[bytes.len().saturating_sub(TAIL)..];
    let names = |part: &[u8]| holds(head, part) || holds(tail, part);
    if names(b"vbaProject.bin") {
        return Err(Unknown::Macros);
    }
    let parts: [(&[u8], FileKind); 3] = [
        (b"word/document.xml", FileKind::Docx),
        (b"xl/workbook.xml", FileKind::Xlsx),
        (b"ppt/presentation.xml", FileKind::Pptx),
    ];
    let mut found = parts.into_iter().filter(|(part, _)| names(part)).map(|(_, kind)| kind);
    found.next().ok_or(Unknown::Other)
}

/// MPEG-1 or -2 sound, layer III, with a bit rate and a sampling rate that exist.
fn is_mpeg_frame(bytes: &[u8]) -> bool {
    let Some([first, second, third, _]) = bytes.first_chunk::<4>() else { return false };
    let layer_three = second & 0b0000_0110 == 0b0000_0010;
    let version = second & 0b0001_1000 != 0b0000_1000;
    let rates = third & 0b1111_0000 != 0b1111_0000 && third & 0b0000_1100 != 0b0000_1100;
    *first == 0xff && second & 0b1110_0000 == 0b1110_0000 && layer_three && version && rates
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    let Some(first) = part.first() else { return true };
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| byte == first) {
        if bytes[from + at..].starts_with(part) {
            return true;
        }
        from += at + 1;
    }
    false
}
