//! Running a task, Countersign's own included: the one thing behind `run`, the nouns' verbs and Microsoft's lines.

use std::collections::BTreeMap;

use countersign_client::Client;
use countersign_client::executions::{NewExecution, Started};
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::exit::Exit;
use crate::fault::{Fault, Outcome};
use crate::follow;
use crate::raise::{self, RaiseArgs};
use crate::values::{Definition, Given, Words};

/// Where Countersign's own tasks are.
pub(crate) const OWN: &str = "Countersign";

/// How a task is run.
#[derive(Debug, Clone, Default)]
pub(crate) struct How {
    /// What if it needs an authorization.
    pub(crate) raise: RaiseArgs,
    /// Under which authorization.
    pub(crate) under: Option<String>,
    /// Whether to return when it has started.
    pub(crate) detach: bool,
}

/// Values by parameter, for the verbs that know their task.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parameters(Vec<Given>);

impl Parameters {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// From plain JSON values.
    pub(crate) fn of_json(values: BTreeMap<String, Json>) -> Self {
        let words = |value: Json| match value {
            Json::Array(items) => Words::List(items.iter().map(plain).collect()),
            value => Words::One(plain(&value)),
        };
        Self(values.into_iter().map(|(name, value)| Given { name, words: words(value) }).collect())
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.push(Given { name: name.to_owned(), words: Words::One(value.into()) });
        self
    }

    pub(crate) fn with_some<V: ToString>(self, name: &str, value: Option<V>) -> Self {
        match value {
            Some(value) => self.with(name, value.to_string()),
            None => self,
        }
    }

    pub(crate) fn with_list(mut self, name: &str, values: &[String]) -> Self {
        if !values.is_empty() {
            self.0.push(Given { name: name.to_owned(), words: Words::List(values.to_vec()) });
        }
        self
    }

    /// What is given, by name.
    #[cfg(test)]
    pub(crate) fn names(&self) -> std::collections::BTreeSet<String> {
        self.0.iter().map(|given| given.name.clone()).collect()
    }

    pub(crate) fn with_switch(mut self, name: &str, on: bool) -> Self {
        if on {
            self.0.push(Given { name: name.to_owned(), words: Words::Switch });
        }
        self
    }
}

/// Runs one of Countersign's own tasks and says what it made.
pub(crate) fn own(app: &App, name: &str, parameters: &Parameters, raise: &RaiseArgs, done: &str) -> Outcome {
    let client = app.client()?;
    let how = How { raise: raise.clone(), ..How::default() };
    let task = format!("{OWN}\\{name}");
    let started = start(app, &client, &task, &parameters.0, BTreeMap::new(), &how)?;
    say_done(app, &started, done);
    Ok(())
}

/// Runs any task: output is streamed, and the command ends as the task ended.
pub(crate) fn any(
    app: &App,
    task: &str,
    given: &[Given],
    secrets: BTreeMap<String, Json>,
    how: &How,
) -> Outcome {
    let client = app.client()?;
    let started = start(app, &client, task, given, secrets, how)?;
    if started.made.is_some() || is_own(task) {
        say_done(app, &started, "Done.");
        return Ok(());
    }
    if how.detach {
        let json = json!({ "execution": started.execution, "deadline": started.deadline });
        app.ui.done(&started.execution, &json);
        return Ok(());
    }
    follow::follow(app, &client, &started.execution)
}

/// Runs a task for what it prints. Anything but success is said as [`any`] would; an output that was not kept whole is a
/// failure, as a part would be taken for all.
pub(crate) fn collect(app: &App, task: &str, given: &[Given], how: &How) -> Outcome<Vec<u8>> {
    let client = app.client()?;
    let started = start(app, &client, task, given, BTreeMap::new(), how)?;
    follow::collect(app, &client, &started.execution)
}

fn is_own(task: &str) -> bool {
    task.split_once('\\').is_some_and(|(workload, _)| workload.eq_ignore_ascii_case(OWN))
}

