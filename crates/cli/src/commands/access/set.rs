//! `countersign access set`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Set {
    /// The default approver group
    #[arg(long, value_name = "GROUP")]
    admin_group: Option<String>,
    /// What becomes of tasks that no policy covers
    #[arg(long, value_name = "CHOICE", value_parser = ["RoleHoldersRun", "DefaultApproversDecide"], ignore_case = true)]
    unprotected_tasks: Option<String>,
    /// Whether approving needs a second factor
    #[arg(long, value_name = "CHOICE", value_parser = ["Required", "NotRequired"], ignore_case = true)]
    second_factor: Option<String>,
    /// The longest authorization
    #[arg(long, value_name = "N")]
    maximum_duration_hours: Option<u32>,
    /// How long requests stay pending
    #[arg(long, value_name = "N")]
    pending_hours: Option<u32>,
    /// How many requests one person may have open
    #[arg(long, value_name = "N")]
    open_requests_each: Option<u32>,
    /// How long outputs are kept
    #[arg(long, value_name = "N")]
    output_retention_days: Option<u32>,
    /// The service account for which standing access is listed daily
    #[arg(long, value_name = "ACCOUNT", conflicts_with = "no_standing_access_account")]
    standing_access_account: Option<String>,
    /// List standing access no more
    #[arg(long)]
    no_standing_access_account: bool,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl Set {
    pub(super) fn run(self, app: &App) -> Outcome {
        let parameters = Parameters::new()
            .with_some("AdminGroup", self.admin_group)
            .with_some("UnprotectedTasks", self.unprotected_tasks)
            .with_some("SecondFactor", self.second_factor)
            .with_some("MaximumDurationHours", self.maximum_duration_hours)
            .with_some("PendingHours", self.pending_hours)
            .with_some("OpenRequestsEach", self.open_requests_each)
            .with_some("OutputRetentionDays", self.output_retention_days)
            .with_some("StandingAccessAccount", self.standing_access_account)
            .with_switch("NoStandingAccessAccount", self.no_standing_access_account);
        act::own(app, "Set-OrganizationConfig", &parameters, &self.raise, "The settings are changed.")
    }
}
