//! Pages that say where things are: the files and folders they name are there.

use std::collections::BTreeSet;

use super::{File, Findings};

const PAGES: [&str; 3] = ["ARCHITECTURE.md", "CONTRIBUTING.md", "docs/runspaces.md"];
/// Endings of names that are files even without a folder before them.
const ENDINGS: [&str; 5] = [".rs", ".ts", ".tsx", ".md", ".json"];
/// Folders that no text file is in: made by commands and not kept, or of pictures alone.
const WITHOUT_TEXT: [&str; 3] = ["web/dist", "web/screenshots", "docs/screens"];

pub(super) fn check(files: &[File], findings: &mut Findings) {
    let places = places(files);
    for (place, line) in files.iter().filter(|file| PAGES.contains(&file.path.as_str())).flat_map(lines) {
        for name in line.split('`').skip(1).step_by(2).filter(|name| is_path(name)) {
            let name = name.trim_end_matches('/');
            if !WITHOUT_TEXT.contains(&name) && !places.contains(name) {
                findings
                    .fault(&place, format!("there is no file or folder whose path is or ends with `{name}`"));
            }
        }
    }
}

/// Every ending, by whole segments, of the path of every file and of every folder.
fn places(files: &[File]) -> BTreeSet<&str> {
    let mut places = BTreeSet::new();
    for file in files {
        let mut path = file.path.as_str();
        loop {
            let mut ending = path;
            places.insert(ending);
            while let Some((_, rest)) = ending.split_once('/') {
                ending = rest;
                places.insert(ending);
            }
            match path.rsplit_once('/') {
                Some((folder, _)) => path = folder,
                None => break,
            }
        }
    }
    places
}

/// The lines outside of blocks of code.
fn lines(file: &File) -> impl Iterator<Item = (String, &str)> {
    let mut code = false;
    file.lines().filter(move |(_, line)| {
        let fence = line.starts_with("```");
        code ^= fence;
        !fence && !code
    })
}

/// Names of commands, routes, fields and the like are no paths; one with a capital place-holder is a pattern.
fn is_path(name: &str) -> bool {
    let plain = name.chars().all(|of| of.is_ascii_alphanumeric() || "._-/".contains(of));
    let pattern = name.split(['/', '.']).any(|part| part.starts_with("NAME") || part.ends_with("NAME"));
    plain && !pattern && !name.starts_with(['/', '.']) && (is_nested(name) || is_file(name))
}

fn is_nested(name: &str) -> bool {
    name.contains('/')
}

fn is_file(name: &str) -> bool {
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let file = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
        let mut findings = Findings::default();
        check(&[file("crates/a/src/noun/act.rs", ""), file("CONTRIBUTING.md", text)], &mut findings);
        findings.faults
    }

    #[test]
    fn a_page_names_files_and_folders_that_are_there() {
        let good = "`crates/a/src/noun/act.rs` `noun/act.rs` `act.rs` `a/src/noun` `noun/` `web/dist` `CONTRIBUTING.md`";
        assert_eq!(faults(good), [""; 0]);
        assert_eq!(
            faults("`cargo xtask` `call.change(…)` `/api/v1/x` `src/NAME/run.rs` `core::gate`"),
            [""; 0]
        );
        assert_eq!(faults("```text\n`gone/act.rs`\n```\n"), [""; 0]);
    }

    #[test]
    fn one_that_is_gone_is_found() {
        for gone in ["gone.rs", "gone/act.rs", "un/act.rs", "a/src/nouns", "crates/a/noun", "noun/act"] {
            let found = faults(&format!("one\nsee `{gone}`"));
            assert_eq!(
                found,
                [format!(
                    "CONTRIBUTING.md:2: there is no file or folder whose path is or ends with `{gone}`"
                )]
            );
        }
    }
}
