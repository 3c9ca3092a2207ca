//! The words behind a cmdlet: `-Name value`, `-Name:value`, switches, `a,b` and `@('a','b')`.
//!
//! The shell has taken the quotes off; those inside `@(…)` are ours to take off. This is not PowerShell: there are no
//! variables, no expressions, no pipelines. What looks like one is refused rather than guessed at.

use crate::values::{Given, Words};

/// Parameters in the order given, each once, but for `-Parameter`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Parameters(Vec<Given>);

/// Our options, which begin with two dashes, and the rest. What follows a bare `--` is never ours.
pub(super) fn separate(words: Vec<String>) -> (Vec<String>, Vec<String>) {
    const ALONE: [&str; 3] = ["--request", "--wait", "--help"];
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        if word == "--" {
            theirs.extend(words.by_ref());
        } else if word.starts_with("--") {
            let takes_value = !word.contains('=') && !ALONE.contains(&word.as_str());
            ours.push(word);
            if takes_value {
                ours.extend(words.next());
            }
        } else {
            theirs.push(word);
        }
    }
    (ours, theirs)
}

impl Parameters {
    pub(super) fn parse(words: Vec<String>) -> Result<Self, String> {
        let mut all: Vec<Given> = Vec::new();
        let mut words = words.into_iter().peekable();
        while let Some(word) = words.next() {
            let Some((name, joined)) = name(&word) else {
                return Err(format!(
                    "`{word}` stands where a parameter such as `-Reason` should. Is a quote missing?"
                ));
            };
            let mut text = match joined {
                Some(text) => Some(text),
                None => words.next_if(|next| self::name(next).is_none()),
            };
            if let Some(text) = &mut text {
                // `@('a',` `'b')` and `a,` `b` come as several words.
                while let Some(more) = words.next_if(|next| continues(text, next)) {
                    text.push(' ');
                    text.push_str(&more);
                }
            }
            let given = Given { words: value(&name, text)?, name };
            add(&mut all, given)?;
        }
        Ok(Self(all))
    }

    /// Takes a value by the first of several names that is there.
    pub(crate) fn take(&mut self, names: &[&str]) -> Result<Option<String>, String> {
        match self.take_given(names) {
            None => Ok(None),
            Some(Given { words: Words::One(text), .. }) => Ok(Some(text)),
            Some(Given { words: Words::List(items), name }) => {
                Err(format!("-{name} takes one value, not {}.", items.len()))
            }
            Some(Given { words: Words::Switch, name }) => Err(format!("-{name} needs a value.")),
        }
    }

    /// Takes all values by a name.
    pub(crate) fn take_list(&mut self, names: &[&str]) -> Vec<String> {
        match self.take_given(names).map(|given| given.words) {
            None | Some(Words::Switch) => Vec::new(),
            Some(Words::One(text)) => vec![text],
            Some(Words::List(items)) => items,
        }
    }

    fn take_given(&mut self, names: &[&str]) -> Option<Given> {
        let at =
            self.0.iter().position(|given| names.iter().any(|name| given.name.eq_ignore_ascii_case(name)))?;
        Some(self.0.remove(at))
    }

    /// What was not taken is not understood.
    pub(crate) fn finish(self) -> Result<(), String> {
        match self.0.first() {
            None => Ok(()),
            Some(given) => Err(format!("there is no parameter -{}.", given.name)),
        }
    }

    /// All of them, for a task.
    pub(crate) fn into_given(self) -> Vec<Given> {
        self.0
    }
}

/// `-Name` or `-Name:value`. A dash before a digit begins a number.
fn name(word: &str) -> Option<(String, Option<String>)> {
    let rest = word.strip_prefix('-')?;
    let (name, value) = match rest.split_once(':') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (rest, None),
    };
    let first = name.bytes().next()?;
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (first.is_ascii_alphabetic() && letters).then(|| (name.to_owned(), value))
}

