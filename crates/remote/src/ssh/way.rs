//! The way to a host: itself, and the hosts that it is reached through.

use std::sync::Arc;

use countersign_runspace::Refusal;
use zeroize::Zeroizing;

use super::connect::Host;
use crate::credential::{Credential, Reference};

/// A host, what it is signed in to with, and the way to the host before it.
#[derive(Clone)]
pub(super) struct Way {
    pub(super) host: Arc<Host>,
    pub(super) reference: Reference,
    pub(super) before: Option<Box<Self>>,
}

/// A way whose credentials were read. They are wiped when it is dropped.
pub(super) struct Ready {
    pub(super) host: Arc<Host>,
    pub(super) key: Credential,
    pub(super) before: Option<Box<Self>>,
}

impl Way {
    /// Reads the credentials.
    pub(super) async fn resolve(&self) -> Result<Ready, Refusal> {
        let before = match &self.before {
            Some(before) => Some(Box::pin(before.resolve()).await?),
            None => None,
        };
        let key = self.reference.resolve().await?;
        Ok(Ready { host: Arc::clone(&self.host), key, before: before.map(Box::new) })
    }
}

impl Ready {
    /// What no output may show: the lines of each key, each of which alone would be too much.
    pub(super) fn secrets(&self) -> Vec<Zeroizing<Vec<u8>>> {
        let lines = self.key.split(|byte| *byte == b'\n');
        let long = lines.filter(|line| line.len() >= 16 && !line.starts_with(b"-----"));
        let own = long.map(|line| Zeroizing::new(line.to_vec()));
        own.chain(self.before.iter().flat_map(|before| before.secrets())).collect()
    }
}
