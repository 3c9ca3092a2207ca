//! `countersign ledger vkey`

use crate::app::App;
use crate::fault::Outcome;

pub(super) fn run(app: &App) -> Outcome {
    let client = app.client().or_else(|_| app.anonymous())?;
    app.ui.out(client.verifier_key()?.trim_end());
    Ok(())
}
