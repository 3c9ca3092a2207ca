//! Whether parameters are well defined.

use std::collections::BTreeSet;

use super::fault::{Fault, FaultCode};
use super::kind::ParameterKind;
use super::spec::{Effect, ParameterSpec};
use super::{Decimal, MAX_INTEGER, MAX_ITEMS, MAX_PARAMETERS, MAX_STRING, Size};

/// The longest title, help or other text for people, in characters.
const MAX_HELP: usize = 2_000;
/// The largest file a parameter may take: 64 MiB.
const MAX_FILE: u64 = 64 << 20;
/// The most options of a choice, sets or conditions of a parameter.
const MAX_OPTIONS: usize = 256;

/// Judges the parameters of a task, by themselves and together.
#[must_use]
pub fn validate(specs: &[ParameterSpec]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if specs.len() > MAX_PARAMETERS {
        let message = format!("at most {MAX_PARAMETERS} parameters");
        return vec![Fault::new(FaultCode::TooLarge, "", message)];
    }
    let mut names = BTreeSet::new();
    for spec in specs {
        let mut place = Place { faults: &mut faults, at: format!("/{}", spec.name) };
        if !names.insert(&spec.name) {
            place.fault(FaultCode::Duplicate, "", "two parameters have this name");
        }
        place.texts(spec);
        place.kind(&spec.kind, "/kind", false);
        place.value_rules(spec);
        place.sets(spec);
        place.conditions(spec, specs);
    }
    faults
}

struct Place<'a> {
    faults: &'a mut Vec<Fault>,
    at: String,
}

