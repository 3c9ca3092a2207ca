//! `countersign second-factor enroll`

use serde_json::json;

use crate::app::App;
use crate::fault::Outcome;
use crate::terminal;
use crate::ui::Format;

#[derive(Debug, clap::Args)]
pub(crate) struct Enroll {}

impl Enroll {
    pub(super) fn run(self, app: &App) -> Outcome {
        let client = app.client()?;
        let enrolled = client.enroll()?;
        let (secret, otpauth) = (enrolled.secret_base32.reveal(), enrolled.otpauth.reveal());
        if app.ui.format == Format::Json {
            app.ui.json(&json!({ "secret_base32": secret, "otpauth": otpauth }));
            return Ok(());
        }
        app.ui.out(&format!("secret:  {secret}"));
        app.ui.out(&format!("address: {otpauth}"));
        app.ui.note("Give one of them to an authenticator app. It is not in force yet.");
        if app.ui.interactive() {
            let code = terminal::ask("The code that the app shows")?;
            return super::confirm::confirm(app, client, code.trim());
        }
        app.ui.hint(Some("countersign second-factor confirm --code <code>"));
        Ok(())
    }
}
