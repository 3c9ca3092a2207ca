//! `countersign-exchange-simulator`: the simulator as a process of its own, on loopback.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use countersign_exchange_simulator::{APPLICATION, Options, Simulator};

/// Simulates Exchange Online's cmdlet endpoint on this machine. It is no tenant
#[derive(Parser)]
#[command(version)]
struct Line {
    /// Where to write the authority's certificate, the application's certificate with its key, and the host file's lines
    #[arg(long, value_name = "DIR")]
    directory: PathBuf,
    /// Port on loopback
    #[arg(long, default_value_t = 18_443)]
    port: u16,
    /// Port of the identity services on loopback
    #[arg(long, default_value_t = 18_080)]
    identity_port: u16,
    /// Serve the tenant in this region, by a redirect
    #[arg(long, value_name = "LABEL")]
    region: Option<String>,
    /// Seconds that a token is good for
    #[arg(long, value_name = "SECONDS", default_value_t = 3_599)]
    token_life: u64,
}

fn main() -> std::io::Result<()> {
    let line = Line::parse();
    let options = Options {
        port: line.port,
        identity_port: line.identity_port,
        region: line.region,
        token_life: Duration::from_secs(line.token_life),
        ..Options::new()?
    };
    let (tenant, application) = (options.tenant.clone(), options.application.clone());
    let simulator = Simulator::start(options)?;
    let directory = std::path::absolute(&line.directory)?;
    std::fs::create_dir_all(&directory)?;
    let (ca, own) = (directory.join("simulator-ca.pem"), directory.join("simulator-application.pem"));
    std::fs::write(&ca, &simulator.authority)?;
    write_private(&own, APPLICATION)?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "# A simulator, no tenant. For the host file:\n\n[credentials.main]\nfile = \"{}\"\n\n[exchange.main]\n\
         tenant = \"{tenant}\"\ncmdlets = [\"Get-*\", \"Search-*\", \"Set-*\", \"New-*\", \"Add-*\", \"Remove-*\", \"Enable-*\", \
         \"Disable-*\", \"Start-*\"]\n\n[exchange.main.sign_in.certificate]\napplication = \"{application}\"\n\
         certificate = \"main\"\n\n[exchange.main.simulator]\nport = {}\nidentity_port = {}\nca = \"{}\"",
        own.display(),
        simulator.port,
        simulator.identity_port,
        ca.display()
    )?;
    out.flush()?;
    drop(out);
    loop {
        std::thread::park();
    }
}

fn write_private(path: &std::path::Path, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file =
        std::fs::OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}
