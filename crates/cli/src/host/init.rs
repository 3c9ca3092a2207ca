//! `countersign init`

mod ask;
mod files;
mod test_mail;

use std::path::PathBuf;

use countersign_core::command::{Command, Initialize, NewPerson};
use countersign_ledger::Digest;
use serde_json::json;

use super::{offline, runner, serve, settings};
use crate::app::App;
use crate::fault::{Fault, Outcome};
use crate::ui::Format;

/// What is not given is asked for, if there is a terminal.
#[derive(Debug, clap::Args)]
pub(crate) struct Init {
    /// The organization's name
    #[arg(long, value_name = "NAME")]
    organization: Option<String>,
    /// Its time zone (IANA), such as Europe/Vienna
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// Where people will reach the server; links in mails begin with it
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// The first administrator's sign-in name
    #[arg(long, value_name = "UPN", help_heading = "People")]
    administrator: Option<String>,
    /// The name people read
    #[arg(long, value_name = "NAME", help_heading = "People")]
    administrator_name: Option<String>,
    /// The mail address, if it differs
    #[arg(long, value_name = "ADDRESS", help_heading = "People")]
    administrator_mail: Option<String>,
    /// The second person's sign-in name: nobody decides alone
    #[arg(long, value_name = "UPN", help_heading = "People")]
    second: Option<String>,
    /// The mail server; without one mails are written to files
    #[arg(long, value_name = "HOST", help_heading = "Mail")]
    smtp_host: Option<String>,
    /// Its port, if not the usual one
    #[arg(long, value_name = "PORT", requires = "smtp_host", help_heading = "Mail")]
    smtp_port: Option<u16>,
    /// How the connection is protected; `none` on loopback only
    #[arg(long, value_name = "HOW", default_value = "starttls", value_parser = ["starttls", "tls", "none"], help_heading = "Mail")]
    smtp_security: String,
    /// The user to sign in to it as
    #[arg(long, value_name = "USER", requires_all = ["smtp_host", "smtp_password_file"], help_heading = "Mail")]
    smtp_username: Option<String>,
    /// A file whose first line is that user's password
    #[arg(long, value_name = "FILE", requires = "smtp_host", help_heading = "Mail")]
    smtp_password_file: Option<PathBuf>,
    /// The sender's address
    #[arg(long, value_name = "ADDRESS", requires = "smtp_host", help_heading = "Mail")]
    smtp_from: Option<String>,
    /// Send no test mail
    #[arg(long, help_heading = "Mail")]
    no_test_mail: bool,
    /// The configuration file to write
    #[arg(long, value_name = "FILE", env = "COUNTERSIGN_CONFIG", default_value = settings::DEFAULT_FILE, help_heading = "Host")]
    config: PathBuf,
    /// Where the ledger lives
    #[arg(long, value_name = "DIR", default_value = "/var/lib/countersign", help_heading = "Host")]
    data_dir: PathBuf,
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8470", help_heading = "Host")]
    listen: String,
    /// The user that the server runs as, if this is root
    #[arg(long, value_name = "USER", default_value = "countersign", help_heading = "Host")]
    user: String,
    /// Let tasks run as this local account; again for several
    #[arg(long, value_name = "ACCOUNT", help_heading = "Host")]
    allow_run_as: Vec<String>,
    /// Let tasks run programs of this directory; again for several
    #[arg(long, value_name = "DIR", help_heading = "Host")]
    allow_programs: Vec<PathBuf>,
}

/// What was given or asked, complete.
struct Plan {
    organization: String,
    zone: String,
    public_url: String,
    administrator: NewPerson,
    second: String,
}

