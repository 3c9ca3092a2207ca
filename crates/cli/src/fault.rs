//! Why a command did not do what it was asked.

use std::error::Error as _;

use countersign_client::{ClientError, Problem};

use crate::exit::Exit;
use crate::ui::Ui;

/// A command's result.
pub(crate) type Outcome<T = ()> = Result<T, Fault>;

/// Why there is none.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The command line cannot be understood.
    Usage(Message),
    /// The server says no, or it cannot be asked.
    Client(ClientError),
    /// Nobody is signed in.
    NotSignedIn(Message),
    /// Something went wrong here.
    Failed(Message),
    /// Everything was said; only the code is left.
    Exit(Exit),
}

/// What is said, and the next step.
#[derive(Debug)]
pub(crate) struct Message {
    text: String,
    hint: Option<String>,
}

impl Fault {
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(Message { text: text.into(), hint: None })
    }

    pub(crate) fn failed(text: impl Into<String>) -> Self {
        Self::Failed(Message { text: text.into(), hint: None })
    }

    pub(crate) fn not_signed_in() -> Self {
        let text = "Nobody is signed in.".to_owned();
        Self::NotSignedIn(Message { text, hint: Some("countersign login <sign-in name>".to_owned()) })
    }

    /// Adds the next step.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        match &mut self {
            Self::Usage(message) | Self::NotSignedIn(message) | Self::Failed(message) => {
                message.hint = Some(hint.into());
            }
            Self::Client(_) | Self::Exit(_) => {}
        }
        self
    }

    /// The server's answer, if it is one.
    pub(crate) fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Client(error) => error.problem(),
            _ => None,
        }
    }

    /// Whether the server refused with this code.
    pub(crate) fn is(&self, code: &str) -> bool {
        self.problem().is_some_and(|problem| problem.code == code)
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            Self::NotSignedIn(_) => Exit::NotSignedIn,
            Self::Failed(_) => Exit::Failed,
            Self::Exit(exit) => *exit,
            Self::Client(error) => match error {
                ClientError::Problem(problem) => of_problem(problem),
                ClientError::Unreachable { .. } => Exit::Unreachable,
                ClientError::NoAnswer { .. } => Exit::Unknown,
                ClientError::Answer { .. } | ClientError::Trust { .. } | ClientError::Randomness(_) => {
                    Exit::Failed
                }
            },
        }
    }

    /// Says it on standard error.
    pub(crate) fn say(&self, ui: &Ui) {
        match self {
            Self::Usage(message) | Self::NotSignedIn(message) | Self::Failed(message) => {
                ui.error("error", &message.text);
                ui.hint(message.hint.as_deref());
            }
            Self::Client(ClientError::Problem(problem)) => say_problem(ui, problem),
            Self::Client(error) => {
                let mut text = error.to_string();
                let mut source = error.source();
                while let Some(inner) = source {
                    text.push_str(": ");
                    text.push_str(&inner.to_string());
                    source = inner.source();
                }
                ui.error("error", &text);
                if matches!(error, ClientError::Unreachable { .. }) {
                    ui.hint(Some("is the server running, and is this its address? COUNTERSIGN_URL or --url names another"));
                }
                if matches!(error, ClientError::NoAnswer { .. }) {
                    ui.note("It may have been carried out. Look before you send it again.");
                }
            }
            Self::Exit(_) => {}
        }
    }
}

fn of_problem(problem: &Problem) -> Exit {
    match (problem.code.as_str(), problem.status) {
        ("waiting_for_approval", _) => Exit::Waiting,
        (_, 401) => Exit::NotSignedIn,
        (_, 400..=499) => Exit::Refused,
        _ => Exit::Failed,
    }
}

fn say_problem(ui: &Ui, problem: &Problem) {
    let word = match of_problem(problem) {
        Exit::Waiting => "waiting",
        Exit::Refused => "refused",
        _ => "error",
    };
    let text = if problem.detail.is_empty() { &problem.title } else { &problem.detail };
    ui.error(word, text);
    if let Some(governs) = &problem.governs {
        ui.note(&format!("governed by: {governs}"));
    }
    match &problem.request_id {
        Some(id) if problem.status >= 500 => {
            ui.note(&format!("code: {} (in the server's log: {id})", problem.code))
        }
        _ => ui.note(&format!("code: {}", problem.code)),
    }
    let sign_in = (problem.status == 401).then_some("countersign login <sign-in name>");
    ui.hint(problem.hint.as_deref().or(sign_in));
}

impl From<ClientError> for Fault {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

impl From<anyhow::Error> for Fault {
    fn from(error: anyhow::Error) -> Self {
        Self::failed(format!("{error:#}."))
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self::failed(format!("{error}."))
    }
}
