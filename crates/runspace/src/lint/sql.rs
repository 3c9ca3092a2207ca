//! A statement's words, as far as a definition is judged by them. What runs is decided by the target's own parser; this
//! only explains faults before it is asked.
//!
//! Lexical structure: <https://www.postgresql.org/docs/current/sql-syntax-lexical.html>.

/// A piece of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A keyword or name, in lower case.
    Word(String),
    /// A quoted name, as it is.
    Quoted(String),
    /// `$1`.
    Parameter(usize),
    /// A string constant's content, quotes undone only as far as `''`.
    Text(String),
    /// What stands between `$tag$` and `$tag$`.
    Dollar(String),
    Semicolon,
    /// `||`
    Concatenation,
    /// Any other character.
    Other(char),
}

/// Splits a statement. Comments are left out; an unfinished string or comment reaches to the end.
#[must_use]
pub fn tokens(sql: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let (token, after) = next(rest, first);
        tokens.extend(token);
        rest = after;
    }
    tokens
}

fn next(rest: &str, first: char) -> (Option<Token>, &str) {
    if let Some(comment) = rest.strip_prefix("--") {
        return (None, comment.split_once('\n').map_or("", |(_, after)| after));
    }
    if let Some(comment) = rest.strip_prefix("/*") {
        return (None, after_comment(comment));
    }
    if let Some(after) = rest.strip_prefix("||") {
        return (Some(Token::Concatenation), after);
    }
    if let Some(text) = rest.strip_prefix(['e', 'E']).and_then(|text| text.strip_prefix('\'')) {
        let (text, after) = until_quote(text, '\'', Backslash::Escapes);
        return (Some(Token::Text(text)), after);
    }
    let after_first = rest.get(first.len_utf8()..).unwrap_or_default();
    match first {
        '\'' => {
            let (text, after) = until_quote(after_first, '\'', Backslash::Plain);
            (Some(Token::Text(text)), after)
        }
        '"' => {
            let (name, after) = until_quote(after_first, '"', Backslash::Plain);
            (Some(Token::Quoted(name)), after)
        }
        ';' => (Some(Token::Semicolon), after_first),
        '$' => dollar(after_first),
        c if c.is_alphabetic() || c == '_' => {
            let more = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
            let end = rest.find(|c| !more(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            (Some(Token::Word(word.to_lowercase())), after)
        }
        c if c.is_whitespace() => (None, after_first),
        c => (Some(Token::Other(c)), after_first),
    }
}

/// After the end of a comment; comments nest.
fn after_comment(mut rest: &str) -> &str {
    let mut depth = 1_usize;
    while let Some(first) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("*/") {
            depth -= 1;
            rest = after;
            if depth == 0 {
                return rest;
            }
        } else if let Some(after) = rest.strip_prefix("/*") {
            depth += 1;
            rest = after;
        } else {
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    rest
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Backslash {
    Plain,
    Escapes,
}

fn until_quote(text: &str, quote: char, backslash: Backslash) -> (String, &str) {
    let mut content = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && backslash == Backslash::Escapes {
            content.push(c);
            content.extend(chars.next().map(|(_, escaped)| escaped));
        } else if c != quote {
            content.push(c);
        } else if chars.next_if(|(_, again)| *again == quote).is_some() {
            content.push(quote);
        } else {
            return (content, text.get(at + quote.len_utf8()..).unwrap_or_default());
        }
    }
    (content, "")
}

/// What follows a `$`: a parameter's number, or a dollar-quoted text.
fn dollar(rest: &str) -> (Option<Token>, &str) {
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    if end > 0 {
        let (digits, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        return (Some(Token::Parameter(digits.parse().unwrap_or(usize::MAX))), after);
    }
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let tagged = rest.split_at_checked(end).and_then(|(tag, after)| Some((tag, after.strip_prefix('$')?)));
    let Some((tag, body)) = tagged else { return (Some(Token::Other('$')), rest) };
    let close = format!("${tag}$");
    match body.split_once(&close) {
        Some((text, after)) => (Some(Token::Dollar(text.to_owned())), after),
        None => (Some(Token::Dollar(body.to_owned())), ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_names_comments_and_parameters_are_told_apart() {
        let word = |text: &str| Token::Word(text.to_owned());
        assert_eq!(
            tokens(
                "SELECT $1, 'it''s $2; --' -- $3\n/* $4 /* ; */ $5 */ FROM \"a\"\"b\" || $tag$ $6 $x$ $tag$;"
            ),
            [
                word("select"),
                Token::Parameter(1),
                Token::Other(','),
                Token::Text("it's $2; --".to_owned()),
                word("from"),
                Token::Quoted("a\"b".to_owned()),
                Token::Concatenation,
                Token::Dollar(" $6 $x$ ".to_owned()),
                Token::Semicolon,
            ]
        );
        assert_eq!(tokens(r"E'a\'; $1' x"), [Token::Text(r"a\'; $1".to_owned()), word("x")]);
        assert_eq!(tokens("a$1"), [word("a$1")]);
        assert_eq!(tokens("$$;$$"), [Token::Dollar(";".to_owned())]);
        assert_eq!(tokens("'open"), [Token::Text("open".to_owned())]);
    }
}
