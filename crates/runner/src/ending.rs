//! The polite end: SIGTERM stops what runs, and its results are told or kept.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::deliver::Deliveries;

/// What executions and the server may take together before the runner ends all the same.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a connected server may take to acknowledge. What it does not is in the files.
const ACKNOWLEDGE: Duration = Duration::from_secs(2);
const LOOK: Duration = Duration::from_millis(20);

/// Listens for SIGTERM and SIGINT on a thread of its own.
pub(crate) fn listen(deliveries: Arc<Deliveries>) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut term, mut interrupt) = {
        let _entered = runtime.enter();
        use tokio::signal::unix::{SignalKind, signal};
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?)
    };
    let wait = move || {
        runtime.block_on(async {
            tokio::select! { _ = term.recv() => {}, _ = interrupt.recv() => {} }
            deliveries.close();
            let _ = tokio::time::timeout(PATIENCE, until(|| deliveries.running().is_empty())).await;
            let told = || deliveries.unacknowledged() == 0 || !deliveries.is_connected();
            let _ = tokio::time::timeout(ACKNOWLEDGE, until(told)).await;
        });
        std::process::exit(0);
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(wait)?;
    Ok(())
}

async fn until(mut done: impl FnMut() -> bool) {
    while !done() {
        tokio::time::sleep(LOOK).await;
    }
}
