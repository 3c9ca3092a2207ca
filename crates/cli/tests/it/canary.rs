//! A canary in every kind of secret: in each place that a credential can lie, and in a secret parameter. It is looked for
//! where nothing of it may be: files, outputs, mails, logs, the list of processes, the server's memory.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::targets::{pack_of, people};
use crate::world::{As, BINARY, World, is_root};

/// Where each lies, and what it is.
const FILE: &str = "canary-in-a-file-7Qx2mZ";
const ENVIRONMENT: &str = "canary-in-a-variable-9Rk4pT";
const SYSTEMD: &str = "canary-of-the-manager-3Wd8sL";
const STORE: &str = "canary-in-a-store-5Hn1vB";
const TOKEN: &str = "hvs.root";
const VAULT: &str = "canary-in-the-vault-2Gc6jY";
const PARAMETER: &str = "canary-in-a-parameter-8Fu0eK";
/// What is no secret, and must be found: else the search finds nothing at all.
const CONTROL: &str = "control-that-is-no-secret-4Mb7aD";
const ALL: [&str; 6] = [FILE, ENVIRONMENT, SYSTEMD, STORE, VAULT, PARAMETER];

#[test]
fn s1_a_secret_is_found_nowhere() {
    walk(As::Ordinary);
    if is_root() {
        walk(As::Root);
    }
}

