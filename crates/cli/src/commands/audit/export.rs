//! `countersign audit export`

use std::io::Read as _;

use crate::app::App;
use crate::fault::{Fault, Outcome};

#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    #[command(flatten)]
    filter: super::Filter,
    /// Lines of JSON, a table for spreadsheets, or the columns of Microsoft's audit search
    #[arg(long, value_name = "FORM", value_parser = ["jsonl", "csv", "purview"], default_value = "jsonl")]
    format: String,
}

impl Export {
    pub(super) fn run(self, app: &App) -> Outcome {
        let query = self.filter.query(app)?.with("format", self.format);
        let mut body = app.client()?.export(&query)?;
        let mut buffer = vec![0_u8; 64 * 1024];
        let mut total: u64 = 0;
        loop {
            let read = body.read(&mut buffer).map_err(|error| {
                Fault::failed(format!("The export broke off after {total} bytes: {error}."))
                    .hint("it is not complete; export again")
            })?;
            if read == 0 {
                break;
            }
            total += read as u64;
            app.ui.data(buffer.get(..read).unwrap_or_default());
        }
        app.ui.note(&format!("{total} bytes."));
        Ok(())
    }
}
