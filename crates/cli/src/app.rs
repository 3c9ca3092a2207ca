//! What every command has at hand.

use std::path::PathBuf;
use std::sync::Once;

use countersign_client::{BaseUrl, Client, Options, Secret};

use crate::fault::{Fault, Outcome};
use crate::profile::{DEFAULT_URL, Profile};
use crate::ui::{Format, Ui};

/// Options that every command takes.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Global {
    /// The server's address; `http` on loopback only
    #[arg(long, global = true, env = "COUNTERSIGN_URL", value_name = "URL", help_heading = "Server")]
    pub(crate) url: Option<String>,
    /// Which sign-in to use
    #[arg(
        long,
        global = true,
        env = "COUNTERSIGN_PROFILE",
        default_value = "default",
        value_name = "NAME",
        help_heading = "Server"
    )]
    pub(crate) profile: String,
    /// Trust the certificates of this file (PEM) instead of the system's
    #[arg(long, global = true, env = "COUNTERSIGN_CA_FILE", value_name = "FILE", help_heading = "Server")]
    pub(crate) ca_file: Option<PathBuf>,
    /// The form of data on standard output
    #[arg(long, global = true, env = "COUNTERSIGN_OUTPUT", value_enum, default_value_t, value_name = "FORM")]
    pub(crate) output: Format,
}

/// The command's surroundings.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) ui: Ui,
    pub(crate) global: Global,
}

impl App {
    pub(crate) fn new(global: Global) -> Self {
        Self { ui: Ui { format: global.output }, global }
    }

    /// The signed-in person's sign-in, if there is one.
    pub(crate) fn profile(&self) -> Outcome<Option<Profile>> {
        Profile::load(&self.global.profile)
    }

    /// The server's address: the option, the environment, the sign-in's, or loopback.
    pub(crate) fn base(&self, profile: Option<&Profile>) -> Outcome<BaseUrl> {
        let own = profile.map(|profile| profile.url.as_str());
        let url = self.global.url.as_deref().or(own).unwrap_or(DEFAULT_URL);
        url.parse().map_err(|error| Fault::usage(format!("{error}.")))
    }

    /// A client that speaks for nobody.
    pub(crate) fn anonymous(&self) -> Outcome<Client> {
        let profile = self.profile()?;
        self.make(self.base(profile.as_ref())?, profile.as_ref(), None)
    }

    /// A client that speaks for the person or token at hand.
    pub(crate) fn client(&self) -> Outcome<Client> {
        let profile = self.profile()?;
        let base = self.base(profile.as_ref())?;
        let credential = match std::env::var("COUNTERSIGN_TOKEN") {
            Ok(token) if !token.is_empty() => Secret::new(token),
            // A session is shown to the server that it is of, and to no other.
            _ => match &profile {
                Some(profile) if profile.url == base.to_string() => Secret::new(profile.session.clone()),
                Some(profile) => {
                    let text =
                        format!("The sign-in `{}` is for {}, not {base}.", self.global.profile, profile.url);
                    return Err(
                        Fault::failed(text).hint(format!("countersign --url {base} login <sign-in name>"))
                    );
                }
                None => return Err(Fault::not_signed_in()),
            },
        };
        self.make(base, profile.as_ref(), Some(credential))
    }

    /// Keeps the session that took the place of the profile's. A token's has none.
    pub(crate) fn renewed(&self, client: &mut Client, session: Secret) -> Outcome {
        if let Some(mut profile) = self.profile()?.filter(|profile| profile.url == client.base().to_string())
        {
            session.reveal().clone_into(&mut profile.session);
            profile.save(&self.global.profile)?;
        }
        client.sign_in_with(session);
        Ok(())
    }

    fn make(&self, base: BaseUrl, profile: Option<&Profile>, credential: Option<Secret>) -> Outcome<Client> {
        let ca_file =
            self.global.ca_file.clone().or_else(|| profile.and_then(|profile| profile.ca_file.clone()));
        Ok(Client::new(base, Options { ca_file, credential, on_read_only: Some(read_only) })?)
    }
}

/// Said once, whatever is asked for.
fn read_only() {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        Ui::default().note(
            "The server's ledger is a restored copy: it is only read until two default approvers (countersign ledger \
             vouch-restore) or the host's administrator (countersign ledger accept-restore) accept it.",
        );
    });
}
