//! The runner's side of the template, and the few bytes between the two: one byte and three descriptors ask, the
//! fork's number and a descriptor of it answer.

use std::io::{self, IoSlice, IoSliceMut, Read as _};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command};

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags,
};
use rustix::process::{Pid, Signal};

use super::Stage;
use super::wire::{self, Readable};

/// A template that runs. It ends with the thread that started it, and when this is dropped; so does all that it forked.
#[derive(Debug)]
pub struct Template {
    socket: UnixStream,
    child: Child,
}

impl Template {
    /// Starts `command`, which must lead to [`main`](super::main). The calling thread has to outlive every execution.
    ///
    /// # Errors
    /// If it can't be started.
    pub fn start(mut command: Command) -> io::Result<Self> {
        let (socket, theirs) = UnixStream::pair()?;
        let child = command
            .stdin(OwnedFd::from(theirs))
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()?;
        Ok(Self { socket, child })
    }

    /// Its number among this process's children.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Has it fork. Nothing is run before something is sent on `control`, so that after an error this may be asked of
    /// another template.
    ///
    /// # Errors
    /// If it is gone, or no process is to be had.
    pub fn fork(
        &self,
        stage: Stage,
        control: BorrowedFd<'_>,
        stdout: BorrowedFd<'_>,
        stderr: BorrowedFd<'_>,
    ) -> io::Result<Init> {
        let files = [control, stdout, stderr];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(3))];
        let mut buffer = SendAncillaryBuffer::new(&mut space);
        if !buffer.push(SendAncillaryMessage::ScmRights(&files)) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let byte = [stage.byte()];
        rustix::net::sendmsg(&self.socket, &[IoSlice::new(&byte)], &mut buffer, SendFlags::NOSIGNAL)?;
        receive_answer(&self.socket)
    }

    /// Ends it and waits for that.
    pub fn end(mut self) {
        let _ = self.socket.shutdown(std::net::Shutdown::Both);
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first process of one execution.
#[derive(Debug)]
pub struct Init {
    id: u32,
    handle: OwnedFd,
}

impl Init {
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Kills it, if it is not gone. The number is not used for it: another process may have it by now.
    pub fn kill(&self) {
        let _ = rustix::process::pidfd_send_signal(&self.handle, Signal::KILL);
    }

    /// Waits for its end, for at most `millis` milliseconds.
    pub fn wait(&self, millis: u32) -> Standing {
        match wire::readable(&self.handle, millis) {
            Ok(Readable::Now) => Standing::Gone,
            Ok(Readable::NotYet) | Err(_) => Standing::There,
        }
    }
}

/// Whether an init was seen to have ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Gone,
    There,
}

/// What was asked of the template.
pub(super) struct Asked {
    pub(super) stage: Stage,
    pub(super) control: OwnedFd,
    pub(super) stdout: OwnedFd,
    pub(super) stderr: OwnedFd,
}

/// The next thing asked; `None` at the end of the socket.
pub(super) fn receive(runner: &UnixStream) -> io::Result<Option<Asked>> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(3))];
    let mut buffer = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    let got = received(runner, &mut byte, &mut buffer)?;
    if got == 0 {
        return Ok(None);
    }
    let mut files = descriptors(&mut buffer).into_iter();
    let [byte] = byte;
    match (Stage::of(byte), files.next(), files.next(), files.next()) {
        (Some(stage), Some(control), Some(stdout), Some(stderr)) => {
            Ok(Some(Asked { stage, control, stdout, stderr }))
        }
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// Tells the runner of a fork.
pub(super) fn answer(runner: &UnixStream, child: Pid, handle: BorrowedFd<'_>) -> io::Result<()> {
    let files = [handle];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut buffer = SendAncillaryBuffer::new(&mut space);
    if !buffer.push(SendAncillaryMessage::ScmRights(&files)) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let number = child.as_raw_nonzero().get().to_be_bytes();
    rustix::net::sendmsg(runner, &[IoSlice::new(&number)], &mut buffer, SendFlags::NOSIGNAL)?;
    Ok(())
}

/// What is written where there is no fork: the error's number, and no descriptor.
pub(super) fn none(error: &io::Error) -> [u8; 4] {
    error.raw_os_error().unwrap_or(rustix::io::Errno::AGAIN.raw_os_error()).to_be_bytes()
}

fn receive_answer(template: &UnixStream) -> io::Result<Init> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut buffer = RecvAncillaryBuffer::new(&mut space);
    let mut number = [0; 4];
    let got = received(template, &mut number, &mut buffer)?;
    if got == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    (&mut &*template).read_exact(number.get_mut(got..).unwrap_or_default())?;
    let number = i32::from_be_bytes(number);
    match (descriptors(&mut buffer).into_iter().next(), u32::try_from(number)) {
        (Some(handle), Ok(id)) => Ok(Init { id, handle }),
        _ => Err(io::Error::from_raw_os_error(number)),
    }
}

fn received(socket: &impl AsFd, bytes: &mut [u8], buffer: &mut RecvAncillaryBuffer<'_>) -> io::Result<usize> {
    let mut into = [IoSliceMut::new(bytes)];
    Ok(rustix::net::recvmsg(socket, &mut into, buffer, RecvFlags::CMSG_CLOEXEC)?.bytes)
}

fn descriptors(buffer: &mut RecvAncillaryBuffer<'_>) -> Vec<OwnedFd> {
    let files = buffer.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(files) => Some(files),
        _ => None,
    });
    files.flatten().collect()
}
