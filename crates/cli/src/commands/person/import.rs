//! `countersign person import`

use std::collections::{BTreeMap, BTreeSet};

use countersign_client::Query;
use countersign_core::parameter::Address;
use serde_json::Value as Json;

use crate::act::Parameters;
use crate::app::App;
use crate::fault::Outcome;
use crate::import::sheet::{self, Line, Need};
use crate::import::{ImportArgs, Planned, Step, carry_out, faults};

const COLUMNS: [(&str, Need); 3] =
    [("UserPrincipalName", Need::Required), ("DisplayName", Need::Required), ("Mail", Need::Optional)];

#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    #[command(flatten)]
    import: ImportArgs,
    #[command(flatten)]
    link: super::LinkArgs,
}

impl Import {
    pub(super) fn run(self, app: &App) -> Outcome {
        let sheet = sheet::read(&self.import.file, &COLUMNS)?;
        faults(&self.import.file, &check(&sheet.lines))?;
        let (rows, _) = app.client()?.list("people", &Query::all(), usize::MAX)?;
        let known: BTreeMap<String, Json> =
            rows.into_iter().map(|row| (text(&row, "upn").to_ascii_lowercase(), row)).collect();
        let plan: Vec<Planned> =
            sheet.lines.into_iter().map(|line| planned(line, &known, self.link)).collect();
        carry_out(app, &plan, &self.import)
    }
}

/// Every fault, with its line.
fn check(lines: &[Line<3>]) -> Vec<(u64, String)> {
    let (mut faults, mut seen) = (Vec::new(), BTreeSet::new());
    for Line { number, values: [upn, name, mail] } in lines {
        match upn.parse::<Address>() {
            Ok(upn) if !seen.insert(upn.clone()) => faults.push((*number, format!("`{upn}` stands twice."))),
            Ok(_) => {}
            Err(error) => faults.push((*number, format!("UserPrincipalName: {error}."))),
        }
        if name.is_empty() {
            faults.push((*number, "DisplayName is empty.".to_owned()));
        }
        if let Some(Err(error)) = (!mail.is_empty()).then(|| mail.parse::<Address>()) {
            faults.push((*number, format!("Mail: {error}.")));
        }
    }
    faults
}

fn planned(line: Line<3>, known: &BTreeMap<String, Json>, link: super::LinkArgs) -> Planned {
    let Line { number, values: [upn, name, mail] } = line;
    let step = match known.get(&upn.to_ascii_lowercase()) {
        Some(row) => {
            let mail = if mail.is_empty() { &upn } else { &mail };
            if text(row, "display_name") == name && text(row, "mail").eq_ignore_ascii_case(mail) {
                Step::Present
            } else {
                Step::Differs(format!("is there as {} <{}>", text(row, "display_name"), text(row, "mail")))
            }
        }
        None => Step::Run {
            task: "New-User",
            parameters: Parameters::new()
                .with("UserPrincipalName", upn.as_str())
                .with("DisplayName", name)
                .with_some("Mail", (!mail.is_empty()).then_some(mail))
                .with_some("LinkDelivery", link.delivery()),
        },
    };
    Planned { line: number, about: upn, step }
}

fn text<'a>(row: &'a Json, name: &str) -> &'a str {
    row.get(name).and_then(Json::as_str).unwrap_or_default()
}
