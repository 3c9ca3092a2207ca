//! Task packs: directories of TOML files.

mod apply;
mod current;
mod diff;
mod export;
mod import;
mod lint;
mod packs;
mod test;

use std::path::Path;

use countersign_pack::{Pack, Shipped};

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
    /// Read what a tenant has, show what changed since the last time, and draft tasks of it
    #[command(subcommand)]
    Import(import::Import),
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
            Self::Import(import) => import.run(app),
        }
    }
}

/// Reads a pack; its faults are said, each with its place. One that only the program has is to be exported first.
fn read(app: &App, directory: &Path) -> Outcome<Pack> {
    let name = directory.file_name().and_then(std::ffi::OsStr::to_str);
    if !directory.exists()
        && let Some(pack) = name.and_then(Shipped::find)
    {
        return Err(Fault::usage(format!("There is no directory {}.", directory.display()))
            .hint(format!("countersign catalog export {}", pack.name())));
    }
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
