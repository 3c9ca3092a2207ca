//! Parameter values, and what an approval limits them to.

use std::str::FromStr;

use serde::Deserialize;
use serde_json::Value;

/// The limit on one parameter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Constraint {
    Equals(Typed),
    OneOf(Vec<Typed>),
    Range {
        #[serde(default)]
        min: Option<Typed>,
        #[serde(default)]
        max: Option<Typed>,
    },
    Prefix(String),
    Any,
}

/// A value with its kind, `{"integer":5}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub(super) struct Typed {
    kind: String,
    /// As a caller would write it: `5`.
    bare: Value,
}

/// Some order: the smallest and the largest place on the number line of one kind.
struct Interval {
    kind: String,
    from: i128,
    to: i128,
}

/// Of a secret parameter, only its presence is recorded.
pub(super) fn is_secret(value: &Value) -> bool {
    *value == serde_json::json!({"secret": "present"})
}

impl TryFrom<Value> for Typed {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let (kind, inner) = match &value {
            Value::Object(object) if object.len() == 1 => object.iter().next(),
            _ => None,
        }
        .ok_or("a value is an object with its kind as the only key")?;
        let bare = bare(kind, inner).ok_or_else(|| format!("`{kind}` has another form"))?;
        Ok(Self { kind: kind.clone(), bare })
    }
}

fn bare(kind: &str, inner: &Value) -> Option<Value> {
    let item = |item: &Value| Typed::try_from(item.clone()).ok().map(|typed| typed.bare);
    let list = |list: &Value| list.as_array()?.iter().map(item).collect::<Option<Value>>();
    Some(match kind {
        "list" => list(inner)?,
        "table" => {
            let rows = inner.as_object()?.iter().map(|(key, items)| Some((key.clone(), list(items)?)));
            rows.collect::<Option<serde_json::Map<_, _>>>()?.into()
        }
        "identity" => inner.get("id")?.clone(),
        "string" | "integer" | "decimal" | "boolean" | "choice" | "guid" | "size" | "duration"
        | "instant" | "address" | "file" => inner.clone(),
        _ => return None,
    })
}

impl Constraint {
    /// Whether a value, as a run has it, is allowed. Kinds are those of the constraint.
    pub(super) fn admits(&self, value: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::Equals(only) => only.is(value),
            Self::OneOf(several) => several.iter().any(|one| one.is(value)),
            Self::Range { min, max } => Interval::of(min.as_ref(), max.as_ref()).is_some_and(|all| {
                place(&all.kind, value).is_some_and(|place| (all.from..=all.to).contains(&place))
            }),
            Self::Prefix(prefix) => {
                value.as_str().is_some_and(|text| text.starts_with(prefix.as_str()) && !climbs(text))
            }
        }
    }

    /// The same for a value that says its kind.
    fn admits_typed(&self, value: &Typed) -> bool {
        let kinds_agree = match self {
            Self::Any => true,
            Self::Equals(only) => only.kind == value.kind,
            Self::OneOf(several) => several.iter().any(|one| one.kind == value.kind),
            Self::Range { min, max } => min.iter().chain(max).all(|end| end.kind == value.kind),
            Self::Prefix(_) => value.kind == "string",
        };
        kinds_agree && self.admits(&value.bare)
    }

    /// Whether all that it admits is admitted by `wider`.
    pub(super) fn is_within(&self, wider: &Self) -> bool {
        match (self, wider) {
            (_, Self::Any) => true,
            (Self::Any, _) => false,
            (Self::Equals(value), _) => wider.admits_typed(value),
            (Self::OneOf(values), _) => values.iter().all(|value| wider.admits_typed(value)),
            (Self::Prefix(longer), Self::Prefix(shorter)) => longer.starts_with(shorter.as_str()),
            (Self::Prefix(_), _) => false,
            (Self::Range { min, max }, _) => {
                Interval::of(min.as_ref(), max.as_ref()).is_some_and(|interval| interval.is_within(wider))
            }
        }
    }
}

impl Typed {
    fn is(&self, value: &Value) -> bool {
        if self.kind == "identity" {
            let both = self.bare.as_str().zip(value.as_str());
            return both.is_some_and(|(one, other)| one.eq_ignore_ascii_case(other));
        }
        self.bare == *value
    }

    fn place(&self) -> Option<i128> {
        place(&self.kind, &self.bare)
    }
}

impl Interval {
    fn of(min: Option<&Typed>, max: Option<&Typed>) -> Option<Self> {
        let kind = min.or(max)?.kind.clone();
        let end = |value: Option<&Typed>, open: i128| match value {
            None => Some(open),
            Some(value) if value.kind == kind => value.place(),
            Some(_) => None,
        };
        Some(Self { from: end(min, i128::MIN)?, to: end(max, i128::MAX)?, kind })
    }

    fn is_within(&self, wider: &Constraint) -> bool {
        if self.from > self.to {
            return true;
        }
        // A range is covered by single values if there is one for each of its points.
        let covered = |values: &mut dyn Iterator<Item = &Typed>| {
            let places: std::collections::BTreeSet<i128> = values
                .filter(|value| value.kind == self.kind)
                .filter_map(Typed::place)
                .filter(|place| (self.from..=self.to).contains(place))
                .collect();
            self.to.checked_sub(self.from).and_then(|gap| gap.checked_add(1))
                == i128::try_from(places.len()).ok()
        };
        match wider {
            Constraint::Any => true,
            Constraint::Equals(value) => covered(&mut std::iter::once(value)),
            Constraint::OneOf(values) => covered(&mut values.iter()),
            Constraint::Prefix(_) => false,
            Constraint::Range { min, max } => Self::of(min.as_ref(), max.as_ref()).is_some_and(|wider| {
                wider.kind == self.kind && wider.from <= self.from && self.to <= wider.to
            }),
        }
    }
}

