//! The work order: everything an executor is told, and all it is told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Definition, ExecutionId, Limits, ParameterName, ParameterValue, Refusal, clock, unique};

/// One execution to be carried out at most once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkOrder {
    pub execution: ExecutionId,
    /// For logs; what runs is the definition.
    pub workload: String,
    pub task: String,
    pub on_behalf_of: OnBehalfOf,
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

/// For whom the program runs: shown to the target as `COUNTERSIGN_ON_BEHALF_OF` and in its logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnBehalfOf {
    /// The person's immutable id.
    pub person: String,
    /// Name for people; control characters are removed before it reaches a target.
    pub display: String,
}
