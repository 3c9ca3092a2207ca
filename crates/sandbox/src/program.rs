//! Opening a program so that what was checked is what runs.
//!
//! The path is walked one component at a time, each by descriptor, and each directory, link and the file itself must
//! belong to a trusted user and be writable by nobody else. So no untrusted user can exchange anything between the
//! check and the execution, which goes through the same descriptor.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read as _;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat};
use sha2::{Digest as _, Sha256};

/// As many links as the kernel itself follows (path_resolution(7)).
const MAX_LINKS: usize = 40;

/// An open file together with the path it really has.
#[derive(Debug)]
pub struct Opened {
    pub file: File,
    pub real_path: PathBuf,
}

/// Why a file is not run or not believed.
#[derive(Debug, thiserror::Error)]
pub enum Untrusted {
    #[error("{0}: the path must be absolute")]
    Relative(PathBuf),
    #[error("{path}: {source}")]
    Missing { path: PathBuf, source: std::io::Error },
    #[error("{path}: belongs to user {uid}, who may not own it")]
    Owner { path: PathBuf, uid: u32 },
    #[error("{path}: others than its owner may write to it (mode {mode:04o})")]
    Writable { path: PathBuf, mode: u32 },
    #[error("{0}: not a regular file")]
    NotAFile(PathBuf),
    #[error("{0}: too many symbolic links")]
    Links(PathBuf),
    #[error("{path}: its SHA-256 is {found}, pinned is {pinned}")]
    Digest { path: PathBuf, found: String, pinned: String },
    #[error("{real} is not below a directory that the host file allows")]
    Directory { real: PathBuf },
    #[error("{0}: the interpreter named in its first line is not an absolute path")]
    Interpreter(PathBuf),
}

impl Untrusted {
    /// Stable code of the refusal.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "program_missing",
            Self::Digest { .. } => "program_digest_mismatch",
            Self::Directory { .. } => "program_directory_not_allowed",
            Self::Relative(_)
            | Self::Owner { .. }
            | Self::Writable { .. }
            | Self::NotAFile(_)
            | Self::Links(_)
            | Self::Interpreter(_) => "program_untrusted",
        }
    }
}

/// Opens `path` for reading. `owners` are the users that may own it and everything on the way to it.
///
/// # Errors
/// Names the component that is missing or that somebody else could change.
pub fn open_trusted(path: &Path, owners: &[u32]) -> Result<Opened, Untrusted> {
    if !path.is_absolute() {
        return Err(Untrusted::Relative(path.to_owned()));
    }
    let root = rustix::fs::open("/", OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
        .map_err(|e| missing(Path::new("/"), e))?;
    check(&stat(&root, Path::new("/"))?, Path::new("/"), owners)?;

    let mut walked: Vec<(OwnedFd, OsString)> = Vec::new();
    let mut pending: VecDeque<OsString> = names(path).collect();
    let mut links = 0;
    while let Some(name) = pending.pop_front() {
        if name == ".." {
            walked.pop();
            continue;
        }
        let here = walked.last().map_or(root.as_fd(), |(fd, _)| fd.as_fd());
        let at = real_path(&walked, Some(&name));
        let found =
            rustix::fs::statat(here, &name, AtFlags::SYMLINK_NOFOLLOW).map_err(|e| missing(&at, e))?;
        match FileType::from_raw_mode(found.st_mode) {
            FileType::Symlink => {
                links += 1;
                if links > MAX_LINKS {
                    return Err(Untrusted::Links(path.to_owned()));
                }
                owned(&found, &at, owners)?;
                let to = rustix::fs::readlinkat(here, &name, Vec::new()).map_err(|e| missing(&at, e))?;
                let to = PathBuf::from(OsString::from_vec(to.into_bytes()));
                if to.is_absolute() {
                    walked.clear();
                }
                for part in names(&to).collect::<Vec<_>>().into_iter().rev() {
                    pending.push_front(part);
                }
            }
            FileType::Directory => {
                let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
                let fd =
                    rustix::fs::openat(here, &name, flags, Mode::empty()).map_err(|e| missing(&at, e))?;
                check(&stat(&fd, &at)?, &at, owners)?;
                walked.push((fd, name));
            }
            FileType::RegularFile if pending.is_empty() => {
                let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
                let fd =
                    rustix::fs::openat(here, &name, flags, Mode::empty()).map_err(|e| missing(&at, e))?;
                let opened = stat(&fd, &at)?;
                if FileType::from_raw_mode(opened.st_mode) != FileType::RegularFile {
                    return Err(Untrusted::NotAFile(at));
                }
                check(&opened, &at, owners)?;
                return Ok(Opened { file: File::from(fd), real_path: at });
            }
            _ => return Err(Untrusted::NotAFile(at)),
        }
    }
    Err(Untrusted::NotAFile(path.to_owned()))
}

/// How the kernel will run an opened program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Binary,
    /// Begins with `#!`: its interpreter opens it again through the descriptor, which must stay open.
    Script,
}

