//! From an empty directory to an enabled organization, as its first administrator goes.

use anyhow::Context as _;
use serde_json::Value as Json;

use super::person::Person;
use super::targets::Targets;
use super::theatre::{Ends, Theatre};

/// The people.
#[derive(Debug)]
pub(super) struct Cast {
    /// The first administrator.
    pub(super) ada: Person,
    /// An approver.
    pub(super) bob: Person,
    /// Another approver.
    pub(super) cyd: Person,
    /// Who asks.
    pub(super) rita: Person,
    /// The compliance officer.
    pub(super) olga: Person,
}

impl Cast {
    pub(super) fn everybody(&self) -> [&Person; 5] {
        [&self.ada, &self.bob, &self.cyd, &self.rita, &self.olga]
    }
}

pub(super) fn set_up(theatre: &mut Theatre) -> anyhow::Result<(Cast, Targets)> {
    theatre.act("An organization");
    let mut cast = Cast {
        ada: Person::new("ada")?,
        bob: Person::new("bob")?,
        cyd: Person::new("cyd")?,
        rita: Person::new("rita")?,
        olga: Person::new("olga")?,
    };
    let link = initialize(theatre, &cast.ada, &cast.bob)?;
    let targets = Targets::start(theatre)?;
    theatre.act("People, and what can be asked for");
    theatre.serve()?;
    join(theatre, &mut cast.ada, &link)?;
    for person in [&mut cast.bob, &mut cast.cyd, &mut cast.rita, &mut cast.olga] {
        theatre.line(
            &cast.ada,
            &["person", "new", &person.upn, "--display-name", &person.name],
            Ends::Well,
        )?;
        let link = theatre.mailbox.link(&person.upn)?;
        join(theatre, person, &link)?;
    }
    people_and_tasks(theatre, &cast)?;
    theatre.line(
        &cast.ada,
        &[
            "New-ElevatedAccessApprovalPolicy",
            "-Task",
            "Host\\Get-DiskUsage",
            "-ApprovalType",
            "Manual",
            "-ApproverGroup",
            "Deciders",
        ],
        Ends::Well,
    )?;
    theatre.line(
        &cast.ada,
        &[
            "New-ElevatedAccessApprovalPolicy",
            "-Task",
            "Host\\Start-LongCheck",
            "-ApprovalType",
            "Manual",
            "-ApproverGroup",
            "Deciders",
            "-Parallel",
            "2",
        ],
        Ends::Well,
    )?;
    theatre.line(
        &cast.ada,
        &["New-ElevatedAccessApprovalPolicy", "-Task", "Host\\Get-SystemLoad", "-ApprovalType", "Auto"],
        Ends::Well,
    )?;
    targets.catalog(theatre, &cast)?;
    theatre.line(&cast.ada, &["Enable-ElevatedAccessControl", "-AdminGroup", "Approvers"], Ends::Well)?;
    Ok((cast, targets))
}

/// Makes the organization and gives the first administrator's link.
fn initialize(theatre: &Theatre, ada: &Person, bob: &Person) -> anyhow::Result<String> {
    let (config, data) = (theatre.config().display().to_string(), theatre.data().display().to_string());
    let listen = format!("127.0.0.1:{}", theatre.port());
    let smtp = theatre.mailbox.port().to_string();
    let (url, account) = (theatre.url(), super::files::own_account()?);
    let mut line = vec![
        "init",
        "--config",
        &config,
        "--data-dir",
        &data,
        "--organization",
        "Fabrikam (demonstration)",
        "--zone",
        "Europe/Berlin",
        "--listen",
        &listen,
        "--public-url",
        &url,
        "--administrator",
        &ada.upn,
        "--administrator-name",
        "Ada",
        "--second",
        &bob.upn,
        "--smtp-host",
        "127.0.0.1",
        "--smtp-port",
        &smtp,
        "--smtp-security",
        "none",
        "--smtp-from",
        "countersign@fabrikam.example",
        "--allow-run-as",
        &account,
        "--allow-programs",
        "/usr/bin",
        "--allow-programs",
        "/usr/sbin",
    ];
    if theatre.as_root() {
        line.extend(["--user", super::theatre::SERVER]);
    }
    let printed = theatre.host(&line, Ends::Well)?;
    printed
        .stdout
        .split_whitespace()
        .find_map(|word| word.split('#').nth(1).filter(|link| link.starts_with("csi_")))
        .map(str::to_owned)
        .context("`init` printed no link")
}

/// A person uses the link they were mailed, signs in, and sets up a second factor.
fn join(theatre: &Theatre, person: &mut Person, link: &str) -> anyhow::Result<()> {
    let password = format!("{}\n", person.password);
    theatre.quietly(person, &["invitation", "redeem", link, "--password-stdin"], &password)?;
    theatre.quietly(person, &["login", &person.upn, "--password-stdin"], &password)?;
    let enrolled = theatre.quietly(person, &["second-factor", "enroll", "--output", "json"], "")?;
    let enrolled: Json = serde_json::from_str(&enrolled.stdout).context("what enrolling printed")?;
    person.secret = text(&enrolled, "secret_base32")?;
    let code = person.code(super::files::seconds_now())?;
    theatre.quietly(person, &["second-factor", "confirm", "--code", &code], "")?;
    theatre.say(&format!("    {} used the mailed link, signed in and set up a second factor", person.name));
    Ok(())
}

fn people_and_tasks(theatre: &Theatre, cast: &Cast) -> anyhow::Result<()> {
    let ada = &cast.ada;
    for (group, members) in
        [("Approvers", [&cast.ada, &cast.bob, &cast.cyd].as_slice()), ("Deciders", &[&cast.bob, &cast.cyd])]
    {
        let mail = format!("{}@fabrikam.example", group.to_lowercase());
        theatre.line(ada, &["group", "new", group, "--mail", &mail], Ends::Well)?;
        let upns: Vec<&str> = members.iter().map(|person| person.upn.as_str()).collect();
        let mut line = vec!["group", "add-member", group];
        line.extend(upns);
        theatre.line(ada, &line, Ends::Well)?;
    }
    let pack = theatre.directory().join("packs").join("linux-host").display().to_string();
    theatre.host(&["catalog", "export", "linux-host", &pack], Ends::Well)?;
    theatre.line(ada, &["catalog", "lint", &pack], Ends::Well)?;
    theatre.line(ada, &["catalog", "apply", &pack], Ends::Well)?;
    theatre.line(ada, &["role-group", "add-member", "Host\\Host Operations", &cast.rita.upn], Ends::Well)?;
    theatre.line(
        ada,
        &["role-group", "add-member", "Countersign\\Compliance Management", &cast.olga.upn],
        Ends::Well,
    )?;
    Ok(())
}

fn text(json: &Json, field: &str) -> anyhow::Result<String> {
    json.get(field).and_then(Json::as_str).map(str::to_owned).with_context(|| format!("`{field}` is missing"))
}
