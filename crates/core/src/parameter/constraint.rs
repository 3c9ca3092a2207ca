//! What a request limits the parameters of its runs to.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::fault::{Fault, FaultCode};
use super::kind::ParameterKind;
use super::present::show;
use super::spec::ParameterSpec;
use super::value::Value;
use super::values::Values;
use super::{MAX_STRING, MAX_TOTAL, sets};
use crate::name::ParameterName;

/// The most values of one `one_of`: more than that, nobody reads.
const MAX_ONE_OF: usize = 100;

/// The limit on one parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Constraint {
    /// Exactly this value.
    Equals(Value),
    /// One of these values.
    OneOf(BTreeSet<Value>),
    /// At least `min` and at most `max`, both of one ordered kind; one of them may be missing.
    Range {
        /// The smallest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<Value>,
        /// The largest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<Value>,
    },
    /// Text that starts with this and has no path segment `..`, which would lead out of it again.
    Prefix(String),
    /// Any value, also none. Approvers read ANY VALUE.
    Any,
}

/// The limits of a request, complete: a parameter that is not in it must be absent, or have its default. So nothing
/// that is decided later, such as a definition that frees a parameter, can widen what was approved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Constraints(BTreeMap<ParameterName, Constraint>);

/// A value that the constraints do not allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mismatch {
    /// The parameter.
    pub parameter: ParameterName,
    /// How it differs.
    pub reason: MismatchReason,
    /// What was approved, for the requester.
    pub approved: String,
}

/// How a value differs from what was approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MismatchReason {
    /// The value is another.
    Differs,
    /// The approval limits it, but it is not given.
    NotGiven,
    /// It is given, but the request did not name it.
    NotRequested,
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { parameter, reason, approved } = self;
        match reason {
            MismatchReason::Differs => write!(f, "{parameter} is not what was approved: {approved}"),
            MismatchReason::NotGiven => write!(f, "{parameter} is missing; approved was {approved}"),
            MismatchReason::NotRequested => write!(f, "{parameter} was not in the request: {approved}"),
        }
    }
}

impl Constraint {
    /// Whether a value is allowed.
    #[must_use]
    pub fn admits(&self, value: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::Equals(only) => value == only,
            Self::OneOf(several) => several.contains(value),
            Self::Range { min, max } => {
                let Some((kind, place)) = value.rank() else { return false };
                Interval::of(min.as_ref(), max.as_ref())
                    .is_some_and(|all| all.kind == kind && (all.from..=all.to).contains(&place))
            }
            Self::Prefix(prefix) => match value {
                Value::String(text) => text.starts_with(prefix.as_str()) && !climbs(text),
                _ => false,
            },
        }
    }

    /// Whether every value that `self` admits is admitted by `other`. `Any` is within `Any` only: what values there
    /// are is known to the definition, not to the constraint.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::Any) => true,
            (Self::Any, _) => false,
            (Self::Equals(value), _) => other.admits(value),
            (Self::OneOf(values), _) => values.iter().all(|value| other.admits(value)),
            (Self::Prefix(longer), Self::Prefix(shorter)) => longer.starts_with(shorter.as_str()),
            (Self::Prefix(_), _) => false,
            (Self::Range { min, max }, _) => {
                Interval::of(min.as_ref(), max.as_ref()).is_some_and(|interval| interval.is_within(other))
            }
        }
    }
}

/// Whether a path segment of the text is `..`, with either slash.
fn climbs(text: &str) -> bool {
    text.split(['/', '\\']).any(|segment| segment == "..")
}

/// A range on the number line of one kind, ends included.
struct Interval {
    kind: u8,
    from: i128,
    to: i128,
}

impl Interval {
    /// `None` if the ends are of different kinds or of one without order.
    fn of(min: Option<&Value>, max: Option<&Value>) -> Option<Self> {
        let (kind, _) = min.or(max)?.rank()?;
        let end = |value: Option<&Value>, open: i128| match value.map(Value::rank) {
            None => Some(open),
            Some(Some((of, place))) if of == kind => Some(place),
            Some(_) => None,
        };
        Some(Self { kind, from: end(min, i128::MIN)?, to: end(max, i128::MAX)? })
    }

    fn is_within(&self, other: &Constraint) -> bool {
        if self.from > self.to {
            return true;
        }
        let points = |values: &mut dyn Iterator<Item = &Value>| {
            let inside = |value: &&Value| {
                value
                    .rank()
                    .is_some_and(|(kind, place)| kind == self.kind && (self.from..=self.to).contains(&place))
            };
            // A range is covered by single values if there is one for each of its points.
            let count = values.filter(inside).count();
            self.to.checked_sub(self.from).and_then(|gap| gap.checked_add(1)) == i128::try_from(count).ok()
        };
        match other {
            Constraint::Any => true,
            Constraint::Equals(value) => points(&mut std::iter::once(value)),
            Constraint::OneOf(values) => points(&mut values.iter()),
            Constraint::Prefix(_) => false,
            Constraint::Range { min, max } => Self::of(min.as_ref(), max.as_ref()).is_some_and(|other| {
                other.kind == self.kind && other.from <= self.from && self.to <= other.to
            }),
        }
    }
}

