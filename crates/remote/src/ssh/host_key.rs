//! What a host may show to prove who it is: lines of known_hosts(5).

use russh::keys::ssh_key::certificate::CertType;
use russh::keys::{Algorithm, Certificate, EcdsaCurve, HashAlg, PublicKey, PublicKeyOrCertificate};
use serde::Deserialize;

/// One line of `host_keys`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct HostKey {
    kind: Kind,
    /// The patterns before the key; empty where there are none.
    names: Vec<String>,
    key: PublicKey,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// This key and no other.
    Pinned,
    /// Certificates that this key has signed (`@cert-authority`).
    Authority,
    /// Never this key, not in a certificate either (`@revoked`).
    Revoked,
}

impl HostKey {
    /// Whether it may say who that host is.
    pub(super) fn speaks_for(&self, host: &str) -> bool {
        self.kind != Kind::Authority || self.names.iter().any(|pattern| matches(pattern, host))
    }

    pub(super) fn names(&self) -> String {
        self.names.join(",")
    }
}

impl TryFrom<String> for HostKey {
    type Error = String;

    fn try_from(line: String) -> Result<Self, String> {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        let kind = match words.first() {
            Some(&"@cert-authority") => Kind::Authority,
            Some(&"@revoked") => Kind::Revoked,
            Some(word) if word.starts_with(['@', '#']) => {
                return Err(format!("{word} is no marker of a host key"));
            }
            _ => Kind::Pinned,
        };
        if kind != Kind::Pinned {
            words.remove(0);
        }
        // With or without the names that stand before it in known_hosts.
        let found = words.windows(2).take(2).enumerate().find_map(|(at, pair)| match pair {
            [kind, key] => Some((at, format!("{kind} {key}").parse::<PublicKey>().ok()?)),
            _ => None,
        });
        let (at, key) = found.ok_or_else(|| "not a host key, such as `ssh-ed25519 AAAA…`".to_owned())?;
        if key.algorithm().is_rsa() {
            return Err("RSA host keys are not supported: pin the host's Ed25519 or ECDSA key".to_owned());
        }
        let names = words.first().filter(|_| at == 1).map_or("", |names| *names);
        let names: Vec<String> =
            names.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        if kind == Kind::Authority
            && (names.is_empty() || names.iter().any(|name| name.starts_with(['!', '|'])))
        {
            return Err(
                "an authority's line says for which hosts, as `@cert-authority *.example …`".to_owned()
            );
        }
        Ok(Self { kind, names, key })
    }
}

/// The algorithms to ask the host for: of plain keys, and of keys in certificates.
pub(super) fn algorithms(keys: &[HostKey]) -> (Vec<Algorithm>, Vec<Algorithm>) {
    let of = |kind| keys.iter().filter(move |key| key.kind == kind);
    let plain = of(Kind::Pinned).map(|key| key.key.algorithm()).collect();
    let ecdsa = [EcdsaCurve::NistP256, EcdsaCurve::NistP384, EcdsaCurve::NistP521];
    let any = ecdsa.into_iter().map(|curve| Algorithm::Ecdsa { curve });
    let certified = if of(Kind::Authority).next().is_some() {
        std::iter::once(Algorithm::Ed25519).chain(any).collect()
    } else {
        Vec::new()
    };
    (plain, certified)
}

/// Whether what a host shows proves that it is `host`, at `now` in seconds since 1970.
///
/// # Errors
/// Why not, for people.
pub(super) fn judge(
    keys: &[HostKey],
    host: &str,
    shown: &PublicKeyOrCertificate,
    now: u64,
) -> Result<(), String> {
    let print = shown.public_key().fingerprint(HashAlg::Sha256);
    let same = |one: &HostKey, other: &PublicKey| one.key.key_data() == other.key_data();
    let revoked = |key: &PublicKey| keys.iter().any(|known| known.kind == Kind::Revoked && same(known, key));
    if revoked(&shown.public_key()) {
        return Err(format!("the host shows the key {print}, which is revoked"));
    }
    match shown {
        PublicKeyOrCertificate::PublicKey { key, .. } => {
            let pinned = keys.iter().any(|known| known.kind == Kind::Pinned && same(known, key));
            if pinned { Ok(()) } else { Err(format!("the host shows the key {print}, which is not pinned")) }
        }
        PublicKeyOrCertificate::Certificate(certificate) => {
            let authority = PublicKey::new(certificate.signature_key().clone(), "");
            let trusted = keys.iter().any(|known| known.kind == Kind::Authority && same(known, &authority));
            if !trusted || revoked(&authority) {
                let signer = authority.fingerprint(HashAlg::Sha256);
                return Err(format!("the host shows a certificate of {signer}, which is not trusted"));
            }
            certified(certificate, host, now)
        }
    }
}

/// A certificate whose signer is trusted.
fn certified(certificate: &Certificate, host: &str, now: u64) -> Result<(), String> {
    let signer = certificate.signature_key().fingerprint(HashAlg::Sha256);
    if certificate.validate_at(now, [&signer]).is_err() {
        return Err("the host's certificate is not valid now, or was not signed by whom it names".to_owned());
    }
    if certificate.cert_type() != CertType::Host {
        return Err("the host shows a certificate that is not a host's".to_owned());
    }
    // None is known for hosts (PROTOCOL.certkeys), and one that is not understood forbids.
    if !certificate.critical_options().is_empty() {
        return Err("the host's certificate has conditions that are not known".to_owned());
    }
    // An empty list would be good for every host.
    if !certificate.valid_principals().iter().any(|name| matches(name, host)) {
        let names = countersign_text::visible(&certificate.valid_principals().join(", "));
        return Err(format!("the host's certificate is for {names:?}, not for {host}"));
    }
    Ok(())
}

