//! `countersign runner`

use std::path::PathBuf;
use std::time::Duration;

use countersign_runner::{Listener, ServeError, ServeOptions, serve};
use countersign_runspace::process::InitCommand;

use super::settings::{self, ConfigArgs};
use crate::RUNNER_INIT;
use crate::app::App;
use crate::fault::{Fault, Outcome};

#[derive(Debug, clap::Args)]
pub(crate) struct Runner {
    #[command(flatten)]
    config: ConfigArgs,
    /// The user that the server runs as; nobody else may connect
    #[arg(long, value_name = "USER", default_value = "countersign", conflicts_with = "server_uid")]
    server_user: String,
    #[arg(long, hide = true)]
    server_uid: Option<u32>,
    /// What this host allows
    #[arg(long, value_name = "FILE")]
    host_file: Option<PathBuf>,
    /// Where to remember what was begun; nobody else's
    #[arg(long, value_name = "DIR")]
    state_dir: Option<PathBuf>,
    /// Take the socket that a service manager opened
    #[arg(long)]
    inherited_socket: bool,
    #[arg(long, hide = true)]
    die_with: Option<u32>,
}

impl Runner {
    pub(crate) fn run(self, _: &App) -> Outcome {
        let config = self.config.load()?;
        let server_uid = match self.server_uid {
            Some(uid) => uid,
            None => account(&self.server_user)?,
        };
        let listener = match self.inherited_socket {
            true => Listener::Inherited,
            false => Listener::Path(config.runner.socket.clone()),
        };
        let options = ServeOptions {
            listener,
            host_file: self.host_file.unwrap_or_else(|| settings::host_file(&config)),
            state_directory: self.state_dir.unwrap_or_else(|| settings::runner_state(&config)),
            server_uid,
            init: InitCommand {
                program: PathBuf::from("/proc/self/exe"),
                arguments: vec![RUNNER_INIT.to_owned()],
            },
            die_with: self.die_with,
        };
        let mut patience = PATIENCE;
        loop {
            match serve(&options) {
                Ok(never) => match never {},
                Err(error) if options.die_with.is_some() && patience > 0 && is_in_use(&error) => {
                    patience -= 1;
                    std::thread::sleep(PAUSE);
                }
                Err(error) => return Err(Fault::failed(format!("The runner does not start: {error}."))),
            }
        }
    }
}

/// The kernel ends a server's runner a moment after the server itself; one that is started at once meets the former.
const PATIENCE: u32 = 100;
const PAUSE: Duration = Duration::from_millis(50);

fn is_in_use(error: &ServeError) -> bool {
    matches!(error, ServeError::Io { source, .. } if source.kind() == std::io::ErrorKind::WouldBlock)
}

/// The number of a local account.
pub(super) fn account(name: &str) -> Outcome<u32> {
    let account = countersign_sandbox::user::by_name(name)?;
    account.map(|account| account.identity.uid).ok_or_else(|| {
        Fault::failed(format!("There is no account `{name}` on this host."))
            .hint(format!("useradd --system --home-dir /var/lib/countersign {name}, or name another"))
    })
}
