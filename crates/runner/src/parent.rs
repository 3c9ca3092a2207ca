//! A runner that ends with the process that started it.

use std::io;
use std::sync::Once;
use std::time::Duration;

use rustix::process::{Signal, getpid, getppid, kill_process};

/// How often the parent is looked for.
const LOOK: Duration = Duration::from_millis(50);

/// Ends this process when its parent is no longer `parent`. The parent-death signal alone does not: it is subject to the
/// rights of the dying parent, and a server that gave up root may not signal a runner that did not (prctl(2), kill(2)).
///
/// # Errors
/// If the parent is gone already, or the kernel refuses.
pub fn end_with(parent: u32) -> io::Result<()> {
    static WATCHED: Once = Once::new();
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    if !is_there(parent) {
        return Err(io::Error::other("the parent is gone"));
    }
    let mut started = Ok(());
    WATCHED.call_once(|| {
        let watch = move || {
            while is_there(parent) {
                std::thread::sleep(LOOK);
            }
            // Inits die with this process, however it ends, and take everything below them along.
            let _ = kill_process(getpid(), Signal::KILL);
        };
        started = std::thread::Builder::new().name("parent".to_owned()).spawn(watch).map(|_| ());
    });
    started
}

fn is_there(parent: u32) -> bool {
    getppid().is_some_and(|now| now.as_raw_nonzero().get().cast_unsigned() == parent)
}
