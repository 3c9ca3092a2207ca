//! The lists of tasks that what is live cites, read into memory when a node starts. Each is checked against its digest;
//! what cites one that is missing or was altered covers nothing.

use countersign_core::covers::TaskList;
use countersign_core::state::State;
use countersign_ledger::hash::Digest;
use countersign_store::{Error, Reader};

/// Lists read at once: each may have megabytes.
const AT_ONCE: usize = 16;

/// Reads what the state cites and does not have.
///
/// # Errors
/// When the store cannot be read.
pub(crate) fn load(state: &mut State, reader: &dyn Reader) -> Result<(), Error> {
    let wanted: Vec<Digest> = state.lists_to_read().into_iter().collect();
    for some in wanted.chunks(AT_ONCE) {
        for value in reader.sealed(some)? {
            match TaskList::from_bytes(&value.value, value.commitment) {
                Ok(list) => state.lists.keep(list),
                Err(error) => {
                    tracing::error!(list = %value.commitment, %error, "a list of tasks was altered")
                }
            }
        }
    }
    for list in state.lists_to_read() {
        tracing::error!(%list, "requests and authorizations cover nothing: their list of tasks cannot be read");
    }
    Ok(())
}
