//! `countersign store rebuild`

use std::io::IsTerminal as _;

use serde_json::json;

use crate::app::App;
use crate::exit::Exit;
use crate::fault::{Fault, Outcome};
use crate::host::settings::ConfigArgs;

pub(super) fn run(app: &App, args: &ConfigArgs) -> Outcome {
    let config = args.load()?;
    let failed = |error: countersign_store::Error| Fault::failed(format!("{error}."));
    let mut opened = countersign_store::sqlite::open(&config.data_dir).map_err(failed)?;
    let shown = std::io::stderr().is_terminal();
    let mut progress = |entries: u64| {
        if shown && entries.is_multiple_of(5_000) {
            app.ui.data_err(format!("\r{entries} entries ").as_bytes());
        }
    };
    let rebuilt = opened.store.rebuild(&mut progress).map_err(failed)?;
    let json = json!({ "entries": rebuilt.entries, "differed": rebuilt.differed });
    if rebuilt.differed.is_empty() {
        app.ui.done(&format!("{} entries read; every table was as the ledger says.", rebuilt.entries), &json);
        return Ok(());
    }
    let text = format!(
        "{} entries read; these tables were NOT as the ledger says: {}. They are now.",
        rebuilt.entries,
        rebuilt.differed.join(", ")
    );
    app.ui.done(&text, &json);
    Err(Fault::Exit(Exit::Failed))
}
