//! `countersign logout`

use serde_json::json;

use crate::app::App;
use crate::fault::{Fault, Outcome};
use crate::profile::Profile;

pub(super) fn run(app: &App) -> Outcome {
    let Some(profile) = app.profile()? else { return Err(Fault::not_signed_in()) };
    let ended = app.client().and_then(|client| Ok(client.sign_out()?));
    // Forgotten here even if the server could not be told; it forgets by itself in time.
    Profile::forget(&app.global.profile)?;
    match ended {
        Err(fault) if fault.exit() != crate::exit::Exit::NotSignedIn => {
            app.ui.note("The sign-in is forgotten here, but the server was not told:");
            Err(fault)
        }
        _ => {
            app.ui.done(&format!("{} is signed out.", profile.upn), &json!({ "upn": profile.upn }));
            Ok(())
        }
    }
}