/// `*` is any text and `?` any character, as in known_hosts(5); letters' case does not count.
fn matches(pattern: &str, name: &str) -> bool {
    let name: Vec<char> = name.to_ascii_lowercase().chars().collect();
    // Which beginnings of the name the pattern's beginning fits.
    let mut fits: Vec<bool> = std::iter::once(true).chain(name.iter().map(|_| false)).collect();
    for part in pattern.to_ascii_lowercase().chars() {
        let (mut before, mut any) = (false, false);
        let ends = std::iter::once(None).chain(name.iter().map(Some));
        let next = fits.iter().zip(ends).map(|(here, end)| {
            let shorter = std::mem::replace(&mut before, *here);
            any |= here;
            if part == '*' { any } else { shorter && end.is_some_and(|c| part == '?' || *c == part) }
        });
        fits = next.collect();
    }
    fits.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use russh::keys::PrivateKey;
    use russh::keys::key::safe_rng;
    use russh::keys::ssh_key::certificate::Builder;

    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFETmVZjrLIkK1hWkvWq+98mzyOsYbE6SGWkeSNq/Rlw";

    fn read(line: impl Into<String>) -> Result<HostKey, String> {
        HostKey::try_from(line.into())
    }

    #[test]
    fn a_host_key_is_read_with_and_without_names() {
        let bare = read(KEY).expect("bare");
        let named = read(format!("web1,192.0.2.7 {KEY} a comment")).expect("known_hosts");
        assert_eq!((bare.key.key_data(), named.names()), (named.key.key_data(), "web1,192.0.2.7".to_owned()));
        assert_eq!(read(format!("{KEY} a comment")).expect("pub").key.key_data(), bare.key.key_data());
        assert_eq!(read(format!("@revoked * {KEY}")).expect("revoked").kind, Kind::Revoked);
        assert_eq!(read(format!("@cert-authority *.x {KEY}")).expect("authority").kind, Kind::Authority);
        for bad in [
            "",
            "web1",
            "ssh-ed25519 AAAA",
            &format!("# {KEY}"),
            &format!("@other * {KEY}"),
            &format!("@cert-authority {KEY}"),
            &format!("@cert-authority !x,* {KEY}"),
            &format!("@cert-authority |1|abc= {KEY}"),
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn patterns_are_those_of_known_hosts() {
        for (pattern, name, fits) in [
            ("web1", "WEB1", true),
            ("web1", "web12", false),
            ("*", "", true),
            ("*.contoso.example", "web1.contoso.example", true),
            ("*.contoso.example", "contoso.example", false),
            ("web?.x", "web1.x", true),
            ("web?.x", "web.x", false),
            ("*a*a*", "aa", true),
            ("*a*a*", "a", false),
            ("", "x", false),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
        let many = "*a".repeat(200);
        assert!(!matches(&many, &"a".repeat(199)), "and it takes no time");
    }

    #[test]
    fn s1_a_certificate_is_believed_for_its_host_while_it_lasts() {
        let new = || PrivateKey::random(&mut safe_rng(), Algorithm::Ed25519).expect("key");
        let (authority, host, stranger) = (new(), new(), new());
        let line = |key: &PrivateKey| key.public_key().to_openssh().expect("line");
        let trusted = [read(format!("@cert-authority * {}", line(&authority))).expect("line")];
        let made = |by: &PrivateKey, kind, principals: &[&str], option: Option<&str>| {
            let subject = host.public_key().clone();
            let mut builder =
                Builder::new_with_random_nonce(&mut safe_rng(), subject, 100, 200).expect("new");
            builder.cert_type(kind).expect("kind");
            builder.all_principals_valid().expect("principals");
            for name in principals {
                builder.valid_principal(*name).expect("principal");
            }
            if let Some(option) = option {
                builder.critical_option(option, "x").expect("option");
            }
            PublicKeyOrCertificate::Certificate(builder.sign(by).expect("signed"))
        };
        let good = made(&authority, CertType::Host, &["db1", "web1.x"], None);
        assert_eq!(judge(&trusted, "WEB1.x", &good, 150), Ok(()));
        let refused = |keys: &[HostKey], shown: &PublicKeyOrCertificate, now, why: &str| {
            let said = judge(keys, "web1.x", shown, now).expect_err(why);
            assert!(said.contains(why), "{said}");
        };
        refused(&trusted, &good, 99, "not valid now");
        refused(&trusted, &good, 200, "not valid now");
        let other = made(&stranger, CertType::Host, &["web1.x"], None);
        refused(&trusted, &other, 150, "not trusted");
        refused(&trusted, &made(&authority, CertType::User, &["web1.x"], None), 150, "not a host's");
        refused(&trusted, &made(&authority, CertType::Host, &["web2.x"], None), 150, "not for web1.x");
        refused(&trusted, &made(&authority, CertType::Host, &[], None), 150, "not for web1.x");
        let conditional = made(&authority, CertType::Host, &["web1.x"], Some("only-on-sundays"));
        refused(&trusted, &conditional, 150, "conditions");
        // An authority's key is no host's key, a pinned key no authority, and revoked is revoked in every place.
        let plain = PublicKeyOrCertificate::from(authority.public_key().clone());
        refused(&trusted, &plain, 150, "not pinned");
        refused(&[read(line(&authority)).expect("line")], &good, 150, "not trusted");
        for key in [&host, &authority] {
            let revoked = read(format!("@revoked * {}", line(key))).expect("line");
            let why = if std::ptr::eq(key, &raw const host) { "revoked" } else { "not trusted" };
            refused(&[trusted[0].clone(), revoked], &good, 150, why);
        }
    }
}
