//! Asking people, with and without echo.

use std::io::{BufRead as _, IsTerminal as _, Read as _, Write as _};

use countersign_client::Secret;
use rustix::termios::{self, LocalModes, OptionalActions};

use crate::fault::{Fault, Outcome};

/// Longest line that is read from a pipe.
const MAX_LINE: u64 = 64 * 1024;

/// Asks for a line. Without a terminal there is nobody to ask.
pub(crate) fn ask(question: &str) -> Outcome<String> {
    nobody(question)?;
    prompt(question);
    line()
}

/// Asks for a line; an empty one means the default.
pub(crate) fn ask_or(question: &str, default: &str) -> Outcome<String> {
    let answer = ask(&format!("{question} [{default}]"))?;
    Ok(if answer.trim().is_empty() { default.to_owned() } else { answer })
}

/// Asks for a secret, which is not shown.
pub(crate) fn ask_secret(question: &str) -> Outcome<Secret> {
    nobody(question)?;
    prompt(question);
    let silent = Silent::begin()?;
    let line = line();
    drop(silent);
    let _ = writeln!(std::io::stderr());
    line.map(Secret::new)
}

/// Asks for a new password twice.
pub(crate) fn ask_new_password() -> Outcome<Secret> {
    loop {
        let first = ask_secret("New password")?;
        let second = ask_secret("The same again")?;
        if first.reveal() == second.reveal() {
            return Ok(first);
        }
        let _ = writeln!(std::io::stderr(), "They differ.");
    }
}

/// A secret from standard input: one line.
pub(crate) fn secret_from_stdin() -> Outcome<Secret> {
    let line = line()?;
    if line.is_empty() { Err(Fault::usage("Standard input holds no secret.")) } else { Ok(Secret::new(line)) }
}

fn nobody(question: &str) -> Outcome {
    if std::io::stdin().is_terminal() {
        return Ok(());
    }
    Err(Fault::usage(format!("`{question}` cannot be asked: there is no terminal. Give it as an option.")))
}

fn prompt(question: &str) {
    let mut err = std::io::stderr().lock();
    let _ = write!(err, "{question}: ").and_then(|()| err.flush());
}

fn line() -> Outcome<String> {
    let mut line = String::new();
    std::io::stdin().lock().take(MAX_LINE).read_line(&mut line)?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

/// While it lives, the terminal shows nothing that is typed.
struct Silent(termios::Termios);

impl Silent {
    fn begin() -> Outcome<Self> {
        let io =
            |error: rustix::io::Errno| Fault::failed(format!("The terminal cannot be silenced: {error}."));
        let before = termios::tcgetattr(std::io::stdin()).map_err(io)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        silent.local_modes.remove(LocalModes::ECHONL);
        termios::tcsetattr(std::io::stdin(), OptionalActions::Flush, &silent).map_err(io)?;
        Ok(Self(before))
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        let _ = termios::tcsetattr(std::io::stdin(), OptionalActions::Flush, &self.0);
    }
}
