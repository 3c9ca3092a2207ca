//! What may be lost: sessions, throttles, delivery progress, uploads nobody cites yet. A database of its own, so that
//! nothing here ever waits for the ledger or holds it up.

mod delivery;
mod kv;
mod session;
mod throttle;
mod totp;
mod upload;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

pub use delivery::{Delivery, DeliveryState, Failure, Recipient};
pub use session::Session;
pub use throttle::Throttle;
pub use totp::Step;
pub(crate) use upload::UploadRow;

use crate::error::Error;
use crate::sql::db::{Db, writing};

/// The operational tables. Cheap to clone; calls wait for one another, each is a short transaction.
#[derive(Clone)]
pub struct Ops {
    db: Arc<Mutex<Box<dyn Db>>>,
}

impl Ops {
    pub(crate) fn new(db: Box<dyn Db>) -> Self {
        Self { db: Arc::new(Mutex::new(db)) }
    }

    fn read<T>(&self, read: impl FnOnce(&mut dyn Db) -> Result<T, Error>) -> Result<T, Error> {
        let mut db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        read(&mut **db)
    }

    fn write<T>(&self, write: impl FnOnce(&mut dyn Db) -> Result<T, Error>) -> Result<T, Error> {
        let mut db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        writing(&mut **db, write)
    }
}

impl fmt::Debug for Ops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ops")
    }
}
