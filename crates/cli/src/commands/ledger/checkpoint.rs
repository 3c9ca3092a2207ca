//! `countersign ledger checkpoint`

use crate::app::App;
use crate::fault::Outcome;

pub(super) fn run(app: &App) -> Outcome {
    let client = app.client().or_else(|_| app.anonymous())?;
    app.ui.data(client.checkpoint()?.as_bytes());
    Ok(())
}
