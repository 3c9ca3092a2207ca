//! The terms that no person wrote.

use std::collections::BTreeSet;

use super::approval::{Approval, Approvers, Stage};
use super::assurance::Assurance;
use super::limits::Limits;
use super::target::Target;
use super::terms::PolicyTerms;
use crate::name::{ParameterName, TaskName};
use crate::parameter::{Binding, ParameterSpec};
use crate::time::Span;

/// What covers a control-plane task from the end of set-up mode (G17): one person of the default approver group other
/// than the requester, with a second factor; `parameters`, which are all that the task has, bound; one hour, one use.
#[must_use]
pub fn control_plane_terms(task: TaskName, parameters: BTreeSet<ParameterName>) -> PolicyTerms {
    PolicyTerms {
        limits: Limits {
            max_duration: Some(Span::from_hours(1)),
            max_uses: Some(1),
            parallel: 1,
            rate: None,
        },
        bind: parameters,
        assurance: Assurance::SecondFactor,
        ..PolicyTerms::new(Target::Task(task), Approval::one_default_approver())
    }
}

/// Whether terms are enough for a task that runs arbitrary code (section 8 of the rules on packs): at least two seats,
/// one use, and every parameter that can be bound by a request bound in it.
#[must_use]
pub fn enough_for_arbitrary_code(terms: &PolicyTerms, parameters: &[ParameterSpec]) -> bool {
    let seats: u32 = terms.approval.stages().iter().map(|stage| u32::from(stage.seats)).sum();
    let bound = |spec: &ParameterSpec| spec.binding == Binding::Always || terms.bind.contains(&spec.name);
    seats >= 2 && terms.limits.max_uses == Some(1) && parameters.iter().all(bound)
}

/// The same for a task that runs arbitrary code: two of them, and one use.
#[must_use]
pub fn default_approvers_decide_arbitrary_code_terms(
    task: TaskName,
    parameters: BTreeSet<ParameterName>,
) -> PolicyTerms {
    let stages = vec![Stage { approvers: Approvers::DefaultGroup, seats: 2 }];
    PolicyTerms {
        limits: Limits { max_uses: Some(1), parallel: 1, ..Limits::default() },
        bind: parameters,
        ..PolicyTerms::new(Target::Task(task), Approval::Manual { stages })
    }
}

/// What covers a task without any policy where the organization chose that default approvers decide (G1).
#[must_use]
pub fn default_approvers_decide_terms(task: TaskName) -> PolicyTerms {
    PolicyTerms::new(Target::Task(task), Approval::one_default_approver())
}

#[cfg(test)]
mod tests {
    use super::super::{Comparison, compare, is_weaker_or_incomparable};
    use super::*;

    #[test]
    fn g17_the_built_in_terms_are_valid_and_the_control_plane_asks_for_more() {
        let task: TaskName = "Countersign\\New-ElevatedAccessApprovalPolicy".parse().unwrap();
        let control = control_plane_terms(task.clone(), BTreeSet::from(["Name".parse().unwrap()]));
        let default = default_approvers_decide_terms(task.clone());
        assert_eq!(control.validate(), Ok(()));
        assert_eq!(default.validate(), Ok(()));
        assert_eq!(compare(&control, &default, None), Comparison::Stronger);

        let auto = PolicyTerms::new(Target::Task(task), Approval::Auto);
        assert!(is_weaker_or_incomparable(&auto, &control, None));
        let longer = PolicyTerms {
            limits: Limits { max_duration: Some(Span::from_hours(2)), ..control.limits },
            ..control.clone()
        };
        assert_eq!(compare(&longer, &control, None), Comparison::Weaker);
        let free = PolicyTerms { bind: BTreeSet::new(), ..control.clone() };
        assert_eq!(compare(&free, &control, None), Comparison::Weaker);
    }
}
