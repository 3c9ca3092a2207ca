//! The main job: refused, asked for, approved, run; denied; revoked; over; changed only with approval; proven.

use std::time::Duration;

use anyhow::{Context as _, ensure};

use super::person::Person;
use super::set_up::Cast;
use super::theatre::{Ends, Theatre, pause};

const DISK: &str = "Host\\Get-DiskUsage";
const LONG: &str = "Host\\Start-LongCheck";

pub(super) fn walk(theatre: &mut Theatre, cast: &Cast) -> anyhow::Result<()> {
    request_approve_run(theatre, cast)?;
    deny(theatre, cast)?;
    revoke(theatre, cast)?;
    two_seconds(theatre, cast)?;
    control_plane(theatre, cast)
}

fn request_approve_run(theatre: &mut Theatre, cast: &Cast) -> anyhow::Result<()> {
    theatre.act("Nothing runs before somebody else said yes");
    theatre.line(&cast.rita, &["run", DISK, "-p", "Path=/"], Ends::Refused)?;
    let asked = theatre.line(
        &cast.rita,
        &[
            "New-ElevatedAccessRequest",
            "-Task",
            DISK,
            "-Parameter",
            "Path=/",
            "-Reason",
            "the disk is filling up",
            "-DurationHours",
            "4",
        ],
        Ends::Well,
    )?;
    let number = number(&asked.stdout)?;
    let mail = theatre.mailbox.mail(&cast.bob.upn, &number)?;
    theatre.say(&format!("    mail to {}: {}", cast.bob.upn, mail.subject));
    for line in mail.text.lines().take(24) {
        theatre.say(&format!("    │ {line}"));
    }
    theatre.line(&cast.rita, &["request", "approve", &number], Ends::Refused)?;
    theatre.line(&cast.bob, &["request", "show", &number], Ends::Well)?;
    theatre.line(
        &cast.bob,
        &["Approve-ElevatedAccessRequest", "-RequestId", &number, "-Comment", "go ahead"],
        Ends::Well,
    )?;
    let mail = theatre.mailbox.mail(&cast.rita.upn, &number)?;
    theatre.say(&format!("    mail to {}: {}", cast.rita.upn, mail.subject));
    let run = theatre.line(&cast.rita, &["run", DISK, "-p", "Path=/"], Ends::Well)?;
    ensure!(run.stdout.contains('%') || run.stdout.contains('/'), "the task printed the disk's use");
    theatre.line(&cast.rita, &["run", DISK, "-p", "Path=/etc"], Ends::Refused)?;
    Ok(())
}

fn deny(theatre: &mut Theatre, cast: &Cast) -> anyhow::Result<()> {
    theatre.act("A denial, with its reason");
    let number = ask(theatre, &cast.rita, DISK, "Path=/root", "curious", "1h")?;
    theatre.line(
        &cast.cyd,
        &["request", "deny", &number, "--comment", "not without a ticket"],
        Ends::Well,
    )?;
    let mail = theatre.mailbox.mail(&cast.rita.upn, "not without a ticket")?;
    theatre.say(&format!("    mail to {}: {}", cast.rita.upn, mail.subject));
    theatre.line(&cast.rita, &["run", DISK, "-p", "Path=/root"], Ends::Refused)?;
    Ok(())
}

fn revoke(theatre: &mut Theatre, cast: &Cast) -> anyhow::Result<()> {
    theatre.act("A revocation stops what is running");
    let number = ask(theatre, &cast.rita, LONG, "Seconds=300", "a long check", "1h")?;
    theatre.line(&cast.bob, &["request", "approve", &number, "--comment", "fine"], Ends::Well)?;
    let line = ["run", LONG, "-p", "Seconds=300"];
    let running = theatre.begin(&cast.rita, &line)?;
    pause(Duration::from_millis(800));
    theatre.line(
        &cast.cyd,
        &["Revoke-ElevatedAccessAuthorization", "-RequestId", &number, "-Comment", "stop this"],
        Ends::Well,
    )?;
    theatre.end(running, &line, Ends::Stopped)?;
    theatre.line(&cast.rita, &line, Ends::Refused)?;
    Ok(())
}

