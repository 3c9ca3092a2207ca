//! Reading the fields of one TOML table: each is asked for by name, what nobody asked for is a fault.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::str::FromStr;

use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::fault::FaultCode;
use crate::file::File;
use crate::near::nearest;

/// One table of a file.
pub(crate) struct Table<'f, 'a> {
    pub(crate) file: &'f File<'a>,
    entries: &'f DeTable<'a>,
    /// Where the table begins, for faults about what is missing in it.
    pub(crate) span: Range<usize>,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl<'f, 'a> Table<'f, 'a> {
    pub(crate) fn new(file: &'f File<'a>, entries: &'f DeTable<'a>, span: Range<usize>) -> Self {
        Self { file, entries, span, asked: RefCell::default() }
    }

    /// Tells of every field that was not asked for.
    pub(crate) fn finish(&self) {
        let asked = self.asked.borrow();
        for key in self.entries.keys().filter(|key| !asked.contains(key.get_ref().as_ref())) {
            let name = key.get_ref();
            let hint = nearest(name, asked.iter().copied()).map_or_else(
                || format!("the fields are {}", asked.iter().copied().collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("there is no field `{name}` here");
            self.file.hinted(&key.span(), FaultCode::UnknownField, message, Some(hint));
        }
    }

    /// The value of a field.
    pub(crate) fn get(&self, key: &'static str) -> Option<&'f Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().insert(key);
        self.entries.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    /// Where a field's name stands, or the table if it is not there.
    pub(crate) fn span_of(&self, key: &str) -> Range<usize> {
        let found = self.entries.keys().find(|name| name.get_ref() == key);
        found.map_or_else(|| self.span.clone(), Spanned::span)
    }

    /// Where a word stands at any depth, as a field's name (then `true`) or as a string; else the table's own place.
    pub(crate) fn find(&self, word: &str) -> (Range<usize>, bool) {
        find(self.entries, word).unwrap_or_else(|| (self.span.clone(), false))
    }

    /// The names of the fields with their places.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (&'f str, Range<usize>)> {
        self.entries.keys().map(|key| (key.get_ref().as_ref(), key.span()))
    }

    pub(crate) fn value_fault(&self, key: &str, message: impl Into<String>) {
        self.file.fault(&self.span_of(key), FaultCode::Value, message);
    }

    pub(crate) fn missing(&self, key: &str) {
        self.file.fault(&self.span, FaultCode::MissingField, format!("`{key}` is missing"));
    }

    fn typed<T>(
        &self,
        key: &'static str,
        what: &str,
        take: impl FnOnce(&'f DeValue<'a>) -> Option<T>,
    ) -> Option<T> {
        let value = self.get(key)?;
        let taken = take(value.get_ref());
        if taken.is_none() {
            let found = value.get_ref().type_str();
            self.file.fault(&value.span(), FaultCode::Value, format!("`{key}` is {what}, not {found}"));
        }
        taken
    }

    pub(crate) fn string(&self, key: &'static str) -> Option<String> {
        self.typed(key, "a string", |value| value.as_str().map(str::to_owned))
    }

    pub(crate) fn boolean(&self, key: &'static str) -> Option<bool> {
        self.typed(key, "true or false", DeValue::as_bool)
    }

    pub(crate) fn integer(&self, key: &'static str) -> Option<i64> {
        self.typed(key, "a whole number", integer)
    }

    /// A whole number that fits `T`.
    pub(crate) fn number<T: TryFrom<i64>>(&self, key: &'static str) -> Option<T> {
        let number = self.integer(key)?;
        let fits = T::try_from(number).ok();
        if fits.is_none() {
            self.value_fault(key, format!("`{key}` is out of range"));
        }
        fits
    }

    /// A whole number that must be there.
    pub(crate) fn required_number<T: TryFrom<i64>>(&self, key: &'static str) -> Option<T> {
        if self.get(key).is_none() {
            self.missing(key);
        }
        self.number(key)
    }

    pub(crate) fn required_string(&self, key: &'static str) -> Option<String> {
        if self.get(key).is_none() {
            self.missing(key);
        }
        self.string(key)
    }

    /// A string in some form.
    pub(crate) fn parse<T: FromStr<Err: std::fmt::Display>>(&self, key: &'static str) -> Option<T> {
        let text = self.string(key)?;
        text.parse().map_err(|error: T::Err| self.value_fault(key, error.to_string())).ok()
    }

    /// A string in some form that must be there.
    pub(crate) fn required<T: FromStr<Err: std::fmt::Display>>(&self, key: &'static str) -> Option<T> {
        if self.get(key).is_none() {
            self.missing(key);
        }
        self.parse(key)
    }

    /// One of several words; `None` also if it is another.
    pub(crate) fn word(&self, key: &'static str, words: &[&'static str]) -> Option<&'static str> {
        let text = self.string(key)?;
        let found = words.iter().copied().find(|word| *word == text);
        if found.is_none() {
            let hint = nearest(&text, words.iter().copied()).map(|near| format!("did you mean `{near}`?"));
            let message = format!("`{key}` is one of {}, not `{text}`", words.join(", "));
            self.file.hinted(&self.span_of(key), FaultCode::Value, message, hint);
        }
        found
    }

    /// A list of strings with their places.
    pub(crate) fn strings(&self, key: &'static str) -> Option<Vec<(String, Range<usize>)>> {
        let items = self.typed(key, "a list of strings", |value| value.as_array())?;
        let mut strings = Vec::new();
        for item in items.iter() {
            match item.get_ref().as_str() {
                Some(text) => strings.push((text.to_owned(), item.span())),
                None => self.file.fault(&item.span(), FaultCode::Value, format!("`{key}` holds strings")),
            }
        }
        Some(strings)
    }

    pub(crate) fn table(&self, key: &'static str) -> Option<Self> {
        let span = self.span_of(key);
        let entries = self.typed(key, "a table", DeValue::as_table)?;
        Some(Table::new(self.file, entries, span))
    }

    /// A list of tables, empty if the field is not there.
    pub(crate) fn tables(&self, key: &'static str) -> Vec<Self> {
        let items = self.typed(key, "a list of tables", |value| value.as_array());
        let mut tables = Vec::new();
        for item in items.into_iter().flat_map(|items| items.iter()) {
            match item.get_ref().as_table() {
                Some(entries) => tables.push(Table::new(self.file, entries, item.span())),
                None => self.file.fault(&item.span(), FaultCode::Value, format!("`{key}` holds tables")),
            }
        }
        tables
    }

    /// A field's value as JSON.
    pub(crate) fn json(&self, key: &'static str) -> Option<Json> {
        to_json(self.file, self.get(key)?)
    }

    /// The whole table as JSON, each field counting as asked for.
    pub(crate) fn all_json(&self) -> Option<serde_json::Map<String, Json>> {
        object(self.file, self.entries)
    }
}

fn find(entries: &DeTable<'_>, word: &str) -> Option<(Range<usize>, bool)> {
    entries.iter().find_map(|(key, value)| {
        let here = (key.get_ref() == word).then(|| (key.span(), true));
        here.or_else(|| find_in(value, word))
    })
}

fn find_in(value: &Spanned<DeValue<'_>>, word: &str) -> Option<(Range<usize>, bool)> {
    match value.get_ref() {
        DeValue::String(text) => (text == word).then(|| (value.span(), false)),
        DeValue::Array(items) => items.iter().find_map(|item| find_in(item, word)),
        DeValue::Table(entries) => find(entries, word),
        _ => None,
    }
}

fn integer(value: &DeValue<'_>) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

fn object(file: &File<'_>, entries: &DeTable<'_>) -> Option<serde_json::Map<String, Json>> {
    entries
        .iter()
        .map(|(key, value)| to_json(file, value).map(|json| (key.get_ref().to_string(), json)))
        .collect()
}

fn to_json(file: &File<'_>, value: &Spanned<DeValue<'_>>) -> Option<Json> {
    let json = match value.get_ref() {
        DeValue::String(text) => Some(Json::from(text.as_ref())),
        DeValue::Integer(_) => integer(value.get_ref()).map(Json::from),
        DeValue::Boolean(flag) => Some(Json::Bool(*flag)),
        DeValue::Datetime(at) => Some(Json::from(at.to_string())),
        DeValue::Array(items) => return items.iter().map(|item| to_json(file, item)).collect(),
        DeValue::Table(entries) => return object(file, entries).map(Json::Object),
        DeValue::Float(_) => None,
    };
    if json.is_none() {
        file.fault(
            &value.span(),
            FaultCode::Value,
            "write decimal numbers as strings: there is no floating point",
        );
    }
    json
}
