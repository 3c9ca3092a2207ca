//! The demonstration's processes end with it, however it ends.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// The processes whose command line says this directory, but for `but`.
fn processes(directory: &str, but: u32) -> Vec<(u32, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        if id != but && line.contains(directory) {
            found.push((id, line));
        }
    }
    found
}

fn wait(what: &str, met: impl Fn() -> bool) {
    let begun = Instant::now();
    while !met() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}: never");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_signal_to_the_demonstration_alone_takes_its_server_and_runner_down() {
    for signal in [Signal::INT, Signal::KILL] {
        let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        std::fs::set_permissions(place.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let directory = place.path().join("demo");
        let directory = directory.to_str().unwrap();
        let mut demo = Command::new(env!("CARGO_BIN_EXE_countersign"))
            .args(["demo", "--directory", directory])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let own = demo.id();
        let runs = |word: &str| processes(directory, own).iter().any(|(_, line)| line.contains(word));
        wait("server and runner", || runs(" serve ") && runs(" runner "));
        let id = Pid::from_raw(i32::try_from(own).unwrap()).unwrap();
        kill_process(id, signal).unwrap();
        demo.wait().unwrap();
        wait("their end", || !runs(" serve ") && !runs(" runner "));
    }
}
