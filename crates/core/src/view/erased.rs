//! What an erasure leaves of the index: the texts of an event are gone from its rows, as if they had never been opened.

use super::cell::Column;
use super::noun::Row;
use super::rows::{execution, message, person, request, vote};
use crate::event::{Body, Event};

/// The changes of index rows after which they hold no text of this event.
#[must_use]
pub fn erased(event: &Event) -> Vec<Row> {
    let row = match &event.body {
        Body::PersonCreated { person: id, .. } | Body::PersonChanged { person: id, .. } => {
            Row::set::<person::Row>(
                vec![id.to_cell()],
                vec![
                    person::words(&" ".to_owned()),
                    person::upn_key(&None),
                    person::upn(&None),
                    person::display_name(&None),
                    person::mail(&None),
                ],
            )
        }
        Body::RequestSubmitted { number, .. } => Row::set::<request::Row>(
            vec![number.to_cell()],
            vec![request::reason(&None), request::ticket(&None)],
        ),
        Body::RequestEnded { number, .. } => {
            Row::set::<request::Row>(vec![number.to_cell()], vec![request::comment(&None)])
        }
        Body::AuthorizationEnded { number, .. } => {
            Row::set::<request::Row>(vec![number.to_cell()], vec![request::end_comment(&None)])
        }
        Body::VoteCast { number, approver, .. } => {
            Row::set::<vote::Row>(vec![number.to_cell(), approver.to_cell()], vec![vote::comment(&None)])
        }
        Body::QuestionAsked { .. } | Body::QuestionAnswered { .. } => {
            Row::set::<message::Row>(vec![event.seq.to_cell()], vec![message::text(&None)])
        }
        Body::ExecutionStarted { execution: id, .. } => {
            Row::set::<execution::Row>(vec![id.to_cell()], vec![execution::values(&None)])
        }
        _ => return Vec::new(),
    };
    vec![row]
}
