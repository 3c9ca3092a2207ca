//! Names compare without regard to ASCII case and keep their spelling.

use std::{cmp::Ordering, fmt};

use serde::Deserialize;

/// The name of a task, role, role group (`Workload\Name`), workload, group or parameter.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct Name(String);

/// The workload of Countersign's own tasks.
const OWN: &str = "Countersign";

impl Name {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands behind `Countersign\`, if it is one of Countersign's own.
    pub(crate) fn own(&self) -> Option<&str> {
        let (workload, local) = self.0.split_once('\\')?;
        workload.eq_ignore_ascii_case(OWN).then_some(local)
    }

    /// What stands before the first `\`.
    pub(crate) fn workload(&self) -> &str {
        self.0.split_once('\\').map_or(self.0.as_str(), |(workload, _)| workload)
    }

    pub(crate) fn is(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }

    fn key(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.bytes().map(|byte| byte.to_ascii_lowercase())
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Name {}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(other.key())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
