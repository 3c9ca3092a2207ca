//! `countersign ledger accept-restore`, `countersign ledger vouch-restore`

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_core::command::Command;
use countersign_engine::{EngineConfig, SystemClock};
use countersign_ledger::checkpoint::Checkpoint;
use countersign_ledger::note::VerifyingKey;
use serde_json::json;

use super::offline;
use super::settings::ConfigArgs;
use crate::app::App;
use crate::fault::{Fault, Outcome};

/// Checkpoints that were kept elsewhere.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Kept {
    /// A checkpoint that was kept elsewhere: a ledger that does not contain it is a restored copy; again for several
    #[arg(long, value_name = "FILE", requires = "vkey")]
    checkpoint: Vec<PathBuf>,
    /// The key that it is signed with, or a file of it; from where it was kept, never from the copy; again for several
    #[arg(long, value_name = "KEY")]
    vkey: Vec<String>,
}

impl Kept {
    /// Reads them and checks their signatures.
    pub(crate) fn read(&self) -> Outcome<Vec<Checkpoint>> {
        let keys = keys(&self.vkey)?;
        let read = |file: &PathBuf| {
            let note = std::fs::read(file)
                .map_err(|error| Fault::failed(format!("{} cannot be read: {error}.", file.display())))?;
            let opened = keys.iter().map(|key| Checkpoint::open(&note, key));
            let mut last = Fault::usage("--vkey names no key.");
            for opened in opened {
                match opened {
                    Ok(checkpoint) => return Ok(checkpoint),
                    Err(error) => last = Fault::failed(format!("{}: {error}.", file.display())),
                }
            }
            Err(last)
        };
        self.checkpoint.iter().map(read).collect()
    }
}

/// Keys as auditors write them, or files of them.
pub(crate) fn keys(given: &[String]) -> Outcome<Vec<VerifyingKey>> {
    let mut keys = Vec::new();
    for key in given {
        let text = if Path::new(key).is_file() { std::fs::read_to_string(key)? } else { key.clone() };
        keys.push(text.trim().parse().map_err(|error| Fault::usage(format!("--vkey: {error}.")))?);
    }
    Ok(keys)
}

#[derive(Debug, clap::Args)]
pub(crate) struct AcceptRestore {
    #[command(flatten)]
    kept: Kept,
    #[command(flatten)]
    config: ConfigArgs,
}

impl AcceptRestore {
    pub(crate) fn run(self, app: &App) -> Outcome {
        let config = self.config.load()?;
        let kept = self.kept.read()?;
        let engine =
            EngineConfig { kept, ..EngineConfig::new(&config.data_dir, Arc::new(SystemClock::new()?)) };
        let (restored, epoch) = offline::with(engine, async |engine| {
            let restored = engine.restored();
            offline::submit(engine, Command::AcceptRestore(None)).await?;
            Ok((restored, engine.state().organization.epoch()))
        })?;
        let cites = restored.map(|restored| restored.cites.clone());
        let (size, origin) = cites.map_or((0, String::new()), |cites| (cites.size, cites.origin.to_string()));
        app.ui.note("This is recorded, and administrators and audit readers are mailed at the next start.");
        app.ui.done(
            &format!("The copy is accepted: epoch {epoch}, behind {size} entries of {origin}. Everything live and pending is ended."),
            &json!({ "epoch": epoch, "cites": { "origin": origin, "size": size } }),
        );
        app.ui.hint(Some(
            "keep the new epoch's checkpoint and key elsewhere: countersign ledger checkpoint, ledger vkey",
        ));
        Ok(())
    }
}

pub(crate) fn vouch(app: &App) -> Outcome {
    let answer = app.client()?.accept_restore()?;
    let accepted = answer.get("accepted").and_then(serde_json::Value::as_bool).unwrap_or_default();
    let done = if accepted {
        "The restored copy is accepted. Everything live and pending is ended."
    } else {
        "Your word is kept until the server stops; another default approver's accepts the copy."
    };
    app.ui.done(done, &answer);
    Ok(())
}
