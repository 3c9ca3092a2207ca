//! The process around runspaces: socket protocol, host file, supervision.
//!
//! The runner is the only part of Countersign that holds a target's credentials and privileges. It listens on one Unix
//! socket for one server, whose user the kernel vouches for, and carries out work orders within what its host file
//! allows. It has no database and no web, and it judges no request.

pub mod child;
pub mod client;
pub mod host_file;
pub mod privileges;
pub mod protocol;
pub mod serve;

mod deliver;
mod ending;
mod ends;
mod parent;
mod seen;
mod session;

pub use child::{RunnerChild, spawn_child};
pub use client::RunnerClient;
/// The runner's own vault, for the host's administrator.
pub use countersign_remote::vault;
/// Runs one stage of an execution's init, named by the process's last argument. The shipped binary calls this first
/// thing in `main` for its hidden command.
pub use countersign_sandbox::init::main as init_main;
pub use parent::end_with;
pub use privileges::drop_privileges;
pub use serve::{Listener, ServeError, ServeOptions, serve};