impl Constraints {
    /// These limits; all else must be absent until [`Constraints::complete`] says what may be given freely.
    #[must_use]
    pub const fn new(limits: BTreeMap<ParameterName, Constraint>) -> Self {
        Self(limits)
    }

    /// The limits as a map.
    #[must_use]
    pub fn into_inner(self) -> BTreeMap<ParameterName, Constraint> {
        self.0
    }

    /// Adds [`Constraint::Any`] for every parameter that is not named, is not bound (`always`, or named in `bound`) and
    /// is no secret. Done once, when the request is made: from then on the statement itself says what is free.
    #[must_use]
    pub fn complete(mut self, specs: &[ParameterSpec], bound: &BTreeSet<ParameterName>) -> Self {
        for spec in specs.iter().filter(|spec| !spec.kind.is_secret() && !spec.is_bound(bound)) {
            self.0.entry(spec.name.clone()).or_insert(Constraint::Any);
        }
        self
    }

    /// Sets the limit of one parameter, as when approving for less.
    pub fn insert(&mut self, name: ParameterName, constraint: Constraint) {
        self.0.insert(name, constraint);
    }

    /// Removes a parameter: it must be absent, or have its default.
    pub fn remove(&mut self, name: &ParameterName) {
        self.0.remove(name);
    }

    /// The limit of one parameter.
    #[must_use]
    pub fn get(&self, name: &ParameterName) -> Option<&Constraint> {
        self.0.get(name)
    }

