//! `countersign role-group remove-member`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct RemoveMember {
    /// The role group: `Workload\Role group`
    group: String,
    /// People by sign-in name or id, groups by name or id
    #[arg(required = true)]
    members: Vec<String>,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl RemoveMember {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!(
            "{}: {} taken out of `{}`.",
            act::count(self.members.len(), "member"),
            self.members.join(", "),
            self.group
        );
        let parameters = Parameters::new().with("Identity", self.group).with_list("Member", &self.members);
        act::own(app, "Remove-RoleGroupMember", &parameters, &self.raise, &done)
    }
}
