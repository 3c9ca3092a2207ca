use unicode_normalization::UnicodeNormalization;

/// Replaces each letter by the plain one it may be taken for; marks are dropped.
pub(super) fn of(text: &str) -> String {
    text.nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .map(plain)
        .collect::<String>()
        .replace("rn", "m")
        .replace("vv", "w")
}

/// From Unicode's confusables, the lower-case letters and digits that resemble ASCII.
const fn plain(c: char) -> char {
    match c {
        'а' | 'α' | 'ɑ' => 'a',
        'ь' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'є' | 'ҽ' => 'e',
        'ց' | 'ɡ' => 'g',
        'һ' | 'հ' => 'h',
        'і' | 'ι' | 'ı' | '1' | 'l' | 'ӏ' | '|' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'п' | 'ո' | 'η' => 'n',
        'о' | 'ο' | 'օ' | '0' | 'σ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'г' => 'r',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ս' => 'u',
        'ѵ' | 'ν' => 'v',
        'ԝ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' | 'ү' => 'y',
        c => c,
    }
}
