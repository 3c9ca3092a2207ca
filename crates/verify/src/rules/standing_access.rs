//! Standing access: what timers run to list it, and what is recorded of a list.

use super::{At, Judge};
use crate::{
    Rule,
    form::{Basis, ExecutionStarted, Name, StandingAccessListed},
};

/// The name, within its workload, of the task that lists.
const TASK: &str = "Get-StandingAccess";

impl Judge {
    /// Timers run one task only, for the account that the organization names, on a ground that anybody would need.
    pub(super) fn by_timer(&mut self, body: &ExecutionStarted) {
        let named = self.world.settings.as_ref().and_then(|settings| settings.standing_access);
        self.check(
            named == Some(body.person),
            Rule::G3,
            "timers run tasks for the account that is named for it",
        );
        let local = body.task.as_str().rsplit('\\').next();
        let lists = local.is_some_and(|local| local.eq_ignore_ascii_case(TASK));
        self.check(
            lists && body.task.own().is_none(),
            Rule::G3,
            "timers run only what lists standing access",
        );
        let task = self.world.catalog.tasks.get(&body.task);
        let reads = task.is_some_and(|task| task.definition.read_only());
        self.check(reads, Rule::G3, "timers run only what changes nothing");
        let ground = matches!(body.basis, Basis::Role { .. } | Basis::Exemption { .. });
        self.check(ground, Rule::G3, "timers run tasks by a role, or by an exemption");
        self.world.standing_lists.insert(body.execution, (Name::from(body.task.workload()), false));
    }

    pub(super) fn standing_access_listed(&mut self, at: &At<'_>, body: &StandingAccessListed) {
        self.by_system(at);
        let list = self.world.standing_lists.remove(&body.execution);
        let fits = list.is_some_and(|(workload, succeeded)| succeeded && workload == body.workload);
        self.check(fits, Rule::Identity, "no list of this workload that succeeded stands before it");
        let last = self.world.listed.insert(body.workload.clone(), body.execution);
        let compared = body.before.is_none_or(|before| last == Some(before));
        self.check(compared, Rule::Identity, "it was compared with another list than the one before");
        let counts =
            body.appeared <= body.holders && (body.before.is_some() || body.appeared + body.gone == 0);
        self.check(counts, Rule::Identity, "it counts more than there is");
    }
}
