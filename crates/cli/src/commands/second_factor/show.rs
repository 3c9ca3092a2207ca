//! `countersign second-factor show`

use serde_json::json;

use crate::app::App;
use crate::fault::Outcome;
use crate::terminal;

#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// A code of the second factor, or a recovery code; asked for if absent
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
}

impl Show {
    pub(super) fn run(self, app: &App) -> Outcome {
        let mut client = app.client()?;
        let code = match self.code {
            Some(code) => code,
            None => terminal::ask("Code of the second factor")?,
        };
        let stepped = client.step_up(code.trim())?;
        app.renewed(&mut client, stepped.session)?;
        app.ui.done("The session has shown its second factor.", &json!({ "second_factor": true }));
        Ok(())
    }
}