fn two_seconds(theatre: &mut Theatre, cast: &Cast) -> anyhow::Result<()> {
    theatre.act("A window of two seconds, and then no more");
    let number = ask(theatre, &cast.rita, LONG, "Seconds=1", "quickly", "2s")?;
    theatre.line(&cast.bob, &["request", "approve", &number, "--comment", "be quick"], Ends::Well)?;
    theatre.line(&cast.rita, &["run", LONG, "-p", "Seconds=1"], Ends::Well)?;
    pause(Duration::from_millis(1_500));
    theatre.line(&cast.rita, &["run", LONG, "-p", "Seconds=1"], Ends::Refused)?;
    Ok(())
}

fn control_plane(theatre: &mut Theatre, cast: &Cast) -> anyhow::Result<()> {
    theatre.act("Administrators need an approval too");
    let policy =
        ["New-ElevatedAccessApprovalPolicy", "-Task", "Host\\Clear-LogFile", "-ApprovalType", "Auto"];
    theatre.line(&cast.ada, &policy, Ends::Refused)?;
    let asked = theatre.line(
        &cast.ada,
        &[
            "New-ElevatedAccessRequest",
            "-Task",
            "Countersign\\New-ElevatedAccessApprovalPolicy",
            "-Parameter",
            "Task=Host\\Clear-LogFile",
            "-Parameter",
            "ApprovalType=Auto",
            "-Reason",
            "log rotation at night",
            "-DurationHours",
            "1",
        ],
        Ends::Well,
    )?;
    let number = number(&asked.stdout)?;
    theatre.line(&cast.ada, &["request", "approve", &number], Ends::Refused)?;
    theatre.line(&cast.cyd, &["request", "approve", &number, "--comment", "agreed"], Ends::Well)?;
    theatre.line(&cast.ada, &policy, Ends::Well)?;
    theatre.line(&cast.rita, &["request", "list", "--mine"], Ends::Well)?;
    Ok(())
}

pub(super) fn prove(theatre: &mut Theatre, cast: &Cast) -> anyhow::Result<()> {
    theatre.act("Nothing is missing, and a forged copy is caught");
    theatre.line(&cast.olga, &["audit", "search", "--task", DISK], Ends::Well)?;
    let directory = theatre.directory().to_owned();
    let kept = directory.join("kept.checkpoint");
    let data = theatre.data().display().to_string();
    let checkpoint = theatre.line(&cast.olga, &["ledger", "checkpoint"], Ends::Well)?;
    std::fs::write(&kept, &checkpoint.stdout)?;
    let kept = kept.display().to_string();
    let vkey = theatre.line(&cast.olga, &["ledger", "vkey"], Ends::Well)?;
    let vkey = vkey.stdout.trim();
    theatre.host(
        &["ledger", "verify", "--data-dir", &data, "--checkpoint", &kept, "--vkey", vkey],
        Ends::Well,
    )?;
    let copy = directory.join("copy");
    super::files::copy_ledger(&theatre.data(), &copy).context("copying the ledger")?;
    super::files::tamper(&copy).context("tampering with the copy")?;
    theatre.say("    one byte of one stored event in a copy was changed");
    let copy = copy.display().to_string();
    theatre.host(
        &["ledger", "verify", "--data-dir", &copy, "--checkpoint", &kept, "--vkey", vkey],
        Ends::Failed,
    )?;
    Ok(())
}

fn ask(
    theatre: &Theatre,
    who: &Person,
    task: &str,
    parameter: &str,
    reason: &str,
    duration: &str,
) -> anyhow::Result<String> {
    let asked = theatre.line(
        who,
        &["request", "new", task, "-p", parameter, "--reason", reason, "--duration", duration],
        Ends::Well,
    )?;
    number(&asked.stdout)
}

/// The request number that a line printed.
pub(super) fn number(printed: &str) -> anyhow::Result<String> {
    printed
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .find(|word| word.starts_with("R-") && word.len() > 2)
        .map(str::to_owned)
        .with_context(|| format!("no request number in `{printed}`"))
}
