//! `countersign clock accept`

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
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        let Self::Accept(args) = self;
        let config = args.load()?;
        offline::with_engine(&config.data_dir, async |engine| {
            offline::submit(engine, Sent::AcceptClock, false).await.map(|_| ())
        })?;
        app.ui.done("The clock is accepted. Live authorizations are ended.", &json!({}));
        Ok(())
    }
}
