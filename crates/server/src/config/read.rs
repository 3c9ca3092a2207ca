//! From text to typed values, with the place of each.

use std::collections::BTreeMap;
use std::path::PathBuf;

use countersign_notify::PublicUrl;
use countersign_notify::smtp::Security;
use toml::de::{DeTable, DeValue};

use super::keys::{KEYS, Kind};
use super::suggest::nearest;
use super::{Config, ConfigFault, Runner, Smtp};
use crate::client_address::TrustedProxies;
use crate::listen::Tls;

/// A value as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Text(String),
    Number(i64),
    Flag(bool),
    List(Vec<String>),
}

/// Values by key, each with the place it comes from.
#[derive(Debug, Default)]
pub(super) struct Given(BTreeMap<&'static str, (Value, String)>);

fn fault(place: &str, message: impl Into<String>) -> ConfigFault {
    ConfigFault { place: place.to_owned(), message: message.into() }
}

/// Reads the file.
pub(super) fn file(name: &str, text: &str) -> Result<Given, ConfigFault> {
    let line = |at: usize| text.get(..at).map_or(1, |before| before.matches('\n').count() + 1);
    let place = |at: usize| format!("{name}:{}", line(at));
    let document = DeTable::parse(text)
        .map_err(|error| fault(&place(error.span().map_or(0, |span| span.start)), error.message().trim()))?;
    let mut given = Given::default();
    table(document.get_ref(), "", &place, &mut given)?;
    Ok(given)
}

fn table(
    table: &DeTable<'_>,
    above: &str,
    place: &dyn Fn(usize) -> String,
    given: &mut Given,
) -> Result<(), ConfigFault> {
    for (key, value) in table {
        let name = format!("{above}{}", key.get_ref());
        let (key_place, value_place) = (place(key.span().start), place(value.span().start));
        let is_table = KEYS.iter().any(|known| known.name.starts_with(&format!("{name}.")));
        match (value.get_ref(), KEYS.iter().find(|known| known.name == name)) {
            (DeValue::Table(inner), None) if is_table => {
                self::table(inner, &format!("{name}."), place, given)?;
            }
            (value, Some(known)) => {
                let value = typed(value, known.kind).ok_or_else(|| {
                    fault(&value_place, format!("`{name}` must be {}", kind_words(known.kind)))
                })?;
                given.0.insert(known.name, (value, key_place));
            }
            _ => return Err(unknown(&key_place, &name)),
        }
    }
    Ok(())
}

fn unknown(place: &str, name: &str) -> ConfigFault {
    let meant = nearest(name, KEYS.iter().map(|key| key.name));
    let meant = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
    fault(place, format!("there is no key `{}`{meant}", countersign_text::visible(name)))
}

fn typed(value: &DeValue<'_>, kind: Kind) -> Option<Value> {
    match kind {
        Kind::Text => Some(Value::Text(value.as_str()?.to_owned())),
        Kind::Flag => Some(Value::Flag(value.as_bool()?)),
        Kind::Number => {
            let integer = value.as_integer()?;
            i64::from_str_radix(&integer.as_str().replace('_', ""), integer.radix()).ok().map(Value::Number)
        }
        Kind::List => {
            let texts = value.as_array()?.iter().map(|item| item.get_ref().as_str().map(ToOwned::to_owned));
            texts.collect::<Option<Vec<_>>>().map(Value::List)
        }
    }
}

const fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "a string",
        Kind::Number => "a whole number",
        Kind::Flag => "true or false",
        Kind::List => "an array of strings",
    }
}