impl Place<'_> {
    fn fault(&mut self, code: FaultCode, below: &str, message: impl Into<String>) {
        self.faults.push(Fault::new(code, format!("{}{below}", self.at), message));
    }

    fn refuse(&mut self, wrong: bool, below: &str, message: &str) {
        if wrong {
            self.fault(FaultCode::Definition, below, message);
        }
    }

    fn texts(&mut self, spec: &ParameterSpec) {
        for (below, text) in [("/title", &spec.title), ("/help", &spec.help)] {
            if let Some(fault) = for_people(text, MAX_HELP) {
                self.faults.push(fault.under(&format!("{}{below}", self.at)));
            }
        }
    }

    fn kind(&mut self, kind: &ParameterKind, below: &str, inside: bool) {
        match kind {
            ParameterKind::String { min_length, max_length, .. } => {
                self.length(*max_length, MAX_STRING, below);
                self.refuse(min_length > max_length, below, "min_length is above max_length");
            }
            ParameterKind::Integer { min, max } => {
                let out =
                    |end: &Option<i64>| end.is_some_and(|end| !(-MAX_INTEGER..=MAX_INTEGER).contains(&end));
                self.refuse(out(min) || out(max), below, "integers lie within ±(2^53 − 1)");
                self.ends(min.as_ref(), max.as_ref(), below);
            }
            ParameterKind::Decimal { min, max, scale } => {
                let deep = |end: &Option<Decimal>| end.is_some_and(|end| end.scale() > *scale);
                self.refuse(*scale > 18, below, "scale is at most 18");
                self.refuse(deep(min) || deep(max), below, "min or max has more digits than scale");
                self.ends(min.as_ref(), max.as_ref(), below);
            }
            ParameterKind::Choice { options } => self.options(options, below),
            ParameterKind::List { of, min_items, max_items } => {
                self.items(of, *max_items, below, inside);
                self.refuse(min_items > max_items, below, "min_items is above max_items");
            }
            ParameterKind::Table { of, keys, max_items } => {
                self.items(of, *max_items, below, inside);
                self.options(keys, below);
                let plain = |key: &String| key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
                self.refuse(!keys.iter().all(plain), below, "keys are of lower-case letters and `_`");
            }
            ParameterKind::Size { max, .. } => {
                self.refuse(
                    *max == Some(Size::Unlimited),
                    below,
                    "max is a number; write `unlimited = true`",
                );
            }
            ParameterKind::Duration { min, max } => self.ends(Some(min), Some(max), below),
            ParameterKind::File { max_size, .. } => {
                self.refuse(inside, below, "a list can't hold files");
                self.refuse(!(1..=MAX_FILE).contains(max_size), below, "max_size is 1 byte to 64 MiB");
            }
            ParameterKind::Secret { max_length, .. } => {
                self.refuse(inside, below, "a list can't hold secrets");
                self.length(*max_length, MAX_STRING, below);
            }
            ParameterKind::Switch {} => self.refuse(inside, below, "a list can't hold switches"),
            ParameterKind::Boolean {}
            | ParameterKind::Guid {}
            | ParameterKind::Instant {}
            | ParameterKind::Address {}
            | ParameterKind::Identity { .. } => {}
        }
    }

    fn ends<T: PartialOrd>(&mut self, min: Option<T>, max: Option<T>, below: &str) {
        let wrong = min.zip(max).is_some_and(|(min, max)| min > max);
        self.refuse(wrong, below, "min is above max");
    }

    fn length(&mut self, length: u32, most: usize, below: &str) {
        let fits = usize::try_from(length).is_ok_and(|length| (1..=most).contains(&length));
        self.refuse(!fits, below, "max_length is 1 to 65,536");
    }

    fn items(&mut self, of: &ParameterKind, max: u32, below: &str, inside: bool) {
        let nested = matches!(of, ParameterKind::List { .. } | ParameterKind::Table { .. });
        self.refuse(inside || nested, below, "lists and tables don't nest");
        let fits = usize::try_from(max).is_ok_and(|max| (1..=MAX_ITEMS).contains(&max));
        self.refuse(!fits, below, "max_items is 1 to 1,000");
        if !nested {
            self.kind(of, &format!("{below}/of"), true);
        }
    }

    fn options(&mut self, options: &[String], below: &str) {
        let count = (1..=MAX_OPTIONS).contains(&options.len());
        self.refuse(!count, below, "1 to 256 options");
        let distinct: BTreeSet<String> = options.iter().map(|option| option.to_ascii_lowercase()).collect();
        self.refuse(distinct.len() != options.len(), below, "two options differ by case only, or not at all");
        let clean = |option: &String| {
            !option.is_empty() && for_people(option, 256).is_none() && !option.contains('\n')
        };
        self.refuse(
            !options.iter().all(clean),
            below,
            "an option is 1 to 256 visible characters on one line",
        );
    }

    fn value_rules(&mut self, spec: &ParameterSpec) {
        let negative = match &spec.kind {
            ParameterKind::Integer { min, .. } => min.is_some_and(|min| min < 0),
            ParameterKind::Decimal { min, .. } => min.is_some_and(Decimal::is_negative),
            _ => false,
        };
        let dash = match &spec.kind {
            ParameterKind::Choice { options } => options.iter().any(|option| option.starts_with('-')),
            _ => negative,
        };
        self.refuse(
            dash && !spec.may_start_with_dash,
            "/kind",
            "values that start with `-` need `may_start_with_dash`",
        );
        let switch = matches!(spec.kind, ParameterKind::Switch {});
        self.refuse(spec.required && spec.default.is_some(), "/default", "what is required has no default");
        self.refuse(switch && spec.required, "/required", "a switch is never required");
        self.refuse(
            switch && spec.default.is_some(),
            "/default",
            "a switch is off unless given; use a boolean",
        );
        if let Some(default) = &spec.default {
            match spec.read(&default.to_json()) {
                Ok(value) => self.refuse(value != *default, "/default", "not a value of this parameter"),
                Err(faults) => {
                    for fault in faults {
                        self.fault(fault.code, "/default", fault.message);
                    }
                }
            }
        }
    }

    fn sets(&mut self, spec: &ParameterSpec) {
        self.refuse(spec.sets.len() > MAX_OPTIONS, "/sets", "at most 256 parameter sets");
        let plain = |set: &String| {
            (1..=64).contains(&set.len())
                && set.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        self.refuse(
            !spec.sets.iter().all(plain),
            "/sets",
            "a set's name is 1 to 64 letters, digits and hyphens",
        );
    }

    fn conditions(&mut self, spec: &ParameterSpec, specs: &[ParameterSpec]) {
        self.refuse(spec.conditions.len() > MAX_OPTIONS, "/conditions", "at most 256 conditions");
        let alone = |effect| spec.conditions.iter().all(|condition| condition.effect != effect);
        let pointless = spec.required && !alone(Effect::Required);
        self.refuse(pointless, "/conditions", "what is always required needs no condition for it");
        for (index, condition) in spec.conditions.iter().enumerate() {
            let below = format!("/conditions/{index}");
            match specs.iter().find(|other| other.name == condition.when) {
                None => self.fault(FaultCode::Unknown, &below, "there is no such parameter"),
                Some(other) => {
                    // One step only: no cycles, and a person can follow it.
                    self.refuse(
                        !other.conditions.is_empty(),
                        &below,
                        "the other parameter has conditions itself",
                    );
                    self.refuse(other.kind.is_secret(), &below, "a secret can't decide anything");
                    if !other.kind.is_secret() && other.read(&condition.equals).is_err() {
                        self.fault(FaultCode::Kind, &below, "the other parameter can't have this value");
                    }
                }
            }
        }
    }
}

