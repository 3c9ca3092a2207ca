//! Sign-in sessions, by the digest of their secret: a stolen database gives nobody a session.

use std::fmt;

use countersign_core::id::PersonId;
use countersign_core::time::Instant;
use countersign_core::view::{Cell, Column};
use countersign_ledger::hash::Digest;

use super::Ops;
use crate::error::Error;
use crate::sql::db::{Take, Values, first, rows};

/// A session.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the cookie's secret.
    pub id: Digest,
    /// Whose.
    pub person: PersonId,
    /// When it began.
    pub created: Instant,
    /// When it was last used.
    pub seen: Instant,
    /// When it ends at the latest.
    pub until: Instant,
    /// What else belongs to it, as JSON of the caller's.
    pub data: String,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session({:?} of {} until {})", self.id, self.person, self.until)
    }
}

const ALL: &str = "SELECT id, person, created, seen, until, data FROM session";

impl Ops {
    /// Keeps a session, or changes it.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub fn put_session(&self, session: &Session) -> Result<(), Error> {
        let sql = "INSERT INTO session (id, person, created, seen, until, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                   ON CONFLICT (id) DO UPDATE SET seen = excluded.seen, until = excluded.until, data = excluded.data";
        let cells = [
            session.id.to_cell(),
            session.person.to_cell(),
            session.created.to_cell(),
            session.seen.to_cell(),
            session.until.to_cell(),
            Cell::text(&session.data),
        ];
        self.write(|db| db.execute(sql, &cells).map(|_| ()))
    }

    /// A session that has not ended.
    ///
    /// # Errors
    /// When the tables cannot be read.
    pub fn session(&self, id: &Digest, now: Instant) -> Result<Option<Session>, Error> {
        let sql = format!("{ALL} WHERE id = ?1 AND until > ?2");
        self.read(|db| first(db, &sql, &[id.to_cell(), now.to_cell()])?.map(session).transpose())
    }

    /// A person's sessions, the one used last first.
    ///
    /// # Errors
    /// When the tables cannot be read.
    pub fn sessions_of(&self, person: PersonId) -> Result<Vec<Session>, Error> {
        let sql = format!("{ALL} WHERE person = ?1 ORDER BY seen DESC LIMIT 1000");
        self.read(|db| rows(db, &sql, &[person.to_cell()])?.into_iter().map(session).collect())
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub fn touch_session(&self, id: &Digest, now: Instant) -> Result<(), Error> {
        let sql = "UPDATE session SET seen = ?1 WHERE id = ?2 AND seen < ?1";
        self.write(|db| db.execute(sql, &[now.to_cell(), id.to_cell()]).map(|_| ()))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub fn delete_session(&self, id: &Digest) -> Result<(), Error> {
        self.write(|db| db.execute("DELETE FROM session WHERE id = ?1", &[id.to_cell()]).map(|_| ()))
    }

    /// Ends all of a person's sessions but perhaps one; returns how many.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub fn delete_sessions_of(&self, person: PersonId, but: Option<&Digest>) -> Result<u64, Error> {
        let (sql, cells) = match but {
            Some(id) => {
                ("DELETE FROM session WHERE person = ?1 AND id <> ?2", vec![person.to_cell(), id.to_cell()])
            }
            None => ("DELETE FROM session WHERE person = ?1", vec![person.to_cell()]),
        };
        self.write(|db| db.execute(sql, &cells))
    }

    /// Forgets sessions that are over.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub fn sweep_sessions(&self, now: Instant) -> Result<u64, Error> {
        self.write(|db| db.execute("DELETE FROM session WHERE until <= ?1", &[now.to_cell()]))
    }
}

fn session(row: Values) -> Result<Session, Error> {
    let mut row = Take::new(row);
    Ok(Session {
        id: row.take()?,
        person: row.take()?,
        created: row.take()?,
        seen: row.take()?,
        until: row.take()?,
        data: row.take()?,
    })
}
