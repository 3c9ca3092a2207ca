//! Parameters: from the words of a command line to JSON.

use std::collections::BTreeMap;

use countersign_client::Client;
use countersign_core::parameter::{IdentityKind, ParameterKind, ParameterSpec};
use serde_json::{Value as Json, json};

use crate::fault::{Fault, Outcome};
use crate::{resolve, upload};

/// A parameter as it was given: its name, and one or more words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) name: String,
    pub(crate) words: Words,
}

/// What stood behind the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Words {
    /// Nothing: a switch.
    Switch,
    /// One value.
    One(String),
    /// A list.
    List(Vec<String>),
}

/// Reads `Name=value`. The same name again adds to a list.
pub(crate) fn given(pairs: &[String]) -> Outcome<Vec<Given>> {
    let mut all: Vec<Given> = Vec::new();
    for pair in pairs {
        let Some((name, value)) = pair.split_once('=').filter(|(name, _)| !name.is_empty()) else {
            return Err(Fault::usage(format!("`{pair}` is not of the form `Name=value`.")));
        };
        match all.iter_mut().find(|given| given.name.eq_ignore_ascii_case(name)) {
            None => all.push(Given { name: name.to_owned(), words: Words::One(value.to_owned()) }),
            Some(given) => {
                let mut items = match std::mem::replace(&mut given.words, Words::Switch) {
                    Words::Switch => Vec::new(),
                    Words::One(first) => vec![first],
                    Words::List(items) => items,
                };
                items.push(value.to_owned());
                given.words = Words::List(items);
            }
        }
    }
    Ok(all)
}

/// What a task takes, as far as this person may know.
pub(crate) struct Definition {
    /// The name as the catalog writes it.
    pub(crate) name: String,
    /// Its parameters.
    pub(crate) parameters: Vec<ParameterSpec>,
}

/// Splits `Workload\Name`.
pub(crate) fn split(task: &str) -> Outcome<(&str, &str)> {
    task.split_once('\\').filter(|(workload, name)| !workload.is_empty() && !name.is_empty()).ok_or_else(
        || {
            Fault::usage(format!("`{task}` is not a task: write `Workload\\Name`."))
                .hint("countersign task list")
        },
    )
}

impl Definition {
    /// Fetches a task's definition.
    pub(crate) fn fetch(client: &Client, task: &str) -> Outcome<Self> {
        let (workload, local) = split(task)?;
        let answer = client.task(workload, local)?;
        let name = answer.get("name").and_then(Json::as_str).unwrap_or(task).to_owned();
        let parameters = answer.get("parameters").cloned().unwrap_or_else(|| json!([]));
        let parameters = serde_json::from_value(parameters)
            .map_err(|error| Fault::failed(format!("The definition of `{task}` cannot be read: {error}.")))?;
        Ok(Self { name, parameters })
    }

    fn spec(&self, name: &str) -> Outcome<&ParameterSpec> {
        self.parameters.iter().find(|spec| spec.name.as_str().eq_ignore_ascii_case(name)).ok_or_else(|| {
            let names: Vec<&str> = self.parameters.iter().map(|spec| spec.name.as_str()).collect();
            let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            Fault::usage(format!("`{}` has no parameter `{name}`. It has: {names}.", self.name))
                .hint(format!("countersign task show '{}'", self.name))
        })
    }

    /// All values as JSON, under the catalog's names.
    pub(crate) fn values(&self, client: &Client, given: &[Given]) -> Outcome<BTreeMap<String, Json>> {
        let mut values = BTreeMap::new();
        for Given { name, words } in given {
            let spec = self.spec(name)?;
            let value = self.value(client, spec, words)?;
            if values.insert(spec.name.as_str().to_owned(), value).is_some() {
                return Err(Fault::usage(format!("`{name}` is given twice.")));
            }
        }
        Ok(values)
    }

