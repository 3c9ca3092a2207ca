//! The server of `server.mjs`, and services that lead to it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use countersign_remote::{CredentialReference, HttpTarget, Targets};
use countersign_runspace::{Runspace, TargetName};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{executor, fixture, place, wait_for};

/// A server that stops when this is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<Value>>>,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_for(None)
    }

    /// One that wants a certificate of the clients' authority.
    pub(crate) fn start_for(clients: Option<&str>) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/http/server.mjs");
        let mut command = Command::new("node");
        command.arg(script).arg(fixture("server.key")).arg(fixture("server.pem")).args(clients.map(fixture));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("node");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.next().unwrap().unwrap().parse().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&seen);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                all.lock().unwrap().push(serde_json::from_str(&line).unwrap());
            }
        });
        Self { child, port, seen }
    }

    /// The requests since the last time, up to now.
    pub(crate) fn take(&self) -> Vec<Value> {
        self.child.stdin.as_ref().unwrap().write_all(b"m").unwrap();
        wait_for("the server's word", || self.seen.lock().unwrap().last().is_some_and(|last| last == "mark"));
        let mut seen = std::mem::take(&mut *self.seen.lock().unwrap());
        seen.retain(|seen| seen != "mark");
        seen
    }

    pub(crate) fn has_seen(&self, segment: &str) -> bool {
        self.seen.lock().unwrap().iter().any(|seen| seen["segments"][0] == segment)
    }

    pub(crate) fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// A target at a port that leads here somehow.
    pub(crate) fn target_at(port: u16, more: Value) -> HttpTarget {
        let mut target = json!({"url": format!("https://localhost:{port}"), "ca": fixture("ca.pem"),
            "addresses": ["127.0.0.1", "::1"], "methods": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]});
        target.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(target).unwrap()
    }

    pub(crate) fn target(&self, more: Value) -> HttpTarget {
        Self::target_at(self.port, more)
    }

    pub(crate) fn runspace(&self) -> Box<dyn Runspace> {
        runspace(self.target(json!({})), &Secrets::new())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Credentials in files, by their names.
pub(crate) struct Secrets {
    pub(crate) place: TempDir,
    all: Vec<(TargetName, CredentialReference)>,
}

impl Secrets {
    pub(crate) fn new() -> Self {
        Self { place: place(), all: Vec::new() }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.all.push(crate::support::credential(self.place.path(), name, value));
        self
    }

    pub(crate) fn at(mut self, name: &str, at: Value) -> Self {
        self.all.push((name.parse().unwrap(), serde_json::from_value(at).unwrap()));
        self
    }

    pub(crate) fn targets(&self, target: HttpTarget) -> Targets {
        let http = [("api".parse().unwrap(), target)].into();
        Targets { credentials: self.all.iter().cloned().collect(), http, ..Targets::default() }
    }
}

pub(crate) fn runspace(target: HttpTarget, secrets: &Secrets) -> Box<dyn Runspace> {
    executor("http", secrets.targets(target))
}
