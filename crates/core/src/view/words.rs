//! The tokenizer of the search: what words a text holds, and what a person looks for.

use std::collections::BTreeSet;

/// The most words kept of one event (G22).
pub const MAX_WORDS: usize = 500;
/// The longest word kept, in characters; longer ones are cut.
pub const MAX_WORD: usize = 96;

/// What one word of a search stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// This word. Where no text holds it whole, all its parts.
    Word {
        /// As a whole, such as `exchange\new-moverequest` or `identity=jane`.
        whole: String,
        /// Its letters and digits, split.
        parts: Vec<String>,
    },
    /// Any word that begins so.
    Prefix(String),
}

/// Adds the words of a text: each run of letters and digits, and each name that marks hold together, whole and from
/// every `\`, `/` and `=` on. All in lower case.
pub fn collect(text: &str, words: &mut BTreeSet<String>) {
    for chunk in text.split_whitespace() {
        if words.len() >= MAX_WORDS {
            return;
        }
        let chunk = fold(chunk);
        let whole = trim(&chunk);
        if whole.is_empty() {
            continue;
        }
        insert(whole, words);
        for piece in whole.split(['\\', '/', '=', ',', ';']) {
            insert(trim(piece), words);
        }
        for word in parts(whole) {
            insert(word, words);
        }
    }
}

/// Adds a name as one word with all its characters, whatever they are: `identity=jane doe`.
pub fn collect_whole(text: &str, words: &mut BTreeSet<String>) {
    insert(&fold(text), words);
}

/// What a search text asks for; every part of it must be met.
#[must_use]
pub fn wanted(search: &str) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    for chunk in chunks(search).into_iter().take(16) {
        let chunk = fold(&chunk);
        if let Some(prefix) = chunk.strip_suffix('*') {
            let prefix = cut(prefix.trim_start_matches(|c: char| !c.is_alphanumeric()));
            if !prefix.is_empty() {
                wanted.push(Wanted::Prefix(prefix.to_owned()));
            }
            continue;
        }
        let whole = if chunk.contains('=') { chunk.as_str() } else { trim(&chunk) };
        if !whole.is_empty() {
            let parts = parts(whole).map(|part| cut(part).to_owned()).collect();
            wanted.push(Wanted::Word { whole: cut(whole).to_owned(), parts });
        }
    }
    wanted
}

/// Splits at white space; what stands between double quotes stays together.
fn chunks(search: &str) -> Vec<String> {
    let mut chunks = vec![String::new()];
    let mut quoted = false;
    for c in search.chars() {
        if c == '"' {
            quoted = !quoted;
        } else if c.is_whitespace() && !quoted {
            chunks.push(String::new());
        } else if let Some(last) = chunks.last_mut() {
            last.push(c);
        }
    }
    chunks.retain(|chunk| !chunk.is_empty());
    chunks
}

fn fold(text: &str) -> String {
    text.to_lowercase().replace('\0', "\u{fffd}")
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphanumeric())
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty())
}

fn cut(word: &str) -> &str {
    word.char_indices().nth(MAX_WORD).and_then(|(end, _)| word.get(..end)).unwrap_or(word)
}

fn insert(word: &str, words: &mut BTreeSet<String>) {
    let word = cut(word);
    if !word.is_empty() && words.len() < MAX_WORDS {
        words.insert(word.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut words = BTreeSet::new();
        collect(text, &mut words);
        words.into_iter().collect()
    }

    #[test]
    fn names_are_kept_whole_and_split() {
        assert_eq!(
            words("Run Exchange\\New-MoveRequest, see R-1042."),
            [
                "1042",
                "exchange",
                "exchange\\new-moverequest",
                "moverequest",
                "new",
                "new-moverequest",
                "r",
                "r-1042",
                "run",
                "see"
            ]
        );
    }

    #[test]
    fn letters_of_every_script_are_words_and_marks_are_not() {
        assert_eq!(words("Größe ÅNGSTRÖM 東京 — !! \u{202e}x"), ["größe", "x", "ångström", "東京"]);
        assert!(words(" .,;!\u{0}").is_empty());
    }

    #[test]
    fn bounds_hold() {
        let long = "x".repeat(10_000);
        assert_eq!(words(&long), ["x".repeat(MAX_WORD)]);
        let many: String = (0..5_000).map(|n| format!("w{n} ")).collect();
        assert_eq!(words(&many).len(), MAX_WORDS);
        let umlauts = "ü".repeat(500);
        assert_eq!(words(&umlauts), ["ü".repeat(MAX_WORD)]);
    }

    #[test]
    fn a_search_is_words_prefixes_and_quoted_text() {
        assert_eq!(
            wanted("New-Move* Jane \"Name=Jane Doe\" **"),
            [
                Wanted::Prefix("new-move".to_owned()),
                Wanted::Word { whole: "jane".to_owned(), parts: vec!["jane".to_owned()] },
                Wanted::Word {
                    whole: "name=jane doe".to_owned(),
                    parts: vec!["name".to_owned(), "jane".to_owned(), "doe".to_owned()]
                },
            ]
        );
        assert!(wanted("  \" * ").is_empty());
    }
}
