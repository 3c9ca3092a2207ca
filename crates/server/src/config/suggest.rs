//! What was probably meant.

/// The nearest of some names, if one is near enough: a third of its letters may be wrong.
pub(super) fn nearest<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|name| (distance(given, name), name))
        .filter(|(distance, name)| *distance <= name.chars().count().div_ceil(3))
        .min()
        .map(|(_, name)| name)
}

/// Letters to add, remove or replace (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().take(64).enumerate() {
        let mut next = vec![i + 1];
        for (other, above) in b.iter().zip(row.windows(2)) {
            let [diagonal, up] = above else { continue };
            let left = next.last().copied().unwrap_or_default();
            next.push((diagonal + usize::from(letter != *other)).min(up + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let known = ["listen", "tls.cert", "trusted_proxies"];
        let nearest = |given| nearest(given, known.into_iter());
        assert_eq!(nearest("listne"), Some("listen"));
        assert_eq!(nearest("trusted_proxy"), Some("trusted_proxies"));
        assert_eq!(nearest("tls.certificate"), None);
        assert_eq!(nearest("colour"), None);
    }
}
