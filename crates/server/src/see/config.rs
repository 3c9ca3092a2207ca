//! Who may read configuration: people, groups, roles, policies, settings.

use countersign_core::builtin::roles;
use countersign_core::covers::Covered;
use countersign_core::gate;
use countersign_core::id::PersonId;
use countersign_core::name::TaskName;
use countersign_core::state::State;
use countersign_core::time::Instant;

/// The task whose holders read configuration.
const READ_CONFIGURATION: &str = "Get-OrganizationConfig";

/// Whether a person may read all configuration.
pub(crate) fn reads(state: &State, person: PersonId, now: Instant) -> bool {
    may_run(state, person, READ_CONFIGURATION, now)
}

/// Whether a person could run one of Countersign's reading tasks now: by a role where it is not protected, by an
/// authorization where it is. For what is shown without leaving a record.
pub(crate) fn may_run(state: &State, person: PersonId, task: &str, now: Instant) -> bool {
    if !state.directory.enabled(person) {
        return false;
    }
    if state.organization.in_set_up() {
        return state.organization.first_administrator == Some(person);
    }
    let Ok(name) = format!("Countersign\\{task}").parse::<TaskName>() else { return false };
    if !gate::is_protected(state, &name, now) {
        return roles::holds(state, person, task);
    }
    state.authorizations.values().any(|live| {
        live.asked.holder() == person
            && matches!(state.covered(&live.asked, &name), Covered::As(_))
            && (live.from..live.until).contains(&now)
    })
}
