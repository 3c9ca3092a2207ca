//! The admin center's files, as the binary carries them.

mod answer;
mod file;

use std::sync::Arc;

use axum::body::Bytes;

pub use file::File;

pub(crate) use answer::{file, index};

/// What stands in `index.html` where the nonce of an answer belongs.
pub(crate) const NONCE: &str = "__CSP_NONCE__";

/// The admin center that a server offers, or none; clones share it.
#[derive(Clone)]
pub struct Web(Option<Arc<Files>>);

struct Files {
    index: String,
    /// Sorted by path.
    files: Vec<File>,
}

struct Embedded {
    path: &'static str,
    plain: &'static [u8],
    gzip: Option<&'static [u8]>,
}

/// What lay in `web/dist` when this was built.
const EMBEDDED: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/web.rs"));

impl Web {
    /// The one that this binary was built with, if it was.
    #[must_use]
    pub fn built_in() -> Self {
        let files = EMBEDDED.iter().map(|embedded| {
            File::new(
                embedded.path,
                Bytes::from_static(embedded.plain),
                embedded.gzip.map(Bytes::from_static),
            )
        });
        Self::of(files.collect())
    }

    /// None: the command line and the API only.
    #[must_use]
    pub const fn none() -> Self {
        Self(None)
    }

    /// One made of these files; none if `index.html`, a text, is not among them.
    #[must_use]
    pub fn of(mut files: Vec<File>) -> Self {
        files.sort_by(|one, other| one.path().cmp(other.path()));
        let index = files.iter().position(|file| file.path() == "index.html").map(|at| files.remove(at));
        let index = index.and_then(|index| String::from_utf8(index.plain().to_vec()).ok());
        Self(index.map(|index| Arc::new(Files { index, files })))
    }

    /// Whether there is one.
    #[must_use]
    pub const fn is_there(&self) -> bool {
        self.0.is_some()
    }

    /// The text of the page that every address of a screen answers.
    pub(crate) fn index(&self) -> Option<&str> {
        self.0.as_ref().map(|files| files.index.as_str())
    }

    /// A file by its path, which is compared and never opened.
    pub(crate) fn find(&self, path: &str) -> Option<&File> {
        let files = &self.0.as_ref()?.files;
        let at = files.binary_search_by(|file| file.path().cmp(path)).ok()?;
        files.get(at)
    }
}

impl std::fmt::Debug for Web {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let files = self.0.as_ref().map_or(0, |files| files.files.len() + 1);
        write!(f, "Web({files} files)")
    }
}
