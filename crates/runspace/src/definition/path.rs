//! A path with places: each is a whole segment, so what is put there can't become another.

use serde::{Deserialize, Serialize};

use crate::ParameterName;

/// `/users/{User}/messages`, read once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PathTemplate {
    text: String,
    segments: Vec<Segment>,
}

/// What stands between two slashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    Literal(String),
    Parameter(ParameterName),
}

impl PathTemplate {
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The parameters in it.
    pub fn parameters(&self) -> impl Iterator<Item = &ParameterName> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Parameter(name) => Some(name),
            Segment::Literal(_) => None,
        })
    }
}

impl TryFrom<String> for PathTemplate {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let rest = text.strip_prefix('/').ok_or("a path begins with `/`")?;
        let count = rest.split('/').count();
        let mut segments = Vec::new();
        for (index, part) in rest.split('/').enumerate() {
            let last = index + 1 == count;
            segments.push(segment(part, last)?);
        }
        Ok(Self { text, segments })
    }
}

fn segment(part: &str, last: bool) -> Result<Segment, String> {
    if let Some(name) = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        let name = name.parse().map_err(|_| format!("`{part}` does not hold a parameter's name"))?;
        return Ok(Segment::Parameter(name));
    }
    if part.contains(['{', '}']) {
        return Err(format!("`{part}`: a place is a whole segment, such as `/{{Name}}/`"));
    }
    if part == "." || part == ".." || (part.is_empty() && !last) {
        return Err("a path has no empty segments and none of dots only".to_owned());
    }
    // pchar of RFC 3986, section 3.3, without percent-encoding: what needs that is a parameter's value.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte);
    match part.bytes().all(plain) {
        true => Ok(Segment::Literal(part.to_owned())),
        false => Err(format!("`{part}` has a character that a path can't have as it is")),
    }
}

impl From<PathTemplate> for String {
    fn from(path: PathTemplate) -> Self {
        path.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i1_a_place_is_a_whole_segment() {
        let path = PathTemplate::try_from("/users/{User}/a:b,c/".to_owned()).expect("path");
        assert_eq!(path.segments().len(), 4);
        assert_eq!(path.parameters().map(ParameterName::as_str).collect::<Vec<_>>(), ["User"]);
        assert!(PathTemplate::try_from("/".to_owned()).is_ok());
        for bad in [
            "",
            "users",
            "//x",
            "/a//b",
            "/a/../b",
            "/./x",
            "/a{User}",
            "/{User}b",
            "/{}",
            "/{a b}",
            "/{",
            "/}",
            "/a?b",
            "/a#b",
            "/a%2fb",
            "/a b",
            "/ü",
            "/a\\b",
            "http://x/",
            "/a\nb",
        ] {
            assert!(PathTemplate::try_from(bad.to_owned()).is_err(), "{bad:?}");
        }
    }
}
