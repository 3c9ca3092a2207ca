//! `countersign authorization revoke`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::exit::Exit;
use crate::fault::{Fault, Outcome};
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Revoke {
    /// The authorization, such as R-1042
    number: String,
    /// Why; the requester reads it
    #[arg(long, value_name = "TEXT")]
    comment: String,
}

impl Revoke {
    pub(super) fn run(self, app: &App) -> Outcome {
        revoke(app, &self.number, &self.comment, &RaiseArgs::default())
    }
}

/// An approver revokes by standing; others by the task of the same name, if they hold it.
pub(crate) fn revoke(app: &App, number: &str, comment: &str, raise: &RaiseArgs) -> Outcome {
    let done = format!("{number} is revoked.");
    let refused = match app.client()?.revoke(number, comment) {
        Ok(answer) => {
            app.ui.done(&done, &answer);
            return Ok(());
        }
        Err(error) => Fault::from(error),
    };
    if !["not_an_approver", "not_found", "forbidden"].iter().any(|code| refused.is(code)) {
        return Err(refused);
    }
    let parameters = Parameters::new().with("RequestId", number).with("Comment", comment);
    match act::own(app, "Revoke-ElevatedAccessAuthorization", &parameters, raise, &done) {
        Err(fault) if fault.exit() == Exit::Refused && fault.is("role_required") => Err(refused),
        other => other,
    }
}