    /// All limits, in order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&ParameterName, &Constraint)> {
        self.0.iter()
    }

    /// Checks the limits against the definition at the request: every value fits its parameter, every parameter that
    /// must be bound (`always`, or named in `bound`) and that a run would require has a limit other than `Any`, and
    /// some parameter set has room for them.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn check(&self, specs: &[ParameterSpec], bound: &BTreeSet<ParameterName>) -> Result<(), Vec<Fault>> {
        let mut faults = Vec::new();
        for (name, constraint) in &self.0 {
            match specs.iter().find(|spec| spec.name == *name) {
                None => faults.push(Fault::new(
                    FaultCode::Unknown,
                    format!("/{name}"),
                    "the task has no such parameter",
                )),
                Some(spec) => {
                    if let Err(fault) = fits(spec, constraint) {
                        faults.extend(fault);
                    }
                    if spec.is_bound(bound) && *constraint == Constraint::Any {
                        faults.push(must_be_bound(spec));
                    }
                }
            }
        }
        if faults.is_empty() {
            faults = self.missing(specs, bound);
        }
        let size = countersign_ledger::json::canonical(self).map_or(usize::MAX, |bytes| bytes.len());
        if size > MAX_TOTAL {
            let message = format!("all limits together: at most {MAX_TOTAL} bytes");
            faults.push(Fault::new(FaultCode::TooLarge, "", message));
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Bound parameters that every run would require and that no limit names, in the set that lacks least.
    fn missing(&self, specs: &[ParameterSpec], bound: &BTreeSet<ParameterName>) -> Vec<Fault> {
        let named = |name: &_| self.0.get(name).is_some_and(|constraint| *constraint != Constraint::Any);
        let possible = match sets::possible(specs, named) {
            Ok(possible) => possible,
            Err(fault) => return vec![fault],
        };
        // Only fixed values can bring a condition about for certain.
        let fixed: BTreeMap<_, _> = self
            .0
            .iter()
            .filter_map(|(name, constraint)| match constraint {
                Constraint::Equals(value) => Some((name.clone(), value.clone())),
                _ => None,
            })
            .collect();
        let lacking = |set: Option<&str>| -> Vec<Fault> {
            specs
                .iter()
                .filter(|spec| {
                    spec.in_sets_of(set) && spec.is_bound(bound) && !self.0.contains_key(&spec.name)
                })
                .filter(|spec| spec.implied().is_none() && sets::is_required(spec, specs, &fixed))
                .map(must_be_bound)
                .collect()
        };
        possible.into_iter().map(lacking).min_by_key(Vec::len).unwrap_or_default()
    }

    /// Whether a run with these values is covered: each limit admits its value, and what no limit names is absent or
    /// has its default. Secrets are not looked at.
    ///
    /// # Errors
    /// Every parameter that differs from what was approved.
    pub fn allows(&self, specs: &[ParameterSpec], values: &Values) -> Result<(), Vec<Mismatch>> {
        let mut wrong = Vec::new();
        for (parameter, constraint) in &self.0 {
            let reason = match values.get(parameter) {
                Some(value) if constraint.admits(value) => continue,
                None if *constraint == Constraint::Any => continue,
                Some(_) => MismatchReason::Differs,
                None => MismatchReason::NotGiven,
            };
            wrong.push(Mismatch {
                parameter: parameter.clone(),
                reason,
                approved: show::constraint(constraint),
            });
        }
        for (name, value) in values.iter().filter(|(name, _)| !self.0.contains_key(*name)) {
            let implied = specs.iter().find(|spec| spec.name == *name).and_then(ParameterSpec::implied);
            if implied.as_ref() != Some(value) {
                let approved = implied.map_or_else(|| "not given".to_owned(), |value| show::value(&value));
                wrong.push(Mismatch {
                    parameter: name.clone(),
                    reason: MismatchReason::NotRequested,
                    approved,
                });
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    /// Whether every run that `self` allows is allowed by `other`: the test of approving for less. Decided parameter
    /// by parameter, by containment of their admitted values; where the definition alone could tell (a value that is
    /// also the default, two values that are all there are) the answer is no.
    #[must_use]
    pub fn narrows(&self, other: &Self) -> bool {
        let named = |(name, constraint): (&ParameterName, &Constraint)| {
            other.0.get(name).is_some_and(|wider| constraint.is_within(wider))
        };
        let unnamed = |(name, wider): (&ParameterName, &Constraint)| {
            self.0.contains_key(name) || *wider == Constraint::Any
        };
        self.0.iter().all(named) && other.0.iter().all(unnamed)
    }
}

impl FromIterator<(ParameterName, Constraint)> for Constraints {
    fn from_iter<I: IntoIterator<Item = (ParameterName, Constraint)>>(limits: I) -> Self {
        Self(limits.into_iter().collect())
    }
}

fn must_be_bound(spec: &ParameterSpec) -> Fault {
    let message = "approvers must see what this may be: give a value, values, a range or a prefix";
    Fault::new(FaultCode::MustBeBound, format!("/{}", spec.name), message)
}

/// Whether a limit makes sense for a parameter, its values in canonical form.
fn fits(spec: &ParameterSpec, constraint: &Constraint) -> Result<(), Vec<Fault>> {
    let place = format!("/{}", spec.name);
    let fault = |code, message: &str| Err(vec![Fault::new(code, &place, message)]);
    if spec.kind.is_secret() {
        return fault(FaultCode::SecretHere, "a secret is given when the task runs, never in a request");
    }
    let value = |value: &Value| match spec.read(&value.to_json()) {
        Ok(read) if read == *value => Ok(()),
        Ok(_) => fault(FaultCode::Kind, "not a value of this parameter"),
        Err(faults) => Err(faults),
    };
    match constraint {
        Constraint::Any => Ok(()),
        Constraint::Equals(only) => value(only),
        Constraint::OneOf(several) if several.is_empty() => fault(FaultCode::TooSmall, "at least one value"),
        Constraint::OneOf(several) if several.len() > MAX_ONE_OF => {
            fault(FaultCode::TooLarge, "at most 100 values")
        }
        Constraint::OneOf(several) => several.iter().try_for_each(value),
        Constraint::Range { .. } if !spec.kind.is_ordered() => {
            fault(FaultCode::Limit, "values of this kind have no order, so they have no range")
        }
        Constraint::Range { min, max } => {
            min.iter().chain(max).try_for_each(value)?;
            match Interval::of(min.as_ref(), max.as_ref()) {
                None => fault(FaultCode::Limit, "a range has a smallest or a largest value"),
                Some(interval) if interval.from > interval.to => {
                    fault(FaultCode::Limit, "the smallest value is above the largest")
                }
                Some(_) => Ok(()),
            }
        }
        Constraint::Prefix(prefix) => {
            let ParameterKind::String { max_length, multiline, .. } = &spec.kind else {
                return fault(FaultCode::Limit, "only text has a beginning to limit");
            };
            if prefix.is_empty() || prefix.len() > MAX_STRING {
                return fault(FaultCode::Limit, "a prefix has at least one character");
            }
            if climbs(prefix) {
                return fault(FaultCode::Limit, "a prefix has no path segment `..`");
            }
            // The same rules for its text, but not the pattern and the least length of a whole value.
            let loose = ParameterKind::String {
                min_length: 1,
                max_length: *max_length,
                pattern: None,
                multiline: *multiline,
            };
            let mut plain = ParameterSpec::new(spec.name.clone(), loose);
            plain.may_start_with_dash = spec.may_start_with_dash;
            plain.read(&prefix.as_str().into()).map(|_| ())
        }
    }
}

#[cfg(test)]
mod tests;
