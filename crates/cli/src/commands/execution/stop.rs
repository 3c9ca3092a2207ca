//! `countersign execution stop`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::{Fault, Outcome};
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Stop {
    /// The execution's id
    id: String,
}

impl Stop {
    /// One's own by relation; anybody's by the task, for those who hold it.
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("{} is being stopped.", self.id);
        let refused = match app.client()?.stop(&self.id) {
            Ok(answer) => {
                app.ui.done(&done, &answer);
                return Ok(());
            }
            Err(error) => Fault::from(error),
        };
        if !refused.is("not_found") && !refused.is("forbidden") {
            return Err(refused);
        }
        let parameters = Parameters::new().with("Identity", self.id);
        match act::own(app, "Stop-Execution", &parameters, &RaiseArgs::default(), &done) {
            Err(fault) if fault.is("role_required") => Err(refused),
            other => other,
        }
    }
}
