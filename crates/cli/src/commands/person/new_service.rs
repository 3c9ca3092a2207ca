//! `countersign person new-service`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct NewService {
    /// Its name, in the form of a sign-in name
    upn: String,
    /// The name people read
    #[arg(long, value_name = "NAME")]
    display_name: String,
    /// Who asks for its access
    #[arg(long, value_name = "PERSON")]
    owner: String,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl NewService {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("{} is added.", self.upn);
        let parameters = Parameters::new()
            .with("UserPrincipalName", self.upn)
            .with("DisplayName", self.display_name)
            .with("Owner", self.owner);
        act::own(app, "New-ServiceAccount", &parameters, &self.raise, &done)
    }
}