    fn value(&self, client: &Client, spec: &ParameterSpec, words: &Words) -> Outcome<Json> {
        let name = spec.name.as_str();
        match (&spec.kind, words) {
            (ParameterKind::Switch {} | ParameterKind::Boolean {}, Words::Switch) => Ok(true.into()),
            (_, Words::Switch) => Err(Fault::usage(format!("`{name}` needs a value."))),
            (ParameterKind::List { of, .. }, words) => {
                let items: Vec<&str> = match words {
                    Words::List(items) => items.iter().map(String::as_str).collect(),
                    Words::One(text) if text.starts_with('[') => return json_text(name, text),
                    // A path may hold a comma.
                    Words::One(text) if matches!(**of, ParameterKind::File { .. }) => vec![text],
                    Words::One(text) => text.split(',').map(str::trim).collect(),
                    Words::Switch => Vec::new(),
                };
                let people =
                    name.eq_ignore_ascii_case("Member") || name.eq_ignore_ascii_case("SystemAccounts");
                items
                    .into_iter()
                    .map(|item| match people {
                        true => resolve::person_or_group(client, item).map(Json::from),
                        false => scalar(client, name, of, item),
                    })
                    .collect()
            }
            (_, Words::List(items)) if items.len() != 1 => {
                Err(Fault::usage(format!("`{name}` takes one value, not {}.", items.len())))
            }
            (kind, Words::List(items)) => {
                scalar(client, name, kind, items.first().map_or("", String::as_str))
            }
            (kind, Words::One(text)) => scalar(client, name, kind, text),
        }
    }
}

fn scalar(client: &Client, name: &str, kind: &ParameterKind, text: &str) -> Outcome<Json> {
    match kind {
        ParameterKind::Integer { .. } => text
            .parse::<i64>()
            .map(Json::from)
            .map_err(|_| Fault::usage(format!("`{name}`: `{text}` is not a whole number."))),
        ParameterKind::Boolean {} | ParameterKind::Switch {} => match text.to_lowercase().as_str() {
            "true" | "$true" | "yes" | "on" => Ok(true.into()),
            "false" | "$false" | "no" | "off" => Ok(false.into()),
            _ => Err(Fault::usage(format!("`{name}`: `{text}` is neither true nor false."))),
        },
        ParameterKind::Size { .. } => Ok(text.parse::<u64>().map_or_else(|_| text.into(), Json::from)),
        ParameterKind::Identity { of: IdentityKind::Person } => resolve::person(client, text).map(Json::from),
        ParameterKind::File { max_size, text: is_text } => match text.strip_prefix('@') {
            Some(path) => {
                upload::file(client, name, path, upload::Takes { max_size: *max_size, text: *is_text })
            }
            None => {
                json_text(name, text).map_err(|fault| fault.hint(format!("-p {name}=@<path> uploads a file")))
            }
        },
        ParameterKind::Table { .. } | ParameterKind::List { .. } => json_text(name, text),
        ParameterKind::Secret { .. } => {
            Err(Fault::usage(format!("`{name}` is a secret and would show in the list of processes."))
                .hint(format!("--secret {name} asks for it")))
        }
        _ => Ok(text.into()),
    }
}

fn json_text(name: &str, text: &str) -> Outcome<Json> {
    serde_json::from_str(text).map_err(|error| Fault::usage(format!("`{name}` takes JSON: {error}.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_again_makes_a_list() {
        let pairs = ["A=1", "b=x=y", "a=2", "C="].map(str::to_owned);
        let all = given(&pairs).unwrap();
        assert_eq!(all[0].words, Words::List(vec!["1".to_owned(), "2".to_owned()]));
        assert_eq!(all[1].words, Words::One("x=y".to_owned()));
        assert_eq!(all[2].words, Words::One(String::new()));
        assert!(given(&["nothing".to_owned()]).is_err());
        assert!(given(&["=x".to_owned()]).is_err());
    }

    #[test]
    fn a_task_has_a_workload() {
        assert_eq!(split(r"Exchange\New-MoveRequest").unwrap(), ("Exchange", "New-MoveRequest"));
        for bad in ["New-MoveRequest", r"\x", r"x\", ""] {
            assert!(split(bad).is_err(), "{bad}");
        }
    }
}
