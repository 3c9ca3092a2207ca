//! `countersign person new`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// The sign-in name
    upn: String,
    /// The name people read
    #[arg(long, value_name = "NAME")]
    display_name: String,
    /// The mail address, if it differs
    #[arg(long, value_name = "ADDRESS")]
    mail: Option<String>,
    #[command(flatten)]
    link: super::LinkArgs,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl New {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("{} is added.", self.upn);
        let parameters = Parameters::new()
            .with("UserPrincipalName", self.upn)
            .with("DisplayName", self.display_name)
            .with_some("Mail", self.mail)
            .with_some("LinkDelivery", self.link.delivery());
        act::own(app, "New-User", &parameters, &self.raise, &done)
    }
}
