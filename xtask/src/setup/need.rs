//! The table of what the tests need beyond Rust, a C compiler, git and Node.

use std::path::Path;

use crate::cmd::{Cmd, root, which};
use crate::setup::debian;

/// One thing that a machine must have.
pub(super) struct Need {
    pub(super) name: &'static str,
    /// What asks for it.
    pub(super) why: &'static str,
    pub(super) is_there: fn() -> bool,
    pub(super) get: Get,
    /// Whether the repository, as it stands, has anything that asks for it.
    pub(super) wanted: fn() -> bool,
    /// Needed to build and run the product, not only to test it.
    pub(super) to_build: bool,
    /// The module name of the tests that stay out where it is missing; without one, nothing can be tested.
    pub(super) tests: Option<&'static str>,
}

/// Where it comes from.
pub(super) enum Get {
    /// `cargo install --locked`, into the user's cargo folder.
    Cargo { name: &'static str, version: &'static str },
    /// Debian's packages, as root.
    Debian(&'static [&'static str]),
    /// By the person alone.
    ByHand(&'static str),
}

/// The needs of this repository as it stands.
pub(super) fn wanted() -> Vec<Need> {
    all().into_iter().filter(|need| (need.wanted)()).collect()
}

fn all() -> Vec<Need> {
    vec![
        Need {
            name: "rustc 1.95",
            why: "the workspace's language version",
            is_there: || version_of("rustc").is_some_and(|found| found >= (1, 95, 0)),
            get: Get::ByHand("install Rust 1.95 or newer, for example with rustup"),
            wanted: || true,
            to_build: true,
            tests: None,
        },
        Need {
            name: "rustfmt and clippy",
            why: "format and lints",
            is_there: || which("cargo-fmt").is_some() && which("cargo-clippy").is_some(),
            get: Get::ByHand("rustup component add rustfmt clippy"),
            wanted: || true,
            to_build: false,
            tests: None,
        },
        Need {
            name: "C compiler",
            why: "SQLite and ring are built from C",
            is_there: || which("cc").is_some(),
            get: Get::Debian(&["build-essential"]),
            wanted: || true,
            to_build: true,
            tests: None,
        },
        Need {
            name: "cargo-nextest 0.9.143",
            why: "runs the tests",
            is_there: || version_of("cargo-nextest").is_some_and(|found| found >= (0, 9, 143)),
            get: Get::Cargo { name: "cargo-nextest", version: "0.9.143" },
            wanted: || true,
            to_build: false,
            tests: None,
        },
        Need {
            name: "cargo-deny 0.20",
            why: "licences, duplicates and sources of dependencies",
            is_there: || version_of("cargo-deny").is_some_and(|found| found >= (0, 20, 0)),
            get: Get::Cargo { name: "cargo-deny", version: "0.20.2" },
            wanted: || true,
            to_build: false,
            tests: None,
        },
        Need {
            name: "Go and its x/mod",
            why: "checks our checkpoints and proofs with code that is not ours",
            is_there: || {
                which("go").is_some()
                    && Path::new("/usr/share/gocode/src/golang.org/x/mod/sumdb/note").is_dir()
            },
            get: Get::Debian(&["golang-go", "golang-golang-x-mod-dev"]),
            wanted: || true,
            to_build: false,
            tests: Some("needs_go"),
        },
        Need {
            name: "PostgreSQL's programs",
            why: "the store's tests start a server of their own",
            is_there: || which("initdb").is_some() || debian::has_under("/usr/lib/postgresql", "bin/initdb"),
            get: Get::Debian(&["postgresql"]),
            wanted: || lock_names("tokio-postgres"),
            to_build: false,
            tests: Some("needs_postgres"),
        },
        Need {
            name: "OpenSSH's server",
            why: "the tests of the ssh runspace start one of their own",
            is_there: || Path::new("/usr/sbin/sshd").exists() || which("sshd").is_some(),
            get: Get::Debian(&["openssh-server", "openssh-client"]),
            wanted: || lock_names("russh"),
            to_build: false,
            tests: Some("needs_sshd"),
        },
        Need {
            name: "Node 20.19 and npm",
            why: "builds the admin center (a newer Node where the system's is older)",
            is_there: || {
                which("npm").is_some() && version_of("node").is_some_and(|found| found >= (20, 19, 0))
            },
            get: Get::Debian(&["nodejs", "npm"]),
            wanted: || root().join("web/package.json").is_file(),
            to_build: true,
            tests: None,
        },
        Need {
            name: "Chromium",
            why: "the admin center's tests look at it as people do",
            is_there: || which("chromium").is_some(),
            get: Get::Debian(&["chromium"]),
            wanted: || root().join("web/package.json").is_file(),
            to_build: false,
            tests: Some("needs_browser"),
        },
    ]
}

