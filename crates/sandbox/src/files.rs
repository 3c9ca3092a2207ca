//! Landlock: writing confined to listed paths, signals to the execution's own processes (landlock(7)).

use std::path::PathBuf;

use landlock::{
    ABI, AccessFs, CompatLevel, Compatible as _, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _,
    RulesetError, RulesetStatus, Scope, path_beneath_rules,
};

use crate::spec::ProcessView;

/// The newest interface whose rights this module names; older kernels enforce what they know of it.
const KNOWN: ABI = ABI::V6;

/// Devices that nearly every program writes to.
const ALWAYS_WRITABLE: [&str; 3] = ["/dev/null", "/dev/zero", "/dev/full"];

/// What the kernel really enforces.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Confined {
    pub(crate) files: bool,
    pub(crate) signals: bool,
}

/// Confines the calling thread and all that it will start. Needs no privilege, but `no_new_privs`.
pub(crate) fn confine(writable: Option<&[PathBuf]>, view: ProcessView) -> Result<Confined, RulesetError> {
    let signals = view == ProcessView::Own && signals_known();
    if writable.is_none() && !signals {
        return Ok(Confined::default());
    }
    let mut ruleset = Ruleset::default().set_compatibility(CompatLevel::BestEffort);
    if signals {
        ruleset = ruleset.scope(Scope::Signal)?;
    }
    if writable.is_some() {
        ruleset = ruleset.handle_access(AccessFs::from_write(KNOWN))?;
    }
    let mut created = ruleset.create()?;
    if let Some(paths) = writable {
        created = created.add_rules(path_beneath_rules(paths, AccessFs::from_write(KNOWN)))?;
        created = created.add_rules(path_beneath_rules(ALWAYS_WRITABLE, AccessFs::from_write(KNOWN)))?;
    }
    let enforced = created.restrict_self()?.ruleset != RulesetStatus::NotEnforced;
    Ok(Confined { files: enforced && writable.is_some(), signals: enforced && signals })
}

/// Whether the kernel can scope signals at all; asked by demanding it.
fn signals_known() -> bool {
    Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .scope(Scope::Signal)
        .and_then(Ruleset::create)
        .is_ok()
}
