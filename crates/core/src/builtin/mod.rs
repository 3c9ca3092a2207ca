//! Countersign's own tasks: every administrative act, by Microsoft's cmdlet name where there is one. They run in the
//! built-in runspace `engine`: start, effect and outcome are events of one command.

mod access;
mod call;
mod catalog;
pub(crate) mod erasure;
pub(crate) mod executions;
mod groups;
mod people;
mod policies;
pub mod roles;
mod spec;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use countersign_ledger::hash::Digest;

pub(crate) use call::Call;
pub use policies::parameters as policy_parameters;

use crate::actor::Scope;
use crate::command::Execute;
use crate::decide::Draft;
use crate::name::TaskName;
use crate::parameter::{ParameterSpec, Values};
use crate::refusal::Refusal;
use crate::task::TaskDefinition;

/// The runspace that stands in the definitions of Countersign's own tasks.
pub const RUNSPACE: &str = "engine";

/// One of Countersign's own tasks.
pub struct Builtin {
    /// Its name behind `Countersign\`.
    pub name: &'static str,
    /// A title for lists.
    pub title: &'static str,
    /// What it does, and what can go wrong with it.
    pub description: &'static str,
    /// Whether it changes who may do what (G17).
    pub control_plane: bool,
    /// Whether it only removes power, and so goes on while the clock is suspect (G16).
    pub only_removes_power: bool,
    /// Whether it changes nothing: then a token needs the scope to read for it, not the one to execute.
    pub only_reads: bool,
    parameters: fn() -> Vec<ParameterSpec>,
    effect: fn(&mut Call<'_, '_>) -> Result<(), Refusal>,
}

impl std::fmt::Debug for Builtin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Countersign\\{}", self.name)
    }
}

impl Builtin {
    /// The definition as any task has one.
    #[must_use]
    pub fn definition(&self) -> Arc<TaskDefinition> {
        let known = definitions().values().find(|(builtin, _)| builtin.name == self.name);
        known.map_or_else(|| Arc::new(spec::definition(self)), |(_, definition)| Arc::clone(definition))
    }

    /// What a token's scopes must hold for it. The control plane is for no token.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        if self.only_reads { Scope::Read } else { Scope::Execute }
    }

    /// Carries it out.
    pub(crate) fn run(
        &self,
        draft: &mut Draft<'_>,
        values: &Values,
        secret: Option<Digest>,
        made: &mut BTreeMap<String, String>,
    ) -> Result<(), Refusal> {
        (self.effect)(&mut Call { draft, values, secret, made })
    }
}

type Table = BTreeMap<TaskName, (&'static Builtin, Arc<TaskDefinition>)>;

fn definitions() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        all()
            .map(|builtin| {
                let definition = Arc::new(spec::definition(builtin));
                (definition.name.clone(), (builtin, definition))
            })
            .collect()
    })
}

/// All of Countersign's own tasks.
pub fn all() -> impl Iterator<Item = &'static Builtin> {
    [
        access::TASKS,
        people::TASKS,
        groups::TASKS,
        catalog::TASKS,
        policies::TASKS,
        executions::TASKS,
        erasure::TASKS,
    ]
    .into_iter()
    .flatten()
}

/// One of them by its full name.
#[must_use]
pub fn find(name: &TaskName) -> Option<&'static Builtin> {
    definitions().get(name).map(|(builtin, _)| *builtin)
}

/// Sign-in names whose owner a task needs to know, before it is decided.
#[must_use]
pub(crate) fn upns(execute: &Execute) -> BTreeSet<String> {
    execute
        .values
        .iter()
        .filter(|(name, _)| name.as_str().eq_ignore_ascii_case("UserPrincipalName"))
        .filter_map(|(_, value)| value.as_str())
        .map(str::to_lowercase)
        .collect()
}
