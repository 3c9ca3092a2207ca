use super::request::Person;

/// A link that works once. `token` is the secret; it is put behind `#`, which browsers don't send
/// to servers, proxies or other sites.
#[derive(Clone)]
pub struct Invitation {
    pub invited_by: Person,
    pub upn: String,
    pub token: String,
    pub expires_at: i64,
}

/// As [`Invitation`], for somebody who has an account.
#[derive(Clone)]
pub struct Reset {
    /// Who had it sent: the person, or an administrator.
    pub requested_by: Person,
    pub upn: String,
    pub token: String,
    pub expires_at: i64,
    /// What it resets, in words: `your password`, `your second factor`.
    pub what: String,
}

/// A link to the reader's account was not mailed but shown, once, to whoever ran the task that made it.
#[derive(Clone, Debug)]
pub struct LinkPrinted {
    pub shown_to: Person,
    /// The reader's sign-in name.
    pub upn: String,
    pub at: i64,
    pub expires_at: i64,
    /// The entry of the audit log.
    pub seq: u64,
}

/// How an account is signed in to was changed, or a token was made that acts in its name. It carries no secret.
#[derive(Clone, Debug)]
pub struct CredentialChanged {
    pub what: CredentialChange,
    /// The account's sign-in name.
    pub upn: String,
    pub at: i64,
    /// The entry of the audit log.
    pub seq: u64,
}

/// What was changed.
#[derive(Clone, Debug)]
pub enum CredentialChange {
    /// The password, by who knew the one before.
    Password,
    /// The password, by a link of an invitation or a reset; the second factor and tokens are gone with it.
    PasswordByLink,
    /// A second factor with its recovery codes is in force.
    SecondFactorSet,
    /// There is none any more.
    SecondFactorRemoved,
    /// A recovery code replaced the second factor once.
    RecoveryCodeUsed,
    /// A token was made.
    Token { scopes: Vec<String>, until: i64 },
}

#[derive(Clone, Debug)]
pub struct TestMail {
    pub by: Option<Person>,
    /// The server as configured, in words: `smtp.contoso.example:587, STARTTLS`.
    pub server: String,
    pub at: i64,
}

impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invitation").field("upn", &self.upn).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Reset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reset").field("upn", &self.upn).finish_non_exhaustive()
    }
}
