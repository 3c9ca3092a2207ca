//! Control groups, both versions: ceilings for memory and number of processes of a whole tree, and a list of its
//! members that no process can leave (cgroups(7), kernel documentation `cgroup-v1/` and `cgroup-v2`).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rustix::process::Signal;

use crate::applied::CgroupVersion;
use crate::tree;

/// Where this runner may make groups.
#[derive(Debug, Clone)]
pub struct Cgroups {
    version: CgroupVersion,
    /// Directories in which a group is made: one of memory and one of processes, or the same one for both (version 2).
    memory: PathBuf,
    processes: PathBuf,
}

impl Cgroups {
    /// Looks for hierarchies that this process may write to and makes its groups below a directory `name` in them,
    /// which separates this runner's from another's. `None`: there are none, and rlimits must do.
    #[must_use]
    pub fn detect(name: &str) -> Option<Self> {
        let own = fs::read_to_string("/proc/self/cgroup").ok()?;
        let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
        first_version(&own, &mounts, name).or_else(|| second_version(&own, &mounts, name))
    }

    #[must_use]
    pub fn version(&self) -> CgroupVersion {
        self.version
    }

    /// Makes a group for one execution.
    ///
    /// # Errors
    /// If the directory can't be made or a ceiling can't be set; nothing is left then.
    pub fn create(&self, name: &str, memory_bytes: u64, processes: u64) -> io::Result<Group> {
        let group = self.group(name);
        let mut made = Ok(());
        // The end of the last other execution may take the parent away in between.
        for _ in 0..3 {
            made = self.make_parents().and_then(|()| group.make(memory_bytes, processes));
            match &made {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                _ => break,
            }
        }
        if made.is_err() {
            group.remove();
        }
        made.map(|()| group)
    }

    /// Itself, if a group could be made.
    fn tried(self) -> Option<Self> {
        let group = self.create("try", 64 * 1024 * 1024, 16).ok()?;
        group.remove();
        Some(self)
    }

    fn group(&self, name: impl AsRef<Path>) -> Group {
        let name = name.as_ref();
        Group { version: self.version, memory: self.memory.join(name), processes: self.processes.join(name) }
    }

    fn make_parents(&self) -> io::Result<()> {
        for directory in [&self.memory, &self.processes] {
            match fs::create_dir(directory) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
        }
        match self.version {
            CgroupVersion::V1 => Ok(()),
            CgroupVersion::V2 => fs::write(self.memory.join("cgroup.subtree_control"), "+memory +pids"),
        }
    }

    /// Kills and removes the groups of executions that an earlier runner of this name left; gives their number.
    pub fn sweep(&self) -> usize {
        let Ok(entries) = fs::read_dir(&self.processes) else { return 0 };
        let mut swept = 0;
        for entry in entries.flatten() {
            if !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                continue;
            }
            let group = self.group(entry.file_name());
            group.kill();
            group.remove();
            swept += 1;
        }
        swept
    }
}

/// The group of one execution.
#[derive(Debug)]
pub struct Group {
    version: CgroupVersion,
    memory: PathBuf,
    processes: PathBuf,
}

impl Group {
    /// The files a process writes `0` to in order to join.
    #[must_use]
    pub fn join_files(&self) -> Vec<PathBuf> {
        let mut files = vec![self.memory.join("cgroup.procs")];
        if self.processes != self.memory {
            files.push(self.processes.join("cgroup.procs"));
        }
        files
    }

