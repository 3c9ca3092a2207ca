//! Shows an access request: everything that an approver decides on.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use countersign_core::id::{GroupId, PersonId, RequestNumber};
use countersign_core::parameter::{Presented, present};
use countersign_core::policy::{PolicyTerms, Target};
use countersign_core::standing::may_preview;
use countersign_core::state::State as Everything;
use countersign_core::statement::Statement;
use countersign_core::task::TaskDefinition;
use countersign_core::tasks::{self, CONTROL_PLANE_POLICY, DEFAULT_POLICY};
use countersign_core::view::rows::{message, policy_version, request, task_version, vote};
use countersign_core::view::{Column as _, RequestStatus};
use countersign_ledger::hash::Digest;
use countersign_store::{Condition, ListQuery, Reader, get as row, list};
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::json::{Answer, Id};
use crate::problem::Result;
use crate::routes::{Route, json};
use crate::schema::text::{self, At, Number};
use crate::schema::{self, word};
use crate::see::covers::{self, Opens};
use crate::see::files::{self, RequestFile};
use crate::see::people::{Names, Person};
use crate::see::policies::clauses;
use crate::see::previews::{self, RequestPreview};
use crate::see::requests::{self, Request, Standing};
use crate::see::take_backs::{self, TakeBack};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: the requester, and whom the request is or was addressed to",
    summary: "A request with its statement, parameters as approvers read them, votes, questions and the policy in words.",
    answer: json::<RequestDetails>(),
    ..Route::get("/api/v1/requests/{number}", || get(show))
};

/// Earlier requests shown to approvers.
const HISTORY: usize = 10;

/// Everything about an access request.
#[derive(Serialize, JsonSchema)]
struct RequestDetails {
    #[serde(flatten)]
    request: Request,
    /// The statement's exact text, whose digest is approved; null once erased.
    #[schemars(with = "Option<text::Json>")]
    statement_text: Option<String>,
    /// The tasks it opens; null once erased. `/tasks` has all of them.
    covers: Option<Opens>,
    latest_end: Option<At>,
    /// Uses asked for; null if as often as the policy lets.
    uses: Option<u32>,
    /// The parameters as approvers read them.
    #[schemars(with = "Option<Vec<schema::Presented>>")]
    parameters: Option<Vec<Presented>>,
    /// The files that the parameters cite; null once erased.
    files: Option<Vec<RequestFile>>,
    /// The policy's clauses of the request's time, in words.
    policy_words: Option<Vec<String>>,
    /// Whether approvers may grant less than was asked for.
    approve_for_less: bool,
    stage_groups: Vec<StageGroup>,
    vote_list: Vec<Vote>,
    messages: Vec<RequestMessage>,
    /// The requester's earlier requests for the same target, for approvers.
    history: Vec<Earlier>,
    /// How its effect can be seen before it happens; null if its task has no preview.
    preview: Option<RequestPreview>,
    /// What was done under its authorization and is not taken back yet.
    to_take_back: Vec<TakeBack>,
    /// What one could do next. A hint for buttons: the decision is made when it is sent.
    can: Vec<Step>,
    seq: u64,
}

/// A stage of a live request: whose members decide, how many of them, how many have.
#[derive(Serialize, JsonSchema)]
struct StageGroup {
    #[schemars(with = "text::GroupId")]
    group: GroupId,
    name: Option<String>,
    seats: u16,
    votes: usize,
}

/// A vote.
#[derive(Serialize, JsonSchema)]
struct Vote {
    approver: Person,
    /// Counted from 0.
    stage: u16,
    #[schemars(with = "word::Assurance")]
    assurance: String,
    /// The digest of the statement voted on.
    #[schemars(with = "text::Digest")]
    statement: Digest,
    comment: Option<String>,
    created: At,
}

/// A question to the requester, or an answer.
#[derive(Serialize, JsonSchema)]
struct RequestMessage {
    person: Option<Person>,
    answer: bool,
    /// Null once erased.
    text: Option<String>,
    created: At,
}

