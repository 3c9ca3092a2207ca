//! Giving up root for good.

use countersign_sandbox::user;
use rustix::process::{Gid, Uid};

/// Why privileges were not dropped. The process must not go on.
#[derive(Debug, thiserror::Error)]
pub enum DropError {
    #[error("there is no account {0}")]
    NoAccount(String),
    #[error("{0} is root")]
    Root(String),
    #[error("threads already run; privileges must be dropped before")]
    Threads,
    #[error("dropping privileges: {0}")]
    Io(#[from] std::io::Error),
    #[error("root could be regained")]
    Regained,
}

/// Makes this process the local account `name`, with its groups, without a way back. Call it before any thread exists.
///
/// # Errors
/// If the account is missing or root, threads run, or the kernel refuses: the caller must then exit.
pub fn drop_privileges(name: &str) -> Result<(), DropError> {
    let account = user::by_name(name)?.ok_or_else(|| DropError::NoAccount(name.to_owned()))?;
    if account.identity.uid == 0 {
        return Err(DropError::Root(name.to_owned()));
    }
    // Identities are the thread's on Linux; with a second thread one would stay root.
    if std::fs::read_dir("/proc/self/task")?.count() != 1 {
        return Err(DropError::Threads);
    }
    let (uid, gid) = (Uid::from_raw(account.identity.uid), Gid::from_raw(account.identity.gid));
    let groups: Vec<Gid> = account.identity.groups.iter().copied().map(Gid::from_raw).collect();
    let io = std::io::Error::from;
    rustix::thread::set_thread_groups(&groups).map_err(io)?;
    rustix::thread::set_thread_res_gid(gid, gid, gid).map_err(io)?;
    rustix::thread::set_thread_res_uid(uid, uid, uid).map_err(io)?;
    rustix::thread::set_no_new_privs(true).map_err(io)?;
    if rustix::thread::set_thread_uid(Uid::ROOT).is_ok() {
        return Err(DropError::Regained);
    }
    Ok(())
}
