//! Cmdlets that can't work, or that would execute a text.

use std::collections::BTreeSet;

use super::{LintFault, broken, code};
use crate::ParameterName;
use crate::definition::{CmdletType, ExchangeDefinition, Fixed};

/// Cmdlets that Exchange Online does not run for an application that signs in as itself.
const NOT_FOR_APPLICATIONS: &[&str] =
    &["Add-UnifiedGroupLinks", "New-UnifiedGroup", "Remove-UnifiedGroup", "Remove-UnifiedGroupLinks"];

/// Parameters of the shell around a cmdlet, not of the cmdlet: nobody is there who would read them.
const OF_THE_SHELL: &[&str] = &[
    "Debug",
    "ErrorAction",
    "ErrorVariable",
    "InformationAction",
    "InformationVariable",
    "OutBuffer",
    "OutVariable",
    "PipelineVariable",
    "ProgressAction",
    "Verbose",
    "WarningAction",
    "WarningVariable",
];

/// Parameters by which a role entry names a script that is run on its behalf.
const SCRIPTS: &[&str] = &["UnScopedTopLevel"];

pub(super) fn lint(definition: &ExchangeDefinition, free: &BTreeSet<ParameterName>) -> Vec<LintFault> {
    let mut faults = Vec::new();
    let cmdlet = &definition.cmdlet;
    if !is_cmdlet(cmdlet) {
        let message = format!("{cmdlet} is no cmdlet's name, such as Set-Mailbox");
        faults.push(broken("cmdlet_invalid", message, None));
    }
    if NOT_FOR_APPLICATIONS.iter().any(|name| name.eq_ignore_ascii_case(cmdlet)) {
        let message = format!("Exchange Online does not run {cmdlet} for an application");
        faults.push(broken("cmdlet_not_for_applications", message, None));
    }
    if definition.max_objects == 0 {
        faults.push(broken("objects_none", "max_objects is at least 1".to_owned(), None));
    }
    let mut names = BTreeSet::new();
    for (index, parameter) in definition.parameters.iter().enumerate() {
        let name = &parameter.name;
        let mut fault = |code, message| faults.push(broken(code, message, Some(index)));
        if !is_word(name) {
            fault("parameter_invalid", format!("{name} is no name of a parameter"));
        }
        if !names.insert(name.to_ascii_lowercase()) {
            fault("parameter_twice", format!("{name} is given twice"));
        }
        if OF_THE_SHELL.iter().any(|shell| shell.eq_ignore_ascii_case(name)) {
            fault("parameter_of_the_shell", format!("{name} is not the cmdlet's: nobody would hear it"));
        }
        match parameter.kind {
            CmdletType::Bytes => {
                fault("type_not_supported", format!("{name} takes bytes, which can't be sent"));
            }
            CmdletType::SecureString | CmdletType::Credential => {
                let message = format!("{name} takes a secret, which no approval may hold");
                fault("type_not_supported", message);
            }
            _ => {}
        }
        match (&parameter.value, &parameter.from) {
            (Some(_), Some(_)) => {
                fault("parameter_twice", format!("{name} has both a value and a parameter that gives it"));
            }
            (Some(value), None) if !fits(value, parameter.kind) => {
                fault("value_type", format!("the value of {name} is not of its type"));
            }
            (None, None) if parameter.source().is_none() => {
                let message = format!("no parameter of a task can be called {name}: say it with `from`");
                fault("parameter_invalid", message);
            }
            _ => {}
        }
        let names_script = SCRIPTS.iter().any(|script| script.eq_ignore_ascii_case(name));
        let is_free = parameter.source().is_some_and(|source| free.contains(&source));
        if names_script && (parameter.value.is_some() || is_free) {
            let message = format!("{name} lets a role run scripts");
            faults.push(code("runs_scripts", message, Some(index)));
        }
    }
    for property in definition.properties.iter().filter(|property| !is_word(property)) {
        let message = format!("{property} is no name of a property");
        faults.push(broken("property_invalid", message, None));
    }
    faults
}

/// A fixed value without a written type is of the type that it has.
fn fits(value: &Fixed, kind: CmdletType) -> bool {
    match value {
        Fixed::Boolean(_) => matches!(kind, CmdletType::String | CmdletType::Boolean | CmdletType::Switch),
        Fixed::Integer(_) => matches!(kind, CmdletType::String | CmdletType::Integer),
        Fixed::Text(_) => matches!(kind, CmdletType::String | CmdletType::TimeSpan | CmdletType::Size),
        Fixed::Texts(_) => matches!(kind, CmdletType::String | CmdletType::Strings),
    }
}

fn is_cmdlet(text: &str) -> bool {
    text.split_once('-').is_some_and(|(verb, noun)| is_word(verb) && is_word(noun))
}

fn is_word(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Definition;

    fn faults(cmdlet: &str, parameters: serde_json::Value) -> Vec<&'static str> {
        let definition = json!({"executor": "exchange", "target": "main", "cmdlet": cmdlet,
            "parameters": parameters});
        let definition: Definition = serde_json::from_value(definition).expect("definition");
        super::super::lint(&definition, &["Free".parse().expect("name")].into())
            .into_iter()
            .map(|fault| fault.code)
            .collect()
    }

    #[test]
    fn a_cmdlet_has_a_verb_and_a_noun_and_runs_for_an_application() {
        assert!(faults("Set-Mailbox", json!([{"name": "Identity"}])).is_empty());
        for name in
            ["", "Mailbox", "Set-", "Set-Mailbox; Get-Mailbox", "Set-Mail box", "Set-Mailbox\n", "A-B-C"]
        {
            assert_eq!(faults(name, json!([])), ["cmdlet_invalid"], "{name:?}");
        }
        assert_eq!(faults("new-unifiedgroup", json!([])), ["cmdlet_not_for_applications"]);
    }

    #[test]
    fn secrets_bytes_and_the_shells_own_parameters_are_refused() {
        for (parameter, code) in [
            (json!({"name": "Password", "type": "secure_string"}), "type_not_supported"),
            (json!({"name": "Credential", "type": "credential"}), "type_not_supported"),
            (json!({"name": "FileData", "type": "bytes"}), "type_not_supported"),
            (json!({"name": "ErrorAction", "value": "Ignore"}), "parameter_of_the_shell"),
            (json!({"name": "A B"}), "parameter_invalid"),
            (json!({"name": "A", "value": "x", "from": "B"}), "parameter_twice"),
            (json!({"name": "A", "value": 1, "type": "switch"}), "value_type"),
            (json!({"name": "UnScopedTopLevel", "value": true}), "runs_scripts"),
        ] {
            assert!(faults("Set-Mailbox", json!([parameter])).contains(&code), "{parameter}");
        }
        assert_eq!(faults("Set-Mailbox", json!([{"name": "A"}, {"name": "a"}])), ["parameter_twice"]);
    }
}
