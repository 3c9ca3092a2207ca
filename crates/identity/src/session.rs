//! Sessions of signed-in people: how long they live, their cookie, and their defence against
//! requests forged by other sites.

mod cookie;
mod csrf;

use serde::{Deserialize, Serialize};

use crate::{HOUR, MINUTE, SECOND, UnixMicros};

pub use cookie::{Cookie, CookieFault, Transport};
pub use csrf::CsrfToken;

/// How far a session may seem to lie in the future before it is refused; the clock may step back
/// a second (G16).
const CLOCK_SLACK: UnixMicros = SECOND;

/// How long sessions live, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Without any use.
    pub idle: UnixMicros,
    /// In all, whatever the use.
    pub absolute: UnixMicros,
}

/// One signed-in session. It is stored under the hash of its token; `credentials` is whatever
/// number the caller raises when the person's password, second factor or standing changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    pub person: String,
    pub created_at: UnixMicros,
    pub last_seen: UnixMicros,
    /// When a second factor was last shown in this session.
    pub second_factor_at: Option<UnixMicros>,
    pub credentials: u64,
}

/// Whether a session still opens anything.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Live,
    /// Unused for too long.
    Idle,
    /// Past its absolute end.
    Over,
    /// The person's credentials changed since sign-in.
    Superseded,
    /// It claims to be made or used later than now.
    Future,
}

impl Default for Limits {
    fn default() -> Self {
        Self { idle: 30 * MINUTE, absolute: 12 * HOUR }
    }
}

impl Session {
    /// A new session; sign-in always makes one, so that an id known before sign-in is worth nothing.
    #[must_use]
    pub const fn new(person: String, credentials: u64, now: UnixMicros) -> Self {
        Self { person, created_at: now, last_seen: now, second_factor_at: None, credentials }
    }

    /// Judges the session; `credentials` is the person's number now.
    pub const fn standing(&self, limits: Limits, credentials: u64, now: UnixMicros) -> Standing {
        if self.credentials != credentials {
            return Standing::Superseded;
        }
        let latest = now.saturating_add(CLOCK_SLACK);
        if self.created_at > latest || self.last_seen > latest || self.last_seen < self.created_at {
            return Standing::Future;
        }
        if now >= self.created_at.saturating_add(limits.absolute) {
            return Standing::Over;
        }
        if now >= self.last_seen.saturating_add(limits.idle) { Standing::Idle } else { Standing::Live }
    }

    /// Records a use.
    pub fn touch(&mut self, now: UnixMicros) {
        self.last_seen = self.last_seen.max(now);
    }

    /// Records a second factor. The caller also gives the session a new token: privileges rose.
    pub const fn second_factor_shown(&mut self, now: UnixMicros) {
        self.second_factor_at = Some(now);
    }

    /// Whether a second factor was shown at most `within` microseconds ago.
    #[must_use]
    pub fn second_factor_fresh(&self, within: UnixMicros, now: UnixMicros) -> bool {
        self.second_factor_at
            .is_some_and(|at| at <= now.saturating_add(CLOCK_SLACK) && now.saturating_sub(at) <= within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> Session {
        Session::new("p1".into(), 7, 1000 * SECOND)
    }

    #[test]
    fn standing_by_time() {
        let limits = Limits::default();
        let start = 1000 * SECOND;
        for (seen, now, expected) in [
            (start, start, Standing::Live),
            (start, start + 30 * MINUTE - 1, Standing::Live),
            (start, start + 30 * MINUTE, Standing::Idle),
            (start + 11 * HOUR + 45 * MINUTE, start + 12 * HOUR - 1, Standing::Live),
            (start + 11 * HOUR + 45 * MINUTE, start + 12 * HOUR, Standing::Over),
            (start, start - SECOND, Standing::Live),
            (start, start - 2 * SECOND, Standing::Future),
            (start + HOUR, start + MINUTE, Standing::Future),
            (start, i64::MAX, Standing::Over),
            (start, i64::MIN, Standing::Future),
        ] {
            let mut session = session();
            session.touch(seen);
            assert_eq!(session.standing(limits, 7, now), expected, "{seen} {now}");
        }
    }

    #[test]
    fn no_session_survives_a_change_of_credentials() {
        let session = session();
        assert_eq!(session.standing(Limits::default(), 8, session.created_at), Standing::Superseded);
        assert_eq!(session.standing(Limits::default(), 6, session.created_at), Standing::Superseded);
    }

    #[test]
    fn second_factor_grows_stale() {
        let mut session = session();
        let start = session.created_at;
        assert!(!session.second_factor_fresh(HOUR, start));
        session.second_factor_shown(start);
        assert!(session.second_factor_fresh(5 * MINUTE, start + 5 * MINUTE));
        assert!(!session.second_factor_fresh(5 * MINUTE, start + 5 * MINUTE + 1));
        assert!(!session.second_factor_fresh(HOUR, start - 2 * SECOND));
    }

    #[test]
    fn touch_never_goes_back() {
        let mut session = session();
        session.touch(0);
        assert_eq!(session.last_seen, session.created_at);
    }

    #[test]
    fn stored_form_is_strict() {
        let json = serde_json::to_string(&session()).unwrap();
        assert_eq!(serde_json::from_str::<Session>(&json).unwrap(), session());
        for bad in [
            json.replace("\"p1\"", "null"),
            json.replace("\"person\"", "\"Person\""),
            json.replace("7", "\"7\""),
            json.replace("\"credentials\":7", "\"credentials\":-1"),
            json.replace("}", ",\"x\":1}"),
        ] {
            assert!(serde_json::from_str::<Session>(&bad).is_err(), "{bad}");
        }
    }
}
