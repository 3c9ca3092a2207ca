//! `countersign token new`

use countersign_client::tokens::NewToken;
use serde_json::json;

use crate::app::App;
use crate::fault::Outcome;
use crate::resolve;
use crate::ui::Format;

#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// What it is for
    label: String,
    /// Make it for a service account of one's own: sign-in name or id
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
    /// What it may do; it never approves
    #[arg(long = "scope", value_name = "SCOPE", default_values_t = ["read".to_owned()], value_parser = ["read", "request", "execute", "raise"])]
    scopes: Vec<String>,
    /// How many days it lives
    #[arg(long, default_value_t = 90, value_name = "N")]
    days: u32,
}

impl New {
    pub(super) fn run(self, app: &App) -> Outcome {
        let client = app.client()?;
        let account = self.account.map(|account| resolve::person(&client, &account)).transpose()?;
        let made = client.new_token(&NewToken {
            account,
            label: self.label,
            scopes: self.scopes,
            days: self.days,
        })?;
        if app.ui.format == Format::Json {
            app.ui.json(&json!({ "id": made.id, "token": made.token.reveal() }));
        } else {
            app.ui.note(&format!("{} is made. It is shown this once:", made.id));
            app.ui.out(made.token.reveal());
        }
        app.ui.hint(Some("programs give it as COUNTERSIGN_TOKEN"));
        Ok(())
    }
}
