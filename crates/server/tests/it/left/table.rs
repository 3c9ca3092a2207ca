//! What a call of each route leaves in the ledger (G20).

/// One case of a route.
#[derive(Debug)]
pub(crate) struct Row {
    /// Method and path, as in the table of routes.
    pub(crate) route: &'static str,
    /// Which case of several; empty for the usual one.
    pub(crate) case: &'static str,
    /// What the person gets whose call is in order.
    pub(crate) right: Left,
    /// What somebody gets whom it does not concern, or who shows the wrong secret.
    pub(crate) wrong: Wrong,
}

/// A status, and the types of the events that appear, in order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Left(pub(crate) u16, pub(crate) &'static [&'static str]);

#[derive(Debug, Clone, Copy)]
pub(crate) enum Wrong {
    /// This is answered and left.
    Is(Left),
    /// Whoever is let in is right, for this reason.
    Nobody(&'static str),
}

/// Nothing.
const NONE: &[&str] = &[];
const REFUSED: &[&str] = &["Refused"];
const FAILED: &[&str] = &["SignInFailed"];
/// A reading is a task of Countersign's own like any other: its start, what it does, its outcome.
const READ: &[&str] = &["ExecutionStarted", "AuditWasRead", "ExecutionFinished"];

const fn row(route: &'static str, right: Left, wrong: Wrong) -> Row {
    Row { route, case: "", right, wrong }
}

const fn case(route: &'static str, case: &'static str, right: Left, wrong: Wrong) -> Row {
    Row { route, case, right, wrong }
}

const fn is(status: u16, kinds: &'static [&'static str]) -> Wrong {
    Wrong::Is(Left(status, kinds))
}

/// A read of what is not one's own: what is not there is not told apart, and nothing was done.
const UNKNOWN: Wrong = is(404, NONE);
const OWN: Wrong =
    Wrong::Nobody("it shows what is one's own or addressed to one, to strangers an empty list");
const PUBLIC: Wrong = Wrong::Nobody("it is public");
const ALIKE: Wrong = Wrong::Nobody("it tells everybody the same");

