//! Files beside the database. All of them belong to the server alone.

mod blobs;
mod output;
mod private;
mod reserve;

pub use blobs::{Blobs, Upload};
pub use output::{Kept, Outputs, Stream};
pub(crate) use private::{directory, file};
pub use reserve::Reserve;
