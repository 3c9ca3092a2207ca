//! Executions.

mod acknowledge;
mod list;
mod output;
mod show;
mod stop;
mod stop_all;
mod take_backs;

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List runs
    List(list::List),
    /// Show a run
    Show(show::Show),
    /// Show what a run prints, as it prints it; ends as it ends
    Output(output::Output),
    /// Stop a run
    Stop(stop::Stop),
    /// Accept that an outcome stays unknown
    Acknowledge(acknowledge::Acknowledge),
    /// List what ends with its authorization and is not taken back yet
    TakeBacks(take_backs::TakeBacks),
    /// Emergency stop: everything that runs, every authorization, every pending request
    StopAll(stop_all::StopAll),
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        match self {
            Self::List(list) => list.run(app),
            Self::Show(show) => show.run(app),
            Self::Output(output) => output.run(app),
            Self::Stop(stop) => stop.run(app),
            Self::Acknowledge(acknowledge) => acknowledge.run(app),
            Self::TakeBacks(take_backs) => take_backs.run(app),
            Self::StopAll(stop_all) => stop_all.run(app),
        }
    }
}
