//! What cargo knows of the workspace: its crates, their targets and who uses whom.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::cmd::Cmd;

/// The workspace as `cargo metadata` resolves it.
pub(crate) struct Workspace {
    pub(crate) target_dir: PathBuf,
    pub(crate) crates: Vec<Crate>,
    /// Package id → what it is built from, tests' own needs left aside.
    uses: BTreeMap<String, BTreeSet<String>>,
    names: BTreeMap<String, String>,
    /// What a crate is built from when nothing else is built: others' features left aside.
    alone: BTreeMap<String, BTreeSet<String>>,
}

/// A crate of this workspace.
pub(crate) struct Crate {
    pub(crate) name: String,
    pub(crate) manifest: PathBuf,
    pub(crate) targets: Vec<Target>,
    /// Names of the crates that its manifest names, tests' own needs included.
    pub(crate) named: BTreeSet<String>,
    id: String,
}

pub(crate) struct Target {
    pub(crate) kind: String,
    pub(crate) source: PathBuf,
}

impl Workspace {
    pub(crate) fn load() -> Result<Self> {
        let text = Cmd::cargo("metadata --format-version 1").read()?;
        Self::parse(&text).context("cargo metadata is not what cargo's book says")
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        let json: Value = serde_json::from_str(text)?;
        let members: BTreeSet<&str> = list(&json, "workspace_members").filter_map(Value::as_str).collect();
        let mut names = BTreeMap::new();
        let mut crates = Vec::new();
        for package in list(&json, "packages") {
            let id = text_of(package, "id")?;
            names.insert(id.clone(), text_of(package, "name")?);
            if members.contains(id.as_str()) {
                crates.push(Crate::parse(package, id)?);
            }
        }
        let mut uses = BTreeMap::new();
        for node in list(json.get("resolve").unwrap_or(&Value::Null), "nodes") {
            let built_from = list(node, "deps")
                .filter(|dep| {
                    list(dep, "dep_kinds").any(|kind| kind.get("kind") != Some(&Value::from("dev")))
                })
                .map(|dep| text_of(dep, "pkg"))
                .collect::<Result<BTreeSet<String>>>()?;
            uses.insert(text_of(node, "id")?, built_from);
        }
        let target_dir = text_of(&json, "target_directory")?.into();
        Ok(Self { target_dir, crates, uses, names, alone: BTreeMap::new() })
    }

    /// Asks cargo what these crates are built from by themselves. One features' resolution for the whole workspace gives each
    /// crate what any other asks of a crate that both use.
    pub(crate) fn look_alone<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) -> Result<()> {
        for name in names {
            let words = format!("tree --package {name} --edges normal,build --prefix none --format {{p}}");
            let text = Cmd::cargo(&words).read()?;
            let found = text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect();
            self.alone.insert(name.to_owned(), found);
        }
        Ok(())
    }

    /// Every crate that goes into this one, near or far, by name.
    pub(crate) fn built_from(&self, krate: &Crate) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let mut open = vec![krate.id.as_str()];
        while let Some(id) = open.pop() {
            for next in self.uses.get(id).into_iter().flatten() {
                if seen.insert(next.as_str()) {
                    open.push(next);
                }
            }
        }
        let all = seen.iter().filter_map(|id| self.names.get(*id)).map(String::as_str);
        let alone = self.alone.get(&krate.name);
        all.filter(|name| alone.is_none_or(|alone| alone.contains(*name))).collect()
    }

    /// This crate's direct needs, by name, tests' own left aside.
    pub(crate) fn direct(&self, krate: &Crate) -> BTreeSet<&str> {
        let ids = self.uses.get(&krate.id).into_iter().flatten();
        ids.filter_map(|id| self.names.get(id)).map(String::as_str).collect()
    }
}

impl Crate {
    fn parse(package: &Value, id: String) -> Result<Self> {
        let target = |target: &Value| -> Result<Target> {
            let kind = list(target, "kind").filter_map(Value::as_str).next().unwrap_or_default().to_owned();
            Ok(Target { kind, source: text_of(target, "src_path")?.into() })
        };
        Ok(Self {
            name: text_of(package, "name")?,
            manifest: text_of(package, "manifest_path")?.into(),
            targets: list(package, "targets").map(target).collect::<Result<_>>()?,
            named: list(package, "dependencies").map(|dep| text_of(dep, "name")).collect::<Result<_>>()?,
            id,
        })
    }
}

fn list<'a>(json: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    json.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text_of(json: &Value, key: &str) -> Result<String> {
    let text = json.get(key).and_then(Value::as_str).with_context(|| format!("`{key}` is missing"))?;
    Ok(text.to_owned())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A workspace in cargo's words: each crate with what it is built from; a `?` before a need makes it a test's own.
    pub(crate) fn workspace(members: &[&str], edges: &[(&str, &[&str])]) -> Workspace {
        let packages: Vec<Value> = edges
            .iter()
            .map(|(name, needs)| {
                let named: Vec<Value> =
                    needs.iter().map(|need| serde_json::json!({"name": need.trim_start_matches('?')})).collect();
                serde_json::json!({"id": name, "name": name, "manifest_path": "", "targets": [], "dependencies": named})
            })
            .collect();
        let nodes: Vec<Value> = edges
            .iter()
            .map(|(name, needs)| {
                let deps: Vec<Value> = needs
                    .iter()
                    .map(|need| {
                        let kind = if need.starts_with('?') { Value::from("dev") } else { Value::Null };
                        serde_json::json!({"pkg": need.trim_start_matches('?'), "dep_kinds": [{"kind": kind}]})
                    })
                    .collect();
                serde_json::json!({"id": name, "deps": deps})
            })
            .collect();
        let json = serde_json::json!({"workspace_members": members, "target_directory": "target",
            "packages": packages, "resolve": {"nodes": nodes}});
        Workspace::parse(&json.to_string()).unwrap()
    }

    #[test]
    fn far_needs_are_found_and_a_tests_own_are_not() {
        let workspace = workspace(
            &["a"],
            &[
                ("a", &["b", "?insta"]),
                ("b", &["tokio"]),
                ("tokio", &[]),
                ("insta", &["console"]),
                ("console", &[]),
            ],
        );
        let a = workspace.crates.first().unwrap();
        assert_eq!(workspace.built_from(a), BTreeSet::from(["b", "tokio"]));
        assert_eq!(workspace.direct(a), BTreeSet::from(["b"]));
        assert!(a.named.contains("insta"));
    }
}
