//! People and service accounts.

mod disable;
mod enable;
mod erase;
mod import;
mod link;
mod list;
mod new;
mod new_service;
mod reset;
mod set;
mod show;
mod unlink;

use crate::app::App;
use crate::fault::Outcome;

/// How a single-use link is delivered.
#[derive(Debug, Clone, Copy, clap::Args)]
struct LinkArgs {
    /// Print the link once, to be handed over, instead of mailing it; approvers see this, and the person is told
    #[arg(long)]
    print_link: bool,
}

impl LinkArgs {
    fn delivery(self) -> Option<&'static str> {
        self.print_link.then_some("PrintForRequester")
    }
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List people
    List(list::List),
    /// Show a person
    Show(show::Show),
    /// Add a person, who gets a link to set a password
    New(new::New),
    /// Add a service account
    NewService(new_service::NewService),
    /// Add people from a CSV file with the columns UserPrincipalName, DisplayName and, if they differ, Mail
    Import(import::Import),
    /// Change a person's name or address
    Set(set::Set),
    /// Disable a person; what runs for them is stopped
    Disable(disable::Disable),
    /// Enable a person again
    Enable(enable::Enable),
    /// Erase a disabled person's name and addresses, once they need not be kept any more
    Erase(erase::Erase),
    /// Send a person a link to set a new password and second factor
    Reset(reset::Reset),
    /// Say that two accounts are one person
    Link(link::Link),
    /// Take an account out of its link
    Unlink(unlink::Unlink),
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        match self {
            Self::List(list) => list.run(app),
            Self::Show(show) => show.run(app),
            Self::New(new) => new.run(app),
            Self::NewService(new) => new.run(app),
            Self::Import(import) => import.run(app),
            Self::Set(set) => set.run(app),
            Self::Disable(disable) => disable.run(app),
            Self::Enable(enable) => enable.run(app),
            Self::Erase(erase) => erase.run(app),
            Self::Reset(reset) => reset.run(app),
            Self::Link(link) => link.run(app),
            Self::Unlink(unlink) => unlink.run(app),
        }
    }
}
