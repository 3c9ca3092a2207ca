//! Showing a run's output as it comes, and ending as it ended.

use std::io::IsTerminal as _;

use countersign_client::{Client, OutputLine, Stream};
use serde_json::Value as Json;

use crate::app::App;
use crate::exit::Exit;
use crate::fault::{Fault, Outcome};

/// Streams the output to standard output and standard error, and ends with the task's own status.
pub(crate) fn follow(app: &App, client: &Client, execution: &str) -> Outcome {
    let mut out = Shown::new(std::io::stdout().is_terminal());
    let mut err = Shown::new(std::io::stderr().is_terminal());
    for line in client.output(execution)? {
        match line? {
            OutputLine::Chunk(chunk) => match chunk.stream {
                Stream::Stdout => app.ui.data(&out.show(&chunk.bytes)),
                Stream::Stderr => app.ui.data_err(&err.show(&chunk.bytes)),
            },
            OutputLine::Outcome(line) => {
                app.ui.data(&out.rest());
                app.ui.data_err(&err.rest());
                return end(app, client, execution, &line);
            }
            OutputLine::Other(_) => {}
        }
    }
    Err(Fault::failed("The output ended before the outcome.")
        .hint(format!("countersign execution show {execution}")))
}

/// Takes standard output whole; standard error is shown only where it failed.
pub(crate) fn collect(app: &App, client: &Client, execution: &str) -> Outcome<Vec<u8>> {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    for line in client.output(execution)? {
        match line? {
            OutputLine::Chunk(chunk) => match chunk.stream {
                Stream::Stdout => out.extend(chunk.bytes),
                Stream::Stderr => err.extend(chunk.bytes),
            },
            OutputLine::Outcome(line) => {
                end(app, client, execution, &line).inspect_err(|_| {
                    app.ui.data_err(&Shown::new(std::io::stderr().is_terminal()).show(&err));
                })?;
                if line.pointer("/output/truncated") != Some(&Json::Bool(false)) {
                    return Err(Fault::failed("The output was not kept whole.")
                        .hint("raise max_output of the task, or what the host file allows"));
                }
                return Ok(out);
            }
            OutputLine::Other(_) => {}
        }
    }
    Err(Fault::failed("The output ended before the outcome.")
        .hint(format!("countersign execution show {execution}")))
}

/// The outcome as an exit code, said where it is not plain success.
fn end(app: &App, client: &Client, execution: &str, line: &Json) -> Outcome {
    let shown = client.execution(execution).unwrap_or_else(|_| line.clone());
    let word = |name: &str| {
        let of = |json: &Json| json.get(name).and_then(Json::as_str).map(str::to_owned);
        of(line).or_else(|| of(&shown)).unwrap_or_default()
    };
    let outcome = line.get("outcome").map_or_else(String::new, |outcome| match outcome {
        Json::String(word) => word.clone(),
        object => object.get("outcome").and_then(Json::as_str).unwrap_or_default().to_owned(),
    });
    let exit = line.get("exit").or_else(|| line.pointer("/outcome/exit")).or_else(|| shown.get("exit"));
    let exit = exit.and_then(Json::as_i64);
    let look = format!("countersign execution show {execution}");
    match outcome.as_str() {
        "succeeded" => Ok(()),
        "failed" => match exit.and_then(|exit| u8::try_from(exit).ok()).filter(|exit| *exit != 0) {
            Some(status) => Err(Fault::Exit(Exit::Task(status))),
            None => {
                let reason = word("reason");
                let signal = reason.rsplit(['_', ' ']).next().and_then(|number| number.parse::<u8>().ok());
                if let Some(signal) = signal.filter(|_| reason.contains("signal")) {
                    app.ui.note(&format!("The task was ended by signal {signal}."));
                    return Err(Fault::Exit(Exit::Task(128_u8.saturating_add(signal))));
                }
                let text = match reason.strip_prefix("not_started_") {
                    Some(why) => format!("The task was not started: {}.", why.replace('_', " ")),
                    None => format!("The task failed: {reason}."),
                };
                Err(Fault::failed(text).hint(look))
            }
        },
        "stopped" => {
            Err(Fault::failed(format!("The task was stopped: {}.", why(&word("reason")))).hint(look))
        }
        "unknown" => {
            app.ui.error("unknown", &format!("Nobody can say how it ended: {}.", word("reason")));
            app.ui.hint(Some(&look));
            Err(Fault::Exit(Exit::Unknown))
        }
        other => {
            Err(Fault::failed(format!("It ended as `{other}`, which this program does not know.")).hint(look))
        }
    }
}

/// The ledger's words for why a run is stopped.
fn why(word: &str) -> String {
    let words = match word {
        "asked" => "somebody with the right to asked for it",
        "revoked" => "its authorization was revoked",
        "given_back" => "its authorization was given back",
        "expired" | "deadline" => "its time was over",
        "quorum_lost" => "the approval behind it no longer counts",
        "policy_changed" => "its policy was removed or tightened",
        "person_disabled" => "its person was disabled, or lost the ground for it",
        "access_disabled" => "privileged access was disabled",
        "emergency_stop" => "everything was stopped",
        "restored" => "a restored copy of the ledger was accepted",
        "clock_fault" => "a fault of the clock was accepted",
        other => return other.to_owned(),
    };
    format!("{words} ({word})")
}

/// Output for a terminal has its hidden characters made visible: a program must not move the reader's cursor. Output
/// for a file or pipe is the program's own bytes.
pub(crate) struct Shown {
    terminal: bool,
    held: Vec<u8>,
}

impl Shown {
    pub(crate) const fn new(terminal: bool) -> Self {
        Self { terminal, held: Vec::new() }
    }

    pub(crate) fn show(&mut self, bytes: &[u8]) -> Vec<u8> {
        if !self.terminal {
            return bytes.to_vec();
        }
        self.held.extend_from_slice(bytes);
        // A character may come in two pieces.
        let whole = match str::from_utf8(&self.held) {
            Ok(text) => text.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => self.held.len(),
        };
        let rest = self.held.split_off(whole);
        let text = countersign_text::visible_lines(&String::from_utf8_lossy(&self.held));
        self.held = rest;
        text.into_bytes()
    }

    pub(crate) fn rest(&mut self) -> Vec<u8> {
        let held = std::mem::take(&mut self.held);
        countersign_text::visible_lines(&String::from_utf8_lossy(&held)).into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_not_steered_and_a_pipe_gets_the_bytes() {
        let mut shown = Shown::new(true);
        assert_eq!(shown.show(b"a\x1b[2Jb\n"), b"a\\u{1b}[2Jb\n");
        assert_eq!(shown.show(&[0xc3]), b"");
        assert_eq!(shown.show(&[0xa9, b'x']), "éx".as_bytes());
        assert_eq!(shown.show(&[b'z', 0xc3]), b"z");
        assert_eq!(shown.rest(), "\u{fffd}".as_bytes());
        assert_eq!(Shown::new(false).show(b"\x1b\xff"), b"\x1b\xff");
    }
}
