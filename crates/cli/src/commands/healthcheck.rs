//! `countersign healthcheck`

use crate::app::App;
use crate::fault::Outcome;

pub(super) fn run(app: &App) -> Outcome {
    app.anonymous()?.ready()?;
    app.ui.note("The server serves.");
    Ok(())
}
