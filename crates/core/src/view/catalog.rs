//! Workloads, tasks, roles, role groups, policies, and the versions of those that have them.

use super::Out;
use super::cell::{Cell, Column};
use super::directory::json;
use super::noun::{Field, Row, Typed};
use super::opened::Opened;
use super::rows::{policy, policy_version, role, role_group, task, task_version, workload};
use crate::event::{Body, Event};
use crate::id::PolicyId;
use crate::policy::PolicyTerms;

pub(super) fn view(event: &Event, opened: &Opened<'_>, out: &mut Out) {
    match &event.body {
        Body::WorkloadRegistered { workload: name, runspace } => {
            out.find(runspace);
            out.rows.push(Row::put(&workload::Row {
                seq: event.seq,
                key: key(name),
                name: name.clone(),
                runspace: runspace.clone(),
            }));
        }
        Body::TaskDefined { version, digest, definition, .. } => {
            let (key, json) = (key(&definition.name), json(definition));
            out.rows.push(Row::put(&task::Row {
                seq: event.seq,
                key: key.clone(),
                name: definition.name.clone(),
                workload: definition.name.workload().as_str().to_lowercase(),
                version: *version,
                digest: *digest,
                definition: json.clone(),
                removed: false,
                changed: event.time,
            }));
            out.rows.push(Row::put(&task_version::Row {
                seq: event.seq,
                key,
                version: *version,
                digest: *digest,
                definition: json,
                created: event.time,
                by: event.actor.person(),
            }));
        }
        Body::TaskRemoved { task: name, .. } => {
            out.rows.push(removed::<task::Row>(
                &key(name),
                vec![task::removed(&true), task::changed(&event.time)],
            ));
        }
        Body::RoleDefined { role: name, version, tasks, .. } => out.rows.push(Row::put(&role::Row {
            seq: event.seq,
            key: key(name),
            name: name.clone(),
            version: *version,
            tasks: json(tasks),
            removed: false,
            changed: event.time,
        })),
        Body::RoleRemoved { role: name, .. } => {
            out.rows.push(removed::<role::Row>(
                &key(name),
                vec![role::removed(&true), role::changed(&event.time)],
            ));
        }
        Body::RoleGroupDefined { role_group: name, roles, .. } => out.rows.push(Row::put(&role_group::Row {
            seq: event.seq,
            key: key(name),
            name: name.clone(),
            roles: json(roles),
            removed: false,
            changed: event.time,
        })),
        Body::RoleGroupRemoved { role_group: name, .. } => out.rows.push(removed::<role_group::Row>(
            &key(name),
            vec![role_group::removed(&true), role_group::changed(&event.time)],
        )),
        _ => policies(event, opened, out),
    }
}

fn policies(event: &Event, _opened: &Opened<'_>, out: &mut Out) {
    match &event.body {
        Body::PolicyCreated { policy: id, terms, .. } => {
            out.rows.push(Row::put(&policy::Row {
                seq: event.seq,
                id: *id,
                version: 1,
                target_kind: terms.target.kind().to_owned(),
                target: terms.target.to_string(),
                terms: json(terms),
                removed: false,
                created: event.time,
                changed: event.time,
            }));
            out.rows.push(version(event, *id, 1, terms));
        }
        Body::PolicyChanged { policy: id, version: number, terms, .. } => {
            let fields =
                vec![policy::version(number), policy::terms(&json(terms)), policy::changed(&event.time)];
            out.rows.push(Row::set::<policy::Row>(vec![id.to_cell()], fields));
            out.rows.push(version(event, *id, *number, terms));
        }
        Body::PolicyRemoved { policy: id, .. } => {
            let fields = vec![policy::removed(&true), policy::changed(&event.time)];
            out.rows.push(Row::set::<policy::Row>(vec![id.to_cell()], fields));
        }
        _ => {}
    }
}

fn version(event: &Event, id: PolicyId, version: u64, terms: &PolicyTerms) -> Row {
    Row::put(&policy_version::Row {
        seq: event.seq,
        id,
        version,
        terms: json(terms),
        created: event.time,
        by: event.actor.person(),
        under: event.request,
    })
}

fn removed<T: Typed>(key: &str, fields: Vec<Field>) -> Row {
    Row::set::<T>(vec![Cell::text(key)], fields)
}

/// Names are looked up without regard to case.
fn key(name: &impl ToString) -> String {
    name.to_string().to_lowercase()
}
