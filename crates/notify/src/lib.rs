//! Messages to people. What is said, to whom it is addressed and what it is about comes in as plain,
//! already resolved data ([`Notice`]); out comes a mail ([`render()`]), which a [`Mailer`] hands to an
//! SMTP server ([`smtp`]) or writes to a directory ([`spool`]). Nothing here changes state: a mail
//! informs, its link opens a page, and deciding needs sign-in.

mod compose;
mod mail;
pub mod notice;
mod page;
mod render;
#[cfg(feature = "sink")]
pub mod sink;
mod site;
pub mod smtp;
pub mod spool;
mod when;

pub use mail::{Fault, Mailer, OutgoingMail, Receipt, SendError, Sending};
pub use notice::Notice;
pub use render::{RenderError, Stamp, render};
pub use site::{PublicUrl, PublicUrlFault, Recipient, Site};