pub(crate) const TABLE: &[Row] = &[
    row("GET /healthz", Left(200, NONE), PUBLIC),
    row("GET /readyz", Left(200, NONE), PUBLIC),
    row("GET /metrics", Left(200, NONE), UNKNOWN),
    row("GET /api/v1/openapi.json", Left(200, NONE), PUBLIC),
    // These tests run without pages, which the first one says; `web` has them.
    row("GET /", Left(200, NONE), PUBLIC),
    row("GET /{*page}", Left(404, NONE), PUBLIC),
    row("POST /api/v1/sessions", Left(201, &["SignedIn"]), is(401, FAILED)),
    // A recovery code counts once: the others are set anew without it.
    case(
        "POST /api/v1/sessions",
        "recovery code",
        Left(201, &["CredentialSet", "SignedIn"]),
        is(401, FAILED),
    ),
    // It opens nothing until the second factor is shown, which is recorded, or fails, which is as well.
    case("POST /api/v1/sessions", "password alone", Left(201, NONE), is(401, FAILED)),
    row("GET /api/v1/sessions", Left(200, NONE), OWN),
    row("GET /api/v1/sessions/current", Left(200, NONE), OWN),
    row("POST /api/v1/sessions/current/second-factor", Left(200, &["SignedIn"]), is(401, FAILED)),
    // Sessions are no part of the state: their beginnings are recorded, not their ends.
    row("DELETE /api/v1/sessions/current", Left(204, NONE), OWN),
    row("DELETE /api/v1/sessions/{id}", Left(204, NONE), is(404, REFUSED)),
    row("POST /api/v1/invitations/redeem", Left(200, &["InvitationUsed", "CredentialSet"]), is(404, FAILED)),
    case(
        "POST /api/v1/invitations/redeem",
        "reset",
        Left(
            200,
            &["InvitationUsed", "CredentialRemoved", "CredentialRemoved", "TokenRevoked", "CredentialSet"],
        ),
        is(404, FAILED),
    ),
    row("GET /api/v1/me", Left(200, NONE), OWN),
    row("POST /api/v1/me/password", Left(200, &["CredentialSet"]), is(401, FAILED)),
    row("POST /api/v1/me/second-factor/enroll", Left(200, NONE), is(403, REFUSED)),
    // The recovery codes and the authenticator.
    row(
        "POST /api/v1/me/second-factor/confirm",
        Left(200, &["CredentialSet", "CredentialSet"]),
        is(401, FAILED),
    ),
    row(
        "POST /api/v1/me/second-factor/remove",
        Left(200, &["CredentialRemoved", "CredentialRemoved"]),
        is(401, FAILED),
    ),
    row("GET /api/v1/tokens", Left(200, NONE), OWN),
    row("POST /api/v1/tokens", Left(201, &["TokenIssued"]), is(404, REFUSED)),
    row("DELETE /api/v1/tokens/{id}", Left(204, &["TokenRevoked"]), is(404, REFUSED)),
    row("GET /api/v1/organization", Left(200, NONE), ALIKE),
    row("GET /api/v1/overview", Left(200, NONE), UNKNOWN),
    row("POST /api/v1/organization/accept-clock", Left(200, &["ClockVouched"]), is(403, REFUSED)),
    case(
        "POST /api/v1/organization/accept-clock",
        "second word",
        Left(200, &["ClockVouched", "ClockAccepted"]),
        is(403, REFUSED),
    ),
    // This ledger is no copy. What accepting one leaves is in the engine's tests of restoring.
    row("POST /api/v1/organization/accept-restore", Left(409, REFUSED), is(403, REFUSED)),
    row("GET /api/v1/organization/system-accounts", Left(200, NONE), UNKNOWN),
    // A mail to oneself changes nothing; that it was asked for by somebody who may not is a refusal.
    row("POST /api/v1/organization/test-mail", Left(200, NONE), is(404, REFUSED)),
    row("GET /api/v1/tasks", Left(200, NONE), OWN),
    row("GET /api/v1/tasks/{workload}/{name}", Left(200, NONE), UNKNOWN),
    row("GET /api/v1/tasks/{workload}/{name}/who-could", Left(200, NONE), UNKNOWN),
    row("GET /api/v1/tasks/{workload}/{name}/versions", Left(200, NONE), UNKNOWN),
    row("GET /api/v1/roles", Left(200, NONE), OWN),
    row("GET /api/v1/role-groups", Left(200, NONE), OWN),
    row("GET /api/v1/runspaces", Left(200, NONE), UNKNOWN),
    row("GET /api/v1/groups", Left(200, NONE), OWN),
    row("GET /api/v1/groups/{id}", Left(200, NONE), UNKNOWN),
    row("GET /api/v1/people", Left(200, NONE), OWN),
    row("GET /api/v1/people/{id}", Left(200, NONE), UNKNOWN),
    row("GET /api/v1/policies", Left(200, NONE), OWN),
    row("GET /api/v1/policies/{id}", Left(200, NONE), UNKNOWN),
    row("POST /api/v1/policies/try", Left(200, NONE), UNKNOWN),
    row("GET /api/v1/requests", Left(200, NONE), OWN),
    row("POST /api/v1/requests", Left(201, &["RequestSubmitted"]), is(403, REFUSED)),
    row("GET /api/v1/requests/{number}", Left(200, NONE), UNKNOWN),
    row("GET /api/v1/requests/{number}/files/{sha256}", Left(200, NONE), UNKNOWN),
    row("GET /api/v1/requests/{number}/tasks", Left(200, NONE), UNKNOWN),
    row("POST /api/v1/requests/{number}/preview", Left(202, &["ExecutionStarted"]), is(404, REFUSED)),
    row(
        "POST /api/v1/requests/{number}/approve",
        Left(200, &["VoteCast", "AuthorizationGranted"]),
        is(409, REFUSED),
    ),
    case(
        "POST /api/v1/requests/{number}/approve",
        "for less",
        Left(200, &["RequestNarrowed", "VoteCast", "AuthorizationGranted"]),
        is(409, REFUSED),
    ),
    case(
        "POST /api/v1/requests/{number}/approve",
        "one's own",
        Left(200, &["VoteCast", "AuthorizationGranted"]),
        is(403, REFUSED),
    ),
    row("POST /api/v1/requests/{number}/deny", Left(200, &["RequestEnded"]), is(409, REFUSED)),
    row("POST /api/v1/requests/{number}/cancel", Left(200, &["RequestEnded"]), is(404, REFUSED)),
    row("POST /api/v1/requests/{number}/question", Left(200, &["QuestionAsked"]), is(404, REFUSED)),
    row("POST /api/v1/requests/{number}/answer", Left(200, &["QuestionAnswered"]), is(404, REFUSED)),
    // What nothing cites vanishes; what a request or a run cites stands in its event.
    row(
        "POST /api/v1/blobs",
        Left(201, NONE),
        Wrong::Nobody("everybody uploads for requests and runs of their own"),
    ),
    row("GET /api/v1/authorizations", Left(200, NONE), OWN),
    row("GET /api/v1/authorizations/{number}", Left(200, NONE), UNKNOWN),
    row(
        "POST /api/v1/authorizations/{number}/give-back",
        Left(200, &["AuthorizationEnded"]),
        is(404, REFUSED),
    ),
    row("POST /api/v1/authorizations/{number}/revoke", Left(200, &["AuthorizationEnded"]), is(409, REFUSED)),
    row("GET /api/v1/executions", Left(200, NONE), OWN),
    row("POST /api/v1/executions", Left(202, &["ExecutionStarted"]), is(403, REFUSED)),
    case(
        "POST /api/v1/executions",
        "Countersign's own",
        Left(200, &["ExecutionStarted", "ExecutionFinished"]),
        is(403, REFUSED),
    ),
    row("GET /api/v1/executions/{id}", Left(200, NONE), UNKNOWN),
    // One's own output leaves nothing, as one's own lists.
    row("GET /api/v1/executions/{id}/output", Left(200, NONE), is(403, REFUSED)),
    case("GET /api/v1/executions/{id}/output", "another's", Left(200, READ), is(403, REFUSED)),
    case("GET /api/v1/executions/{id}/output", "none", Left(404, REFUSED), is(403, REFUSED)),
    // The order, which waits for a runner, is given up.
    row(
        "POST /api/v1/executions/{id}/stop",
        Left(204, &["StopRequested", "ExecutionFinished"]),
        is(404, REFUSED),
    ),
    row("POST /api/v1/executions/{id}/acknowledge", Left(204, &["ExecutionAcknowledged"]), is(404, REFUSED)),
    row("GET /api/v1/take-backs", Left(200, NONE), OWN),
    row("POST /api/v1/explain", Left(200, NONE), UNKNOWN),
    row("GET /api/v1/audit/events", Left(200, READ), is(403, REFUSED)),
    row("GET /api/v1/audit/events/{seq}", Left(200, READ), is(403, REFUSED)),
    case("GET /api/v1/audit/events/{seq}", "of a request", Left(200, READ), is(403, REFUSED)),
    row("GET /api/v1/audit/export", Left(200, READ), is(403, REFUSED)),
    row("GET /api/v1/audit/histogram", Left(200, READ), is(403, REFUSED)),
    row("GET /api/v1/ledger/checkpoint", Left(200, NONE), ALIKE),
    row("GET /api/v1/ledger/vkey", Left(200, NONE), ALIKE),
    row("GET /api/v1/ledger/tile/{*path}", Left(200, NONE), ALIKE),
    case("GET /api/v1/ledger/tile/{*path}", "entries", Left(200, READ), is(403, REFUSED)),
    row("GET /api/v1/ledger/proof/{seq}", Left(200, NONE), UNKNOWN),
    // A stream tells what others recorded.
    row("GET /api/v1/events", Left(200, NONE), OWN),
];
