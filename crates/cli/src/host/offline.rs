//! The engine without a listener, for commands of the host while the server is stopped.

use std::path::Path;
use std::sync::Arc;

use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_engine::{EngineConfig, EngineHandle, Receipt, Submission, SystemClock};

use crate::fault::{Fault, Outcome};

/// Opens the data directory, hands the engine over, and closes it again whatever came of it.
pub(super) fn with_engine<T>(
    data_dir: &Path,
    work: impl AsyncFnOnce(&EngineHandle) -> Outcome<T>,
) -> Outcome<T> {
    with(EngineConfig::new(data_dir, Arc::new(SystemClock::new()?)), work)
}

/// The same with an engine of one's own making.
pub(super) fn with<T>(
    config: EngineConfig,
    work: impl AsyncFnOnce(&EngineHandle) -> Outcome<T>,
) -> Outcome<T> {
    let runtime = runtime()?;
    runtime.block_on(async {
        let engine = start(config)?;
        let done = work(&engine).await;
        engine.stop().await;
        done
    })
}

/// Starts an engine; a server on the same directory is named as what it is.
pub(super) fn start(config: EngineConfig) -> Outcome<EngineHandle> {
    countersign_engine::start(config).map_err(|error| {
        let locked =
            matches!(&error, countersign_engine::StartError::Store(countersign_store::Error::Locked(_)));
        let fault = Fault::failed(format!("{error}."));
        if locked {
            fault.hint("stop the server first: two of them on one directory are refused")
        } else {
            fault
        }
    })
}

/// Sends a command as the host.
pub(super) async fn submit(engine: &EngineHandle, command: Command) -> Outcome<Receipt> {
    let submission = Submission::new(Principal::host(), command);
    let receipt = engine.submit(submission).await.map_err(|error| Fault::failed(format!("{error}.")))?;
    if let Err(refusal) = &receipt.reply {
        let fault = Fault::failed(refusal.to_string());
        return Err(match &refusal.hint {
            Some(hint) => fault.hint(hint.clone()),
            None => fault,
        });
    }
    Ok(receipt)
}

pub(super) fn runtime() -> Outcome<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}
