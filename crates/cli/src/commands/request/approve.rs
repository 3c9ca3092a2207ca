//! `countersign request approve`

use countersign_client::requests::Less;

use crate::app::App;
use crate::fault::Outcome;
use crate::ui::seconds;

#[derive(Debug, clap::Args)]
pub(crate) struct Approve {
    /// The request, such as R-1042
    number: String,
    /// What the requester reads
    #[arg(long, value_name = "TEXT", default_value = "")]
    comment: String,
    /// The digest of the statement that was read; refused if it is another by now
    #[arg(long, value_name = "SHA256")]
    statement: Option<String>,
    /// Approve a shorter time only
    #[arg(long, value_name = "TIME", value_parser = seconds, help_heading = "Less than was asked")]
    duration: Option<u64>,
    /// Approve fewer uses only
    #[arg(long, value_name = "N", help_heading = "Less than was asked")]
    uses: Option<u32>,
    /// Limit a parameter further: a limit as JSON, such as `Name={"equals":5}`
    #[arg(long = "limit-parameter", value_name = "NAME=LIMIT", help_heading = "Less than was asked")]
    limits: Vec<String>,
}

impl Approve {
    pub(super) fn run(self, app: &App) -> Outcome {
        let constraints = super::constraints(app, super::TargetKind::Task, "", &[], &self.limits)?;
        let is_less = self.duration.is_some() || self.uses.is_some() || !constraints.is_empty();
        let less = is_less.then_some(Less { duration_secs: self.duration, uses: self.uses, constraints });
        approve(app, &self.number, &self.comment, self.statement, less.as_ref())
    }
}

pub(crate) fn approve(
    app: &App,
    number: &str,
    comment: &str,
    statement: Option<String>,
    less: Option<&Less>,
) -> Outcome {
    let client = app.client()?;
    let (request, statement) = super::statement(&client, number, statement)?;
    app.ui.note(&super::in_words(&request));
    app.ui.note(&format!("Approving the statement {statement}."));
    let answer = client.approve(number, &statement, comment, less)?;
    let status =
        answer.get("status").and_then(serde_json::Value::as_str).unwrap_or("recorded").to_lowercase();
    let sentence = match status.as_str() {
        "approved" => format!("{number} is approved."),
        "pending" => format!("Your approval of {number} counts; it still waits for others."),
        status => format!("{number} is {status}."),
    };
    app.ui.done(&sentence, &answer);
    Ok(())
}
