//! `countersign catalog import`: reads what a tenant has, through the runner, and drafts tasks of it.
//!
//! Nothing is defined by it. What the tenant has is kept as a snapshot beside a pack, compared with the last one, and each
//! cmdlet that the pack has no task for becomes a draft: a file that no pack reads until somebody chose what to expose.

mod compare;
mod draft;
mod snapshot;

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::act::{How, count};
use crate::app::App;
use crate::fault::{Fault, Outcome};

use snapshot::Snapshot;

/// Names of the snapshot and of the drafts' directory. A pack leaves names that begin with a dot alone.
const SNAPSHOT: &str = ".import.json";
const DRAFTS: &str = ".drafts";

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Import {
    /// Cmdlets, parameters, roles and role groups of an Exchange Online tenant
    Exchange(Exchange),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Exchange {
    /// The pack's directory: where `catalog export exchange` wrote it
    directory: PathBuf,
    /// The workload whose tasks read the tenant
    #[arg(long, value_name = "NAME", default_value = "Exchange")]
    workload: String,
    /// Under which authorization, where there is a choice
    #[arg(long, value_name = "R-NUMBER")]
    under: Option<String>,
    /// Say what changed, and write nothing
    #[arg(long)]
    dry_run: bool,
}

impl Import {
    pub(super) fn run(self, app: &App) -> Outcome {
        let Self::Exchange(exchange) = self;
        exchange.run(app)
    }
}

impl Exchange {
    fn run(self, app: &App) -> Outcome {
        let pack = super::read(app, &self.directory)?;
        let how = How { under: self.under.clone(), ..How::default() };
        let now = snapshot::take(app, &self.workload, &how)?;
        let path = self.directory.join(SNAPSHOT);
        let before = read(&path)?;
        let changes = compare::between(before.as_ref(), &now);
        for change in &changes {
            app.ui.note(change);
        }
        let known = |cmdlet: &str| {
            pack.definitions.tasks.keys().any(|task| task.local().to_string().eq_ignore_ascii_case(cmdlet))
        };
        let drafts: Vec<(String, String)> = now
            .cmdlets()
            .into_iter()
            .filter(|(cmdlet, _)| !known(cmdlet))
            .map(|(cmdlet, parameters)| {
                let text = draft::task(&cmdlet, &parameters, &now.roles_of(&cmdlet));
                (cmdlet, text)
            })
            .collect();
        if !self.dry_run {
            let directory = self.directory.join(DRAFTS);
            std::fs::create_dir_all(&directory).map_err(|error| unwritable(&directory, &error))?;
            for (cmdlet, text) in &drafts {
                write(&directory.join(format!("{cmdlet}.toml")), text)?;
            }
            write(&directory.join("roles.toml"), &draft::roles(&now, known))?;
            write(&path, &now.to_text())?;
        }
        let sentence = format!(
            "{}, {}, {}: {}, {} without a task.",
            count(now.cmdlets().len(), "cmdlet"),
            count(now.roles.len(), "role"),
            count(now.role_groups.len(), "role group"),
            if before.is_some() { count(changes.len(), "change") } else { "the first import".to_owned() },
            count(drafts.len(), "cmdlet")
        );
        app.ui.done(
            &sentence,
            &json!({"changes": changes, "drafts": drafts.iter().map(|(name, _)| name).collect::<Vec<_>>(),
                "roles": now.roles.len(), "role_groups": now.role_groups.len()}),
        );
        if !drafts.is_empty() && !self.dry_run {
            let from = self.directory.join(DRAFTS);
            app.ui.hint(Some(&format!(
                "choose the parameters of a draft in {}, move it to tasks/, and: countersign catalog apply {}",
                from.display(),
                self.directory.display()
            )));
        }
        Ok(())
    }
}

fn read(path: &Path) -> Outcome<Option<Snapshot>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Snapshot::of_text(&text).map(Some).map_err(|why| {
            Fault::failed(format!("{} is not what an import wrote: {why}.", path.display()))
                .hint("remove it to begin anew")
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Fault::failed(format!("{}: {error}.", path.display()))),
    }
}

fn write(path: &Path, text: &str) -> Outcome {
    std::fs::write(path, text).map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Fault {
    Fault::failed(format!("{}: {error}.", path.display()))
}
