//! `countersign invitation redeem`

use serde_json::json;

use crate::app::App;
use crate::fault::{Fault, Outcome};
use crate::terminal;

#[derive(Debug, clap::Args)]
pub(crate) struct Redeem {
    /// The link, or its part from `csi_` on; asked for if absent
    link: Option<String>,
    /// Read the password from standard input, one line
    #[arg(long)]
    password_stdin: bool,
}

impl Redeem {
    pub(super) fn run(self, app: &App) -> Outcome {
        let given = match self.link {
            Some(link) => link,
            None => terminal::ask("The link")?,
        };
        // The secret is the part behind `#`, which no server sees in a log.
        let secret = given.rsplit(['#', '/']).next().unwrap_or_default().trim();
        if !secret.starts_with("csi_") {
            return Err(Fault::usage("The link's last part begins with `csi_`; this one's does not."));
        }
        let client = app.anonymous()?;
        let password =
            if self.password_stdin { terminal::secret_from_stdin()? } else { terminal::ask_new_password()? };
        let redeemed = client.redeem(secret, password.reveal())?;
        let upn = redeemed.upn.unwrap_or_else(|| redeemed.person.clone());
        app.ui.done(
            &format!("The password of {upn} is set."),
            &json!({ "person": redeemed.person, "upn": upn }),
        );
        app.ui.hint(Some(&format!("countersign login {upn}")));
        Ok(())
    }
}