fn start(
    app: &App,
    client: &Client,
    task: &str,
    given: &[Given],
    secrets: BTreeMap<String, Json>,
    how: &How,
) -> Outcome<Started> {
    let definition = Definition::fetch(client, task)?;
    let mut values = definition.values(client, given)?;
    let asked = values.clone();
    values.extend(secrets);
    let execution = NewExecution { task: definition.name.clone(), values, authorization: how.under.clone() };
    let refused = match client.execute(&execution) {
        Ok(started) => return Ok(started),
        Err(error) => Fault::from(error),
    };
    if refused.is("waiting_for_approval") && how.raise.wait {
        let number = refused
            .problem()
            .map(|problem| format!("{} {}", problem.detail, problem.hint.clone().unwrap_or_default()));
        if let Some(number) = number.as_deref().and_then(number_in) {
            raise::wait(app, client, number)?;
            return Ok(client.execute(&execution)?);
        }
    }
    if !needs_authorization(&refused) {
        return Err(refused);
    }
    if !how.raise.request {
        refused.say(&app.ui);
        app.ui.hint(Some(&line(&definition.name, &asked)));
        return Err(Fault::Exit(refused.exit()));
    }
    let sent = client.submit(&how.raise.request_for(&definition.name, &asked))?;
    raise::say_sent(app, client, &sent);
    if !how.raise.wait && sent.status.eq_ignore_ascii_case("pending") {
        app.ui.hint(Some("run the same line again once it is approved"));
        return Err(Fault::Exit(Exit::Waiting));
    }
    raise::wait(app, client, &sent.number)?;
    let execution = NewExecution { authorization: Some(sent.number), ..execution };
    Ok(client.execute(&execution)?)
}

/// Refusals that another authorization would answer.
fn needs_authorization(fault: &Fault) -> bool {
    [
        "authorization_required",
        "parameter_not_approved",
        "authorization_ended",
        "uses_exhausted",
        "definition_changed",
    ]
    .iter()
    .any(|code| fault.is(code))
}

/// `R-1042` somewhere in a text.
fn number_in(text: &str) -> Option<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').find(|word| {
        word.strip_prefix("R-")
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// The line that would ask for this run, for a POSIX shell.
fn line(task: &str, values: &BTreeMap<String, Json>) -> String {
    let mut line = format!("countersign run {}", quoted(task));
    for (name, value) in values {
        let texts: Vec<String> = match value {
            Json::Array(items) => items.iter().map(plain).collect(),
            value => vec![plain(value)],
        };
        for text in texts {
            line.push_str(" -p ");
            line.push_str(&quoted(&format!("{name}={text}")));
        }
    }
    line.push_str(" --request --reason '<why>' --wait");
    line
}

fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Quotes for a POSIX shell where it is needed.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=' | '/' | '.' | ',' | ':' | '@' | '+')
    };
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// `1 day`, `2 days`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

fn say_done(app: &App, started: &Started, done: &str) {
    let made = started.made.clone().unwrap_or_default();
    let link = started.link.as_ref().map(countersign_client::Secret::reveal);
    let json = json!({ "execution": started.execution, "made": made, "link": link });
    app.ui.done(done, &json);
    if app.ui.format == crate::ui::Format::Table {
        for (kind, what) in &made {
            app.ui.out(&format!("{kind}: {}", plain(what)));
        }
        if let Some(link) = link {
            app.ui.out(&format!("link: {link}"));
            app.ui.note(
                "WHOEVER OPENS THIS LINK FIRST HAS THE ACCOUNT. It works once, is shown only now and was not mailed; the \
                 person is told that you hold it. Hand it over yourself.",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_asks_can_be_pasted_into_a_shell() {
        let values = BTreeMap::from([
            ("Path".to_owned(), json!("/var/it's")),
            ("N".to_owned(), json!(5)),
            ("Who".to_owned(), json!(["a", "b c"])),
        ]);
        let wanted = r"countersign run 'Host\Get-DiskUsage' -p N=5 -p 'Path=/var/it'\''s' -p Who=a -p 'Who=b c' --request --reason '<why>' --wait";
        assert_eq!(line(r"Host\Get-DiskUsage", &values), wanted);
    }

    #[test]
    fn a_number_is_found_in_a_text() {
        assert_eq!(number_in("see countersign request show R-1042."), Some("R-1042"));
        assert_eq!(number_in("R- or XR-5"), None);
    }
}
