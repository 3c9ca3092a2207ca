//! `countersign recover`

use countersign_core::command::Command;
use countersign_ledger::Digest;
use serde_json::json;

use super::offline;
use super::settings::ConfigArgs;
use crate::app::App;
use crate::fault::{Fault, Outcome};

#[derive(Debug, clap::Args)]
pub(crate) struct Recover {
    /// An administrator's sign-in name
    #[arg(long, value_name = "UPN")]
    administrator: String,
    #[command(flatten)]
    config: ConfigArgs,
}

impl Recover {
    pub(crate) fn run(self, app: &App) -> Outcome {
        let config = self.config.load()?;
        let upn = self.administrator;
        let link = offline::with_engine(&config.data_dir, async |engine| {
            let person =
                engine.reader().person_by_upn(&upn).map_err(|error| Fault::failed(format!("{error}.")))?;
            let person = person.ok_or_else(|| Fault::failed(format!("There is no person `{upn}`.")))?;
            let command = Command::Recover { person, secret: Digest::from_bytes([0; 32]) };
            Ok(offline::submit(engine, command).await?.link)
        })?;
        let link = link.ok_or_else(|| Fault::failed("No link was made."))?;
        app.ui.note("This is recorded, everybody is mailed at the next start, and it is shown for 30 days.");
        app.ui.done(link.reveal(), &json!({ "upn": upn, "link": link.reveal() }));
        app.ui.hint(Some("within the hour, with the server started: countersign invitation redeem <link>"));
        Ok(())
    }
}
