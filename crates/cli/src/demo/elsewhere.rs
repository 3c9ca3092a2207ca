//! Tasks on other systems: a database, another host, and a simulated tenant.

use anyhow::ensure;

use super::acts::number;
use super::set_up::Cast;
use super::targets::{Database, Host, SOMEBODY, Targets};
use super::theatre::{Ends, Theatre};

pub(super) fn walk(theatre: &mut Theatre, cast: &Cast, targets: &Targets) -> anyhow::Result<()> {
    if let Some(database) = &targets.database {
        on_a_database(theatre, cast, database)?;
    }
    if let Some(host) = &targets.host {
        on_another_host(theatre, cast, host)?;
    }
    if targets.tenant.is_some() {
        on_a_simulated_tenant(theatre, cast)?;
    }
    Ok(())
}

fn on_a_database(theatre: &mut Theatre, cast: &Cast, database: &Database) -> anyhow::Result<()> {
    theatre.act("A task on a database, as a role that may do that and no more");
    let process = format!("ProcessId={}", database.somebody_stays(theatre)?);
    let user = format!("User={SOMEBODY}");
    theatre.line(&cast.rita, &["run", "PostgreSQL\\Get-Activity"], Ends::Well)?;
    let task = "PostgreSQL\\Disconnect-Session";
    let line = ["run", task, "-p", &process, "-p", &user];
    theatre.line(&cast.rita, &line, Ends::Refused)?;
    let asked = theatre.line(
        &cast.rita,
        &["request", "new", task, "-p", &process, "-p", &user, "--reason", "she holds a lock"],
        Ends::Well,
    )?;
    let number = number(&asked.stdout)?;
    theatre.line(&cast.bob, &["request", "show", &number], Ends::Well)?;
    let preview = theatre.line(&cast.bob, &["request", "preview", &number], Ends::Well)?;
    ensure!(preview.stdout.contains(SOMEBODY), "the preview shows whose session it is");
    theatre.line(&cast.bob, &["request", "approve", &number, "--comment", "end it"], Ends::Well)?;
    theatre.line(&cast.rita, &["run", task, "-p", "ProcessId=1", "-p", &user], Ends::Refused)?;
    theatre.line(&cast.rita, &line, Ends::Well)?;
    theatre.say("    who could do the same without asking:");
    theatre.line(&cast.rita, &["runspace", "standing-access", "PostgreSQL"], Ends::Well)?;
    Ok(())
}

fn on_another_host(theatre: &mut Theatre, cast: &Cast, host: &Host) -> anyhow::Result<()> {
    theatre.act("A task on another host, over SSH");
    let task = "Linux\\Get-Account";
    let account = format!("Account={}", host.account());
    let line = ["run", task, "-p", &account, "-p", "Hosts=main"];
    theatre.line(&cast.rita, &line, Ends::Refused)?;
    let asked = theatre.line(
        &cast.rita,
        &["request", "new", task, "-p", &account, "-p", "Hosts=main", "--reason", "who is in which group?"],
        Ends::Well,
    )?;
    let number = number(&asked.stdout)?;
    theatre.line(&cast.cyd, &["request", "approve", &number, "--comment", "go ahead"], Ends::Well)?;
    theatre.line(&cast.rita, &line, Ends::Well)?;
    // Another host is not what was approved.
    theatre.line(&cast.rita, &["run", task, "-p", &account, "-p", "Hosts=main,web2"], Ends::Refused)?;
    theatre.line(&cast.rita, &["run", task, "-p", "Account=$(reboot)", "-p", "Hosts=main"], Ends::Refused)?;
    theatre.say("    who could do the same without asking:");
    theatre.line(&cast.rita, &["runspace", "standing-access", "Linux", "-p", "Hosts=main"], Ends::Well)?;
    Ok(())
}

fn on_a_simulated_tenant(theatre: &mut Theatre, cast: &Cast) -> anyhow::Result<()> {
    theatre.act("A cmdlet of Exchange Online, on a simulator: nothing ran against a tenant yet");
    theatre.line(&cast.rita, &["run", "Exchange\\Get-JournalRule"], Ends::Well)?;
    let task = "Exchange\\New-JournalRule";
    let name = ["-p", "Name=Audit copy", "-p", "Scope=Global", "-p", "Enabled=true", "-p"];
    let address = "JournalEmailAddress=audit@fabrikam.example";
    let line = [&["run", task][..], &name, &[address]].concat();
    theatre.line(&cast.rita, &line, Ends::Refused)?;
    let reason = ["--reason", "the auditor asks for copies"];
    let ask = [&["request", "new", task][..], &name, &[address], &reason].concat();
    let asked = theatre.line(&cast.rita, &ask, Ends::Well)?;
    let number = number(&asked.stdout)?;
    theatre.line(&cast.bob, &["request", "show", &number], Ends::Well)?;
    theatre.line(&cast.bob, &["request", "preview", &number], Ends::Well)?;
    theatre.line(&cast.bob, &["request", "approve", &number, "--comment", "for the audit"], Ends::Well)?;
    let elsewhere = [&["run", task][..], &name, &["JournalEmailAddress=copies@evil.example"]].concat();
    theatre.line(&cast.rita, &elsewhere, Ends::Refused)?;
    theatre.line(&cast.rita, &line, Ends::Well)?;
    Ok(())
}