impl Need {
    pub(super) fn found(&self) -> bool {
        (self.is_there)()
    }

    pub(super) fn packages(&self) -> &'static [&'static str] {
        match self.get {
            Get::Debian(packages) => packages,
            Get::Cargo { .. } | Get::ByHand(_) => &[],
        }
    }

    /// How it will be got, for the plan.
    pub(super) fn plan(&self) -> String {
        match self.get {
            Get::Cargo { name, version } => format!(
                "\n         cargo install --locked {name} --version {version}  (into the user's cargo folder; minutes, once)"
            ),
            Get::Debian(packages) => format!("\n         Debian's {}", packages.join(", ")),
            Get::ByHand(how) => format!("\n         by hand: {how}"),
        }
    }

    /// What a person does where setup may not.
    pub(super) fn by_hand(&self) -> String {
        match self.get {
            Get::Cargo { name, version } => format!("cargo install --locked {name} --version {version}"),
            Get::Debian(packages) if debian::is_here() => debian::command(packages),
            Get::Debian(packages) => {
                format!("install what your system calls Debian's {}", packages.join(", "))
            }
            Get::ByHand(how) => how.to_owned(),
        }
    }
}

/// The first version number that `PROGRAM --version` prints.
fn version_of(program: &str) -> Option<(u32, u32, u32)> {
    version_in(&Cmd::new(program).arg("--version").read().ok()?)
}

fn version_in(text: &str) -> Option<(u32, u32, u32)> {
    text.split_whitespace().find_map(|word| {
        let mut parts = word.trim_start_matches('v').splitn(3, '.').map(str::parse::<u32>);
        match (parts.next()?, parts.next()?, parts.next()?) {
            (Ok(major), Ok(minor), Ok(patch)) => Some((major, minor, patch)),
            _ => None,
        }
    })
}

/// Whether Cargo.lock holds a package of this name.
fn lock_names(package: &str) -> bool {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap_or_default();
    lock.lines().any(|line| line == format!("name = \"{package}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_tools_print() {
        assert_eq!(version_in("rustc 1.95.0 (59807616e 2026-04-14)"), Some((1, 95, 0)));
        assert_eq!(
            version_in("cargo-nextest 0.9.143 (60fa45f63 2026-08-04)\nrelease: 0.9.143"),
            Some((0, 9, 143))
        );
        assert_eq!(version_in("cargo-deny 0.20.2"), Some((0, 20, 2)));
        assert_eq!(version_in("v20.20.2"), Some((20, 20, 2)));
        assert_eq!(version_in("no such subcommand"), None);
        assert!((0, 9, 99) < (0, 9, 143));
    }

    #[test]
    fn the_lock_file_is_read_by_whole_names() {
        assert!(lock_names("serde_json"));
        assert!(!lock_names("serde_jso"));
    }

    #[test]
    fn every_need_says_what_to_do_by_hand() {
        for need in all() {
            assert!(!need.by_hand().is_empty() && !need.why.is_empty(), "{}", need.name);
        }
    }
}
