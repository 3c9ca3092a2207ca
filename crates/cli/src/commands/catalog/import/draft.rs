//! Drafts of tasks: files that say what could be exposed, and that somebody has to choose from.

use std::collections::BTreeSet;

use super::snapshot::Snapshot;

/// What a draft proposes at most. An approver must grasp a task at a glance.
const MOST: usize = 12;
/// Verbs of cmdlets that change nothing.
const READING: [&str; 3] = ["Get", "Search", "Test"];

/// A task for a cmdlet. The tenant gives names of parameters and no types, so each is proposed as a text.
pub(super) fn task(cmdlet: &str, parameters: &BTreeSet<String>, roles: &[String]) -> String {
    let verb = cmdlet.split('-').next().unwrap_or_default();
    let reads = READING.contains(&verb);
    let mut text = format!(
        "# A draft. Choose the parameters to expose and their types, write what it does and what can go wrong, and move the\n\
         # file to tasks/. The tenant has this cmdlet in: {}.\n\
         name = \"{cmdlet}\"\ntitle = \"{cmdlet}\"\ndescription = \"\"\n",
        if roles.is_empty() { "no role".to_owned() } else { one_line(&roles.join(", ")) }
    );
    text.push_str(if reads { "read_only = true\n" } else { "risk = \"\"\n" });
    let (proposed, others) = choose(parameters);
    text.push_str(&format!(
        "\n[execution]\nexecutor = \"exchange\"\ntarget = \"main\"\ncmdlet = \"{cmdlet}\"\nparameters = [\n"
    ));
    for name in &proposed {
        text.push_str(&format!("  {{ name = \"{name}\", when_absent = \"omit\" }},\n"));
    }
    if !reads {
        text.push_str("  { name = \"Confirm\", value = false },\n");
    }
    text.push_str("]\n");
    for name in &proposed {
        let required = if *name == "Identity" && !reads { "required = true\n" } else { "" };
        text.push_str(&format!(
            "\n[[parameters]]\nname = \"{name}\"\nhelp = \"\"\ntype = \"string\"\nmax_length = 320\n{required}binding = \"always\"\n"
        ));
    }
    if !others.is_empty() {
        text.push_str(&format!("\n# Not proposed: {}.\n", others.join(", ")));
    }
    text
}

/// Those that say what is acted on come first, then those by which power passes, then the rest by name.
fn choose(parameters: &BTreeSet<String>) -> (Vec<&String>, Vec<String>) {
    const FIRST: [&str; 8] =
        ["Identity", "Name", "Mailbox", "User", "Trustee", "Member", "Role", "AccessRights"];
    const POWER: [&str; 8] =
        ["Forward", "Redirect", "Copy", "Audit", "Address", "Domain", "Enabled", "Disabled"];
    let takes_secret =
        |name: &str| ["Password", "Credential", "OAuthCode"].iter().any(|word| name.contains(word));
    let rank = |name: &str| {
        FIRST.iter().position(|first| *first == name).unwrap_or_else(|| {
            let place = POWER.iter().position(|word| name.contains(word));
            place.map_or(FIRST.len() + POWER.len(), |place| FIRST.len() + place)
        })
    };
    let mut usable: Vec<&String> = parameters.iter().filter(|name| !takes_secret(name)).collect();
    usable.sort_by_key(|name| (rank(name), (*name).clone()));
    let mut others: Vec<String> = usable.split_off(usable.len().min(MOST)).into_iter().cloned().collect();
    others.extend(
        parameters.iter().filter(|name| takes_secret(name)).map(|name| format!("{name} (takes a secret)")),
    );
    (usable, others)
}

/// The tenant's roles and role groups, as far as the pack has their cmdlets.
pub(super) fn roles(snapshot: &Snapshot, known: impl Fn(&str) -> bool) -> String {
    let mut text = "# Roles and role groups of the tenant, as far as the pack has their cmdlets. To be chosen from for roles.toml.\n".to_owned();
    let mut kept = BTreeSet::new();
    for (role, entries) in &snapshot.roles {
        let tasks: Vec<String> = entries
            .keys()
            .filter(|cmdlet| known(cmdlet))
            .map(|cmdlet| format!("  \"{cmdlet}\",\n"))
            .collect();
        if !tasks.is_empty() {
            kept.insert(role);
            text.push_str(&format!("\n[[roles]]\nname = {}\ntasks = [\n{}]\n", quoted(role), tasks.concat()));
        }
    }
    for (group, roles) in &snapshot.role_groups {
        let own: Vec<String> = roles
            .iter()
            .filter(|role| kept.contains(role))
            .map(|role| format!("  {},\n", quoted(role)))
            .collect();
        if !own.is_empty() {
            text.push_str(&format!(
                "\n[[role_groups]]\nname = {}\nroles = [\n{}]\n",
                quoted(group),
                own.concat()
            ));
        }
    }
    text
}

/// A name of the tenant's as TOML.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// For a comment: what ends a line would end the comment.
fn one_line(text: &str) -> String {
    countersign_text::visible(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_draft_proposes_twelve_at_most_and_nothing_that_takes_a_secret() {
        let many: Vec<String> = (0..30).map(|number| format!("P{number}")).collect();
        let mut all = names(&["Identity", "ForwardingSmtpAddress", "Password", "RemoteCredential"]);
        all.extend(many);
        let text = task("Set-X", &all, &["Role\nname = \"evil\"".to_owned()]);
        assert_eq!(text.matches("[[parameters]]").count(), 12);
        let read: toml::Value = toml::from_str(&text).expect("TOML");
        assert_eq!(read["name"].as_str(), Some("Set-X"));
        let first: Vec<_> = read["parameters"]
            .as_array()
            .expect("list")
            .iter()
            .take(2)
            .map(|one| one["name"].as_str())
            .collect();
        assert_eq!(first, [Some("Identity"), Some("ForwardingSmtpAddress")]);
        assert!(text.contains("Password (takes a secret)") && !text.contains("name = \"Password\""));
    }

    #[test]
    fn names_of_the_tenant_stay_names() {
        let evil = r#"A"]
[[roles]]
name = "B"#;
        let mut snapshot = Snapshot::default();
        snapshot.roles.entry(evil.to_owned()).or_default().insert("Get-X".to_owned(), BTreeSet::new());
        snapshot.role_groups.insert("G".to_owned(), names(&[evil]));
        let read: toml::Value = toml::from_str(&roles(&snapshot, |_| true)).expect("TOML");
        assert_eq!(read["roles"].as_array().expect("list").len(), 1);
        assert_eq!(read["roles"][0]["name"].as_str(), Some(evil));
        assert_eq!(read["role_groups"][0]["roles"][0].as_str(), Some(evil));
    }
}
