//! `countersign request erase`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Erase {
    /// A request that is over, such as R-1042
    number: String,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl Erase {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("{}: values and output are erased. Backups and exports keep theirs.", self.number);
        let values = Parameters::new().with("RequestId", self.number);
        act::own(app, "Clear-RequestData", &values, &self.raise, &done)
    }
}
