//! Files that people hand in: told by their content, held against their name, not larger than is said, kept once under their
//! hash, and sent as they are. Whoever takes them says which types; who may see one is for the page that names it.

use jiedui_files::{ContentHash, FileKind, Folder, Unknown, ending_of};
use jiedui_kernel::{Code, Error, FieldError, Mistake};
use jiedui_programme::ResourceType;
use jiedui_web::context::RequestContext;
use jiedui_web::download::{PartedFile, ReadPart};
use jiedui_web::work::{Kind, Prepared};
use std::pin::Pin;

const MEGABYTE: usize = 1024 * 1024;

/// A file whose content lies in the folder already.
#[derive(Debug, Clone)]
pub struct StoredFile {
    pub hash: ContentHash,
    pub kind: FileKind,
    pub size: usize,
    pub name: String,
}

/// A file that was sent in: kept, or what is wrong with it.
pub type Sent = Result<StoredFile, FieldError>;

/// A file as the row has it that names it.
#[derive(Debug, Clone, Copy)]
pub struct NamedFile<'a> {
    pub hash: &'a str,
    pub size: i64,
    pub mime: &'a str,
    pub name: &'a str,
}

/// The folder in which contents lie.
pub fn folder(ctx: &RequestContext) -> jiedui_kernel::Result<Folder> {
    if ctx.app.files.as_os_str().is_empty() {
        return Err(Error::internal("no folder for files is set up"));
    }
    Ok(Folder::at(&ctx.app.files))
}

/// Looks at the file of the form, off the threads that serve; keeps it where the rest of the form can be taken. `otherwise` is
/// its name where it has none.
pub fn receive(
    ctx: &mut RequestContext,
    types: Vec<ResourceType>,
    otherwise: &'static str,
    keeps: bool,
) -> jiedui_kernel::Result<Prepared<Sent>> {
    let (folder, file) = (folder(ctx)?, ctx.form.file.take());
    Ok(Prepared::work(Kind::Reading, move || {
        let Some(file) = file else {
            let words = "还没有选择文件。请选择后再传。";
            return Ok(Err(FieldError::new("file", Code::Missing.says(words))));
        };
        let kind = match check(&types, &file.name, &file.bytes) {
            Ok(kind) => kind,
            Err(mistake) => return Ok(Err(FieldError::new("file", mistake))),
        };
        let hash = if keeps {
            folder.put(&file.bytes).map_err(|cause| Error::Unavailable(format!("files: {cause}")))?
        } else {
            ContentHash::of(&file.bytes)
        };
        let name = jiedui_files::safe_name(&file.name, kind.ending(), otherwise);
        Ok(Ok(StoredFile { hash, kind, size: file.bytes.len(), name }))
    }))
}

/// A file that a row names, to be sent in parts, with its type.
pub fn sent_again(
    ctx: &RequestContext,
    named: NamedFile<'_>,
) -> jiedui_kernel::Result<(FileKind, PartedFile)> {
    let lost = || Error::internal(format_args!("a row names no file: {} {}", named.hash, named.mime));
    let hash = ContentHash::parse(named.hash).ok_or_else(lost)?;
    let kind = FileKind::of_mime(named.mime).ok_or_else(lost)?;
    let size = usize::try_from(named.size).map_err(Error::internal)?;
    let folder = folder(ctx)?;
    // Before anything is answered: a page says so where the file is gone.
    if !folder.path(&hash).is_file() {
        let words = "这个文件在服务器上找不到了，它的登记还在。请告知系统管理员从备份里恢复。";
        return Err(Error::NotNow(words.to_owned()));
    }
    let read: ReadPart = Box::new(move |place: i64| {
        let (folder, hash) = (folder.clone(), hash.clone());
        let part = async move {
            let number = u64::try_from(place).map_err(Error::internal)?;
            let read = tokio::task::spawn_blocking(move || folder.part(&hash, number));
            read.await.map_err(Error::internal)?.map_err(Error::internal)
        };
        Box::pin(part) as Pin<Box<dyn Future<Output = jiedui_kernel::Result<Option<Vec<u8>>>> + Send>>
    });
    Ok((kind, PartedFile { name: named.name.to_owned(), mime: kind.mime(), size, read }))
}

/// Each type that is taken, with how large it may be.
pub fn described(types: &[ResourceType]) -> Vec<String> {
    let one = |of: &ResourceType| {
        let kind = FileKind::of_ending(&of.id)?;
        Some(format!("{}，最大 {}", kind.label(), size(most_bytes(of)?)))
    };
    types.iter().filter_map(one).collect()
}

fn most_bytes(of: &ResourceType) -> Option<usize> {
    usize::try_from(of.most_megabytes).ok()?.checked_mul(MEGABYTE)
}

