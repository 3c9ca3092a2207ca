//! `countersign request deny`

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Args)]
pub(crate) struct Deny {
    /// The request, such as R-1042
    number: String,
    /// Why; the requester reads it
    #[arg(long, value_name = "TEXT")]
    comment: String,
    /// The digest of the statement that was read; refused if it is another by now
    #[arg(long, value_name = "SHA256")]
    statement: Option<String>,
}

impl Deny {
    pub(super) fn run(self, app: &App) -> Outcome {
        deny(app, &self.number, &self.comment, self.statement)
    }
}

pub(crate) fn deny(app: &App, number: &str, comment: &str, statement: Option<String>) -> Outcome {
    let client = app.client()?;
    let (request, statement) = super::statement(&client, number, statement)?;
    app.ui.note(&super::in_words(&request));
    let answer = client.deny(number, &statement, comment)?;
    app.ui.done(&format!("{number} is denied."), &answer);
    Ok(())
}
