//! `countersign request new`

use countersign_client::requests::{NewRequest, Target, TargetKind};
use serde_json::json;

use crate::app::App;
use crate::exit::Exit;
use crate::fault::{Fault, Outcome};
use crate::raise;
use crate::resolve;
use crate::ui::seconds;
use crate::values;

#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// The task: `Workload\Task`
    #[arg(required_unless_present_any = ["for_role", "role_group"])]
    task: Option<String>,
    /// Ask for a role: `Workload\Role`
    #[arg(long, value_name = "ROLE", conflicts_with_all = ["task", "role_group"])]
    for_role: Option<String>,
    /// Ask for a role group: `Workload\Role group`
    #[arg(long, value_name = "ROLE-GROUP", conflicts_with = "task")]
    role_group: Option<String>,
    /// Whose policy shall govern, where several roles hold the task
    #[arg(long, value_name = "ROLE", requires = "task")]
    role: Option<String>,
    /// Ask for a service account of one's own: sign-in name or id
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
    /// Why; approvers read it
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// For how long, such as `4h` or `90m`; a bare number is hours
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    duration: Option<u64>,
    /// Bind a parameter to a value; the same name again adds to a list
    #[arg(short, long = "parameter", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// Limit a parameter: `Name=any`, or a limit as JSON such as `Name={"prefix":"/var/"}`
    #[arg(long = "limit-parameter", value_name = "NAME=LIMIT")]
    limits: Vec<String>,
    /// The ticket
    #[arg(long, value_name = "TICKET")]
    ticket: Option<String>,
    /// From when, if later than the approval (RFC 3339)
    #[arg(long, value_name = "INSTANT")]
    start: Option<String>,
    /// How often, if bounded
    #[arg(long, value_name = "N")]
    uses: Option<u32>,
    /// Wait for the decision
    #[arg(long)]
    wait: bool,
}

impl New {
    pub(super) fn run(self, app: &App) -> Outcome {
        let (kind, name) = match (self.task, self.for_role, self.role_group) {
            (Some(task), _, _) => (TargetKind::Task, task),
            (None, Some(role), _) => (TargetKind::Role, role),
            (None, None, group) => (TargetKind::RoleGroup, group.unwrap_or_default()),
        };
        let constraints =
            super::constraints(app, kind, &name, &values::given(&self.parameters)?, &self.limits)?;
        let client = app.client()?;
        let request = NewRequest {
            account: self.account.map(|account| resolve::person(&client, &account)).transpose()?,
            target: Target { kind, name },
            role: self.role,
            constraints,
            reason: self.reason,
            ticket: self.ticket,
            duration_secs: self.duration,
            start: self.start,
            uses: self.uses,
            extends: None,
        };
        send(app, &request, self.wait)
    }
}

/// Sends it, and waits if asked to. A request that still waits ends with the code for waiting only if one waited.
pub(crate) fn send(app: &App, request: &NewRequest, wait: bool) -> Outcome {
    let client = app.client()?;
    let sent = client.submit(request)?;
    let json = json!({ "number": sent.number, "status": sent.status, "statement": sent.statement });
    app.ui.done(&sent.number, &json);
    raise::say_sent(app, &client, &sent);
    if wait && sent.status.eq_ignore_ascii_case("pending") {
        return raise::wait(app, &client, &sent.number);
    }
    if sent.status.eq_ignore_ascii_case("denied") {
        return Err(Fault::Exit(Exit::Refused));
    }
    app.ui.hint(Some(&format!("countersign request show {}", sent.number)));
    Ok(())
}
