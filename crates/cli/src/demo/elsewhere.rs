//! Tasks on other systems: a database and another host.

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
    theatre.line(&cast.bob, &["request", "approve", &number, "--comment", "end it"], Ends::Well)?;
    theatre.line(&cast.rita, &["run", task, "-p", "ProcessId=1", "-p", &user], Ends::Refused)?;
    theatre.line(&cast.rita, &line, Ends::Well)?;
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
    Ok(())
}