    /// Kills every member until there is none, for at most about a second.
    pub fn kill(&self) {
        for _ in 0..100 {
            let members = self.members();
            if members.is_empty() {
                return;
            }
            if fs::write(self.processes.join("cgroup.kill"), "1").is_err() {
                for pid in members {
                    tree::send(pid, Signal::KILL);
                }
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }

    /// Whether the kernel killed a member for want of memory.
    #[must_use]
    pub fn ran_out_of_memory(&self) -> bool {
        let file = match self.version {
            CgroupVersion::V1 => "memory.oom_control",
            CgroupVersion::V2 => "memory.events",
        };
        let text = fs::read_to_string(self.memory.join(file)).unwrap_or_default();
        text.lines().any(|line| line.strip_prefix("oom_kill ").is_some_and(|count| count.trim() != "0"))
    }

    /// Peak memory of the whole tree in bytes, where the kernel counts it.
    #[must_use]
    pub fn peak_memory(&self) -> Option<u64> {
        let file = match self.version {
            CgroupVersion::V1 => "memory.max_usage_in_bytes",
            CgroupVersion::V2 => "memory.peak",
        };
        fs::read_to_string(self.memory.join(file)).ok()?.trim().parse().ok()
    }

    /// Removes the directories. A group with members stays, and the next sweep takes it.
    pub fn remove(&self) {
        for _ in 0..20 {
            let gone = |dir: &Path| fs::remove_dir(dir).is_ok() || !dir.exists();
            if gone(&self.memory) && gone(&self.processes) {
                // With the last execution the runner's own directory goes; with another inside, it stays.
                for parent in [self.memory.parent(), self.processes.parent()].into_iter().flatten() {
                    let _ = fs::remove_dir(parent);
                }
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }

    fn make(&self, memory_bytes: u64, processes: u64) -> io::Result<()> {
        fs::create_dir(&self.memory)?;
        if self.processes != self.memory {
            fs::create_dir(&self.processes)?;
        }
        let memory = match self.version {
            CgroupVersion::V1 => "memory.limit_in_bytes",
            CgroupVersion::V2 => "memory.max",
        };
        fs::write(self.memory.join(memory), memory_bytes.to_string())?;
        fs::write(self.processes.join("pids.max"), processes.to_string())?;
        // Swap would only slow the end down; kernels without swap accounting lack the file.
        if self.version == CgroupVersion::V2 {
            let _ = fs::write(self.memory.join("memory.swap.max"), "0");
        }
        Ok(())
    }

    fn members(&self) -> Vec<u32> {
        let text = fs::read_to_string(self.processes.join("cgroup.procs")).unwrap_or_default();
        text.lines().filter_map(|line| line.parse().ok()).collect()
    }
}

fn first_version(own: &str, mounts: &str, name: &str) -> Option<Cgroups> {
    let directory = |controller: &str| {
        let path = own_path(own, |controllers| controllers.split(',').any(|c| c == controller))?;
        let mount = mounted(mounts, "cgroup", |options| options.split(',').any(|o| o == controller), path)?;
        Some(mount.join(name))
    };
    Cgroups { version: CgroupVersion::V1, memory: directory("memory")?, processes: directory("pids")? }
        .tried()
}

/// Version 2 allows ceilings only in groups whose parent holds no process itself, so the runner first moves into a
/// leaf beside its executions. Under systemd that needs `Delegate=yes`.
fn second_version(own: &str, mounts: &str, name: &str) -> Option<Cgroups> {
    let path = own_path(own, str::is_empty)?;
    let mut parent = mounted(mounts, "cgroup2", |_| true, path)?;
    if parent.file_name().is_some_and(|last| last == "runner") {
        parent.pop();
    }
    let offered = fs::read_to_string(parent.join("cgroup.controllers")).ok()?;
    if !["memory", "pids"].iter().all(|wanted| offered.split_whitespace().any(|c| c == *wanted)) {
        return None;
    }
    let leaf = own_directory(&parent, "runner")?;
    fs::write(leaf.join("cgroup.procs"), "0").ok()?;
    fs::write(parent.join("cgroup.subtree_control"), "+memory +pids").ok()?;
    let directory = parent.join(name);
    Cgroups { version: CgroupVersion::V2, memory: directory.clone(), processes: directory }.tried()
}

fn own_directory(parent: &Path, name: &str) -> Option<PathBuf> {
    let directory = parent.join(name);
    match fs::create_dir(&directory) {
        Ok(()) => Some(directory),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Some(directory),
        Err(_) => None,
    }
}

/// The path in `/proc/self/cgroup` (`id:controllers:path`) of the hierarchy whose controllers are wanted.
fn own_path(own: &str, wanted: impl Fn(&str) -> bool) -> Option<&str> {
    own.lines().find_map(|line| {
        let (_, rest) = line.split_once(':')?;
        let (controllers, path) = rest.split_once(':')?;
        wanted(controllers).then_some(path)
    })
}

/// Where `path` of a hierarchy is found in the file system (proc_pid_mountinfo(5)).
fn mounted(mounts: &str, kind: &str, options: impl Fn(&str) -> bool, path: &str) -> Option<PathBuf> {
    mounts.lines().find_map(|line| {
        let (left, right) = line.split_once(" - ")?;
        let mut left = left.split(' ').skip(3);
        let (root, point) = (left.next()?, left.next()?);
        let mut right = right.split(' ');
        let (this, _, super_options) = (right.next()?, right.next()?, right.next()?);
        if this != kind || !options(super_options) {
            return None;
        }
        let below = Path::new(path).strip_prefix(root).ok()?;
        Some(Path::new(point).join(below))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "30 20 0:25 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n\
                          31 20 0:26 /box /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n\
                          32 20 0:27 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";
    const OWN: &str = "8:pids:/box/me\n4:cpu,memory:/a/b\n0::/user.slice\n";

    #[test]
    fn a_hierarchy_is_found_below_the_root_it_is_mounted_from() {
        let pids = own_path(OWN, |c| c == "pids").expect("pids");
        assert_eq!(
            mounted(MOUNTS, "cgroup", |o| o.ends_with("pids"), pids),
            Some("/sys/fs/cgroup/pids/me".into())
        );
        let memory = own_path(OWN, |c| c.split(',').any(|c| c == "memory")).expect("memory");
        assert_eq!(
            mounted(MOUNTS, "cgroup", |o| o.ends_with("memory"), memory),
            Some("/sys/fs/cgroup/memory/a/b".into())
        );
        let unified = own_path(OWN, str::is_empty).expect("unified");
        assert_eq!(
            mounted(MOUNTS, "cgroup2", |_| true, unified),
            Some("/sys/fs/cgroup/unified/user.slice".into())
        );
        assert_eq!(mounted(MOUNTS, "cgroup", |o| o.ends_with("pids"), "/elsewhere"), None);
    }
}
