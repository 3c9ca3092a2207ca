//! Every crate keeps the workspace's lints and says at its root what it is.

use std::path::Path;

use anyhow::{Context, Result};

use super::Findings;
use crate::cmd::root;
use crate::meta::Workspace;

pub(super) fn check(workspace: &Workspace, findings: &mut Findings) -> Result<()> {
    for krate in &workspace.crates {
        let manifest = read(&krate.manifest)?;
        if !keeps_lints(&manifest) {
            let fault =
                "needs `[lints] workspace = true`, or a table of its own with the reason in a comment above";
            findings.fault(&shown(&krate.manifest), fault);
        }
        let roots = krate
            .targets
            .iter()
            .filter(|target| matches!(target.kind.as_str(), "lib" | "bin" | "proc-macro"));
        for target in roots {
            if !says_what_it_is(&read(&target.source)?) {
                findings.fault(&shown(&target.source), "starts without a `//!` that says what it is");
            }
        }
    }
    Ok(())
}

fn keeps_lints(manifest: &str) -> bool {
    let mut above = "";
    let mut in_lints = false;
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            in_lints = line == "[lints]";
            if line.starts_with("[lints.") {
                return above.starts_with('#');
            }
        }
        if in_lints && line.replace(' ', "") == "workspace=true" {
            return true;
        }
        above = line;
    }
    false
}

fn says_what_it_is(source: &str) -> bool {
    source
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("//! "))
        .is_some_and(|text| !text.trim().is_empty())
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lints_are_the_workspaces_or_have_a_reason() {
        assert!(keeps_lints("[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n"));
        assert!(keeps_lints("# One file here calls the kernel.\n[lints.rust]\nunsafe_code = \"deny\"\n"));
        assert!(!keeps_lints("[lints.rust]\nunsafe_code = \"allow\"\n"));
        assert!(!keeps_lints("[lints]\nworkspace = false\n"));
        assert!(!keeps_lints("[package]\nworkspace = true\n"));
    }

    #[test]
    fn a_crate_says_what_it_is() {
        assert!(says_what_it_is("//! The gate.\n\nuse std;\n"));
        assert!(!says_what_it_is("use std;\n//! Late.\n"));
        assert!(!says_what_it_is("//! \n"));
    }
}
