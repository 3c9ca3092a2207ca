//! `countersign person reset`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Reset {
    /// The sign-in name or id
    person: String,
    #[command(flatten)]
    link: super::LinkArgs,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl Reset {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("{} gets a link.", self.person);
        let parameters =
            Parameters::new().with("Identity", self.person).with_some("LinkDelivery", self.link.delivery());
        act::own(app, "Reset-UserCredential", &parameters, &self.raise, &done)
    }
}
