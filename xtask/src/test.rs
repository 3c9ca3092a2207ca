//! `cargo xtask test`: everything that must hold before a change lands.

use anyhow::{Result, bail};

use crate::clock::{Stopwatch, show};
use crate::cmd::Cmd;
use crate::flags::Flags;
use crate::steps::Steps;
use crate::{end_to_end, nextest, setup, tidy, web};

/// What `--quick` does not look at.
const NOT_QUICK: [(&str, &str); 5] = [
    ("dependencies", "cargo deny"),
    ("doc tests", "cargo test --doc"),
    ("rustdoc", "cargo doc"),
    ("end to end", "countersign demo --check"),
    ("browser", "the walk through the admin center"),
];

/// `test [--quick]`
pub(crate) fn run(args: &[String]) -> Result<()> {
    let mut flags = Flags::new(args);
    let quick = flags.has("--quick");
    flags.done()?;

    let watch = Stopwatch::start();
    let mut steps = Steps::default();
    let Some(left_out) = steps.run("setup", setup::for_tests) else {
        bail!("the tests can't run on this machine as it is");
    };
    let mut without: Vec<&str> = left_out.iter().map(|(module, _)| *module).collect();

    // First: the server embeds what this makes.
    steps.run("web build", web::build);
    steps.run("web check", web::check);
    steps.run("tidy", tidy::check);
    steps.run("format", || Cmd::cargo("fmt --all --check").run());
    steps.run("clippy", || Cmd::cargo("clippy --workspace --all-targets -- -D warnings").run());
    if !quick {
        // Without `advisories`: that database is fetched from outside and is not part of a build.
        steps.run("dependencies", || Cmd::cargo("deny check bans licenses sources").run());
    }
    if quick {
        without.push("slow");
    }
    let profile = if quick { "quick" } else { "ci" };
    let mut counted = None;
    steps.run("tests", || {
        let (outcome, count) = nextest::run(profile, &without, &[]);
        counted = count;
        outcome
    });
    if quick {
        for (name, what) in NOT_QUICK {
            steps.leave_out(name, what);
        }
        steps.leave_out("slow tests", "tests in modules named `slow`");
    } else {
        steps.run("doc tests", || Cmd::cargo("test --workspace --doc --quiet").run());
        steps.run("rustdoc", || {
            Cmd::cargo("doc --workspace --no-deps").env("RUSTDOCFLAGS", "-D warnings").run()
        });
        end_to_end::steps(&mut steps, without.contains(&"needs_browser"));
    }
    for (module, lacks) in left_out {
        steps.leave_out(&format!("tests in `{module}`"), &format!("first: {lacks}"));
    }

    println!("\n{}  in all {}\n", steps.summary(), show(watch.elapsed()));
    // Last, and only in nextest's own figures: what the tests themselves counted.
    if let Some(counted) = counted {
        println!("{}\n{}", counted.line, counted.plain());
    }
    match steps.failed() {
        0 => Ok(()),
        count => bail!("{count} of the steps above failed"),
    }
}
