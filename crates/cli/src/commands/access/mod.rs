//! Privileged access as a whole.

mod disable;
mod enable;
mod set;

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Show whether it is on, and what is wrong
    Status,
    /// Put approval policies into force; ends set-up
    Enable(enable::Enable),
    /// Take approval policies out of force
    Disable(disable::Disable),
    /// Change ceilings and defaults
    Set(set::Set),
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        match self {
            Self::Status => status(app),
            Self::Enable(enable) => enable.run(app),
            Self::Disable(disable) => disable.run(app),
            Self::Set(set) => set.run(app),
        }
    }
}

/// Shows the organization.
pub(crate) fn status(app: &App) -> Outcome {
    app.ui.object(&app.client()?.single("organization")?);
    Ok(())
}
