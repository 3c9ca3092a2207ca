//! One execution: a channel, a command, its output and its end.

use std::sync::Arc;
use std::time::Duration;

use countersign_runspace::outcome::{Confirmed, Failure};
use countersign_runspace::{Outcome, Purpose, Refusal, Stopped, Stream, Word};
use russh::{ChannelMsg, ChannelReadHalf, Sig};
use zeroize::Zeroizing;

use super::connect::Host;
use crate::credential::{Credential, CredentialReference};
use crate::work::Job;

/// What is to be executed, ready to be sent.
pub(super) struct Task {
    pub(super) reference: CredentialReference,
    pub(super) user: String,
    pub(super) command: String,
    pub(super) input: Zeroizing<Vec<u8>>,
    pub(super) success: Vec<u8>,
}

/// How a command ended.
enum End {
    Exit(u32),
    Signal(Sig),
    /// The host would not execute it.
    Refused,
    /// Nobody said how.
    Lost,
}

pub(super) async fn run(host: Arc<Host>, task: Task, job: Job) -> Result<Outcome, Refusal> {
    let key = task.reference.resolve()?;
    let mut secrets = job.secret_values();
    secrets.extend(lines(&key));
    job.out.hide(&secrets);
    let mut stop = job.stop.clone();
    let session = tokio::select! {
        session = tokio::time::timeout(job.until_start(), host.session(&task.user, &key)) => {
            session.map_err(|_| Refusal::new("target_unreachable", "the target did not answer in time"))??
        }
        _ = stop.asked() => return Err(Refusal::new("stopped_before_start", "stopped before anything was done")),
    };
    drop(key);
    let (mut read, write) = session.channel.split();
    let person = &job.order.on_behalf_of;
    let display: String = person.display.chars().filter(|c| !c.is_control()).take(200).collect();
    // A host takes these only where its AcceptEnv says so, and does not say whether it did.
    let mut variables = vec![
        ("COUNTERSIGN_EXECUTION", job.order.execution.to_string()),
        ("COUNTERSIGN_ON_BEHALF_OF", format!("{} {display}", person.person)),
    ];
    if let Purpose::TakeBack { of } = &job.order.purpose {
        variables.push(("COUNTERSIGN_TAKES_BACK", of.to_string()));
    }
    for (name, value) in variables {
        write.set_env(false, name, value).await.map_err(|error| super::connect::unreachable(&error))?;
    }
    job.begin()?;
    let command = task.command.into_bytes();
    if write.exec(true, command).await.is_err() {
        return Ok(lost());
    }
    let feed = async {
        let input = task.input;
        if !input.is_empty() && write.data(input.as_slice()).await.is_err() {
            return;
        }
        let _ = write.eof().await;
    };
    let (ended, asked) = {
        let mut hear = std::pin::pin!(async { tokio::join!(hear(&mut read, &job), feed).0 });
        tokio::select! {
            biased;
            ended = &mut hear => (ended, None),
            why = stop.asked() => {
                // TERM, then KILL, then nothing more than to let go of the channel.
                let half = job.grace() / 2;
                let _ = write.signal(Sig::TERM).await;
                let ended = match tokio::time::timeout(half, &mut hear).await {
                    Ok(ended) => ended,
                    Err(_) => {
                        let _ = write.signal(Sig::KILL).await;
                        tokio::time::timeout(half.max(LAST), &mut hear).await.unwrap_or(End::Lost)
                    }
                };
                (ended, Some(why))
            }
        }
    };
    let _ = write.close().await;
    drop(session.connection);
    Ok(conclude(ended, asked, &task.success))
}

/// After the last signal something may still be said.
const LAST: Duration = Duration::from_millis(500);

async fn hear(read: &mut ChannelReadHalf, job: &Job) -> End {
    let mut end = None;
    while let Some(message) = read.wait().await {
        match message {
            ChannelMsg::Data { data } => job.out.write(Stream::Stdout, &data),
            // SSH_EXTENDED_DATA_STDERR (RFC 4254, 5.2).
            ChannelMsg::ExtendedData { data, ext: 1 } => job.out.write(Stream::Stderr, &data),
            ChannelMsg::ExitStatus { exit_status } => end = Some(End::Exit(exit_status)),
            ChannelMsg::ExitSignal { signal_name, .. } => end = Some(End::Signal(signal_name)),
            ChannelMsg::Failure => return End::Refused,
            ChannelMsg::Close => break,
            _ => {}
        }
    }
    end.unwrap_or(End::Lost)
}

fn conclude(end: End, asked: Option<Stopped>, success: &[u8]) -> Outcome {
    match (end, asked) {
        (End::Exit(status), _) if success.iter().any(|good| u32::from(*good) == status) => {
            Outcome::Succeeded { exit: i32::try_from(status).unwrap_or(0) }
        }
        (End::Exit(_) | End::Signal(_) | End::Refused, Some(why)) => {
            Outcome::Stopped { why, confirmed: Confirmed::Confirmed }
        }
        (End::Lost, Some(why)) => Outcome::Stopped { why, confirmed: Confirmed::Unconfirmed },
        (End::Exit(status), None) => {
            Outcome::Failed { failure: Failure::Exit(i32::try_from(status).unwrap_or(i32::MAX)) }
        }
        (End::Signal(signal), None) => Outcome::Failed { failure: failure(&signal) },
        (End::Refused, None) => Outcome::Failed { failure: Failure::Target(Word::of("exec_refused")) },
        (End::Lost, None) => lost(),
    }
}

fn lost() -> Outcome {
    Outcome::Unknown { reason: "connection_lost".to_owned() }
}

fn failure(signal: &Sig) -> Failure {
    let number = match signal {
        Sig::HUP => 1,
        Sig::INT => 2,
        Sig::QUIT => 3,
        Sig::ILL => 4,
        Sig::ABRT => 6,
        Sig::FPE => 8,
        Sig::KILL => 9,
        Sig::SEGV => 11,
        Sig::PIPE => 13,
        Sig::ALRM => 14,
        Sig::TERM => 15,
        Sig::USR1 => return Failure::Target(Word::of("signal_usr1")),
        Sig::Custom(name) => return Failure::Target(Word::of(&format!("signal_{name}"))),
    };
    Failure::Signal(number)
}

/// The lines of a key, each of which alone would be too much.
fn lines(key: &Credential) -> Vec<Zeroizing<Vec<u8>>> {
    let long =
        key.split(|byte| *byte == b'\n').filter(|line| line.len() >= 16 && !line.starts_with(b"-----"));
    long.map(|line| Zeroizing::new(line.to_vec())).collect()
}
