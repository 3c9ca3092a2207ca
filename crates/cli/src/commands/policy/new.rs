//! `countersign policy new`

use super::terms::Terms;
use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("target").required(true))]
pub(crate) struct New {
    /// For a task
    #[arg(long, value_name = "TASK", group = "target")]
    task: Option<String>,
    /// For a role
    #[arg(long, value_name = "ROLE", group = "target")]
    role: Option<String>,
    /// For a role group
    #[arg(long, value_name = "ROLE-GROUP", group = "target")]
    role_group: Option<String>,
    #[command(flatten)]
    terms: Terms,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl New {
    pub(super) fn run(self, app: &App) -> Outcome {
        let target = Parameters::new()
            .with_some("Task", self.task)
            .with_some("Role", self.role)
            .with_some("RoleGroup", self.role_group);
        act::own(
            app,
            "New-ElevatedAccessApprovalPolicy",
            &self.terms.on(target),
            &self.raise,
            "The policy is made.",
        )
    }
}
