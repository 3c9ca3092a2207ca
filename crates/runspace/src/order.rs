//! The work order: everything an executor is told, and all it is told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Definition, ExecutionId, Limits, ParameterName, ParameterValue, unique};

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

/// For whom the program runs: shown to the target as `COUNTERSIGN_ON_BEHALF_OF` and in its logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnBehalfOf {
    /// The person's immutable id.
    pub person: String,
    /// Name for people; control characters are removed before it reaches a target.
    pub display: String,
}
