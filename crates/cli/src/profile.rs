//! Where a sign-in is kept: one file a profile, readable by its owner alone.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::fault::{Fault, Outcome};

/// Where a server listens unless told otherwise.
pub(crate) const DEFAULT_URL: &str = "http://127.0.0.1:8470";

/// A sign-in.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    /// The server it is for.
    pub(crate) url: String,
    /// The session.
    pub(crate) session: String,
    /// Whose.
    pub(crate) upn: String,
    /// When it ends, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires: Option<String>,
    /// Trusted certificates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ca_file: Option<PathBuf>,
}

impl std::fmt::Debug for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Profile").field("url", &self.url).field("upn", &self.upn).finish_non_exhaustive()
    }
}

impl Profile {
    /// The sign-in of this name, if there is one.
    pub(crate) fn load(name: &str) -> Outcome<Option<Self>> {
        let path = path(name)?;
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Fault::failed(format!("{}: {error}.", path.display()))),
        };
        let mode = fs::metadata(&path)?.permissions().mode();
        if mode & 0o077 != 0 {
            let text = format!("{} can be read by others; it holds a session.", path.display());
            return Err(Fault::failed(text).hint(format!("rm {} && countersign login", path.display())));
        }
        serde_json::from_str(&text)
            .map(Some)
            .map_err(|error| Fault::failed(format!("{}: {error}.", path.display())))
    }

    /// Keeps it, under another name first: it is there whole or not at all.
    pub(crate) fn save(&self, name: &str) -> Outcome {
        let path = path(name)?;
        if let Some(directory) = path.parent() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
        }
        let part = path.with_extension(format!("{}.part", std::process::id()));
        let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&part)?;
        let text = serde_json::to_string_pretty(self).map_err(|error| Fault::failed(format!("{error}.")))?;
        file.write_all(text.as_bytes())?;
        fs::rename(&part, &path)?;
        Ok(())
    }

    /// Forgets it.
    pub(crate) fn forget(name: &str) -> Outcome {
        match fs::remove_file(path(name)?) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}

fn path(name: &str) -> Outcome<PathBuf> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
    if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
        return Err(Fault::usage(format!(
            "`{name}` cannot name a profile: letters, digits, `-`, `_`, `.` and `@`."
        )));
    }
    Ok(state_directory()?.join("sessions").join(format!("{name}.json")))
}

/// `$XDG_STATE_HOME/countersign` (XDG Base Directory Specification).
fn state_directory() -> Outcome<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute("XDG_STATE_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/state")))
        .map(|base| base.join("countersign"))
        .ok_or_else(|| {
            Fault::failed("There is no place for the sign-in: HOME is not set.").hint("set COUNTERSIGN_TOKEN")
        })
}
