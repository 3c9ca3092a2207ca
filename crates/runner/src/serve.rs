//! The runner's life: host file, socket, one server at a time.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use countersign_runspace::Runspace;
use countersign_runspace::process::{InitCommand, ProcessHost, ProcessRunspace};
use countersign_sandbox::{program, user};
use rustix::process::{Resource, Rlimit};
use sha2::{Digest as _, Sha256};

use crate::deliver::Deliveries;
use crate::ending;
use crate::ends::Ends;
use crate::host_file::{self, HostFileError};
use crate::parent;
use crate::protocol::{RunnerHealth, Separation};
use crate::seen::Seen;
use crate::session::{Runner, refuse};

/// How a runner is started.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    pub listener: Listener,
    /// Default `/etc/countersign/runner.toml`; see [`host_file`].
    pub host_file: PathBuf,
    /// Made if absent (0700); holds the list of executions begun.
    pub state_directory: PathBuf,
    /// The only user that may connect.
    pub server_uid: u32,
    /// How to start this binary as an init: `/proc/self/exe` and the arguments that lead to
    /// [`init_main`](crate::init_main).
    pub init: InitCommand,
    /// End with this process, which must be the parent.
    pub die_with: Option<u32>,
}

/// Where the server connects.
#[derive(Debug, Clone)]
pub enum Listener {
    /// A socket (0600, the server's) in a directory (0700, the server's or the runner's), both made if absent.
    Path(PathBuf),
    /// The one that a service manager opened (`LISTEN_FDS`, sd_listen_fds(3)).
    Inherited,
}

/// Why a runner does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(transparent)]
    HostFile(#[from] HostFileError),
    #[error("{doing}: {source}")]
    Io { doing: String, source: io::Error },
    #[error("{0}")]
    Refused(String),
}

/// Every execution takes some descriptors of the runner's, and a thousand more than a shell's limit leaves. What is executed
/// has a limit of its own.
fn raise_descriptors() {
    let limit = rustix::process::getrlimit(Resource::Nofile);
    let _ = rustix::process::setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
}

/// Runs until the process is ended. Executions' inits die with this process, so killing it is a safe way to end it at any
/// time; SIGTERM ends what runs first and delivers or keeps the results.
///
/// # Errors
/// If the host file is not believed, another runner uses the state directory, or the socket can't be had.
pub fn serve(options: &ServeOptions) -> Result<Infallible, ServeError> {
    if let Some(parent) = options.die_with {
        parent::end_with(parent).map_err(context("binding to the parent".to_owned()))?;
    }
    raise_descriptors();
    // First of all, before another descriptor takes its number.
    let inherited = match options.listener {
        Listener::Inherited => countersign_sandbox::take_inherited_listener().map(UnixListener::from),
        Listener::Path(_) => None,
    };
    let host = host_file::load(&options.host_file)?;
    let seen = Seen::open(&options.state_directory).map_err(context(format!(
        "opening {} (does another runner use it?)",
        options.state_directory.display()
    )))?;
    let targets = host.rules.targets();
    let runspace = ProcessRunspace::new(ProcessHost {
        init: options.init.clone(),
        run_as: host.rules.process.run_as,
        program_directories: host.rules.process.program_directories,
        environment: host.rules.process.environment,
        limits: host.rules.process.limits.into(),
        name: name(&options.state_directory),
    })
    .map_err(context("trying the init".to_owned()))?;
    runspace.adopt_orphans().map_err(context("adopting orphans".to_owned()))?;
    runspace.sweep(&seen.earlier);
    let (files, undelivered) = Ends::open(&options.state_directory)
        .map_err(context(format!("reading the ends kept in {}", options.state_directory.display())))?;

    let file = fs::File::open("/proc/self/exe").map_err(context("reading the binary".to_owned()))?;
    let digest = program::digest(&file).map_err(context("reading the binary".to_owned()))?;
    let uid = user::own_uid();
    let separation = if options.server_uid == uid || options.server_uid == 0 {
        Separation::Unseparated
    } else {
        Separation::Separated
    };
    let mut notes = Vec::new();
    if separation == Separation::Unseparated {
        notes.push(
            "server and runner run as the same user, or the server as root: nothing keeps them apart"
                .to_owned(),
        );
    }
    if host.sha256.is_none() {
        notes.push(format!("there is no host file {}: nothing is allowed", options.host_file.display()));
    }
    let health = RunnerHealth {
        digest: digest.clone(),
        uid,
        separation,
        host_file: options.host_file.clone(),
        host_file_sha256: host.sha256,
        running: Vec::new(),
        unacknowledged: 0,
        runspaces: Vec::new(),
        notes,
    };
    let listener = match (&options.listener, inherited) {
        (Listener::Path(path), _) => bind(path, uid, options.server_uid)?,
        (Listener::Inherited, Some(listener)) => listener,
        (Listener::Inherited, None) => {
            return Err(ServeError::Refused("no socket was handed over (LISTEN_FDS)".to_owned()));
        }
    };
    let deliveries = Arc::new(Deliveries::new(files, undelivered));
    ending::listen(Arc::clone(&deliveries)).map_err(context("listening for signals".to_owned()))?;
    let mut runspaces: BTreeMap<&'static str, Box<dyn Runspace>> = BTreeMap::new();
    let remote = countersign_remote::runspaces(targets).map_err(context("starting threads".to_owned()))?;
    for runspace in remote.into_iter().chain([Box::new(runspace) as Box<dyn Runspace>]) {
        runspaces.insert(runspace.name(), runspace);
    }
    let runner =
        Arc::new(Runner { runspaces, seen: Mutex::new(seen), deliveries, digest, separation, health });
    accept(&listener, &runner, options.server_uid)
}

