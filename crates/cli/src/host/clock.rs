//! `countersign clock accept`, `countersign clock vouch`

use countersign_core::command::Command as Sent;
use serde_json::json;

use super::offline;
use super::settings::ConfigArgs;
use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Accept this host's clock as it is now, with the server stopped; ends live authorizations
    Accept(ConfigArgs),
    /// Say as a default approver, signed in, that the server's clock is right; the second one's word accepts it
    Vouch,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        let Self::Accept(args) = self else { return vouch(app) };
        let config = args.load()?;
        offline::with_engine(&config.data_dir, async |engine| {
            offline::submit(engine, Sent::AcceptClock).await.map(|_| ())
        })?;
        app.ui.done("The clock is accepted. Live authorizations are ended.", &json!({}));
        Ok(())
    }
}

fn vouch(app: &App) -> Outcome {
    let answer = app.client()?.accept_clock()?;
    let accepted = answer.get("accepted").and_then(serde_json::Value::as_bool).unwrap_or_default();
    let done = if accepted {
        "The clock is accepted. Live authorizations are ended."
    } else {
        "Your word is recorded; another default approver's accepts the clock."
    };
    app.ui.done(done, &answer);
    Ok(())
}