fn continues(text: &str, next: &str) -> bool {
    let open = text.starts_with("@(") && !text.trim_end().ends_with(')');
    open || text.trim_end().ends_with(',') || (next.starts_with(',') && name(next).is_none())
}

fn add(all: &mut Vec<Given>, given: Given) -> Result<(), String> {
    let known = all.iter_mut().find(|known| known.name.eq_ignore_ascii_case(&given.name));
    let Some(known) = known else {
        all.push(given);
        return Ok(());
    };
    if !given.name.eq_ignore_ascii_case("Parameter") {
        return Err(format!("-{} is given twice.", given.name));
    }
    let items = |words: Words| match words {
        Words::Switch => Vec::new(),
        Words::One(text) => vec![text],
        Words::List(items) => items,
    };
    let mut both = items(std::mem::replace(&mut known.words, Words::Switch));
    both.extend(items(given.words));
    known.words = Words::List(both);
    Ok(())
}

fn value(name: &str, text: Option<String>) -> Result<Words, String> {
    let Some(text) = text else { return Ok(Words::Switch) };
    let inner = text.trim();
    if let Some(list) = inner.strip_prefix("@(") {
        let list = list.strip_suffix(')').ok_or_else(|| format!("-{name}: `@(` without `)`."))?;
        return items(name, list).map(Words::List);
    }
    if inner.starts_with("@{") {
        return Err(format!(
            "-{name}: `@{{…}}` is PowerShell's; write `-Parameter Name=value`, once for each."
        ));
    }
    if let Some(variable) = inner.strip_prefix('$').filter(|rest| !is_constant(rest))
        && variable.starts_with(|c: char| c.is_ascii_alphabetic() || c == '(' || c == '{')
    {
        return Err(format!("-{name}: `${variable}` is a variable of PowerShell; write its value."));
    }
    Ok(Words::One(text))
}

fn is_constant(text: &str) -> bool {
    ["true", "false", "null"].iter().any(|constant| text.eq_ignore_ascii_case(constant))
}

/// Items between commas, each in single or double quotes or in none. A doubled quote is one quote.
fn items(name: &str, text: &str) -> Result<Vec<String>, String> {
    let fault = |why: &str| format!("-{name}: {why} in `@({text})`.");
    let mut items = Vec::new();
    let mut rest = text.trim_start();
    if rest.is_empty() {
        return Ok(items);
    }
    loop {
        let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let (item, after) = match quote {
            Some(quote) => quoted(rest, quote).ok_or_else(|| fault("a quote is not closed"))?,
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                let (item, after) = rest.split_at(end);
                (item.trim().to_owned(), after)
            }
        };
        if item.is_empty() && quote.is_none() {
            return Err(fault("an item is empty"));
        }
        items.push(item);
        let after = after.trim_start();
        match after.strip_prefix(',') {
            Some(more) => rest = more.trim_start(),
            None if after.is_empty() => return Ok(items),
            None => return Err(fault("a comma is missing")),
        }
    }
}

fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut item = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != quote {
            item.push(c);
        } else if chars.next_if(|(_, next)| *next == quote).is_some() {
            item.push(quote);
        } else {
            return text.get(at + c.len_utf8()..).map(|rest| (item, rest));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line's words, and the parameters they give.
    type Case<'a> = (&'a [&'a str], &'a [(&'a str, Words)]);

    fn parse(words: &[&str]) -> Result<Vec<(String, Words)>, String> {
        let parsed = Parameters::parse(words.iter().map(|word| (*word).to_owned()).collect())?;
        Ok(parsed.0.into_iter().map(|given| (given.name, given.words)).collect())
    }

    fn one(text: &str) -> Words {
        Words::One(text.to_owned())
    }

    fn list(items: &[&str]) -> Words {
        Words::List(items.iter().map(|item| (*item).to_owned()).collect())
    }

    #[test]
    fn lines_that_are_understood() {
        let cases: &[Case<'_>] = &[
            (&[], &[]),
            (
                &["-Task", r"Exchange\New-MoveRequest", "-DurationHours", "4"],
                &[("Task", one(r"Exchange\New-MoveRequest")), ("DurationHours", one("4"))],
            ),
            (&["-Reason:moving", "-WhatIf"], &[("Reason", one("moving")), ("WhatIf", Words::Switch)]),
            (&["-Reason:", "-X", "y"], &[("Reason", one("")), ("X", one("y"))]),
            (&["-Observe", "-Comment", "a b"], &[("Observe", Words::Switch), ("Comment", one("a b"))]),
            (&["-Observe:$true"], &[("Observe", one("$true"))]),
            (&["-N", "-5"], &[("N", one("-5"))]),
            (&["-SystemAccounts", "@('a','b')"], &[("SystemAccounts", list(&["a", "b"]))]),
            (&["-SystemAccounts", "@('a',", "'b')"], &[("SystemAccounts", list(&["a", "b"]))]),
            (&["-SystemAccounts", "@(\"a\" , b)"], &[("SystemAccounts", list(&["a", "b"]))]),
            (&["-X", "@('it''s', 'a,b')"], &[("X", list(&["it's", "a,b"]))]),
            (&["-X", "@()"], &[("X", list(&[]))]),
            (&["-X", "a,", "b"], &[("X", one("a, b"))]),
            (&["-Parameter", "A=1", "-Parameter", "B=2"], &[("Parameter", list(&["A=1", "B=2"]))]),
            (&["-Mail", "a@b.example"], &[("Mail", one("a@b.example"))]),
            (&["-Reason", "costs $5"], &[("Reason", one("costs $5"))]),
            (&["-Reason", "$5 only"], &[("Reason", one("$5 only"))]),
        ];
        for (words, wanted) in cases {
            let wanted: Vec<(String, Words)> =
                wanted.iter().map(|(name, words)| ((*name).to_owned(), words.clone())).collect();
            assert_eq!(parse(words), Ok(wanted), "{words:?}");
        }
    }

    #[test]
    fn lines_that_are_refused() {
        let cases: &[(&[&str], &str)] = &[
            (&["Task"], "Is a quote missing?"),
            (&["-Reason", "a", "b"], "`b` stands where"),
            (&["-Reason", "a", "-reason", "b"], "given twice"),
            (&["-X", "@('a'"], "without `)`"),
            (&["-X", "@('a)"], "not closed"),
            (&["-X", "@('a' 'b')"], "comma is missing"),
            (&["-X", "@(a,,b)"], "empty"),
            (&["-X", "@{Add='a'}"], "PowerShell's"),
            (&["-X", "$who"], "variable"),
            (&["-X", "$(whoami)"], "variable"),
        ];
        for (words, wanted) in cases {
            let fault = parse(words).expect_err(&format!("{words:?}"));
            assert!(fault.contains(wanted), "{words:?}: {fault}");
        }
    }

    #[test]
    fn our_options_may_stand_anywhere() {
        let words = ["-Reason", "x", "--url", "http://localhost", "--wait", "-Task", "t", "--output=json"];
        let (ours, theirs) = separate(words.map(str::to_owned).to_vec());
        assert_eq!(ours, ["--url", "http://localhost", "--wait", "--output=json"]);
        assert_eq!(theirs, ["-Reason", "x", "-Task", "t"]);
    }

    #[test]
    fn parameters_are_taken_by_any_case_and_the_rest_is_told() {
        let mut parsed =
            Parameters::parse(vec!["-REQUESTID".to_owned(), "R-1".to_owned(), "-Extra".to_owned()]).unwrap();
        assert_eq!(parsed.take(&["Identity", "RequestId"]), Ok(Some("R-1".to_owned())));
        assert_eq!(parsed.take(&["Comment"]), Ok(None));
        assert!(parsed.finish().unwrap_err().contains("-Extra"));
    }
}
