//! What an execution prints, as it prints it.

use std::io::{BufRead as _, BufReader, Read as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value as Json;
use ureq::BodyReader;

use crate::error::ClientError;
use crate::path::Path;
use crate::transport::Client;

/// No line of the stream is longer.
const MAX_LINE: u64 = 4 << 20;

/// Which of a program's streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Some bytes of output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// From where.
    pub stream: Stream,
    /// What.
    pub bytes: Vec<u8>,
}

/// One line of the stream.
#[derive(Debug, Clone, PartialEq)]
pub enum OutputLine {
    /// Output.
    Chunk(Chunk),
    /// The end, with the outcome as the server gives it; nothing follows.
    Outcome(Json),
    /// Something this client does not know.
    Other(Json),
}

/// The lines of an execution's output. Ends after the outcome; an end without one is an error.
pub struct Output {
    lines: BufReader<BodyReader<'static>>,
    path: String,
    over: bool,
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Output").field("path", &self.path).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct ChunkLine {
    stream: Stream,
    data: String,
}

impl Client {
    /// The output of an execution from its beginning; follows it while it runs.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn output(&self, execution: &str) -> Result<Output, ClientError> {
        let path = Path::of("executions").segment(execution).segment("output").query("follow", "true");
        let body = self.get_stream(&path)?.into_body();
        let reader = body.into_with_config().limit(u64::MAX).reader();
        Ok(Output { lines: BufReader::new(reader), path: path.as_str().to_owned(), over: false })
    }
}

impl Output {
    fn read(&mut self) -> Result<Option<OutputLine>, ClientError> {
        loop {
            let mut line = Vec::new();
            let read = (&mut self.lines).take(MAX_LINE).read_until(b'\n', &mut line);
            let read = read.map_err(|error| self.unreadable(&error))?;
            if read as u64 == MAX_LINE {
                return Err(self.unreadable(&"a line is too long"));
            }
            if read == 0 {
                return Err(self.unreadable(&"it ended before the outcome"));
            }
            if line.iter().all(u8::is_ascii_whitespace) {
                // Sent to keep the connection alive.
                continue;
            }
            return self.parse(&line).map(Some);
        }
    }

    fn parse(&mut self, line: &[u8]) -> Result<OutputLine, ClientError> {
        let json: Json = serde_json::from_slice(line).map_err(|error| self.unreadable(&error))?;
        if json.get("stream").is_some() {
            let chunk: ChunkLine = serde_json::from_value(json).map_err(|error| self.unreadable(&error))?;
            let bytes = STANDARD.decode(&chunk.data).map_err(|error| self.unreadable(&error))?;
            return Ok(OutputLine::Chunk(Chunk { stream: chunk.stream, bytes }));
        }
        if json.get("outcome").is_some() {
            self.over = true;
            return Ok(OutputLine::Outcome(json));
        }
        Ok(OutputLine::Other(json))
    }

    fn unreadable(&self, why: &dyn std::fmt::Display) -> ClientError {
        ClientError::Answer { path: self.path.clone(), why: why.to_string() }
    }
}

impl Iterator for Output {
    type Item = Result<OutputLine, ClientError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let read = self.read();
        self.over |= read.is_err();
        read.transpose()
    }
}
