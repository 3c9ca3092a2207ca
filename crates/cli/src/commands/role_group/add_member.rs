//! `countersign role-group add-member`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct AddMember {
    /// The role group: `Workload\Role group`
    group: String,
    /// People by sign-in name or id, groups by name or id
    #[arg(required = true)]
    members: Vec<String>,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl AddMember {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!(
            "{}: {} added to `{}`.",
            act::count(self.members.len(), "member"),
            self.members.join(", "),
            self.group
        );
        let parameters = Parameters::new().with("Identity", self.group).with_list("Member", &self.members);
        act::own(app, "Add-RoleGroupMember", &parameters, &self.raise, &done)
    }
}
