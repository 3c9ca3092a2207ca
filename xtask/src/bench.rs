//! `cargo xtask bench`: the crates' benchmarks.

use anyhow::Result;

use crate::cmd::Cmd;
use crate::flags::Flags;
use crate::meta::Workspace;

/// `bench`
pub(crate) fn run(args: &[String]) -> Result<()> {
    Flags::new(args).done()?;
    let workspace = Workspace::load()?;
    let with: Vec<&str> = workspace
        .crates
        .iter()
        .filter(|krate| krate.targets.iter().any(|target| target.kind == "bench"))
        .map(|krate| krate.name.as_str())
        .collect();
    if with.is_empty() {
        println!("no crate defines a benchmark");
        return Ok(());
    }
    for name in with {
        Cmd::cargo("bench --benches --package").arg(name).run()?;
    }
    Ok(())
}
