//! `countersign serve`

use std::ffi::OsString;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use countersign_client::Secret;
use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_engine::{EngineConfig, EngineHandle, Submission, SystemClock};
use countersign_ledger::checkpoint::Checkpoint;
use countersign_ledger::hash::sha256;
use countersign_runner::RunnerChild;
use countersign_server::Notice;
use countersign_server::config::Config;
use tokio::signal::unix::{SignalKind, signal};

use super::restore::Kept;
use super::settings::ConfigArgs;
use super::{mail, offline, runner};
use crate::app::App;
use crate::fault::{Fault, Outcome};
use crate::ui::Ui;

#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    config: ConfigArgs,
    /// The user to become, if started as root
    #[arg(long, value_name = "USER", default_value = "countersign")]
    user: String,
    /// Refuse to serve if server and runner are one user; packages say so
    #[arg(long)]
    require_separation: bool,
    /// Start no runner and look for none: nothing runs on targets
    #[arg(long)]
    no_runner: bool,
    #[arg(long, hide = true)]
    die_with: Option<u32>,
    #[command(flatten)]
    kept: Kept,
}

/// What the server begins with, gathered while it may still read everything.
struct Prepared {
    config: Config,
    password: Option<Secret>,
    configuration: Vec<u8>,
    separated: bool,
    runner: Option<PathBuf>,
    kept: Vec<Checkpoint>,
}

impl Serve {
    pub(crate) fn run(self, app: &App) -> Outcome {
        let file = self.config.path();
        let config = self.config.load()?;
        let root = countersign_sandbox::user::own_uid() == 0;
        let server = if root { runner::account(&self.user)? } else { countersign_sandbox::user::own_uid() };
        if server == 0 {
            return Err(Fault::failed("The server never runs as root.").hint("--user names another user"));
        }
        let kept = self.kept.read()?;
        let password = mail::password(&config)?;
        let configuration = file.as_deref().and_then(|file| std::fs::read(file).ok()).unwrap_or_default();
        if root {
            own(&config.data_dir, server)?;
        }
        // A child dies with the thread that started it: this one, which stays to the end. And before any other exists.
        let spawn = config.runner.spawn && !self.no_runner;
        let child = spawn.then(|| spawn_runner(file.as_deref(), &config, server, root)).transpose()?;
        // A server that gave up root could neither kill nor await a runner that did not; the kernel ends it with us.
        let child = child.map(ManuallyDrop::new);
        let separated = if spawn { root } else { !self.no_runner && socket_of_another(&config, server) };
        if self.require_separation && !separated {
            end(child, root);
            return Err(Fault::failed(
                "Server and runner would be the same user, which --require-separation refuses.",
            ));
        }
        if root {
            countersign_runner::drop_privileges(&self.user)
                .map_err(|error| Fault::failed(format!("Root was not given up: {error}.")))?;
        }
        // After root is given up: the thread that watches has no more rights than the rest. The runner ends with us.
        if let Some(parent) = self.die_with {
            countersign_runner::end_with(parent)
                .map_err(|error| Fault::failed(format!("Binding to the parent: {error}.")))?;
        }
        let runner = (!self.no_runner).then(|| config.runner.socket.clone());
        let served = serve(app, Prepared { config, password, configuration, separated, runner, kept });
        end(child, root);
        served
    }
}

fn end(child: Option<ManuallyDrop<RunnerChild>>, root: bool) {
    if let Some(child) = child
        && !root
    {
        drop(ManuallyDrop::into_inner(child));
    }
}

fn spawn_runner(file: Option<&Path>, config: &Config, server: u32, root: bool) -> Outcome<RunnerChild> {
    let mut arguments: Vec<OsString> = vec!["runner".into()];
    if let Some(file) = file {
        arguments.extend(["--config".into(), file.as_os_str().to_owned()]);
    }
    arguments.extend(["--server-uid".into(), server.to_string().into()]);
    arguments.extend(["--die-with".into(), std::process::id().to_string().into()]);
    if !root {
        // One user: there is nothing to keep apart, so all of it lies in one place.
        arguments.extend(["--state-dir".into(), config.data_dir.join("runner").into_os_string()]);
        make(&config.data_dir)?;
    }
    countersign_runner::spawn_child(Path::new("/proc/self/exe"), &arguments, &config.runner.socket)
        .map_err(|error| Fault::failed(format!("The runner does not start: {error}.")))
}

