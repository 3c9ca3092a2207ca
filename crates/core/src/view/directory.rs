//! People, groups, members, tokens, invitations, system accounts.

use std::collections::BTreeSet;

use super::cell::{Cell, Column};
use super::noun::Row;
use super::opened::Opened;
use super::rows::{group, invitation, member, person, system_account, token};
use super::{Out, words};
use crate::directory::{Member, PersonKind};
use crate::event::{Body, Event};
use crate::id::PersonId;

/// What a sign-in name is looked up by.
#[must_use]
pub fn upn_key(upn: &str) -> String {
    upn.trim().to_lowercase().replace('\0', "\u{fffd}")
}

/// What a person is called, as far as it still exists.
struct Names {
    upn: Option<String>,
    display_name: Option<String>,
    mail: Option<String>,
}

impl Names {
    /// The words a person is found by, each between spaces.
    fn words(&self) -> String {
        let mut found = BTreeSet::new();
        for text in [&self.upn, &self.display_name, &self.mail].into_iter().flatten() {
            words::collect(text, &mut found);
        }
        found.iter().fold(" ".to_owned(), |all, word| all + word + " ")
    }
}

pub(super) fn view(event: &Event, opened: &Opened<'_>, out: &mut Out) {
    match &event.body {
        Body::PersonCreated { person: id, kind, upn, display_name, mail } => {
            let names = Names {
                upn: out.found(opened.text(upn)),
                display_name: out.found(opened.text(display_name)),
                mail: out.found(opened.text(mail)),
            };
            out.rows.push(created(event, *id, *kind, names));
        }
        Body::PersonChanged { person: id, upn, display_name, mail } => {
            let names = Names {
                upn: out.found(opened.text(upn)),
                display_name: out.found(opened.text(display_name)),
                mail: out.found(opened.text(mail)),
            };
            let fields = vec![
                person::words(&names.words()),
                person::upn_key(&names.upn.as_deref().map(upn_key)),
                person::upn(&names.upn),
                person::display_name(&names.display_name),
                person::mail(&names.mail),
            ];
            out.rows.push(Row::set::<person::Row>(vec![id.to_cell()], fields));
        }
        Body::PersonDisabled { person: id, .. } => out.rows.push(enabled(*id, false)),
        Body::PersonEnabled { person: id } => out.rows.push(enabled(*id, true)),
        Body::SystemAccountAdded { person: id, reason, until } => {
            let reason = out.found(opened.text(reason));
            out.rows.push(Row::put(&system_account::Row {
                seq: event.seq,
                person: *id,
                reason,
                created: event.time,
                until: *until,
                removed: None,
            }));
        }
        Body::SystemAccountRemoved { person: id } => out.rows.push(Row::set::<system_account::Row>(
            vec![id.to_cell()],
            vec![system_account::removed(&Some(event.time))],
        )),
        _ => groups(event, opened, out),
    }
}

fn created(event: &Event, id: PersonId, kind: PersonKind, names: Names) -> Row {
    let owner = match kind {
        PersonKind::Member => None,
        PersonKind::Service { owner } => Some(owner),
    };
    Row::put(&person::Row {
        seq: event.seq,
        id,
        upn_key: names.upn.as_deref().map(upn_key),
        words: names.words(),
        upn: names.upn,
        display_name: names.display_name,
        mail: names.mail,
        owner,
        enabled: true,
        created: event.time,
    })
}

fn enabled(id: PersonId, enabled: bool) -> Row {
    Row::set::<person::Row>(vec![id.to_cell()], vec![person::enabled(&enabled)])
}

fn groups(event: &Event, opened: &Opened<'_>, out: &mut Out) {
    match &event.body {
        Body::GroupCreated { group: id, name, mail } => {
            out.find(name.as_str());
            let mail = out.found(opened.text(mail));
            out.rows.push(Row::put(&group::Row {
                seq: event.seq,
                id: *id,
                name: name.clone(),
                mail,
                removed: false,
                created: event.time,
            }));
        }
        Body::GroupMembersChanged { group: id, added, removed, .. } => {
            members(event, &id.to_string(), added, removed, out);
        }
        Body::GroupRemoved { group: id, .. } => {
            out.rows.push(Row::set::<group::Row>(vec![id.to_cell()], vec![group::removed(&true)]));
        }
        Body::RoleGroupMembersChanged { role_group, added, removed, .. } => {
            members(event, &role_group.to_string().to_lowercase(), added, removed, out);
        }
        Body::TokenIssued { token: id, person, scopes, until, label, .. } => {
            let label = out.found(opened.text(label));
            out.rows.push(Row::put(&token::Row {
                seq: event.seq,
                id: *id,
                person: *person,
                label,
                scopes: json(scopes),
                created: event.time,
                until: *until,
                revoked: None,
            }));
        }
        Body::TokenRevoked { token: id } => {
            out.rows
                .push(Row::set::<token::Row>(vec![id.to_cell()], vec![token::revoked(&Some(event.time))]));
        }
        Body::InvitationIssued { invitation: id, person, purpose, until, .. } => {
            out.rows.push(Row::put(&invitation::Row {
                seq: event.seq,
                id: *id,
                person: *person,
                purpose: super::cell::word(purpose),
                created: event.time,
                until: *until,
                used: None,
            }));
        }
        Body::InvitationUsed { invitation: id } => out
            .rows
            .push(Row::set::<invitation::Row>(vec![id.to_cell()], vec![invitation::used(&Some(event.time))])),
        _ => {}
    }
}

fn members(event: &Event, container: &str, added: &[Member], removed: &[Member], out: &mut Out) {
    for gone in removed {
        let member = gone.to_string();
        out.find(&member);
        out.rows
            .push(Row::Delete { noun: &member::NOUN, key: vec![Cell::text(container), Cell::text(&member)] });
    }
    for new in added {
        let member = new.to_string();
        out.find(&member);
        out.rows.push(Row::put(&member::Row {
            seq: event.seq,
            container: container.to_owned(),
            member,
            since: event.time,
        }));
    }
}

/// JSON for a column; what cannot be written is shown as nothing.
pub(super) fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
