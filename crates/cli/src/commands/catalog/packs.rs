//! `countersign catalog packs`

use countersign_pack::Shipped;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Args)]
pub(crate) struct Packs {}

impl Packs {
    #[expect(clippy::unnecessary_wraps, reason = "every command has the same shape")]
    pub(super) fn run(self, app: &App) -> Outcome {
        let packs: Vec<Json> =
            Shipped::ALL.iter().map(|pack| json!({ "name": pack.name(), "title": pack.title() })).collect();
        app.ui.rows(&[("Pack", "name"), ("For", "title")], &packs);
        Ok(())
    }
}
