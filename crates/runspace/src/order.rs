//! The work order: everything an executor is told, and all it is told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Definition, ExecutionId, Limits, ParameterName, ParameterValue, PreviewForm, Refusal, clock, lint, unique,
};

/// One execution to be carried out at most once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkOrder {
    pub execution: ExecutionId,
    /// For logs; what runs is the definition.
    pub workload: String,
    pub task: String,
    pub on_behalf_of: OnBehalfOf,
    pub purpose: Purpose,
    pub definition: Definition,
    #[serde(deserialize_with = "unique::map")]
    pub parameters: BTreeMap<ParameterName, ParameterValue>,
    pub limits: Limits,
    /// The boot whose clock the two instants are on (`/proc/sys/kernel/random/boot_id`); on another boot the order
    /// is void.
    pub boot_id: String,
    /// Nanoseconds since boot: not one instruction of the program runs after this.
    pub start_by: u64,
    /// Nanoseconds since boot: stopped at this instant.
    pub deadline: u64,
}

impl WorkOrder {
    /// Whether it may still begin, by the boot clock. To be asked last before what can't be undone.
    ///
    /// # Errors
    /// `other_boot`, `start_too_late`, or `clock_unreadable`.
    pub fn in_time(&self) -> Result<(), Refusal> {
        let boot = clock::boot_id().map_err(|e| Refusal::new("clock_unreadable", e.to_string()))?;
        if self.boot_id != boot {
            return Err(Refusal::new("other_boot", "the order was made before this machine last started"));
        }
        let now = clock::boot_now();
        if now > self.start_by || now >= self.deadline {
            let message =
                format!("the order had to start by {} and it is {now} on the boot clock", self.start_by);
            return Err(Refusal::new("start_too_late", message));
        }
        Ok(())
    }
}

/// What an order is for. An executor that does not look at it would run what it was to show: [`WorkOrder::judge_purpose`]
/// stands before every executor, and lets a preview through only where [`Definition::previews`] says so.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Purpose {
    /// Carry the task out.
    #[default]
    Run,
    /// Show what it would do. Nothing on the target may be changed by it.
    Preview(PreviewForm),
    /// Take back what an earlier execution did, as far as it did it. May be asked again and again; succeeds if nothing of it
    /// is left. The target knows the earlier one's id by its own settings.
    TakeBack { of: ExecutionId },
}

impl WorkOrder {
    /// How it is previewed, if it is a preview.
    #[must_use]
    pub const fn preview(&self) -> Option<PreviewForm> {
        match self.purpose {
            Purpose::Preview(form) => Some(form),
            Purpose::Run | Purpose::TakeBack { .. } => None,
        }
    }

    /// Whether the executor can do what the order is for.
    ///
    /// # Errors
    /// `preview_not_possible`.
    pub fn judge_purpose(&self) -> Result<(), Refusal> {
        let Some(form) = self.preview() else { return Ok(()) };
        let refuse = |message: String| Err(Refusal::new("preview_not_possible", message));
        if !self.definition.previews().contains(&form) {
            return refuse(format!(
                "the executor {} has no preview of this form",
                self.definition.executor()
            ));
        }
        if form != PreviewForm::Declared {
            return Ok(());
        }
        // It comes before any approval: no text is executed then, whatever its task is marked as.
        let texts = self.parameters.iter().filter(|(_, value)| value.is_text());
        let texts = texts.map(|(name, _)| name.clone()).collect();
        let fault = lint::lint(&self.definition, &texts).into_iter().next();
        fault.map_or(Ok(()), |fault| refuse(fault.message))
    }
}

/// For whom the program runs: shown to the target as `COUNTERSIGN_ON_BEHALF_OF` and in its logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnBehalfOf {
    /// The person's immutable id.
    pub person: String,
    /// Name for people; control characters are removed before it reaches a target.
    pub display: String,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn order(definition: serde_json::Value, purpose: Purpose) -> WorkOrder {
        WorkOrder {
            execution: ExecutionId::from_random([1; 16]),
            workload: "Test".to_owned(),
            task: "Run".to_owned(),
            on_behalf_of: OnBehalfOf { person: "p-1".to_owned(), display: "Ada".to_owned() },
            purpose,
            definition: serde_json::from_value(definition).expect("definition"),
            parameters: BTreeMap::from([(
                "A".parse().expect("name"),
                ParameterValue::String("; rm -rf /".to_owned()),
            )]),
            limits: Limits::default(),
            boot_id: String::new(),
            start_by: 0,
            deadline: 0,
        }
    }

    #[test]
    fn a_preview_is_let_through_only_in_a_form_that_the_executor_has() {
        let process = json!({"executor": "process", "program": "/bin/ls"});
        let ssh = json!({"executor": "ssh", "target": "a", "user": "u", "program": "/bin/ls"});
        let sql = json!({"executor": "postgresql", "target": "a", "role": "r", "statements": [{"sql": "SELECT 1"}]});
        let mut vacuum = sql.clone();
        vacuum["transaction"] = json!("none");
        for (definition, form, possible) in [
            (&process, PreviewForm::Declared, true),
            (&process, PreviewForm::Plan, false),
            (&process, PreviewForm::Rollback, false),
            (&ssh, PreviewForm::Declared, true),
            (&ssh, PreviewForm::Rollback, false),
            (&sql, PreviewForm::Plan, true),
            (&sql, PreviewForm::Rollback, true),
            (&vacuum, PreviewForm::Rollback, false),
        ] {
            let judged = order(definition.clone(), Purpose::Preview(form)).judge_purpose();
            assert_eq!(judged.is_ok(), possible, "{definition} {form:?}");
            assert_eq!(order(definition.clone(), Purpose::Run).judge_purpose(), Ok(()));
        }
    }

    #[test]
    fn a_preview_executes_no_text() {
        let shell = json!({"executor": "process", "program": "/bin/sh",
            "arguments": [{"literal": "-c"}, {"parameter": {"name": "A"}}]});
        let refused = order(shell, Purpose::Preview(PreviewForm::Declared)).judge_purpose();
        assert_eq!(refused.expect_err("refused").code, "preview_not_possible");
        let count = json!({"executor": "postgresql", "target": "a", "role": "r", "statements": [
            {"sql": "SELECT query_to_xml($1, true, true, '')", "parameters": [{"name": "A"}]}]});
        assert!(order(count, Purpose::Preview(PreviewForm::Declared)).judge_purpose().is_err());
    }
}
