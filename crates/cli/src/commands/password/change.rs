//! `countersign password change`

use serde_json::json;

use crate::app::App;
use crate::fault::Outcome;
use crate::terminal;

#[derive(Debug, clap::Args)]
pub(crate) struct Change {
    /// Read the present and the new password from standard input, a line each
    #[arg(long)]
    password_stdin: bool,
}

impl Change {
    pub(super) fn run(self, app: &App) -> Outcome {
        let mut client = app.client()?;
        let (current, new) = if self.password_stdin {
            (terminal::secret_from_stdin()?, terminal::secret_from_stdin()?)
        } else {
            (terminal::ask_secret("Present password")?, terminal::ask_new_password()?)
        };
        let changed = client.change_password(current.reveal(), new.reveal())?;
        app.renewed(&mut client, changed.session)?;
        app.ui.done("The password is changed.", &json!({}));
        Ok(())
    }
}
