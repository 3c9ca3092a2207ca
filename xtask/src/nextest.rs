//! Runs the tests with nextest and reads its closing line, so that the figures we print are the ones it counted.

use std::io::IsTerminal;

use anyhow::{Result, bail};

use crate::cmd::Cmd;

/// What nextest counted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
    /// nextest's own closing line.
    pub(crate) line: String,
}

impl Counted {
    /// The plain form: `12 passed, 0 failed, 1 skipped`.
    pub(crate) fn plain(&self) -> String {
        format!("{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// Runs the workspace's tests under a profile of `.config/nextest.toml`, without those that stand in a module named
/// in `without`. Gives the outcome apart from the count: a run that was broken off has no count.
pub(crate) fn run(profile: &str, without: &[&str], env: &[(&str, String)]) -> (Result<()>, Option<Counted>) {
    let mut counted = None;
    let mut cmd = Cmd::cargo("nextest run --workspace --profile").arg(profile);
    if std::io::stderr().is_terminal() {
        cmd = cmd.args(["--color", "always"]);
    }
    if let Some(filter) = filter(without) {
        cmd = cmd.args(["--filterset", &filter]);
    }
    for (name, value) in env {
        cmd = cmd.env(name, value);
    }
    let outcome = cmd.watch(|line| {
        if let Some(found) = read(line) {
            counted = Some(found);
        }
    });
    (judge(outcome, counted.as_ref()), counted)
}

fn judge(outcome: Result<bool>, counted: Option<&Counted>) -> Result<()> {
    match (outcome?, counted) {
        (true, Some(counted)) if counted.passed == 0 => bail!("no test was run"),
        (true, Some(_)) => Ok(()),
        (true, None) => bail!("nextest told no count"),
        (false, Some(counted)) => bail!("{}", counted.plain()),
        (false, None) => bail!("the tests could not be built or run"),
    }
}

/// nextest's filter language: <https://nexte.st/docs/filtersets/>.
fn filter(without: &[&str]) -> Option<String> {
    let parts: Vec<String> = without.iter().map(|module| format!("not test(/(^|::){module}::/)")).collect();
    if parts.is_empty() { None } else { Some(parts.join(" and ")) }
}

/// Reads `Summary [   1.2s] 5 tests run: 4 passed (1 slow), 1 timed out, 2 skipped`. A label that we don't know gives
/// nothing rather than a guess.
fn read(line: &str) -> Option<Counted> {
    let line = plain_text(line);
    let line = line.trim();
    let (_, figures) = line.strip_prefix("Summary [")?.split_once("run: ")?;
    let mut counted = Counted { passed: 0, failed: 0, skipped: 0, line: line.to_owned() };
    for figure in without_asides(figures).split(',') {
        let (number, label) = figure.trim().split_once(' ')?;
        let number: u64 = number.parse().ok()?;
        match label.trim() {
            "passed" => counted.passed += number,
            "failed" | "timed out" | "exec failed" => counted.failed += number,
            "skipped" => counted.skipped += number,
            _ => return None,
        }
    }
    Some(counted)
}

/// The text without terminal colours.
fn plain_text(line: &str) -> String {
    let mut plain = String::new();
    let mut chars = line.chars();
    while let Some(char) = chars.next() {
        if char == '\u{1b}' {
            // A colour is ESC [ … m.
            let _ = chars.find(|char| *char == 'm');
        } else {
            plain.push(char);
        }
    }
    plain
}

/// The text without what stands in parentheses.
fn without_asides(text: &str) -> String {
    let mut depth = 0_u32;
    let mut kept = String::new();
    for char in text.chars() {
        match char {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(char),
            _ => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(line: &str) -> Option<(u64, u64, u64)> {
        read(line).map(|counted| (counted.passed, counted.failed, counted.skipped))
    }

    #[test]
    fn the_closing_line_is_read() {
        let cases = [
            ("     Summary [   0.007s] 3 tests run: 3 passed, 0 skipped", (3, 0, 0)),
            (
                "Summary [  61.2s] 9 tests run: 6 passed (1 slow, 1 leaky), 2 failed, 1 timed out, 4 skipped",
                (6, 3, 4),
            ),
            ("Summary [   0.1s] 4/9 tests run: 3 passed, 1 exec failed, 0 skipped", (3, 1, 0)),
            (
                "\u{1b}[32;1m     Summary\u{1b}[0m [   0.1s] \u{1b}[1m1\u{1b}[0m test run: \u{1b}[1m1\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, \u{1b}[1m0\u{1b}[0m \u{1b}[33;1mskipped\u{1b}[0m",
                (1, 0, 0),
            ),
        ];
        for (line, expected) in cases {
            assert_eq!(figures(line), Some(expected), "{line}");
        }
    }

    #[test]
    fn other_lines_and_unknown_labels_give_nothing() {
        for line in [
            "        PASS [   0.004s] ledger tree::tests::empty",
            "Summary [ 0.1s] 3 tests run: 3 succeeded",
            "Summary [ 0.1s] 3 tests run: three passed",
            "",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn a_run_without_tests_or_count_is_no_success() {
        let none = Counted { passed: 0, failed: 0, skipped: 3, line: String::new() };
        assert!(judge(Ok(true), Some(&none)).is_err());
        assert!(judge(Ok(true), None).is_err());
        let some = Counted { passed: 1, failed: 0, skipped: 0, line: String::new() };
        assert!(judge(Ok(true), Some(&some)).is_ok());
        assert!(judge(Ok(false), Some(&some)).is_err());
    }

    #[test]
    fn modules_left_out_become_one_filter() {
        assert_eq!(filter(&[]), None);
        assert_eq!(
            filter(&["needs_go", "slow"]).unwrap(),
            "not test(/(^|::)needs_go::/) and not test(/(^|::)slow::/)"
        );
    }
}
