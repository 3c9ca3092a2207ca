//! One execution: connect, prepare, execute, commit; and how it is stopped.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use countersign_runspace::definition::{PostgresqlDefinition, TransactionMode};
use countersign_runspace::outcome::{Confirmed, Failure};
use countersign_runspace::{Outcome, Refusal, Stopped, Word};

use super::connect::cancel;
use super::pool::{Origin, Pool, Taken};
use super::prepare::{Ready, Unready, prepare};
use super::preview;
use super::statement::{Unfinished, execute};
use super::wire::{ServerSaid, WireError};
use crate::credential::{Credential, Reference};
use crate::work::Job;

/// A CancelRequest is sent again until it hits: between two statements there is nothing to cancel.
const CANCEL_AGAIN: Duration = Duration::from_millis(200);

pub(super) async fn run(
    pool: Arc<Pool>,
    reference: Option<Reference>,
    task: preview::Work,
    job: Job,
) -> Result<Outcome, Refusal> {
    let definition = &task.definition;
    let password = match &reference {
        Some(reference) => Some(reference.resolve().await?),
        None => None,
    };
    let mut secrets = job.secret_values();
    secrets.extend(password.clone());
    job.out.hide(&secrets);
    let mut stop = job.stop.clone();
    let begin = async {
        let place = pool.places.acquire().await;
        let place = place.map_err(|_| Refusal::new("target_full", "the executors have ended"))?;
        Ok((place, ready(&pool, password.as_ref(), definition, &job).await?))
    };
    // What is not ready when nothing may begin any more is not begun.
    let (place, (mut taken, statements)) = tokio::select! {
        begun = tokio::time::timeout(job.until_start(), begin) => {
            begun.map_err(|_| Refusal::new("target_unreachable", "the target did not answer in time"))??
        }
        _ = stop.asked() => return Err(Refusal::new("stopped_before_start", "stopped before anything was done")),
    };
    job.begin()?;
    let key = taken.wire.key;
    let ended = {
        let mut work = pin!(execute(&mut taken.wire, &task, statements, &job));
        tokio::select! {
            biased;
            ended = &mut work => Ended::Itself(ended),
            why = stop.asked() => {
                let again = async {
                    loop {
                        if let Some(key) = key {
                            let _ = cancel(&pool.target, key).await;
                        }
                        tokio::time::sleep(CANCEL_AGAIN).await;
                    }
                };
                tokio::select! {
                    ended = &mut work => Ended::Stopped(why, Some(ended)),
                    () = again => Ended::Stopped(why, None),
                    () = tokio::time::sleep(job.grace()) => Ended::Stopped(why, None),
                }
            }
        }
    };
    let outcome = conclude(ended, definition, &job);
    if matches!(outcome, Outcome::Succeeded { .. }) && definition.transaction == TransactionMode::One {
        give_back(&pool, taken);
    }
    drop(place);
    Ok(outcome)
}

enum Ended {
    Itself(Result<(), Unfinished>),
    /// It was to end; what came of that, if anything came.
    Stopped(Stopped, Option<Result<(), Unfinished>>),
}

/// A connection with the transaction begun and everything parsed. A connection that was used before may be dead: then a
/// fresh one is tried, as nothing was done yet.
async fn ready(
    pool: &Pool,
    password: Option<&Credential>,
    definition: &PostgresqlDefinition,
    job: &Job,
) -> Result<(Taken, Vec<Ready>), Refusal> {
    let mut taken = match pool.waiting().await {
        Some(taken) => taken,
        None => pool.fresh(password).await?,
    };
    loop {
        match prepare(&mut taken.wire, definition, job).await {
            Ok(statements) => return Ok((taken, statements)),
            Err(Unready::Refused(refusal)) => {
                let message = job.without_values(&refusal.message);
                return Err(Refusal { message, ..refusal });
            }
            Err(Unready::Wire(WireError::Server(said))) if !said.is_fatal() => {
                return Err(Refusal::new("target_refused", line(&said, job)));
            }
            Err(Unready::Wire(error)) if taken.origin == Origin::Fresh => {
                return Err(Refusal::new("target_unreachable", error.to_string()));
            }
            Err(Unready::Wire(_)) => taken = pool.fresh(password).await?,
        }
    }
}

fn conclude(ended: Ended, definition: &PostgresqlDefinition, job: &Job) -> Outcome {
    let one = definition.transaction == TransactionMode::One;
    let failed = |word: &str| Outcome::Failed { failure: Failure::Target(Word::of(word)) };
    let rolled_back = || {
        if one {
            job.out.note("nothing was changed: the transaction was rolled back");
        }
    };
    let (asked, ended) = match ended {
        Ended::Itself(ended) => (None, Some(ended)),
        Ended::Stopped(why, ended) => (Some(why), ended),
    };
    match (asked, ended) {
        (_, Some(Ok(()))) => Outcome::Succeeded { exit: 0 },
        (_, Some(Err(Unfinished::CommitUnanswered))) => {
            job.out.note("COMMIT was sent and not answered: look whether the change is there");
            Outcome::Unknown { reason: "commit_unanswered".to_owned() }
        }
        // Its own error after a stop is the stop's: the statement ended.
        (Some(why), Some(Err(Unfinished::Asked | Unfinished::Wire(WireError::Server(_))))) => {
            rolled_back();
            Outcome::Stopped { why, confirmed: Confirmed::Confirmed }
        }
        (Some(why), None) if one && !job.is_irrevocable() => {
            Outcome::Stopped { why, confirmed: Confirmed::Unconfirmed }
        }
        (Some(_), None) => Outcome::Unknown { reason: "the target did not answer".to_owned() },
        (_, Some(Err(Unfinished::Wire(WireError::Server(said))))) => {
            job.out.note(&line(&said, job));
            rolled_back();
            failed(&format!("sqlstate_{}", said.sqlstate))
        }
        (_, Some(Err(Unfinished::TooManyAffected(count)))) => {
            job.out.note(&format!("{count} rows would be changed or given, more than the task allows"));
            rolled_back();
            failed("too_many_affected")
        }
        (_, Some(Err(Unfinished::Wire(error)))) => {
            job.out.note(&error.to_string());
            if one {
                // Without COMMIT the server keeps nothing.
                job.out.note("nothing was changed: COMMIT was not sent");
                failed("connection_lost")
            } else {
                Outcome::Unknown { reason: "connection_lost".to_owned() }
            }
        }
        (None, Some(Err(Unfinished::Asked)) | None) => Outcome::Stopped {
            why: job.stop.now().unwrap_or(Stopped::ServerLost),
            confirmed: Confirmed::Confirmed,
        },
    }
}

/// Cleans a connection and keeps it for the next execution. Nobody waits for that.
fn give_back(pool: &Arc<Pool>, mut taken: Taken) {
    let pool = Arc::clone(pool);
    tokio::spawn(async move {
        let clean = async {
            postgres_protocol::message::frontend::query("DISCARD ALL", &mut taken.wire.output)?;
            taken.wire.flush().await?;
            taken.wire.until_ready().await
        };
        if matches!(tokio::time::timeout(Duration::from_secs(5), clean).await, Ok(Ok(()))) {
            taken.wire.notices.clear();
            pool.keep(taken);
        }
    });
}

/// An error for people, without values of parameters.
fn line(said: &ServerSaid, job: &Job) -> String {
    let hint = said.hint.as_deref().map(|hint| format!(" (hint: {hint})")).unwrap_or_default();
    job.without_values(&format!("{} {}: {}{hint}", said.severity, said.sqlstate, said.message))
}
