//! A simulator of Exchange Online: a program of its own beside this one. It is no tenant.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;

use super::process;
use crate::demo::theatre::{Theatre, pause};

/// The task that the act is about.
pub(super) const TASK: &str = "Exchange\\New-JournalRule";
const PROGRAM: &str = "countersign-exchange-simulator";

/// A running simulator.
#[derive(Debug)]
pub(in crate::demo) struct Tenant;

impl Tenant {
    /// Starts one, if its program lies beside this one.
    pub(super) fn start(theatre: &mut Theatre) -> anyhow::Result<Option<Self>> {
        let Some(program) = beside() else {
            theatre.say(&format!("    {PROGRAM} is not here: its act is left out"));
            return Ok(None);
        };
        let directory = theatre.directory().join("simulator");
        crate::demo::files::directory(&directory)?;
        let (port, identity_port) = (process::free_port()?, process::free_port()?);
        let table = std::fs::File::create(theatre.directory().join("simulator.log"))?;
        let mut command = process::program(program);
        command.arg("--directory").arg(&directory);
        command.args(["--port", &port.to_string(), "--identity-port", &identity_port.to_string()]);
        command.args(["--region", "eurprd01"]);
        let mut child = command.stdout(table.try_clone()?).stderr(Stdio::from(table)).spawn()?;
        let answers = process::answers(&mut child, port);
        theatre.keep(child);
        answers?;
        let (ca, own) = (directory.join("simulator-ca.pem"), directory.join("simulator-application.pem"));
        // Written last.
        let mut secret = String::new();
        for _ in 0..100 {
            secret = std::fs::read_to_string(&own).unwrap_or_default();
            if secret.ends_with("-----END PRIVATE KEY-----\n") {
                break;
            }
            pause(Duration::from_millis(50));
        }
        theatre.say("    a simulator of Exchange Online: nothing here runs against a tenant");
        let table = format!(
            "[exchange.main]\ntenant = \"6f9619ff-8b86-d011-b42d-00c04fc964ff\"\ncmdlets = [\"Get-*\", \"New-JournalRule\"]\n\n\
             [exchange.main.sign_in.certificate]\napplication = \"0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d\"\n\
             certificate = \"exchange\"\n\n[exchange.main.simulator]\nport = {port}\nca = {:?}\n",
            ca.display().to_string()
        );
        super::allow(theatre, "exchange", &secret, &table).context("allowing the simulator")?;
        Ok(Some(Self))
    }
}

fn beside() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?.with_file_name(PROGRAM);
    program.is_file().then_some(program)
}
