//! The files of a data directory are for the account that serves, and for nobody else on the machine.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::path::Path;

/// Makes the directory and an empty file where they are not there yet. SQLite gives the files that it puts beside the
/// database the rights of the database.
#[cfg(unix)]
pub(crate) fn make(directory: &Path, file: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    OpenOptions::new().create(true).append(true).mode(0o600).open(file)?;
    for name in ["", "-wal", "-shm"] {
        narrow(&file.with_file_name(format!("{}{name}", name_of(file))))?;
    }
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn make(directory: &Path, _: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)
}

#[cfg(unix)]
fn name_of(file: &Path) -> String {
    file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Takes from everybody else what an earlier version left open. A file of another account stays as it is.
#[cfg(unix)]
fn narrow(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let rights = match fs::metadata(file) {
        Ok(known) => known.permissions(),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(cause) => return Err(cause),
    };
    if rights.mode() & 0o077 == 0 {
        return Ok(());
    }
    match fs::set_permissions(file, fs::Permissions::from_mode(rights.mode() & 0o700)) {
        Err(cause) if cause.kind() == io::ErrorKind::PermissionDenied => {
            tracing::warn!(file = %file.display(), "others on this machine can read the data");
            Ok(())
        }
        done => done,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn rights(path: &Path) -> u32 {
        fs::metadata(path).map_or(0, |found| found.permissions().mode() & 0o777)
    }

    #[test]
    fn data_are_for_one_account() {
        let desk = tempfile::tempdir().unwrap();
        let (directory, file) = (desk.path().join("a/b"), desk.path().join("a/b/jiedui.sqlite"));
        make(&directory, &file).unwrap();
        assert_eq!((rights(&directory), rights(&file)), (0o700, 0o600));
        let beside = directory.join("jiedui.sqlite-wal");
        fs::write(&beside, b"kept").unwrap();
        for path in [&file, &beside] {
            fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
        }
        make(&directory, &file).unwrap();
        assert_eq!((rights(&file), rights(&beside)), (0o600, 0o600), "what an earlier version left open");
        assert_eq!(fs::read(&beside).unwrap(), b"kept");
    }
}
