//! `executor = "ssh"`: a program on a host that the host file names.

use serde::{Deserialize, Serialize};

use super::Argument;
use crate::{ParameterName, TargetName};

/// A program elsewhere and how its argument vector is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SshDefinition {
    /// Which host: a name in the host file's table `[ssh]`.
    pub target: TargetName,
    /// The account to sign in as; the host file must list it for the target.
    pub user: String,
    /// Absolute path.
    pub program: String,
    /// In order, after the program's own name.
    #[serde(default)]
    pub arguments: Vec<Argument>,
    /// A text, file or secret parameter that the program reads as standard input; absent: it reads nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdin: Option<ParameterName>,
    /// Exit statuses that mean success.
    #[serde(default = "zero")]
    pub success: Vec<u8>,
}

fn zero() -> Vec<u8> {
    vec![0]
}
