//! How far the outbox has come: one row per recipient.
//!
//! The sender reads [`Reader::outbox`](crate::Reader::outbox) behind [`Ops::outbox_place`], resolves each audience to
//! people, calls [`Ops::enqueue`], then works through [`Ops::due`].

use countersign_core::time::Instant;
use countersign_core::view::{Cell, Column};
use serde::Serialize;

use super::Ops;
use crate::error::Error;
use crate::sql::db::{Db, Take, Values, int, rows, value};
use crate::sql::ledger::limit_cell;

const PLACE: &str = "outbox";
/// The longest error text kept, in characters.
const MAX_ERROR: usize = 500;

/// Somebody who is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// A person's id, or the name of a webhook; what the sender looks the address up by.
    pub recipient: String,
    /// What they are told, as JSON of the caller's.
    pub audience: String,
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Not handed over yet.
    Waiting,
    /// Handed over.
    Delivered,
    /// Given up.
    Failed,
}

/// Whether another try can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Try again at this instant.
    Transient(Instant),
    /// Never again.
    Permanent,
}

/// One message to one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Which.
    pub id: u64,
    /// The event it tells of.
    pub seq: u64,
    /// To whom.
    pub recipient: String,
    /// What they are told.
    #[serde(skip)]
    pub audience: String,
    /// How it stands.
    pub state: DeliveryState,
    /// Tries so far.
    pub tries: u32,
    /// When to try next.
    pub next_try: Instant,
    /// When it last changed.
    pub changed: Instant,
    /// What went wrong last.
    pub error: Option<String>,
}

const ALL: &str = "SELECT id, seq, recipient, audience, state, tries, next_try, changed, error FROM delivery";

impl DeliveryState {
    const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    fn cell(self) -> Cell {
        Cell::Text(self.word().to_owned())
    }
}

impl Ops {
    /// The last outbox row that was taken over; none if these tables are new. Then the caller decides where to begin.
    ///
    /// # Errors
    /// When the tables cannot be read.
    pub fn outbox_place(&self) -> Result<Option<u64>, Error> {
        self.read(place)
    }