/// An earlier request.
#[derive(Serialize, JsonSchema)]
struct Earlier {
    number: Number,
    #[schemars(with = "word::RequestStatus")]
    status: RequestStatus,
    created: At,
    decided: Option<At>,
}

/// What can be done with a request or its authorization.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Step {
    Approve,
    Deny,
    Question,
    Cancel,
    Answer,
    GiveBack,
    Revoke,
    /// Look at what it would do.
    Preview,
}

async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Id(number): Id<RequestNumber>,
) -> Result<Answer<RequestDetails>> {
    let (state, now, person) = (app.state(), app.now(), viewer.person);
    app.read(move |reader| {
        let (found, standing) = requests::find(&state, reader, person, number)?;
        let all = ListQuery { limit: 500, ..ListQuery::all() };
        let votes = list::<vote::Row>(reader, &all.clone().with(Condition::Is(vote::number(&number))))?.rows;
        let messages = list::<message::Row>(reader, &all.with(Condition::Is(message::number(&number))))?.rows;
        let history = match standing {
            Standing::Approver => history(reader, &found)?,
            Standing::Requester => Vec::new(),
        };
        let previewed = previews::latest(reader, &found)?;
        let open = take_backs::under(&state, number);
        let mentioned = requests::people(&found)
            .chain(open.iter().map(|(_, owed)| owed.person))
            .chain(previewed.iter().map(|row| row.person))
            .chain(votes.iter().map(|vote| vote.approver))
            .chain(messages.iter().filter_map(|message| message.person));
        let names = Names::load(reader, mentioned)?;
        let (statement, statement_text) = requests::statement(reader, &found)?.unzip();
        let terms = terms(&state, reader, &found)?;
        let task = task(&state, reader, statement.as_ref())?;
        let shows = task.as_ref().is_some_and(|task| task.preview.is_some());
        Ok(Answer(RequestDetails {
            request: Request::of(&found, &names, now),
            statement_text,
            covers: statement
                .as_ref()
                .map(|statement| Opens::of(&state, reader, &statement.covers))
                .transpose()?,
            latest_end: statement.as_ref().map(|statement| statement.latest_end.into()),
            uses: statement.as_ref().and_then(|statement| statement.uses),
            parameters: task
                .as_deref()
                .zip(statement.as_ref())
                .map(|(task, statement)| present(&task.parameters, &statement.constraints))
                .or_else(|| statement.as_ref().filter(|statement| !is_task(statement)).map(|_| Vec::new())),
            files: statement.as_ref().map(files::of).transpose()?,
            preview: RequestPreview::of(
                &found,
                task.as_deref(),
                statement.as_ref(),
                previewed.as_ref(),
                &names,
            ),
            policy_words: terms.as_ref().map(|terms| clauses(&state, terms)),
            approve_for_less: terms.is_some_and(|terms| terms.approve_for_less),
            stage_groups: stages(&state, number),
            vote_list: votes.iter().rev().map(|vote| Vote::of(vote, &names)).collect(),
            messages: messages.iter().rev().map(|message| RequestMessage::of(message, &names)).collect(),
            history: history.iter().map(Earlier::of).collect(),
            to_take_back: open.into_iter().map(|(of, owed)| TakeBack::of(&state, of, owed, &names)).collect(),
            can: can(&state, person, number, standing, shows),
            seq: state.next_seq,
        }))
    })
    .await
}

impl Vote {
    fn of(row: &vote::Row, names: &Names) -> Self {
        Self {
            approver: names.show(row.approver),
            stage: row.stage,
            assurance: row.assurance.clone(),
            statement: row.statement,
            comment: row.comment.clone(),
            created: row.created.into(),
        }
    }
}

impl RequestMessage {
    fn of(row: &message::Row, names: &Names) -> Self {
        Self {
            person: names.maybe(row.person),
            answer: row.answer,
            text: row.text.clone(),
            created: row.created.into(),
        }
    }
}

impl Earlier {
    fn of(row: &request::Row) -> Self {
        Self {
            number: row.number.into(),
            status: row.status,
            created: row.created.into(),
            decided: row.decided.map(At),
        }
    }
}

const fn is_task(statement: &Statement) -> bool {
    matches!(statement.target, Target::Task(_))
}

