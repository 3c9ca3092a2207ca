//! `cargo xtask demo`: the demo from source.

use anyhow::Result;

use crate::cmd::Cmd;
use crate::meta::Workspace;
use crate::{setup, web};

/// `demo [ARGS]`; the arguments go to `countersign demo` as they are.
pub(crate) fn run(args: &[String]) -> Result<()> {
    setup::for_building()?;
    web::build()?;
    let program = build()?;
    // Paths among the arguments are the caller's.
    let here = std::env::current_dir()?;
    Err(Cmd::new(program).arg("demo").args(args).current_dir(&here).become_it())
}

/// The program beside the command that stands for Exchange Online.
pub(crate) const SIMULATOR: &str = "countersign-exchange-simulator";

/// Builds the `countersign` command by itself, with the features it ships with and none that tests or other crates ask
/// for, and the simulator that the demonstration starts; gives the command's file.
pub(crate) fn build() -> Result<std::path::PathBuf> {
    Cmd::cargo("build --package countersign-cli").run()?;
    Cmd::cargo("build --package countersign-exchange-simulator").run()?;
    Ok(Workspace::load()?.target_dir.join("debug").join("countersign"))
}
