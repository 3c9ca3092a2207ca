//! Reading one value from bare JSON, strictly.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use unicode_normalization::is_nfc;

use super::fault::{Fault, FaultCode};
use super::kind::{IdentityKind, ParameterKind};
use super::pattern::Pattern;
use super::secret::Secret;
use super::spec::ParameterSpec;
use super::value::{FileValue, Identity, Value, instant};
use super::{MAX_INTEGER, MAX_ITEMS, MAX_STRING, duration};
use crate::id::{ExecutionId, GroupId, InvitationId, PersonId, PolicyId, RequestNumber, TokenId};
use crate::name::{RoleGroupName, RoleName, TaskName, WorkloadName};

/// Faults are counted up to here; a list of a thousand bad items need not be told one by one.
const MAX_FAULTS: usize = 32;

impl ParameterSpec {
    /// Reads a value from bare JSON and brings it to canonical form.
    ///
    /// # Errors
    /// Everything that is wrong with it; a secret parameter has no value of this kind.
    pub fn read(&self, json: &Json) -> Result<Value, Vec<Fault>> {
        let mut reader = Reader { faults: Vec::new(), dash: self.may_start_with_dash };
        let value = reader.value(&self.kind, json, &format!("/{}", self.name));
        match value {
            Some(value) if reader.faults.is_empty() => Ok(value),
            _ => Err(reader.faults),
        }
    }

    /// Reads a secret.
    ///
    /// # Errors
    /// What is wrong with it, without repeating it; also if the parameter is not secret.
    pub fn read_secret(&self, json: &Json) -> Result<Secret, Vec<Fault>> {
        let place = format!("/{}", self.name);
        let mut reader = Reader { faults: Vec::new(), dash: self.may_start_with_dash };
        let secret = reader.secret(&self.kind, json, &place);
        match secret {
            Some(secret) if reader.faults.is_empty() => Ok(secret),
            _ => Err(reader.faults),
        }
    }
}

struct Reader {
    faults: Vec<Fault>,
    dash: bool,
}

