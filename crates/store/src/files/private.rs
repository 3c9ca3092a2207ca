//! Directories with mode 0700 and files with mode 0600.

use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use crate::error::Error;

/// Makes a directory, or takes others' rights to it away.
pub(crate) fn directory(path: &Path) -> Result<(), Error> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(Error::file(path))?;
    restrict(path, 0o700)
}

/// Opens a file for reading and writing; makes it if need be.
pub(crate) fn file(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    let file = options.open(path).map_err(Error::file(path))?;
    restrict(path, 0o600)?;
    Ok(file)
}

fn restrict(path: &Path, mode: u32) -> Result<(), Error> {
    let metadata = std::fs::metadata(path).map_err(Error::file(path))?;
    let mut permissions = metadata.permissions();
    if permissions.mode() & 0o777 & !mode != 0 {
        permissions.set_mode(mode);
        std::fs::set_permissions(path, permissions).map_err(Error::file(path))?;
    }
    Ok(())
}
