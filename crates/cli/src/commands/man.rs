//! `countersign man`

use std::path::PathBuf;

use clap::CommandFactory as _;

use crate::app::App;
use crate::cli::Cli;
use crate::fault::{Fault, Outcome};

#[derive(Debug, clap::Args)]
pub(crate) struct Man {
    /// An existing directory, such as `man1` of a package
    directory: PathBuf,
}

impl Man {
    pub(crate) fn run(self, app: &App) -> Outcome {
        clap_mangen::generate_to(Cli::command(), &self.directory).map_err(|error| {
            let place = self.directory.display();
            Fault::failed(format!("{place}: {error}.")).hint("the directory must exist and be writable")
        })?;
        app.ui.note(&format!("{} has the manual pages.", self.directory.display()));
        Ok(())
    }
}
