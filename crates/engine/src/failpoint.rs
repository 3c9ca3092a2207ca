//! Named steps at which a test kills the process, as `kill -9` would.

/// Aborts if `COUNTERSIGN_FAILPOINT` names this step. Nothing at all in ordinary builds.
#[cfg(feature = "failpoints")]
pub(crate) fn hit(step: &str) {
    if std::env::var("COUNTERSIGN_FAILPOINT").is_ok_and(|wanted| wanted == step) {
        std::process::abort();
    }
}

/// Nothing in ordinary builds.
#[cfg(not(feature = "failpoints"))]
pub(crate) const fn hit(_step: &str) {}
