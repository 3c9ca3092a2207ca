//! One file of the admin center.

use axum::body::Bytes;
use countersign_ledger::hash::sha256;

/// A file with its compressed form.
pub struct File {
    path: String,
    plain: Bytes,
    gzip: Option<Bytes>,
    tag: String,
}

impl File {
    /// A file by its path below the root, without a leading slash; `gzip` is the same bytes compressed.
    #[must_use]
    pub fn new(path: &str, plain: Bytes, gzip: Option<Bytes>) -> Self {
        let tag = sha256(&plain).to_string().chars().take(32).collect();
        Self { path: path.to_owned(), plain, gzip, tag }
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn plain(&self) -> &[u8] {
        &self.plain
    }

    /// Whether its name changes with its content, as the build names what it puts under `assets`.
    pub(super) fn lasts(&self) -> bool {
        self.path.starts_with("assets/")
    }

    /// Body, content coding and entity tag of the form that a client takes.
    pub(super) fn form(&self, gzip: bool) -> (&Bytes, Option<&'static str>, String) {
        match &self.gzip {
            Some(small) if gzip => (small, Some("gzip"), format!("\"{}-gzip\"", self.tag)),
            _ => (&self.plain, None, format!("\"{}\"", self.tag)),
        }
    }

    pub(super) const fn is_compressible(&self) -> bool {
        self.gzip.is_some()
    }

    /// The media type that its name's ending stands for.
    pub(super) fn media_type(&self) -> &'static str {
        match self.path.rsplit('.').next().unwrap_or_default() {
            "js" | "mjs" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "html" => "text/html; charset=utf-8",
            "txt" => "text/plain; charset=utf-8",
            "json" => "application/json",
            "webmanifest" => "application/manifest+json",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "jpg" | "jpeg" => "image/jpeg",
            "webp" => "image/webp",
            "ico" => "image/x-icon",
            "woff2" => "font/woff2",
            "wasm" => "application/wasm",
            _ => "application/octet-stream",
        }
    }
}
