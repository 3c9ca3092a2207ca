//! Ending what a host does not let a channel signal.
//!
//! OpenSSH refuses a channel's signals for root and for a command that a certificate forces. There the account's shell says
//! its number before it becomes the program, and a stop executes `kill` for the group of that number: sshd gives every
//! command a session and a group of its own, which is what it would signal itself.

use countersign_runspace::ExecutionId;
use countersign_runspace::Refusal;
use russh::{ChannelMsg, Sig};
use tokio::sync::watch;

use super::connect::{Errand, Visit, unreachable};
use super::way::Way;
use crate::work::Job;

/// So much may an account's own files say before the command begins.
const MAX_BEFORE: usize = 64 * 1024;

/// The line with a command's number, which is taken out of its standard error.
pub(super) struct Announcement {
    mark: String,
    /// What was said and may hold the line; `None` when it is found, or not awaited.
    held: Option<Vec<u8>>,
    number: Option<watch::Sender<Option<u32>>>,
}

/// Knows the number when it was said.
pub(super) type Number = watch::Receiver<Option<u32>>;

impl Announcement {
    pub(super) fn new(execution: &ExecutionId) -> Self {
        let number = Some(watch::channel(None).0);
        Self { mark: format!("countersign {execution} "), held: Some(Vec::new()), number }
    }

    /// The command, with the line before it. The shell becomes the program, so that their number is one.
    pub(super) fn before(&self, command: &str) -> String {
        format!("echo '{}'$$ >&2; exec {command}", self.mark)
    }

    /// None is awaited.
    pub(super) fn none(&mut self) {
        (self.held, self.number) = (None, None);
    }

    pub(super) fn number(&self) -> Option<Number> {
        self.number.as_ref().map(watch::Sender::subscribe)
    }

    /// What is to be told of a piece of standard error.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> Vec<u8> {
        let Some(held) = &mut self.held else { return bytes.to_vec() };
        held.extend_from_slice(bytes);
        let found = find(held, self.mark.as_bytes());
        if found.is_none() && held.len() <= MAX_BEFORE {
            return Vec::new();
        }
        let mut told = self.held.take().unwrap_or_default();
        if let Some((from, until, number)) = found {
            told.drain(from..until);
            self.number.as_ref().map(|sender| sender.send_replace(Some(number)));
        }
        told
    }

    /// What was held back, at the end.
    pub(super) fn rest(&mut self) -> Vec<u8> {
        self.held.take().unwrap_or_default()
    }
}

/// Where the line stands, with its number.
fn find(said: &[u8], mark: &[u8]) -> Option<(usize, usize, u32)> {
    let from = said.windows(mark.len()).position(|window| window == mark)?;
    let after = said.get(from + mark.len()..)?;
    let length = after.iter().position(|byte| *byte == b'\n')?;
    let number = std::str::from_utf8(after.get(..length)?).ok()?.parse().ok()?;
    // Neither all processes nor the first one.
    (number > 1).then_some((from, from + mark.len() + length + 1, number))
}

/// Sends a signal to a command's processes, when its number is known.
pub(super) async fn signal(
    number: &Number,
    way: &Way,
    user: &str,
    job: &Job,
    signal: Sig,
) -> Result<(), Refusal> {
    let gone = |_| Refusal::new("target_unreachable", "the command never said its number");
    let number = number.clone().wait_for(Option::is_some).await.map_err(gone)?.unwrap_or_default();
    let signal = if matches!(signal, Sig::KILL) { "KILL" } else { "TERM" };
    let command = format!("kill -{signal} -{number}");
    let visit = Visit { user, errand: Errand::End(&command), order: &job.order };
    let session = way.resolve().await?.session(visit).await?;
    let mut channel = session.channel;
    channel.exec(true, command.as_bytes()).await.map_err(|error| unreachable(&error))?;
    while let Some(message) = channel.wait().await {
        if matches!(message, ChannelMsg::Close | ChannelMsg::Failure) {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_taken_out_however_it_comes() {
        let execution = ExecutionId::from_random([7; 16]);
        let said = format!("motd\ncountersign {execution} 4711\nproblem\n");
        for size in 1..said.len() {
            let mut announcement = Announcement::new(&execution);
            let number = announcement.number().expect("awaited");
            let mut told = Vec::new();
            for piece in said.as_bytes().chunks(size) {
                told.extend(announcement.pass(piece));
            }
            told.extend(announcement.rest());
            assert_eq!(String::from_utf8(told).expect("text"), "motd\nproblem\n");
            assert_eq!(*number.borrow(), Some(4711));
        }
    }

    #[test]
    fn what_is_no_such_line_stays_and_gives_no_number() {
        let execution = ExecutionId::from_random([7; 16]);
        for said in [
            "plain\n".to_owned(),
            format!("countersign {execution} 1\n"),
            format!("countersign {execution} -1\n"),
            format!("countersign {execution} 4711"),
            "x".repeat(MAX_BEFORE * 2),
        ] {
            let mut announcement = Announcement::new(&execution);
            let number = announcement.number().expect("awaited");
            let mut told = announcement.pass(said.as_bytes());
            told.extend(announcement.rest());
            assert_eq!((told, *number.borrow()), (said.clone().into_bytes(), None));
        }
    }
}
