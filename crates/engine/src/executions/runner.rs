//! The connection to the runner: made, kept, made again.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use countersign_core::id::ExecutionId;
use countersign_runner::RunnerClient;
use countersign_runner::client::{ClientError, Connected};
use countersign_runspace::Event;
use tokio::sync::mpsc;

use super::{Shared, ToExecutor, follow};

const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// How often the runner is asked how it is.
const ASK: Duration = Duration::from_secs(15);

/// Whether an order was certainly not sent.
pub(super) const fn never_sent(error: &ClientError) -> bool {
    match error {
        ClientError::Frame(_) | ClientError::Unreachable(_) | ClientError::Refused { .. } => true,
        ClientError::Lost | ClientError::Listening => false,
    }
}

/// Connects, again and again.
pub(super) async fn keep_connected(shared: Arc<Shared>, socket: PathBuf) {
    let mut wait = FIRST_WAIT;
    loop {
        match RunnerClient::connect(&socket, shared.engine.binary()).await {
            Ok(connected) => {
                wait = FIRST_WAIT;
                serve(&shared, connected).await;
                {
                    let mut link = shared.link();
                    link.client_connected = false;
                    link.since_error = Some("the connection to the runner was lost".to_owned());
                }
                if shared.me.send(ToExecutor::Disconnected).is_err() {
                    return;
                }
            }
            Err(error) => {
                shared.link().since_error = Some(error.to_string());
                if shared.me.is_closed() {
                    return;
                }
            }
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

async fn serve(shared: &Arc<Shared>, connected: Connected) {
    let Connected { client, hello, mut earlier } = connected;
    tracing::info!(separation = ?hello.separation, "connected to the runner");
    let mut known: BTreeSet<ExecutionId> = hello.ending.iter().filter_map(id).collect();
    // Frames come in order: what was not acknowledged is here before the answer to this.
    let Ok(health) = client.health().await else { return };
    known.extend(health.running.iter().filter_map(id));
    let mut ends = Vec::new();
    while let Ok((execution, event)) = earlier.try_recv() {
        known.extend(id(&execution));
        ends.push((execution, event));
    }
    {
        let mut link = shared.link();
        link.client_connected = true;
        link.since_error = None;
        link.health = Some(health);
    }
    if shared.me.send(ToExecutor::Connected(client.clone(), known)).is_err() {
        return;
    }
    for (execution, event) in ends {
        late(shared, &execution, event);
    }
    listen(shared, &client, &mut earlier).await;
}

async fn listen(
    shared: &Arc<Shared>,
    client: &RunnerClient,
    earlier: &mut mpsc::UnboundedReceiver<(countersign_runspace::ExecutionId, Event)>,
) {
    let mut ask = tokio::time::interval(ASK);
    loop {
        tokio::select! {
            () = client.lost() => return,
            event = earlier.recv() => match event {
                Some((execution, event)) => late(shared, &execution, event),
                None => return,
            },
            _ = ask.tick() => match client.health().await {
                Ok(health) => shared.link().health = Some(health),
                Err(_) => return,
            },
        }
    }
}

/// An end that an earlier connection did not hear.
fn late(shared: &Arc<Shared>, execution: &countersign_runspace::ExecutionId, event: Event) {
    let Some(execution) = id(execution) else { return };
    match event {
        Event::Finished(_) | Event::Refused(_) => {
            shared.spawn(follow::ended(Arc::clone(shared), execution, event));
        }
        Event::Started { .. } | Event::Output(_) => {}
    }
}

fn id(execution: &countersign_runspace::ExecutionId) -> Option<ExecutionId> {
    execution.as_str().parse().ok()
}