/// The task as the request covers it.
fn task(
    state: &Everything,
    reader: &dyn Reader,
    statement: Option<&Statement>,
) -> Result<Option<Arc<TaskDefinition>>> {
    let Some(statement) = statement else { return Ok(None) };
    let Target::Task(name) = &statement.target else { return Ok(None) };
    let Some(digest) = covers::digest(state, reader, &statement.covers, name)? else { return Ok(None) };
    let current = tasks::find(state, name).filter(|found| found.digest == digest);
    let definition: Option<Arc<TaskDefinition>> = match current {
        Some(found) => Some(found.definition),
        None => {
            let key = name.to_string().to_lowercase();
            let query = ListQuery { limit: 500, ..ListQuery::all() };
            let query = query.with(Condition::Is(task_version::key(&key)));
            let versions = list::<task_version::Row>(reader, &query)?.rows;
            let then = versions.into_iter().find(|version| version.digest == digest);
            then.and_then(|then| serde_json::from_str(&then.definition).ok()).map(Arc::new)
        }
    };
    Ok(definition)
}

/// The terms of the request's time.
fn terms(state: &Everything, reader: &dyn Reader, found: &request::Row) -> Result<Option<Arc<PolicyTerms>>> {
    if let Some(asked) = requests::asked(state, found.number) {
        return Ok(Some(Arc::clone(&asked.terms)));
    }
    if matches!(found.policy, CONTROL_PLANE_POLICY | DEFAULT_POLICY) {
        return Ok(None);
    }
    let key = [found.policy.to_cell(), found.policy_version.to_cell()];
    let version = row::<policy_version::Row>(reader, &key)?;
    Ok(version.and_then(|version| serde_json::from_str(&version.terms).ok()).map(Arc::new))
}

fn stages(state: &Everything, number: RequestNumber) -> Vec<StageGroup> {
    let Some(asked) = requests::asked(state, number) else { return Vec::new() };
    let mut cast: BTreeMap<u16, usize> = BTreeMap::new();
    for stage in asked.votes.values() {
        *cast.entry(*stage).or_default() += 1;
    }
    let stages = asked.stages.iter().zip(0_u16..);
    stages
        .map(|(need, stage)| StageGroup {
            group: need.group,
            name: state.directory.group(need.group).map(|group| group.name.to_string()),
            seats: need.seats,
            votes: cast.get(&stage).copied().unwrap_or(0),
        })
        .collect()
}

fn history(reader: &dyn Reader, found: &request::Row) -> Result<Vec<request::Row>> {
    let query = ListQuery { limit: HISTORY + 1, ..ListQuery::all() }
        .with(Condition::Is(request::requester(&found.requester)))
        .with(Condition::Is(request::target_kind(&found.target_kind)))
        .with(Condition::Is(request::target(&found.target)));
    let mut rows = list::<request::Row>(reader, &query)?.rows;
    rows.retain(|row| row.number != found.number);
    rows.truncate(HISTORY);
    Ok(rows)
}

fn can(
    state: &Everything,
    person: PersonId,
    number: RequestNumber,
    standing: Standing,
    shows: bool,
) -> Vec<Step> {
    let mut steps = decisions(state, person, number, standing);
    if shows && state.asked(number).is_some_and(|asked| may_preview(state, asked, person)) {
        steps.push(Step::Preview);
    }
    steps
}

fn decisions(state: &Everything, person: PersonId, number: RequestNumber, standing: Standing) -> Vec<Step> {
    let pending = state.requests.get(&number);
    let live = state.authorizations.contains_key(&number);
    match (standing, pending, live) {
        (Standing::Requester, Some(_), _) => vec![Step::Cancel, Step::Answer],
        (Standing::Requester, None, true) => vec![Step::GiveBack],
        (Standing::Approver, Some(_), _) if requests::to_decide(state, person).contains(&number) => {
            vec![Step::Approve, Step::Deny, Step::Question]
        }
        (Standing::Approver, Some(_), _) => vec![Step::Question],
        (Standing::Approver, None, true) => vec![Step::Revoke],
        _ => Vec::new(),
    }
}
