//! HTTP over the engine: routes, sessions, the API's description. No rules live here: what a person may do is decided
//! by the engine; what they may see, in one place for all routes.

mod app;
mod background;
mod client_address;
pub mod config;
mod idempotency;
mod json;
mod layers;
mod listen;
pub mod logs;
mod metrics;
mod openapi;
mod problem;
mod routes;
mod schema;
mod see;
mod shares;
mod sign_in;
mod stream;
mod viewer;
mod web;

pub use app::{App, Notice, Options};
pub use client_address::{Network, NetworkFault, Peer, TrustedProxies};
pub use listen::{ServeError, Tls, serve};
pub use openapi::document;
pub use problem::Problem;
pub use routes::{ALL, Access, Content, Method, Route, router};
pub use schema::Shape;
pub use web::{File, Web};
