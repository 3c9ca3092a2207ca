//! Figures in Prometheus' text format (version 0.0.4).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use axum::http::{Method, StatusCode};
use countersign_core::state::State;
use countersign_core::time::Span;
use countersign_engine::{Health, RunnerState};

/// What was answered so far, by method, route and status.
#[derive(Debug, Default)]
pub(crate) struct Metrics(Mutex<BTreeMap<(String, String, u16), Answered>>);

#[derive(Debug, Default, Clone, Copy)]
struct Answered {
    count: u64,
    micros: u64,
}

impl Metrics {
    /// Counts an answer. Paths that no route has are counted together.
    pub(crate) fn answered(&self, method: &Method, route: &str, status: StatusCode, took: Span) {
        let method = match method.as_str() {
            known @ ("GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "PATCH" | "OPTIONS") => known,
            _ => "other",
        };
        let key = (method.to_owned(), route.to_owned(), status.as_u16());
        let mut answered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answered = answered.entry(key).or_default();
        answered.count += 1;
        answered.micros = answered.micros.saturating_add(took.as_micros());
    }

    /// The page that Prometheus reads.
    pub(crate) fn text(&self, state: &State, health: &Health) -> String {
        let mut out = String::new();
        self.requests(&mut out);
        let connected = matches!(health.runner, RunnerState::Connected { .. });
        let figures: [(&str, &str, u64); 12] = [
            ("countersign_ledger_entries", "Entries in the ledger.", health.size),
            ("countersign_writing", "Whether commands are taken.", health.writing.into()),
            (
                "countersign_restored_copy",
                "Whether the ledger is a restored copy that waits to be accepted.",
                health.restored.into(),
            ),
            ("countersign_clock_suspect", "Whether the clock is suspect.", health.clock_suspect.into()),
            ("countersign_runner_connected", "Whether the runner is connected.", connected.into()),
            ("countersign_requests_pending", "Requests that wait.", length(state.requests.len())),
            (
                "countersign_authorizations_live",
                "Authorizations that live.",
                length(state.authorizations.len()),
            ),
            ("countersign_executions_open", "Executions running or unknown.", length(state.executions.len())),
            ("countersign_disk_free_bytes", "Bytes free in the data directory.", health.disk.free),
            ("countersign_output_bytes", "Bytes that kept outputs take.", health.disk.outputs),
            ("countersign_mail_waiting", "Messages that wait.", health.outbox.waiting),
            ("countersign_mail_stuck", "Whether messages have waited long.", health.outbox.stuck.into()),
        ];
        for (name, help, value) in figures {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
        }
        out
    }

    fn requests(&self, out: &mut String) {
        let answered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = "countersign_http_requests_total";
        let _ = writeln!(out, "# HELP {name} Requests answered.\n# TYPE {name} counter");
        for ((method, route, status), answered) in &*answered {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            let _ = writeln!(out, "{name}{{{labels}}} {}", answered.count);
        }
        let name = "countersign_http_seconds_total";
        let _ = writeln!(out, "# HELP {name} Time until answers began.\n# TYPE {name} counter");
        for ((method, route, status), answered) in &*answered {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            let (whole, rest) = (answered.micros / 1_000_000, answered.micros % 1_000_000);
            let _ = writeln!(out, "{name}{{{labels}}} {whole}.{rest:06}");
        }
    }
}

fn length(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
