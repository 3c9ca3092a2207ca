//! What the definitions mean: their own rules, and whether the runspace could execute them.

mod uses;

use std::collections::BTreeSet;

use countersign_core::parameter::{ParameterKind, ParameterSpec};
use countersign_core::task::{Preview, TaskDefinition};
use countersign_runspace::lint::Severity;
use countersign_runspace::{Definition, PreviewForm};
use serde_json::{Map, Value as Json};

use crate::fault::{Fault, FaultCode};
use crate::near::nearest;
use crate::pack::{Pack, located};
use crate::table::Table;

impl Pack {
    /// Everything that is wrong with the definitions, as far as it can be known without the host: their bounds and
    /// contradictions, parameters that the execution does not use or that do not exist, and whatever lets a value
    /// become a command in a task that is not marked `arbitrary_code`.
    #[must_use]
    pub fn lint(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (file, read) in self.sources.values() {
            let task = &read.definition;
            let mut add =
                |pointer: &str, code, message| faults.push(located(file, read, pointer, code, message));
            for fault in task.validate().err().unwrap_or_default() {
                add(&fault.place, FaultCode::Definition, fault.message);
            }
            execution(task, task.execution.definition.as_object(), "/execution", &mut add);
            if let Some(Preview::Definition(preview)) = &task.preview {
                execution(task, preview.as_object(), "/preview", &mut add);
            }
            previewed(task, &mut add);
            if let Some(picker) = task.parameters.iter().find_map(|spec| self.wrong_picker(spec)) {
                add(&picker.0, FaultCode::Reference, picker.1);
            }
        }
        faults.sort();
        faults
    }

    fn wrong_picker(&self, spec: &ParameterSpec) -> Option<(String, String)> {
        let picker = spec.picker.as_ref().filter(|picker| *picker.workload() == self.manifest.workload)?;
        let place = format!("/parameters/{}/picker", spec.name);
        match self.definitions.tasks.get(picker) {
            None => Some((place, format!("the pack has no task {picker}"))),
            Some(task) if !task.read_only => Some((place, format!("{picker} is not read-only"))),
            Some(_) => None,
        }
    }
}

/// Whether the executor has the preview that the task promises.
fn previewed(task: &TaskDefinition, add: &mut impl FnMut(&str, FaultCode, String)) {
    let Some(preview) = &task.preview else { return };
    let (object, form) = match preview {
        Preview::Definition(other) => (other, PreviewForm::Declared),
        Preview::Plan => (&task.execution.definition, PreviewForm::Plan),
        Preview::Rollback => (&task.execution.definition, PreviewForm::Rollback),
    };
    let Ok(definition) = serde_json::from_value::<Definition>(Json::Object(object.as_object().clone()))
    else {
        return;
    };
    if !definition.previews().contains(&form) {
        let message = format!("{} has no preview of this form for this task", definition.executor());
        add("/preview", FaultCode::Execution, message);
    }
    if definition.executor() != task.execution.runspace {
        add("/preview", FaultCode::Execution, "a preview has its task's executor".to_owned());
    }
    if let (Preview::Definition(_), Definition::Postgresql(statements)) = (preview, &definition)
        && statements.access == countersign_runspace::definition::Access::ReadWrite
    {
        add("/preview", FaultCode::Execution, "a preview's access is read_only".to_owned());
    }
}

fn execution(
    task: &TaskDefinition,
    object: &Map<String, Json>,
    place: &str,
    add: &mut impl FnMut(&str, FaultCode, String),
) {
    let Ok(definition) =
        serde_json::from_value::<countersign_runspace::Definition>(Json::Object(object.clone()))
    else {
        // Told when the file was read, with its place.
        return;
    };
    let free: BTreeSet<_> = task
        .parameters
        .iter()
        .filter(|spec| is_free_text(&spec.kind))
        .filter_map(|spec| spec.name.as_str().parse().ok())
        .collect();
    for fault in countersign_runspace::lint::lint(&definition, &free) {
        if fault.severity == Severity::Broken || !task.arbitrary_code {
            let (field, at) = match (&definition, fault.argument) {
                (_, None) => ("", String::new()),
                (countersign_runspace::Definition::Postgresql(_), Some(index)) => {
                    ("/statements", format!("statement {}: ", index + 1))
                }
                (countersign_runspace::Definition::Exchange(_), Some(_)) => ("/parameters", String::new()),
                (_, Some(_)) => ("/arguments", String::new()),
            };
            let message = format!("{at}{} ({})", fault.message, fault.code);
            add(&format!("{place}{field}"), FaultCode::Execution, message);
        }
    }
    if let countersign_runspace::Definition::Postgresql(statements) = &definition
        && task.read_only
        && statements.access == countersign_runspace::definition::Access::ReadWrite
    {
        let message =
            "the task is read_only, and access = \"read_write\" lets it change something".to_owned();
        add(&format!("{place}/access"), FaultCode::Execution, message);
    }
    if let countersign_runspace::Definition::Http(request) = &definition
        && task.read_only
        && !request.method.is_safe()
    {
        let message = format!("the task is read_only, and {} may change something", request.method.as_str());
        add(&format!("{place}/method"), FaultCode::Execution, message);
    }
    if let countersign_runspace::Definition::Exchange(cmdlet) = &definition
        && (task.read_only || place == "/preview")
        && !(cmdlet.only_reads() || cmdlet.is_what_if())
    {
        let message = format!("{} changes something, and this may not", cmdlet.cmdlet);
        add(&format!("{place}/cmdlet"), FaultCode::Execution, message);
    }
    uses::check(task, &uses::of(&definition, place), place, add);
}

/// Whether a requester can write text of their own into a value.
fn is_free_text(kind: &ParameterKind) -> bool {
    match kind {
        ParameterKind::String { .. }
        | ParameterKind::File { .. }
        | ParameterKind::Secret { .. }
        | ParameterKind::Address {} => true,
        ParameterKind::List { of, .. } | ParameterKind::Table { of, .. } => is_free_text(of),
        _ => false,
    }
}

/// Judges the shape of an execution while the file is at hand, so that a misspelt field is told with its place.
pub(crate) fn shape(table: &Table<'_, '_>, object: &Map<String, Json>) {
    if object.contains_key("executor") {
        let read = serde_json::from_value::<countersign_runspace::Definition>(Json::Object(object.clone()));
        let Err(error) = read else { return };
        let message = error.to_string();
        // serde says "unknown field `x`, expected one of `a`, `b`": the first name is at fault, the others are known.
        let mut quoted = message.split('`').skip(1).step_by(2);
        let field = quoted.next().unwrap_or_default().to_owned();
        let hint = nearest(&field, quoted).map(|near| format!("did you mean `{near}`?"));
        let (span, is_key) = table.find(&field);
        let unknown = message.starts_with("unknown") && is_key;
        let code = if unknown { FaultCode::UnknownField } else { FaultCode::Value };
        table.file.hinted(&span, code, message, hint);
    } else {
        table.missing("executor");
    }
}
