//! `countersign demo`: a throw-away organization on this machine that walks the main job aloud.
//!
//! Every step is a real command line of this binary, run as a person would run it, against a real server and runner on
//! loopback, with mails received over real SMTP. A step that does not end as it should ends the demonstration with an
//! error, so `--check` is a test.

mod acts;
mod elsewhere;
mod files;
mod mailbox;
mod person;
mod set_up;
mod targets;
mod theatre;

use std::path::PathBuf;

use anyhow::Context as _;

use crate::fault::{Fault, Outcome};
use theatre::Theatre;

/// What a demonstration is told.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Where to keep it; a new directory under the user's state directory unless given. Not under a directory that
    /// others may write to, since the runner trusts no file there.
    #[arg(long)]
    directory: Option<PathBuf>,
    /// The port of the server on 127.0.0.1; a free one unless given.
    #[arg(long)]
    port: Option<u16>,
    /// End after the last step instead of staying up.
    #[arg(long)]
    check: bool,
}

/// Walks the main job, then stays up until interrupted.
pub(crate) fn run(options: &Options) -> Outcome {
    walk(options).map_err(|error| Fault::failed(format!("{error:#}")))
}

fn walk(options: &Options) -> anyhow::Result<()> {
    let mut theatre = Theatre::open(options.directory.as_deref(), options.port)?;
    theatre.say("Countersign: the main job, in a throw-away organization on this machine");
    theatre.say(&format!("Everything lies in {}", theatre.directory().display()));
    let (cast, targets) = set_up::set_up(&mut theatre).context("setting up the organization")?;
    acts::walk(&mut theatre, &cast).context("walking the main job")?;
    elsewhere::walk(&mut theatre, &cast, &targets).context("running tasks on other systems")?;
    acts::prove(&mut theatre, &cast).context("proving it")?;
    if options.check {
        theatre.say("");
        theatre.say("Every step ended as it should.");
        return theatre.close();
    }
    theatre.curtain(&cast);
    theatre.stay_up();
    Ok(())
}
