//! `countersign person set`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Set {
    /// The sign-in name or id
    person: String,
    /// The sign-in name from now on
    #[arg(long, value_name = "NAME")]
    upn: String,
    /// The name people read
    #[arg(long, value_name = "NAME")]
    display_name: String,
    /// The mail address, if it differs
    #[arg(long, value_name = "ADDRESS")]
    mail: Option<String>,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl Set {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("{} is changed.", self.person);
        let parameters = Parameters::new()
            .with("Identity", self.person)
            .with("UserPrincipalName", self.upn)
            .with("DisplayName", self.display_name)
            .with_some("Mail", self.mail);
        act::own(app, "Set-User", &parameters, &self.raise, &done)
    }
}