    /// Takes an outbox row over: its recipients wait from now on, and the row is not read again. A row taken over
    /// before is left as it is.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub fn enqueue(
        &self,
        outbox: u64,
        seq: u64,
        recipients: &[Recipient],
        now: Instant,
    ) -> Result<(), Error> {
        self.write(|db| {
            if place(db)?.is_some_and(|place| place >= outbox) {
                return Ok(());
            }
            let first: u64 = value(db, "SELECT COALESCE(MAX(id), 0) + 1 FROM delivery", &[])?.unwrap_or(1);
            for (id, recipient) in (first..).zip(recipients) {
                let sql = "INSERT INTO delivery \
                           (id, outbox, seq, recipient, audience, state, tries, next_try, changed, error) \
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?7, NULL)";
                let cells = [
                    int(id),
                    int(outbox),
                    int(seq),
                    Cell::text(&recipient.recipient),
                    Cell::text(&recipient.audience),
                    DeliveryState::Waiting.cell(),
                    now.to_cell(),
                ];
                db.execute(sql, &cells)?;
            }
            move_place(db, outbox)
        })
    }

    /// Begins behind this outbox row, for tables that are new beside a ledger that is not.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub fn set_outbox_place(&self, outbox: u64) -> Result<(), Error> {
        self.write(|db| move_place(db, outbox))
    }

    /// Forgets deliveries about this event and later ones, and goes back to this outbox row: the events are not those that
    /// were told of.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub fn forget_deliveries_since(&self, seq: u64, outbox: u64) -> Result<(), Error> {
        self.write(|db| {
            db.execute("DELETE FROM delivery WHERE seq >= ?1", &[int(seq)])?;
            move_place(db, outbox)
        })
    }

    /// Deliveries whose time has come, the oldest first.
    ///
    /// # Errors
    /// When the tables cannot be read.
    pub fn due(&self, now: Instant, limit: usize) -> Result<Vec<Delivery>, Error> {
        let sql = format!("{ALL} WHERE state = 'waiting' AND next_try <= ?1 ORDER BY next_try, id LIMIT ?2");
        self.read(|db| {
            rows(db, &sql, &[now.to_cell(), limit_cell(limit)])?.into_iter().map(delivery).collect()
        })
    }

    /// When the next waiting delivery is to be tried.
    ///
    /// # Errors
    /// When the tables cannot be read.
    pub fn next_due(&self) -> Result<Option<Instant>, Error> {
        let sql = "SELECT next_try FROM delivery WHERE state = 'waiting' ORDER BY next_try LIMIT 1";
        self.read(|db| value(db, sql, &[]))
    }

    /// A message was handed over.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub fn delivered(&self, id: u64, now: Instant) -> Result<(), Error> {
        let sql =
            "UPDATE delivery SET state = ?1, tries = tries + 1, changed = ?2, error = NULL WHERE id = ?3";
        self.write(|db| {
            db.execute(sql, &[DeliveryState::Delivered.cell(), now.to_cell(), int(id)]).map(|_| ())
        })
    }

    /// A message could not be handed over.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub fn failed(&self, id: u64, error: &str, failure: Failure, now: Instant) -> Result<(), Error> {
        let (state, next) = match failure {
            Failure::Transient(next) => (DeliveryState::Waiting, next),
            Failure::Permanent => (DeliveryState::Failed, now),
        };
        let error: String = error.chars().take(MAX_ERROR).collect();
        let sql = "UPDATE delivery SET state = ?1, tries = tries + 1, next_try = ?2, changed = ?3, error = ?4 \
                   WHERE id = ?5";
        let cells = [state.cell(), next.to_cell(), now.to_cell(), Cell::text(&error), int(id)];
        self.write(|db| db.execute(sql, &cells).map(|_| ()))
    }

    /// How the deliveries of an event stand.
    ///
    /// # Errors
    /// When the tables cannot be read.
    pub fn deliveries_of(&self, seq: u64) -> Result<Vec<Delivery>, Error> {
        let sql = format!("{ALL} WHERE seq = ?1 ORDER BY id LIMIT 1000");
        self.read(|db| rows(db, &sql, &[int(seq)])?.into_iter().map(delivery).collect())
    }

    /// The newest deliveries, and how they stand.
    ///
    /// # Errors
    /// When the tables cannot be read.
    pub fn deliveries(&self, state: Option<DeliveryState>, limit: usize) -> Result<Vec<Delivery>, Error> {
        let (filter, mut cells) = match state {
            Some(state) => ("WHERE state = ?2", vec![state.cell()]),
            None => ("", Vec::new()),
        };
        cells.insert(0, limit_cell(limit));
        let sql = format!("{ALL} {filter} ORDER BY id DESC LIMIT ?1");
        self.read(|db| rows(db, &sql, &cells)?.into_iter().map(delivery).collect())
    }

    /// How many deliveries are in a state.
    ///
    /// # Errors
    /// When the tables cannot be read.
    pub fn count_deliveries(&self, state: DeliveryState) -> Result<u64, Error> {
        let sql = "SELECT count(*) FROM delivery WHERE state = ?1";
        Ok(self.read(|db| value(db, sql, &[state.cell()]))?.unwrap_or(0))
    }

    /// Forgets deliveries to somebody.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub fn forget_recipient(&self, recipient: &str) -> Result<(), Error> {
        let sql = "DELETE FROM delivery WHERE recipient = ?1";
        self.write(|db| db.execute(sql, &[Cell::text(recipient)]).map(|_| ()))
    }

    /// Forgets deliveries that were over before this instant.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub fn sweep_deliveries(&self, before: Instant) -> Result<u64, Error> {
        let sql = "DELETE FROM delivery WHERE state <> 'waiting' AND changed < ?1";
        self.write(|db| db.execute(sql, &[before.to_cell()]))
    }
}

fn place(db: &mut dyn Db) -> Result<Option<u64>, Error> {
    let sql = "SELECT value FROM ops_meta WHERE name = ?1";
    value(db, sql, &[Cell::text(PLACE)])
}

fn move_place(db: &mut dyn Db, outbox: u64) -> Result<(), Error> {
    let sql = "INSERT INTO ops_meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    db.execute(sql, &[Cell::text(PLACE), int(outbox)])?;
    Ok(())
}

fn delivery(row: Values) -> Result<Delivery, Error> {
    let mut row = Take::new(row);
    Ok(Delivery {
        id: row.take()?,
        seq: row.take()?,
        recipient: row.take()?,
        audience: row.take()?,
        state: state(&row.take::<String>()?)?,
        tries: row.take()?,
        next_try: row.take()?,
        changed: row.take()?,
        error: row.take()?,
    })
}

fn state(word: &str) -> Result<DeliveryState, Error> {
    [DeliveryState::Waiting, DeliveryState::Delivered, DeliveryState::Failed]
        .into_iter()
        .find(|state| state.word() == word)
        .ok_or(Error::Index(countersign_core::view::cell::CellError("a state")))
}
