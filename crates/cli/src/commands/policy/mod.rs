//! Approval policies.

mod apply;
mod export;
pub(crate) mod list;
mod new;
mod remove;
mod set;
pub(crate) mod show;
mod terms;

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List policies
    List(crate::list::ListArgs),
    /// Show a policy in words
    Show(show::Show),
    /// Make a policy
    New(new::New),
    /// Replace the terms of a policy
    Set(set::Set),
    /// Remove a policy
    Remove(remove::Remove),
    /// Write all policies as lines that would make them
    Export,
    /// Make the policies of a file that `export` wrote
    Apply(apply::Apply),
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        match self {
            Self::List(args) => list::show(app, &args),
            Self::Show(show) => show.run(app),
            Self::New(new) => new.run(app),
            Self::Set(set) => set.run(app),
            Self::Remove(remove) => remove.run(app),
            Self::Export => export::run(app),
            Self::Apply(apply) => apply.run(app),
        }
    }
}
