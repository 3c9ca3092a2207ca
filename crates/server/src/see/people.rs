//! People as others see them.

use std::collections::{BTreeMap, BTreeSet};

use countersign_core::id::PersonId;
use countersign_core::view::rows::person;
use countersign_core::view::{Column as _, upn_key};
use countersign_ledger::sealed::Sealed;
use countersign_store::{Reader, get};
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::problem::Result;
use crate::schema::text;

/// A person as others see them. Names are null once erased.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Person {
    #[schemars(with = "text::PersonId")]
    pub(crate) id: PersonId,
    pub(crate) upn: Option<String>,
    pub(crate) display_name: Option<String>,
}

/// Names by id, for the people that an answer mentions.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeMap<PersonId, (Option<String>, Option<String>)>);

impl Names {
    /// Looks everybody up once.
    pub(crate) fn load(reader: &dyn Reader, people: impl IntoIterator<Item = PersonId>) -> Result<Self> {
        let people: BTreeSet<PersonId> = people.into_iter().collect();
        let mut names = BTreeMap::new();
        for id in people {
            if let Some(row) = get::<person::Row>(reader, &[id.to_cell()])? {
                names.insert(id, (row.upn, row.display_name));
            }
        }
        Ok(Self(names))
    }

    /// A person.
    pub(crate) fn show(&self, id: PersonId) -> Person {
        let (upn, display_name) = self.0.get(&id).cloned().unwrap_or_default();
        Person { id, upn, display_name }
    }

    /// The same for somebody who may be absent.
    pub(crate) fn maybe(&self, id: Option<PersonId>) -> Option<Person> {
        id.map(|id| self.show(id))
    }

    /// The sign-in name, or the id where it was erased.
    pub(crate) fn upn(&self, id: PersonId) -> String {
        self.0.get(&id).and_then(|(upn, _)| upn.clone()).unwrap_or_else(|| id.to_string())
    }
}

/// The person with this sign-in name. The index suggests; the ledger's commitment decides.
pub(crate) async fn by_upn(app: &App, upn: &str) -> Result<Option<PersonId>> {
    let (state, upn) = (app.state(), upn.to_owned());
    app.read(move |reader| {
        let Some(id) = reader.person_by_upn(&upn)? else { return Ok(None) };
        let Some(person) = state.directory.person(id) else { return Ok(None) };
        let found = opened(reader, &person.upn)?;
        Ok(found.filter(|found| upn_key(found) == upn_key(&upn)).map(|_| id))
    })
    .await
}

/// What is known of a person and place, which a password should not be made of.
pub(crate) async fn about(app: &App, id: PersonId) -> Result<Vec<String>> {
    let state = app.state();
    app.read(move |reader| {
        let mut about = vec![state.organization.name.clone()];
        if let Some(person) = state.directory.person(id) {
            about.extend(opened(reader, &person.upn)?);
            about.extend(opened(reader, &person.display_name)?);
        }
        Ok(about)
    })
    .await
}

/// A sealed text, checked against its commitment; absent once erased.
pub(crate) fn opened(reader: &dyn Reader, sealed: &Sealed<String>) -> Result<Option<String>> {
    let values = reader.sealed(&[sealed.commitment()])?;
    let value = values.into_iter().find(|value| value.holds() && value.commitment == sealed.commitment());
    Ok(value.and_then(|value| serde_json::from_slice(&value.value).ok()))
}
