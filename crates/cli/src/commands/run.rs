//! `countersign run`

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::act::{self, How};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;
use crate::{terminal, values};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Ends with the task's own status, or 128 + N where signal N ended it. Countersign's own codes: 121 \
failed or stopped, 122 usage, 123 refused, 124 waiting for approval, 125 not signed in, 126 unreachable, 127 unknown."
)]
pub(crate) struct Run {
    /// The task: `Workload\Task`
    task: String,
    /// A parameter; the same name again adds to a list
    #[arg(short, long = "parameter", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// Ask for a secret parameter; without a terminal it is one line of standard input
    #[arg(long, value_name = "NAME")]
    secret: Vec<String>,
    /// Under which authorization, where there is a choice
    #[arg(long, value_name = "R-NUMBER")]
    under: Option<String>,
    /// Start it, print its id, and do not wait for its end
    #[arg(long)]
    detach: bool,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl Run {
    pub(crate) fn run(self, app: &App) -> Outcome {
        let given = values::given(&self.parameters)?;
        let mut secrets: BTreeMap<String, Json> = BTreeMap::new();
        for name in &self.secret {
            let secret = if app.ui.interactive() {
                terminal::ask_secret(name)?
            } else {
                terminal::secret_from_stdin()?
            };
            secrets.insert(name.clone(), secret.reveal().into());
        }
        let how = How { raise: self.raise, under: self.under, detach: self.detach };
        act::any(app, &self.task, &given, secrets, &how)
    }
}
