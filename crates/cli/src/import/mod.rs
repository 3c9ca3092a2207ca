//! Importing people and groups from CSV: what a file says, compared with what is there, as acts that are still to do.
//!
//! Every act is a gated task of its own and is recorded as one. An import that was refused in the middle is sent again:
//! what is there already is left alone.

pub(crate) mod sheet;

use std::path::PathBuf;

use serde_json::json;

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::{Fault, Outcome};
use crate::raise::RaiseArgs;

/// Options of every import.
#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// A CSV file with a line of column names
    pub(crate) file: PathBuf,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    raise: RaiseArgs,
}

/// What a line comes to.
#[derive(Debug)]
pub(crate) enum Step {
    /// A task of Countersign's own.
    Run { task: &'static str, parameters: Parameters },
    /// It stands as the file has it.
    Present,
    /// It stands otherwise; an import changes nothing that is there.
    Differs(String),
}

/// A line of the file, and what it comes to.
#[derive(Debug)]
pub(crate) struct Planned {
    /// Counted from one; the names of the columns are line 1.
    pub(crate) line: u64,
    /// Whom or what it is about.
    pub(crate) about: String,
    pub(crate) step: Step,
}

impl Planned {
    fn says(&self) -> String {
        match &self.step {
            Step::Run { task, .. } => (*task).to_owned(),
            Step::Present => "is there already".to_owned(),
            Step::Differs(how) => format!("left alone: {how}"),
        }
    }
}

/// Shows the plan and, unless it is a dry run, carries it out in order up to the first refusal.
pub(crate) fn carry_out(app: &App, plan: &[Planned], args: &ImportArgs) -> Outcome {
    let rows: Vec<_> = plan
        .iter()
        .map(|planned| json!({ "line": planned.line, "about": planned.about, "act": planned.says() }))
        .collect();
    if args.dry_run {
        app.ui.rows(&[("Line", "line"), ("About", "about"), ("Act", "act")], &rows);
        return Ok(());
    }
    let acts = plan.iter().filter(|planned| matches!(planned.step, Step::Run { .. })).count();
    let mut done = 0_usize;
    for planned in plan {
        let Step::Run { task, parameters } = &planned.step else {
            app.ui.note(&format!("line {}: {} {}.", planned.line, planned.about, planned.says()));
            continue;
        };
        let sentence = format!("line {}: {} by {task}.", planned.line, planned.about);
        if let Err(fault) = act::own(app, task, parameters, &args.raise, &sentence) {
            app.ui.note(&format!("Stopped at line {}: {done} of {acts} acts are done.", planned.line));
            app.ui.hint(Some("import the same file again to go on; what is there already is left alone"));
            return Err(fault);
        }
        done += 1;
    }
    app.ui.note(&format!("{} carried out.", act::count(done, "act")));
    Ok(())
}

/// Every fault of a file at once, so that it is mended in one go.
pub(crate) fn faults(file: &std::path::Path, faults: &[(u64, String)]) -> Outcome {
    if faults.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> =
        faults.iter().map(|(line, what)| format!("{}:{line}: {what}", file.display())).collect();
    Err(Fault::usage(format!("{}\nNothing was done.", lines.join("\n"))))
}
