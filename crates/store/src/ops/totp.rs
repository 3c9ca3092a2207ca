//! The last time step at which a person's authenticator code was accepted: no code counts twice (RFC 6238 section 5.2).

use countersign_core::id::PersonId;
use countersign_core::view::Column;

use super::Ops;
use crate::error::Error;

/// Whether a code may count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Step {
    /// It is later than every one before; it counts now and never again.
    Taken,
    /// It, or a later one, counted before.
    Replayed,
}

impl Ops {
    /// Takes a time step, if it is later than the last one taken.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub fn take_totp_step(&self, person: PersonId, step: u64) -> Result<Step, Error> {
        let sql = "INSERT INTO totp_step (person, step) VALUES (?1, ?2) \
                   ON CONFLICT (person) DO UPDATE SET step = excluded.step WHERE totp_step.step < excluded.step";
        let changed = self.write(|db| db.execute(sql, &[person.to_cell(), step.to_cell()]))?;
        Ok(if changed == 1 { Step::Taken } else { Step::Replayed })
    }
}
