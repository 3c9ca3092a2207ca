//! What everybody is shown of restored copies and of host recovery.

use countersign_core::epoch::{Doubt, Restored};
use countersign_core::event::body::Recovery as How;
use countersign_core::event::{Body, wire};
use countersign_core::id::PersonId;
use countersign_core::time::{Instant, Span};
use countersign_store::{Direction, EventFilter, Visibility};
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::problem::{Problem, Result};
use crate::schema::text::{self, At};

/// How long a use of host recovery is shown.
const RECOVERY_SHOWN: Span = Span::from_hours(24 * 30);
/// Of so many uses at most.
const MOST_SHOWN: usize = 20;

/// A ledger that is not the one that was served.
#[derive(Serialize, JsonSchema)]
pub(super) struct RestoredCopy {
    /// Entries that it has.
    entries: u64,
    /// Entries that were served, or kept, before.
    served_entries: u64,
    /// Ledger and epoch of those.
    served_origin: String,
    /// What is wrong with it.
    doubts: Vec<DoubtWord>,
    /// Default approvers who have accepted it so far, of the two that it takes.
    #[schemars(with = "Vec<text::PersonId>")]
    accepted_by: Vec<PersonId>,
}

/// What is wrong with a copy.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum DoubtWord {
    Shorter,
    Different,
    Unmarked,
    KeyGone,
}

/// A use of host recovery.
#[derive(Serialize, JsonSchema)]
pub(super) struct Recovery {
    at: At,
    /// Whose sign-in was restored, or who was appointed.
    #[schemars(with = "text::PersonId")]
    person: PersonId,
    form: RecoveryForm,
    /// From when an appointed person decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<At>,
}

/// What host recovery did.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum RecoveryForm {
    /// It made a link by which an administrator signs in anew.
    SignIn,
    /// It made a person a default approver.
    Approver,
}

impl RestoredCopy {
    pub(super) fn of(restored: &Restored, entries: u64) -> Self {
        let word = |doubt: &Doubt| match doubt {
            Doubt::Shorter => DoubtWord::Shorter,
            Doubt::Different => DoubtWord::Different,
            Doubt::Unmarked => DoubtWord::Unmarked,
            Doubt::KeyGone => DoubtWord::KeyGone,
        };
        Self {
            entries,
            served_entries: restored.cites.size,
            served_origin: restored.cites.origin.to_string(),
            doubts: restored.doubts.iter().map(word).collect(),
            accepted_by: restored.vouched.iter().copied().collect(),
        }
    }
}

/// The newest uses of host recovery.
pub(super) async fn recoveries(app: &App, now: Instant) -> Result<Vec<Recovery>> {
    let filter = EventFilter {
        kinds: vec!["RecoveryUsed".to_owned()],
        from: Some(now.minus(RECOVERY_SHOWN)),
        ..EventFilter::default()
    };
    app.read(move |reader| {
        let page = reader.events(&filter, &Visibility::All, Direction::NewestFirst, None, MOST_SHOWN)?;
        let mut recoveries = Vec::new();
        for row in page.rows {
            for entry in reader.entries(row.seq, 1)? {
                let event = wire::from_bytes(&entry.bytes).map_err(Problem::internal)?;
                let Body::RecoveryUsed { person, how } = event.body else { continue };
                let (form, from) = match how {
                    How::SignIn => (RecoveryForm::SignIn, None),
                    How::Approver { from } => (RecoveryForm::Approver, Some(from.into())),
                };
                recoveries.push(Recovery { at: event.time.into(), person, form, from });
            }
        }
        Ok(recoveries)
    })
    .await
}
