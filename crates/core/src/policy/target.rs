//! What a policy, or a request, is about.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::name::{RoleGroupName, RoleName, TaskName};

/// A task, a role or a role group. Stored as `{"type":"Task","name":"Exchange\\New-MoveRequest"}`.
///
/// The order is the order of specificity (G5): tasks, then roles, then role groups, each by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "type", content = "name", deny_unknown_fields)]
pub enum Target {
    /// One task.
    Task(TaskName),
    /// A set of tasks.
    Role(RoleName),
    /// A set of roles.
    RoleGroup(RoleGroupName),
}

impl Target {
    /// How specific the target is: 0 for a task, 1 for a role, 2 for a role group. The lower one governs (G5).
    #[must_use]
    pub const fn rank(&self) -> u8 {
        match self {
            Self::Task(_) => 0,
            Self::Role(_) => 1,
            Self::RoleGroup(_) => 2,
        }
    }

    /// The word for forms and mails: `Task`, `Role` or `Role Group`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Task(_) => "Task",
            Self::Role(_) => "Role",
            Self::RoleGroup(_) => "Role Group",
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Task(name) => name.fmt(f),
            Self::Role(name) => name.fmt(f),
            Self::RoleGroup(name) => name.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g5_task_before_role_before_role_group() {
        let task = Target::Task("Z\\Z".parse().unwrap());
        let role = Target::Role("B\\B".parse().unwrap());
        let group = Target::RoleGroup("A\\A".parse().unwrap());
        assert!(task.rank() < role.rank() && role.rank() < group.rank());
        assert!(task < role && role < group);
    }

    #[test]
    fn stored_with_its_type_and_nothing_else() {
        let text = r#"{"type":"Task","name":"Exchange\\New-MoveRequest"}"#;
        let target: Target = serde_json::from_str(text).unwrap();
        assert_eq!(target, Target::Task("Exchange\\New-MoveRequest".parse().unwrap()));
        assert_eq!(serde_json::to_string(&target).unwrap(), text);
        for bad in [
            r#"{"type":"Task","name":"Exchange\\A","extra":1}"#,
            r#"{"type":"Task","type":"Role","name":"Exchange\\A"}"#,
            r#"{"type":"Thing","name":"Exchange\\A"}"#,
            r#"{"type":"Task","name":"New-MoveRequest"}"#,
            r#"{"type":"Task"}"#,
        ] {
            assert!(serde_json::from_str::<Target>(bad).is_err(), "{bad}");
        }
    }
}