/// What is wrong with a text for people: its length, or characters that hide.
pub(crate) fn for_people(text: &str, most: usize) -> Option<Fault> {
    if text.chars().count() > most {
        return Some(Fault::new(FaultCode::TooLarge, "", format!("at most {most} characters")));
    }
    let hidden = |(_, c): &(usize, char)| *c != '\n' && countersign_text::is_hidden(*c);
    let (index, c) = text.chars().enumerate().find(hidden)?;
    let message = format!("U+{:04X} can't be seen or changes how its neighbours are seen", u32::from(c));
    Some(Fault::new(FaultCode::Hidden, "", message).at(index + 1))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn faults(specs: Json) -> Vec<String> {
        let specs: Vec<ParameterSpec> = serde_json::from_value(specs).unwrap();
        validate(&specs).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn parameters_contradictory_definitions_are_refused() {
        let string = json!({"type": "string", "max_length": 9});
        for (specs, expected) in [
            (json!([{"name": "A", "kind": string}, {"name": "a", "kind": string}]), "two parameters"),
            (json!([{"name": "A", "kind": {"type": "string", "max_length": 0}}]), "1 to 65,536"),
            (json!([{"name": "A", "kind": {"type": "string", "max_length": 65_537}}]), "1 to 65,536"),
            (
                json!([{"name": "A", "kind": {"type": "string", "min_length": 9, "max_length": 3}}]),
                "above max_length",
            ),
            (json!([{"name": "A", "kind": {"type": "integer", "min": 3, "max": 1}}]), "min is above max"),
            (json!([{"name": "A", "kind": {"type": "integer", "min": -3}}]), "may_start_with_dash"),
            (json!([{"name": "A", "kind": {"type": "integer", "max": 9_007_199_254_740_992_i64}}]), "2^53"),
            (json!([{"name": "A", "kind": {"type": "decimal", "scale": 1, "max": "0.25"}}]), "more digits"),
            (json!([{"name": "A", "kind": {"type": "choice", "options": []}}]), "1 to 256 options"),
            (json!([{"name": "A", "kind": {"type": "choice", "options": ["x", "X"]}}]), "differ by case"),
            (json!([{"name": "A", "kind": {"type": "choice", "options": ["x\u{200b}"]}}]), "visible"),
            (json!([{"name": "A", "kind": {"type": "choice", "options": ["-rf"]}}]), "may_start_with_dash"),
            (
                json!([{"name": "A", "kind": {"type": "list", "max_items": 3,
                "of": {"type": "list", "max_items": 3, "of": {"type": "guid"}}}}]),
                "don't nest",
            ),
            (
                json!([{"name": "A", "kind": {"type": "list", "max_items": 3,
                "of": {"type": "secret", "max_length": 3}}}]),
                "can't hold secrets",
            ),
            (
                json!([{"name": "A", "kind": {"type": "list", "max_items": 1_001, "of": {"type": "guid"}}}]),
                "1,000",
            ),
            (
                json!([{"name": "A", "kind": {"type": "table", "max_items": 3, "keys": ["A"],
                "of": {"type": "guid"}}}]),
                "lower-case",
            ),
            (json!([{"name": "A", "kind": string, "required": true, "default": "x"}]), "no default"),
            (json!([{"name": "A", "kind": {"type": "switch"}, "required": true}]), "never required"),
            (json!([{"name": "A", "kind": string, "sets": ["a b"]}]), "a set's name"),
            (json!([{"name": "A", "kind": string, "title": "x\u{202e}y"}]), "U+202E"),
            (
                json!([{"name": "A", "kind": string,
                "conditions": [{"effect": "required", "when": "B", "equals": 1}]}]),
                "no such parameter",
            ),
            (
                json!([{"name": "A", "kind": string,
                "conditions": [{"effect": "required", "when": "A", "equals": "x"}]}]),
                "conditions itself",
            ),
            (
                json!([{"name": "B", "kind": string}, {"name": "A", "kind": string,
                "conditions": [{"effect": "allowed", "when": "B", "equals": 1}]}]),
                "can't have this value",
            ),
        ] {
            let found = faults(specs.clone());
            assert!(found.iter().any(|fault| fault.contains(expected)), "{specs}: {found:?}");
        }
        assert_eq!(faults(json!([{"name": "A", "kind": string, "sets": ["One"]}])), Vec::<String>::new());
    }
}
