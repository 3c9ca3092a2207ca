//! The terms of a policy as options.

use crate::act::Parameters;

#[derive(Debug, Clone, clap::Args)]
pub(super) struct Terms {
    /// Manual: people decide. Auto: approved at once, with a reason, recorded
    #[arg(long, value_name = "TYPE", value_parser = ["Manual", "Auto"], ignore_case = true, default_value = "Manual")]
    approval_type: String,
    /// Who decides; the default approver group if absent
    #[arg(long, value_name = "GROUP", conflicts_with = "stage")]
    approver_group: Option<String>,
    /// How many of them must approve
    #[arg(long, value_name = "N", conflicts_with = "stage")]
    approvers: Option<u16>,
    /// A stage, `GROUP:HOW-MANY`; several in order
    #[arg(long, value_name = "GROUP:N")]
    stage: Vec<String>,
    /// Who may ask, instead of role holders
    #[arg(long, value_name = "GROUP", conflicts_with = "everyone")]
    requester_group: Option<String>,
    /// Everyone may ask
    #[arg(long)]
    everyone: bool,
    /// The longest authorization
    #[arg(long, value_name = "N")]
    maximum_duration_hours: Option<u32>,
    /// The most uses of one authorization
    #[arg(long, value_name = "N")]
    maximum_uses: Option<u32>,
    /// Executions at once
    #[arg(long, value_name = "N")]
    parallel: Option<u32>,
    /// A parameter that requests must limit
    #[arg(long, value_name = "NAME")]
    bind_parameter: Vec<String>,
    /// What a ticket must match
    #[arg(long, value_name = "PATTERN")]
    ticket_pattern: Option<String>,
    /// The least proof an approver gives
    #[arg(long, value_name = "ASSURANCE", value_parser = ["Session", "SecondFactor"], ignore_case = true)]
    minimum_assurance: Option<String>,
    /// How old that proof may be
    #[arg(long, value_name = "N")]
    freshness_minutes: Option<u32>,
    /// Weekly windows, as JSON
    #[arg(long, value_name = "JSON")]
    windows: Option<String>,
}

impl Terms {
    pub(super) fn on(self, parameters: Parameters) -> Parameters {
        parameters
            .with("ApprovalType", self.approval_type)
            .with_some("ApproverGroup", self.approver_group)
            .with_some("Approvers", self.approvers)
            .with_list("Stages", &self.stage)
            .with_some("RequesterGroup", self.requester_group)
            .with_some("Everyone", self.everyone.then_some(true))
            .with_some("MaximumDurationHours", self.maximum_duration_hours)
            .with_some("MaximumUses", self.maximum_uses)
            .with_some("Parallel", self.parallel)
            .with_list("BindParameters", &self.bind_parameter)
            .with_some("TicketPattern", self.ticket_pattern)
            .with_some("MinimumAssurance", self.minimum_assurance)
            .with_some("FreshnessMinutes", self.freshness_minutes)
            .with_some("Windows", self.windows)
    }
}
