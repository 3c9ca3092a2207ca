//! Counters that slow guessing down.

use countersign_core::time::Instant;
use countersign_core::view::{Cell, Column};

use super::Ops;
use crate::error::Error;
use crate::sql::db::{Db, Take, first};

/// A counter: how many, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    /// How many.
    pub count: u64,
    /// When the count began.
    pub since: Instant,
}

impl Ops {
    /// The counter of a key.
    ///
    /// # Errors
    /// When the tables cannot be read.
    pub fn throttle(&self, key: &str) -> Result<Option<Throttle>, Error> {
        self.read(|db| get(db, key))
    }

    /// Counts one more and returns the count with it; begins anew where the count began before `expired`.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub fn count_throttle(&self, key: &str, now: Instant, expired: Instant) -> Result<Throttle, Error> {
        self.write(|db| {
            let before = get(db, key)?.filter(|throttle| throttle.since >= expired);
            let count = before.map_or(1, |throttle| throttle.count.saturating_add(1));
            let throttle = Throttle { count, since: before.map_or(now, |throttle| throttle.since) };
            let sql = "INSERT INTO throttle (key, count, since) VALUES (?1, ?2, ?3) \
                       ON CONFLICT (key) DO UPDATE SET count = excluded.count, since = excluded.since";
            db.execute(sql, &[Cell::text(key), throttle.count.to_cell(), throttle.since.to_cell()])?;
            Ok(throttle)
        })
    }

    /// Forgets a counter.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub fn clear_throttle(&self, key: &str) -> Result<(), Error> {
        self.write(|db| db.execute("DELETE FROM throttle WHERE key = ?1", &[Cell::text(key)]).map(|_| ()))
    }

    /// Forgets counters that began before this instant.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub fn sweep_throttles(&self, before: Instant) -> Result<u64, Error> {
        self.write(|db| db.execute("DELETE FROM throttle WHERE since < ?1", &[before.to_cell()]))
    }
}

fn get(db: &mut dyn Db, key: &str) -> Result<Option<Throttle>, Error> {
    let sql = "SELECT count, since FROM throttle WHERE key = ?1";
    let Some(row) = first(db, sql, &[Cell::text(key)])? else { return Ok(None) };
    let mut row = Take::new(row);
    Ok(Some(Throttle { count: row.take()?, since: row.take()? }))
}
