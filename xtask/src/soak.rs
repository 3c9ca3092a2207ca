//! `cargo xtask soak`: the tests round after round, with many more random cases than a change has to pass.

use std::path::Path;

use anyhow::{Context, Result};

use crate::clock::{Stopwatch, show};
use crate::cmd::{Cmd, root};
use crate::flags::Flags;
use crate::{nextest, setup};

/// `soak [--minutes N] [--cases N] [--record]`: rounds until the minutes are used up, at least one; the first failure
/// ends it. A round that has begun is finished.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let mut flags = Flags::new(args);
    let minutes = flags.number("--minutes")?.unwrap_or(30);
    let cases = flags.number("--cases")?.unwrap_or(4096);
    let record = flags.has("--record");
    flags.done()?;

    let left_out = setup::for_tests()?;
    let without: Vec<&str> = left_out.iter().map(|(module, _)| *module).collect();
    let watch = Stopwatch::start();
    let (mut rounds, mut passed) = (0_u64, 0_u64);
    while rounds == 0 || watch.elapsed().as_secs() < minutes.saturating_mul(60) {
        println!(
            "\n── round {}, {cases} random cases per property, {} so far",
            rounds + 1,
            show(watch.elapsed())
        );
        let env = [("PROPTEST_CASES", cases.to_string())];
        let (outcome, counted) = nextest::run("soak", &without, &env);
        outcome.with_context(|| format!("round {} failed", rounds + 1))?;
        rounds += 1;
        passed += counted.map_or(0, |counted| counted.passed);
    }
    let result = format!(
        "{rounds} rounds, {passed} tests passed, {cases} random cases per property, {}",
        show(watch.elapsed())
    );
    println!("\n{result}");
    if record {
        keep(&result, &without)?;
    }
    Ok(())
}

/// Replaces `docs/soak.md` by this result.
fn keep(result: &str, without: &[&str]) -> Result<()> {
    let commit = Cmd::new("git").args(["rev-parse", "--short", "HEAD"]).read()?;
    let day = Cmd::new("date").args(["--utc", "+%F"]).read()?;
    let machine = Cmd::new("uname").args(["-srm"]).read()?;
    let cores = std::thread::available_parallelism()?;
    let mut text = format!(
        "# The last soak\n\nMade by `cargo xtask soak --record`.\n\n* {result}\n* commit {}, {}\n* {}, {cores} cores\n",
        commit.trim(),
        day.trim(),
        machine.trim(),
    );
    for module in without {
        text.push_str(&format!("* left out: tests in modules named `{module}`\n"));
    }
    let file: &Path = &root().join("docs/soak.md");
    std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}
