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
        /// It needs this host's own files, as their owner.
        Host,
        /// It changes nothing and asks nobody.
        Here,
    }

    const WAYS: &[(&str, Way)] = {
        use Way::*;
        &[
            ("login", Relation),
            ("logout", Relation),
            ("whoami", Reads),
            ("invitation redeem", Relation),
            ("second-factor enroll", Relation),
            ("second-factor confirm", Relation),
            ("second-factor show", Relation),
            ("password change", Relation),
            ("token new", Relation),
            ("token list", Reads),
            ("token revoke", Relation),
            ("run", Named),
            ("explain", Reads),
            ("task list", Reads),
            ("task show", Reads),
            ("task who-could", Reads),
            ("task remove", Task("Remove-Task")),
            ("request new", Relation),
            ("request list", Reads),
            ("request show", Reads),
            ("request tasks", Reads),
            ("request preview", Relation),
            ("execution take-backs", Reads),
            ("runspace list", Reads),
            ("runspace standing-access", Named),
            ("request approve", Relation),
            ("request deny", Relation),
            ("request cancel", Relation),
            ("request question", Relation),
            ("request answer", Relation),
            ("request extend", Relation),
            ("request again", Relation),
            ("request erase", Task("Clear-RequestData")),
            ("authorization list", Reads),
            ("authorization show", Reads),
            ("authorization give-back", Relation),
            ("authorization revoke", Task("Revoke-ElevatedAccessAuthorization")),
            ("execution list", Reads),
            ("execution show", Reads),
            ("execution output", Reads),
            ("execution stop", Task("Stop-Execution")),
            ("execution acknowledge", Relation),
            ("execution stop-all", Task("Stop-AllExecutions")),
            ("access status", Reads),
            ("access enable", Task("Enable-ElevatedAccessControl")),
            ("access disable", Task("Disable-ElevatedAccessControl")),
            ("access set", Task("Set-OrganizationConfig")),
            ("policy list", Reads),
            ("policy show", Reads),
            ("policy new", Task("New-ElevatedAccessApprovalPolicy")),
            ("policy set", Task("Set-ElevatedAccessApprovalPolicy")),
            ("policy remove", Task("Remove-ElevatedAccessApprovalPolicy")),
            ("policy export", Reads),
            ("policy apply", Task("Set-ElevatedAccessApprovalPolicy")),
            ("person list", Reads),
            ("person show", Reads),
            ("person new", Task("New-User")),
            ("person new-service", Task("New-ServiceAccount")),
            ("person import", Task("New-User")),
            ("person set", Task("Set-User")),
            ("person disable", Task("Disable-User")),
            ("person enable", Task("Enable-User")),
            ("person reset", Task("Reset-UserCredential")),
            ("person erase", Task("Clear-PersonalData")),
            ("person link", Task("Add-UserLink")),
            ("person unlink", Task("Remove-UserLink")),
            ("group list", Reads),
            ("group show", Reads),
            ("group new", Task("New-Group")),
            ("group remove", Task("Remove-Group")),
            ("group add-member", Task("Add-GroupMember")),
            ("group remove-member", Task("Remove-GroupMember")),
            ("group import", Task("New-Group")),
            ("role list", Reads),
            ("role show", Reads),
            ("role new", Task("New-ManagementRole")),
            ("role remove", Task("Remove-ManagementRole")),
            ("role-group list", Reads),
            ("role-group show", Reads),
            ("role-group new", Task("New-RoleGroup")),
            ("role-group remove", Task("Remove-RoleGroup")),
            ("role-group add-member", Task("Add-RoleGroupMember")),
            ("role-group remove-member", Task("Remove-RoleGroupMember")),
            ("system-account add", Task("Add-SystemAccount")),
            ("system-account remove", Task("Remove-SystemAccount")),
            ("catalog packs", Here),
            ("catalog export", Here),
            ("catalog lint", Here),
            ("catalog test", Here),
            ("catalog import exchange", Named),
            ("catalog diff", Reads),
            ("catalog apply", Task("Import-TaskPack")),
            ("audit search", Task("Search-AuditLog")),
            ("audit export", Task("Export-AuditLog")),
            ("ledger verify", Here),
            ("ledger checkpoint", Reads),
            ("ledger vkey", Reads),
            ("ledger prove", Reads),
            ("ledger accept-restore", Host),
            ("ledger vouch-restore", Relation),
            ("init", Host),
            ("serve", Host),
            ("runner", Host),
            ("recover", Host),
            ("vault init", Host),
            ("vault list", Host),
            ("vault set", Host),
            ("vault remove", Host),
            ("vault new-key", Host),
            ("vault rotate", Host),
            ("vault finish-rotation", Host),
            ("clock accept", Host),
            ("clock vouch", Relation),
            ("store rebuild", Host),
            ("config check", Here),
            ("config show", Here),
            ("demo", Host),
            ("healthcheck", Here),
            ("completions", Here),
            ("man", Here),
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
        let ways: BTreeMap<String, Way> = WAYS.iter().map(|(path, way)| ((*path).to_owned(), *way)).collect();
        assert_eq!(ways.len(), WAYS.len(), "each once");
        let known: BTreeSet<String> = ways.keys().cloned().collect();
        assert_eq!(found.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "not thought about");
        assert_eq!(known.difference(&found).collect::<Vec<_>>(), Vec::<&String>::new(), "no longer there");
        for (path, way) in &ways {
            if let Way::Task(name) = way {
                let task = format!("Countersign\\{name}").parse().unwrap();
                assert!(builtin::find(&task).is_some(), "{path}: there is no task {name}");
            }
        }
    }
}
