//! Mail-enabled security groups.

mod add_member;
mod import;
mod list;
mod new;
mod remove;
mod remove_member;
mod show;

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List groups
    List(crate::list::ListArgs),
    /// Show a group with its members
    Show(show::Show),
    /// Add an empty group
    New(new::New),
    /// Remove a group
    Remove(remove::Remove),
    /// Add people or groups to a group
    AddMember(add_member::AddMember),
    /// Add groups and members from a CSV file with the columns Group, Mail and Member, a line for each member
    Import(import::Import),
    /// Take people or groups out of a group
    RemoveMember(remove_member::RemoveMember),
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        match self {
            Self::List(args) => list::run(app, &args),
            Self::Show(show) => show.run(app),
            Self::New(new) => new.run(app),
            Self::Remove(remove) => remove.run(app),
            Self::AddMember(add) => add.run(app),
            Self::Import(import) => import.run(app),
            Self::RemoveMember(remove) => remove.run(app),
        }
    }
}
