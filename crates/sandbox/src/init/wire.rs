//! Frames between runner, init and target stage: a length of four bytes, most significant first, then that many bytes.

use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::program::Form;

/// A work order's standard input is the largest thing sent here.
const MAX_FRAME: u32 = 16 * 1024 * 1024;

/// A frame that the runner sends after the specification and the standard input: end what runs.
pub const STOP: &[u8] = b"stop";

/// The other one: what runs may go on until this instant, in nanoseconds since boot.
#[must_use]
pub fn until(deadline: u64) -> Vec<u8> {
    [UNTIL, &deadline.to_be_bytes()].concat()
}

/// Reads what [`until`] wrote.
pub(super) fn read_until(frame: &[u8]) -> Option<u64> {
    let deadline = frame.strip_prefix(UNTIL)?;
    Some(u64::from_be_bytes(deadline.try_into().ok()?))
}

const UNTIL: &[u8] = b"until";

/// Writes one frame.
///
/// # Errors
/// Of the stream, or if the frame is too large.
pub fn write(stream: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).ok().filter(|length| *length <= MAX_FRAME);
    let length = length.ok_or(io::ErrorKind::InvalidInput)?;
    stream.write_all(&length.to_be_bytes())?;
    stream.write_all(bytes)
}

/// Reads one frame; `None` at the end of the stream.
///
/// # Errors
/// Of the stream; a frame that is too large or cut short.
pub fn read(stream: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match stream.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u32::from_be_bytes(length);
    if length > MAX_FRAME {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
    stream.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}

/// Sends an open program, ahead of everything else. The descriptor itself travels (`SCM_RIGHTS`, unix(7)), because only
/// the runner can judge who owns a file: inside a user namespace every foreign owner looks the same.
///
/// # Errors
/// Of sendmsg(2).
pub fn send_program(stream: &UnixStream, file: &File, form: Form) -> io::Result<()> {
    let files = [file.as_fd()];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !control.push(SendAncillaryMessage::ScmRights(&files)) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let byte = match form {
        Form::Binary => b'b',
        Form::Script => b's',
    };
    rustix::net::sendmsg(stream, &[IoSlice::new(&[byte])], &mut control, SendFlags::NOSIGNAL)?;
    Ok(())
}

/// Receives an open program.
///
/// # Errors
/// Of recvmsg(2), or if something else was sent.
pub fn receive_program(stream: &UnixStream) -> io::Result<(File, Form)> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    rustix::net::recvmsg(stream, &mut [IoSliceMut::new(&mut byte)], &mut control, RecvFlags::CMSG_CLOEXEC)?;
    let mut files = control.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(files) => Some(files),
        _ => None,
    });
    let file = files.next().and_then(|mut files| files.next());
    match (file, byte) {
        (Some(file), [b'b']) => Ok((file.into(), Form::Binary)),
        (Some(file), [b's']) => Ok((file.into(), Form::Script)),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// Waits until there is something to read, or the end, for at most `millis` milliseconds.
///
/// # Errors
/// Of poll(2).
pub fn readable(stream: &impl AsFd, millis: u32) -> io::Result<Readable> {
    let mut fds = [PollFd::new(stream, PollFlags::IN)];
    let timeout =
        Timespec { tv_sec: i64::from(millis / 1000), tv_nsec: i64::from(millis % 1000) * 1_000_000 };
    match rustix::event::poll(&mut fds, Some(&timeout)) {
        Ok(0) | Err(rustix::io::Errno::INTR) => Ok(Readable::NotYet),
        Ok(_) => Ok(Readable::Now),
        Err(error) => Err(error.into()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readable {
    Now,
    NotYet,
}

/// Writes a value as one JSON frame.
///
/// # Errors
/// As [`write()`].
pub fn send(stream: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    write(stream, &serde_json::to_vec(value)?)
}

/// Reads a value from one JSON frame; `None` at the end of the stream.
///
/// # Errors
/// As [`read`]; a frame that is not the JSON of a `T`.
pub fn receive<T: DeserializeOwned>(stream: &mut impl Read) -> io::Result<Option<T>> {
    read(stream)?.map(|bytes| serde_json::from_slice(&bytes).map_err(io::Error::from)).transpose()
}