fn walk(who: As) {
    let service = Service::start();
    let (mut world, link) = World::open(who);
    world.stop();
    let secrets = Secrets::lay_out(&world, &service);
    let runner = secrets.runner(&world, who);
    world.serve();
    people(&world, &link);
    secrets.pack(&world);
    pack_of(&world, &world.path("pack"), r"Canary\Canaries", &[(r"Canary\Set-Password", "Manual")]);

    // Each credential reaches the service, which says everything that it heard, as data and as an error.
    for (task, canary) in [
        ("Get-File", FILE),
        ("Get-Environment", ENVIRONMENT),
        ("Get-Systemd", SYSTEMD),
        ("Get-Store", STORE),
        ("Get-Vault", VAULT),
    ] {
        let ran = world.line("rita", &["run", &format!(r"Canary\{task}")]).ends(0).prints("(secret)");
        assert!(!format!("{ran:?}").contains(canary), "{task}: {ran:?}");
        assert!(service.heard().contains(canary), "{task}: the service did not hear it");
        let ran = world.line("rita", &["run", &format!(r"Canary\{task}Error")]).ends(121);
        assert!(!format!("{ran:?}").contains(canary), "{task}: {ran:?}");
    }

    // The secret parameter, with a request, an approval and their mails.
    let task = r"Canary\Set-Password";
    let user = format!("User={CONTROL}");
    let ask = ["request", "new", task, "-p", user.as_str(), "--reason", "she forgot it"];
    let number = world.line("rita", &ask).ends(0).out.trim().to_owned();
    world.line("bob", &["request", "approve", &number]).ends(0);
    let run = ["run", task, "-p", user.as_str(), "--secret", "Password"];
    let ran = world.line_with("rita", &run, &format!("{PARAMETER}\n")).ends(0).prints("(secret)");
    assert!(!format!("{ran:?}").contains(PARAMETER), "{ran:?}");
    assert!(service.heard().contains(PARAMETER));
    // And refused: what was typed is not repeated.
    let ran = world.line_with(
        "rita",
        &["run", task, "-p", "User=somebody-else", "--secret", "Password"],
        &format!("{PARAMETER}\n"),
    );
    assert!(ran.code != 0 && !format!("{ran:?}").contains(PARAMETER), "{ran:?}");
    for page in [&["audit", "search"][..], &["execution", "list", "--output", "json"]] {
        nothing_in(world.line("ada", page).out.as_bytes(), &page.join(" "));
    }

    // While one runs.
    let mut hung = world
        .person("rita")
        .args(["run", r"Canary\Get-Hung"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    world.wait("the request", |_| service.heard().contains("/hang"));
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        nothing_in(&line, "a process's arguments");
    }
    nothing_in(&memory(world.pid()), "the server's memory");
    assert!(contains(&memory(world.pid()), CONTROL), "the search of the memory finds nothing");
    assert!(contains(&memory(runner.0.id()), FILE), "the runner holds what it sends just now");
    assert!(!hung.wait().unwrap().success(), "nothing answered");
    nothing_in(&memory(world.pid()), "the server's memory");

    world.stop();
    drop(runner);
    let mut count = 0;
    search(world.place.path(), &secrets.place, &mut count);
    assert!(count > 10, "{count} files");
    let control = fs::read(world.path("data/ledger.db")).unwrap();
    assert!(contains(&control, CONTROL), "the search of the files finds nothing");
}

/// What the host keeps, in a place of its own.
struct Secrets {
    place: PathBuf,
    port: u16,
}

impl Secrets {
    fn lay_out(world: &World, service: &Service) -> Self {
        let place = world.path("secrets");
        fs::create_dir(&place).unwrap();
        let owner = fs::metadata(world.path("runner.toml")).unwrap();
        chown(&place, Some(owner.uid()), Some(owner.gid())).unwrap();
        for (name, value) in [("file", FILE), ("systemd", SYSTEMD), ("token", TOKEN)] {
            let mut file = fs::OpenOptions::new()
                .create_new(true)
                .write(true)
                .mode(0o600)
                .open(place.join(name))
                .unwrap();
            std::io::Write::write_all(&mut file, value.as_bytes()).unwrap();
            chown(place.join(name), Some(owner.uid()), Some(owner.gid())).unwrap();
        }
        let ca = tests_of_remote("tls/ca.pem");
        let here = place.display();
        let mut text = fs::read_to_string(world.path("runner.toml")).unwrap();
        text.push_str(&format!(
            "\n[credentials]\nfile = {{ file = \"{here}/file\" }}\nenvironment = {{ environment = \"CANARY\" }}\n\
             systemd = {{ systemd = \"systemd\" }}\ntoken = {{ file = \"{here}/token\" }}\n\
             store = {{ kv = {{ store = \"main\", path = \"canary\" }} }}\nvault = {{ vault = \"canary\" }}\n\
             [vault]\nfile = \"{here}/vault\"\nkey = {{ file = \"{here}/vault.key\" }}\n\
             [kv.main]\nurl = \"https://localhost:{port}\"\nca = \"{ca}\"\naddresses = [\"127.0.0.1\"]\nauth = {{ token = \"token\" }}\n",
            port = service.port,
            ca = ca.display(),
        ));
        for name in ["file", "environment", "systemd", "store", "vault"] {
            text.push_str(&format!(
                "[http.{name}]\nurl = \"https://localhost:{}\"\nca = \"{}\"\naddresses = [\"127.0.0.1\"]\n\
                 methods = [\"GET\", \"POST\"]\nauth = {{ bearer = \"{name}\" }}\n",
                service.port,
                ca.display()
            ));
        }
        fs::write(world.path("runner.toml"), text).unwrap();
        let config = fs::read_to_string(world.path("countersign.toml")).unwrap();
        fs::write(world.path("countersign.toml"), config.replace("[runner]\n", "[runner]\nspawn = false\n"))
            .unwrap();
        let host_file = world.file("runner.toml");
        let key = format!("{here}/vault.key");
        world.host(&["vault", "new-key", &key]).ends(0);
        world.host(&["vault", "--host-file", &host_file, "init"]).ends(0);
        world
            .host_with(&["vault", "--host-file", &host_file, "set", "canary"], &format!("{VAULT}\n"))
            .ends(0);
        world.host(&["vault", "--host-file", &host_file, "list"]).ends(0).prints("canary");
        Self { place, port: service.port }
    }

    /// A runner that a service manager could have started.
    fn runner(&self, world: &World, who: As) -> Runner {
        let server = if who == As::Root || is_root() { "nobody".to_owned() } else { me() };
        let mut command = Command::new(BINARY);
        command.env_clear().env("CANARY", ENVIRONMENT).env("CREDENTIALS_DIRECTORY", &self.place);
        let log = fs::File::create(world.path("runner.log")).unwrap();
        let (config, state) = (world.file("countersign.toml"), world.file("runner-state"));
        command.args(["runner", "--config", &config, "--server-user", &server, "--state-dir", &state]);
        world.as_host(&mut command);
        Runner(command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap())
    }

    fn pack(&self, world: &World) {
        let pack = world.path("pack");
        fs::create_dir_all(pack.join("tasks")).unwrap();
        let manifest = "name = \"canary\"\nversion = \"1\"\nworkload = \"Canary\"\nrunspace = \"http\"\n";
        fs::write(pack.join("pack.toml"), manifest).unwrap();
        let mut names = vec!["Set-Password".to_owned(), "Get-Hung".to_owned()];
        let task = |name: &str, target: &str, rest: &str| {
            let text = format!(
                "name = \"{name}\"\ntitle = \"{name}\"\nrisk = \"none\"\n[execution]\nexecutor = \"http\"\ntarget = \"{target}\"\n{rest}"
            );
            fs::write(pack.join(format!("tasks/{name}.toml")), text).unwrap();
        };
        for (name, target) in [
            ("File", "file"),
            ("Environment", "environment"),
            ("Systemd", "systemd"),
            ("Store", "store"),
            ("Vault", "vault"),
        ] {
            let get = "method = \"GET\"\npath = \"/echo\"\n";
            task(&format!("Get-{name}"), target, get);
            task(&format!("Get-{name}Error"), target, &format!("{get}success = {{ status = [201] }}\n"));
            names.extend([format!("Get-{name}"), format!("Get-{name}Error")]);
        }
        task("Get-Hung", "file", "method = \"GET\"\npath = \"/hang\"\nanswer_within_ms = 8000\n");
        task(
            "Set-Password",
            "file",
            "method = \"POST\"\npath = \"/echo/{User}\"\nbody = { json = { password = { \"$parameter\" = \"Password\" } } }\n\
             [[parameters]]\nname = \"User\"\ntype = \"string\"\nmax_length = 60\nrequired = true\n\
             [[parameters]]\nname = \"Password\"\ntype = \"secret\"\nmax_length = 60\nrequired = true\n",
        );
        let list = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        let roles = format!(
            "[[roles]]\nname = \"Canary Keepers\"\ntasks = [{list}]\n[[role_groups]]\nname = \"Canaries\"\nroles = [\"Canary Keepers\"]\n"
        );
        fs::write(pack.join("roles.toml"), roles).unwrap();
        assert!(self.port > 0);
    }
}

struct Runner(Child);

impl Drop for Runner {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The server of the executor's own tests.
struct Service {
    child: Child,
    port: u16,
    heard: std::sync::Arc<std::sync::Mutex<String>>,
}

impl Service {
    fn start() -> Self {
        let mut command = Command::new("node");
        command
            .arg(tests_of_remote("http/server.mjs"))
            .args([tests_of_remote("tls/server.key"), tests_of_remote("tls/server.pem")]);
        command.env("STORED", STORE).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("node");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.next().unwrap().unwrap().parse().unwrap();
        let heard = std::sync::Arc::<std::sync::Mutex<String>>::default();
        let all = std::sync::Arc::clone(&heard);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                all.lock().unwrap().push_str(&line);
            }
        });
        Self { child, port, heard }
    }

    fn heard(&self) -> String {
        self.heard.lock().unwrap().clone()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn tests_of_remote(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../remote/tests/it").join(name).canonicalize().unwrap()
}

fn me() -> String {
    String::from_utf8(Command::new("id").arg("-un").output().unwrap().stdout).unwrap().trim().to_owned()
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// As it is, in hexadecimal, and in base64 at each of its three offsets.
fn nothing_in(bytes: &[u8], place: &str) {
    for canary in ALL {
        // One word of it is enough to know it by.
        let core = canary.rsplit('-').next().unwrap();
        let hex: String = core.bytes().map(|byte| format!("{byte:02x}")).collect();
        for form in [core.to_owned(), hex] {
            assert!(!contains(bytes, &form), "{canary} is in {place}");
        }
    }
}

/// Every file but those in which the host keeps secrets.
fn search(directory: &Path, except: &Path, count: &mut usize) {
    for entry in fs::read_dir(directory).unwrap().flatten() {
        let path = entry.path();
        if path == except {
            continue;
        }
        if path.is_dir() {
            search(&path, except, count);
        } else if let Ok(bytes) = fs::read(&path) {
            *count += 1;
            nothing_in(&bytes, &path.display().to_string());
        }
    }
}

/// What a process can write to and we can read.
fn memory(pid: u32) -> Vec<u8> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let mut file = fs::File::open(format!("/proc/{pid}/mem")).unwrap();
    let mut all = Vec::new();
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let (from, to) = (u64::from_str_radix(from, 16).unwrap(), u64::from_str_radix(to, 16).unwrap());
        let mut piece = vec![0; usize::try_from(to - from).unwrap()];
        // A mapping can be gone by now, or hold nothing.
        if file.seek(SeekFrom::Start(from)).is_ok() && file.read_exact(&mut piece).is_ok() {
            all.extend(piece);
        }
    }
    all
}
