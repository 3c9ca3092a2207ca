//! The packs that come with the binary.

/// A pack as the repository's `packs/` held it when this was built.
#[derive(Debug, Clone, Copy)]
pub struct Shipped {
    name: &'static str,
    files: &'static [(&'static str, &'static str)],
}

impl Shipped {
    /// Every one, in the order of their names.
    pub const ALL: &'static [Self] = include!(concat!(env!("OUT_DIR"), "/packs.rs"));

    /// The one of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|pack| pack.name == name)
    }

    /// The name of its directory.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Its files: the path below the pack's directory, with slashes, and the text.
    pub fn files(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.files.iter().copied()
    }

    /// The line of its manifest that says what it is for.
    #[must_use]
    pub fn title(&self) -> String {
        let manifest = self.files().find(|(path, _)| *path == "pack.toml").map_or("", |(_, text)| text);
        let table: toml::Table = manifest.parse().unwrap_or_default();
        table.get("title").and_then(toml::Value::as_str).unwrap_or_default().to_owned()
    }
}
