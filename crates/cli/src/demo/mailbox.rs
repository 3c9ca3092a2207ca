//! A real SMTP receiver on loopback, and what it received.

use std::time::Duration;

use anyhow::{Context as _, bail};
use countersign_notify::sink::Sink;

/// A mail server of the demonstration's own.
#[derive(Debug)]
pub(super) struct Mailbox {
    sink: Sink,
    // The receiver lives as long as its runtime.
    _runtime: tokio::runtime::Runtime,
}

/// A mail as its reader sees it.
#[derive(Debug)]
pub(super) struct Mail {
    pub(super) subject: String,
    pub(super) text: String,
}

impl Mailbox {
    pub(super) fn open() -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .context("a runtime for the mail server")?;
        let sink = runtime.block_on(Sink::start()).context("starting the mail server")?;
        Ok(Self { sink, _runtime: runtime })
    }

    pub(super) fn port(&self) -> u16 {
        self.sink.address().port()
    }

    /// The newest mail to an address whose subject or text holds a word; waits for it a while.
    pub(super) fn mail(&self, to: &str, word: &str) -> anyhow::Result<Mail> {
        for _ in 0..200 {
            let found = self
                .sink
                .messages()
                .into_iter()
                .rev()
                .filter(|mail| mail.to.iter().any(|address| address.contains(to)))
                .map(|mail| Mail {
                    subject: mail.subject().unwrap_or_default(),
                    text: mail.text().unwrap_or_default(),
                })
                .find(|mail| mail.subject.contains(word) || mail.text.contains(word));
            if let Some(mail) = found {
                return Ok(mail);
            }
            super::theatre::pause(Duration::from_millis(50));
        }
        bail!("no mail to {to} speaks of `{word}`")
    }

    /// The secret of the link in the newest invitation to an address.
    pub(super) fn link(&self, to: &str) -> anyhow::Result<String> {
        let text = self.mail(to, "csi_")?.text;
        let secret = text.split("csi_").nth(1).context("the mail holds no link")?;
        let secret: String = secret.chars().take_while(char::is_ascii_alphanumeric).collect();
        Ok(format!("csi_{secret}"))
    }
}
