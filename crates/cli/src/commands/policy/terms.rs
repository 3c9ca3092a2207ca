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
    /// A stage, `GROUP:HOW-MANY`; several in order. `(default)` is the default approver group
    #[arg(long, value_name = "GROUP:N")]
    stage: Vec<String>,
    /// Who may ask, instead of role holders
    #[arg(long, value_name = "GROUP", conflicts_with = "everyone")]
    requester_group: Option<String>,
    /// Everyone may ask
    #[arg(long)]
    everyone: bool,
    /// The longest authorization, in hours
    #[arg(long, value_name = "N", conflicts_with = "maximum_duration")]
    maximum_duration_hours: Option<u32>,
    /// The same as a length of time, such as `90m`
    #[arg(long, value_name = "TIME")]
    maximum_duration: Option<String>,
    /// The most uses of one authorization
    #[arg(long, value_name = "N")]
    maximum_uses: Option<u32>,
    /// Executions at once
    #[arg(long, value_name = "N")]
    parallel: Option<u32>,
    /// The most requests of one person within a time, such as `10/24h`
    #[arg(long, value_name = "COUNT/TIME")]
    rate: Option<String>,
    /// A parameter that requests must limit
    #[arg(long, value_name = "NAME")]
    bind_parameter: Vec<String>,
    /// What a ticket must match
    #[arg(long, value_name = "PATTERN")]
    ticket_pattern: Option<String>,
    /// The least proof an approver gives
    #[arg(long, value_name = "ASSURANCE", value_parser = ["Session", "SecondFactor", "Passkey", "SignedStatement"], ignore_case = true)]
    minimum_assurance: Option<String>,
    /// How old that proof may be, in minutes
    #[arg(long, value_name = "N", conflicts_with = "freshness")]
    freshness_minutes: Option<u32>,
    /// The same as a length of time, such as `90s`
    #[arg(long, value_name = "TIME")]
    freshness: Option<String>,
    /// Weekly windows, as JSON
    #[arg(long, value_name = "JSON")]
    windows: Option<String>,
    /// Whether approvers may grant less than was asked; they may if absent
    #[arg(long, value_name = "BOOL")]
    approve_for_less: Option<bool>,
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
            .with_some("MaximumDuration", self.maximum_duration)
            .with_some("MaximumUses", self.maximum_uses)
            .with_some("Parallel", self.parallel)
            .with_some("Rate", self.rate)
            .with_list("BindParameters", &self.bind_parameter)
            .with_some("TicketPattern", self.ticket_pattern)
            .with_some("MinimumAssurance", self.minimum_assurance)
            .with_some("FreshnessMinutes", self.freshness_minutes)
            .with_some("Freshness", self.freshness)
            .with_some("Windows", self.windows)
            .with_some("ApproveForLess", self.approve_for_less)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::Parser;
    use countersign_core::builtin;

    use super::*;

    #[derive(Parser)]
    #[command(no_binary_name = true)]
    struct Line {
        #[command(flatten)]
        terms: Terms,
    }

    /// A parameter of the task that no option gives, or the other way round, fails here.
    #[test]
    fn every_term_of_a_policy_has_an_option() {
        let task = "Countersign\\Set-ElevatedAccessApprovalPolicy".parse().unwrap();
        let taken: BTreeSet<String> = builtin::find(&task)
            .unwrap()
            .definition()
            .parameters
            .iter()
            .map(|spec| spec.name.to_string())
            .filter(|name| name != "Identity")
            .collect();
        let given = |line: &[&str]| {
            let parsed = Line::try_parse_from(line).unwrap_or_else(|error| panic!("{error}"));
            parsed.terms.on(Parameters::new()).names()
        };
        let mut all = given(&[
            "--approver-group",
            "G",
            "--approvers",
            "2",
            "--requester-group",
            "R",
            "--maximum-duration-hours",
            "1",
            "--maximum-uses",
            "1",
            "--parallel",
            "1",
            "--rate",
            "1/1h",
            "--bind-parameter",
            "P",
            "--ticket-pattern",
            "C#",
            "--minimum-assurance",
            "passkey",
            "--freshness-minutes",
            "1",
            "--windows",
            "[]",
            "--approve-for-less",
            "false",
        ]);
        all.extend(given(&[
            "--stage",
            "G:1",
            "--everyone",
            "--maximum-duration",
            "90m",
            "--freshness",
            "90s",
        ]));
        assert_eq!(all, taken);
    }
}
