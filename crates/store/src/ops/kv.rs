//! Small values by name.

use countersign_core::view::Cell;

use super::Ops;
use crate::error::Error;
use crate::sql::db::value;

impl Ops {
    /// A value.
    ///
    /// # Errors
    /// When the tables cannot be read.
    pub fn get(&self, name: &str) -> Result<Option<String>, Error> {
        self.read(|db| value(db, "SELECT value FROM kv WHERE name = ?1", &[Cell::text(name)]))
    }

    /// Keeps a value.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub fn set(&self, name: &str, value: &str) -> Result<(), Error> {
        let sql = "INSERT INTO kv (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.write(|db| db.execute(sql, &[Cell::text(name), Cell::text(value)]).map(|_| ()))
    }

    /// Forgets a value.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub fn unset(&self, name: &str) -> Result<(), Error> {
        self.write(|db| db.execute("DELETE FROM kv WHERE name = ?1", &[Cell::text(name)]).map(|_| ()))
    }
}
