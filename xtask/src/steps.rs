//! A row of steps, each timed, all told at the end. A failed step doesn't stop the next: one run shows everything.

use std::time::Duration;

use anyhow::Result;

use crate::clock::{Stopwatch, show};

#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<(String, Outcome)>,
}

enum Outcome {
    Passed(Duration),
    Failed(Duration, String),
    LeftOut(String),
}

impl Steps {
    /// Runs one step, tells its name first and its fault at once.
    pub(crate) fn run<T>(&mut self, name: &str, step: impl FnOnce() -> Result<T>) -> Option<T> {
        println!("\n── {name}");
        let watch = Stopwatch::start();
        let (outcome, value) = match step() {
            Ok(value) => (Outcome::Passed(watch.elapsed()), Some(value)),
            Err(error) => {
                eprintln!("{error:#}");
                (Outcome::Failed(watch.elapsed(), first_line(&format!("{error:#}"))), None)
            }
        };
        self.done.push((name.to_owned(), outcome));
        value
    }

    /// Notes what this run does not look at, and why.
    pub(crate) fn leave_out(&mut self, name: &str, why: &str) {
        self.done.push((name.to_owned(), Outcome::LeftOut(why.to_owned())));
    }

    pub(crate) fn failed(&self) -> usize {
        self.done.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Failed(..))).count()
    }

    /// One line per step.
    pub(crate) fn summary(&self) -> String {
        let line = |(name, outcome): &(String, Outcome)| match outcome {
            Outcome::Passed(time) => format!("  passed    {name:<28} {:>12}\n", show(*time)),
            Outcome::Failed(time, fault) => format!("  FAILED    {name:<28} {:>12}  {fault}\n", show(*time)),
            Outcome::LeftOut(why) => format!("  left out  {name:<28} {why}\n"),
        };
        self.done.iter().map(line).collect()
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_counted_and_told_and_the_next_step_runs() {
        let mut steps = Steps::default();
        assert!(steps.run("first", || -> Result<()> { anyhow::bail!("broken\ndetails") }).is_none());
        assert_eq!(steps.run("second", || Ok(7)), Some(7));
        steps.leave_out("third", "no browser");
        assert_eq!(steps.failed(), 1);
        let summary = steps.summary();
        assert!(summary.contains("FAILED    first") && summary.contains("  broken\n"), "{summary}");
        assert!(summary.contains("passed    second"), "{summary}");
        assert!(summary.contains("left out  third") && summary.contains("no browser"), "{summary}");
    }
}
