//! Logs: lines for people in a journal, or JSON for programs. They never hold secrets: bodies and query strings are not
//! logged, and every secret's type hides itself.

use std::str::FromStr;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

/// How lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Words for people; the journal adds the time.
    #[default]
    Journal,
    /// One JSON object a line, with the time.
    Json,
}

/// A word that is no format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the format of logs is `journal` or `json`")]
pub struct FormatFault;

impl FromStr for Format {
    type Err = FormatFault;

    fn from_str(text: &str) -> Result<Self, FormatFault> {
        match text {
            "journal" => Ok(Self::Journal),
            "json" => Ok(Self::Json),
            _ => Err(FormatFault),
        }
    }
}

/// Sends the process's logs to standard error. `filter` as in `RUST_LOG`; none means `info`. Does nothing if logs go
/// somewhere already.
pub fn start(format: Format, filter: Option<&str>) {
    let filter = EnvFilter::try_new(filter.unwrap_or("info")).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = match format {
        Format::Journal => builder.with_ansi(false).without_time().with_target(false).try_init(),
        Format::Json => builder.json().flatten_event(true).try_init(),
    };
}
