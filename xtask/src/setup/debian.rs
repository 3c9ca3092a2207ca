//! Debian's packages: as root, through a sudo that asks nothing, or else as a command for the person to give.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::cmd::{Cmd, which};

/// A package may ship a service, and Debian starts those on installation. A policy that denies every start stands for
/// as long as apt runs, and goes with the shell however that ends; a policy that the machine has already is left alone.
/// The list of packages is fetched only when apt doesn't know a name.
const INSTALL: &str = r#"
set -eu
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 130' INT TERM HUP
    printf '#!/bin/sh\n# Made by setup while it installs packages: start no service.\nexit 101\n' > "$policy"
    chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
if ! apt-get install --simulate --no-install-recommends "$@" > /dev/null 2>&1; then
    apt-get update
fi
apt-get install --yes --no-install-recommends "$@"
"#;

/// Whether this system has Debian's package tools.
pub(super) fn is_here() -> bool {
    which("apt-get").is_some()
}

/// What a person types to install these.
pub(super) fn command(packages: &[&str]) -> String {
    let sudo = if is_root() { "" } else { "sudo " };
    format!("{sudo}apt-get install --no-install-recommends {}", packages.join(" "))
}

/// Installs them, or says why not and what to type.
pub(super) fn install(packages: &[&str]) -> Result<()> {
    if !is_here() {
        bail!(
            "this system has no apt-get; install by its own means what Debian calls {}",
            packages.join(", ")
        );
    }
    let shell = if is_root() {
        Cmd::new("sh")
    } else if which("sudo").is_some() && Cmd::new("sudo").args(["-n", "true"]).succeeds() {
        Cmd::new("sudo").args(["-n", "sh"])
    } else {
        bail!("not root here; to install it, type:\n  {}", command(packages));
    };
    shell.args(["-c", INSTALL, "setup"]).args(packages).run().context("apt-get could not install them")
}

/// Whether this user may do anything here.
pub(crate) fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// Whether any folder directly under `dir` has the file.
pub(super) fn has_under(dir: impl AsRef<Path>, file: &str) -> bool {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| entry.path().join(file).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_one_folder_down_only() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("15/bin")).unwrap();
        assert!(!has_under(dir.path(), "bin/initdb"));
        std::fs::write(dir.path().join("15/bin/initdb"), "").unwrap();
        assert!(has_under(dir.path(), "bin/initdb"));
        assert!(!has_under(dir.path().join("none"), "bin/initdb"));
    }

    #[test]
    fn the_installing_script_is_a_shell_script() {
        Cmd::new("sh").args(["-n", "-c", INSTALL]).run().unwrap();
    }
}
