//! `countersign catalog test`

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::json;

use crate::act::count;
use crate::app::App;
use crate::exit::Exit;
use crate::fault::{Fault, Outcome};

#[derive(Debug, clap::Args)]
pub(crate) struct Test {
    /// The pack's directory
    directory: PathBuf,
}

impl Test {
    /// Makes what each example would send. Nothing is sent.
    pub(super) fn run(self, app: &App) -> Outcome {
        let pack = super::read(app, &self.directory)?;
        let faults = pack.test();
        for fault in &faults {
            app.ui.note(&format!("{}/{fault}", self.directory.display()));
        }
        if !faults.is_empty() {
            return Err(Fault::Exit(Exit::Failed));
        }
        let shown: BTreeSet<_> = pack.examples().iter().map(|example| &example.task).collect();
        let without: Vec<String> = pack
            .definitions
            .tasks
            .keys()
            .filter(|task| !shown.contains(task))
            .map(ToString::to_string)
            .collect();
        if !without.is_empty() {
            app.ui.note(&format!("without an example: {}", without.join(", ")));
        }
        let examples = pack.examples().len();
        let name = &pack.manifest.name;
        let sentence = format!("{name}: {} as written; nothing was sent.", count(examples, "example"));
        app.ui.done(&sentence, &json!({ "name": name, "examples": examples, "without": without }));
        Ok(())
    }
}
