//! A copy of a ledger as a directory of plain files, for auditors.
//!
//! ```text
//! entries.jsonl    one entry a line, the exact bytes of the leaf (canonical JSON has no line feeds)
//! batches.jsonl    {"first_seq":0,"size":3,"root":"<hex>","frontier":"<hex>","seal":"<hex>"}; optional
//! sealed.jsonl     {"commitment":"<hex>","salt":"<hex>","value":"<canonical JSON as text>"}; optional
//! tile/0/000 …     full tiles by their C2SP path; optional
//! ```

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufRead, BufReader, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use countersign_ledger::{
    Digest, MAX_ENTRY,
    seal::Seal,
    tile::{Tile, TilePath, WIDTH},
};
use serde::Deserialize;

use crate::{Holds, Source, StoredBatch, StoredEntry, StoredValue};

/// No line of an export is longer: an entry, or a value with its JSON escapes.
const MAX_LINE: u64 = 8 << 20;

/// A directory that holds an export. Keeps 40 bytes in memory for each value beside the ledger.
#[derive(Debug)]
pub struct Export {
    directory: PathBuf,
    entries: Lines,
    batches: Option<Lines>,
    sealed: Option<BufReader<File>>,
    /// Where in `sealed.jsonl` each value stands.
    places: BTreeMap<Digest, u64>,
}

/// Why an export could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The file system says no.
    #[error("cannot read `{0}`")]
    Io(PathBuf, #[source] io::Error),
    /// A line that is not what the file holds.
    #[error("`{0}`, line {1}: {2}")]
    Line(PathBuf, u64, String),
}

impl Export {
    /// Opens an export. Values are indexed by what they claim to open; nothing is checked yet.
    ///
    /// # Errors
    /// When a file cannot be read, or a line of `sealed.jsonl` is not a value.
    pub fn open(directory: &Path) -> Result<Self, ExportError> {
        let entries = Lines::open(directory.join("entries.jsonl"))?;
        let optional = |name: &str| {
            let path = directory.join(name);
            if path.exists() { Lines::open(path).map(Some) } else { Ok(None) }
        };
        let batches = optional("batches.jsonl")?;
        let mut places = BTreeMap::new();
        let mut sealed = None;
        if let Some(mut lines) = optional("sealed.jsonl")? {
            loop {
                let place = lines.place;
                let Some(line) = lines.next()? else { break };
                let value: ValueLine = lines.parse(&line)?;
                places.insert(value.commitment, place);
            }
            sealed = Some(lines.reader);
        }
        Ok(Self { directory: directory.to_owned(), entries, batches, sealed, places })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BatchLine {
    first_seq: u64,
    size: u64,
    root: Digest,
    #[serde(deserialize_with = "hex_bytes")]
    frontier: Vec<u8>,
    #[serde(default)]
    seal: Option<Seal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ValueLine {
    commitment: Digest,
    #[serde(deserialize_with = "hex_bytes")]
    salt: Vec<u8>,
    value: String,
}

fn hex_bytes<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let digit = |c: &u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    let bytes: Option<Vec<u8>> =
        pairs.iter().map(|[high, low]| Some(digit(high)? << 4 | digit(low)?)).collect();
    bytes
        .filter(|_| rest.is_empty())
        .ok_or_else(|| serde::de::Error::custom("expected lower-case hexadecimal digits"))
}

/// Lines of a file, one at a time.
#[derive(Debug)]
struct Lines {
    path: PathBuf,
    reader: BufReader<File>,
    read: u64,
    place: u64,
}

impl Lines {
    fn open(path: PathBuf) -> Result<Self, ExportError> {
        match File::open(&path) {
            Ok(file) => Ok(Self { path, reader: BufReader::new(file), read: 0, place: 0 }),
            Err(error) => Err(ExportError::Io(path, error)),
        }
    }

    fn next(&mut self) -> Result<Option<Vec<u8>>, ExportError> {
        let line = read_line(&mut self.reader).map_err(|error| ExportError::Io(self.path.clone(), error))?;
        self.place += line.len() as u64;
        self.read += 1;
        Ok(Some(line).filter(|line| !line.is_empty()).map(trimmed))
    }

    fn parse<T: for<'de> Deserialize<'de>>(&self, line: &[u8]) -> Result<T, ExportError> {
        serde_json::from_slice(line)
            .map_err(|error| ExportError::Line(self.path.clone(), self.read, error.to_string()))
    }
}

/// Reads a line of bounded length, its line feed included; empty at the end of the file.
fn read_line(reader: &mut BufReader<File>) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    let read = io::Read::take(&mut *reader, MAX_LINE).read_until(b'\n', &mut line)?;
    if read as u64 == MAX_LINE {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a line is too long"));
    }
    Ok(line)
}

fn trimmed(mut line: Vec<u8>) -> Vec<u8> {
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    line
}

impl Source for Export {
    type Error = ExportError;

    fn holds(&self) -> Holds {
        Holds {
            batches: self.batches.is_some(),
            tiles: self.directory.join("tile").is_dir(),
            sealed: self.sealed.is_some(),
        }
    }

    fn entries(&mut self, _: u64, limit: usize) -> Result<Vec<StoredEntry>, ExportError> {
        let mut page = Vec::new();
        let mut bytes = 0;
        while page.len() < limit && bytes < 64 * MAX_ENTRY {
            let position = self.entries.read;
            let Some(line) = self.entries.next()? else { break };
            bytes += line.len();
            page.push(StoredEntry { position, bytes: line });
        }
        Ok(page)
    }

    fn batches(&mut self, _: u64, limit: usize) -> Result<Vec<StoredBatch>, ExportError> {
        let Some(lines) = &mut self.batches else { return Ok(Vec::new()) };
        let mut page = Vec::new();
        while page.len() < limit {
            let Some(line) = lines.next()? else { break };
            let BatchLine { first_seq, size, root, frontier, seal } = lines.parse(&line)?;
            page.push(StoredBatch { first_seq, size, root, frontier, seal });
        }
        Ok(page)
    }

    fn sealed(&mut self, commitments: &[Digest]) -> Result<Vec<StoredValue>, ExportError> {
        let path = || self.directory.join("sealed.jsonl");
        let Some(reader) = &mut self.sealed else { return Ok(Vec::new()) };
        let mut values = Vec::new();
        for place in commitments.iter().filter_map(|commitment| self.places.get(commitment)) {
            let io = |error| ExportError::Io(path(), error);
            reader.seek(SeekFrom::Start(*place)).map_err(io)?;
            let line = trimmed(read_line(reader).map_err(io)?);
            let ValueLine { commitment, salt, value } = serde_json::from_slice(&line)
                .map_err(|error| ExportError::Line(path(), 0, error.to_string()))?;
            values.push(StoredValue { commitment, salt, value: value.into_bytes() });
        }
        Ok(values)
    }

    fn tile(&mut self, level: u8, index: u64) -> Result<Option<Vec<u8>>, ExportError> {
        let Ok(tile) = Tile::new(level, index, WIDTH) else { return Ok(None) };
        let path = self.directory.join(TilePath::Hashes(tile).to_string());
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ExportError::Io(path, error)),
        }
    }
}
