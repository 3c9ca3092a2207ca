//! A task on a real host, by the lines that people type: catalog, policy, request, approval, run.

use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::targets::{allow, pack_of, people, shipped};
use crate::world::{As, World, is_root};

#[test]
fn an_account_is_looked_at_by_who_was_approved_to() {
    walk(As::Ordinary);
    if is_root() {
        walk(As::Root);
    }
}

fn walk(who: As) {
    let server = Sshd::start();
    let (mut world, link) = World::open(who);
    let host_key = server.file("host.pub");
    let target = format!(
        "[ssh.main]\nhost = \"127.0.0.1\"\nport = {}\nusers = [\"{}\"]\nkey = \"main\"\nhost_keys = [\"{}\"]\n",
        server.port,
        server.user,
        host_key.trim()
    );
    let key = server.file("key");
    allow(&mut world, "main", &key, &target);
    people(&world, &link);
    // The pack names accounts that a machine is given for it; this one signs in as the tester.
    let pack = world.path("pack");
    std::fs::create_dir_all(pack.join("tasks")).unwrap();
    for name in ["", "tasks"] {
        for entry in std::fs::read_dir(shipped("linux-ssh").join(name)).unwrap().flatten() {
            if entry.file_type().unwrap().is_file() {
                let text = std::fs::read_to_string(entry.path()).unwrap();
                let text = text.replace("countersign-reader", &server.user);
                std::fs::write(pack.join(name).join(entry.file_name()), text).unwrap();
            }
        }
    }
    let task = r"Linux\Get-Account";
    pack_of(&world, &pack, r"Linux\View-Only Linux Operations", &[(task, "Manual")]);

    let account = format!("Account={}", server.user);
    let line = ["run", task, "-p", account.as_str(), "-p", "Hosts=main"];
    world.line("rita", &line).ends(123).says("authorization_required");
    let ask =
        ["request", "new", task, "-p", account.as_str(), "-p", "Hosts=main", "--reason", "who is that?"];
    let number = world.line("rita", &ask).ends(0).out.trim().to_owned();
    world.line("bob", &["request", "show", &number]).ends(0).prints("main");
    world.line("bob", &["request", "approve", &number]).ends(0);
    world.line("rita", &line).ends(0).prints("main: uid=").prints(&server.user).says("main: succeeded");
    world
        .line("rita", &["run", task, "-p", "Account=$(reboot)", "-p", "Hosts=main"])
        .ends(123)
        .says("pattern");
    let elsewhere = ["run", task, "-p", account.as_str(), "-p", "Hosts=main,web2"];
    world.line("rita", &elsewhere).ends(123).says("parameter_not_approved");
    // What no policy protects needs the role that the pack's group has.
    world.line("rita", &["run", r"Linux\Get-SystemLoad", "-p", "Hosts=main"]).ends(0).prints("/");
    world.line("rita", &["execution", "list", "--mine"]).ends(0).prints("succeeded");
    assert!(server.file("log").contains("Accepted publickey"));
    let secret = key.lines().nth(1).unwrap();
    assert!(!world.log().contains(secret), "our log holds the key");
    world.stop();
    world.host(&["ledger", "verify", "--data-dir", &world.file("data")]).ends(0).prints("Nothing is wrong");
}

pub(crate) struct Sshd {
    pub(crate) place: TempDir,
    child: Child,
    pub(crate) port: u16,
    pub(crate) user: String,
}

impl Sshd {
    pub(crate) fn start() -> Self {
        let place = tempfile::tempdir().unwrap();
        for name in ["host", "key"] {
            let mut made = Command::new("ssh-keygen");
            made.args(["-q", "-t", "ed25519", "-N", "", "-C", "tests", "-f"]).arg(place.path().join(name));
            assert!(made.status().unwrap().success());
        }
        if is_root() {
            // Where sshd shuts its unprivileged half in.
            let _ = std::fs::create_dir_all("/run/sshd");
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let here = place.path().display();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {here}/host\nPidFile none\nAuthorizedKeysFile {here}/key.pub\n\
             StrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n\
             PermitRootLogin yes\nLogLevel VERBOSE\n"
        );
        std::fs::write(place.path().join("config"), config).unwrap();
        let log = std::fs::File::create(place.path().join("log")).unwrap();
        let program = ["/usr/sbin/sshd", "/usr/bin/sshd"].into_iter().find(|path| Path::new(path).exists());
        let mut command = Command::new(program.unwrap());
        command.args(["-D", "-e", "-f"]).arg(place.path().join("config"));
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        let uid = std::fs::metadata("/proc/self").unwrap().uid().to_string();
        let accounts = std::fs::read_to_string("/etc/passwd").unwrap();
        let own = accounts.lines().find(|line| line.split(':').nth(2) == Some(uid.as_str())).unwrap();
        let user = own.split(':').next().unwrap().to_owned();
        Self { place, child, port, user }
    }

    pub(crate) fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.place.path().join(name)).unwrap()
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
