//! How long files are and how their lines end.

use super::{File, Findings};

/// Past this a file gets a warning: what else lives there?
const LONG: usize = 700;
/// Past this it fails.
const TOO_LONG: usize = 1000;

pub(super) fn check(file: &File, findings: &mut Findings) {
    length(file, findings);
    line_ends(file, findings);
}

fn length(file: &File, findings: &mut Findings) {
    let generated = file.path.contains("generated") || file.path.contains(".gen.");
    if generated || !file.ends(&[".rs", ".ts", ".tsx"]) {
        return;
    }
    let lines = file.text.lines().count();
    if lines > TOO_LONG {
        findings.fault(&file.path, format!("{lines} lines, more than {TOO_LONG}"));
    } else if lines > LONG {
        findings.warn(&file.path, format!("{lines} lines, more than {LONG}: what else lives there?"));
    }
}

fn line_ends(file: &File, findings: &mut Findings) {
    // Snapshots and test data hold what others print, byte for byte.
    let verbatim = ["/snapshots/", "/testdata/", "/fixtures/"].iter().any(|dir| file.path.contains(dir));
    let ours =
        ["rs", "ts", "tsx", "css", "html", "md", "toml", "json", "sql", "yml", "yaml", "sh", "go", "j2"];
    let ending = file.file_name().rsplit('.').next().unwrap_or_default();
    if verbatim || !(ours.contains(&ending) || file.path == ".ci/run") {
        return;
    }
    for (place, line) in file.lines() {
        if line.ends_with([' ', '\t', '\r']) {
            findings.fault(&place, "white space at the end of the line");
        }
    }
    if !file.text.is_empty() && !file.text.ends_with('\n') {
        findings.fault(&file.path, "its last line has no end");
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::faults;
    use super::*;

    #[test]
    fn length_fails_past_a_thousand_lines() {
        assert!(faults(check, "a/b.rs", &"x\n".repeat(1000)).is_empty());
        assert_eq!(faults(check, "a/b.rs", &"x\n".repeat(1001)), ["a/b.rs: 1001 lines, more than 1000"]);
        assert!(faults(check, "a/api.gen.ts", &"x\n".repeat(1001)).is_empty());
        assert!(faults(check, "a/b.md", &"x\n".repeat(1001)).is_empty());
    }

    #[test]
    fn length_warns_past_seven_hundred() {
        let mut findings = Findings::default();
        check(&File { path: "b.tsx".into(), text: "x\n".repeat(701) }, &mut findings);
        assert!(findings.faults.is_empty());
        assert_eq!(findings.warnings.len(), 1);
    }

    #[test]
    fn line_ends_are_clean() {
        assert_eq!(faults(check, "a.rs", "one \ntwo\n"), ["a.rs:1: white space at the end of the line"]);
        assert_eq!(faults(check, "a.md", "one"), ["a.md: its last line has no end"]);
        assert!(faults(check, "a/snapshots/b.md", "one \n").is_empty());
        assert!(faults(check, "LICENSE", "one \n").is_empty());
    }
}
