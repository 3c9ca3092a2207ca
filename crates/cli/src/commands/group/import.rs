//! `countersign group import`

use std::collections::{BTreeMap, BTreeSet};

use countersign_client::{Client, Query};
use countersign_core::name::GroupName;
use countersign_core::parameter::Address;
use serde_json::Value as Json;

use crate::act::Parameters;
use crate::app::App;
use crate::fault::Outcome;
use crate::import::sheet::{self, Line, Need};
use crate::import::{ImportArgs, Planned, Step, carry_out, faults};

const COLUMNS: [(&str, Need); 3] =
    [("Group", Need::Required), ("Mail", Need::Optional), ("Member", Need::Optional)];

#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    #[command(flatten)]
    import: ImportArgs,
}

/// A group as the file has it: its lines put together.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wanted {
    line: u64,
    name: String,
    mail: Option<String>,
    members: Vec<String>,
}

/// A group as it stands.
#[derive(Debug, Default)]
struct Standing {
    mail: String,
    /// Sign-in names, ids and groups' names, in lower case.
    members: BTreeSet<String>,
}

impl Import {
    pub(super) fn run(self, app: &App) -> Outcome {
        let sheet = sheet::read(&self.import.file, &COLUMNS)?;
        let client = app.client()?;
        let known = standing(&client)?;
        let (wanted, mut found) = gather(sheet.lines);
        for group in wanted.iter().filter(|group| group.mail.is_none()) {
            if !known.contains_key(&group.name.to_lowercase()) {
                found.push((group.line, format!("`{}` is new and has no Mail.", group.name)));
            }
        }
        faults(&self.import.file, &found)?;
        // All groups before any members, which may be groups of the same file.
        let mut plan: Vec<Planned> = wanted.iter().map(|group| create(group, &known)).collect();
        for group in &wanted {
            plan.extend(join(&client, group, &known)?);
        }
        carry_out(app, &plan, &self.import)
    }
}

fn standing(client: &Client) -> Outcome<BTreeMap<String, Standing>> {
    let (rows, _) = client.list("groups", &Query::all(), usize::MAX)?;
    let mut known = BTreeMap::new();
    for row in &rows {
        let group = client.object("groups", text(row, "id"))?;
        let members = group.get("members").and_then(Json::as_array).cloned().unwrap_or_default();
        let names = members.iter().flat_map(|member| {
            let of = |kind: &str, field: &str| member.get(kind).map(|whom| text(whom, field).to_lowercase());
            [of("person", "id"), of("person", "upn"), of("group", "id"), of("group", "name")]
        });
        let names = names.flatten().filter(|name| !name.is_empty());
        let standing = Standing { mail: text(&group, "mail").to_owned(), members: names.collect() };
        known.insert(text(row, "name").to_lowercase(), standing);
    }
    Ok(known)
}

/// Puts the lines of each group together, in the order of their first lines.
fn gather(lines: Vec<Line<3>>) -> (Vec<Wanted>, Vec<(u64, String)>) {
    let (mut wanted, mut faults): (Vec<Wanted>, Vec<(u64, String)>) = (Vec::new(), Vec::new());
    for Line { number, values: [name, mail, member] } in lines {
        if let Err(error) = name.parse::<GroupName>() {
            faults.push((number, format!("Group: {error}.")));
            continue;
        }
        let at = wanted.iter().position(|group| group.name.to_lowercase() == name.to_lowercase());
        let at = at.unwrap_or_else(|| {
            wanted.push(Wanted { line: number, name: name.clone(), ..Wanted::default() });
            wanted.len() - 1
        });
        let Some(group) = wanted.get_mut(at) else { continue };
        if !mail.is_empty() {
            match (mail.parse::<Address>(), &group.mail) {
                (Err(error), _) => faults.push((number, format!("Mail: {error}."))),
                (Ok(_), Some(former)) if !former.eq_ignore_ascii_case(&mail) => {
                    faults.push((number, format!("`{name}` has another Mail above: {former}.")));
                }
                (Ok(_), _) => group.mail = Some(mail),
            }
        }
        if !member.is_empty() {
            if group.members.iter().any(|known| known.eq_ignore_ascii_case(&member)) {
                faults.push((number, format!("`{member}` stands twice in `{name}`.")));
            }
            group.members.push(member);
        }
    }
    (wanted, faults)
}

fn create(group: &Wanted, known: &BTreeMap<String, Standing>) -> Planned {
    let step = match (known.get(&group.name.to_lowercase()), &group.mail) {
        (Some(standing), Some(mail)) if !standing.mail.eq_ignore_ascii_case(mail) => {
            Step::Differs(format!("is there with the address {}", standing.mail))
        }
        (Some(_), _) => Step::Present,
        (None, mail) => Step::Run {
            task: "New-Group",
            parameters: Parameters::new().with("Name", group.name.as_str()).with_some("Mail", mail.as_ref()),
        },
    };
    Planned { line: group.line, about: group.name.clone(), step }
}

/// One act for all members that a group lacks.
fn join(client: &Client, group: &Wanted, known: &BTreeMap<String, Standing>) -> Outcome<Option<Planned>> {
    let present = known.get(&group.name.to_lowercase()).map(|standing| &standing.members);
    let lacks = |member: &&String| present.is_none_or(|present| !present.contains(&member.to_lowercase()));
    let missing: Vec<String> = group.members.iter().filter(lacks).cloned().collect();
    if missing.is_empty() {
        return Ok(None);
    }
    // A name that nobody has is found here, before anything was done.
    for member in missing.iter().filter(|member| member.contains('@')) {
        crate::resolve::person(client, member)?;
    }
    let about = format!("{} into {}", missing.join(", "), group.name);
    let parameters = Parameters::new().with("Identity", group.name.as_str()).with_list("Member", &missing);
    Ok(Some(Planned { line: group.line, about, step: Step::Run { task: "Add-GroupMember", parameters } }))
}

fn text<'a>(row: &'a Json, name: &str) -> &'a str {
    row.get(name).and_then(Json::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: u64, values: [&str; 3]) -> Line<3> {
        Line { number, values: values.map(str::to_owned) }
    }

    #[test]
    fn lines_of_one_group_are_put_together_and_contradictions_named() {
        let (wanted, faults) = gather(vec![
            line(2, ["Approvers", "approvers@contoso.example", "ada@contoso.example"]),
            line(3, ["approvers", "", "bob@contoso.example"]),
            line(4, ["Approvers", "other@contoso.example", "ADA@contoso.example"]),
            line(5, ["", "x@contoso.example", ""]),
        ]);
        assert_eq!(wanted.len(), 1);
        assert_eq!(wanted[0].mail.as_deref(), Some("approvers@contoso.example"));
        let lines: Vec<u64> = faults.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [4, 4, 5], "{faults:?}");
    }
}
