//! Which executions this runner has begun, so that none begins twice, not even after a restart.
//!
//! One line each, durable before anything is started: id, `start_by`, boot id. An order is void on another boot and
//! after its `start_by`, so lines that say so are dropped at the next start and the file stays small.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use countersign_runspace::{ExecutionId, WorkOrder, clock};
use rustix::fs::FlockOperation;

/// The open file and its content.
pub(crate) struct Seen {
    file: File,
    /// Bytes of whole lines in it.
    length: u64,
    executions: BTreeSet<ExecutionId>,
    /// What an earlier runner had begun: for the sweep.
    pub(crate) earlier: BTreeSet<ExecutionId>,
}

/// Whether an execution is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum First {
    Yes,
    No,
}

impl Seen {
    /// Opens or makes the file in `directory`, which it makes too (0700), and keeps other runners out of it.
    pub(crate) fn open(directory: &Path) -> io::Result<Self> {
        if !directory.is_dir() {
            fs::DirBuilder::new().mode(0o700).create(directory)?;
        }
        let path = directory.join("executions");
        let lock = OpenOptions::new().create(true).append(true).mode(0o600).open(directory.join("lock"))?;
        rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive)?;
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            other => other?,
        };
        let (boot, now) = (clock::boot_id()?, clock::boot_now());
        let lines = parse(&text)?;
        let live: BTreeMap<_, _> =
            lines.iter().filter(|(_, (start_by, on))| *on == boot && *start_by >= now).collect();
        let mut rewritten = String::new();
        for (id, (start_by, boot)) in &live {
            rewritten.push_str(&format!("{id} {start_by} {boot}\n"));
        }
        let next = directory.join("executions.new");
        let mut file = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&next)?;
        file.write_all(rewritten.as_bytes())?;
        file.sync_all()?;
        fs::rename(&next, &path)?;
        File::open(directory)?.sync_all()?;
        let executions = live.into_keys().cloned().collect();
        let earlier = lines.into_keys().collect();
        // The lock is held as long as its descriptor is open: for the rest of this process.
        std::mem::forget(lock);
        let length = rewritten.len() as u64;
        Ok(Self { file, length, executions, earlier })
    }

    pub(crate) fn contains(&self, execution: &ExecutionId) -> bool {
        self.executions.contains(execution)
    }

    /// Notes an execution; durable when this returns.
    pub(crate) fn insert(&mut self, order: &WorkOrder) -> io::Result<First> {
        if self.contains(&order.execution) {
            return Ok(First::No);
        }
        // A cut that failed is made again before anything else is written.
        if self.file.stream_position()? != self.length {
            self.cut()?;
        }
        let line = format!("{} {} {}\n", order.execution, order.start_by, order.boot_id);
        if let Err(error) = self.file.write_all(line.as_bytes()).and_then(|()| self.file.sync_data()) {
            // Half a line would join the next one, and the list could not be read any more.
            self.cut()?;
            return Err(error);
        }
        self.length += line.len() as u64;
        self.executions.insert(order.execution.clone());
        Ok(First::Yes)
    }
}

impl Seen {
    /// Back to the last whole line.
    fn cut(&mut self) -> io::Result<()> {
        self.file.set_len(self.length)?;
        self.file.seek(SeekFrom::Start(self.length)).map(|_| ())
    }
}

type Lines = BTreeMap<ExecutionId, (u64, String)>;

/// A last line without its end was being written when the power went; nothing was started for it.
fn parse(text: &str) -> io::Result<Lines> {
    let whole = text.rfind('\n').and_then(|end| text.get(..end)).unwrap_or_default();
    whole
        .lines()
        .map(|line| {
            let mut words = line.split(' ');
            let (id, start_by, boot) = (words.next()?, words.next()?, words.next()?);
            Some((id.parse().ok()?, (start_by.parse().ok()?, boot.to_owned())))
        })
        .collect::<Option<Lines>>()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the list of executions is damaged"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f1_a_line_that_could_not_be_written_leaves_the_list_readable() {
        let line = |last: u8| format!("x-{last:032x} 12 boot\n");
        let place = tempfile::tempdir().expect("directory");
        let path = place.path().join("executions");
        // What a full disk leaves behind, and what `insert` does about it.
        fs::write(&path, format!("{}x-0011", line(1))).expect("write");
        let file = OpenOptions::new().write(true).open(&path).expect("open");
        let mut seen = Seen {
            file,
            length: line(1).len() as u64,
            executions: BTreeSet::new(),
            earlier: BTreeSet::new(),
        };
        seen.cut().expect("cut");
        seen.file.write_all(line(2).as_bytes()).expect("write");
        assert_eq!(parse(&fs::read_to_string(&path).expect("read")).expect("readable").len(), 2);
    }

    #[test]
    fn a_torn_last_line_is_dropped_and_a_damaged_one_is_not() {
        let line = "x-00112233445566778899aabbccddeeff 12 boot\n";
        assert_eq!(parse(&format!("{line}x-0011")).expect("torn").len(), 1);
        assert!(parse(&format!("nonsense\n{line}")).is_err());
        assert_eq!(parse("").expect("empty").len(), 0);
    }
}
