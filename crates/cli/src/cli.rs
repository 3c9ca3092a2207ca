//! The command line as a whole.

use clap::{Parser, Subcommand};

use crate::app::Global;
use crate::commands::{
    access, audit, authorization, catalog, config, execution, group, invitation, ledger, password, person,
    policy, request, role, role_group, runspace, second_factor, store, system_account, task, token,
};
use crate::{commands, host};

/// Privileged access management at the level of the single task.
///
/// Nobody holds power by default: a person asks for a task, its approvers decide, Countersign runs it, and everything
/// is in one ledger. Microsoft's lines work verbatim: countersign New-ElevatedAccessRequest -Task 'Exchange\New-MoveRequest'
/// -Reason '…' -DurationHours 4
#[derive(Debug, Parser)]
#[command(name = "countersign", version, arg_required_else_help = true, subcommand_required = true)]
#[command(
    after_help = "Exit codes: 0 done, 1 failed, 2 usage, 3 refused, 4 waiting for approval, 5 not signed in, 6 unreachable, \
7 unknown. `run` ends as its task ends; its own codes are these plus 120."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Every noun and the verbs that stand alone.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Sign in; the session is kept for this user of the machine
    Login(commands::login::Login),
    /// End the session
    Logout,
    /// Show who is signed in
    Whoami,
    /// Use the link of an invitation or reset
    #[command(subcommand)]
    Invitation(invitation::Command),
    /// One's own second factor
    #[command(subcommand)]
    SecondFactor(second_factor::Command),
    /// One's own password
    #[command(subcommand)]
    Password(password::Command),
    /// One's own API tokens
    #[command(subcommand)]
    Token(token::Command),
    /// Run a task; ends as the task ends
    Run(commands::run::Run),
    /// Say whether a run would be allowed, and why
    Explain(commands::explain::Explain),
    /// What can be run and requested
    #[command(subcommand)]
    Task(task::Command),
    /// Access requests: send, decide, follow
    #[command(subcommand)]
    Request(request::Command),
    /// What approved requests gave
    #[command(subcommand)]
    Authorization(authorization::Command),
    /// Runs of tasks
    #[command(subcommand)]
    Execution(execution::Command),
    /// Privileged access as a whole: on, off, settings
    #[command(subcommand)]
    Access(access::Command),
    /// Approval policies
    #[command(subcommand)]
    Policy(policy::Command),
    /// People and service accounts
    #[command(subcommand)]
    Person(person::Command),
    /// Mail-enabled security groups
    #[command(subcommand)]
    Group(group::Command),
    /// Roles: sets of tasks
    #[command(subcommand)]
    Role(role::Command),
    /// Role groups: sets of roles with members
    #[command(subcommand)]
    RoleGroup(role_group::Command),
    /// Runspaces, and who holds their power natively
    #[command(subcommand)]
    Runspace(runspace::Command),
    /// Exempt service accounts
    #[command(subcommand)]
    SystemAccount(system_account::Command),
    /// Task packs: check, compare, import
    #[command(subcommand)]
    Catalog(catalog::Command),
    /// The audit log
    #[command(subcommand)]
    Audit(audit::Command),
    /// The ledger: verify a copy, keep checkpoints, prove entries
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// Set up an organization on this host
    Init(host::init::Init),
    /// Serve the organization of this host
    Serve(host::serve::Serve),
    /// Run tasks on this host for the server
    Runner(host::runner::Runner),
    /// The runner's own vault of credentials, on this host
    Vault(host::vault::Vault),
    /// Restore an administrator's sign-in, or appoint an approver, on the host with the server stopped
    Recover(host::recover::Recover),
    /// This host's clock
    #[command(subcommand)]
    Clock(host::clock::Command),
    /// The database of this host
    #[command(subcommand)]
    Store(store::Command),
    /// The server's configuration file
    #[command(subcommand)]
    Config(config::Command),
    /// Walk the main job in a throw-away organization on this machine, then stay up to be tried
    Demo(crate::demo::Options),
    /// Say by the exit code whether the server serves
    Healthcheck,
    /// Print completions for a shell
    Completions(commands::completions::Completions),
    /// Write a manual page for each command into a directory
    Man(commands::man::Man),
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use clap::CommandFactory as _;
    use countersign_core::builtin;
    use countersign_server::{ALL, Access, Method, Route};

    use super::Cli;

    /// How a command is kept within the rules.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Way {
        /// It runs this task of Countersign's own, which passes the gate.
        Task(&'static str),
        /// It runs whatever task it names; that passes the gate.
        Named,
        /// One's own relation to the object decides; every enabled person has it.
        Relation,
        /// It shows what the server lets this person see.
        Reads,
        /// It needs this host's own files, as their owner, for this reason.
        Host(&'static str),
        /// It changes nothing and asks nobody: this.
        Here(&'static str),
    }

    /// Where every task is run.
    const RUN: &str = "POST /api/v1/executions";
    const VAULT: &str =
        "the vault's key and file belong to the runner's account, and to nobody on the network";
    const FILES: &str = "it reads files that whoever runs it gave";

    /// Every command, how it is kept within the rules, and the routes that it acts or reads by.
    const WAYS: &[(&str, Way, &[&str])] = {
        use Way::*;
        &[
            ("login", Relation, &["POST /api/v1/sessions", "POST /api/v1/sessions/current/second-factor"]),
            ("logout", Relation, &["DELETE /api/v1/sessions/current"]),
            ("whoami", Reads, &["GET /api/v1/me"]),
            ("invitation redeem", Relation, &["POST /api/v1/invitations/redeem"]),
            ("second-factor enroll", Relation, &["POST /api/v1/me/second-factor/enroll"]),
            ("second-factor confirm", Relation, &["POST /api/v1/me/second-factor/confirm"]),
            ("second-factor show", Relation, &["POST /api/v1/sessions/current/second-factor"]),
            ("password change", Relation, &["POST /api/v1/me/password"]),
            ("token new", Relation, &["POST /api/v1/tokens"]),
            ("token list", Reads, &["GET /api/v1/tokens"]),
            ("token revoke", Relation, &["DELETE /api/v1/tokens/{id}"]),
            ("run", Named, &[RUN]),
            ("explain", Reads, &["POST /api/v1/explain"]),
            ("task list", Reads, &["GET /api/v1/tasks"]),
            ("task show", Reads, &["GET /api/v1/tasks/{workload}/{name}"]),
            ("task who-could", Reads, &["GET /api/v1/tasks/{workload}/{name}/who-could"]),
            ("task remove", Task("Remove-Task"), &[RUN]),
            ("request new", Relation, &["POST /api/v1/requests"]),
            ("request list", Reads, &["GET /api/v1/requests"]),
            ("request show", Reads, &["GET /api/v1/requests/{number}"]),
            ("request tasks", Reads, &["GET /api/v1/requests/{number}/tasks"]),
            (
                "request file",
                Reads,
                &["GET /api/v1/requests/{number}", "GET /api/v1/requests/{number}/files/{sha256}"],
            ),
            ("request preview", Relation, &["POST /api/v1/requests/{number}/preview"]),
            ("execution take-backs", Reads, &["GET /api/v1/take-backs"]),
            ("runspace list", Reads, &["GET /api/v1/runspaces"]),
            ("runspace standing-access", Named, &[RUN]),
            ("request approve", Relation, &["POST /api/v1/requests/{number}/approve"]),
            ("request deny", Relation, &["POST /api/v1/requests/{number}/deny"]),
            ("request cancel", Relation, &["POST /api/v1/requests/{number}/cancel"]),
            ("request question", Relation, &["POST /api/v1/requests/{number}/question"]),
            ("request answer", Relation, &["POST /api/v1/requests/{number}/answer"]),
            ("request extend", Relation, &["GET /api/v1/requests/{number}", "POST /api/v1/requests"]),
            ("request again", Relation, &["GET /api/v1/requests/{number}", "POST /api/v1/requests"]),
            ("request erase", Task("Clear-RequestData"), &[RUN]),
            ("authorization list", Reads, &["GET /api/v1/authorizations"]),
            ("authorization show", Reads, &["GET /api/v1/authorizations/{number}"]),
            ("authorization give-back", Relation, &["POST /api/v1/authorizations/{number}/give-back"]),
            (
                "authorization revoke",
                Task("Revoke-ElevatedAccessAuthorization"),
                &["POST /api/v1/authorizations/{number}/revoke", RUN],
            ),
            ("execution list", Reads, &["GET /api/v1/executions"]),
            ("execution show", Reads, &["GET /api/v1/executions/{id}"]),
            ("execution output", Reads, &["GET /api/v1/executions/{id}/output"]),
            ("execution stop", Task("Stop-Execution"), &["POST /api/v1/executions/{id}/stop", RUN]),
            ("execution acknowledge", Relation, &["POST /api/v1/executions/{id}/acknowledge"]),
            ("execution stop-all", Task("Stop-AllExecutions"), &[RUN]),
            ("access status", Reads, &["GET /api/v1/organization"]),
            ("access enable", Task("Enable-ElevatedAccessControl"), &[RUN]),
            ("access disable", Task("Disable-ElevatedAccessControl"), &[RUN]),
            ("access set", Task("Set-OrganizationConfig"), &[RUN]),
            ("policy list", Reads, &["GET /api/v1/policies"]),
            ("policy show", Reads, &["GET /api/v1/policies/{id}"]),
            ("policy new", Task("New-ElevatedAccessApprovalPolicy"), &[RUN]),
            ("policy set", Task("Set-ElevatedAccessApprovalPolicy"), &[RUN]),
            ("policy remove", Task("Remove-ElevatedAccessApprovalPolicy"), &[RUN]),
            ("policy export", Reads, &["GET /api/v1/policies"]),
            ("policy apply", Task("Set-ElevatedAccessApprovalPolicy"), &[RUN]),
            ("person list", Reads, &["GET /api/v1/people"]),
            ("person show", Reads, &["GET /api/v1/people/{id}"]),
            ("person new", Task("New-User"), &[RUN]),
            ("person new-service", Task("New-ServiceAccount"), &[RUN]),
            ("person import", Task("New-User"), &[RUN]),
            ("person set", Task("Set-User"), &[RUN]),
            ("person disable", Task("Disable-User"), &[RUN]),
            ("person enable", Task("Enable-User"), &[RUN]),
            ("person reset", Task("Reset-UserCredential"), &[RUN]),
            ("person erase", Task("Clear-PersonalData"), &[RUN]),
            ("person link", Task("Add-UserLink"), &[RUN]),
            ("person unlink", Task("Remove-UserLink"), &[RUN]),
            ("group list", Reads, &["GET /api/v1/groups"]),
            ("group show", Reads, &["GET /api/v1/groups/{id}"]),
            ("group new", Task("New-Group"), &[RUN]),
            ("group remove", Task("Remove-Group"), &[RUN]),
            ("group add-member", Task("Add-GroupMember"), &[RUN]),
            ("group remove-member", Task("Remove-GroupMember"), &[RUN]),
            ("group import", Task("New-Group"), &[RUN]),
            ("role list", Reads, &["GET /api/v1/roles"]),
            ("role show", Reads, &["GET /api/v1/roles"]),
            ("role new", Task("New-ManagementRole"), &[RUN]),
            ("role remove", Task("Remove-ManagementRole"), &[RUN]),
            ("role-group list", Reads, &["GET /api/v1/role-groups"]),
            ("role-group show", Reads, &["GET /api/v1/role-groups"]),
            ("role-group new", Task("New-RoleGroup"), &[RUN]),
            ("role-group remove", Task("Remove-RoleGroup"), &[RUN]),
            ("role-group add-member", Task("Add-RoleGroupMember"), &[RUN]),
            ("role-group remove-member", Task("Remove-RoleGroupMember"), &[RUN]),
            ("system-account add", Task("Add-SystemAccount"), &[RUN]),
            ("system-account remove", Task("Remove-SystemAccount"), &[RUN]),
            ("catalog packs", Here("it lists what is in the program"), &[]),
            ("catalog export", Here("it writes what is in the program"), &[]),
            ("catalog lint", Here(FILES), &[]),
            ("catalog test", Here(FILES), &[]),
            ("catalog import exchange", Named, &[RUN]),
            ("catalog diff", Reads, &["GET /api/v1/tasks", "GET /api/v1/tasks/{workload}/{name}"]),
            ("catalog apply", Task("Import-TaskPack"), &[RUN]),
            ("audit search", Task("Search-AuditLog"), &["GET /api/v1/audit/events"]),
            ("audit export", Task("Export-AuditLog"), &["GET /api/v1/audit/export"]),
            ("ledger verify", Here("it judges a copy that whoever runs it can read already"), &[]),
            ("ledger checkpoint", Reads, &["GET /api/v1/ledger/checkpoint"]),
            ("ledger vkey", Reads, &["GET /api/v1/ledger/vkey"]),
            ("ledger prove", Reads, &["GET /api/v1/ledger/proof/{seq}"]),
            (
                "ledger accept-restore",
                Host("it answers for a copy put in place on this host, with the server stopped"),
                &[],
            ),
            ("ledger vouch-restore", Relation, &["POST /api/v1/organization/accept-restore"]),
            ("init", Host("there is no organization yet: whoever owns the directory makes one"), &[]),
            ("serve", Host("it is the server"), &[]),
            ("runner", Host("it is the runner, which the server's peer credentials admit"), &[]),
            (
                "recover",
                Host(
                    "nobody can sign in: the host's owner restores that, which is recorded and mailed to everyone",
                ),
                &[],
            ),
            ("vault init", Host(VAULT), &[]),
            ("vault list", Host(VAULT), &[]),
            ("vault set", Host(VAULT), &[]),
            ("vault remove", Host(VAULT), &[]),
            ("vault new-key", Host(VAULT), &[]),
            ("vault rotate", Host(VAULT), &[]),
            ("vault finish-rotation", Host(VAULT), &[]),
            ("clock accept", Host("it answers for this host's clock, with the server stopped"), &[]),
            ("clock vouch", Relation, &["POST /api/v1/organization/accept-clock"]),
            ("store rebuild", Host("it makes the tables anew from the ledger beside them"), &[]),
            ("config check", Here(FILES), &[]),
            ("config show", Here(FILES), &[]),
            ("demo", Host("it makes a throw-away organization of its own"), &[]),
            ("healthcheck", Reads, &["GET /readyz"]),
            ("completions", Here("it prints what is in the program"), &[]),
            ("man", Here("it writes what is in the program"), &[]),
        ]
    };

    fn leaves(command: &clap::Command, path: &str, all: &mut BTreeSet<String>) {
        let mut below = command.get_subcommands().filter(|command| command.get_name() != "help").peekable();
        if below.peek().is_none() && !path.is_empty() {
            all.insert(path.to_owned());
        }
        for command in below {
            leaves(command, format!("{path} {}", command.get_name()).trim(), all);
        }
    }

    /// A command that nobody has thought about fails here.
    #[test]
    fn every_command_is_gated_or_says_why_it_need_not_be() {
        let mut found = BTreeSet::new();
        leaves(&Cli::command(), "", &mut found);
        let known: BTreeSet<String> = WAYS.iter().map(|(path, ..)| (*path).to_owned()).collect();
        assert_eq!(known.len(), WAYS.len(), "each once");
        assert_eq!(
            found.difference(&known).collect::<Vec<_>>(),
            Vec::<&String>::new(),
            "say in WAYS how each of these is kept within the rules"
        );
        assert_eq!(known.difference(&found).collect::<Vec<_>>(), Vec::<&String>::new(), "no longer there");
        let routes: BTreeMap<String, &Route> = ALL.iter().map(|route| (named(route), *route)).collect();
        for (path, way, by) in WAYS {
            let by: Vec<&Route> = by
                .iter()
                .map(|name| *routes.get(*name).unwrap_or_else(|| panic!("{path}: there is no {name}")))
                .collect();
            let runs = by.iter().any(|route| named(route) == RUN);
            let gated = |route: &&Route| matches!(route.access, Access::Task { .. });
            match way {
                Way::Task(name) => {
                    let task = format!("Countersign\\{name}").parse().unwrap();
                    assert!(builtin::find(&task).is_some(), "{path}: there is no task {name}");
                    let reads =
                        |route: &&Route| matches!(route.access, Access::Task { task, .. } if task == *name);
                    assert!(runs || by.iter().any(reads), "{path}: it does not run its task");
                }
                Way::Named => assert!(runs, "{path}: it runs nothing"),
                Way::Relation => assert!(!by.is_empty() && !by.iter().any(gated), "{path}: it is a task"),
                Way::Reads => {
                    let reads =
                        |route: &Route| route.method == Method::Get || route.path == "/api/v1/explain";
                    assert!(
                        !by.is_empty() && by.iter().all(|route| reads(route)),
                        "{path}: it does not read"
                    );
                }
                Way::Host(reason) | Way::Here(reason) => {
                    assert!(!reason.is_empty() && by.is_empty(), "{path}: it goes by a route");
                }
            }
        }
    }

    /// Routes that no command goes by, with the reason.
    const OTHERWISE: &[(&str, &str)] = &[
        ("GET /healthz", "for supervisors"),
        ("GET /metrics", "for Prometheus"),
        ("GET /api/v1/openapi.json", "for programs"),
        ("GET /", "the pages"),
        ("GET /{*page}", "the pages"),
        ("GET /api/v1/events", "for pages that stay open"),
        ("GET /api/v1/sessions", "the command line has one session"),
        ("GET /api/v1/sessions/current", "`whoami` says more"),
        ("DELETE /api/v1/sessions/{id}", "the command line has one session"),
        ("POST /api/v1/me/second-factor/remove", "the page that sets it up takes it away"),
        ("GET /api/v1/overview", "a page of figures"),
        ("GET /api/v1/organization/system-accounts", "a page"),
        ("POST /api/v1/organization/test-mail", "`init` sends its own"),
        ("GET /api/v1/tasks/{workload}/{name}/versions", "a page that compares them"),
        ("POST /api/v1/policies/try", "a page that draws what it answers"),
        ("POST /api/v1/blobs", "a part of giving a file parameter"),
        ("GET /api/v1/audit/events/{seq}", "`audit search` and `audit export` have all of it"),
        ("GET /api/v1/audit/histogram", "a picture"),
        ("GET /api/v1/ledger/tile/{*path}", "for monitors of the log"),
    ];

    /// A route that no command reaches fails here.
    #[test]
    fn every_route_has_a_command_or_says_why_not() {
        let routes: BTreeSet<String> = ALL.iter().map(|route| named(route)).collect();
        let by = WAYS.iter().flat_map(|(_, _, by)| by.iter().map(|name| (*name).to_owned()));
        let other = OTHERWISE.iter().map(|(name, reason)| {
            assert!(!reason.is_empty());
            (*name).to_owned()
        });
        let (by, other): (BTreeSet<String>, BTreeSet<String>) = (by.collect(), other.collect());
        assert_eq!(by.intersection(&other).collect::<Vec<_>>(), Vec::<&String>::new(), "there is one");
        let known: BTreeSet<String> = by.union(&other).cloned().collect();
        assert_eq!(routes.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "no command");
        assert_eq!(known.difference(&routes).collect::<Vec<_>>(), Vec::<&String>::new(), "no route");
    }

    fn named(route: &Route) -> String {
        format!("{} {}", route.method.as_str(), route.path)
    }
}
