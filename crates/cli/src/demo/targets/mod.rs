//! Real systems of the demonstration's own, on loopback, where this machine has their programs: a database and an SSH
//! server. Where it has not, the demonstration says so and goes on without.

mod database;
mod host;
mod process;

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;

use super::set_up::Cast;
use super::theatre::{Ends, Theatre};

pub(super) use database::{Database, SOMEBODY};
pub(super) use host::Host;

/// What there is to run tasks on, beside this machine itself.
#[derive(Debug, Default)]
pub(super) struct Targets {
    pub(super) database: Option<Database>,
    pub(super) host: Option<Host>,
}

impl Targets {
    /// Starts what this machine has programs for, and allows it in the runner's host file.
    pub(super) fn start(theatre: &mut Theatre) -> anyhow::Result<Self> {
        theatre.act("Systems to look after");
        let database = Database::start(theatre).context("starting a PostgreSQL server")?;
        let host = Host::start(theatre).context("starting an SSH server")?;
        Ok(Self { database, host })
    }

    /// Imports the packs, and makes the policies and memberships that the acts need.
    pub(super) fn catalog(&self, theatre: &Theatre, cast: &Cast) -> anyhow::Result<()> {
        if self.database.is_some() {
            pack(theatre, cast, "postgresql", "PostgreSQL\\Database Operations", &[], database::TASK)?;
        }
        if let Some(host) = &self.host {
            let accounts = host.accounts();
            pack(theatre, cast, "linux-ssh", "Linux\\View-Only Linux Operations", &accounts, host::TASK)?;
        }
        Ok(())
    }
}

/// Exports a pack, writes this machine's names into it, imports it, and protects a task of it.
fn pack(
    theatre: &Theatre,
    cast: &Cast,
    name: &str,
    group: &str,
    names: &[(&str, &str)],
    task: &str,
) -> anyhow::Result<()> {
    let directory = theatre.directory().join("packs").join(name);
    let shown = directory.display().to_string();
    theatre.host(&["catalog", "export", name, &shown], Ends::Well)?;
    for (written, here) in names {
        theatre.say(&format!("    in its files, {written} becomes {here}, the account that is there"));
        replace(&directory, written, here)?;
    }
    theatre.line(&cast.ada, &["catalog", "apply", &shown], Ends::Well)?;
    theatre.line(&cast.ada, &["role-group", "add-member", group, &cast.rita.upn], Ends::Well)?;
    let policy = ["New-ElevatedAccessApprovalPolicy", "-Task", task, "-ApproverGroup", "Deciders"];
    theatre.line(&cast.ada, &policy, Ends::Well)?;
    Ok(())
}

fn replace(directory: &Path, written: &str, here: &str) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            replace(&path, written, here)?;
        } else {
            let text = std::fs::read_to_string(&path)?;
            std::fs::write(&path, text.replace(written, here))?;
        }
    }
    Ok(())
}

/// Allows a target and its credential in the runner's host file.
fn allow(theatre: &Theatre, name: &str, secret: &str, table: &str) -> anyhow::Result<()> {
    let path = theatre.directory().join(format!("credential-{name}"));
    let mut file = std::fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path)?;
    file.write_all(secret.as_bytes())?;
    let text = format!("\n[credentials.{name}]\nfile = {:?}\n\n{table}", path.display().to_string());
    let host_file = theatre.directory().join("runner.toml");
    std::fs::OpenOptions::new()
        .append(true)
        .open(&host_file)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("writing {}", host_file.display()))?;
    for line in table.lines() {
        theatre.say(&format!("    runner.toml │ {line}"));
    }
    Ok(())
}
