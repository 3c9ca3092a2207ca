//! What changed in a tenant since it was last asked, in sentences.

use std::collections::BTreeSet;

use countersign_text::visible;

use super::snapshot::Snapshot;

/// Nothing where there was no import before.
pub(super) fn between(before: Option<&Snapshot>, now: &Snapshot) -> Vec<String> {
    let Some(before) = before else { return Vec::new() };
    let mut changes = Vec::new();
    let mut say = |text: String| changes.push(visible(&text));
    let names = |one: Vec<&String>, other: Vec<&String>| -> BTreeSet<String> {
        one.into_iter().chain(other).cloned().collect()
    };
    let (old, new) = (before.cmdlets(), now.cmdlets());
    for cmdlet in names(old.keys().collect(), new.keys().collect()) {
        match (old.get(&cmdlet), new.get(&cmdlet)) {
            (None, Some(_)) => say(format!("+ cmdlet {cmdlet}")),
            (Some(_), None) => say(format!("- cmdlet {cmdlet}")),
            (Some(had), Some(has)) => {
                has.difference(had).for_each(|name| say(format!("+ parameter {cmdlet} -{name}")));
                had.difference(has).for_each(|name| say(format!("- parameter {cmdlet} -{name}")));
            }
            (None, None) => {}
        }
    }
    for role in names(before.roles.keys().collect(), now.roles.keys().collect()) {
        match (before.roles.get(&role), now.roles.get(&role)) {
            (None, Some(_)) => say(format!("+ role {role}")),
            (Some(_), None) => say(format!("- role {role}")),
            (Some(had), Some(has)) => {
                let added = has.keys().filter(|cmdlet| !had.contains_key(*cmdlet));
                added.for_each(|cmdlet| say(format!("+ {cmdlet} in the role {role}")));
                let gone = had.keys().filter(|cmdlet| !has.contains_key(*cmdlet));
                gone.for_each(|cmdlet| say(format!("- {cmdlet} in the role {role}")));
            }
            (None, None) => {}
        }
    }
    for group in names(before.role_groups.keys().collect(), now.role_groups.keys().collect()) {
        match (before.role_groups.get(&group), now.role_groups.get(&group)) {
            (None, Some(_)) => say(format!("+ role group {group}")),
            (Some(_), None) => say(format!("- role group {group}")),
            (Some(had), Some(has)) => {
                has.difference(had).for_each(|role| say(format!("+ role {role} in the role group {group}")));
                had.difference(has).for_each(|role| say(format!("- role {role} in the role group {group}")));
            }
            (None, None) => {}
        }
    }
    for name in names(before.assignments.keys().collect(), now.assignments.keys().collect()) {
        let (had, has) = (before.assignments.get(&name), now.assignments.get(&name));
        if had != has {
            had.iter().for_each(|(role, who)| say(format!("- {who} has the role {role}")));
            has.iter().for_each(|(role, who)| say(format!("+ {who} has the role {role}")));
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(text: &str) -> Snapshot {
        Snapshot::of_text(text).expect("snapshot")
    }

    #[test]
    fn each_change_is_said_once_and_the_first_import_says_none() {
        let old = snapshot(
            r#"{"roles": {"A": {"Get-X": ["P"], "Set-X": []}}, "role_groups": {"G": ["A"]}, "assignments": {"a": ["A", "G"]}}"#,
        );
        let new = snapshot(
            r#"{"roles": {"A": {"Get-X": ["P", "Q"]}, "B": {}}, "role_groups": {"G": ["A", "B"]}, "assignments": {"a": ["A", "Eve"]}}"#,
        );
        assert!(between(None, &new).is_empty() && between(Some(&new), &new).is_empty());
        assert_eq!(
            between(Some(&old), &new),
            [
                "+ parameter Get-X -Q",
                "- cmdlet Set-X",
                "- Set-X in the role A",
                "+ role B",
                "+ role B in the role group G",
                "- G has the role A",
                "+ Eve has the role A",
            ]
        );
    }
}
