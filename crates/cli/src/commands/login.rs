//! `countersign login`

use countersign_client::sessions::SignIn;
use serde_json::json;

use crate::app::App;
use crate::fault::Outcome;
use crate::profile::Profile;
use crate::terminal;

#[derive(Debug, clap::Args)]
pub(crate) struct Login {
    /// The sign-in name
    upn: Option<String>,
    /// Read the password from standard input, one line
    #[arg(long)]
    password_stdin: bool,
    /// A code of the second factor, or a recovery code
    #[arg(long, value_name = "CODE", env = "COUNTERSIGN_CODE", hide_env_values = true)]
    code: Option<String>,
}

impl Login {
    pub(crate) fn run(self, app: &App) -> Outcome {
        let mut client = app.anonymous()?;
        let before = app.profile()?.map(|profile| profile.upn);
        let upn = match (self.upn, before) {
            (Some(upn), _) => upn,
            (None, Some(before)) => terminal::ask_or("Sign-in name", &before)?,
            (None, None) => terminal::ask("Sign-in name")?,
        };
        let password = if self.password_stdin {
            terminal::secret_from_stdin()?
        } else {
            terminal::ask_secret("Password")?
        };
        let sign_in = SignIn { upn: &upn, password: password.reveal(), code: self.code.as_deref() };
        let mut signed_in = client.sign_in(&sign_in)?;
        client.sign_in_with(signed_in.session.clone());
        if signed_in.second_factor_enrolled && !signed_in.second_factor && app.ui.interactive() {
            let code = terminal::ask("Code of the second factor")?;
            signed_in = client.step_up(code.trim())?;
        }
        let profile = Profile {
            url: client.base().to_string(),
            session: signed_in.session.reveal().to_owned(),
            upn: upn.clone(),
            expires: signed_in.expires.clone(),
            ca_file: app.global.ca_file.clone(),
        };
        profile.save(&app.global.profile)?;
        let how = if signed_in.second_factor { "with" } else { "without" };
        let until = signed_in.expires.as_deref().and_then(crate::ui::instant);
        let until = until.map(|until| format!(", until {until}")).unwrap_or_default();
        let json = json!({
            "person": signed_in.person, "upn": upn, "url": profile.url, "expires": signed_in.expires,
            "second_factor": signed_in.second_factor, "second_factor_enrolled": signed_in.second_factor_enrolled,
        });
        app.ui.done(&format!("Signed in to {} as {upn}, {how} a second factor{until}.", profile.url), &json);
        if !signed_in.second_factor_enrolled {
            app.ui.hint(Some("without a second factor you cannot approve: countersign second-factor enroll"));
        } else if !signed_in.second_factor {
            app.ui.hint(Some("countersign second-factor show --code <code>"));
        }
        Ok(())
    }
}
