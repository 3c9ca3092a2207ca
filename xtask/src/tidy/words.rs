//! Words that don't belong in the repository. The lists are spelled in pieces so that this file passes its own check.

use super::{File, Findings};

/// Places of one developer's machine.
const MACHINE: [&str; 3] = [concat!("/wo", "rk/"), concat!("/fa", "rm/"), concat!("/ro", "ot/.")];
/// Package registries' hosts: a registry goes by its plain name, and the ordinary client knows where it is.
const REGISTRIES: [&str; 6] = [
    concat!("crates", ".io"),
    concat!("static.", "rust-lang"),
    concat!("pypi", ".org"),
    concat!("files.", "pythonhosted"),
    concat!("registry.", "npmjs"),
    concat!("deb.", "debian.org"),
];
/// Tests that don't run and code that isn't there.
const WEAK_RUST: [&str; 4] = [
    concat!("#[ign", "ore"),
    concat!("tod", "o!("),
    concat!("unimpl", "emented!("),
    concat!("assert!(", "true)"),
];
const WEAK_WEB: [&str; 4] =
    [concat!(".sk", "ip("), concat!("test.fix", "me"), concat!(".on", "ly("), concat!("@ts-ign", "ore")];
const WEAK_SHELL: &str = concat!("|| ", "true");

pub(super) fn check(file: &File, findings: &mut Findings) {
    let lock = file.ends(&[".lock", "package-lock.json"]);
    // cargo-deny's list of allowed sources has to name them.
    let hosts_allowed = lock || file.path == "deny.toml";
    for (place, line) in file.lines() {
        if !lock && MACHINE.iter().any(|path| names_path(line, path)) {
            findings.fault(&place, "a path of one developer's machine");
        }
        if !hosts_allowed && REGISTRIES.iter().any(|host| line.contains(host)) {
            findings.fault(&place, "a package registry's host; write the registry's plain name");
        }
        let weak: &[&str] = match () {
            () if file.ends(&[".rs"]) => &WEAK_RUST,
            () if file.ends(&[".ts", ".tsx"]) => &WEAK_WEB,
            () => &[],
        };
        if let Some(word) = weak.iter().find(|word| line.contains(**word)) {
            findings.fault(&place, format!("`{word}`: skipped, stubbed or toothless"));
        }
        if (file.ends(&[".sh"]) || file.path == ".ci/run") && line.trim_end().ends_with(WEAK_SHELL) {
            findings.fault(&place, "a failure that is swallowed");
        }
    }
}

/// Whether the line names something under `path`, and not merely a path with that folder further down.
fn names_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, found)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + found.len()..).and_then(|text| text.chars().next());
        let starts_there = !before.is_some_and(|char| char.is_alphanumeric() || char == '_' || char == '.');
        let goes_on =
            path.ends_with('.') || after.is_some_and(|char| char.is_ascii_lowercase() || char == '.');
        starts_there && goes_on
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::faults;
    use super::*;

    #[test]
    fn each_forbidden_word_is_found() {
        for path in MACHINE {
            assert_eq!(faults(check, "a.md", &format!("see {path}main\n")).len(), 1, "{path}");
        }
        for host in REGISTRIES {
            assert_eq!(faults(check, "a.md", &format!("from {host}\n")).len(), 1, "{host}");
            assert!(faults(check, "Cargo.lock", &format!("from {host}\n")).is_empty(), "{host}");
        }
        for word in WEAK_RUST {
            assert_eq!(faults(check, "a.rs", &format!("  {word}\n")).len(), 1, "{word}");
        }
        for word in WEAK_WEB {
            assert_eq!(faults(check, "a.ts", &format!("test{word}\n")).len(), 1, "{word}");
        }
        assert_eq!(faults(check, ".ci/run", &format!("make {WEAK_SHELL}\n")).len(), 1);
    }

    #[test]
    fn what_only_looks_alike_is_left_alone() {
        for line in
            ["https://example.com/work/items", "homework/main", "net/work/a", "in /wo rk", "x.skip(1)"]
        {
            assert!(faults(check, "a.rs", line).is_empty(), "{line}");
        }
    }
}
