//! Asking for access, and waiting for the answer.

use std::collections::BTreeMap;
use std::time::Duration;

use countersign_client::Client;
use countersign_client::requests::{NewRequest, Submitted, Target, TargetKind};
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::fault::{Fault, Outcome};
use crate::ui::seconds;

/// How often a request is looked at while one waits.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What becomes of a run that needs an authorization.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct RaiseArgs {
    /// If an authorization is needed, send a request for exactly this run
    #[arg(long, requires = "reason", help_heading = "Access")]
    pub(crate) request: bool,
    /// Why it is needed; approvers read it
    #[arg(long, value_name = "TEXT", help_heading = "Access")]
    pub(crate) reason: Option<String>,
    /// For how long, such as `4h` or `90m`; a bare number is hours
    #[arg(long, value_name = "TIME", value_parser = seconds, help_heading = "Access")]
    pub(crate) duration: Option<u64>,
    /// The ticket
    #[arg(long, value_name = "TICKET", help_heading = "Access")]
    pub(crate) ticket: Option<String>,
    /// Wait for the approval, then run
    #[arg(long, requires = "request", help_heading = "Access")]
    pub(crate) wait: bool,
}

impl RaiseArgs {
    /// The request for one run with these values.
    pub(crate) fn request_for(&self, task: &str, values: &BTreeMap<String, Json>) -> NewRequest {
        NewRequest {
            account: None,
            target: Target { kind: TargetKind::Task, name: task.to_owned() },
            role: None,
            constraints: values
                .iter()
                .map(|(name, value)| (name.clone(), json!({ "equals": value })))
                .collect(),
            reason: self.reason.clone().unwrap_or_default(),
            ticket: self.ticket.clone(),
            duration_secs: self.duration,
            start: None,
            uses: None,
            extends: None,
        }
    }
}

/// Says that a request was sent.
pub(crate) fn say_sent(app: &App, client: &Client, sent: &Submitted) {
    app.ui.note(&format!("{} was sent and is {}.", sent.number, sent.status));
    let denied = client.request(&sent.number).ok().and_then(|request| request.get("denied_before").cloned());
    if let Some(before) = denied.as_ref().and_then(Json::as_str) {
        app.ui.note(&format!("The same request was denied before: {before}."));
    }
}

/// Waits until a request is decided. Approved is the only good end.
pub(crate) fn wait(app: &App, client: &Client, number: &str) -> Outcome {
    app.ui.note(&format!("Waiting for the decision on {number}; Ctrl-C stops waiting, not the request."));
    loop {
        let request = client.request(number)?;
        let status = request.get("status").and_then(Json::as_str).unwrap_or_default().to_lowercase();
        match status.as_str() {
            "pending" => std::thread::sleep(LOOK_EVERY),
            "approved" => {
                app.ui.note(&format!("{number} is approved{}.", said(&request)));
                return Ok(());
            }
            status => {
                return Err(Fault::failed(format!("{number} is {status}{}.", said(&request)))
                    .hint(format!("countersign request show {number}")));
            }
        }
    }
}

fn said(request: &Json) -> String {
    let by = request.pointer("/decided_by/upn").and_then(Json::as_str).map(|upn| format!(" by {upn}"));
    let comment = request.get("comment").and_then(Json::as_str).filter(|comment| !comment.is_empty());
    let comment = comment.map(|comment| format!(": “{}”", countersign_text::visible(comment)));
    format!("{}{}", by.unwrap_or_default(), comment.unwrap_or_default())
}
