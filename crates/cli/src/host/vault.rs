//! `countersign vault`: the runner's own vault, on its host.

use std::io::{IsTerminal as _, Read as _};
use std::path::PathBuf;

use countersign_runner::host_file;
use countersign_runner::vault::{KeySource, VaultError, VaultFile};
use serde_json::json;

use super::settings::{self, ConfigArgs};
use crate::app::App;
use crate::fault::{Fault, Outcome};
use crate::terminal;

/// What stands in a file is read as it is, up to this and one more.
const MAX_VALUE: u64 = 64 * 1024 + 1;

#[derive(Debug, clap::Args)]
pub(crate) struct Vault {
    #[command(flatten)]
    config: ConfigArgs,
    /// What this host allows; its table `[vault]` names the vault and its key
    #[arg(long, value_name = "FILE", global = true)]
    host_file: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Make a key in a new file, which only you may read
    NewKey {
        /// The file
        file: PathBuf,
    },
    /// Make an empty vault
    Init,
    /// Put a value in, in place of an earlier one; read from standard input, or asked for
    Set {
        /// What the host file calls it
        name: String,
    },
    /// List the names, never the values
    List,
    /// Take a value out
    Remove {
        /// What the host file calls it
        name: String,
    },
    /// Seal everything anew, so that another key opens it as well; then let the host file name that key
    Rotate {
        /// A file with the other key
        #[arg(long, value_name = "FILE", conflicts_with = "key_command")]
        key_file: Option<PathBuf>,
        /// A program that prints the other key, and its arguments
        #[arg(long, value_name = "WORD", num_args = 1.., required_unless_present = "key_file")]
        key_command: Vec<String>,
    },
    /// Seal everything anew, so that only the host file's key opens it
    FinishRotation,
}

impl Vault {
    pub(crate) fn run(self, app: &App) -> Outcome {
        if let Command::NewKey { file } = &self.command {
            KeySource::make(file).map_err(said)?;
            let done =
                format!("A key is in {}. Without it nobody opens the vault: keep a copy.", file.display());
            app.ui.done(&done, &json!({ "file": file }));
            return Ok(());
        }
        let vault = self.vault()?;
        match self.command {
            Command::NewKey { .. } => {}
            Command::Init => {
                vault.create().map_err(said)?;
                app.ui.done(&format!("{} is made.", vault.file.display()), &json!({ "file": vault.file }));
            }
            Command::Set { name } => {
                set(&vault, &name)?;
                app.ui.done(&format!("`{name}` is in the vault."), &json!({ "name": name }));
            }
            Command::List => list(app, &vault)?,
            Command::Remove { name } => {
                vault.remove(&name).map_err(said)?;
                app.ui.done(&format!("`{name}` is taken out."), &json!({ "name": name }));
            }
            Command::Rotate { key_file, key_command } => {
                let other = key_file.map_or(KeySource::Command(key_command), KeySource::File);
                vault.rotate(&other).map_err(said)?;
                let done = "Both keys open the vault now. Let the host file name the other key, then: \
                            countersign vault finish-rotation";
                app.ui.done(done, &json!({ "keys": 2 }));
            }
            Command::FinishRotation => {
                vault.finish().map_err(said)?;
                app.ui.done("Only the host file's key opens the vault now.", &json!({ "keys": 1 }));
            }
        }
        Ok(())
    }

    /// The vault that the host file names.
    fn vault(&self) -> Outcome<VaultFile> {
        let path = match &self.host_file {
            Some(path) => path.clone(),
            None => settings::host_file(&self.config.load()?),
        };
        let loaded = host_file::load(&path).map_err(|error| Fault::failed(format!("{error}.")))?;
        loaded.rules.vault.ok_or_else(|| {
            Fault::failed(format!("{} has no table [vault].", path.display()))
                .hint("write one: [vault] with `file` and `key`; see docs/runspaces.md")
        })
    }
}

fn set(vault: &VaultFile, name: &str) -> Outcome {
    if std::io::stdin().is_terminal() {
        let value = terminal::ask_secret(&format!("Value of {name}"))?;
        return vault.put(name, value.reveal().as_bytes()).map_err(said);
    }
    // A key of several lines stays as it is; read into one buffer, which never moves.
    let mut value = Vec::with_capacity(usize::try_from(MAX_VALUE).unwrap_or(0) + 1);
    std::io::stdin().take(MAX_VALUE).read_to_end(&mut value)?;
    if value.last() == Some(&b'\n') {
        value.pop();
    }
    let put = vault.put(name, &value).map_err(said);
    value.fill(0);
    put
}

fn list(app: &App, vault: &VaultFile) -> Outcome {
    let (names, keys) = (vault.names().map_err(said)?, vault.keys().map_err(said)?);
    match app.ui.format {
        crate::ui::Format::Json => app.ui.json(&json!({ "names": names, "keys": keys })),
        crate::ui::Format::Table => {
            let lines: String = names.iter().map(|name| format!("{name}\n")).collect();
            app.ui.data(lines.as_bytes());
            if keys > 1 {
                app.ui.note("The key is being exchanged: finish with `countersign vault finish-rotation`.");
            }
        }
    }
    Ok(())
}

fn said(error: VaultError) -> Fault {
    Fault::failed(format!("{error}."))
}
