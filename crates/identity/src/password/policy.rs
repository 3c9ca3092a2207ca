use unicode_normalization::UnicodeNormalization;

use super::Password;

/// Fewest code points.
pub const MIN: usize = 12;
/// Most code points.
pub const MAX: usize = 256;

/// Runs such as `3456` or `poiu` count as one character from this length on.
const RUN: usize = 3;
/// Fewest characters that must be left when runs are counted as one.
const EFFECTIVE: usize = 8;
const DISTINCT: usize = 5;

const ROWS: [&str; 4] = ["qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm"];
/// Words that passwords are made of far too often, folded as [`fold`] does.
const WORDS: [&str; 34] = [
    "password",
    "passwort",
    "passord",
    "motdepasse",
    "contrasena",
    "kennwort",
    "welcome",
    "willkommen",
    "bienvenue",
    "letmein",
    "iloveyou",
    "trustno",
    "administrator",
    "admin",
    "root",
    "superuser",
    "login",
    "secret",
    "geheim",
    "changeme",
    "default",
    "master",
    "dragon",
    "monkey",
    "princess",
    "sunshine",
    "football",
    "baseball",
    "superman",
    "batman",
    "qwerty",
    "azerty",
    "countersign",
    "test",
];

/// Why a new password is refused, in words for the person who chose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    #[error("use at least {} characters", MIN)]
    TooShort,
    #[error("don't use your name or address in the password")]
    Personal,
    #[error("the password repeats itself too much")]
    Repetitive,
    #[error("the password is mostly a sequence, such as 123456 or qwerty")]
    Sequential,
    #[error("the password is made of words that are guessed first")]
    Common,
}

/// Judges a new password. `about` is what is known of the person and place: UPN, display name,
/// organization. There are no composition rules.
///
/// # Errors
/// The first [`Weak`] that applies.
pub fn check(password: &Password, about: &[&str]) -> Result<(), Weak> {
    let chars: Vec<char> = password.reveal().chars().collect();
    if chars.len() < MIN {
        return Err(Weak::TooShort);
    }
    let plain = squeeze(password.reveal());
    if about.iter().flat_map(|text| personal(text)).any(|part| plain.contains(&part)) {
        return Err(Weak::Personal);
    }
    let lower: Vec<char> = password.reveal().chars().flat_map(char::to_lowercase).collect();
    if repetitive(&lower) {
        return Err(Weak::Repetitive);
    }
    if effective(&lower) < EFFECTIVE {
        return Err(Weak::Sequential);
    }
    if common(password.reveal()) { Err(Weak::Common) } else { Ok(()) }
}

/// The parts of a name or address that must not appear: words of four letters and more, and all of it.
fn personal(text: &str) -> Vec<String> {
    let whole = squeeze(text);
    text.split(|c: char| !c.is_alphanumeric())
        .map(squeeze)
        .chain([whole])
        .filter(|part| part.chars().count() >= 4)
        .collect()
}

fn squeeze(text: &str) -> String {
    text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A whole that is a shorter unit at least twice, or that has hardly any different characters.
fn repetitive(chars: &[char]) -> bool {
    let distinct: std::collections::BTreeSet<_> = chars.iter().collect();
    let period = (1..=chars.len() / 2).find(|p| chars.iter().zip(chars.iter().skip(*p)).all(|(a, b)| a == b));
    distinct.len() < DISTINCT || period.is_some_and(|unit| unit < MIN)
}

/// The length when every run (same, ascending, descending, along a keyboard row) counts as one.
fn effective(chars: &[char]) -> usize {
    let mut counted = 0;
    let mut run = 1;
    let mut direction = None;
    for pair in chars.windows(2) {
        let &[a, b] = pair else { continue };
        let step = neighbour(a, b);
        if step.is_some() && (step == direction || run == 1) {
            run += 1;
        } else {
            counted += if run >= RUN { 1 } else { run };
            run = 1;
        }
        direction = step;
    }
    counted + if run >= RUN { 1 } else { run }
}

fn neighbour(a: char, b: char) -> Option<i32> {
    let step = i32::try_from(b as u32).ok()? - i32::try_from(a as u32).ok()?;
    if step.abs() <= 1 {
        return Some(step);
    }
    if (a, b) == ('9', '0') {
        return Some(1);
    }
    let on_row = |row: &str| Some((row.find(a)?, row.find(b)?));
    ROWS.iter().filter_map(|row| on_row(row)).find_map(|(x, y)| match (x, y) {
        (x, y) if x + 1 == y => Some(10),
        (x, y) if y + 1 == x => Some(-10),
        _ => None,
    })
}

/// Whether hardly anything is left without the common words, digits and signs.
fn common(password: &str) -> bool {
    let folded = fold(password);
    let mut rest = folded.clone();
    for word in WORDS {
        rest = rest.replace(word, "");
    }
    rest.len() < folded.len() && rest.len() < 4
}

/// Letters only, with the usual digits and signs inside read as the letters they stand for; those
/// before and after are dropped.
fn fold(password: &str) -> String {
    password
        .trim_matches(|c: char| !c.is_alphabetic() && !matches!(c, '@' | '$'))
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            '0' => Some('o'),
            '1' | '!' => Some('i'),
            '3' => Some('e'),
            '4' | '@' => Some('a'),
            '5' | '$' => Some('s'),
            '7' => Some('t'),
            c => c.is_alphabetic().then_some(c),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(text: &str) -> Result<(), Weak> {
        check(&Password::parse(text).unwrap(), &["ana.ruiz@contoso.example", "Ana Ruiz", "Contoso"])
    }

    #[test]
    fn cases() {
        for (text, expected) in [
            ("short", Err(Weak::TooShort)),
            ("elevenchars", Err(Weak::TooShort)),
            ("Ana.Ruiz-likes-tea", Err(Weak::Personal)),
            ("my CONTOSO login 77!", Err(Weak::Personal)),
            ("aaaaaaaaaaaa", Err(Weak::Repetitive)),
            ("abcXabcXabcX", Err(Weak::Repetitive)),
            ("abababababab", Err(Weak::Repetitive)),
            ("123456789012", Err(Weak::Sequential)),
            ("abcdefghijklm", Err(Weak::Sequential)),
            ("zyxwvutsrqpo", Err(Weak::Sequential)),
            ("Qwertyuiop123", Err(Weak::Sequential)),
            ("asdfghjkl1234", Err(Weak::Sequential)),
            ("password2026!!", Err(Weak::Common)),
            ("P@ssw0rd!2031", Err(Weak::Common)),
            ("Welcome2Admin99", Err(Weak::Common)),
            ("changeme!9284", Err(Weak::Common)),
            ("correct horse battery", Ok(())),
            ("tea with milk 4 two", Ok(())),
            ("xK9#vLq2!mTz", Ok(())),
            ("漢字仮名交じり文を書く人", Ok(())),
            ("passwordless is the aim", Ok(())),
        ] {
            assert_eq!(judge(text), expected, "{text}");
        }
    }
}
