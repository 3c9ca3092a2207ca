//! The mail that shows whether mail works.

use countersign_client::Secret;
use countersign_core::time::Instant;
use countersign_notify::notice::TestMail;
use countersign_notify::{Mailer as _, Notice, Recipient, Site, Stamp, render};
use countersign_server::config::Config;

use super::Plan;
use crate::app::App;
use crate::host::mail::smtp_mailer;

/// Sends it to the administrator, if there is a mail server. A failure is said, and set-up goes on.
pub(super) async fn send(
    app: &App,
    config: &Config,
    password: Option<Secret>,
    plan: &Plan,
    ledger: &str,
    now: Instant,
) {
    let Some(smtp) = &config.smtp else {
        app.ui.note("No mail server is named: mails will lie in files, and approvers will NOT be told.");
        return;
    };
    let (Some(public_url), Ok(mailer)) = (config.public_url.clone(), smtp_mailer(smtp, password)) else {
        app.ui.error("warning", "The mail server cannot be used as configured.");
        return;
    };
    let server = format!("{}:{}, {:?}", smtp.host, smtp.port.unwrap_or_default(), smtp.security);
    let site = Site {
        organization: plan.organization.clone(),
        public_url,
        ledger: ledger.to_owned(),
        sender_name: "Countersign".to_owned(),
        sender_address: smtp.from.clone(),
        demo: None,
    };
    let to = &plan.administrator;
    let recipient =
        Recipient { name: to.display_name.clone(), address: to.mail.clone(), zone: plan.zone.clone() };
    let notice = Notice::TestMail(TestMail { by: None, server: server.clone(), at: now.as_micros() });
    let stamp = Stamp { key: "init-test".to_owned(), now: now.as_micros() };
    let sent = match render(&site, &notice, &recipient, &stamp) {
        Ok(mail) => mailer.send(&mail).await.map(|_| ()).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match sent {
        Ok(()) => app.ui.note(&format!("A test mail went to {}.", to.mail)),
        Err(error) => {
            app.ui.error("warning", &format!("The test mail to {} failed: {error}.", to.mail));
            app.ui.hint(Some("mend [smtp] in the configuration; set-up goes on without mail"));
        }
    }
}
