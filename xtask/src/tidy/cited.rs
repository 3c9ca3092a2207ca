//! Pages whose tables end with the tests that hold each row: the tests they name are there.

use std::collections::BTreeSet;

use super::{File, Findings};

const PAGES: [&str; 2] = ["docs/conformance.md", "docs/weaknesses.md"];

pub(super) fn check(files: &[File], findings: &mut Findings) {
    let tests: BTreeSet<&str> = files.iter().filter(|file| file.ends(&[".rs"])).flat_map(functions).collect();
    let pages = files.iter().filter(|file| PAGES.contains(&file.path.as_str()));
    for (place, line) in pages.flat_map(File::lines).filter(|(_, line)| line.starts_with("| ")) {
        let last = line.trim_end().trim_end_matches('|').rsplit('|').next().unwrap_or_default();
        for named in last.split('`').skip(1).step_by(2).filter(|named| !tests.contains(named)) {
            findings.fault(&place, format!("there is no test `{named}`"));
        }
    }
}

/// The names behind `fn` in a file.
fn functions(file: &File) -> impl Iterator<Item = &str> {
    file.text.lines().filter_map(|line| {
        let (_, rest) = line.split_once("fn ")?;
        rest.split_once('(').map(|(name, _)| name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_names_no_test_of_ours_is_found() {
        let file = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
        let code = file("crates/a/tests/it/b.rs", "#[test]\nfn it_holds() {\n}\n");
        let faults = |row: &str| {
            let mut findings = Findings::default();
            check(
                &[file("crates/a/tests/it/b.rs", &code.text), file("docs/weaknesses.md", row)],
                &mut findings,
            );
            findings.faults.len()
        };
        assert_eq!(faults("| `New-Thing` | same | | `it_holds` |"), 0);
        assert_eq!(faults("| x | same | | |"), 0);
        assert_eq!(faults("| x | same | | `it_holds` `it_did_hold` |"), 1);
    }
}
