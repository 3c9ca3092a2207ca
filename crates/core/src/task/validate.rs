//! Whether a task is well defined.

use super::{MAX_OUTPUT, MAX_RUN_TIME, Preview, TaskDefinition};
use crate::parameter::{Binding, Fault, FaultCode, for_people, validate};
use crate::time::Span;

/// The longest title, in characters.
const MAX_TITLE: usize = 120;
/// The longest description or risk, in characters.
const MAX_TEXT: usize = 4_000;
/// The most bytes of memory or of one file: 1 TiB.
const MAX_BYTES: u64 = 1 << 40;
/// The longest retention of output: ten years.
const MAX_RETENTION: Span = Span::from_hours(24 * 3_660);

impl TaskDefinition {
    /// Judges the definition by itself. Whether the runspace can execute it, only the runspace knows.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn validate(&self) -> Result<(), Vec<Fault>> {
        let mut faults = Vec::new();
        for (place, text, most) in [
            ("/title", &self.title, MAX_TITLE),
            ("/description", &self.description, MAX_TEXT),
            ("/risk", &self.risk, MAX_TEXT),
        ] {
            faults.extend(for_people(text, most).map(|fault| fault.under(place)));
        }
        let mut refuse = |wrong: bool, place: &str, message: &str| {
            if wrong {
                faults.push(Fault::new(FaultCode::Definition, place, message));
            }
        };
        let runspace = &self.execution.runspace;
        let plain =
            runspace.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
                && runspace.starts_with(|c: char| c.is_ascii_lowercase())
                && runspace.len() <= 64;
        refuse(!plain, "/execution/runspace", "a runspace's id is 1 to 64 of a-z, 0-9 and `-`");
        refuse(
            self.execution.definition.as_object().is_empty(),
            "/execution/definition",
            "there is nothing to execute",
        );
        self.bounds(&mut refuse);
        if self.arbitrary_code {
            for spec in &self.parameters {
                let loose = spec.binding != Binding::Always && !spec.kind.is_secret();
                let place = format!("/parameters/{}/binding", spec.name);
                refuse(loose, &place, "a task that executes arbitrary code binds every parameter `always`");
            }
        }
        let preview =
            matches!(&self.preview, Some(Preview::Definition(other)) if other.as_object().is_empty());
        refuse(preview, "/preview", "there is nothing to execute");
        refuse(self.read_only && self.preview.is_some(), "/preview", "a read-only task needs no preview");
        refuse(
            self.arbitrary_code && self.preview.is_some(),
            "/preview",
            "what executes its parameters is not shown before it is approved",
        );
        self.lasting(&mut refuse);
        let secret =
            |spec: &&crate::parameter::ParameterSpec| spec.kind.is_secret() && spec.binding != Binding::Free;
        for spec in self.parameters.iter().filter(secret) {
            let place = format!("/parameters/{}/binding", spec.name);
            refuse(true, &place, "a secret is never in a request, so nothing binds it");
        }
        faults.extend(validate(&self.parameters).into_iter().map(|fault| fault.under("/parameters")));
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// What is taken back is done again by nobody's secret and judged by no text.
    fn lasting(&self, refuse: &mut impl FnMut(bool, &str, &str)) {
        let Some(definition) = &self.take_back else { return };
        refuse(definition.as_object().is_empty(), "/take_back", "there is nothing to execute");
        refuse(self.read_only, "/take_back", "a read-only task leaves nothing to take back");
        refuse(
            self.arbitrary_code,
            "/take_back",
            "what arbitrary code did, nobody can take back for certain",
        );
        let secret = self.parameters.iter().any(|spec| spec.kind.is_secret());
        refuse(secret, "/take_back", "a secret is given once, and is nowhere when it is to be taken back");
    }