impl Init {
    pub(crate) fn run(self, app: &App) -> Outcome {
        let plan = ask::plan(&self)?;
        let root = countersign_sandbox::user::own_uid() == 0;
        let server = if root { Some(runner::account(&self.user)?) } else { None };
        let data_dir = std::path::absolute(&self.data_dir)?;
        let ledger_file = data_dir.join("ledger.db");
        if ledger_file.exists() {
            return Err(Fault::failed(format!(
                "There is an organization in {} already.",
                data_dir.display()
            )));
        }
        let written = files::write(&self, &plan, &data_dir)?;
        let config = settings::load(Some(&written.config))?;
        let password = super::mail::password(&config)?;
        match server {
            Some(uid) => serve::own(&data_dir, uid)?,
            None => std::fs::create_dir_all(&data_dir)?,
        }
        if server.is_some() {
            countersign_runner::drop_privileges(&self.user)
                .map_err(|error| Fault::failed(format!("Root was not given up: {error}.")))?;
        }
        let ledger = ledger_id(&plan.organization);
        let link = offline::with_engine(&data_dir, async |engine| {
            let command = Command::Initialize(Initialize {
                organization: plan.organization.clone(),
                ledger: ledger.clone(),
                zone: plan.zone.clone(),
                administrator: plan.administrator.clone(),
                secret: Digest::from_bytes([0; 32]),
            });
            let receipt = offline::submit(engine, command).await?;
            if !self.no_test_mail {
                test_mail::send(app, &config, password, &plan, &ledger, engine.now()).await;
            }
            receipt.link.ok_or_else(|| Fault::failed("No link was made."))
        })?;
        let link = format!("{}/invitation#{}", plan.public_url.trim_end_matches('/'), link.reveal());
        said(app, &plan, &written, &data_dir, &link);
        Ok(())
    }
}

/// `Contoso Ltd.` becomes `contoso-ltd`: lower-case letters, digits and dashes.
fn ledger_id(organization: &str) -> String {
    let mut id = String::new();
    for c in organization.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            id.push(c);
        } else if !id.ends_with('-') && !id.is_empty() {
            id.push('-');
        }
    }
    let id: String = id.trim_matches('-').chars().take(40).collect();
    if id.is_empty() { "countersign".to_owned() } else { id }
}

fn said(app: &App, plan: &Plan, written: &files::Written, data_dir: &std::path::Path, link: &str) {
    let administrator = &plan.administrator.upn;
    if app.ui.format == Format::Json {
        app.ui.json(&json!({
            "config": written.config, "host_file": written.host_file, "data_dir": data_dir,
            "administrator": administrator, "link": link,
        }));
        return;
    }
    app.ui.note(&format!("{} is set up in {}.", plan.organization, data_dir.display()));
    app.ui.note(&format!(
        "The configuration is {}; what the host allows its runner, {}.",
        written.config.display(),
        written.host_file.display()
    ));
    app.ui.note(&format!("The link of {administrator}, once and for 72 hours:"));
    app.ui.out(link);
    let config = crate::act::quoted(&written.config.display().to_string());
    app.ui.note(
        "\nWhat comes next. From the second step on the link, opened in a browser, leads through the same:",
    );
    let steps = [
        format!("countersign serve --config {config}"),
        format!("countersign invitation redeem '{link}'"),
        format!("countersign login {administrator}"),
        "countersign second-factor enroll".to_owned(),
        format!("countersign person new {} --display-name '<name>'", plan.second),
        "countersign group new Approvers --mail '<address>'".to_owned(),
        format!("countersign group add-member Approvers {administrator} {}", plan.second),
        "countersign catalog export linux-host     (countersign catalog packs lists others)".to_owned(),
        "countersign catalog apply linux-host".to_owned(),
        "countersign Enable-ElevatedAccessControl -AdminGroup Approvers     (once both have signed in)"
            .to_owned(),
    ];
    for (at, step) in steps.iter().enumerate() {
        app.ui.note(&format!("  {}. {step}", at + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_ledger_ids() {
        for (name, wanted) in [
            ("Contoso Ltd.", "contoso-ltd"),
            ("Österreich & Söhne", "sterreich-s-hne"),
            ("漢字", "countersign"),
        ] {
            assert_eq!(ledger_id(name), wanted);
        }
    }
}
