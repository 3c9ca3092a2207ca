//! An SSH server that stands for another host.

use std::path::PathBuf;
use std::process::Stdio;

use super::process;
use crate::demo::theatre::Theatre;

/// The task that the act is about.
pub(super) const TASK: &str = "Linux\\Get-Account";

/// A running server.
#[derive(Debug)]
pub(in crate::demo) struct Host {
    /// Who is signed in as: without being root, sshd takes nobody but its own user.
    account: String,
}

impl Host {
    /// Starts one, if its programs are here.
    pub(super) fn start(theatre: &mut Theatre) -> anyhow::Result<Option<Self>> {
        let sshd = process::first(["/usr/sbin/sshd", "/usr/bin/sshd"]);
        let keygen = process::first(["/usr/bin/ssh-keygen"]);
        let client = process::first(["/usr/bin/ssh"]);
        let (Some(sshd), Some(keygen), Some(client)) = (sshd, keygen, client) else {
            theatre.say("    OpenSSH's server is not installed here: its act is left out");
            return Ok(None);
        };
        let directory = theatre.directory().join("sshd");
        crate::demo::files::directory(&directory)?;
        let key = |name: &str| -> anyhow::Result<PathBuf> {
            let path = directory.join(name);
            let mut command = process::program(&keygen);
            command.args(["-q", "-t", "ed25519", "-N", "", "-C", "countersign", "-f"]).arg(&path);
            process::run(command)?;
            Ok(path)
        };
        let (host_key, user_key) = (key("host")?, key("user")?);
        if theatre.as_root() {
            // Where sshd shuts its unprivileged half in.
            std::fs::create_dir_all("/run/sshd")?;
        }
        let port = process::free_port()?;
        let here = directory.display();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {here}/host\nPidFile none\n\
             AuthorizedKeysFile {here}/user.pub\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n\
             KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\n\
             AcceptEnv COUNTERSIGN_*\nLogLevel VERBOSE\n"
        );
        std::fs::write(directory.join("sshd_config"), config)?;
        let log = std::fs::File::create(theatre.directory().join("sshd.log"))?;
        let mut command = process::program(sshd);
        command.args(["-D", "-e", "-f"]).arg(directory.join("sshd_config"));
        let mut child = command.stdout(Stdio::null()).stderr(log).spawn()?;
        let answers = process::answers(&mut child, port);
        theatre.keep(child);
        answers?;
        let account = crate::demo::files::own_account()?;
        // Accounts that are locked or have no shell, `nobody` say, are let in by no SSH server.
        let mut try_out = process::program(client);
        try_out.args([
            "-F",
            "none",
            "-o",
            "BatchMode=yes",
            "-o",
            "IdentitiesOnly=yes",
            "-o",
            "StrictHostKeyChecking=no",
        ]);
        try_out.args(["-o", "UserKnownHostsFile=/dev/null", "-p", &port.to_string(), "-l", &account, "-i"]);
        try_out.arg(&user_key).args(["127.0.0.1", "true"]);
        if process::run(try_out).is_err() {
            theatre.say(&format!("    OpenSSH's server does not let {account} in here: its act is left out"));
            return Ok(None);
        }
        let host_key = std::fs::read_to_string(host_key.with_extension("pub"))?;
        let table = format!(
            "[ssh.main]\nhost = \"127.0.0.1\"\nport = {port}\nusers = [{account:?}]\nkey = \"host\"\nhost_keys = [{:?}]\n",
            host_key.trim()
        );
        super::allow(theatre, "host", &std::fs::read_to_string(user_key)?, &table)?;
        Ok(Some(Self { account }))
    }

    /// The accounts that the pack names, and the one that is here.
    pub(super) fn accounts(&self) -> [(&'static str, &str); 2] {
        [("countersign-reader", &self.account), ("countersign-operator", &self.account)]
    }

    pub(in crate::demo) fn account(&self) -> &str {
        &self.account
    }
}
