//! What each cmdlet becomes.

use std::collections::BTreeMap;

use countersign_client::requests::{NewRequest, Target, TargetKind};

use super::parse::Parameters;
use crate::act::{self, How, OWN};
use crate::app::App;
use crate::commands::{audit, authorization, policy, request};
use crate::fault::{Fault, Outcome};
use crate::list::ListArgs;
use crate::raise::RaiseArgs;
use crate::resolve;
use crate::ui::seconds;
use crate::values;

pub(super) fn carry_out(app: &App, cmdlet: &str, mut given: Parameters, raise: &RaiseArgs) -> Outcome {
    match cmdlet.to_lowercase().as_str() {
        "new-elevatedaccessrequest" => {
            let new = new_request(app, &mut given).map_err(|fault| fault.hint(NEW))?;
            done(given)?;
            request::new::send(app, &new, raise.wait)
        }
        "get-elevatedaccessrequest" => {
            let number = given.take(REQUEST).map_err(usage)?;
            let status = given.take(&["RequestStatus", "Status"]).map_err(usage)?;
            done(given)?;
            match number {
                Some(number) => request::show::show(app, &number),
                None => {
                    request::list::show(app, &request::list::Filter { status, ..Default::default() }, &LIMIT)
                }
            }
        }
        "approve-elevatedaccessrequest" => {
            let number = need(&mut given, REQUEST)?;
            let comment = given.take(COMMENT).map_err(usage)?.unwrap_or_default();
            let statement = given.take(&["Statement"]).map_err(usage)?;
            done(given)?;
            request::approve::approve(app, &number, &comment, statement, None)
        }
        "deny-elevatedaccessrequest" => {
            let number = need(&mut given, REQUEST)?;
            let comment = need(&mut given, COMMENT)?;
            let statement = given.take(&["Statement"]).map_err(usage)?;
            done(given)?;
            request::deny::deny(app, &number, &comment, statement)
        }
        "get-elevatedaccessauthorization" => {
            let number = given.take(REQUEST).map_err(usage)?;
            done(given)?;
            match number {
                Some(number) => authorization::show::show(app, &number),
                None => authorization::list::show(app, false, &LIMIT),
            }
        }
        "revoke-elevatedaccessauthorization" => {
            let number = need(&mut given, REQUEST)?;
            let comment = need(&mut given, COMMENT)?;
            done(given)?;
            authorization::revoke::revoke(app, &number, &comment, raise)
        }
        "get-elevatedaccessapprovalpolicy" => {
            let policy = given.take(&["Identity"]).map_err(usage)?;
            done(given)?;
            match policy {
                Some(policy) => policy::show::show(app, &policy),
                None => policy::list::show(app, &LIMIT),
            }
        }
        "get-elevatedaccesscontrol" => {
            done(given)?;
            crate::commands::access::status(app)
        }
        "search-auditlog" => {
            let text = given.take(&["Filter", "Text"]).map_err(usage)?;
            done(given)?;
            audit::search::search(
                app,
                &audit::Filter { text: text.into_iter().collect(), ..Default::default() },
                &LIMIT,
            )
        }
        _ => {
            let how = How { raise: raise.clone(), ..How::default() };
            let given = given.into_given();
            act::any(app, &format!("{OWN}\\{cmdlet}"), &given, BTreeMap::new(), &how)
        }
    }
}

const REQUEST: &[&str] = &["RequestId", "Identity"];
const COMMENT: &[&str] = &["Comment", "Comments"];
const LIMIT: ListArgs = ListArgs { limit: 200 };
const NEW: &str = "countersign New-ElevatedAccessRequest -Task 'Workload\\Task' -Reason '<why>' -DurationHours 4 [-Parameter Name=value]";

fn new_request(app: &App, given: &mut Parameters) -> Outcome<NewRequest> {
    let task = given.take(&["Task"]).map_err(usage)?;
    let role = given.take(&["Role"]).map_err(usage)?;
    let role_group = given.take(&["RoleGroup"]).map_err(usage)?;
    // Beside a task, a role says whose policy shall govern.
    let (kind, name, role) = match (task, role, role_group) {
        (Some(task), role, None) => (TargetKind::Task, task, role),
        (None, Some(role), None) => (TargetKind::Role, role, None),
        (None, None, Some(group)) => (TargetKind::RoleGroup, group, None),
        _ => return Err(Fault::usage("Name one of -Task, -Role and -RoleGroup.")),
    };
    let hours = given.take(&["DurationHours"]).map_err(usage)?;
    let duration = given.take(&["Duration"]).map_err(usage)?;
    let duration_secs = match (hours, duration) {
        (Some(_), Some(_)) => return Err(Fault::usage("-DurationHours and -Duration exclude each other.")),
        (Some(hours), None) if hours.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(seconds(&hours).map_err(|fault| usage(fault + "."))?)
        }
        (Some(hours), None) => {
            return Err(Fault::usage(format!("-DurationHours: `{hours}` is not a number of hours.")));
        }
        (None, Some(text)) => Some(seconds(&text).map_err(|fault| usage(fault + "."))?),
        (None, None) => None,
    };
    let uses = given.take(&["Uses"]).map_err(usage)?;
    let uses =
        uses.map(|uses| uses.parse().map_err(|_| Fault::usage(format!("-Uses: `{uses}` is not a number."))));
    let pairs = given.take_list(&["Parameter", "Parameters"]);
    let constraints = request::constraints(app, kind, &name, &values::given(&pairs)?, &[])?;
    let account = given.take(&["Account"]).map_err(usage)?;
    Ok(NewRequest {
        account: account.map(|account| resolve::person(&app.client()?, &account)).transpose()?,
        target: Target { kind, name },
        role,
        constraints,
        reason: given.take(&["Reason", "Comment", "Comments"]).map_err(usage)?.unwrap_or_default(),
        ticket: given.take(&["Ticket"]).map_err(usage)?,
        duration_secs,
        start: given.take(&["Start"]).map_err(usage)?,
        uses: uses.transpose()?,
        extends: given.take(&["Extends"]).map_err(usage)?,
    })
}

fn need(given: &mut Parameters, names: &[&str]) -> Outcome<String> {
    let first = names.first().copied().unwrap_or_default();
    given.take(names).map_err(usage)?.ok_or_else(|| Fault::usage(format!("-{first} is missing.")))
}

fn usage(fault: String) -> Fault {
    Fault::usage(fault)
}

fn done(given: Parameters) -> Outcome {
    given.finish().map_err(usage)
}