impl Reader {
    fn fault(&mut self, code: FaultCode, place: &str, message: impl Into<String>) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault::new(code, place, message));
        }
    }

    fn value(&mut self, kind: &ParameterKind, json: &Json, place: &str) -> Option<Value> {
        match kind {
            ParameterKind::String { min_length, max_length, pattern, multiline } => {
                let text = self.text(json, place)?;
                let limits = (*min_length, *max_length, *multiline);
                self.string(text, limits, pattern.as_ref(), place)
            }
            ParameterKind::Integer { min, max } => self.integer(json, (*min, *max), place),
            ParameterKind::Decimal { min, max, scale } => {
                let text = self.text(json, place)?;
                let number = self.parse::<super::Decimal>(text, place)?;
                if number.scale() > *scale {
                    let message = format!("at most {scale} digits after the point");
                    self.fault(FaultCode::Malformed, place, message);
                }
                self.negative(number.is_negative(), place);
                self.range(number, *min, *max, place);
                Some(Value::Decimal(number))
            }
            ParameterKind::Boolean {} | ParameterKind::Switch {} => match json {
                Json::Bool(flag) => Some(Value::Boolean(*flag)),
                _ => self.kind("true or false", place),
            },
            ParameterKind::Choice { options } => {
                let text = self.text(json, place)?;
                let found = options.iter().find(|option| option.eq_ignore_ascii_case(text));
                if found.is_none() {
                    self.fault(FaultCode::Choice, place, format!("expected one of {}", options.join(", ")));
                }
                found.cloned().map(Value::Choice)
            }
            ParameterKind::List { of, min_items, max_items } => {
                let items = self.items(of, json, place)?;
                self.count(items.len(), Some(*min_items), *max_items, "item", place);
                Some(Value::List(items))
            }
            ParameterKind::Table { of, keys, max_items } => self.table(of, keys, *max_items, json, place),
            ParameterKind::Guid {} => {
                let guid = self.text(json, place)?.parse().ok();
                self.or_malformed(guid.map(Value::Guid), "expected a GUID in the form 8-4-4-4-12", place)
            }
            ParameterKind::Size { max, unlimited } => self.size(json, (*max, *unlimited), place),
            ParameterKind::Duration { min, max } => {
                let span = duration::read(self.text(json, place)?);
                let span =
                    self.or_malformed(span, "expected a duration such as `1h 30m`, `90s` or `PT90S`", place)?;
                self.range(span, Some(*min), Some(*max), place);
                Some(Value::Duration(span))
            }
            ParameterKind::Instant {} => {
                let at = instant::read(self.text(json, place)?);
                let message = "expected an instant in UTC such as 2026-11-22T09:00:00Z";
                self.or_malformed(at.map(Value::Instant), message, place)
            }
            ParameterKind::Address {} => {
                let text = self.text(json, place)?;
                self.dash(text, place);
                self.parse(text, place).map(Value::Address)
            }
            ParameterKind::Identity { of } => {
                let text = self.text(json, place)?;
                let id = self.or_malformed(identity(*of, text), &expected(*of), place)?;
                Some(Value::Identity(Identity { of: *of, id }))
            }
            ParameterKind::File { max_size, text } => self.file(json, *max_size, *text, place),
            ParameterKind::Secret { .. } => {
                self.fault(
                    FaultCode::SecretHere,
                    place,
                    "a secret is given when the task runs, never before",
                );
                None
            }
        }
    }

    fn kind<T>(&mut self, expected: &str, place: &str) -> Option<T> {
        self.fault(FaultCode::Kind, place, format!("expected {expected}"));
        None
    }

    fn or_malformed<T>(&mut self, value: Option<T>, message: &str, place: &str) -> Option<T> {
        if value.is_none() {
            self.fault(FaultCode::Malformed, place, message);
        }
        value
    }

    fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(&mut self, text: &str, place: &str) -> Option<T> {
        text.parse().map_err(|error: T::Err| self.fault(FaultCode::Malformed, place, error.to_string())).ok()
    }

    fn text<'a>(&mut self, json: &'a Json, place: &str) -> Option<&'a str> {
        let Json::String(text) = json else { return self.kind("a string", place) };
        if text.len() > MAX_STRING {
            self.fault(FaultCode::TooLarge, place, format!("at most {MAX_STRING} bytes"));
            return None;
        }
        Some(text)
    }

    /// Whoever approves must see what is executed: nothing that hides, reorders, or has two spellings.
    fn plain(&mut self, text: &str, multiline: bool, place: &str) {
        self.control(text, multiline, place);
        let breaks = |c: char| c == '\n' || c == '\t';
        let hidden = |c: &char| countersign_text::is_hidden(*c) && !c.is_control() && !breaks(*c);
        if let Some((index, c)) = text.chars().enumerate().find(|(_, c)| hidden(c)) {
            let message =
                format!("U+{:04X} can't be seen or changes how its neighbours are seen", u32::from(c));
            self.faults.push(Fault::new(FaultCode::Hidden, place, message).at(index + 1));
        }
        if !is_nfc(text) {
            let message = "not in Unicode normalization form C: other bytes would look the same";
            self.fault(FaultCode::NotNormalized, place, message);
        }
    }

    fn control(&mut self, text: &str, multiline: bool, place: &str) {
        let allowed = |c: char| multiline && (c == '\n' || c == '\t');
        if let Some((index, c)) = text.chars().enumerate().find(|(_, c)| c.is_control() && !allowed(*c)) {
            let message = format!("the control character U+{:04X} is not allowed", u32::from(c));
            self.faults.push(Fault::new(FaultCode::Control, place, message).at(index + 1));
        }
    }

    fn dash(&mut self, text: &str, place: &str) {
        if text.starts_with('-') && !self.dash {
            let message = "a value that starts with `-` could be read as an option";
            self.faults.push(Fault::new(FaultCode::Dash, place, message).at(1));
        }
    }

    fn negative(&mut self, negative: bool, place: &str) {
        if negative {
            self.dash("-", place);
        }
    }

    fn range<T: PartialOrd>(&mut self, value: T, min: Option<T>, max: Option<T>, place: &str) {
        if min.is_some_and(|min| value < min) {
            self.fault(FaultCode::TooSmall, place, "smaller than allowed");
        }
        if max.is_some_and(|max| value > max) {
            self.fault(FaultCode::TooLarge, place, "larger than allowed");
        }
    }

    fn count(&mut self, count: usize, min: Option<u32>, max: u32, what: &str, place: &str) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        if min.is_some_and(|min| count < min) {
            let min = min.unwrap_or_default();
            self.fault(FaultCode::TooSmall, place, format!("at least {min} {what}s"));
        }
        if count > max {
            self.fault(FaultCode::TooLarge, place, format!("at most {max} {what}s"));
        }
    }

    fn string(
        &mut self,
        text: &str,
        (min, max, multiline): (u32, u32, bool),
        pattern: Option<&Pattern>,
        place: &str,
    ) -> Option<Value> {
        self.plain(text, multiline, place);
        self.dash(text, place);
        self.count(text.chars().count(), Some(min), max, "character", place);
        if self.faults.is_empty() && pattern.is_some_and(|pattern| !pattern.matches(text)) {
            let source = pattern.map(Pattern::source).unwrap_or_default();
            self.fault(FaultCode::Pattern, place, format!("does not match the pattern {source}"));
        }
        Some(Value::String(text.to_owned()))
    }

    fn integer(&mut self, json: &Json, (min, max): (Option<i64>, Option<i64>), place: &str) -> Option<Value> {
        let Some(number) = json.as_number() else { return self.kind("a whole number", place) };
        let Some(number) = number.as_i64().filter(|number| (-MAX_INTEGER..=MAX_INTEGER).contains(number))
        else {
            return self.kind("a whole number within ±(2^53 − 1)", place);
        };
        self.negative(number < 0, place);
        self.range(number, min, max, place);
        Some(Value::Integer(number))
    }

    fn size(
        &mut self,
        json: &Json,
        (max, unlimited): (Option<super::Size>, bool),
        place: &str,
    ) -> Option<Value> {
        let size = match json {
            Json::Number(number) => number.as_u64().and_then(|bytes| super::Size::bytes(bytes).ok()),
            Json::String(text) => text.parse().ok(),
            _ => return self.kind("a size", place),
        };
        let size = self.or_malformed(size, "expected a size such as `10 MB`, or a number of bytes", place)?;
        match size {
            super::Size::Unlimited if !unlimited => {
                self.fault(FaultCode::TooLarge, place, "`Unlimited` is not allowed");
            }
            super::Size::Unlimited => {}
            super::Size::Bytes(_) => self.range(size, None, max, place),
        }
        Some(Value::Size(size))
    }

    fn items(&mut self, of: &ParameterKind, json: &Json, place: &str) -> Option<Vec<Value>> {
        let Json::Array(items) = json else { return self.kind("a list", place) };
        if items.len() > MAX_ITEMS {
            self.fault(FaultCode::TooLarge, place, format!("at most {MAX_ITEMS} items"));
            return None;
        }
        // Each item is judged even if one before it is bad, so that all faults are told at once.
        let read: Vec<Option<Value>> = items
            .iter()
            .enumerate()
            .map(|(index, item)| self.value(of, item, &format!("{place}/{index}")))
            .collect();
        read.into_iter().collect()
    }

    fn table(
        &mut self,
        of: &ParameterKind,
        keys: &[String],
        max: u32,
        json: &Json,
        place: &str,
    ) -> Option<Value> {
        let Json::Object(entries) = json else {
            return self.kind(&format!("an object with lists under {}", keys.join(", ")), place);
        };
        let (mut table, mut count) = (BTreeMap::new(), 0);
        for (given, list) in entries {
            let Some(key) = keys.iter().find(|key| key.eq_ignore_ascii_case(given)) else {
                self.fault(FaultCode::Unknown, place, format!("the keys are {}", keys.join(", ")));
                continue;
            };
            let items = self.items(of, list, &format!("{place}/{key}")).unwrap_or_default();
            count += items.len();
            if items.iter().any(|item| table.values().flatten().any(|other| other == item)) {
                self.fault(FaultCode::Duplicate, place, "the same value stands under two keys");
            }
            if table.insert(key.clone(), items).is_some() {
                self.fault(FaultCode::Duplicate, &format!("{place}/{key}"), "this key is given twice");
            }
        }
        table.retain(|_, items| !items.is_empty());
        let most = max.min(u32::try_from(MAX_ITEMS).unwrap_or(u32::MAX));
        self.count(count, Some(1), most, "item", place);
        Some(Value::Table(table))
    }

    fn file(&mut self, json: &Json, max: u64, text: bool, place: &str) -> Option<Value> {
        let Json::Object(object) = json else {
            return self.kind("an uploaded file: sha256, size and media_type", place);
        };
        let file: Option<FileValue> = serde_json::from_value(Json::Object(object.clone())).ok();
        let file =
            self.or_malformed(file, "expected sha256, size and media_type of an uploaded file", place)?;
        if file.size > max {
            self.fault(FaultCode::TooLarge, place, format!("at most {max} bytes"));
        }
        let typed = |part: &str| {
            let allowed =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$&-^_.+".contains(&byte);
            (1..=64).contains(&part.len()) && part.bytes().all(allowed)
        };
        if !file.media_type.split_once('/').is_some_and(|(kind, sub)| typed(kind) && typed(sub)) {
            self.fault(FaultCode::Malformed, place, "not a media type such as text/plain");
        }
        if text && !file.media_type.starts_with("text/") {
            self.fault(FaultCode::Kind, place, "only a text file is taken");
        }
        Some(Value::File(file))
    }

    fn secret(&mut self, kind: &ParameterKind, json: &Json, place: &str) -> Option<Secret> {
        let ParameterKind::Secret { max_length, multiline } = kind else {
            return self.kind("no secret", place);
        };
        let text = self.text(json, place)?;
        self.control(text, *multiline, place);
        self.dash(text, place);
        self.count(text.chars().count(), Some(1), *max_length, "character", place);
        Some(Secret::new(text.to_owned()))
    }
}

