//! The one place where developer commands start processes.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// A process to be run in the repository's root.
pub(crate) struct Cmd {
    inner: Command,
}

impl Cmd {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        #[expect(clippy::disallowed_methods, reason = "developer commands run cargo and the system's tools")]
        let mut inner = Command::new(program);
        inner.current_dir(root()).env("PATH", path());
        // `cargo run` describes xtask itself in these. Build scripts further down (ring's among them) watch them and
        // would be rebuilt whenever a developer changes between `cargo xtask` and plain cargo.
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("CARGO_PKG_")
                || name.starts_with("CARGO_MANIFEST_")
                || name == "CARGO_BIN_NAME"
            {
                inner.env_remove(name.as_ref());
            }
        }
        Self { inner }
    }

    /// Cargo, in this repository. Words are separated by single spaces.
    pub(crate) fn cargo(words: &str) -> Self {
        Self::new("cargo").args(words.split(' '))
    }

    pub(crate) fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.inner.args(args);
        self
    }

    pub(crate) fn arg(self, arg: impl AsRef<OsStr>) -> Self {
        self.args([arg])
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.inner.env(name, value);
        self
    }

    pub(crate) fn current_dir(mut self, dir: &Path) -> Self {
        self.inner.current_dir(dir);
        self
    }

    /// Runs it with this terminal; anything but success is an error.
    pub(crate) fn run(mut self) -> Result<()> {
        let shown = self.shown();
        let status = self.inner.status().with_context(|| format!("cannot start `{shown}`"))?;
        if !status.success() {
            bail!("`{shown}` ended with {status}");
        }
        Ok(())
    }

    /// Whether it starts and succeeds; its output is dropped.
    pub(crate) fn succeeds(mut self) -> bool {
        self.inner.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.inner.status().is_ok_and(|status| status.success())
    }

    /// Its standard output; anything but success is an error that carries its standard error.
    pub(crate) fn read(mut self) -> Result<String> {
        let shown = self.shown();
        let output =
            self.inner.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{shown}`"))?;
        if !output.status.success() {
            let told = String::from_utf8_lossy(&output.stderr);
            bail!("`{shown}` ended with {}: {}", output.status, told.trim());
        }
        String::from_utf8(output.stdout)
            .with_context(|| format!("`{shown}` printed bytes that are not UTF-8"))
    }

    /// Runs it with this terminal and also hands over each line of its standard error. True if it succeeded.
    pub(crate) fn watch(mut self, mut line: impl FnMut(&str)) -> Result<bool> {
        let shown = self.shown();
        let mut child =
            self.inner.stderr(Stdio::piped()).spawn().with_context(|| format!("cannot start `{shown}`"))?;
        let stderr = child.stderr.take().context("standard error was asked for as a pipe")?;
        let mut reader = BufReader::new(stderr);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes)? > 0 {
            std::io::stderr().write_all(&bytes)?;
            line(String::from_utf8_lossy(&bytes).trim_end());
            bytes.clear();
        }
        Ok(child.wait()?.success())
    }

    /// Becomes the program, so that signals reach it and its exit code is ours. Returns only if that failed.
    pub(crate) fn become_it(mut self) -> anyhow::Error {
        let shown = self.shown();
        anyhow::Error::from(self.inner.exec()).context(format!("cannot start `{shown}`"))
    }

    fn shown(&self) -> String {
        let words = std::iter::once(self.inner.get_program()).chain(self.inner.get_args());
        words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }
}

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// Where `cargo install` puts programs.
pub(crate) fn cargo_bin() -> Option<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo"))).map(|home| home.join("bin"))
}

/// The program's file, if one of that name is in the search path.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&path()).map(|dir| dir.join(program)).find(|file| file.is_file())
}

/// The caller's search path with cargo's own programs first, as cargo itself looks for them.
fn path() -> std::ffi::OsString {
    let given = std::env::var_os("PATH").unwrap_or_default();
    let dirs = cargo_bin().into_iter().chain(std::env::split_paths(&given));
    std::env::join_paths(dirs).unwrap_or(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_an_error_that_names_it() {
        let error = Cmd::new("false").run().unwrap_err();
        assert!(error.to_string().starts_with("`false` ended with"), "{error}");
    }

    #[test]
    fn what_a_program_said_is_in_the_error() {
        let error = Cmd::new("sh").args(["-c", "echo no such luck >&2; exit 3"]).read().unwrap_err();
        assert!(error.to_string().ends_with("no such luck"), "{error}");
    }

    #[test]
    fn watch_hands_over_each_line_and_the_outcome() {
        let mut lines = Vec::new();
        let script = "printf 'one\\ntwo' >&2; exit 1";
        let ok = Cmd::new("sh").args(["-c", script]).watch(|line| lines.push(line.to_owned())).unwrap();
        assert!(!ok);
        assert_eq!(lines, ["one", "two"]);
    }

    #[test]
    fn a_missing_program_is_not_found() {
        assert!(which("sh").is_some());
        assert!(which("no-such-program-anywhere").is_none());
    }
}
