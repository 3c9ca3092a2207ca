//! One command on one host: a channel, its output and its end.

use std::sync::Arc;
use std::time::Duration;

use countersign_runspace::outcome::{Confirmed, Failure};
use countersign_runspace::{Outcome, Purpose, Refusal, Stopped, Stream, Word};
use russh::{ChannelMsg, ChannelReadHalf, Sig};
use zeroize::Zeroizing;

use super::connect::{Errand, Visit};
use super::end::{self, Announcement};
use super::way::Way;
use crate::work::Job;

/// What is to be executed, ready to be sent; the same on every host.
pub(super) struct Task {
    pub(super) user: String,
    pub(super) command: String,
    pub(super) input: Zeroizing<Vec<u8>>,
    pub(super) success: Vec<u8>,
}

/// Where a host's part in an execution is told.
pub(super) trait Tell: Send + Sync {
    /// What is never to be said. Called before anything is written.
    fn hide(&self, secrets: &[Zeroizing<Vec<u8>>]);
    /// How long the host may take to be reached.
    fn patience(&self) -> Duration;
    /// See [`Job::begin`].
    fn begin(&self) -> Result<(), Refusal>;
    fn write(&self, stream: Stream, bytes: &[u8]);
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

/// Executes it on the host at the end of a way. A refusal means that nothing was executed there.
pub(super) async fn run(way: &Way, task: &Task, job: &Job, tell: &dyn Tell) -> Result<Outcome, Refusal> {
    let host = Arc::clone(&way.host);
    let ready = way.resolve().await?;
    let mut secrets = job.secret_values();
    secrets.extend(ready.secrets());
    tell.hide(&secrets);
    drop(secrets);
    let mut announcement = Announcement::new(&job.order.execution);
    let command = if host.refuses_signals(&task.user) {
        announcement.before(&task.command)
    } else {
        announcement.none();
        task.command.clone()
    };
    let visit = Visit { user: &task.user, errand: Errand::Command(&command), order: &job.order };
    let mut stop = job.stop.clone();
    let session = tokio::select! {
        session = tokio::time::timeout(tell.patience(), ready.session(visit)) => {
            session.map_err(|_| Refusal::new("target_unreachable", "the target did not answer in time"))??
        }
        _ = stop.asked() => return Err(Refusal::new("stopped_before_start", "stopped before anything was done")),
    };
    drop(ready);
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
    tell.begin()?;
    // Where the certificate has the command, the host only takes this down (SSH_ORIGINAL_COMMAND).
    let sent = if host.forces_command() { job.order.execution.to_string() } else { command };
    if write.exec(true, sent.into_bytes()).await.is_err() {
        return Ok(lost());
    }
    let feed = async {
        if !task.input.is_empty() && write.data(task.input.as_slice()).await.is_err() {
            return;
        }
        let _ = write.eof().await;
    };
    let number = announcement.number();
    let (ended, asked) = {
        let mut hear =
            std::pin::pin!(async { tokio::join!(hear(&mut read, tell, &mut announcement), feed).0 });
        tokio::select! {
            biased;
            ended = &mut hear => (ended, None),
            why = stop.asked() => {
                // TERM, then KILL, then nothing more than to let go of the channel.
                let signal = async |signal: Sig| match &number {
                    None => _ = write.signal(signal).await,
                    Some(number) => _ = end::signal(number, way, &task.user, job, signal).await,
                };
                let half = job.grace() / 2;
                let ending = async {
                    for (sent, wait) in [(Sig::TERM, half), (Sig::KILL, half.max(LAST))] {
                        let (_, ()) = tokio::join!(tokio::time::timeout(wait, signal(sent)), tokio::time::sleep(wait));
                    }
                };
                let ended = tokio::select! {
                    biased;
                    ended = &mut hear => ended,
                    () = ending => End::Lost,
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

async fn hear(read: &mut ChannelReadHalf, tell: &dyn Tell, announcement: &mut Announcement) -> End {
    let mut end = None;
    while let Some(message) = read.wait().await {
        match message {
            ChannelMsg::Data { data } => tell.write(Stream::Stdout, &data),
            // SSH_EXTENDED_DATA_STDERR (RFC 4254, 5.2).
            ChannelMsg::ExtendedData { data, ext: 1 } => {
                tell.write(Stream::Stderr, &announcement.pass(&data))
            }
            ChannelMsg::ExitStatus { exit_status } => end = Some(End::Exit(exit_status)),
            ChannelMsg::ExitSignal { signal_name, .. } => end = Some(End::Signal(signal_name)),
            ChannelMsg::Failure => return End::Refused,
            ChannelMsg::Close => break,
            _ => {}
        }
    }
    tell.write(Stream::Stderr, &announcement.rest());
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
