//! An engine to be killed.

use std::error::Error;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use countersign_core::actor::Principal;
use countersign_core::command::{Command, Execute, Initialize, NewPerson};
use countersign_core::decide::Reply;
use countersign_core::id::ExecutionId;
use countersign_core::parameter::Given;
use countersign_core::policy::Assurance;
use countersign_engine::{EngineConfig, EngineHandle, RunnerState, Submission, SystemClock, start};
use countersign_ledger::hash::sha256;
use serde_json::json;

/// Initializes the directory if it is empty, then makes people number 0 to `count`, each under a key of its own.
pub(crate) fn run(directory: &str, count: u32) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut config = EngineConfig::new(directory, Arc::new(SystemClock::new()?));
        config.keep_free = 0;
        let engine = start(config)?;
        if engine.state().is_empty() {
            let administrator = NewPerson {
                upn: "ada@fabrikam.example".to_owned(),
                display_name: "Ada".to_owned(),
                mail: "ada@fabrikam.example".to_owned(),
            };
            let command = Command::Initialize(Initialize {
                organization: "Fabrikam".to_owned(),
                ledger: "fabrikam".to_owned(),
                zone: "UTC".to_owned(),
                administrator,
                secret: sha256(b""),
            });
            engine.submit(Submission::new(Principal::host(), command)).await?;
        }
        let administrator = engine.state().organization.first_administrator.ok_or("nobody administers")?;
        for n in 0..count {
            let upn = format!("person{n}@fabrikam.example");
            let values = json!({
                "UserPrincipalName": upn, "DisplayName": format!("Person {n}"), "LinkDelivery": "PrintForRequester",
            });
            let serde_json::Value::Object(values) = values else { return Err("no object".into()) };
            let command = Command::Execute(Execute {
                task: "Countersign\\New-User".parse()?,
                values: Given::read(values).map_err(|_| "no values")?,
                cite: None,
                secret: None,
            });
            let principal = Principal::session(administrator, Assurance::SecondFactor, engine.now());
            let submission = Submission::new(principal, command).with_key(format!("person {n}"));
            let receipt = engine.submit(submission).await?;
            match receipt.reply {
                Ok(Reply::Ran { made, .. }) => {
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "{n} {}", made.get("person").ok_or("nobody was made")?)?;
                    out.flush()?;
                }
                other => return Err(format!("{other:?}").into()),
            }
        }
        engine.stop().await;
        Ok(())
    })
}

/// Runs `Host\\Mark` on a file, through a runner, and waits for its end.
pub(crate) fn execute(directory: &str, socket: &str, person: &str, path: &str) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let engine = connected(directory, socket).await?;
        let execution = mark(&engine, person, path).await?;
        while engine.state().executions.contains_key(&execution) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        engine.stop().await;
        Ok(())
    })
}

/// The same for many files, without waiting for one before the next; each acknowledged start is a line of output.
pub(crate) fn executing(
    directory: &str,
    socket: &str,
    person: &str,
    path: &str,
    count: u32,
) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let engine = connected(directory, socket).await?;
        for n in 0..count {
            let execution = mark(&engine, person, &format!("{path}{n}")).await?;
            let mut out = std::io::stdout().lock();
            writeln!(out, "{n} {execution}")?;
            out.flush()?;
        }
        while engine.state().executions.values().any(|execution| !execution.unknown) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        engine.stop().await;
        Ok(())
    })
}

async fn connected(directory: &str, socket: &str) -> Result<EngineHandle, Box<dyn Error>> {
    let mut config = EngineConfig::new(directory, Arc::new(SystemClock::new()?));
    config.keep_free = 0;
    config.runner = Some(socket.into());
    let engine = start(config)?;
    while !matches!(engine.health().runner, RunnerState::Connected { .. }) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(engine)
}

async fn mark(engine: &EngineHandle, person: &str, path: &str) -> Result<ExecutionId, Box<dyn Error>> {
    let serde_json::Value::Object(values) = json!({"Path": path}) else { return Err("no object".into()) };
    let command = Command::Execute(Execute {
        task: "Host\\Mark".parse()?,
        values: Given::read(values).map_err(|_| "no values")?,
        cite: None,
        secret: None,
    });
    let principal = Principal::session(person.parse()?, Assurance::SecondFactor, engine.now());
    match engine.submit(Submission::new(principal, command)).await?.reply {
        Ok(Reply::Started { execution, .. }) => Ok(execution),
        other => Err(format!("{other:?}").into()),
    }
}
