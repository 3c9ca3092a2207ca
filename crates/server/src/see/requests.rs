//! Access requests: whom they are for, and how they are shown.

use countersign_core::event::body::AuthorizationEnd;
use countersign_core::event::{Body, wire};
use countersign_core::id::{PersonId, PolicyId, RequestNumber};
use countersign_core::name::RoleName;
use countersign_core::request::Asked;
use countersign_core::standing;
use countersign_core::state::State;
use countersign_core::time::Instant;
use countersign_core::view::rows::{request, vote};
use countersign_core::view::{AuthorizationStatus, Column as _, RequestStatus};
use countersign_ledger::hash::Digest;
use countersign_store::{Condition, ListQuery, Reader, get, list};
use schemars::JsonSchema;
use serde::Serialize;

use super::people::{Names, Person};
use super::policies::Target;
use crate::problem::{Problem, Result};
use crate::schema::text::{self, At, Number};
use crate::schema::word;

/// How a person stands to a request. Nobody else may know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Requester,
    Approver,
}

/// What the live state knows of a request.
pub(crate) fn asked(state: &State, number: RequestNumber) -> Option<&Asked> {
    let pending = state.requests.get(&number).map(|request| &request.asked);
    pending.or_else(|| state.authorizations.get(&number).map(|live| &live.asked))
}

/// Whether a live request is addressed to a person: an eligible approver of one of its stages.
pub(crate) fn addressed(state: &State, asked: &Asked, person: PersonId) -> bool {
    let stages = u16::try_from(asked.stages.len()).unwrap_or(0);
    asked.votes.contains_key(&person)
        || (0..stages).any(|stage| standing::is_eligible(state, asked, person, stage))
}

/// How a person stands to a request, live or over.
pub(crate) fn standing_of(
    state: &State,
    reader: &dyn Reader,
    person: PersonId,
    row: &request::Row,
) -> Result<Option<Standing>> {
    if row.requester == person || row.account == Some(person) {
        return Ok(Some(Standing::Requester));
    }
    let approver = match asked(state, row.number) {
        Some(asked) => addressed(state, asked, person),
        None => {
            was_addressed(state, reader, person, row)?
                || get::<vote::Row>(reader, &[row.number.to_cell(), person.to_cell()])?.is_some()
        }
    };
    Ok(approver.then_some(Standing::Approver))
}

/// Whether a request that is over was addressed to a person: a member since before it of a group that it was put to.
/// Whom its policy names by now does not matter.
fn was_addressed(state: &State, reader: &dyn Reader, person: PersonId, row: &request::Row) -> Result<bool> {
    let directory = &state.directory;
    if directory.human(person) == directory.human(row.requester) || !directory.can_decide(person) {
        return Ok(false);
    }
    let Some(entry) = reader.entries(row.seq, 1)?.into_iter().find(|entry| entry.seq == row.seq) else {
        return Ok(false);
    };
    let event = wire::from_bytes(&entry.bytes).map_err(Problem::internal)?;
    let Body::RequestSubmitted { stages, .. } = event.body else { return Ok(false) };
    let since_before = |group| directory.member_since(group, person).is_some_and(|since| since < row.seq);
    Ok(stages.iter().any(|stage| since_before(stage.group)))
}

/// The request, if the person may know of it.
pub(crate) fn find(
    state: &State,
    reader: &dyn Reader,
    person: PersonId,
    number: RequestNumber,
) -> Result<(request::Row, Standing)> {
    let row = get::<request::Row>(reader, &[number.to_cell()])?.ok_or_else(Problem::not_found)?;
    let standing = standing_of(state, reader, person, &row)?.ok_or_else(Problem::not_found)?;
    Ok((row, standing))
}

/// Requests that are addressed to a person: live ones, and those they voted on.
pub(crate) fn addressed_to(
    state: &State,
    reader: &dyn Reader,
    person: PersonId,
) -> Result<Vec<RequestNumber>> {
    const MOST: usize = 1_000;
    let live = state.requests.iter().map(|(number, request)| (*number, &request.asked));
    let live = live.chain(state.authorizations.iter().map(|(number, live)| (*number, &live.asked)));
    let mut numbers: Vec<RequestNumber> =
        live.filter(|(_, asked)| addressed(state, asked, person)).map(|(number, _)| number).collect();
    let votes = ListQuery { limit: MOST, ..ListQuery::all() }.with(Condition::Is(vote::approver(&person)));
    numbers.extend(list::<vote::Row>(reader, &votes)?.rows.into_iter().map(|vote| vote.number));
    numbers.sort_unstable_by(|a, b| b.cmp(a));
    numbers.dedup();
    numbers.truncate(MOST);
    Ok(numbers)
}

