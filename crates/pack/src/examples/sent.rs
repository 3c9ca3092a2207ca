//! What a definition and values become on the wire, as JSON to compare.

use std::collections::BTreeMap;

use countersign_core::task::TaskDefinition;
use countersign_runspace::definition::{PostgresqlDefinition, WhenUnset};
use countersign_runspace::{Definition, ParameterName, ParameterValue, Refusal, arguments, request};
use serde_json::{Map, Value as Json, json};

type Values = BTreeMap<ParameterName, ParameterValue>;

/// Only the fields that there are: `argv` and `stdin`; `bound`; `request`, `headers`, `body`.
pub(super) fn sent(task: &TaskDefinition, values: &Values) -> Result<Json, String> {
    let object = task.execution.definition.as_object().clone();
    let definition: Definition =
        serde_json::from_value(Json::Object(object)).map_err(|_| "definition_invalid".to_owned())?;
    let sent = match &definition {
        Definition::Process(process) => {
            let program = process.program.display().to_string();
            program_with(&program, &process.arguments, process.stdin.as_ref(), values)
        }
        Definition::Ssh(program) => {
            program_with(&program.program, &program.arguments, program.stdin.as_ref(), values)
        }
        Definition::Postgresql(statements) => bound(statements, values),
        // What a cmdlet becomes is known to its executor alone.
        Definition::Exchange(_) => Err(Refusal::new("example_not_possible", "no example of a cmdlet")),
        Definition::Http(definition) => {
            request::build(definition, values).map(|request| of_request(&request))
        }
    };
    sent.map(Json::Object).map_err(|refusal| refusal.code)
}

fn program_with(
    program: &str,
    places: &[countersign_runspace::definition::Argument],
    stdin: Option<&ParameterName>,
    values: &Values,
) -> Result<Map<String, Json>, Refusal> {
    let vector = arguments::build(places, values)?;
    let input = arguments::input(stdin, values)?;
    let argv: Vec<&str> = std::iter::once(program).chain(vector.iter().map(String::as_str)).collect();
    let mut sent = Map::from_iter([("argv".to_owned(), json!(argv))]);
    if !input.is_empty() {
        sent.insert("stdin".to_owned(), json!(String::from_utf8_lossy(&input)));
    }
    Ok(sent)
}

/// For each statement the values of its places, in their order.
fn bound(definition: &PostgresqlDefinition, values: &Values) -> Result<Map<String, Json>, Refusal> {
    let mut all = Vec::new();
    for statement in &definition.statements {
        let mut places = Vec::new();
        for place in &statement.parameters {
            places.push(match (values.get(&place.name), place.when_absent) {
                (Some(value), _) => value_of(value),
                (None, WhenUnset::Null) => Json::Null,
                (None, WhenUnset::Refuse) => {
                    let message = format!("{} has no value", place.name);
                    return Err(Refusal::new("parameter_missing", message));
                }
            });
        }
        all.push(places);
    }
    Ok(Map::from_iter([("bound".to_owned(), json!(all))]))
}

fn value_of(value: &ParameterValue) -> Json {
    match value {
        ParameterValue::String(text) | ParameterValue::Decimal(text) => json!(text),
        ParameterValue::Integer(number) => json!(number),
        ParameterValue::Boolean(flag) => json!(flag),
        ParameterValue::List(items) => json!(items),
        ParameterValue::Table(rows) => json!(rows),
        ParameterValue::File(file) => json!(file.sha256),
        ParameterValue::Secret(_) => json!("(secret)"),
    }
}

fn of_request(request: &request::Request) -> Map<String, Json> {
    let line = format!("{} {}", request.method.as_str(), request.path);
    let mut sent = Map::from_iter([("request".to_owned(), json!(line))]);
    let headers: Map<String, Json> =
        request.headers.iter().map(|(name, value)| (name.clone(), json!(value.as_str()))).collect();
    if !headers.is_empty() {
        sent.insert("headers".to_owned(), Json::Object(headers));
    }
    if let Some(body) = &request.body {
        sent.insert("body".to_owned(), serde_json::from_slice(body).unwrap_or_default());
    }
    sent
}
