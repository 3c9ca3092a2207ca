//! Files for parameters: `-p File=@path`.

use std::io::Read as _;

use countersign_client::Client;
use countersign_client::blobs::Uploaded;
use countersign_ledger::hash::sha256;
use serde_json::Value as Json;

use crate::fault::{Fault, Outcome};

/// What a parameter takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Takes {
    /// The most bytes.
    pub(crate) max_size: u64,
    /// Whether only UTF-8 text.
    pub(crate) text: bool,
}

/// Uploads a file and gives the value that cites it. What the server names must be what was read here.
pub(crate) fn file(client: &Client, name: &str, path: &str, takes: Takes) -> Outcome<Json> {
    let bytes = read(name, path, takes)?;
    let kind = media_type(name, path, &bytes, takes)?;
    let uploaded = client.upload(kind, &bytes)?;
    let digest = sha256(&bytes).to_string();
    let own = Uploaded { sha256: digest, size: bytes.len() as u64, media_type: kind.to_owned() };
    if uploaded != own {
        return Err(Fault::failed(format!(
            "{path}: the server has another file than the one that was sent."
        )));
    }
    serde_json::to_value(uploaded).map_err(|error| Fault::failed(format!("{error}.")))
}

/// No more than one byte over what is taken: an endless file ends here.
fn read(name: &str, path: &str, takes: Takes) -> Outcome<Vec<u8>> {
    let failed = |error: std::io::Error| Fault::failed(format!("`{name}`: {path}: {error}."));
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(takes.max_size.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    match bytes.len() as u64 {
        0 => Err(Fault::usage(format!("`{name}`: {path} is empty."))),
        size if size > takes.max_size => {
            Err(Fault::usage(format!("`{name}` takes at most {} bytes; {path} has more.", takes.max_size)))
        }
        _ => Ok(bytes),
    }
}

fn media_type(name: &str, path: &str, bytes: &[u8], takes: Takes) -> Outcome<&'static str> {
    match std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0')) {
        true => Ok("text/plain"),
        false if takes.text => Err(Fault::usage(format!("`{name}` takes text; {path} is not UTF-8 text."))),
        false => Ok("application/octet-stream"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_bounded_and_of_the_right_kind() {
        let place = tempfile::tempdir().unwrap();
        let written = |name: &str, bytes: &[u8]| {
            let path = place.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path.display().to_string()
        };
        let takes = |max_size, text| Takes { max_size, text };
        let (text, other) = (written("text", b"select 1;\n"), written("other", b"\xff\0"));
        assert_eq!(read("File", &text, takes(10, true)).unwrap(), b"select 1;\n");
        assert!(read("File", &text, takes(9, true)).is_err());
        assert!(read("File", &written("empty", b""), takes(9, true)).is_err());
        assert!(read("File", "/dev/zero", takes(1_000, false)).is_err(), "an endless file");
        assert!(read("File", &place.path().display().to_string(), takes(9, true)).is_err(), "a directory");
        assert_eq!(media_type("File", &text, b"a", takes(9, true)).unwrap(), "text/plain");
        assert_eq!(media_type("File", &other, b"\xff", takes(9, false)).unwrap(), "application/octet-stream");
        assert!(media_type("File", &other, b"\xff", takes(9, true)).is_err());
    }
}