/// Requests that wait for a person's decision now.
pub(crate) fn to_decide(state: &State, person: PersonId) -> Vec<RequestNumber> {
    let human = state.directory.human(person);
    state
        .requests
        .iter()
        .filter(|(_, request)| {
            standing::is_eligible(state, &request.asked, person, request.stage)
                && !request.asked.votes.keys().any(|voter| state.directory.human(*voter) == human)
        })
        .map(|(number, _)| *number)
        .collect()
}

/// An access request.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Request {
    number: Number,
    #[schemars(with = "word::RequestStatus")]
    status: RequestStatus,
    requester: Person,
    /// The service account it is for, whose owner the requester is.
    account: Option<Person>,
    target: Target,
    /// The role whose policy was chosen to govern.
    #[schemars(with = "Option<text::RoleName>")]
    role: Option<RoleName>,
    /// Null once erased.
    reason: Option<String>,
    ticket: Option<String>,
    duration_secs: u64,
    /// From when, if later than the approval.
    start: Option<At>,
    created: At,
    /// When it ends undecided.
    expires: At,
    /// The stage whose approvers decide, counted from 0.
    stage: u16,
    stages: u16,
    /// Votes cast.
    votes: u32,
    /// When it was decided or ended.
    decided: Option<At>,
    decided_by: Option<Person>,
    /// Why it ended, in the decider's words.
    comment: Option<String>,
    /// The request it extends.
    extends: Option<Number>,
    /// The earlier denial of the same.
    denied_before: Option<Number>,
    /// The digest of the current statement, which approvers approve.
    #[schemars(with = "text::Digest")]
    statement: Digest,
    #[schemars(with = "text::PolicyId")]
    policy: PolicyId,
    policy_version: u64,
    authorization: Option<Authorization>,
}

/// What an approved request gives. Its number is its request's.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Authorization {
    number: Number,
    #[schemars(with = "word::AuthorizationStatus")]
    status: AuthorizationStatus,
    requester: Person,
    target: Target,
    from: Option<At>,
    until: Option<At>,
    /// Uses in all; null if unbounded.
    uses: Option<u32>,
    used: u32,
    /// How many may run at once.
    parallel: Option<u32>,
    /// When it ended, if before its time.
    ended: Option<At>,
    ended_by: Option<Person>,
    end_comment: Option<String>,
}

impl Request {
    pub(crate) fn of(row: &request::Row, names: &Names, now: Instant) -> Self {
        Self {
            number: row.number.into(),
            status: row.status,
            requester: names.show(row.requester),
            account: names.maybe(row.account),
            target: target(row),
            role: row.role.clone(),
            reason: row.reason.clone(),
            ticket: row.ticket.clone(),
            duration_secs: row.duration.as_secs(),
            start: row.start.map(At),
            created: row.created.into(),
            expires: row.expires.into(),
            stage: row.stage,
            stages: row.stages,
            votes: row.votes,
            decided: row.decided.map(At),
            decided_by: names.maybe(row.decided_by),
            comment: row.comment.clone(),
            extends: row.extends.map(Number),
            denied_before: row.denied_before.map(Number),
            statement: row.statement,
            policy: row.policy,
            policy_version: row.policy_version,
            authorization: Authorization::of(row, names, now),
        }
    }
}

impl Authorization {
    /// What the request became, if anything. The end of its time counts when it comes.
    pub(crate) fn of(row: &request::Row, names: &Names, now: Instant) -> Option<Self> {
        let status = row.authorization?;
        let over = row.until.is_some_and(|until| now >= until);
        let status = if status == AuthorizationStatus::Active && over {
            AuthorizationStatus::Ended(AuthorizationEnd::Expired)
        } else {
            status
        };
        Some(Self {
            number: row.number.into(),
            status,
            requester: names.show(row.requester),
            target: target(row),
            from: row.from.map(At),
            until: row.until.map(At),
            uses: row.uses,
            used: row.used,
            parallel: row.parallel,
            ended: row.ended.map(At),
            ended_by: names.maybe(row.ended_by),
            end_comment: row.end_comment.clone(),
        })
    }
}

fn target(row: &request::Row) -> Target {
    Target { r#type: row.target_kind.clone(), name: row.target.clone() }
}

/// The people a line mentions.
pub(crate) fn people(row: &request::Row) -> impl Iterator<Item = PersonId> {
    [Some(row.requester), row.account, row.decided_by, row.ended_by].into_iter().flatten()
}
