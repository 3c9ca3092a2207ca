//! One run of a task of Countersign's own: its values by name, and the draft it writes on.

use std::collections::BTreeMap;
use std::str::FromStr;

use countersign_ledger::hash::Digest;

use crate::decide::Draft;
use crate::directory::Member;
use crate::event::Body;
use crate::id::{GroupId, PersonId};
use crate::name::GroupName;
use crate::parameter::{Value, Values};
use crate::refusal::{Code, Refusal};
use crate::standing;
use crate::time::Span;

pub(crate) struct Call<'d, 'a> {
    pub(crate) draft: &'d mut Draft<'a>,
    pub(crate) values: &'d Values,
    pub(crate) secret: Option<Digest>,
    pub(crate) made: &'d mut BTreeMap<String, String>,
}

impl Call<'_, '_> {
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.values.get(&name.parse().ok()?)
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        match self.value(name)? {
            Value::String(text) | Value::Choice(text) => Some(text.clone()),
            Value::Address(address) => Some(address.as_str().to_owned()),
            Value::Identity(identity) => Some(identity.id.clone()),
            _ => None,
        }
    }

    pub(crate) fn need(&self, name: &str) -> Result<String, Refusal> {
        self.text(name).ok_or_else(|| missing(name))
    }

    pub(crate) fn parse<T: FromStr>(&self, name: &str) -> Result<T, Refusal>
    where
        T::Err: std::fmt::Display,
    {
        self.need(name)?.parse().map_err(|error| invalid(name, &error))
    }

    pub(crate) fn parse_optional<T: FromStr>(&self, name: &str) -> Result<Option<T>, Refusal>
    where
        T::Err: std::fmt::Display,
    {
        self.text(name).map(|text| text.parse().map_err(|error| invalid(name, &error))).transpose()
    }

    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        match self.value(name)? {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn span(&self, name: &str) -> Option<Span> {
        match self.value(name)? {
            Value::Duration(span) => Some(*span),
            _ => None,
        }
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        matches!(self.value(name), Some(Value::Boolean(true)))
    }

    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        match self.value(name) {
            Some(Value::List(items)) => items
                .iter()
                .filter_map(|item| match item {
                    Value::String(text) | Value::Choice(text) => Some(text.clone()),
                    Value::Identity(identity) => Some(identity.id.clone()),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// A person that exists.
    pub(crate) fn person(&self, name: &str) -> Result<PersonId, Refusal> {
        let id: PersonId = self.parse(name)?;
        match self.draft.state.directory.person(id) {
            Some(_) => Ok(id),
            None => Err(Refusal::new(Code::NotFound, format!("`{name}`: there is no such person."))),
        }
    }

    /// A group that exists, by id or by name.
    pub(crate) fn group(&self, name: &str) -> Result<GroupId, Refusal> {
        self.group_of(&self.need(name)?)
    }

    pub(crate) fn group_optional(&self, name: &str) -> Result<Option<GroupId>, Refusal> {
        self.text(name).map(|text| self.group_of(&text)).transpose()
    }

    pub(crate) fn group_of(&self, text: &str) -> Result<GroupId, Refusal> {
        let directory = &self.draft.state.directory;
        let by_id = text.parse::<GroupId>().ok().filter(|id| directory.group(*id).is_some());
        by_id.or_else(|| directory.group_named(&text.parse::<GroupName>().ok()?)).ok_or_else(|| {
            Refusal::new(Code::NotFound, format!("There is no group `{text}`."))
                .hint("countersign group list")
        })
    }

    /// Members that exist: people by id, groups by id or name.
    pub(crate) fn members(&self, name: &str) -> Result<Vec<Member>, Refusal> {
        let mut texts = self.list(name);
        texts.extend(self.text(name));
        if texts.is_empty() {
            return Err(missing(name));
        }
        texts
            .into_iter()
            .map(|text| match text.parse::<PersonId>() {
                Ok(id) if self.draft.state.directory.person(id).is_some() => Ok(Member::Person(id)),
                Ok(_) => Err(Refusal::new(Code::NotFound, format!("There is no person `{text}`."))),
                Err(_) => self.group_of(&text).map(Member::Group),
            })
            .collect()
    }

    /// Drafts a change that may end what is live, and refuses it if too few deciders would remain (G17).
    pub(crate) fn change(&mut self, body: Body) -> Result<(), Refusal> {
        let before = self.draft.state.clone();
        self.draft.change(body)?;
        standing::keep_an_administrator(&before, &self.draft.state)?;
        standing::keep_two_deciders(&before, &self.draft.state)
    }
}

pub(crate) fn missing(name: &str) -> Refusal {
    Refusal::new(Code::ParameterInvalid, format!("`{name}` is missing."))
}

pub(crate) fn invalid(name: &str, error: &dyn std::fmt::Display) -> Refusal {
    Refusal::new(Code::ParameterInvalid, format!("`{name}`: {error}."))
}