fn identity(of: IdentityKind, text: &str) -> Option<String> {
    fn canonical<T: std::str::FromStr + std::fmt::Display>(text: &str) -> Option<String> {
        text.parse::<T>().ok().map(|id| id.to_string())
    }
    match of {
        IdentityKind::Person => canonical::<PersonId>(text),
        IdentityKind::Group => canonical::<GroupId>(text),
        IdentityKind::Policy => canonical::<PolicyId>(text),
        IdentityKind::Execution => canonical::<ExecutionId>(text),
        IdentityKind::Token => canonical::<TokenId>(text),
        IdentityKind::Invitation => canonical::<InvitationId>(text),
        IdentityKind::Request => canonical::<RequestNumber>(text),
        IdentityKind::Workload => canonical::<WorkloadName>(text),
        IdentityKind::Task => canonical::<TaskName>(text),
        IdentityKind::Role => canonical::<RoleName>(text),
        IdentityKind::RoleGroup => canonical::<RoleGroupName>(text),
    }
}

fn expected(of: IdentityKind) -> String {
    let (what, example) = match of {
        IdentityKind::Person => ("a person's id", "p-…"),
        IdentityKind::Group => ("a group's id", "g-…"),
        IdentityKind::Policy => ("a policy's id", "pol-…"),
        IdentityKind::Execution => ("an execution's id", "x-…"),
        IdentityKind::Token => ("a token's id", "t-…"),
        IdentityKind::Invitation => ("an invitation's id", "i-…"),
        IdentityKind::Request => ("a request's number", "R-1042"),
        IdentityKind::Workload => ("a workload's name", "Exchange"),
        IdentityKind::Task => ("a task's name", "Exchange\\New-MoveRequest"),
        IdentityKind::Role => ("a role's name", "Exchange\\Mail Recipients"),
        IdentityKind::RoleGroup => ("a role group's name", "Exchange\\Organization Management"),
    };
    format!("expected {what} such as {example}")
}
