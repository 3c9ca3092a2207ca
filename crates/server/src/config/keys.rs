//! Every key, for reading and for the reference page.

/// A key of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Its name, with dots between tables.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// What holds without it.
    pub default: &'static str,
    /// What it means.
    pub what: &'static str,
}

/// What a key's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A string.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Flag,
    /// An array of strings; in the environment separated by commas.
    List,
}

const fn key(name: &'static str, kind: Kind, default: &'static str, what: &'static str) -> Key {
    Key { name, kind, default, what }
}

/// All keys.
pub const KEYS: &[Key] = &[
    key("data_dir", Kind::Text, "/var/lib/countersign", "Where the ledger and everything beside it lives."),
    key("listen", Kind::Text, "127.0.0.1:8470", "The address and port to listen on."),
    key("public_url", Kind::Text, "", "Where people reach the server; needed for mail and beyond loopback."),
    key("tls.cert", Kind::Text, "", "The certificate chain, in PEM. Read again on SIGHUP."),
    key("tls.key", Kind::Text, "", "The certificate's private key, in PEM."),
    key("trusted_proxies", Kind::List, "", "Networks of proxies that do TLS and set X-Forwarded-For."),
    key("smtp.host", Kind::Text, "", "The mail server. Without it mails are written to files."),
    key("smtp.port", Kind::Number, "", "Its port: 587 for STARTTLS, 465 for TLS, 25 without."),
    key("smtp.security", Kind::Text, "starttls", "`starttls`, `tls`, or on loopback `none`."),
    key("smtp.username", Kind::Text, "", "The user to sign in to the mail server as."),
    key("smtp.password_file", Kind::Text, "", "A file whose first line is that user's password."),
    key("smtp.from", Kind::Text, "", "The sender's address; needed with smtp.host."),
    key("runner.socket", Kind::Text, "runner.sock in data_dir", "The runner's socket."),
    key("runner.host_file", Kind::Text, "", "What the host allows the runner, if the server starts it."),
    key("runner.spawn", Kind::Flag, "true", "Whether the server starts the runner as its child."),
    key("log.format", Kind::Text, "journal", "`journal` for people, `json` for programs."),
];

impl Key {
    /// The environment variable that overrides it.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("COUNTERSIGN_{}", self.name.replace('.', "_").to_uppercase())
    }
}