fn accept(listener: &UnixListener, runner: &Arc<Runner>, server: u32) -> Result<Infallible, ServeError> {
    let busy = Arc::new(AtomicBool::new(false));
    loop {
        let mut stream = match listener.accept() {
            Ok((stream, _)) => stream,
            Err(_) => {
                // No descriptors are left, say: wait rather than spin.
                std::thread::sleep(std::time::Duration::from_millis(50));
                continue;
            }
        };
        if peer(&stream) != Some(server) {
            refuse(&mut stream, "peer_not_allowed", "only the server's user may speak to the runner");
            continue;
        }
        if take(&busy) == Taken::No {
            refuse(&mut stream, "runner_busy", "another server is connected");
            continue;
        }
        let (runner, free) = (Arc::clone(runner), Arc::clone(&busy));
        let session = std::thread::Builder::new().name("session".to_owned()).spawn(move || {
            runner.serve(stream);
            free.store(false, Ordering::Release);
        });
        if session.is_err() {
            busy.store(false, Ordering::Release);
        }
    }
}

#[derive(PartialEq, Eq)]
enum Taken {
    Yes,
    No,
}

/// Takes the one place. A server that comes back at once may find its former connection still ending.
fn take(busy: &AtomicBool) -> Taken {
    for _ in 0..100 {
        if !busy.swap(true, Ordering::AcqRel) {
            return Taken::Yes;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    Taken::No
}

/// The user at the other end, by the kernel's word (`SO_PEERCRED`, unix(7)).
fn peer(stream: &UnixStream) -> Option<u32> {
    Some(rustix::net::sockopt::socket_peercred(stream).ok()?.uid.as_raw())
}

fn bind(path: &Path, own: u32, server: u32) -> Result<UnixListener, ServeError> {
    let doing = || context(format!("listening on {}", path.display()));
    let directory = path.parent().filter(|p| !p.as_os_str().is_empty());
    let directory =
        directory.ok_or_else(|| ServeError::Refused("the socket's path has no directory".to_owned()))?;
    if !directory.exists() {
        fs::DirBuilder::new().mode(0o700).create(directory).map_err(doing())?;
        give(directory, own, server).map_err(doing())?;
    }
    let found = fs::symlink_metadata(directory).map_err(doing())?;
    let owned = [0, own, server].contains(&found.uid());
    if !found.is_dir() || !owned || found.permissions().mode() & 0o077 != 0 {
        return Err(ServeError::Refused(format!(
            "{} must be a directory that only its owner enters",
            directory.display()
        )));
    }
    // Under its own name only once everything is right: whoever sees it may connect.
    let mut coming = path.as_os_str().to_owned();
    coming.push(".new");
    let coming = PathBuf::from(coming);
    match fs::remove_file(&coming) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(doing()(error)),
        _ => {}
    }
    let listener = UnixListener::bind(&coming).map_err(doing())?;
    fs::set_permissions(&coming, fs::Permissions::from_mode(0o600)).map_err(doing())?;
    give(&coming, own, server).map_err(doing())?;
    fs::rename(&coming, path).map_err(doing())?;
    Ok(listener)
}

/// To the server's user, who could not connect otherwise; only root can.
fn give(path: &Path, own: u32, server: u32) -> io::Result<()> {
    if own == server || own != 0 {
        return Ok(());
    }
    std::os::unix::fs::lchown(path, Some(server), None)
}

/// A name for control groups that no other runner of the host has: state directories are locked.
fn name(state_directory: &Path) -> String {
    let real = fs::canonicalize(state_directory).unwrap_or_else(|_| state_directory.to_owned());
    let digest = hex::encode(Sha256::digest(real.as_os_str().as_encoded_bytes()));
    format!("countersign-{}", digest.get(..12).unwrap_or_default())
}

fn context(doing: String) -> impl FnOnce(io::Error) -> ServeError {
    move |source| ServeError::Io { doing, source }
}
