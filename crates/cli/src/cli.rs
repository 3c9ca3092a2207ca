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
