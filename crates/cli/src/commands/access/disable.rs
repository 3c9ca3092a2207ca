//! `countersign access disable`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Disable {
    /// Come back by itself after so many hours
    #[arg(long, value_name = "N", conflicts_with = "observe")]
    for_hours: Option<u32>,
    /// Refuse nothing, but record what would be refused
    #[arg(long)]
    observe: bool,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl Disable {
    pub(super) fn run(self, app: &App) -> Outcome {
        let parameters =
            Parameters::new().with_some("ForHours", self.for_hours).with_switch("Observe", self.observe);
        act::own(
            app,
            "Disable-ElevatedAccessControl",
            &parameters,
            &self.raise,
            "Privileged access is disabled.",
        )
    }
}
