//! `countersign execution stop-all`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct StopAll {}

impl StopAll {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = "Everything that runs is being stopped; every authorization and pending request is ended.";
        act::own(app, "Stop-AllExecutions", &Parameters::new(), &RaiseArgs::default(), done)
    }
}
