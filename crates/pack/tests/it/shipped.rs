use std::path::Path;

use countersign_core::parameter::{Given, check};
use countersign_pack::{Pack, Shipped};

fn shipped() -> Pack {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/linux-host");
    Pack::read(&directory).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// Every pack in the repository: sound, and each task with what people need to judge it.
#[test]
fn every_shipped_pack_is_sound() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let mut count = 0;
    for entry in std::fs::read_dir(directory).unwrap().flatten() {
        let pack = Pack::read(&entry.path()).unwrap_or_else(|faults| panic!("{faults:?}"));
        assert_eq!(pack.lint(), [], "{:?}", entry.path());
        assert_eq!(pack.test(), [], "{:?}", entry.path());
        assert!(entry.path().join("README.md").exists() && !pack.manifest.description.is_empty());
        for (name, task) in &pack.definitions.tasks {
            assert!(!task.description.is_empty() && !task.title.is_empty(), "{name}");
            assert!(task.read_only || !task.risk.is_empty(), "{name}");
            assert!(task.parameters.iter().all(|spec| !spec.help.is_empty()), "{name}");
            assert!(
                pack.definitions.roles.values().any(|tasks| tasks.contains(name)),
                "{name} is in no role"
            );
        }
        count += 1;
    }
    assert!(count >= 2, "{count} packs");
}

/// What the binary hands out is what the repository has, file by file.
#[test]
fn the_packs_that_come_with_the_binary_are_those_of_the_repository() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    assert_eq!(Shipped::ALL.len(), std::fs::read_dir(&directory).unwrap().count());
    for pack in Shipped::ALL {
        let place = tempfile::tempdir().unwrap();
        for (path, text) in pack.files() {
            assert_eq!(text, std::fs::read_to_string(directory.join(pack.name()).join(path)).unwrap());
            let copy = place.path().join(path);
            std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
            std::fs::write(copy, text).unwrap();
        }
        let read = |directory: &Path| format!("{:?}", Pack::read(directory).unwrap().definitions);
        assert_eq!(read(place.path()), read(&directory.join(pack.name())));
        assert!(!pack.title().is_empty() && Shipped::find(pack.name()).is_some());
    }
    assert!(Shipped::find("../postgresql").is_none());
}

#[test]
fn the_linux_host_pack_takes_no_value_that_leads_elsewhere() {
    let pack = shipped();
    for (task, parameter, value, sound) in [
        ("Host\\Get-DiskUsage", "Path", "/", true),
        ("Host\\Get-DiskUsage", "Path", "/var/log", true),
        ("Host\\Get-DiskUsage", "Path", "/var/../etc", false),
        ("Host\\Get-DiskUsage", "Path", "/var/..", false),
        ("Host\\Get-DiskUsage", "Path", "/var/.hidden", false),
        ("Host\\Get-DiskUsage", "Path", "/var//log", false),
        ("Host\\Get-DiskUsage", "Path", "/var/log/", false),
        ("Host\\Get-DiskUsage", "Path", "var", false),
        ("Host\\Get-DiskUsage", "Path", "--help", false),
        ("Host\\Get-DiskUsage", "Path", "/v ar", false),
        ("Host\\Get-DiskUsage", "Path", "/v\nar", false),
        ("Host\\Get-DiskUsage", "Path", "/vаr", false),
        ("Host\\Get-DiskUsage", "Path", "/var\0", false),
        ("Host\\Get-DiskUsage", "Path", "/$(id)", false),
        ("Host\\Clear-LogFile", "Path", "/", false),
        ("Host\\Clear-LogFile", "Path", "/var/log/app.log.1", true),
        ("Host\\Get-ServiceState", "Service", "cron", true),
        ("Host\\Get-ServiceState", "Service", "-c", false),
        ("Host\\Get-ServiceState", "Service", "a b", false),
    ] {
        let task = &pack.definitions.tasks[&task.parse().unwrap()];
        let given = Given::from_pairs([(parameter.to_owned(), value.into())]).unwrap();
        assert_eq!(check(&task.parameters, given).is_ok(), sound, "{} {value:?}", task.name);
    }
}