/// Opens a program to be executed: trusted, below one of `directories`, with the pinned digest if there is one.
///
/// # Errors
/// As [`open_trusted`], and where the digest or the directory differ.
pub fn open_program(
    path: &Path,
    owners: &[u32],
    directories: &[PathBuf],
    sha256: Option<&str>,
) -> Result<(Opened, Form), Untrusted> {
    let opened = open_trusted(path, owners)?;
    if !directories.iter().any(|allowed| opened.real_path.starts_with(allowed)) {
        return Err(Untrusted::Directory { real: opened.real_path });
    }
    if let Some(pinned) = sha256 {
        let found =
            digest(&opened.file).map_err(|source| Untrusted::Missing { path: path.to_owned(), source })?;
        if !found.eq_ignore_ascii_case(pinned) {
            return Err(Untrusted::Digest { path: path.to_owned(), found, pinned: pinned.to_owned() });
        }
    }
    let form = match interpreter(&opened.file) {
        None => Form::Binary,
        Some(interpreter) if interpreter.is_absolute() => {
            open_trusted(&interpreter, owners)?;
            Form::Script
        }
        Some(_) => return Err(Untrusted::Interpreter(path.to_owned())),
    };
    Ok((opened, form))
}

/// Lower-case hex SHA-256 of the whole file, wherever its cursor stands.
///
/// # Errors
/// If it can't be read.
pub fn digest(file: &File) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    let mut offset = 0;
    loop {
        let read = file.read_at(&mut buffer, offset)?;
        if read == 0 {
            return Ok(hex::encode(hasher.finalize()));
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
        offset = offset.saturating_add(read as u64);
    }
}

/// Reads a small trusted file whole.
///
/// # Errors
/// As [`open_trusted`]; a file longer than `limit` bytes is cut, so that the caller's parser refuses it.
pub fn read_trusted(path: &Path, owners: &[u32], limit: u64) -> Result<String, Untrusted> {
    let opened = open_trusted(path, owners)?;
    let mut text = String::new();
    opened
        .file
        .take(limit)
        .read_to_string(&mut text)
        .map_err(|source| Untrusted::Missing { path: path.to_owned(), source })?;
    Ok(text)
}

fn interpreter(file: &File) -> Option<PathBuf> {
    let mut head = [0; 256];
    let read = file.read_at(&mut head, 0).ok()?;
    let line = head.get(..read)?.strip_prefix(b"#!")?;
    let line = line.split(|b| *b == b'\n').next()?;
    let first = line.split(|b| *b == b' ' || *b == b'\t').find(|word| !word.is_empty()).unwrap_or_default();
    Some(PathBuf::from(OsStr::from_bytes(first)))
}

fn check(found: &Stat, path: &Path, owners: &[u32]) -> Result<(), Untrusted> {
    owned(found, path, owners)?;
    if found.st_mode & 0o022 != 0 {
        return Err(Untrusted::Writable { path: path.to_owned(), mode: found.st_mode & 0o7777 });
    }
    Ok(())
}

fn owned(found: &Stat, path: &Path, owners: &[u32]) -> Result<(), Untrusted> {
    if owners.contains(&found.st_uid) {
        return Ok(());
    }
    Err(Untrusted::Owner { path: path.to_owned(), uid: found.st_uid })
}

fn stat(fd: &OwnedFd, path: &Path) -> Result<Stat, Untrusted> {
    rustix::fs::fstat(fd).map_err(|e| missing(path, e))
}

fn missing(path: &Path, error: rustix::io::Errno) -> Untrusted {
    Untrusted::Missing { path: path.to_owned(), source: error.into() }
}

fn names(path: &Path) -> impl Iterator<Item = OsString> + '_ {
    path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some(OsString::from("..")),
        Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
    })
}

fn real_path(walked: &[(OwnedFd, OsString)], last: Option<&OsStr>) -> PathBuf {
    let mut path = PathBuf::from("/");
    path.extend(walked.iter().map(|(_, name)| name.as_os_str()).chain(last));
    path
}