/// A path segment `..` would lead out of a prefix again.
fn climbs(text: &str) -> bool {
    text.split(['/', '\\']).any(|segment| segment == "..")
}

/// A value's place on the number line of its kind; `None` where there is no order.
fn place(kind: &str, value: &Value) -> Option<i128> {
    match kind {
        "integer" => value.as_i64().map(i128::from),
        "decimal" => decimal(value.as_str()?),
        "size" if value.as_str() == Some("Unlimited") => Some(1 << 53),
        "size" => value.as_u64().map(i128::from),
        "duration" => whole(value.as_str()?.strip_prefix("PT")?.strip_suffix('S')?),
        "instant" => {
            let at = jiff::Timestamp::from_str(value.as_str()?).ok()?;
            Some(i128::from(at.as_microsecond()))
        }
        _ => None,
    }
}

fn whole(digits: &str) -> Option<i128> {
    let plain = !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

/// In units of 10^-18.
fn decimal(text: &str) -> Option<i128> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (before, after) = digits.split_once('.').unwrap_or((digits, "0"));
    if before.len() > 18 || after.len() > 18 {
        return None;
    }
    let lift = 10_i128.pow(u32::try_from(18 - after.len()).ok()?);
    Some(sign * (whole(before)? * 10_i128.pow(18) + whole(after)? * lift))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn limit(value: Value) -> Constraint {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn parameters_are_compared_by_the_kind_of_their_limit() {
        let cases = [
            (json!({"equals": {"integer": 5}}), json!(5), json!("5")),
            (json!({"equals": {"choice": "A"}}), json!("A"), json!("a")),
            (json!({"equals": {"identity": {"of": "person", "id": "P-1"}}}), json!("p-1"), json!("p-2")),
            (
                json!({"equals": {"list": [{"string": "a"}, {"string": "b"}]}}),
                json!(["a", "b"]),
                json!(["b", "a"]),
            ),
            (
                json!({"equals": {"table": {"add": [{"integer": 1}]}}}),
                json!({"add": [1]}),
                json!({"add": [1], "remove": []}),
            ),
            (json!({"one_of": [{"string": "a"}, {"string": "b"}]}), json!("b"), json!("c")),
            (json!({"range": {"min": {"integer": 1}, "max": {"integer": 9}}}), json!(9), json!(10)),
            (json!({"range": {"max": {"decimal": "1.5"}}}), json!("1.25"), json!("1.500000000000000001")),
            (json!({"range": {"min": {"size": 1024}}}), json!("Unlimited"), json!(1023)),
            (json!({"range": {"max": {"duration": "PT60S"}}}), json!("PT9S"), json!("PT61S")),
            (
                json!({"range": {"max": {"instant": "2026-01-01T00:00:00Z"}}}),
                json!("2025-12-31T23:59:59.9Z"),
                json!("2026-01-01T00:00:01Z"),
            ),
            (json!({"range": {"max": {"integer": 9}}}), json!(-3), json!("-3")),
            (json!({"prefix": "/srv/"}), json!("/srv/www"), json!("/srv/../etc")),
            (json!({"prefix": "/srv/"}), json!("/srv/a..b"), json!("/etc")),
        ];
        for (constraint, good, bad) in cases {
            let limit = limit(constraint.clone());
            assert!(limit.admits(&good) && !limit.admits(&bad), "{constraint}");
            assert!(
                limit.is_within(&limit)
                    && limit.is_within(&Constraint::Any)
                    && !Constraint::Any.is_within(&limit)
            );
        }
        assert!(limit(json!("any")).admits(&json!(null)));
    }

    #[test]
    fn less_is_contained_in_more() {
        let within = |inner: Value, outer: Value| limit(inner).is_within(&limit(outer));
        assert!(within(json!({"equals": {"integer": 5}}), json!({"range": {"min": {"integer": 5}}})));
        assert!(!within(json!({"equals": {"size": 5}}), json!({"range": {"min": {"integer": 5}}})));
        assert!(within(
            json!({"range": {"min": {"integer": 1}, "max": {"integer": 2}}}),
            json!({"one_of": [{"integer": 1}, {"integer": 2}]})
        ));
        assert!(!within(
            json!({"range": {"min": {"integer": 1}, "max": {"integer": 3}}}),
            json!({"one_of": [{"integer": 1}, {"integer": 2}, {"integer": 1}]})
        ));
        assert!(!within(
            json!({"range": {"min": {"integer": 1}}}),
            json!({"range": {"min": {"integer": 2}}})
        ));
        assert!(within(json!({"prefix": "/srv/www"}), json!({"prefix": "/srv"})));
        assert!(!within(json!({"prefix": "/s"}), json!({"prefix": "/srv"})));
        assert!(!within(json!({"equals": {"string": "/srv/.."}}), json!({"prefix": "/srv"})));
    }

    #[test]
    fn values_of_no_known_kind_are_refused() {
        for bad in [
            json!({"equals": 5}),
            json!({"equals": {"float": 5}}),
            json!({"equals": {}}),
            json!({"less": 1}),
            json!({"range": {"mid": {"integer": 1}}}),
        ] {
            assert!(serde_json::from_value::<Constraint>(bad.clone()).is_err(), "{bad}");
        }
    }
}
