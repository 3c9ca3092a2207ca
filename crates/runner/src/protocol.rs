//! What server and runner say to each other: frames of a length (four bytes, most significant first, at most
//! [`MAX_FRAME`]) and that many bytes of JSON. Unknown and repeated fields are refused.
//!
//! The server begins with `hello` and is answered by `hello`; results that an earlier connection did not acknowledge
//! follow. From then on either side speaks when it has something to say.

use std::io::{self, Read, Write};
use std::path::PathBuf;

use countersign_runspace::{Event, ExecutionId, Health, StopReason, WorkOrder};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Both sides must have the same.
pub const VERSION: u32 = 3;
/// Bytes of one frame without its length.
pub const MAX_FRAME: usize = 1024 * 1024;

/// From the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ToRunner {
    Hello {
        version: u32,
        /** SHA-256 of the server's binary, lower-case hex. */
        digest: String,
    },
    Start(Box<WorkOrder>),
    Stop {
        execution: ExecutionId,
        reason: StopReason,
    },
    /// A running execution may go on until `deadline` (nanoseconds on the boot clock). An earlier one changes nothing.
    Extend {
        execution: ExecutionId,
        deadline: u64,
    },
    /// The end of this execution is durable at the server; the runner may forget it.
    Acknowledge {
        execution: ExecutionId,
    },
    /// Answered by `health`.
    Health {},
}

/// From the runner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FromRunner {
    Hello(Hello),
    Execution {
        execution: ExecutionId,
        event: Event,
    },
    Health(Box<RunnerHealth>),
    /// The connection ends after this.
    Refused {
        code: String,
        message: String,
    },
}

/// The runner's answer to a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    pub version: u32,
    /// SHA-256 of the runner's binary, lower-case hex.
    pub digest: String,
    pub separation: Separation,
    /// Executions that still end from an earlier connection; their results will follow.
    pub ending: Vec<ExecutionId>,
}

/// Whether the kernel keeps server and runner apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Separation {
    Separated,
    /// Both run as the same user, or the server as root: it could reach the runner's memory and files.
    Unseparated,
}

/// The runner's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunnerHealth {
    pub digest: String,
    pub uid: u32,
    pub separation: Separation,
    pub host_file: PathBuf,
    /// `None`: absent, so that nothing is allowed.
    pub host_file_sha256: Option<String>,
    pub running: Vec<ExecutionId>,
    /// Results that the server has not acknowledged.
    pub unacknowledged: u64,
    pub runspaces: Vec<Health>,
    /// Sentences for an administrator. Empty is good.
    pub notes: Vec<String>,
}

/// What is wrong with a frame.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("a frame of {0} bytes; at most {MAX_FRAME} are allowed")]
    TooLarge(usize),
    #[error("not a frame of this protocol: {0}")]
    Malformed(String),
}

/// Encodes a frame with its length.
///
/// # Errors
/// If it is too large.
pub fn encode(frame: &impl Serialize) -> Result<Vec<u8>, FrameError> {
    let json = serde_json::to_vec(frame).map_err(|e| FrameError::Malformed(e.to_string()))?;
    let length = u32::try_from(json.len()).ok().filter(|_| json.len() <= MAX_FRAME);
    let mut bytes = length.ok_or(FrameError::TooLarge(json.len()))?.to_be_bytes().to_vec();
    bytes.extend(json);
    Ok(bytes)
}

/// Decodes a frame without its length.
///
/// # Errors
/// If it is not exactly the JSON of a `T`.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, FrameError> {
    serde_json::from_slice(bytes).map_err(|e| FrameError::Malformed(e.to_string()))
}

/// Checks a length that was read.
///
/// # Errors
/// If it is larger than a frame may be. Nothing is allocated before.
pub fn length(bytes: [u8; 4]) -> Result<usize, FrameError> {
    let length = usize::try_from(u32::from_be_bytes(bytes)).unwrap_or(usize::MAX);
    if length > MAX_FRAME { Err(FrameError::TooLarge(length)) } else { Ok(length) }
}

/// Reads one frame; `None` if the stream ended before it.
///
/// # Errors
/// Of the stream; a frame that is too large, cut short or malformed.
pub fn read<T: DeserializeOwned>(stream: &mut impl Read) -> Result<Option<T>, FrameError> {
    let mut head = [0; 4];
    let mut have = 0;
    while have < head.len() {
        match stream.read(head.get_mut(have..).unwrap_or_default()) {
            Ok(0) if have == 0 => return Ok(None),
            Ok(0) => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
            Ok(read) => have += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    let mut bytes = vec![0; length(head)?];
    stream.read_exact(&mut bytes)?;
    decode(&bytes).map(Some)
}

/// Writes one frame.
///
/// # Errors
/// Of the stream, or if the frame is too large.
pub fn write(stream: &mut impl Write, frame: &impl Serialize) -> Result<(), FrameError> {
    Ok(stream.write_all(&encode(frame)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_bytes(bytes: &[u8]) -> Result<Option<ToRunner>, FrameError> {
        read(&mut &*bytes)
    }

    fn framed(json: &str) -> Vec<u8> {
        let mut bytes = u32::try_from(json.len()).expect("short").to_be_bytes().to_vec();
        bytes.extend(json.as_bytes());
        bytes
    }

    #[test]
    fn a_frame_survives_the_way() {
        let hello = ToRunner::Hello { version: 1, digest: "d".to_owned() };
        assert_eq!(read_bytes(&encode(&hello).expect("encode")).expect("read"), Some(hello));
        assert_eq!(read_bytes(&[]).expect("end"), None);
    }

    #[test]
    fn garbage_is_refused_without_a_panic_or_an_allocation() {
        assert!(matches!(read_bytes(&[0xff; 4]), Err(FrameError::TooLarge(_))));
        assert!(matches!(read_bytes(&[0, 0]), Err(FrameError::Io(_))));
        assert!(matches!(read_bytes(&[0, 0, 0, 9, b'{']), Err(FrameError::Io(_))));
        for json in [
            "",
            "{}",
            "null",
            "[]",
            r#"{"hello":{"version":1}}"#,
            r#"{"hello":{"version":1,"digest":"d","x":1}}"#,
            r#"{"hello":{"version":1,"version":1,"digest":"d"}}"#,
            r#"{"stop":{"execution":"../x","reason":"r"}}"#,
            r#"{"health":{"x":1}}"#,
            "\u{0}",
            r#"{"reboot":{}}"#,
            &"[".repeat(100_000),
        ] {
            assert!(matches!(read_bytes(&framed(json)), Err(FrameError::Malformed(_))), "{json:.60}");
        }
    }
}
