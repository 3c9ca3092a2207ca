//! Microsoft's lines, verbatim: `countersign New-ElevatedAccessRequest -Task 'Exchange\New-MoveRequest' -Reason '…'`.
//!
//! Names are compared without regard to case. Cmdlets that are relations (requests, approvals) go to the API; every
//! other `Verb-Noun` runs the task `Countersign\Verb-Noun`. Options with two dashes are ours and may stand anywhere.

mod cmdlets;
mod parse;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

use crate::app::{App, Global};
use crate::fault::{Fault, Outcome};
use crate::raise::RaiseArgs;

pub(crate) use parse::Parameters;

/// A line whose first word is `Verb-Noun`.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    cmdlet: String,
    words: Vec<String>,
}

/// Options of ours on such a line.
#[derive(Debug, clap::Parser)]
#[command(no_binary_name = true, disable_help_flag = true)]
struct Ours {
    #[command(flatten)]
    global: Global,
    #[command(flatten)]
    raise: RaiseArgs,
}

/// The line, if it is one of Microsoft's form.
pub(crate) fn line(arguments: &[OsString]) -> Option<Line> {
    let mut words = arguments.iter().skip(1).map(|word| word.to_string_lossy().into_owned());
    let cmdlet = words.next().filter(|word| is_cmdlet(word))?;
    Some(Line { cmdlet, words: words.collect() })
}

/// `Verb-Noun` with a capital or a noun that only Microsoft has: ours are lower-case nouns such as `role-group`.
fn is_cmdlet(word: &str) -> bool {
    let Some((verb, noun)) = word.split_once('-') else { return false };
    let letters = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !letters(verb) || !letters(noun) {
        return false;
    }
    let ours = word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    !ours || VERBS.contains(&verb)
}

/// Microsoft's approved verbs that our tasks use; none of our nouns begins with one.
const VERBS: [&str; 16] = [
    "add", "approve", "deny", "disable", "enable", "export", "get", "import", "new", "remove", "reset",
    "restore", "revoke", "search", "set", "stop",
];

/// Runs it.
pub(crate) fn run(line: Line) -> ExitCode {
    let (ours, theirs) = parse::separate(line.words);
    let ours = match Ours::try_parse_from(ours) {
        Ok(ours) => ours,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(crate::exit::Exit::Usage.code());
        }
    };
    let app = App::new(ours.global);
    let outcome = carry_out(&app, &line.cmdlet, theirs, &ours.raise);
    crate::finish(&app, false, outcome)
}

fn carry_out(app: &App, cmdlet: &str, words: Vec<String>, raise: &RaiseArgs) -> Outcome {
    let parameters = Parameters::parse(words).map_err(|fault| {
        Fault::usage(format!("{cmdlet}: {fault}"))
            .hint(format!("countersign task show 'Countersign\\{cmdlet}'"))
    })?;
    cmdlets::carry_out(app, cmdlet, parameters, raise)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_microsofts_and_what_is_ours() {
        for theirs in
            ["New-ElevatedAccessRequest", "new-elevatedaccessrequest", "GET-User", "Stop-AllExecutions"]
        {
            assert!(is_cmdlet(theirs), "{theirs}");
        }
        for ours in
            ["role-group", "second-factor", "request", "runner-init", "--url", "-h", "New-", "New-Ele vated"]
        {
            assert!(!is_cmdlet(ours), "{ours}");
        }
    }
}
