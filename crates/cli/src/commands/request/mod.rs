//! Access requests.

mod again;
mod answer;
pub(crate) mod approve;
mod cancel;
pub(crate) mod deny;
mod erase;
mod extend;
mod file;
pub(crate) mod list;
pub(crate) mod new;
mod preview;
mod question;
pub(crate) mod show;
mod tasks;

use std::collections::BTreeMap;

use countersign_client::Client;
use countersign_client::requests::TargetKind;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::fault::{Fault, Outcome};
use crate::values::{Definition, Given};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Ask for a task, a role or a role group
    New(new::New),
    /// List one's own requests, and those that wait for one's decision
    List(list::List),
    /// Show everything about a request
    Show(show::Show),
    /// Read a file that it cites
    File(file::File),
    /// List the tasks that it opens
    Tasks(tasks::Tasks),
    /// See what it would do, without doing it
    Preview(preview::Preview),
    /// Approve, perhaps for less
    Approve(approve::Approve),
    /// Deny, with a comment
    Deny(deny::Deny),
    /// Withdraw one's own
    Cancel(cancel::Cancel),
    /// Ask the requester something
    Question(question::Question),
    /// Answer as the requester
    Answer(answer::Answer),
    /// Ask for more time, by a new request linked to an authorization
    Extend(extend::Extend),
    /// Send a request again as it was
    Again(again::Again),
    /// Erase the values of a request that is over, once they need not be kept any more
    Erase(erase::Erase),
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        match self {
            Self::New(new) => new.run(app),
            Self::List(list) => list.run(app),
            Self::Show(show) => show.run(app),
            Self::File(file) => file.run(app),
            Self::Tasks(tasks) => tasks.run(app),
            Self::Preview(preview) => preview.run(app),
            Self::Approve(approve) => approve.run(app),
            Self::Deny(deny) => deny.run(app),
            Self::Cancel(cancel) => cancel.run(app),
            Self::Question(question) => question.run(app),
            Self::Answer(answer) => answer.run(app),
            Self::Extend(extend) => extend.run(app),
            Self::Again(again) => again.run(app),
            Self::Erase(erase) => erase.run(app),
        }
    }
}

/// Limits on parameters: values that must be exactly these, and whole constraints as `Name=<JSON>`.
pub(crate) fn constraints(
    app: &App,
    kind: TargetKind,
    name: &str,
    given: &[Given],
    limits: &[String],
) -> Outcome<BTreeMap<String, Json>> {
    let mut constraints = BTreeMap::new();
    if given.is_empty() && limits.is_empty() {
        return Ok(constraints);
    }
    if kind != TargetKind::Task {
        return Err(Fault::usage("Parameters can be limited in a request for a task only."));
    }
    if !given.is_empty() {
        let client = app.client()?;
        let values = Definition::fetch(&client, name)?.values(&client, given)?;
        constraints.extend(values.into_iter().map(|(name, value)| (name, json!({ "equals": value }))));
    }
    for limit in limits {
        let (name, form) = limit
            .split_once('=')
            .ok_or_else(|| Fault::usage(format!("`{limit}` is not of the form `Name=limit`.")))?;
        let form = match form {
            "any" | "absent" => Json::from(form),
            form => serde_json::from_str(form).map_err(|error| {
                Fault::usage(format!("`{name}`: {error}."))
                    .hint(r#"Name=any, Name='{"prefix":"/var/"}', '{"one_of":[1,2]}', '{"range":{"max":5}}'"#)
            })?,
        };
        constraints.insert(name.to_owned(), form);
    }
    Ok(constraints)
}

/// The digest of what is decided on: the one named, or the request's as it is now.
fn statement(client: &Client, number: &str, named: Option<String>) -> Outcome<(Json, String)> {
    let request = client.request(number)?;
    let current = request.get("statement");
    let current =
        current.and_then(|statement| statement.as_str().or_else(|| statement.get("digest")?.as_str()));
    match named.or_else(|| current.map(str::to_owned)) {
        Some(statement) => Ok((request, statement)),
        None => Err(Fault::failed(format!("{number} has no statement to decide on."))),
    }
}

/// Who asks for what, in a line, before one decides on it.
fn in_words(request: &Json) -> String {
    let text = |place: &str| request.pointer(place).and_then(Json::as_str).unwrap_or_default().to_owned();
    let seconds = request.get("duration_secs").and_then(Json::as_u64).unwrap_or_default();
    let target = if text("/target/name").is_empty() { text("/target") } else { text("/target/name") };
    let whose = match text("/account/upn") {
        none if none.is_empty() => none,
        account => format!(", for the account {account},"),
    };
    format!(
        "{}{whose} asks for {target} for {}: “{}”",
        text("/requester/upn"),
        length(seconds),
        countersign_text::visible(&text("/reason"))
    )
}

/// A length of time in words.
pub(crate) fn length(seconds: u64) -> String {
    match (seconds / 3600, seconds % 3600 / 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, 0) => format!("{m} min"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, 0, 0) => format!("{h} h"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}
