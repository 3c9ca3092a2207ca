//! Text that people read. What a person decides on must look like what it is: characters that
//! hide, reorder or overprint are shown as `\u{…}`, and lines are broken by display columns.

mod hidden;
mod visible;
mod wrap;

pub use hidden::is_hidden;
pub use visible::{visible, visible_lines};
pub use wrap::{Indent, truncate, width, wrap, wrap_indented};