/// A runner that somebody else started listens on a socket of ours; who it is, it says itself later.
fn socket_of_another(config: &Config, server: u32) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let directory = config.runner.socket.parent().and_then(|directory| std::fs::metadata(directory).ok());
    directory.is_some_and(|directory| directory.uid() != server)
}

fn make(directory: &Path) -> Outcome {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    Ok(())
}

/// The data directory is the server's alone.
pub(super) fn own(directory: &Path, server: u32) -> Outcome {
    make(directory)?;
    std::os::unix::fs::chown(directory, Some(server), None)?;
    Ok(())
}

fn serve(app: &App, prepared: Prepared) -> Outcome {
    let Prepared { config, password, configuration, separated, runner, kept } = prepared;
    countersign_server::logs::start(config.log, std::env::var("RUST_LOG").ok().as_deref());
    let exe = std::fs::File::open("/proc/self/exe")?;
    let binary = countersign_sandbox::program::digest(&exe)?;
    offline::runtime()?.block_on(async {
        let fatal = Arc::new(tokio::sync::Notify::new());
        let died = Arc::new(AtomicBool::new(false));
        let (tell, remember) = (Arc::clone(&fatal), Arc::clone(&died));
        let engine = offline::start(EngineConfig {
            mail: mail::mail(&config, password)?,
            runner,
            kept,
            binary: binary.clone(),
            on_fatal: Arc::new(move |_| {
                remember.store(true, Ordering::Release);
                tell.notify_one();
            }),
            ..EngineConfig::new(&config.data_dir, Arc::new(SystemClock::new()?))
        })?;
        if engine.state().is_empty() {
            engine.stop().await;
            let text = format!("There is no organization in {}.", config.data_dir.display());
            return Err(Fault::failed(text).hint("countersign init"));
        }
        let started = Command::StartNode {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            binary: binary.parse().map_err(|_| Fault::failed("The program's digest cannot be read."))?,
            configuration: sha256(&configuration),
            separated,
        };
        if engine.restored().is_some() {
            app.ui.note(READ_ONLY);
            tokio::spawn(record_start(engine.clone(), started));
        } else {
            offline::submit(&engine, started).await?;
        }
        let stop = stop(Arc::clone(&fatal))?;
        let bound =
            |address: std::net::SocketAddr| app.ui.note(&format!("Listening on {}.", url(&config, address)));
        let served =
            countersign_server::serve(&config, engine.clone(), notices(&config, separated), bound, stop)
                .await;
        engine.stop().await;
        served.map_err(|error| Fault::failed(format!("{error}.")))?;
        if died.load(Ordering::Acquire) {
            return Err(Fault::failed("The engine had to stop; the log says why."));
        }
        app.ui.note("Stopped.");
        Ok(())
    })
}

const READ_ONLY: &str = "The ledger is a restored copy: it is only read until two default approvers accept it (countersign \
                         ledger vouch-restore), or the host does, with the server stopped (countersign ledger \
                         accept-restore).";

/// That this process serves is recorded as soon as anything is.
async fn record_start(engine: EngineHandle, started: Command) {
    engine.settled().await;
    if let Err(error) = engine.submit(Submission::new(Principal::host(), started)).await {
        Ui::default().note(&format!("The start of this process was not recorded: {error}."));
    }
}

fn url(config: &Config, address: std::net::SocketAddr) -> String {
    format!("{}://{address}", if config.tls.is_some() { "https" } else { "http" })
}

fn stop(fatal: Arc<tokio::sync::Notify>) -> Outcome<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            () = fatal.notified() => {}
        }
    })
}

fn notices(config: &Config, separated: bool) -> Vec<Notice> {
    let mut notices = Vec::new();
    let mut add =
        |code: &str, text: &str| notices.push(Notice { code: code.to_owned(), text: text.to_owned() });
    if !separated {
        add(
            "unseparated",
            "Server and runner run as one user: nothing keeps whoever takes the server from what the runner may do.",
        );
    }
    if config.smtp.is_none() {
        add(
            "no_mail",
            "No mail server is set up: approvers are NOT told of requests. Mails lie in the data directory.",
        );
    }
    if let Ok(demo) = std::env::var("COUNTERSIGN_DEMO")
        && !demo.is_empty()
    {
        add("demo", "This is a demonstration. Everything in it is thrown away.");
    }
    notices
}
