//! `cargo xtask setup`: what this machine lacks for the tests, and its installation by need.
//!
//! It installs programs only: with cargo into the user's own folder, with Debian's packages as root. It starts no
//! system service, and where it may not install, it says what to install.

mod debian;
mod need;
mod reach;

use anyhow::{Result, bail};

use crate::cmd::{Cmd, root};
use crate::flags::Flags;
pub(crate) use debian::is_root;
use need::{Get, Need, wanted};

/// `setup [--dry-run]`
pub(crate) fn run(args: &[String]) -> Result<()> {
    let mut flags = Flags::new(args);
    let dry = flags.has("--dry-run");
    flags.done()?;
    let needs = wanted();
    for need in &needs {
        print_plan(need);
    }
    let lacking: Vec<&Need> = needs.iter().filter(|need| !need.found()).collect();
    if lacking.is_empty() {
        println!("nothing to do");
        return Ok(());
    }
    if dry {
        println!("{} to install; nothing was changed", lacking.len());
        return Ok(());
    }
    refuse(&obtain(&lacking))
}

/// Brings this machine to where the tests can run. Gives the modules of tests that must be left out, each with what
/// they lack; in CI nothing may be left out.
pub(crate) fn for_tests() -> Result<Vec<(&'static str, String)>> {
    reach::check(root())?;
    let needs = wanted();
    let lacking: Vec<&Need> = needs.iter().filter(|need| !need.found()).collect();
    if lacking.is_empty() {
        println!("nothing to do: {} needs are met", needs.len());
        return Ok(Vec::new());
    }
    for need in &lacking {
        print_plan(need);
    }
    let (spared, fatal): (Vec<&Need>, Vec<&Need>) = obtain(&lacking)
        .into_iter()
        .partition(|need| need.tests.is_some() && std::env::var_os("CI").is_none());
    refuse(&fatal)?;
    let left_out = spared.iter().filter_map(|need| Some((need.tests?, need.by_hand())));
    Ok(left_out.collect())
}

/// What building and running the demo needs and nothing else.
pub(crate) fn for_building() -> Result<()> {
    let needs = wanted();
    let lacking: Vec<&Need> = needs.iter().filter(|need| need.to_build && !need.found()).collect();
    for need in &lacking {
        print_plan(need);
    }
    refuse(&obtain(&lacking))
}

fn print_plan(need: &Need) {
    let (mark, how) = if need.found() { ("have   ", String::new()) } else { ("install", need.plan()) };
    println!("{mark}  {:<22} {}{how}", need.name, need.why);
}

/// Installs what can be installed here; gives what is still missing.
fn obtain<'a>(lacking: &[&'a Need]) -> Vec<&'a Need> {
    let packages: Vec<&str> = lacking.iter().flat_map(|need| need.packages()).copied().collect();
    if !packages.is_empty()
        && let Err(error) = debian::install(&packages)
    {
        println!("{error:#}");
    }
    for need in lacking {
        if let Get::Cargo { name, version } = need.get
            && let Err(error) = cargo_install(name, version)
        {
            println!("{error:#}");
        }
    }
    lacking.iter().filter(|need| !need.found()).copied().collect()
}

/// Builds a tool into the user's cargo folder. Its intermediate files stay until it is done, so that a build that was
/// broken off goes on where it stopped.
fn cargo_install(name: &str, version: &str) -> Result<()> {
    let work = root().join("target").join("tools");
    println!("building {name} {version}: some minutes, once");
    Cmd::cargo("install --locked").args([name, "--version", version]).env("CARGO_TARGET_DIR", &work).run()?;
    // Nothing needs these again; that they stay if they can't be removed does no harm.
    drop(std::fs::remove_dir_all(work));
    Ok(())
}

fn refuse(missing: &[&Need]) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> =
        missing.iter().map(|need| format!("  {} ({}): {}", need.name, need.why, need.by_hand())).collect();
    bail!("still missing on this machine:\n{}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn absent() -> Need {
        Need {
            name: "moonstone",
            why: "a test of setup",
            is_there: || false,
            get: Get::ByHand("dig one up"),
            wanted: || true,
            to_build: false,
            tests: None,
        }
    }

    #[test]
    fn what_cannot_be_installed_is_named_with_what_to_do() {
        let need = absent();
        let missing = obtain(&[&need]);
        let told = refuse(&missing).unwrap_err().to_string();
        assert!(told.contains("moonstone (a test of setup): dig one up"), "{told}");
    }

    #[test]
    fn nothing_missing_is_nothing_refused() {
        assert!(refuse(&[]).is_ok());
    }
}
