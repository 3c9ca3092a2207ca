//! `countersign catalog export`

use std::path::{Path, PathBuf};

use countersign_pack::Shipped;
use serde_json::json;

use crate::act::count;
use crate::app::App;
use crate::fault::{Fault, Outcome};

#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// The pack's name: `countersign catalog packs` lists them
    pack: String,
    /// Where to; a new directory of the pack's name unless given
    directory: Option<PathBuf>,
}

impl Export {
    pub(super) fn run(self, app: &App) -> Outcome {
        let Some(pack) = Shipped::find(&self.pack) else {
            return Err(
                Fault::usage(format!("No pack is called `{}`.", self.pack)).hint("countersign catalog packs")
            );
        };
        let directory = self.directory.unwrap_or_else(|| PathBuf::from(pack.name()));
        write(pack, &directory)
            .map_err(|error| Fault::failed(format!("{}: {error}", directory.display())))?;
        let files = pack.files().count();
        let sentence = format!("{}: {} written.", directory.display(), count(files, "file"));
        app.ui.done(&sentence, &json!({ "directory": directory, "files": files }));
        Ok(())
    }
}

/// Into a new directory only: a pack that somebody changed is not overwritten.
fn write(pack: &Shipped, directory: &Path) -> std::io::Result<()> {
    if let Some(parent) = directory.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::create_dir(directory)?;
    for (path, text) in pack.files() {
        let path = directory.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(())
}