/// What a file is, or why it is not taken.
fn check(types: &[ResourceType], name: &str, bytes: &[u8]) -> Result<FileKind, Mistake> {
    let kind = FileKind::of(bytes).map_err(|why| unknown(types, why))?;
    let Some(most) = types.iter().find(|one| one.id == kind.ending()).and_then(most_bytes) else {
        let words = format!("不收{}。可以收：{}。", kind.label(), taken(types));
        return Err(Code::WrongFile.says(words));
    };
    let ending = ending_of(name);
    let says_something = ending.starts_with(|sign: char| sign.is_ascii_alphabetic());
    if says_something && !kind.endings().contains(&ending.as_str()) {
        let words = format!(
            "文件名写的是 .{ending}，内容却是{}。请确认没有选错；内容没错的，把文件名的结尾改成 .{} 再传。",
            kind.label(),
            kind.ending()
        );
        return Err(Code::WrongFile.says(words));
    }
    if bytes.len() > most {
        let words = format!(
            "{}最大 {} MB，这个文件有 {}。请压缩图片或拆成几份再传。",
            kind.label(),
            most / MEGABYTE,
            size(bytes.len())
        );
        return Err(Code::TooLarge.says(words));
    }
    Ok(kind)
}

fn unknown(types: &[ResourceType], why: Unknown) -> Mistake {
    match why {
        Unknown::Empty => Code::Missing.says("这个文件是空的，请重新选择。"),
        Unknown::OldOffice => {
            Code::WrongFile.says("这是旧版 Office 文件。请另存为 docx、xlsx、pptx 或 PDF 再传。")
        }
        Unknown::Macros => Code::WrongFile.says("这个 Office 文件里有宏程序。请另存为不带宏的格式再传。"),
        Unknown::Other => {
            let words = format!("按内容认不出这是什么文件。可以收：{}；请另存为其中一种再传。", taken(types));
            Code::WrongFile.says(words)
        }
    }
}

fn taken(types: &[ResourceType]) -> String {
    let kinds = types.iter().filter_map(|one| FileKind::of_ending(&one.id));
    kinds.map(FileKind::label).collect::<Vec<_>>().join("、")
}

/// A size as people read it, rounded up: what is 1 byte has 1 KB.
pub fn size(bytes: usize) -> String {
    if bytes < MEGABYTE {
        return format!("{} KB", bytes.div_ceil(1024));
    }
    let tenths = (bytes * 10).div_ceil(MEGABYTE);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::review;
    use jiedui_programme::ResourceRules;

    fn code(name: &str, bytes: &[u8]) -> Option<Code> {
        let rules = review::tests::programme().resources.as_ref().unwrap();
        check(&rules.types, name, bytes).err().map(|mistake| mistake.code)
    }

    #[test]
    fn a_file_is_what_its_name_says() {
        assert_eq!(code("课件.pdf", b"%PDF-1.7"), None);
        assert_eq!(code("第1.2节", b"%PDF-1.7"), None, "no ending");
        assert_eq!(code("照片.JPEG", &[0xff, 0xd8, 0xff, 0xe0]), None);
        let wrong: [(&str, &[u8]); 4] = [
            ("课件.pdf", b"MZ program"),
            ("课件.docx", b"%PDF-1.7"),
            ("课件.pdf.exe", b"%PDF-1.7"),
            ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ];
        for (name, bytes) in wrong {
            assert_eq!(code(name, bytes), Some(Code::WrongFile), "{name}");
        }
        assert_eq!(code("空.pdf", b""), Some(Code::Missing));
    }

    #[test]
    fn a_file_is_not_larger_than_the_programme_says() {
        let mut picture = b"\x89PNG\r\n\x1a\n".to_vec();
        picture.resize(10 * MEGABYTE, 0);
        assert_eq!(code("图.png", &picture), None);
        picture.push(0);
        assert_eq!(code("图.png", &picture), Some(Code::TooLarge));
    }

    #[test]
    fn the_program_tells_every_type_that_a_programme_may_name() {
        for ending in ResourceRules::TYPES {
            assert_eq!(FileKind::of_ending(ending).map(FileKind::ending), Some(ending));
        }
        assert_eq!(FileKind::ALL.len(), ResourceRules::TYPES.len());
        assert_eq!(ResourceRules::MOST_MEGABYTES as usize * MEGABYTE, jiedui_web::limits::UPLOAD_BYTES);
    }

    #[test]
    fn sizes_are_told_rounded_up() {
        assert_eq!(
            [size(1), size(1025), size(MEGABYTE), size(MEGABYTE + 1)],
            ["1 KB", "2 KB", "1.0 MB", "1.1 MB"]
        );
    }
}
