//! Architecture decision records: `docs/adr/NNNN-name.md`, a title, a status.

use std::collections::BTreeMap;

use super::{File, Findings};

pub(super) fn check(files: &[File], findings: &mut Findings) {
    let mut numbers: BTreeMap<&str, &str> = BTreeMap::new();
    for file in files.iter().filter(|file| file.path.starts_with("docs/adr/")) {
        let name = file.file_name();
        if name == "README.md" {
            continue;
        }
        let Some(number) = number(name) else {
            findings.fault(&file.path, "records are named NNNN-name.md");
            continue;
        };
        if let Some(other) = numbers.insert(number, &file.path) {
            findings.fault(&file.path, format!("has the number of {other}"));
        }
        record(file, findings);
    }
}

fn number(name: &str) -> Option<&str> {
    let (number, rest) = name.split_once('-')?;
    let numbered = number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit());
    (numbered && rest.len() > ".md".len() && rest.ends_with(".md")).then_some(number)
}

fn record(file: &File, findings: &mut Findings) {
    let title = file.text.lines().next().unwrap_or_default();
    if title.strip_prefix("# ").is_none_or(|title| title.trim().is_empty()) {
        findings.fault(&file.path, "its first line is no title (`# …`)");
    }
    let status = file.text.lines().find_map(|line| line.strip_prefix("Status: "));
    let known = |status: &str| {
        let superseded = status.strip_prefix("superseded by ").is_some_and(|by| by.len() == 4);
        matches!(status, "proposed" | "accepted") || superseded
    };
    if !status.is_some_and(|status| known(status.trim())) {
        findings.fault(&file.path, "has no line `Status: proposed`, `accepted` or `superseded by NNNN`");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(files: &[(&str, &str)]) -> usize {
        let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: (*text).to_owned() };
        let mut findings = Findings::default();
        check(&files.iter().map(file).collect::<Vec<_>>(), &mut findings);
        findings.faults.len()
    }

    #[test]
    fn a_record_has_number_title_and_status() {
        let good = "# One crypto provider\n\nStatus: accepted\n";
        assert_eq!(faults(&[("docs/adr/0001-one.md", good), ("docs/adr/README.md", "")]), 0);
        assert_eq!(faults(&[("docs/adr/0001-one.md", "# A\n\nStatus: superseded by 0002\n")]), 0);
        assert_eq!(faults(&[("docs/adr/1-one.md", good)]), 1);
        assert_eq!(faults(&[("docs/adr/0001-one.md", "One\n\nStatus: accepted\n")]), 1);
        assert_eq!(faults(&[("docs/adr/0001-one.md", "# One\n\nStatus: nice\n")]), 1);
        assert_eq!(faults(&[("docs/adr/0001-one.md", good), ("docs/adr/0001-two.md", good)]), 1);
    }
}
