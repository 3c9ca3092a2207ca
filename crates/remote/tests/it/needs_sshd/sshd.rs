//! OpenSSH's sshd on a free port of loopback, with a configuration of its own.

use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use countersign_remote::{CredentialReference, SshTarget, Targets};
use countersign_runspace::Runspace;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{credential, executor, place, wait_for};

/// A server that stops when this is dropped.
pub(crate) struct Sshd {
    pub(crate) place: TempDir,
    child: Child,
    pub(crate) port: u16,
    /// Who signs in: the tester, or an ordinary account with a shell where the tester is root.
    pub(crate) user: String,
}

impl Sshd {
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// With lines of configuration that go before its own, in which `%HERE%` is the server's directory.
    pub(crate) fn with(lines: &[&str]) -> Self {
        let place = place();
        let here = place.path().display();
        for name in ["host", "other", "key", "stranger", "authority", "host-authority"] {
            keygen(place.path(), &["-q", "-t", "ed25519", "-N", "", "-C", "tests", "-f", name]);
        }
        let certify = ["-q", "-s", "host-authority", "-h", "-I", "tests", "-n", "127.0.0.1", "-V", "-1h:+1h"];
        keygen(place.path(), &[certify.as_slice(), &["host.pub"]].concat());
        let lines = lines.iter().map(|line| format!("{}\n", line.replace("%HERE%", &here.to_string())));
        let lines: String = lines.collect();
        let root = is_root();
        if root {
            // Where sshd shuts its unprivileged half in.
            let _ = std::fs::create_dir_all("/run/sshd");
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let pam = if root { "yes" } else { "no" };
        let config = format!(
            "{lines}Port {port}\nListenAddress 127.0.0.1\nHostKey {here}/host\nPidFile none\nAuthorizedKeysFile {here}/key.pub\n\
             StrictModes no\nUsePAM {pam}\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n\
             PermitRootLogin yes\nAcceptEnv COUNTERSIGN_ON_BEHALF_OF\nMaxSessions 3\nLogLevel VERBOSE\n\
             HostCertificate {here}/host-cert.pub\nTrustedUserCAKeys {here}/authority.pub\n"
        );
        std::fs::write(place.path().join("config"), config).unwrap();
        let log = std::fs::File::create(place.path().join("log")).unwrap();
        let child = Command::new(program())
            .args(["-D", "-e", "-f"])
            .arg(place.path().join("config"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("sshd");
        let server = Self { place, child, port, user: account() };
        wait_for("sshd", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        server
    }

    pub(crate) fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.place.path().join(name)).unwrap()
    }

    /// The server's table in a host file, with some keys changed; null takes one out.
    pub(crate) fn table(&self, change: Value) -> SshTarget {
        let mut table = json!({"host": "127.0.0.1", "port": self.port, "users": [self.user], "key": "key",
            "host_keys": [self.file("host.pub")]});
        for (key, value) in change.as_object().unwrap() {
            table[key] = value.clone();
        }
        serde_json::from_value(table).unwrap()
    }

    /// A target at a port that leads here somehow.
    pub(crate) fn target_at(&self, port: u16) -> SshTarget {
        self.table(json!({"port": port}))
    }

    /// A credential that a host's administrator keeps: the content of one of the server's files.
    pub(crate) fn credential(&self, file: &str) -> CredentialReference {
        let name = format!("credential-{}", file.replace('.', "-"));
        credential(self.place.path(), &name, &self.file(file)).1
    }

    /// How many times somebody signed in.
    pub(crate) fn sign_ins(&self) -> usize {
        self.file("log").matches("Accepted publickey").count()
    }

    pub(crate) fn target(&self) -> SshTarget {
        self.target_at(self.port)
    }

    pub(crate) fn runspace(&self) -> Box<dyn Runspace> {
        self.runspace_of(self.target(), "key")
    }

    pub(crate) fn runspace_of(&self, target: SshTarget, key: &str) -> Box<dyn Runspace> {
        hosts(vec![("web", target)], vec![("key", self.credential(key))])
    }

    /// A directory in which the account that signs in may write.
    pub(crate) fn writable(&self) -> std::path::PathBuf {
        let path = self.place.path().join("writable");
        std::fs::create_dir_all(&path).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o777)).unwrap();
        path
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The executor with these hosts and credentials.
pub(crate) fn hosts(
    targets: Vec<(&str, SshTarget)>,
    credentials: Vec<(&str, CredentialReference)>,
) -> Box<dyn Runspace> {
    let ssh = targets.into_iter().map(|(name, target)| (name.parse().unwrap(), target)).collect();
    let credentials = credentials.into_iter().map(|(name, found)| (name.parse().unwrap(), found)).collect();
    executor("ssh", Targets { credentials, ssh, ..Targets::default() })
}

fn keygen(place: &Path, arguments: &[&str]) {
    let made = Command::new("ssh-keygen").args(arguments).current_dir(place).status();
    assert!(made.expect("ssh-keygen").success());
}

pub(crate) fn is_root() -> bool {
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

/// sshd refuses to signal processes of root, so root is the last choice.
fn account() -> String {
    let uid = std::fs::metadata("/proc/self").unwrap().uid();
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap();
    let field = |line: &str, at: usize| line.split(':').nth(at).unwrap_or_default().to_owned();
    let shell = |line: &&str| ["/bin/bash", "/bin/sh"].contains(&field(line, 6).as_str());
    let ordinary = |line: &&str| field(line, 2) != "0" && shell(line) && Path::new(&field(line, 5)).is_dir();
    let own = |line: &&str| field(line, 2) == uid.to_string();
    let chosen = if uid == 0 { accounts.lines().find(ordinary) } else { None };
    field(chosen.or_else(|| accounts.lines().find(own)).expect("an account"), 0)
}

fn program() -> &'static str {
    ["/usr/sbin/sshd", "/usr/bin/sshd"]
        .into_iter()
        .find(|path| Path::new(path).exists())
        .expect("OpenSSH's sshd")
}
