//! The parameters of Countersign's own tasks, in few words. All are bound: what is free could not be judged.

use crate::name::{COUNTERSIGN, LocalName, ParameterName, WorkloadName};
use crate::parameter::{Binding, IdentityKind, ParameterKind, ParameterSpec};
use crate::task::{Definition, TaskDefinition};
use crate::time::Span;

use super::{Builtin, RUNSPACE};

/// Names in this folder are constants; a test reads every one of them.
fn name(text: &str) -> ParameterName {
    #[expect(clippy::expect_used, reason = "a constant of this folder, read by a test")]
    text.parse().expect("a parameter name of a built-in task")
}

fn spec(text: &str, title: &str, kind: ParameterKind) -> ParameterSpec {
    ParameterSpec::new(name(text), kind).described(title, "").bound(Binding::Always).required()
}

pub(super) fn optional(mut spec: ParameterSpec) -> ParameterSpec {
    spec.required = false;
    spec
}

pub(super) fn text(name: &str, title: &str, max_length: u32) -> ParameterSpec {
    spec(name, title, ParameterKind::text(max_length))
}

/// Text of many lines.
pub(super) fn document(name: &str, title: &str) -> ParameterSpec {
    let kind = ParameterKind::String { min_length: 1, max_length: 65_536, pattern: None, multiline: true };
    spec(name, title, kind)
}

pub(super) fn address(name: &str, title: &str) -> ParameterSpec {
    spec(name, title, ParameterKind::Address {})
}

pub(super) fn person(name: &str, title: &str) -> ParameterSpec {
    spec(name, title, ParameterKind::Identity { of: IdentityKind::Person })
}

/// A group by id or by name.
pub(super) fn group(name: &str, title: &str) -> ParameterSpec {
    text(name, title, 64)
}

pub(super) fn names(name: &str, title: &str) -> ParameterSpec {
    spec(name, title, ParameterKind::list(ParameterKind::text(140), 500))
}

pub(super) fn address_list(name: &str, title: &str) -> ParameterSpec {
    names(name, title)
}

pub(super) fn choice(name: &str, title: &str, options: &[&str]) -> ParameterSpec {
    spec(name, title, ParameterKind::choice(options.iter().copied()))
}

pub(super) fn boolean(name: &str, title: &str) -> ParameterSpec {
    spec(name, title, ParameterKind::Boolean {})
}

pub(super) fn switch(name: &str, title: &str) -> ParameterSpec {
    optional(spec(name, title, ParameterKind::Switch {}))
}

pub(super) fn integer(name: &str, title: &str, min: i64, max: i64) -> ParameterSpec {
    spec(name, title, ParameterKind::Integer { min: Some(min), max: Some(max) })
}

pub(super) fn hours(name: &str, title: &str) -> ParameterSpec {
    integer(name, title, 1, 168)
}

pub(super) fn duration_hours(name: &str, title: &str) -> ParameterSpec {
    integer(name, title, 1, 720)
}

/// A length of time, of at least a second.
pub(super) fn duration(name: &str, title: &str) -> ParameterSpec {
    spec(name, title, ParameterKind::Duration { min: Span::from_secs(1), max: Span::from_hours(24 * 366) })
}

/// The definition of a task of Countersign's own.
pub(super) fn definition(builtin: &Builtin) -> TaskDefinition {
    #[expect(clippy::expect_used, reason = "constants of this folder, read by a test")]
    let task = {
        let workload: WorkloadName = COUNTERSIGN.parse().expect("Countersign's workload");
        let local: LocalName = builtin.name.parse().expect("the name of a built-in task");
        crate::name::TaskName::new(workload, local)
    };
    #[expect(clippy::expect_used, reason = "an object of one short text")]
    let execution = Definition::new(serde_json::Map::from_iter([("task".to_owned(), builtin.name.into())]))
        .expect("the definition of a built-in task");
    TaskDefinition {
        title: builtin.title.to_owned(),
        description: builtin.description.to_owned(),
        parameters: (builtin.parameters)(),
        ..TaskDefinition::new(task, RUNSPACE, execution)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_definition_can_be_made_and_is_valid() {
        for builtin in super::super::all() {
            let definition = super::definition(builtin);
            assert!(definition.validate().is_ok(), "{builtin:?}: {:?}", definition.validate());
        }
    }
}
