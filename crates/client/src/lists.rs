//! Lists, a page at a time.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::error::ClientError;
use crate::path::Path;
use crate::transport::Client;

/// Some rows, and how to go on.
#[derive(Debug, Clone, Deserialize)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; none if this was the last.
    #[serde(default = "none")]
    pub next: Option<String>,
    /// The size of the ledger that the rows were read at.
    #[serde(default)]
    pub seq: u64,
}

const fn none() -> Option<String> {
    None
}

/// Filters of a list, by the names of the API's query parameters.
#[derive(Debug, Clone, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Everything.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// Adds a filter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.push((name.to_owned(), value.into()));
        self
    }

    /// Adds a filter if there is a value.
    #[must_use]
    pub fn with_some<V: Into<String>>(self, name: &str, value: Option<V>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub(crate) fn on(&self, path: Path) -> Path {
        self.0.iter().fold(path, |path, (name, value)| path.query(name, value))
    }
}

impl Client {
    /// One page of a list; `noun` is as in the URL: `tasks`, `role-groups`, `audit/events` …
    ///
    /// # Errors
    /// See [`ClientError`]; so for all calls.
    pub fn page<T: DeserializeOwned>(&self, noun: &str, query: &Query) -> Result<Page<T>, ClientError> {
        self.get(&query.on(Path::of(noun)))
    }

    /// All rows of a list up to a bound, page by page. The flag says that there is more.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn list(&self, noun: &str, query: &Query, most: usize) -> Result<(Vec<Json>, More), ClientError> {
        self.rows(&Path::of(noun), query, most)
    }

    /// The same of a list that belongs to one object: `requests`, `R-1042`, `tasks`.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn list_of(
        &self,
        [noun, id, part]: [&str; 3],
        query: &Query,
        most: usize,
    ) -> Result<(Vec<Json>, More), ClientError> {
        self.rows(&Path::of(noun).segment(id).segment(part), query, most)
    }

    fn rows(&self, path: &Path, query: &Query, most: usize) -> Result<(Vec<Json>, More), ClientError> {
        let mut rows = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let query = query.clone().with_some("cursor", cursor.take());
            let page: Page<Json> = self.get(&query.on(path.clone()))?;
            let empty = page.items.is_empty();
            rows.extend(page.items);
            if rows.len() >= most {
                let more = rows.len() > most || page.next.is_some();
                rows.truncate(most);
                return Ok((rows, if more { More::Yes } else { More::No }));
            }
            match page.next {
                Some(next) if !empty => cursor = Some(next),
                _ => return Ok((rows, More::No)),
            }
        }
    }

    /// One object by its id, as the server gives it.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn object(&self, noun: &str, id: &str) -> Result<Json, ClientError> {
        self.get(&Path::of(noun).segment(id))
    }

    /// One thing there is only one of: `organization`, `me`.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn single(&self, noun: &str) -> Result<Json, ClientError> {
        self.get(&Path::of(noun))
    }

    /// A task by its workload and name.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn task(&self, workload: &str, name: &str) -> Result<Json, ClientError> {
        self.get(&Path::of("tasks").segment(workload).segment(name))
    }

    /// Who could run a task, and through whom.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn who_could(&self, workload: &str, name: &str) -> Result<Json, ClientError> {
        self.get(&Path::of("tasks").segment(workload).segment(name).segment("who-could"))
    }
}

/// Whether a list was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum More {
    /// There are further rows.
    Yes,
    /// These are all.
    No,
}
