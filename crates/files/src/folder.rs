//! The folder in which each content lies once: `ab/cdef…` under its SHA-256. A file has its name when it is whole and on
//! the disk, so that whoever sees the name sees the content, also after a power cut.

use crate::ContentHash;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

/// A file is handed out in parts of this size.
pub const PART_BYTES: usize = 256 * 1024;

/// Tells apart what is being written at one time.
static WRITING: AtomicU64 = AtomicU64::new(0);

#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Made when the first file comes.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    pub fn path(&self, hash: &ContentHash) -> PathBuf {
        let (shelf, rest) = hash.as_str().split_at(2);
        self.root.join(shelf).join(rest)
    }

    /// Keeps a content; where it is there already, it is as new, so that nobody clears it away now. What lies damaged under its
    /// name is written from scratch.
    ///
    /// # Errors
    /// Where the disk refuses: nothing is left under the name.
    pub fn put(&self, bytes: &[u8]) -> io::Result<ContentHash> {
        let hash = ContentHash::of(bytes);
        let path = self.path(&hash);
        if fs::read(&path).is_ok_and(|kept| kept == bytes) && touch(&path, bytes).is_ok() && path.exists() {
            return Ok(hash);
        }
        let shelf = path.parent().unwrap_or(&self.root);
        let new_shelf = !shelf.is_dir();
        make_folder(shelf)?;
        let number = WRITING.fetch_add(1, Ordering::Relaxed);
        let half = self.root.join(format!(".{}-{}-{number}.part", &hash.as_str()[..16], std::process::id()));
        let written = write(&half, bytes).and_then(|()| fs::rename(&half, &path));
        if let Err(cause) = written {
            // What is left of it is in nobody's way: it has no name of a content.
            let _ = fs::remove_file(&half);
            return Err(cause);
        }
        sync_folder(shelf)?;
        if new_shelf {
            sync_folder(&self.root)?;
        }
        Ok(hash)
    }

    /// The part of this number, from 0; none behind the last.
    ///
    /// # Errors
    /// Where there is no such file, or it cannot be read.
    pub fn part(&self, hash: &ContentHash, number: u64) -> io::Result<Option<Vec<u8>>> {
        let mut file = File::open(self.path(hash))?;
        file.seek(SeekFrom::Start(number.saturating_mul(PART_BYTES as u64)))?;
        let mut part = Vec::new();
        file.take(PART_BYTES as u64).read_to_end(&mut part)?;
        Ok((!part.is_empty()).then_some(part))
    }

    /// The contents of a shelf, from 0 to 255, that nobody has handed in since `before`.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn older(&self, shelf: u8, before: SystemTime) -> io::Result<Vec<ContentHash>> {
        let mut found = Vec::new();
        for hash in self.on_shelf(shelf)? {
            if fs::metadata(self.path(&hash))?.modified()? < before {
                found.push(hash);
            }
        }
        Ok(found)
    }

    /// All contents of a shelf, from 0 to 255, in their order.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn on_shelf(&self, shelf: u8) -> io::Result<Vec<ContentHash>> {
        let shelf = format!("{shelf:02x}");
        let files = match fs::read_dir(self.root.join(&shelf)) {
            Ok(files) => files,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => return Err(cause),
        };
        let mut found = Vec::new();
        for file in files {
            found.extend(ContentHash::parse(&format!("{shelf}{}", file?.file_name().to_string_lossy())));
        }
        found.sort_unstable();
        Ok(found)
    }

    /// Takes a content out, unless somebody hands it in at this moment: then it stays. Whoever asks knows that nothing names it.
    /// Says whether it went.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn remove(&self, hash: &ContentHash, before: SystemTime) -> io::Result<bool> {
        let (path, aside) = (self.path(hash), self.root.join(format!(".{hash}.gone")));
        // From here on whoever hands it in finds none and writes it, or had touched it before.
        fs::rename(&path, &aside)?;
        if fs::metadata(&aside)?.modified()? >= before {
            fs::rename(&aside, &path)?;
            return Ok(false);
        }
        fs::remove_file(&aside).map(|()| true)
    }

    /// Whether the content is there, unchanged.
    pub fn holds(&self, hash: &ContentHash) -> bool {
        fs::read(self.path(hash)).is_ok_and(|bytes| ContentHash::of(&bytes) == *hash)
    }
}

/// Makes a file as new, by writing its first byte once more: there is no clock here.
fn touch(path: &Path, bytes: &[u8]) -> io::Result<()> {
    OpenOptions::new().write(true).open(path)?.write_all(bytes.get(..1).unwrap_or_default())
}

/// For the account that serves, and for nobody else.
fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A name is on the disk when its folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}
