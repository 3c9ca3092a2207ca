//! What is due: the loop only wakes the writer; what happens is decided there, by comparing instants.

use std::time::Duration;

use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_core::decide::next_due;

use crate::error::SubmitError;
use crate::handle::EngineHandle;
use crate::submission::Submission;

/// The longest sleep: the clock is judged at least this often.
const LONGEST: Duration = Duration::from_secs(1);
/// The shortest, so that something that stays due does not spin.
const SHORTEST: Duration = Duration::from_millis(20);

pub(crate) async fn run(engine: EngineHandle) {
    engine.settled().await;
    let mut size = engine.size();
    let mut idle_at = None;
    loop {
        let state = engine.state();
        let now = engine.now();
        let due = next_due(&state);
        let suspects = engine.suspicion().is_some() && !state.organization.clock_suspect && !state.is_empty();
        // A tick that changed nothing is not repeated before something else does, or a second has passed.
        let is_due = due.is_some_and(|due| due <= now) && idle_at != Some(state.next_seq);
        let counted = engine.inner().refusals.is_due(now);
        if suspects || is_due || counted {
            match engine.submit(Submission::new(Principal::system(), Command::Tick)).await {
                Ok(receipt) => idle_at = (receipt.size <= state.next_seq).then_some(state.next_seq),
                Err(SubmitError::Stopped) => return,
                Err(error) => {
                    tracing::error!(%error, "a tick was not carried out");
                    tokio::time::sleep(LONGEST).await;
                }
            }
        }
        let wait = match due {
            Some(due) if idle_at != Some(engine.state().next_seq) => {
                Duration::from_micros(due.since(now).as_micros()).clamp(SHORTEST, LONGEST)
            }
            _ => LONGEST,
        };
        size.mark_unchanged();
        tokio::select! {
            () = tokio::time::sleep(wait) => idle_at = idle_at.filter(|_| wait < LONGEST),
            changed = size.changed() => if changed.is_err() { return },
        }
    }
}
