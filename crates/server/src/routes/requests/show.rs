//! Shows an access request: everything that an approver decides on.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use countersign_core::id::{PersonId, RequestNumber};
use countersign_core::parameter::{Presented, present};
use countersign_core::policy::{PolicyTerms, Target};
use countersign_core::state::State as Everything;
use countersign_core::statement::Statement;
use countersign_core::task::TaskDefinition;
use countersign_core::tasks::{self, CONTROL_PLANE_POLICY, DEFAULT_POLICY};
use countersign_core::view::Column as _;
use countersign_core::view::rows::{message, policy_version, request, task_version, vote};
use countersign_store::{Condition, ListQuery, Reader, get as row, list};
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::json::{Answer, Id};
use crate::problem::Result;
use crate::routes::Route;
use crate::see::people::Names;
use crate::see::policies::clauses;
use crate::see::requests::{self, Standing};
use crate::see::{at, maybe_at};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: the requester, and whom the request is or was addressed to",
    summary: "A request with its statement, parameters as approvers read them, votes, questions and the policy in words.",
    ..Route::get("/api/v1/requests/{number}", || get(show))
};

/// Earlier requests shown to approvers.
const HISTORY: usize = 10;

async fn show(State(app): State<App>, viewer: Viewer, Id(number): Id<RequestNumber>) -> Result<Answer<Json>> {
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
        let mentioned = requests::people(&found)
            .chain(votes.iter().map(|vote| vote.approver))
            .chain(messages.iter().filter_map(|message| message.person));
        let names = Names::load(reader, mentioned)?;
        let statement = statement(reader, &found)?;
        let mut answer = requests::line(&found, &names, now);
        if let (Some(answer), Json::Object(more)) = (
            answer.as_object_mut(),
            json!({
                "statement_text": statement.as_ref().map(|(_, text)| text),
                "covers": statement.as_ref().map(|(statement, _)| statement.covers.keys().collect::<Vec<_>>()),
                "latest_end": statement.as_ref().map(|(statement, _)| at(statement.latest_end)),
                "uses": statement.as_ref().and_then(|(statement, _)| statement.uses),
                "parameters": parameters(&state, reader, statement.as_ref().map(|(statement, _)| statement))?,
                "policy_words": policy(&state, reader, &found)?,
                "stage_groups": stages(&state, number),
                "vote_list": votes.iter().rev().map(|vote| shown_vote(vote, &names)).collect::<Vec<_>>(),
                "messages": messages.iter().rev().map(|message| json!({
                    "person": names.maybe(message.person), "answer": message.answer,
                    "text": message.text, "created": at(message.created),
                })).collect::<Vec<_>>(),
                "history": history.iter().map(|row| json!({
                    "number": row.number.to_string(), "status": row.status,
                    "created": at(row.created), "decided": maybe_at(row.decided),
                })).collect::<Vec<_>>(),
                "can": can(&state, person, number, standing),
                "seq": state.next_seq,
            }),
        ) {
            answer.extend(more);
        }
        Ok(Answer(answer))
    })
    .await
}

fn shown_vote(vote: &vote::Row, names: &Names) -> Json {
    json!({
        "approver": names.show(vote.approver), "stage": vote.stage, "assurance": vote.assurance,
        "statement": vote.statement, "comment": vote.comment, "created": at(vote.created),
    })
}

/// The current statement, checked against its digest, with its exact text; none once erased.
fn statement(reader: &dyn Reader, found: &request::Row) -> Result<Option<(Statement, String)>> {
    let values = reader.sealed(&[found.statement])?;
    let bytes = values.into_iter().find(|value| value.commitment == found.statement).map(|value| value.value);
    Ok(bytes.and_then(|bytes| {
        let statement = Statement::from_bytes(&bytes, found.statement).ok()?;
        Some((statement, String::from_utf8(bytes).ok()?))
    }))
}

/// The parameters as approvers read them, by the definition that the request covers.
fn parameters(
    state: &Everything,
    reader: &dyn Reader,
    statement: Option<&Statement>,
) -> Result<Option<Vec<Presented>>> {
    let Some(statement) = statement else { return Ok(None) };
    let Target::Task(name) = &statement.target else { return Ok(Some(Vec::new())) };
    let Some(digest) = statement.covers.get(name) else { return Ok(None) };
    let current = tasks::find(state, name).filter(|found| found.digest == *digest);
    let definition: Option<Arc<TaskDefinition>> = match current {
        Some(found) => Some(found.definition),
        None => {
            let key = name.to_string().to_lowercase();
            let query = ListQuery { limit: 500, ..ListQuery::all() };
            let query = query.with(Condition::Is(task_version::key(&key)));
            let versions = list::<task_version::Row>(reader, &query)?.rows;
            let then = versions.into_iter().find(|version| version.digest == *digest);
            then.and_then(|then| serde_json::from_str(&then.definition).ok()).map(Arc::new)
        }
    };
    Ok(definition.map(|definition| present(&definition.parameters, &statement.constraints)))
}

/// The terms of the request's time in words.
fn policy(state: &Everything, reader: &dyn Reader, found: &request::Row) -> Result<Option<Vec<String>>> {
    if let Some(asked) = requests::asked(state, found.number) {
        return Ok(Some(clauses(state, &asked.terms)));
    }
    if matches!(found.policy, CONTROL_PLANE_POLICY | DEFAULT_POLICY) {
        return Ok(None);
    }
    let key = [found.policy.to_cell(), found.policy_version.to_cell()];
    let version = row::<policy_version::Row>(reader, &key)?;
    let terms = version.and_then(|version| serde_json::from_str::<PolicyTerms>(&version.terms).ok());
    Ok(terms.map(|terms| clauses(state, &terms)))
}

/// The stages of a live request: whose members decide, how many of them, how many have.
fn stages(state: &Everything, number: RequestNumber) -> Vec<Json> {
    let Some(asked) = requests::asked(state, number) else { return Vec::new() };
    let mut cast: BTreeMap<u16, usize> = BTreeMap::new();
    for stage in asked.votes.values() {
        *cast.entry(*stage).or_default() += 1;
    }
    let stages = asked.stages.iter().zip(0_u16..);
    stages
        .map(|(need, stage)| {
            json!({
                "group": need.group,
                "name": state.directory.group(need.group).map(|group| group.name.to_string()),
                "seats": need.seats,
                "votes": cast.get(&stage).copied().unwrap_or(0),
            })
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

/// What the viewer could do next. A hint for buttons: the decision is made when it is sent.
fn can(state: &Everything, person: PersonId, number: RequestNumber, standing: Standing) -> Vec<&'static str> {
    let pending = state.requests.get(&number);
    let live = state.authorizations.contains_key(&number);
    match (standing, pending, live) {
        (Standing::Requester, Some(_), _) => vec!["cancel", "answer"],
        (Standing::Requester, None, true) => vec!["give_back"],
        (Standing::Approver, Some(_), _) if requests::to_decide(state, person).contains(&number) => {
            vec!["approve", "deny", "question"]
        }
        (Standing::Approver, Some(_), _) => vec!["question"],
        (Standing::Approver, None, true) => vec!["revoke"],
        _ => Vec::new(),
    }
}
