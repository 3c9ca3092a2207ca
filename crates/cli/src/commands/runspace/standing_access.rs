//! `countersign runspace standing-access`: a run of the workload's own task, gated and recorded like any other.

use std::collections::BTreeMap;

use crate::act::{self, How};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;
use crate::values;

/// The task by which a pack lists standing access.
const TASK: &str = "Get-StandingAccess";

#[derive(Debug, clap::Args)]
pub(crate) struct StandingAccess {
    /// The workload, such as PostgreSQL
    workload: String,
    /// A parameter, where the workload's task takes one: Hosts=web1
    #[arg(short, long = "parameter", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl StandingAccess {
    pub(super) fn run(self, app: &App) -> Outcome {
        let task = format!("{}\\{TASK}", self.workload);
        let given = values::given(&self.parameters)?;
        act::any(app, &task, &given, BTreeMap::new(), &How { raise: self.raise, ..How::default() })
    }
}
