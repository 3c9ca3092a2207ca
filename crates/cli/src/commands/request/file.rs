//! `countersign request file`

use std::io::{IsTerminal as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use countersign_ledger::hash::sha256;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::fault::{Fault, Outcome};
use crate::follow::Shown;
use crate::ui::Format;

#[derive(Debug, clap::Args)]
pub(crate) struct File {
    /// The request, such as R-1042
    number: String,
    /// The parameter that cites it, or the beginning of its SHA-256; not needed where there is one file only
    #[arg(value_name = "PARAMETER")]
    which: Option<String>,
    /// Write it to a new file instead of showing it
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

/// A file that a request cites.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Cited {
    pub(super) parameter: String,
    pub(super) sha256: String,
    /// In bytes.
    pub(super) size: u64,
}

impl File {
    pub(super) fn run(self, app: &App) -> Outcome {
        let client = app.client()?;
        let file = chosen(&cited(&client.request(&self.number)?), &self.number, self.which.as_deref())?;
        let content = client.request_file(&self.number, &file.sha256)?;
        let (bytes, text) = (&content.bytes, content.text());
        // What is decided on is the digest.
        if sha256(bytes).to_string() != file.sha256 {
            return Err(Fault::failed("The server sent another file than the one that the request cites."));
        }
        if let Some(path) = &self.to {
            write(path, bytes)?;
            app.ui.note(&format!("{} bytes, SHA-256 {}.", bytes.len(), file.sha256));
            return Ok(());
        }
        if app.ui.format == Format::Json {
            app.ui.json(&json!({
                "parameter": file.parameter, "sha256": file.sha256, "size": file.size, "text": text,
            }));
            return Ok(());
        }
        let terminal = std::io::stdout().is_terminal();
        if terminal && text.is_none() {
            return Err(Fault::failed(format!(
                "It is not text: {} bytes, SHA-256 {}.",
                file.size, file.sha256
            ))
            .hint(format!("countersign request file {} {} --to FILE", self.number, file.sha256)));
        }
        let mut shown = Shown::new(terminal);
        app.ui.data(&shown.show(bytes));
        app.ui.data(&shown.rest());
        Ok(())
    }
}

/// The files that the server says a request cites.
pub(super) fn cited(request: &Json) -> Vec<Cited> {
    let files = request.get("files").cloned().unwrap_or_default();
    serde_json::from_value(files).unwrap_or_default()
}

/// The one that is meant.
fn chosen(files: &[Cited], number: &str, which: Option<&str>) -> Outcome<Cited> {
    /// Fewer letters of a digest name nothing.
    const FEWEST: usize = 8;
    let meant = |file: &&Cited| match which {
        None => true,
        Some(which) => {
            let digest = which.len() >= FEWEST && file.sha256.starts_with(&which.to_ascii_lowercase());
            file.parameter.eq_ignore_ascii_case(which) || digest
        }
    };
    let found: Vec<&Cited> = files.iter().filter(meant).collect();
    match found.as_slice() {
        [] => Err(Fault::failed(format!("{number} cites no such file."))
            .hint(format!("countersign request show {number}"))),
        [first, rest @ ..] if rest.iter().all(|other| other.sha256 == first.sha256) => Ok((*first).clone()),
        several => {
            let names: Vec<String> =
                several.iter().map(|file| format!("{} {}", file.parameter, file.sha256)).collect();
            Err(Fault::usage(format!("{number} cites several files: {}.", names.join(", ")))
                .hint("name the one by the beginning of its SHA-256"))
        }
    }
}

/// Nothing that is there already is overwritten, and nobody else reads it.
fn write(path: &Path, bytes: &[u8]) -> Outcome {
    let failed = |error: std::io::Error| Fault::failed(format!("{}: {error}.", path.display()));
    let file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(bytes)).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_its_parameter_or_its_digest_and_by_nothing_if_it_is_the_only_one() {
        let file = |parameter: &str, digest: &str| json!({"parameter": parameter, "sha256": digest.repeat(32), "size": 3});
        let request = json!({"files": [file("File", "ab"), file("File", "cd"), file("Data", "cd")]});
        let files = cited(&request);
        assert_eq!(files.len(), 3);
        let digest = |which: Option<&str>| chosen(&files, "R-7", which).map(|file| file.sha256);
        assert_eq!(digest(Some("data")).unwrap(), "cd".repeat(32));
        assert_eq!(digest(Some("ABABABAB")).unwrap(), "ab".repeat(32));
        assert_eq!(digest(Some("cdcdcdcd")).unwrap(), "cd".repeat(32), "the same twice is one");
        for none in [None, Some("File"), Some("ab"), Some("Other"), Some("")] {
            assert!(digest(none).is_err(), "{none:?}");
        }
        assert_eq!(chosen(&files[..1], "R-7", None).unwrap(), files[0]);
        assert_eq!(cited(&json!({"files": null})), []);
        assert!(chosen(&[], "R-7", None).is_err());
    }
}
