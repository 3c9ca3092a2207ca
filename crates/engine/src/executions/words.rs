//! Stable words for how executions end: they stand in the ledger.

use countersign_core::execution::{Outcome, StopReason};
use countersign_runspace::outcome::{Confirmed, Failure};
use countersign_runspace::{Outcome as Told, Stopped};

/// The runner was not reached again in time.
pub(super) const CONNECTION_LOST: &str = "connection_lost";
/// The runner knows nothing of it.
pub(super) const NOT_AT_RUNNER: &str = "not_known_to_runner";
/// The ledger says that it runs, and this server has no runner.
pub(super) const NO_RUNNER: &str = "no_runner";
/// It was asked to stop and nobody said that it did.
pub(super) const STOP_UNCONFIRMED: &str = "stop_unconfirmed";
/// The server ended while it ran.
pub(super) const SERVER_STOPPED: &str = "server_stopped";

/// Said only when it is certain that nothing ran.
pub(super) fn not_started(why: &str) -> String {
    format!("not_started_{why}")
}

const STOPS: [(StopReason, &str); 12] = [
    (StopReason::Asked, "asked"),
    (StopReason::Revoked, "revoked"),
    (StopReason::GivenBack, "given_back"),
    (StopReason::Expired, "expired"),
    (StopReason::QuorumLost, "quorum_lost"),
    (StopReason::PolicyChanged, "policy_changed"),
    (StopReason::PersonDisabled, "person_disabled"),
    (StopReason::AccessDisabled, "access_disabled"),
    (StopReason::EmergencyStop, "emergency_stop"),
    (StopReason::ClockFault, "clock_fault"),
    (StopReason::Restored, "restored"),
    (StopReason::Deadline, "deadline"),
];

/// The word that the runner is told.
pub(super) fn stop(why: StopReason) -> &'static str {
    STOPS.iter().find(|(reason, _)| *reason == why).map_or("asked", |(_, word)| word)
}

/// The inverse.
pub(super) fn reason(word: &str) -> Option<StopReason> {
    STOPS.iter().find(|(_, known)| *known == word).map(|(reason, _)| *reason)
}

/// What the runner says, in the ledger's words.
pub(super) fn outcome(told: &Told) -> Outcome {
    match told {
        Told::Succeeded { .. } => Outcome::Succeeded,
        Told::Failed { failure } => match failure {
            Failure::Exit(exit) => Outcome::Failed { exit: Some(*exit), reason: "exit".to_owned() },
            Failure::Signal(signal) => Outcome::Failed { exit: None, reason: format!("signal_{signal}") },
            Failure::OutOfMemory => Outcome::Failed { exit: None, reason: "out_of_memory".to_owned() },
            Failure::Target(word) => Outcome::Failed { exit: None, reason: word.as_str().to_owned() },
        },
        Told::Stopped { why, confirmed } => {
            let confirmed = *confirmed == Confirmed::Confirmed;
            match why {
                Stopped::Requested(word) => match reason(word.as_str()) {
                    Some(why) => Outcome::Stopped { why, confirmed },
                    None => ended_with(SERVER_STOPPED, confirmed),
                },
                Stopped::Deadline | Stopped::RunTime => {
                    Outcome::Stopped { why: StopReason::Deadline, confirmed }
                }
                Stopped::ServerLost => ended_with(SERVER_STOPPED, confirmed),
                Stopped::InitLost => ended_with("init_lost", confirmed),
            }
        }
        // Its own words are for its log; the ledger's are few.
        Told::Unknown { .. } => Outcome::Unknown { reason: "lost_by_runner".to_owned() },
    }
}

/// Killed though nobody with a right to stop it did: a failure if its end was seen.
fn ended_with(reason: &str, confirmed: bool) -> Outcome {
    let reason = reason.to_owned();
    if confirmed { Outcome::Failed { exit: None, reason } } else { Outcome::Unknown { reason } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_word_that_the_runner_takes() {
        for (reason, word) in STOPS {
            assert_eq!(stop(reason), word);
            assert_eq!(super::reason(word), Some(reason));
            assert!(countersign_runspace::StopReason::try_from(word.to_owned()).is_ok());
            assert_eq!(serde_json::to_value(reason).unwrap(), word, "the ledger's own word");
        }
    }

    #[test]
    fn f1_an_end_that_was_not_seen_is_never_called_a_failure() {
        let lost = |confirmed| outcome(&Told::Stopped { why: Stopped::ServerLost, confirmed });
        assert!(lost(Confirmed::Unconfirmed).is_unknown());
        assert!(!lost(Confirmed::Confirmed).is_unknown());
    }
}
