//! Whether other users can reach this checkout: as root, tests run what they built as `nobody`.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Result, bail};

use super::is_root;

/// For root, every directory on the way to the checkout must let others through.
pub(super) fn check(checkout: &Path) -> Result<()> {
    match shut(checkout) {
        Some(place) if is_root() => bail!(
            "{} lets no other user through, and tests run programs of this checkout as another user: \
             move the checkout, to /srv for instance, or run the tests as an ordinary user",
            place.display()
        ),
        _ => Ok(()),
    }
}

/// The first directory, from the checkout upwards, that others can't pass.
fn shut(checkout: &Path) -> Option<&Path> {
    checkout
        .ancestors()
        .find(|place| place.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o001 == 0))
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;

    use super::*;

    #[test]
    fn a_directory_that_others_cannot_pass_is_named() {
        let place = tempfile::tempdir().unwrap();
        let inner = place.path().join("inner");
        std::fs::create_dir(&inner).unwrap();
        std::fs::set_permissions(&inner, Permissions::from_mode(0o755)).unwrap();
        std::fs::set_permissions(place.path(), Permissions::from_mode(0o700)).unwrap();
        assert_eq!(shut(&inner), Some(place.path()));
        std::fs::set_permissions(place.path(), Permissions::from_mode(0o711)).unwrap();
        assert_eq!(shut(&inner), None);
    }
}
