//! Workloads and tasks.

use super::spec::{document, text};
use super::{Builtin, Call};
use crate::event::Body;
use crate::event::body::Ends;
use crate::name::{COUNTERSIGN, TaskName, WorkloadName};
use crate::policy::{PolicyTerms, Target, enough_for_arbitrary_code};
use crate::refusal::{Code, Refusal};
use crate::task::TaskDefinition;
use crate::tasks;

/// How many tasks one import may define.
const MOST_TASKS: usize = 200;

pub(super) static TASKS: &[Builtin] = &[
    Builtin {
        name: "Import-TaskPack",
        title: "Define tasks",
        description: "Defines or redefines tasks. A redefined task is no longer covered by what was granted for the old one.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || {
            vec![text("Workload", "Workload", 64), document("Definitions", "Task definitions, as JSON")]
        },
        effect: import,
    },
    Builtin {
        name: "Remove-Task",
        title: "Remove a task",
        description: "Ends authorizations for it.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || vec![text("Identity", "Workload\\Task", 129)],
        effect: |call| {
            let task: TaskName = call.parse("Identity")?;
            if !call.draft.state.catalog.tasks.contains_key(&task) {
                return Err(Refusal::new(Code::UnknownTask, format!("There is no task `{task}` to remove.")));
            }
            call.change(Body::TaskRemoved { task, ends: Ends::default() })
        },
    },
];

fn import(call: &mut Call<'_, '_>) -> Result<(), Refusal> {
    let workload: WorkloadName = call.parse("Workload")?;
    if workload.as_str().eq_ignore_ascii_case(COUNTERSIGN) {
        return Err(Refusal::new(Code::Forbidden, "Countersign's own tasks are built in."));
    }
    let text = call.need("Definitions")?;
    let invalid = |message: String| {
        Refusal::new(Code::DefinitionInvalid, message).hint("countersign catalog lint <directory>")
    };
    let definitions: Vec<TaskDefinition> = serde_json::from_str(&text)
        .map_err(|error| invalid(format!("The definitions cannot be read: {error}.")))?;
    if definitions.is_empty() || definitions.len() > MOST_TASKS {
        return Err(invalid(format!("An import defines 1 to {MOST_TASKS} tasks.")));
    }
    for definition in &definitions {
        if definition.name.workload() != &workload {
            return Err(invalid(format!("`{}` is not in the workload `{workload}`.", definition.name)));
        }
        if let Err(faults) = definition.validate() {
            let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
            return Err(invalid(format!("`{}`: {}.", definition.name, faults.join("; "))));
        }
    }
    let runspace =
        definitions.first().map(|definition| definition.execution.runspace.clone()).unwrap_or_default();
    if definitions.iter().any(|definition| definition.execution.runspace != runspace) {
        return Err(invalid("All tasks of one workload are executed by one runspace.".to_owned()));
    }
    match call.draft.state.catalog.workloads.get(&workload) {
        Some(known) if *known != runspace => {
            return Err(invalid(format!(
                "`{workload}` is executed by the runspace `{known}`, not `{runspace}`."
            )));
        }
        Some(_) => {}
        None => call.draft.push(None, Body::WorkloadRegistered { workload, runspace }),
    }
    let mut changed = 0;
    for definition in definitions {
        let digest = definition.digest();
        let known = call.draft.state.catalog.tasks.get(&definition.name);
        if known.is_some_and(|task| *task.definition == definition) {
            continue;
        }
        let version = known.map_or(0, |task| task.version) + 1;
        if definition.arbitrary_code {
            let written = tasks::written(&call.draft.state, &Target::Task(definition.name.clone()));
            let weak = |terms: &&&PolicyTerms| !enough_for_arbitrary_code(terms, &definition.parameters);
            if let Some(weak) = written.most_specific().iter().find(weak) {
                return Err(Refusal::new(
                    Code::PolicyTooWeak,
                    format!(
                        "`{}` would run arbitrary code under the policy for {}, which asks for less than two approvers and one use.",
                        definition.name, weak.target
                    ),
                )
                .hint("change or remove that policy first, or give the task a stronger one of its own"));
            }
        }
        changed += 1;
        call.change(Body::TaskDefined { version, digest, definition, ends: Ends::default() })?;
    }
    call.made.insert("changed".to_owned(), changed.to_string());
    Ok(())
}
