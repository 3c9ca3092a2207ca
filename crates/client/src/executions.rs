//! Running tasks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::error::ClientError;
use crate::path::Path;
use crate::secret::Secret;
use crate::transport::Client;

/// A run to be started.
#[derive(Clone, Serialize)]
pub struct NewExecution {
    /// What.
    pub task: String,
    /// With which values, by parameter.
    pub values: BTreeMap<String, Json>,
    /// Under which authorization, where there is a choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization: Option<String>,
}

/// A run that was started.
#[derive(Debug, Clone, Deserialize)]
pub struct Started {
    /// Its id.
    pub execution: String,
    /// What a task of Countersign's own made, by kind. Present if the task is over already.
    #[serde(default)]
    pub made: Option<BTreeMap<String, Json>>,
    /// The single-use link that was made, if it was asked for.
    #[serde(default)]
    pub link: Option<Secret>,
    /// When it must be over, RFC 3339.
    #[serde(default)]
    pub deadline: Option<String>,
}

impl Client {
    /// Starts a run.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn execute(&self, execution: &NewExecution) -> Result<Started, ClientError> {
        self.post(&Path::of("executions"), execution)
    }

    /// How a run stands.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn execution(&self, id: &str) -> Result<Json, ClientError> {
        self.object("executions", id)
    }

    /// Stops a run.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn stop(&self, id: &str) -> Result<Json, ClientError> {
        self.post(&Path::of("executions").segment(id).segment("stop"), &json!({}))
    }

    /// Accepts that an outcome stays unknown.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn acknowledge(&self, id: &str) -> Result<Json, ClientError> {
        self.post(&Path::of("executions").segment(id).segment("acknowledge"), &json!({}))
    }
}
