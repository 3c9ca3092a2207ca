//! `countersign system-account add`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Add {
    /// The service account: sign-in name or id
    account: String,
    /// Why it is exempt
    #[arg(long = "because", value_name = "TEXT")]
    because: String,
    /// For how many days
    #[arg(long, value_name = "N")]
    days: u32,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl Add {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("{} is exempt for {}.", self.account, act::count(self.days as usize, "day"));
        let parameters = Parameters::new()
            .with("Identity", self.account)
            .with("Reason", self.because)
            .with("Days", self.days.to_string());
        act::own(app, "Add-SystemAccount", &parameters, &self.raise, &done)
    }
}
