//! `countersign recover`

use std::path::Path;

use countersign_core::command::{Appointment, Command};
use countersign_core::id::PersonId;
use countersign_engine::EngineHandle;
use countersign_ledger::Digest;
use serde_json::json;

use super::offline;
use super::settings::ConfigArgs;
use crate::app::App;
use crate::fault::{Fault, Outcome};

#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("whom").required(true)))]
pub(crate) struct Recover {
    /// An administrator's sign-in name: prints a link by which they sign in anew within the hour
    #[arg(long, value_name = "UPN", group = "whom")]
    administrator: Option<String>,
    /// A person's sign-in name: makes them a default approver after 24 hours, in which whoever objects can disable them
    #[arg(long, value_name = "UPN", group = "whom")]
    approver: Option<String>,
    /// Make them a default approver at once
    #[arg(long, requires = "approver")]
    now: bool,
    #[command(flatten)]
    config: ConfigArgs,
}

impl Recover {
    pub(crate) fn run(self, app: &App) -> Outcome {
        let config = self.config.load()?;
        let when = if self.now { Appointment::Now } else { Appointment::AfterADay };
        match (self.administrator, self.approver) {
            (Some(upn), _) => sign_in(app, &config.data_dir, &upn),
            (None, Some(upn)) => appoint(app, &config.data_dir, &upn, when),
            (None, None) => Err(Fault::usage("Name whom: --administrator or --approver.")),
        }
    }
}

const RECORDED: &str =
    "This is recorded, everybody is mailed at the next start, and it is shown for 30 days.";

fn sign_in(app: &App, data_dir: &Path, upn: &str) -> Outcome {
    let link = offline::with_engine(data_dir, async |engine| {
        let person = person(engine, upn)?;
        let command = Command::Recover { person, secret: Digest::from_bytes([0; 32]) };
        Ok(offline::submit(engine, command).await?.link)
    })?;
    let link = link.ok_or_else(|| Fault::failed("No link was made."))?;
    app.ui.note(RECORDED);
    app.ui.done(link.reveal(), &json!({ "upn": upn, "link": link.reveal() }));
    app.ui.hint(Some("within the hour, with the server started: countersign invitation redeem <link>"));
    Ok(())
}

fn appoint(app: &App, data_dir: &Path, upn: &str, when: Appointment) -> Outcome {
    offline::with_engine(data_dir, async |engine| {
        let person = person(engine, upn)?;
        offline::submit(engine, Command::Appoint { person, when }).await.map(|_| ())
    })?;
    app.ui.note(RECORDED);
    let (said, from) = match when {
        Appointment::Now => ("is a default approver now", "now"),
        Appointment::AfterADay => {
            ("becomes a default approver in 24 hours, unless disabled before", "in_24_hours")
        }
    };
    app.ui.done(&format!("{upn} {said}."), &json!({ "upn": upn, "from": from }));
    Ok(())
}

fn person(engine: &EngineHandle, upn: &str) -> Outcome<PersonId> {
    let person = engine.reader().person_by_upn(upn).map_err(|error| Fault::failed(format!("{error}.")))?;
    person.ok_or_else(|| Fault::failed(format!("There is no person `{upn}`.")))
}
