//! `countersign role-group new`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// The role group: `Workload\Role group`
    name: String,
    /// Its roles, each `Workload\Role`
    #[arg(required = true)]
    roles: Vec<String>,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl New {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("`{}` is defined.", self.name);
        let parameters = Parameters::new().with("Name", self.name).with_list("Role", &self.roles);
        act::own(app, "New-RoleGroup", &parameters, &self.raise, &done)
    }
}
