//! `countersign completions`

use clap::CommandFactory as _;

use crate::app::App;
use crate::cli::Cli;
use crate::fault::Outcome;

#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// For which shell
    shell: clap_complete::Shell,
}

impl Completions {
    pub(crate) fn run(self, app: &App) -> Outcome {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "countersign", &mut script);
        app.ui.data(&script);
        Ok(())
    }
}
