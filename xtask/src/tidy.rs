//! `cargo xtask tidy`: the repository's own rules, those that no other tool checks.

mod adr;
mod arrows;
mod cited;
mod files;
mod manifests;
mod named;
mod words;

use std::collections::BTreeSet;

use anyhow::{Result, bail};

use crate::cmd::{Cmd, root};
use crate::flags::Flags;
use crate::meta::Workspace;

/// What was found, each with its place.
#[derive(Default)]
pub(crate) struct Findings {
    faults: Vec<String>,
    warnings: Vec<String>,
}

impl Findings {
    fn fault(&mut self, place: &str, what: impl AsRef<str>) {
        self.faults.push(format!("{place}: {}", what.as_ref()));
    }

    fn warn(&mut self, place: &str, what: impl AsRef<str>) {
        self.warnings.push(format!("{place}: {}", what.as_ref()));
    }
}

/// A text file of this repository.
pub(crate) struct File {
    /// From the repository's root.
    path: String,
    text: String,
}

impl File {
    /// Whether the name ends in one of these.
    fn ends(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }

    fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Each line with `path:number`.
    fn lines(&self) -> impl Iterator<Item = (String, &str)> {
        self.text.lines().enumerate().map(|(at, line)| (format!("{}:{}", self.path, at + 1), line))
    }
}

/// `tidy`
pub(crate) fn run(args: &[String]) -> Result<()> {
    Flags::new(args).done()?;
    check()
}

/// Checks everything; prints what it finds.
pub(crate) fn check() -> Result<()> {
    let files = read_files()?;
    let mut workspace = Workspace::load()?;
    workspace.look_alone(arrows::pure_crates().iter().map(String::as_str))?;
    let mut findings = Findings::default();
    for file in &files {
        files::check(file, &mut findings);
        words::check(file, &mut findings);
    }
    adr::check(&files, &mut findings);
    cited::check(&files, &mut findings);
    named::check(&files, &mut findings);
    manifests::check(&workspace, &mut findings)?;
    arrows::check(&workspace, &mut findings);
    if std::env::var_os("CI").is_some() {
        lock_is_committed(&mut findings)?;
    }

    for warning in &findings.warnings {
        println!("warning: {warning}");
    }
    for fault in &findings.faults {
        println!("{fault}");
    }
    if !findings.faults.is_empty() {
        bail!(
            "{} faults in {} files and {} crates",
            findings.faults.len(),
            files.len(),
            workspace.crates.len()
        );
    }
    println!("{} files and {} crates are in order", files.len(), workspace.crates.len());
    Ok(())
}

/// What git holds or would hold; files that are not UTF-8 text are passed over.
fn read_files() -> Result<Vec<File>> {
    let list =
        Cmd::new("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).read()?;
    let paths: BTreeSet<&str> = list.split('\0').filter(|path| !path.is_empty()).collect();
    let read = |path: &&str| {
        // A path that is listed but gone is a deletion that isn't committed yet; bytes that are no text have no lines.
        let text = std::fs::read_to_string(root().join(path)).ok()?;
        Some(File { path: (*path).to_owned(), text })
    };
    Ok(paths.iter().filter_map(read).collect())
}

/// Cargo mends an outdated lock file without a word; where nobody looks, that would test other versions than those
/// committed.
fn lock_is_committed(findings: &mut Findings) -> Result<()> {
    let changed = Cmd::new("git").args(["status", "--porcelain", "Cargo.lock"]).read()?;
    if !changed.trim().is_empty() {
        findings.fault("Cargo.lock", "differs from what is committed; build once and commit it");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a check finds in one file.
    pub(super) fn faults(check: fn(&File, &mut Findings), path: &str, text: &str) -> Vec<String> {
        let mut findings = Findings::default();
        check(&File { path: path.to_owned(), text: text.to_owned() }, &mut findings);
        findings.faults
    }
}
