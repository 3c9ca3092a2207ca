//! Role groups.

mod add_member;
mod list;
mod new;
mod remove;
mod remove_member;
mod show;

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List role groups
    List(crate::list::ListArgs),
    /// Show a role group with its roles and members
    Show(show::Show),
    /// Define a role group, or define it anew
    New(new::New),
    /// Remove a role group
    Remove(remove::Remove),
    /// Add people or groups to a role group
    AddMember(add_member::AddMember),
    /// Take people or groups out of a role group
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
            Self::RemoveMember(remove) => remove.run(app),
        }
    }
}
