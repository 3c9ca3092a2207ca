//! The shipped packs of requests: each example, and each preview, goes over the wire as its pack says.

use std::path::Path;

use countersign_core::parameter::check;
use countersign_core::task::Preview;
use countersign_pack::{Expected, Pack, for_runspace};
use countersign_runspace::{PreviewForm, Purpose};
use serde_json::{Value, json};

use super::server::{Secrets, Server};
use crate::support::{executor, order, run};

#[test]
fn every_example_of_a_pack_is_what_the_service_hears() {
    let server = Server::start();
    for (name, target) in [("kubernetes", "cluster"), ("github", "github"), ("microsoft-graph", "graph")] {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs").join(name);
        let pack = Pack::read(&directory).unwrap_or_else(|faults| panic!("{faults:?}"));
        assert_eq!(pack.test(), []);
        let mut targets = Secrets::new().targets(server.target(json!({})));
        let service = targets.http.pop_first().unwrap().1;
        targets.http.insert(target.parse().unwrap(), service);
        let host = executor("http", targets);
        for example in pack.examples() {
            let task = &pack.definitions.tasks[&example.task];
            let Expected::Sent(expected) = &example.expected else { continue };
            let values = for_runspace(&check(&task.parameters, example.parameters.clone()).unwrap()).unwrap();
            let definition = Value::Object(task.execution.definition.as_object().clone());
            // The server is none of these services: that it heard the request is what counts.
            let told = run(host.as_ref(), order(definition, json!(values)));
            assert!(told.started, "{}: {:?}", example.title, told.end);
            let seen = server.take().pop().unwrap();
            assert_eq!(
                expected["request"],
                format!("{} {}", seen["method"].as_str().unwrap(), seen["url"].as_str().unwrap())
            );
            assert_eq!(seen["body"], *expected.get("body").unwrap_or(&Value::Null), "{}", example.title);
            for (header, value) in expected.get("headers").and_then(Value::as_object).into_iter().flatten() {
                assert_eq!(seen["headers"][header], *value, "{}", example.title);
            }
            if let Some(Preview::Definition(preview)) = &task.preview {
                let mut look = order(Value::Object(preview.as_object().clone()), json!(values));
                look.purpose = Purpose::Preview(PreviewForm::Declared);
                look.judge_purpose().unwrap();
                run(host.as_ref(), look).succeeds();
                assert_eq!(server.take().pop().unwrap()["method"], "GET", "{}", example.title);
            }
        }
        let without: Vec<_> = pack
            .definitions
            .tasks
            .keys()
            .filter(|task| !pack.examples().iter().any(|example| example.task == **task))
            .collect();
        assert!(without.is_empty(), "without an example: {without:?}");
    }
}
