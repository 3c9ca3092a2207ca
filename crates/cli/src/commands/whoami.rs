//! `countersign whoami`

use crate::app::App;
use crate::fault::Outcome;

pub(super) fn run(app: &App) -> Outcome {
    app.ui.object(&app.client()?.me()?);
    Ok(())
}
