//! `examples/*.toml`: what a task would send for some values. `countersign catalog test` makes it without sending it.

mod read;
mod sent;
mod values;

use serde_json::Value as Json;

use countersign_core::name::TaskName;
use countersign_core::parameter::{Given, check};

use crate::fault::{Fault, FaultCode};
use crate::pack::Pack;

pub(crate) use read::read;
pub use values::{Unfit, for_runspace};

/// Values, and what a pack's author says would become of them.
#[derive(Debug, Clone)]
pub struct Example {
    /// Its file, relative to the pack, and its place there.
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
    /// Whose values these are.
    pub task: TaskName,
    /// A few words.
    pub title: String,
    /// As a requester would write them.
    pub parameters: Given,
    /// What is expected.
    pub expected: Expected,
}

/// What is expected of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// Exactly this is sent: an argument vector, bound values, a request.
    Sent(Json),
    /// It is refused, with this code of a parameter's fault or of the runspace.
    Refused(String),
}

impl Pack {
    /// Every example in order of files.
    #[must_use]
    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// Makes what each example would send, and compares. Nothing is sent.
    #[must_use]
    pub fn test(&self) -> Vec<Fault> {
        self.examples.iter().filter_map(|example| self.differs(example)).collect()
    }

    fn differs(&self, example: &Example) -> Option<Fault> {
        let task = self.definitions.tasks.get(&example.task)?;
        let made: Result<Json, Vec<String>> = match check(&task.parameters, example.parameters.clone()) {
            Err(faults) => Err(faults.iter().map(|fault| fault.code.as_str().to_owned()).collect()),
            Ok(values) => match for_runspace(&values) {
                Err(unfit) => Err(vec![unfit.code().to_owned()]),
                Ok(values) => sent::sent(task, &values).map_err(|code| vec![code]),
            },
        };
        let message = match (&example.expected, made) {
            (Expected::Sent(expected), Ok(sent)) if *expected == sent => return None,
            (Expected::Refused(expected), Err(codes)) if codes.contains(expected) => return None,
            (_, Ok(sent)) => format!("{}: would send {sent}", example.title),
            (_, Err(codes)) => format!("{}: would be refused ({})", example.title, codes.join(", ")),
        };
        let Example { file, line, column, .. } = example;
        let message = countersign_text::visible(&message);
        let (file, line, column) = (file.clone(), *line, *column);
        Some(Fault { file, line, column, code: FaultCode::Example, message, hint: None })
    }
}
