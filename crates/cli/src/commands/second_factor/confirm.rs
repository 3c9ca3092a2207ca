//! `countersign second-factor confirm`

use countersign_client::Client;
use serde_json::json;

use crate::app::App;
use crate::fault::Outcome;
use crate::terminal;
use crate::ui::Format;

#[derive(Debug, clap::Args)]
pub(crate) struct Confirm {
    /// A code that the authenticator app shows; asked for if absent
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
}

impl Confirm {
    pub(super) fn run(self, app: &App) -> Outcome {
        let code = match self.code {
            Some(code) => code,
            None => terminal::ask("The code that the app shows")?,
        };
        confirm(app, app.client()?, code.trim())
    }
}

pub(super) fn confirm(app: &App, mut client: Client, code: &str) -> Outcome {
    let confirmed = client.confirm(code)?;
    if let Some(session) = confirmed.session {
        app.renewed(&mut client, session)?;
    }
    let codes: Vec<&str> = confirmed.recovery_codes.iter().map(|code| code.reveal()).collect();
    if app.ui.format == Format::Json {
        app.ui.json(&json!({ "recovery_codes": codes }));
        return Ok(());
    }
    app.ui.note("The second factor is in force. Keep these recovery codes on paper; each works once:");
    codes.iter().for_each(|code| app.ui.out(code));
    Ok(())
}
