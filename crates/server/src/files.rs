//! Files in requests and runs: only what the person uploaded themselves may be cited. Knowing a digest is not having
//! the file.

use countersign_core::directory::PersonKind;
use countersign_core::id::PersonId;
use countersign_core::parameter::{ConstraintForms, Given};
use countersign_core::refusal::{Code, Refusal};
use countersign_ledger::hash::Digest;
use serde_json::Value as Json;

use crate::app::App;
use crate::problem::{Problem, Result};

/// A file by its digest and size.
pub(crate) type Cited = (Digest, u64);

/// The files among an execution's values.
pub(crate) fn in_values(given: &Given) -> Vec<Cited> {
    let mut cited = Vec::new();
    given.iter().for_each(|(_, value)| files(value, &mut cited));
    cited
}

/// The files among a request's limits.
pub(crate) fn in_limits(limits: &ConstraintForms) -> Result<Vec<Cited>> {
    let mut cited = Vec::new();
    files(&serde_json::to_value(limits).map_err(Problem::internal)?, &mut cited);
    Ok(cited)
}

/// Refuses values or limits that cite a file which neither the person nor their service account's owner uploaded.
pub(crate) async fn own(app: &App, person: PersonId, cited: Vec<Cited>) -> Result<()> {
    if cited.is_empty() {
        return Ok(());
    }
    let mut people = vec![person];
    if let Some(PersonKind::Service { owner }) = app.state().directory.person(person).map(|found| found.kind)
    {
        people.push(owner);
    }
    let blobs = app.engine().blobs();
    let checked = tokio::task::spawn_blocking(move || {
        for (digest, size) in cited {
            let mut theirs = false;
            for person in &people {
                theirs |= blobs.uploaded_by(&digest, *person)? == Some(size);
            }
            if !theirs {
                return Err(not_theirs(&digest));
            }
        }
        Ok(())
    });
    checked.await.map_err(Problem::internal)?
}

fn not_theirs(digest: &Digest) -> Problem {
    let message = format!("You uploaded no file {digest} of this size, or its time is over.");
    Refusal::new(Code::ParameterInvalid, message).hint("upload it first: POST /api/v1/blobs").into()
}

/// File values, by their form: objects of exactly `sha256`, `size` and `media_type`.
fn files(value: &Json, cited: &mut Vec<Cited>) {
    match value {
        Json::Array(items) => items.iter().for_each(|item| files(item, cited)),
        Json::Object(object) => {
            let digest = object.get("sha256").and_then(Json::as_str).and_then(|text| text.parse().ok());
            match (digest, object.get("size").and_then(Json::as_u64)) {
                (Some(digest), Some(size)) if object.len() == 3 && object.contains_key("media_type") => {
                    cited.push((digest, size));
                }
                _ => object.values().for_each(|value| files(value, cited)),
            }
        }
        _ => {}
    }
}
