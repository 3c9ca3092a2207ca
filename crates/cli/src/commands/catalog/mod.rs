//! Task packs: directories of TOML files.

mod apply;
mod current;
mod diff;
mod export;
mod lint;
mod packs;
mod test;

use std::path::Path;

use countersign_pack::Pack;

use crate::app::App;
use crate::exit::Exit;
use crate::fault::{Fault, Outcome};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List the packs that come with this program
    Packs(packs::Packs),
    /// Write a pack that comes with this program into a directory, to be looked at, changed and imported
    Export(export::Export),
    /// Check a pack without any server
    Lint(lint::Lint),
    /// Make what a pack's examples would send, and compare; nothing is sent
    Test(test::Test),
    /// Show what importing a pack would change
    Diff(diff::Diff),
    /// Import a pack: its tasks, roles and role groups
    Apply(apply::Apply),
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        match self {
            Self::Packs(packs) => packs.run(app),
            Self::Export(export) => export.run(app),
            Self::Lint(lint) => lint.run(app),
            Self::Test(test) => test.run(app),
            Self::Diff(diff) => diff.run(app),
            Self::Apply(apply) => apply.run(app),
        }
    }
}

/// Reads a pack; its faults are said, each with its place.
fn read(app: &App, directory: &Path) -> Outcome<Pack> {
    let read = Pack::read(directory);
    let faults = match &read {
        Ok(pack) => pack.lint(),
        Err(faults) => faults.clone(),
    };
    for fault in &faults {
        app.ui.note(&format!("{}/{fault}", directory.display()));
    }
    match read {
        Ok(pack) if faults.is_empty() => Ok(pack),
        _ => Err(Fault::Exit(Exit::Failed)),
    }
}