/// Overrides values by environment variables.
pub(super) fn environment(
    given: &mut Given,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<(), ConfigFault> {
    for key in KEYS {
        let variable = key.variable();
        let Some(text) = environment(&variable) else { continue };
        let value = match key.kind {
            Kind::Text => Some(Value::Text(text)),
            Kind::Number => text.parse().ok().map(Value::Number),
            Kind::Flag => text.parse().ok().map(Value::Flag),
            Kind::List => {
                let items = text.split(',').map(|item| item.trim().to_owned());
                Some(Value::List(items.filter(|item| !item.is_empty()).collect()))
            }
        };
        let value = value.ok_or_else(|| fault(&variable, format!("must be {}", kind_words(key.kind))))?;
        given.0.insert(key.name, (value, variable));
    }
    Ok(())
}

impl Given {
    /// A text, read as something; an empty one counts as not given.
    fn text<T, E: std::fmt::Display>(
        &self,
        key: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, ConfigFault> {
        match self.0.get(key) {
            Some((Value::Text(text), place)) if !text.is_empty() => {
                read(text).map(Some).map_err(|error| fault(place, format!("`{key}`: {error}")))
            }
            _ => Ok(None),
        }
    }

    fn path(&self, key: &str) -> Result<Option<PathBuf>, ConfigFault> {
        self.text(key, |text| Ok::<_, std::convert::Infallible>(PathBuf::from(text)))
    }

    fn plain(&self, key: &str) -> Result<Option<String>, ConfigFault> {
        self.text(key, |text| Ok::<_, std::convert::Infallible>(text.to_owned()))
    }

    fn place(&self, key: &str) -> String {
        self.0.get(key).map_or_else(String::new, |(_, place)| place.clone())
    }

    pub(super) fn into_config(self) -> Result<Config, ConfigFault> {
        let data_dir = self.path("data_dir")?.unwrap_or_else(|| PathBuf::from("/var/lib/countersign"));
        let listen = self.text("listen", |text| {
            text.parse().map_err(|_| "an address with its port, such as 127.0.0.1:8470")
        })?;
        let socket = self.path("runner.socket")?.unwrap_or_else(|| data_dir.join("runner.sock"));
        Ok(Config {
            listen: listen.unwrap_or_else(|| std::net::SocketAddr::from(([127, 0, 0, 1], 8470))),
            public_url: self.text("public_url", PublicUrl::parse)?,
            tls: self.tls()?,
            trusted_proxies: self.proxies()?,
            smtp: self.smtp()?,
            runner: Runner {
                socket,
                host_file: self.path("runner.host_file")?,
                spawn: !matches!(self.0.get("runner.spawn"), Some((Value::Flag(false), _))),
            },
            log: self.text("log.format", str::parse)?.unwrap_or_default(),
            data_dir,
        })
    }

    fn tls(&self) -> Result<Option<Tls>, ConfigFault> {
        match (self.path("tls.cert")?, self.path("tls.key")?) {
            (Some(certificate), Some(key)) => Ok(Some(Tls { certificate, key })),
            (None, None) => Ok(None),
            (Some(_), None) => Err(fault(&self.place("tls.cert"), "`tls.cert` needs `tls.key` beside it")),
            (None, Some(_)) => Err(fault(&self.place("tls.key"), "`tls.key` needs `tls.cert` beside it")),
        }
    }

    fn proxies(&self) -> Result<TrustedProxies, ConfigFault> {
        let Some((Value::List(networks), place)) = self.0.get("trusted_proxies") else {
            return Ok(TrustedProxies::default());
        };
        let networks = networks.iter().map(|text| {
            let wrong = |error| {
                fault(place, format!("`trusted_proxies`: `{}` is {error}", countersign_text::visible(text)))
            };
            text.parse().map_err(wrong)
        });
        Ok(TrustedProxies(networks.collect::<Result<_, _>>()?))
    }

    fn smtp(&self) -> Result<Option<Smtp>, ConfigFault> {
        let security = self.text("smtp.security", |text| match text {
            "starttls" => Ok(Security::StartTls),
            "tls" => Ok(Security::Tls),
            "none" => Ok(Security::None),
            _ => Err("`starttls`, `tls` or `none`"),
        })?;
        let port = match self.0.get("smtp.port") {
            Some((Value::Number(port), place)) => Some(
                u16::try_from(*port)
                    .ok()
                    .filter(|port| *port > 0)
                    .ok_or_else(|| fault(place, "`smtp.port` lies between 1 and 65535"))?,
            ),
            _ => None,
        };
        let Some(host) = self.plain("smtp.host")? else {
            let lonely = ["smtp.port", "smtp.security", "smtp.username", "smtp.password_file", "smtp.from"];
            return match lonely.iter().find(|key| self.0.contains_key(**key)) {
                Some(key) => Err(fault(&self.place(key), format!("`{key}` needs `smtp.host`"))),
                None => Ok(None),
            };
        };
        let from = self.plain("smtp.from")?;
        let from = from.ok_or_else(|| fault(&self.place("smtp.host"), "`smtp.host` needs `smtp.from`"))?;
        Ok(Some(Smtp {
            host,
            port,
            security: security.unwrap_or(Security::StartTls),
            username: self.plain("smtp.username")?,
            password_file: self.path("smtp.password_file")?,
            from,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, ConfigFault> {
        Config::parse("countersign.toml", text, |_| None)
    }

    #[test]
    fn nothing_given_is_a_server_on_loopback() {
        let config = parse("").unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8470");
        assert_eq!(config.runner.socket, PathBuf::from("/var/lib/countersign/runner.sock"));
        assert!(config.runner.spawn && config.tls.is_none() && config.smtp.is_none());
    }

    #[test]
    fn everything_given() {
        let text = r#"
            data_dir = "/srv/cs"
            listen = "[::]:443"
            public_url = "https://pam.contoso.example"
            trusted_proxies = ["10.0.0.0/8"]
            tls = { cert = "/c.pem", key = "/k.pem" }
            [smtp]
            host = "mail.contoso.example"
            port = 2_525
            security = "tls"
            from = "pam@contoso.example"
            [runner]
            spawn = false
            [log]
            format = "json"
        "#;
        let config = parse(text).unwrap();
        assert_eq!(config.smtp.as_ref().unwrap().port, Some(2525));
        assert_eq!(config.trusted_proxies.0.len(), 1);
        assert!(!config.runner.spawn);
        assert_eq!(config.log, crate::logs::Format::Json);
    }

    #[test]
    fn faults_name_the_line_and_what_was_meant() {
        for (text, expected) in [
            ("\nlistne = \"x\"", "countersign.toml:2: there is no key `listne`; did you mean `listen`?"),
            (
                "[smtp]\nhots = \"x\"",
                "countersign.toml:2: there is no key `smtp.hots`; did you mean `smtp.host`?",
            ),
            ("[colours]\nred = 1", "countersign.toml:1: there is no key `colours`"),
            ("listen = 8470", "countersign.toml:1: `listen` must be a string"),
            (
                "listen = \"8470\"",
                "countersign.toml:1: `listen`: an address with its port, such as 127.0.0.1:8470",
            ),
            ("tls.cert = \"/c\"", "countersign.toml:1: `tls.cert` needs `tls.key` beside it"),
            ("smtp.port = 25", "countersign.toml:1: `smtp.port` needs `smtp.host`"),
            ("smtp.host = \"m\"", "countersign.toml:1: `smtp.host` needs `smtp.from`"),
            (
                "trusted_proxies = [\"proxy\"]",
                "countersign.toml:1: `trusted_proxies`: `proxy` is not an address or network such as 10.0.0.0/8",
            ),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), expected);
        }
        let duplicate = parse("listen = \"a\"\nlisten = \"b\"").unwrap_err();
        assert!(
            duplicate.place == "countersign.toml:2" || duplicate.place == "countersign.toml:1",
            "{duplicate}"
        );
    }

    #[test]
    fn the_environment_overrides_each_key() {
        let environment = |name: &str| match name {
            "COUNTERSIGN_LISTEN" => Some("127.0.0.1:9".to_owned()),
            "COUNTERSIGN_TRUSTED_PROXIES" => Some("10.0.0.1, 10.0.0.2".to_owned()),
            "COUNTERSIGN_RUNNER_SPAWN" => Some("false".to_owned()),
            _ => None,
        };
        let config = Config::parse("c", "listen = \"127.0.0.1:8\"", environment).unwrap();
        assert_eq!(config.listen.port(), 9);
        assert_eq!(config.trusted_proxies.0.len(), 2);
        assert!(!config.runner.spawn);
        let bad = |name: &str| (name == "COUNTERSIGN_SMTP_PORT").then(|| "many".to_owned());
        let error = Config::parse("c", "", bad).unwrap_err();
        assert_eq!(error.to_string(), "COUNTERSIGN_SMTP_PORT: must be a whole number");
    }
}
