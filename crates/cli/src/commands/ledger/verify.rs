//! `countersign ledger verify`

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use countersign_ledger::checkpoint::Checkpoint;
use countersign_ledger::seal::SealKey;
use countersign_verify::{
    EpochOpening, Export, KeptCheckpoint, Options, Progress, Report, Seals, Source, verify,
};
use serde_json::json;

use super::copy::Copy;
use crate::act::count;
use crate::app::App;
use crate::exit::Exit;
use crate::fault::{Fault, Outcome};
use crate::host::restore;
use crate::ui::Format;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Ends with 0 if nothing is wrong with what could be checked, and with 1 if something is. What could \
not be proven is always said."
)]
pub(crate) struct Verify {
    /// The data directory, or a copy of it; the configuration's if absent
    #[arg(long, value_name = "DIR", conflicts_with = "export")]
    data_dir: Option<PathBuf>,
    /// An export: a directory of plain files
    #[arg(long, value_name = "DIR")]
    export: Option<PathBuf>,
    /// A checkpoint that was kept elsewhere; again for several
    #[arg(long, value_name = "FILE", requires = "vkey")]
    checkpoint: Vec<PathBuf>,
    /// The key that checkpoints are signed with, or a file of it; from where you first got it, never from the copy; again
    /// for those of several epochs
    #[arg(long, value_name = "KEY")]
    vkey: Vec<String>,
    /// The key of the batch seals; the data directory's if it is there
    #[arg(long, value_name = "FILE")]
    seal_key: Option<PathBuf>,
}

impl Verify {
    pub(super) fn run(self, app: &App) -> Outcome {
        let directory = match (&self.data_dir, &self.export) {
            (Some(directory), _) => Some(directory.clone()),
            (None, Some(_)) => None,
            (None, None) => Some(crate::host::settings::data_dir()?),
        };
        let options = Options {
            checkpoints: self.checkpoints()?,
            seals: self.seals(directory.as_deref())?,
            ..Options::default()
        };
        let report = match (&directory, &self.export) {
            (Some(directory), _) => {
                let mut copy = Copy::open(directory).map_err(|error| unreadable(directory, &error))?;
                judge(app, &mut copy, &options, directory)?
            }
            (None, Some(export)) => {
                let mut copy = Export::open(export).map_err(|error| unreadable(export, &error))?;
                judge(app, &mut copy, &options, export)?
            }
            (None, None) => return Err(Fault::usage("Name a copy: --data-dir or --export.")),
        };
        show(app, &report);
        if report.holds() { Ok(()) } else { Err(Fault::Exit(Exit::Failed)) }
    }

    fn checkpoints(&self) -> Outcome<Vec<KeptCheckpoint>> {
        let keys = restore::keys(&self.vkey)?;
        self.checkpoint
            .iter()
            .map(|file| {
                let note = std::fs::read(file).map_err(|error| unreadable(file, &error))?;
                // The key of its epoch; with none of them the verifier says what is wrong.
                let own = keys.iter().find(|key| Checkpoint::open(&note, key).is_ok());
                let key = own.or(keys.first()).ok_or_else(|| Fault::usage("--vkey names no key."))?;
                Ok(KeptCheckpoint { note, key: key.clone() })
            })
            .collect()
    }

    fn seals(&self, directory: Option<&Path>) -> Outcome<Option<Seals>> {
        let own = directory.map(|directory| directory.join("keys/seal.key")).filter(|file| file.exists());
        let Some(file) = self.seal_key.clone().or(own) else { return Ok(None) };
        let bytes = std::fs::read(&file).map_err(|error| unreadable(&file, &error))?;
        let key: [u8; 32] = bytes
            .try_into()
            .map_err(|_| Fault::failed(format!("{} is not a key of 32 bytes.", file.display())))?;
        Ok(Some(Seals { key: SealKey::from_bytes(key), origins: Vec::new() }))
    }
}

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> Fault {
    Fault::failed(format!("{} cannot be read: {error}.", path.display()))
}

fn judge<S: Source>(app: &App, source: &mut S, options: &Options<'_>, path: &Path) -> Outcome<Report> {
    let shown = std::io::stderr().is_terminal();
    let mut next = 0;
    let progress = |progress: Progress| {
        if shown && progress.entries >= next {
            next = progress.entries + 5_000;
            app.ui.data_err(
                format!("\r{} entries, {} findings ", progress.entries, progress.findings).as_bytes(),
            );
        }
    };
    let report = verify(source, options, progress).map_err(|error| unreadable(path, &error));
    if shown {
        app.ui.data_err(b"\r\x1b[K");
    }
    report
}

fn show(app: &App, report: &Report) {
    if app.ui.format == Format::Json {
        app.ui.json(&json!({ "holds": report.holds(), "report": report }));
        return;
    }
    app.ui.out(&format!("ledger   {}", report.ledger.as_deref().unwrap_or("(none)")));
    app.ui.out(&format!("entries  {}", report.size));
    app.ui.out(&format!("root     {}", report.root));
    let counts = &report.counts;
    app.ui.out(&format!(
        "judged   {}, {}, {}, {}",
        count_of(counts.requests, "request"),
        count_of(counts.votes, "vote"),
        count_of(counts.authorizations, "authorization"),
        count_of(counts.executions, "execution")
    ));
    let epochs: Vec<String> = report.epochs.iter().map(epoch).collect();
    section(app, "restored copies that were accepted", &epochs);
    section(app, "checked", &report.checked);
    section(app, "not provable", &report.unproven);
    if report.holds() {
        app.ui.out("\nNothing is wrong with what could be checked.");
        return;
    }
    let findings: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    section(app, "findings", &findings);
    if report.more_findings > 0 {
        app.ui.out(&format!("  and {} more", report.more_findings));
    }
    app.ui.out("\nThis copy is NOT as it should be.");
}

fn epoch(opened: &EpochOpening) -> String {
    let by = if opened.accepted.is_empty() { "the host".to_owned() } else { opened.accepted.join(", ") };
    format!("epoch {} from entry {}, accepted by {by}; lost: {}", opened.epoch, opened.seq, opened.lost)
}

fn count_of(number: u64, noun: &str) -> String {
    count(usize::try_from(number).unwrap_or(usize::MAX), noun)
}

fn section(app: &App, title: &str, lines: &[String]) {
    if !lines.is_empty() {
        app.ui.out(&format!("\n{title}:"));
        lines.iter().for_each(|line| app.ui.out(&format!("  {line}")));
    }
}
