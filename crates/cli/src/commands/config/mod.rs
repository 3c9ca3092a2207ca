//! The server's configuration file.

use countersign_server::config::KEYS;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::fault::Outcome;
use crate::host::settings::ConfigArgs;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Read the configuration as the server would, and say what is wrong
    Check(ConfigArgs),
    /// List every key: its default, its environment variable, what it means
    Show,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        match self {
            Self::Check(args) => check(app, &args),
            Self::Show => {
                show(app);
                Ok(())
            }
        }
    }
}

fn check(app: &App, args: &ConfigArgs) -> Outcome {
    let config = args.load()?;
    let file = args.path().map_or_else(|| "no file".to_owned(), |file| file.display().to_string());
    let json = json!({
        "file": file, "data_dir": config.data_dir, "listen": config.listen.to_string(),
        "public_url": config.public_url.as_ref().map(ToString::to_string),
        "tls": config.tls.is_some(), "mail": config.smtp.as_ref().map(|smtp| smtp.host.clone()),
        "runner_socket": config.runner.socket, "runner_spawn": config.runner.spawn,
    });
    app.ui.object(&json);
    Ok(())
}

fn show(app: &App) {
    let rows: Vec<Json> = KEYS
        .iter()
        .map(|key| json!({ "key": key.name, "default": key.default, "variable": key.variable(), "what": key.what }))
        .collect();
    app.ui.rows(
        &[("Key", "key"), ("Default", "default"), ("Environment", "variable"), ("What", "what")],
        &rows,
    );
}
