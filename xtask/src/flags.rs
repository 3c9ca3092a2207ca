//! The few flags that developer commands take.

use anyhow::{Context, Result, bail};

/// Arguments not yet understood.
pub(crate) struct Flags<'a> {
    rest: Vec<&'a str>,
}

impl<'a> Flags<'a> {
    pub(crate) fn new(args: &'a [String]) -> Self {
        Self { rest: args.iter().map(String::as_str).collect() }
    }

    /// Takes a flag that stands alone.
    pub(crate) fn has(&mut self, name: &str) -> bool {
        let before = self.rest.len();
        self.rest.retain(|arg| *arg != name);
        self.rest.len() < before
    }

    /// Takes a flag and the whole number after it.
    pub(crate) fn number(&mut self, name: &str) -> Result<Option<u64>> {
        let Some(at) = self.rest.iter().position(|arg| *arg == name) else { return Ok(None) };
        let value = self.rest.get(at + 1).with_context(|| format!("{name} needs a number after it"))?;
        let number = value.parse().with_context(|| format!("{name} needs a whole number, not `{value}`"))?;
        self.rest.drain(at..at + 2);
        Ok(Some(number))
    }

    /// Refuses what no one took.
    pub(crate) fn done(self) -> Result<()> {
        if let Some(arg) = self.rest.first() {
            bail!("don't know `{arg}`; `cargo xtask help` lists what there is");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(words: &str) -> Vec<String> {
        words.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn known_flags_are_taken_and_unknown_ones_refused() {
        let given = args("--quick --minutes 5");
        let mut flags = Flags::new(&given);
        assert!(flags.has("--quick"));
        assert!(!flags.has("--quick"));
        assert_eq!(flags.number("--minutes").unwrap(), Some(5));
        flags.done().unwrap();

        assert!(Flags::new(&args("--quik")).done().is_err());
        assert!(Flags::new(&args("--minutes")).number("--minutes").is_err());
        assert!(Flags::new(&args("--minutes five")).number("--minutes").is_err());
    }
}
