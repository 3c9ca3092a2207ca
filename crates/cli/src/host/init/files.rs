//! The files that `init` writes: the server's configuration, and what the host allows its runner.

use std::fmt::Write as _;
use std::fs::{DirBuilder, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::{Init, Plan};
use crate::fault::{Fault, Outcome};

/// Where they are.
pub(super) struct Written {
    pub(super) config: PathBuf,
    pub(super) host_file: PathBuf,
}

pub(super) fn write(init: &Init, plan: &Plan, data_dir: &Path) -> Outcome<Written> {
    let config = std::path::absolute(&init.config)?;
    let directory =
        config.parent().ok_or_else(|| Fault::usage("The configuration file needs a directory."))?;
    DirBuilder::new().recursive(true).mode(0o755).create(directory).map_err(|error| {
        Fault::failed(format!("{}: {error}.", directory.display()))
            .hint("name places of your own with --config and --data-dir, or start it as root")
    })?;
    let host_file = directory.join("runner.toml");
    let text = config_text(init, plan, data_dir, &host_file);
    create(&config, &text, 0o600)?;
    if !host_file.exists() {
        create(&host_file, &host_text(init), 0o644)?;
    }
    Ok(Written { config, host_file })
}

/// An existing file is never written over.
fn create(path: &Path, text: &str, mode: u32) -> Outcome {
    let fault = |error: std::io::Error| Fault::failed(format!("{}: {error}.", path.display()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path).map_err(fault)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(fault)
}

fn config_text(init: &Init, plan: &Plan, data_dir: &Path, host_file: &Path) -> String {
    let mut text = String::from("# countersign config show lists every key.\n\n");
    let path = |path: &Path| string(&path.display().to_string());
    let _ = writeln!(text, "data_dir = {}", path(data_dir));
    let _ = writeln!(text, "listen = {}", string(&init.listen));
    let _ = writeln!(text, "public_url = {}", string(&plan.public_url));
    if let Some(host) = &init.smtp_host {
        let from = init.smtp_from.clone().unwrap_or_else(|| format!("countersign@{host}"));
        let _ = writeln!(text, "\n[smtp]\nhost = {}", string(host));
        if let Some(port) = init.smtp_port {
            let _ = writeln!(text, "port = {port}");
        }
        let _ = writeln!(text, "security = {}\nfrom = {}", string(&init.smtp_security), string(&from));
        if let (Some(user), Some(file)) = (&init.smtp_username, &init.smtp_password_file) {
            let _ = writeln!(text, "username = {}\npassword_file = {}", string(user), path(file));
        }
    }
    let _ = writeln!(text, "\n[runner]\nhost_file = {}", path(host_file));
    text
}

fn host_text(init: &Init) -> String {
    let list = |items: Vec<String>| items.iter().map(|item| string(item)).collect::<Vec<_>>().join(", ");
    let programs = init.allow_programs.iter().map(|directory| directory.display().to_string()).collect();
    format!(
        "# What this host allows Countersign's runner. Countersign cannot change it; what is not listed is refused.\n\
         # run_as: local accounts. program_directories: where programs may lie.\n\n\
         [process]\nrun_as = [{}]\nprogram_directories = [{}]\n",
        list(init.allow_run_as.clone()),
        list(programs)
    )
}

fn string(text: &str) -> String {
    toml::Value::from(text).to_string()
}
