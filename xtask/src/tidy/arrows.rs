//! Which crate may use which. The table is the architecture: an arrow that isn't in it is a decision, to be made here
//! and in ARCHITECTURE together.

use super::Findings;
use crate::meta::Workspace;

/// A crate of ours, what it may use of ours, and whether it is pure: no clock, socket, file or randomness, not even
/// through something that it is built from.
struct Rule {
    name: &'static str,
    may_use: &'static [&'static str],
    pure: bool,
}

const fn pure(name: &'static str, may_use: &'static [&'static str]) -> Rule {
    Rule { name, may_use, pure: true }
}

const fn rule(name: &'static str, may_use: &'static [&'static str]) -> Rule {
    Rule { name, may_use, pure: false }
}

/// From the bottom up; nothing uses what stands below it.
const RULES: [Rule; 18] = [
    pure("text", &[]),
    pure("ledger", &["text"]),
    pure("core", &["ledger", "text"]),
    pure("verify", &["ledger", "text"]),
    rule("store", &["core", "ledger", "text"]),
    rule("sandbox", &[]),
    rule("runspace", &["sandbox", "text"]),
    rule("remote", &["sandbox", "runspace", "text"]),
    rule("runner", &["sandbox", "runspace", "remote", "text"]),
    rule("pack", &["core", "sandbox", "runspace", "text"]),
    rule("notify", &["core", "text"]),
    rule("identity", &["core", "text"]),
    rule("engine", &["core", "ledger", "store", "runspace", "runner", "identity", "notify", "text"]),
    rule("client", &["text"]),
    rule("server", &["core", "ledger", "pack", "store", "engine", "notify", "identity", "text"]),
    rule(
        "cli",
        &[
            "core", "ledger", "verify", "pack", "store", "sandbox", "runspace", "runner", "notify",
            "identity", "engine", "client", "server", "text",
        ],
    ),
    rule("exchange-simulator", &[]),
    rule("xtask", &[]),
];

/// What makes a crate impure: it talks to the world or runs tasks.
const IMPURE: [&str; 16] = [
    "axum",
    "fs-err",
    "getrandom",
    "hyper",
    "lettre",
    "libsqlite3-sys",
    "mio",
    "rand",
    "reqwest",
    "rusqlite",
    "rustls",
    "socket2",
    "tokio",
    "tokio-postgres",
    "tower",
    "ureq",
];

/// The crates that must be pure.
pub(super) fn pure_crates() -> Vec<String> {
    RULES.iter().filter(|rule| rule.pure).map(|rule| format!("countersign-{}", rule.name)).collect()
}

pub(super) fn check(workspace: &Workspace, findings: &mut Findings) {
    for krate in &workspace.crates {
        let name = short(&krate.name);
        let Some(rule) = RULES.iter().find(|rule| rule.name == name) else {
            findings.fault(&krate.name, "has no place in the table of arrows (xtask/src/tidy/arrows.rs)");
            continue;
        };
        let ours = |used: &&str| workspace.crates.iter().any(|other| other.name == **used);
        for used in workspace.direct(krate).into_iter().filter(ours) {
            if !rule.may_use.contains(&short(used)) {
                findings
                    .fault(&krate.name, format!("uses {used}, an arrow that the architecture doesn't have"));
            }
        }
        // Tests too: who judges the rules a second time must not borrow them from the first.
        if name == "verify" && krate.named.iter().any(|used| short(used) == "core") {
            findings.fault(&krate.name, "names core; it states the rules a second time, without core");
        }
        if rule.pure {
            for used in workspace.built_from(krate).into_iter().filter(|used| IMPURE.contains(used)) {
                findings.fault(&krate.name, format!("is built from {used}; it must be pure"));
            }
        }
    }
}

fn short(name: &str) -> &str {
    name.strip_prefix("countersign-").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::tests::workspace;

    fn faults(members: &[&str], edges: &[(&str, &[&str])]) -> Vec<String> {
        let mut findings = Findings::default();
        check(&workspace(members, edges), &mut findings);
        findings.faults
    }

    #[test]
    fn an_arrow_up_is_found() {
        let members = ["countersign-core", "countersign-store"];
        let down: &[(&str, &[&str])] =
            &[("countersign-store", &["countersign-core"]), ("countersign-core", &[])];
        assert!(faults(&members, down).is_empty());
        let up: &[(&str, &[&str])] =
            &[("countersign-store", &[]), ("countersign-core", &["countersign-store"])];
        assert_eq!(faults(&members, up).len(), 1);
    }

    #[test]
    fn verify_may_not_name_core_even_in_tests() {
        let members = ["countersign-core", "countersign-verify"];
        let edges: &[(&str, &[&str])] =
            &[("countersign-verify", &["?countersign-core"]), ("countersign-core", &[])];
        assert_eq!(faults(&members, edges).len(), 1);
    }

    #[test]
    fn a_pure_crate_is_pure_all_the_way_down() {
        let far: &[(&str, &[&str])] =
            &[("countersign-core", &["clever"]), ("clever", &["tokio"]), ("tokio", &[])];
        assert_eq!(faults(&["countersign-core"], far).len(), 1);
        let in_tests: &[(&str, &[&str])] = &[("countersign-core", &["?tokio"]), ("tokio", &[])];
        assert!(faults(&["countersign-core"], in_tests).is_empty());
    }

    #[test]
    fn a_crate_without_a_rule_is_found() {
        assert_eq!(faults(&["countersign-extra"], &[("countersign-extra", &[])]).len(), 1);
    }

    #[test]
    fn the_table_itself_points_down_only() {
        for (at, rule) in RULES.iter().enumerate() {
            for used in rule.may_use {
                let place = RULES.iter().position(|other| other.name == *used);
                assert!(place.is_some_and(|place| place < at), "{} uses {used}", rule.name);
            }
        }
    }
}