    fn bounds(&self, refuse: &mut impl FnMut(bool, &str, &str)) {
        let limits = &self.limits;
        let time = Span::from_secs(1)..=MAX_RUN_TIME;
        refuse(!time.contains(&limits.max_run_time), "/limits/max_run_time", "1 second to 24 hours");
        refuse(limits.max_output > MAX_OUTPUT, "/limits/max_output", "at most 1 GiB");
        let bytes = |limit: Option<u64>| limit.is_some_and(|bytes| !(1..=MAX_BYTES).contains(&bytes));
        refuse(bytes(limits.max_memory), "/limits/max_memory", "1 byte to 1 TiB");
        refuse(bytes(limits.max_file_size), "/limits/max_file_size", "1 byte to 1 TiB");
        refuse(limits.max_processes == Some(0), "/limits/max_processes", "at least one");
        refuse(limits.max_open_files.is_some_and(|files| files < 8), "/limits/max_open_files", "at least 8");
        let cpu = limits.max_cpu_time.is_some_and(|cpu| !time.contains(&cpu));
        refuse(cpu, "/limits/max_cpu_time", "1 second to 24 hours");
        let grace = limits.grace.is_some_and(|grace| grace > Span::from_mins(5));
        refuse(grace, "/limits/grace", "at most 5 minutes");
        let retention = Span::from_hours(1)..=MAX_RETENTION;
        let kept = self.output_retention.is_some_and(|kept| !retention.contains(&kept));
        refuse(kept, "/output_retention", "1 hour to 3,660 days");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn task(change: Json) -> Result<TaskDefinition, serde_json::Error> {
        let mut task = json!({
            "name": "Host\\Get-DiskUsage",
            "execution": {"runspace": "process", "definition": {"program": "/usr/bin/df"}},
            "parameters": [{"name": "Path", "kind": {"type": "string", "max_length": 200}, "required": true}],
        });
        let (Json::Object(task), Json::Object(change)) = (&mut task, change) else { panic!("objects") };
        task.extend(change);
        serde_json::from_value(Json::Object(task.clone()))
    }

    #[test]
    fn g22_definitions_have_bounds_and_no_contradictions() {
        assert_eq!(task(json!({})).unwrap().validate(), Ok(()));
        let hour: u64 = 3_600_000_000;
        for (change, place) in [
            (json!({"title": "x".repeat(121)}), "/title"),
            (json!({"risk": "a\u{202e}b"}), "/risk"),
            (json!({"execution": {"runspace": "Process", "definition": {"a": 1}}}), "/execution/runspace"),
            (json!({"execution": {"runspace": "", "definition": {"a": 1}}}), "/execution/runspace"),
            (json!({"execution": {"runspace": "process", "definition": {}}}), "/execution/definition"),
            (json!({"limits": {"max_run_time": 25 * hour}}), "/limits/max_run_time"),
            (json!({"limits": {"max_run_time": 0}}), "/limits/max_run_time"),
            (json!({"limits": {"max_output": (1_u64 << 30) + 1}}), "/limits/max_output"),
            (json!({"limits": {"max_open_files": 7}}), "/limits/max_open_files"),
            (json!({"limits": {"grace": hour}}), "/limits/grace"),
            (json!({"output_retention": 1}), "/output_retention"),
            (json!({"preview": {"definition": {}}}), "/preview"),
            (json!({"preview": "plan", "read_only": true}), "/preview"),
            (json!({"preview": "plan", "arbitrary_code": true}), "/preview"),
            (json!({"take_back": {}}), "/take_back"),
            (json!({"take_back": {"a": 1}, "read_only": true}), "/take_back"),
            (json!({"take_back": {"a": 1}, "arbitrary_code": true}), "/take_back"),
            (
                json!({"take_back": {"a": 1}, "parameters": [
                    {"name": "S", "kind": {"type": "secret", "max_length": 9}, "binding": "free"}]}),
                "/take_back",
            ),
            (
                json!({"arbitrary_code": true, "parameters": [{"name": "N", "kind": {"type": "integer"}}]}),
                "/parameters/N/binding",
            ),
            (
                json!({"parameters": [
                    {"name": "S", "kind": {"type": "secret", "max_length": 9}, "binding": "always"}]}),
                "/parameters/S/binding",
            ),
            (
                json!({"parameters": [{"name": "N", "kind": {"type": "list", "of": {"type": "guid"},
                    "max_items": 0}}]}),
                "/parameters/N/kind",
            ),
        ] {
            let faults = task(change.clone()).unwrap().validate().unwrap_err();
            assert!(faults.iter().any(|fault| fault.place == place), "{change}: {faults:?}");
        }
    }

    #[test]
    fn g22_unknown_fields_and_what_has_no_canonical_form_are_refused() {
        for bad in [
            json!({"run_as": "root"}),
            json!({"limits": {"max_runtime": 5}}),
            json!({"execution": {"runspace": "process", "definition": {"a": 1.5}}}),
            json!({"execution": {"runspace": "process", "definition": {"a": 9_007_199_254_740_992_u64}}}),
            json!({"execution": {"runspace": "process", "definition": {"a": "x".repeat(50_000)}}}),
            json!({"execution": {"runspace": "process", "definition": [1]}}),
            json!({"execution": {"runspace": "process", "definition": {"a": 1}, "shell": true}}),
            json!({"preview": "run"}),
            json!({"name": "Get-DiskUsage"}),
        ] {
            assert!(task(bad.clone()).is_err(), "{bad}");
        }
    }
}
