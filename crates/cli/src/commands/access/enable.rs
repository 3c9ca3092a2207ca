//! `countersign access enable`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Enable {
    /// The default approver group, by name
    admin_group: String,
    /// A service account to exempt
    #[arg(long = "system-account", value_name = "PERSON")]
    system_accounts: Vec<String>,
    /// What becomes of tasks that no policy covers
    #[arg(long, value_name = "CHOICE", value_parser = ["RoleHoldersRun", "DefaultApproversDecide"], ignore_case = true)]
    unprotected_tasks: Option<String>,
    /// Leave the control plane unprotected; shown on every page
    #[arg(long)]
    control_plane_unprotected: bool,
    /// Let people approve without a second factor; shown on every page
    #[arg(long)]
    second_factor_not_required: bool,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl Enable {
    pub(super) fn run(self, app: &App) -> Outcome {
        let parameters = Parameters::new()
            .with("AdminGroup", self.admin_group)
            .with_list("SystemAccounts", &self.system_accounts)
            .with_some("UnprotectedTasks", self.unprotected_tasks)
            .with_some("ControlPlane", self.control_plane_unprotected.then_some("Unprotected"))
            .with_some("SecondFactor", self.second_factor_not_required.then_some("NotRequired"));
        act::own(
            app,
            "Enable-ElevatedAccessControl",
            &parameters,
            &self.raise,
            "Privileged access is enabled.",
        )
    }
}
