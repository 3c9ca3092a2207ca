use std::os::unix::fs::PermissionsExt as _;

use tempfile::TempDir;

use super::*;

struct World(TempDir);

impl World {
    fn new() -> Self {
        Self(tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR")).expect("directory"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn key(&self, name: &str) -> KeySource {
        let path = self.path(name);
        if !path.exists() {
            KeySource::make(&path).expect("key");
        }
        KeySource::File(path)
    }

    fn vault(&self, key: KeySource) -> VaultFile {
        VaultFile { file: self.path("vault"), key }
    }
}

fn value(vault: &VaultFile, name: &str) -> Result<String, String> {
    let value = vault.get(name).map_err(|error| error.to_string())?;
    Ok(String::from_utf8(value.to_vec()).expect("text"))
}

#[test]
fn s1_only_the_key_opens_it() {
    let world = World::new();
    let vault = world.vault(world.key("key"));
    vault.create().expect("created");
    assert!(vault.create().is_err(), "there is one");
    vault.put("erp", b"correct-horse").expect("put");
    vault.put("erp", b"battery-staple").expect("put again");
    assert_eq!(value(&vault, "erp").as_deref(), Ok("battery-staple"));
    assert_eq!(vault.names().expect("names"), ["erp"]);
    let text = std::fs::read_to_string(&vault.file).expect("file");
    assert!(!text.contains("battery") && !text.contains("YmF0dGVyeS1zdGFwbGU"), "{text}");
    assert!(value(&world.vault(world.key("other")), "erp").expect_err("other").contains("does not open"));
    assert!(value(&vault, "none").is_err());
    vault.remove("erp").expect("removed");
    assert!(vault.remove("erp").is_err());
    for name in ["", "Erp", "a b", "../x", "1a"] {
        assert!(vault.put(name, b"x").is_err(), "{name}");
    }
    assert!(vault.put("a", b"").is_err() && vault.put("a", &vec![0; 65_537]).is_err());
}

#[test]
fn s1_what_somebody_moved_or_changed_is_not_believed() {
    let world = World::new();
    let vault = world.vault(world.key("key"));
    vault.create().expect("created");
    vault.put("low", b"low-value").expect("put");
    vault.put("high", b"high-value").expect("put");
    let good = std::fs::read_to_string(&vault.file).expect("file");
    let written = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut json: serde_json::Value = serde_json::from_str(&good).expect("JSON");
        change(&mut json);
        std::fs::write(&vault.file, json.to_string()).expect("write");
        value(&vault, "high")
    };
    assert!(written(&|json| json["entries"]["high"] = json["entries"]["low"].clone()).is_err());
    assert!(
        written(&|json| json["entries"]["high"]["value"] = json["entries"]["low"]["value"].clone()).is_err()
    );
    assert!(written(&|json| json["entries"]["high"]["key"] = json["entries"]["low"]["key"].clone()).is_err());
    assert!(written(&|json| json["entries"]["high"]["value"] = "AAAA".into()).is_err());
    assert!(written(&|json| json["format"] = "countersign-vault-2".into()).is_err());
    assert!(written(&|_| {}).is_ok());
    for at in (0..good.len()).step_by(7) {
        let mut bytes = good.clone().into_bytes();
        bytes[at] ^= 1;
        std::fs::write(&vault.file, &bytes).expect("write");
        let read = value(&vault, "high");
        assert!(read.is_err() || read.as_deref() == Ok("high-value"), "{at}");
    }
    std::fs::write(&vault.file, &good).expect("write");
    std::fs::set_permissions(&vault.file, std::fs::Permissions::from_mode(0o666)).expect("mode");
    assert!(value(&vault, "high").is_err(), "others may write it");
}

#[test]
fn s2_its_key_is_exchanged_while_it_is_read() {
    let world = World::new();
    let (old, new) = (world.vault(world.key("old")), world.vault(world.key("new")));
    old.create().expect("created");
    old.put("erp", b"correct-horse").expect("put");
    let before = std::fs::read_to_string(&old.file).expect("file");
    assert!(old.rotate(&old.key).is_err(), "the same key");

    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        // A runner that reads all the time, with the key that its host file names.
        let reader = scope.spawn(|| {
            let mut count = 0;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                assert_eq!(value(&old, "erp").as_deref(), Ok("correct-horse"));
                count += 1;
            }
            count
        });
        for _ in 0..20 {
            old.rotate(&new.key).expect("rotated");
            old.finish().expect("back");
        }
        old.rotate(&new.key).expect("rotated");
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(reader.join().expect("reader") > 0);
    });
    assert_eq!((old.keys().expect("keys"), value(&new, "erp").as_deref()), (2, Ok("correct-horse")));
    new.put("other", b"made-by-the-new-one").expect("put");
    assert_eq!(value(&old, "other").as_deref(), Ok("made-by-the-new-one"));
    new.finish().expect("finished");
    assert!(value(&old, "erp").is_err());
    assert_eq!(value(&new, "erp").as_deref(), Ok("correct-horse"));
    let after = std::fs::read_to_string(&new.file).expect("file");
    let lines =
        |text: &str| text.lines().filter(|line| line.len() > 40).map(str::to_owned).collect::<Vec<_>>();
    assert!(lines(&before).iter().all(|line| !after.contains(line)), "everything was sealed anew");
}

#[test]
fn a_key_can_come_from_a_program() {
    let world = World::new();
    let program = world.path("kms");
    let script = |text: &str| {
        std::fs::write(&program, text).expect("write");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("mode");
    };
    let source = || KeySource::Command(vec![program.display().to_string(), "unwrap".to_owned()]);
    let vault = world.vault(source());
    script(&format!("#!/bin/sh\n[ \"$1\" = unwrap ] && echo {}\n", "0f".repeat(32)));
    vault.create().expect("created");
    vault.put("erp", b"correct-horse").expect("put");
    assert_eq!(value(&vault, "erp").as_deref(), Ok("correct-horse"));
    for broken in ["#!/bin/sh\nexit 1\n", "#!/bin/sh\necho 00\n", "#!/bin/sh\nyes\n", "#!/bin/sh\nsleep 60\n"]
    {
        script(broken);
        let why = value(&vault, "erp").expect_err(broken);
        assert!(why.starts_with("the vault's key:"), "{why}");
    }
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o777)).expect("mode");
    assert!(value(&vault, "erp").is_err(), "others may write the program");
    assert!(world.vault(KeySource::Command(vec![])).get("erp").is_err());
}
