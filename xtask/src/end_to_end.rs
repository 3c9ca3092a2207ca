//! The shipped command, run as a person runs it: the demo's walk through all four phases, checked by itself, once as
//! this user and, where this user is root, once more as an ordinary one.

use std::ffi::OsString;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cmd::Cmd;
use crate::setup::is_root;
use crate::steps::Steps;
use crate::{demo, web};

/// How long one walk may take, in seconds, before it counts as hung.
const LIMIT: &str = "180";
/// `nobody` on Debian; any user without rights would do.
const ORDINARY: u32 = 65534;

/// The walks; `browserless` where there is no browser.
pub(crate) fn steps(steps: &mut Steps, browserless: bool) {
    let name = "end to end";
    let Some(program) = steps.run("build the command", demo::build) else {
        return steps.leave_out(name, "the command was not built");
    };
    steps.run(name, || walk(&program, None));
    if is_root() {
        steps.run("end to end, ordinary user", || walk(&program, Some(ORDINARY)));
    }
    web::browser(steps, &program, browserless);
}

/// Where a home may lie: the runner trusts no file below a directory that others may write to, such as `/tmp`.
fn base() -> Result<PathBuf> {
    if is_root() {
        return Ok(PathBuf::from("/var/lib"));
    }
    std::env::var_os("HOME").map(PathBuf::from).context("HOME is not set")
}

/// Runs `countersign demo --check` in a home of its own, which is removed afterwards.
fn walk(program: &Path, user: Option<u32>) -> Result<()> {
    let home = tempfile::Builder::new().prefix("countersign-e2e-").tempdir_in(base()?)?;
    let copy = home.path().join("countersign");
    // The build folder may not be readable to another user.
    std::fs::copy(program, &copy).context("cannot copy the command")?;
    std::fs::copy(program.with_file_name(demo::SIMULATOR), home.path().join(demo::SIMULATOR))
        .context("cannot copy the simulator")?;
    std::fs::set_permissions(home.path(), PermissionsExt::from_mode(0o755))?;
    let mut words: Vec<OsString> = ["timeout", "--kill-after=5", LIMIT].map(OsString::from).into();
    if let Some(user) = user {
        chown(home.path(), Some(user), Some(user))?;
        let user = [format!("--reuid={user}"), format!("--regid={user}"), "--clear-groups".into()];
        words.push("setpriv".into());
        words.extend(user.map(OsString::from));
    }
    words.extend([copy.into_os_string(), "demo".into(), "--check".into()]);
    let Some((first, rest)) = words.split_first() else { return Ok(()) };
    Cmd::new(first)
        .args(rest)
        .env("HOME", home.path())
        .env("TMPDIR", home.path())
        .current_dir(home.path())
        .run()
}
