//! Mails as files, where there is no SMTP server: one `.eml` per mail that any mail program opens.
//! Nobody is told by a file; whoever uses this says so.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use crate::mail::{Fault, Mailer, OutgoingMail, Receipt, SendError, Sending};

/// Writes mails to a directory, readable by the server's user only.
#[derive(Clone, Debug)]
pub struct Spool {
    directory: PathBuf,
}

impl Spool {
    /// Uses the directory, which is made (0700) if it is missing.
    ///
    /// # Errors
    /// What the file system says.
    pub fn open(directory: &Path) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
        Ok(Self { directory: directory.to_owned() })
    }
}

impl Mailer for Spool {
    fn send<'a>(&'a self, mail: &'a OutgoingMail) -> Sending<'a> {
        let (directory, name, raw) = (self.directory.clone(), file_name(mail), mail.raw.clone());
        Box::pin(async move {
            let written = tokio::task::spawn_blocking(move || write(&directory, &name, &raw)).await;
            match written {
                Ok(Ok(path)) => Ok(Receipt::Spooled(path)),
                Ok(Err(fault)) => Err(SendError::new(Fault::Transient, None, &fault.to_string())),
                Err(_) => Err(SendError::new(Fault::Transient, None, "writing was interrupted")),
            }
        })
    }
}

/// By the message id, so that a second attempt replaces the first.
fn file_name(mail: &OutgoingMail) -> String {
    let id: String =
        mail.message_id.chars().take_while(|c| *c != '@').filter(char::is_ascii_alphanumeric).collect();
    format!("{}-{id}.eml", mail.kind)
}

/// All of it or nothing, also after a crash: written aside, synced, renamed.
fn write(directory: &Path, name: &str, raw: &[u8]) -> io::Result<PathBuf> {
    let path = directory.join(name);
    let aside = directory.join(format!(".{name}.part"));
    match std::fs::remove_file(&aside) {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => return Err(fault),
        _ => {}
    }
    // create_new follows no link and reuses no file that somebody else may have open.
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
    file.write_all(raw)?;
    file.sync_all()?;
    std::fs::rename(&aside, &path)?;
    File::open(directory)?.sync_all()?;
    Ok(path)
}
