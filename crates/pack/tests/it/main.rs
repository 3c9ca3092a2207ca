//! Task packs as their authors and their attackers write them.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at what it did not expect, also outside of #[test]"
)]

mod diff;
mod documented;
mod examples;
mod faults;
mod linted;
mod run;
mod shipped;

use std::collections::BTreeMap;

use countersign_pack::{Fault, Pack};

const MANIFEST: &str = "name = \"demo\"\nversion = \"1\"\nworkload = \"Demo\"\nrunspace = \"process\"\n";

const TASK: &str = r#"name = "Get-Usage"
[execution]
executor = "process"
program = "/usr/bin/df"
arguments = [{ literal = "--" }, { parameter = { name = "Path" } }]
[[parameters]]
name = "Path"
type = "string"
max_length = 200
"#;

const ROLES: &str = "[[roles]]\nname = \"Readers\"\ntasks = [\"Get-Usage\"]\n";

fn files(changed: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut files = BTreeMap::from([
        ("pack.toml".to_owned(), MANIFEST.to_owned()),
        ("tasks/usage.toml".to_owned(), TASK.to_owned()),
        ("roles.toml".to_owned(), ROLES.to_owned()),
    ]);
    files.extend(changed.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    files
}

fn pack(changed: &[(&str, &str)]) -> Result<Pack, Vec<Fault>> {
    Pack::from_files(&files(changed))
}

/// `file:line:column code` of each fault.
fn places(faults: &[Fault]) -> Vec<String> {
    let place =
        |fault: &Fault| format!("{}:{}:{} {}", fault.file, fault.line, fault.column, fault.code.as_str());
    faults.iter().map(place).collect()
}
