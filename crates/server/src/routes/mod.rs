//! Every way in by HTTP. One table says what each route is and whom it lets in; the router, the API's description and
//! the tests are made from it.

pub(crate) mod audit;
pub(crate) mod authorizations;
pub(crate) mod blobs;
pub(crate) mod events;
pub(crate) mod executions;
pub(crate) mod explain;
pub(crate) mod groups;
pub(crate) mod health;
pub(crate) mod invitations;
pub(crate) mod ledger;
pub(crate) mod me;
pub(crate) mod organization;
pub(crate) mod overview;
pub(crate) mod pages;
pub(crate) mod people;
pub(crate) mod policies;
pub(crate) mod requests;
pub(crate) mod role_groups;
pub(crate) mod roles;
pub(crate) mod runspaces;
pub(crate) mod sessions;
pub(crate) mod take_backs;
pub(crate) mod tasks;
pub(crate) mod tokens;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::MethodRouter;
use countersign_core::actor::Scope;
use schemars::JsonSchema;

use crate::app::App;
use crate::layers;
use crate::schema::{self, Shape};

/// One route.
pub struct Route {
    /// `GET`, `POST` or `DELETE`.
    pub method: Method,
    /// Its path; `{id}` and the like stand for one segment.
    pub path: &'static str,
    /// Whom it lets in.
    pub access: Access,
    /// Why that suffices.
    pub reason: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// What its body holds.
    pub body: Option<Content>,
    /// What its query may say.
    pub query: Option<Shape>,
    /// The status of success.
    pub success: u16,
    /// What it answers.
    pub answer: Content,
    /// Another status with an answer of its own.
    pub also: Option<(u16, Content)>,
    pub(crate) handler: fn() -> MethodRouter<App>,
}

/// What a body or an answer holds.
#[derive(Debug, Clone, Copy)]
pub enum Content {
    /// Nothing.
    Nothing,
    /// JSON of this shape.
    Json(Shape),
    /// Bytes of this media type.
    Plain(&'static str),
    /// A stream of this media type; each of its items is JSON of this shape.
    Lines(&'static str, Shape),
}

/// A route's method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Reads.
    Get,
    /// Changes.
    Post,
    /// Ends something.
    Delete,
}

/// Whom a route lets in. Deny is the default: a route without an entry does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// A session, even one whose second factor is still to be shown.
    Begun,
    /// An enabled person, judged by their relation to the object; tokens with this scope, or none.
    Relation {
        /// The scope that a token needs; without one no token gets in.
        token: Option<Scope>,
    },
    /// An enabled person who asks for access; tokens that may request or raise, whichever the target needs.
    Asking,
    /// What it does is a task, and passes the gate.
    Task {
        /// The task's name behind `Countersign\`; empty where the body names it.
        task: &'static str,
        /// The scope that a token needs; without one no token gets in.
        token: Option<Scope>,
    },
}

impl Method {
    /// As it stands in requests.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }
}

/// Sessions only.
const PEOPLE: Access = Access::Relation { token: None };
/// Sessions, and tokens that may read.
const READERS: Access = Access::Relation { token: Some(Scope::Read) };
/// What many routes say about why they need no task.
const OWN: &str = "relation: shows or changes only what is the person's own or addressed to them";
const CONFIGURATION: &str =
    "relation: what concerns the person; all of it for who may run Countersign\\Get-OrganizationConfig";

/// JSON of a type.
const fn json<T: JsonSchema>() -> Content {
    Content::Json(schema::of::<T>)
}

impl Route {
    const fn get(path: &'static str, handler: fn() -> MethodRouter<App>) -> Self {
        Self {
            method: Method::Get,
            path,
            access: READERS,
            reason: OWN,
            summary: "",
            body: None,
            query: None,
            success: 200,
            answer: Content::Nothing,
            also: None,
            handler,
        }
    }

    const fn post(path: &'static str, handler: fn() -> MethodRouter<App>) -> Self {
        Self { method: Method::Post, access: PEOPLE, ..Self::get(path, handler) }
    }

    const fn delete(path: &'static str, handler: fn() -> MethodRouter<App>) -> Self {
        Self { method: Method::Delete, access: PEOPLE, success: 204, ..Self::get(path, handler) }
    }
}

/// All routes.
pub static ALL: &[&Route] = &[
    &health::live::ROUTE,
    &health::ready::ROUTE,
    &health::metrics::ROUTE,
    &health::describe::ROUTE,
    &pages::home::ROUTE,
    &pages::page::ROUTE,
    &sessions::create::ROUTE,
    &sessions::list::ROUTE,
    &sessions::show::ROUTE,
    &sessions::second_factor::ROUTE,
    &sessions::delete::ROUTE,
    &sessions::end::ROUTE,
    &invitations::redeem::ROUTE,
    &me::show::ROUTE,
    &me::password::ROUTE,
    &me::enroll::ROUTE,
    &me::confirm::ROUTE,
    &me::remove_second_factor::ROUTE,
    &tokens::list::ROUTE,
    &tokens::create::ROUTE,
    &tokens::delete::ROUTE,
    &organization::show::ROUTE,
    &overview::show::ROUTE,
    &organization::accept_clock::ROUTE,
    &organization::accept_restore::ROUTE,
    &organization::system_accounts::ROUTE,
    &organization::test_mail::ROUTE,
    &tasks::list::ROUTE,
    &tasks::show::ROUTE,
    &tasks::who_could::ROUTE,
    &tasks::versions::ROUTE,
    &roles::list::ROUTE,
    &role_groups::list::ROUTE,
    &runspaces::list::ROUTE,
    &groups::list::ROUTE,
    &groups::show::ROUTE,
    &people::list::ROUTE,
    &people::show::ROUTE,
    &policies::list::ROUTE,
    &policies::show::ROUTE,
    &policies::attempt::ROUTE,
    &requests::list::ROUTE,
    &requests::create::ROUTE,
    &requests::show::ROUTE,
    &requests::file::ROUTE,
    &requests::tasks::ROUTE,
    &requests::preview::ROUTE,
    &requests::approve::ROUTE,
    &requests::deny::ROUTE,
    &requests::cancel::ROUTE,
    &requests::question::ROUTE,
    &requests::answer::ROUTE,
    &blobs::create::ROUTE,
    &authorizations::list::ROUTE,
    &authorizations::show::ROUTE,
    &authorizations::give_back::ROUTE,
    &authorizations::revoke::ROUTE,
    &executions::list::ROUTE,
    &executions::create::ROUTE,
    &executions::show::ROUTE,
    &executions::output::ROUTE,
    &executions::stop::ROUTE,
    &executions::acknowledge::ROUTE,
    &take_backs::list::ROUTE,
    &explain::create::ROUTE,
    &audit::search::ROUTE,
    &audit::show::ROUTE,
    &audit::export::ROUTE,
    &audit::histogram::ROUTE,
    &ledger::checkpoint::ROUTE,
    &ledger::vkey::ROUTE,
    &ledger::tile::ROUTE,
    &ledger::proof::ROUTE,
    &events::stream::ROUTE,
];

/// The router of all routes.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for route in ALL {
        let guard = from_fn_with_state((app.clone(), *route), layers::guard);
        router = router.route(route.path, (route.handler)().route_layer(guard));
    }
    router
        .layer(DefaultBodyLimit::max(layers::MAX_BODY))
        .layer(from_fn_with_state(app.clone(), layers::outermost))
        .with_state(app)
}
