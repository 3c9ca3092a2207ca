//! Keys that make a repeated request the same request.

use crate::error::ClientError;

/// 128 random bits in hexadecimal, for the header `Idempotency-Key`.
pub(crate) fn fresh() -> Result<String, ClientError> {
    let mut bytes = [0_u8; 16];
    #[expect(clippy::disallowed_methods, reason = "the client's one place that draws randomness")]
    getrandom::fill(&mut bytes).map_err(|error| ClientError::Randomness(error.to_string()))?;
    Ok(hex::encode(bytes))
}
