//! One file a command.

pub(crate) mod access;
pub(crate) mod audit;
pub(crate) mod authorization;
pub(crate) mod catalog;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod execution;
pub(crate) mod explain;
pub(crate) mod group;
mod healthcheck;
pub(crate) mod invitation;
pub(crate) mod ledger;
pub(crate) mod login;
mod logout;
pub(crate) mod man;
pub(crate) mod password;
pub(crate) mod person;
pub(crate) mod policy;
pub(crate) mod request;
pub(crate) mod role;
pub(crate) mod role_group;
pub(crate) mod run;
pub(crate) mod second_factor;
pub(crate) mod store;
pub(crate) mod system_account;
pub(crate) mod task;
pub(crate) mod token;
mod whoami;

use crate::app::App;
use crate::cli::Command;
use crate::fault::Outcome;

/// Carries a command out.
pub(crate) fn run(app: &App, command: Command) -> Outcome {
    match command {
        Command::Login(login) => login.run(app),
        Command::Logout => logout::run(app),
        Command::Whoami => whoami::run(app),
        Command::Invitation(command) => command.run(app),
        Command::SecondFactor(command) => command.run(app),
        Command::Password(command) => command.run(app),
        Command::Token(command) => command.run(app),
        Command::Run(run) => run.run(app),
        Command::Explain(explain) => explain.run(app),
        Command::Task(command) => command.run(app),
        Command::Request(command) => command.run(app),
        Command::Authorization(command) => command.run(app),
        Command::Execution(command) => command.run(app),
        Command::Access(command) => command.run(app),
        Command::Policy(command) => command.run(app),
        Command::Person(command) => command.run(app),
        Command::Group(command) => command.run(app),
        Command::Role(command) => command.run(app),
        Command::RoleGroup(command) => command.run(app),
        Command::SystemAccount(command) => command.run(app),
        Command::Catalog(command) => command.run(app),
        Command::Audit(command) => command.run(app),
        Command::Ledger(command) => command.run(app),
        Command::Init(init) => init.run(app),
        Command::Serve(serve) => serve.run(app),
        Command::Runner(runner) => runner.run(app),
        Command::Vault(vault) => vault.run(app),
        Command::Recover(recover) => recover.run(app),
        Command::Clock(command) => command.run(app),
        Command::Store(command) => command.run(app),
        Command::Config(command) => command.run(app),
        Command::Demo(options) => crate::demo::run(&options),
        Command::Healthcheck => healthcheck::run(app),
        Command::Completions(completions) => completions.run(app),
        Command::Man(man) => man.run(app),
    }
}
