//! The admin center: its modules, its build, its checks, and its walk in a real browser.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::cmd::{Cmd, root};
use crate::steps::Steps;

/// Where it lives.
fn folder() -> PathBuf {
    root().join("web")
}

fn npm(words: &str) -> Cmd {
    // What a package may run at its installation is nobody's to decide but ours: nothing.
    Cmd::new("npm").args(words.split(' ')).current_dir(&folder()).env("npm_config_ignore_scripts", "true")
}

/// What the modules were installed from; they are installed anew where the lock file says something else.
fn stamp() -> PathBuf {
    folder().join("node_modules").join(".countersign-lock.json")
}

/// Whether the modules are those of the lock file.
pub(crate) fn has_modules() -> bool {
    let lock = std::fs::read(folder().join("package-lock.json")).ok();
    lock.is_some() && std::fs::read(stamp()).ok() == lock
}

/// Installs the modules of the lock file, if they are not there.
pub(crate) fn modules() -> Result<()> {
    if has_modules() {
        return Ok(());
    }
    npm("ci --ignore-scripts --no-fund --no-audit")
        .run()
        .context("npm could not install the admin center's modules; try `npm ci --ignore-scripts` in web")?;
    std::fs::copy(folder().join("package-lock.json"), stamp()).context("noting what was installed")?;
    Ok(())
}

/// Builds `web/dist`, which the next build of the server embeds; leaves it alone where nothing is newer.
pub(crate) fn build() -> Result<()> {
    modules()?;
    let built = newest(&folder().join("dist"))?;
    let sources = ["src", "scripts", "index.html", "vite.config.ts", "package-lock.json", "tsconfig.json"];
    let mut changed = None;
    for source in sources {
        changed = changed.max(newest(&folder().join(source))?);
    }
    if built.is_some() && built >= changed {
        println!("web/dist is newer than what it is made of");
        return Ok(());
    }
    npm("run --silent build").run()
}

/// The last change of a file, or of any file below a directory; none where there is nothing.
fn newest(path: &Path) -> Result<Option<SystemTime>> {
    if path.is_file() {
        return Ok(Some(path.metadata()?.modified()?));
    }
    let mut newest = None;
    if path.is_dir() {
        for entry in std::fs::read_dir(path)? {
            newest = newest.max(self::newest(&entry?.path())?);
        }
    }
    Ok(newest)
}

/// Everything that can be said without a server.
pub(crate) fn check() -> Result<()> {
    for words in ["run generate:check", "run lint", "run types", "test", "run size"] {
        npm(words).run()?;
    }
    Ok(())
}

/// The walk in the browser, against the built command.
pub(crate) fn browser(steps: &mut Steps, program: &Path, left_out: bool) {
    if left_out {
        return steps.leave_out("browser", "the browser's walk through the admin center");
    }
    steps.run("browser", || {
        if !program.is_file() {
            bail!("{} is not there", program.display());
        }
        npm("run e2e").env("COUNTERSIGN_BIN", program).run()
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_change_below_a_directory_counts() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(newest(dir.path()).unwrap(), None);
        std::fs::create_dir(dir.path().join("a")).unwrap();
        let deep = dir.path().join("a").join("b");
        std::fs::write(&deep, "x").unwrap();
        let later = SystemTime::now() + std::time::Duration::from_secs(100);
        std::fs::File::options().write(true).open(&deep).unwrap().set_modified(later).unwrap();
        assert_eq!(newest(dir.path()).unwrap(), Some(later));
        assert_eq!(newest(&deep).unwrap(), Some(later));
        assert_eq!(newest(&dir.path().join("nothing")).unwrap(), None);
    }
}
