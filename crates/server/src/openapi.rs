//! The API's description, OpenAPI 3.1, made from the table of routes.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::routes::{ALL, Access, Method, Route};

/// The whole document.
#[must_use]
pub fn document() -> Json {
    let mut paths: BTreeMap<String, Map<String, Json>> = BTreeMap::new();
    for route in ALL {
        let path = route.path.replace("{*", "{");
        paths.entry(path).or_default().insert(route.method.as_str().to_lowercase(), operation(route));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Countersign",
            "version": "v1",
            "summary": "Privileged access at the level of the single task.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": { "Problem": problem() },
            "securitySchemes": {
                "cookie": { "type": "apiKey", "in": "cookie", "name": "__Host-countersign" },
                "bearer": { "type": "http", "scheme": "bearer", "description": "A session (`css_…`) or an API token (`cst_…`)." },
            },
        },
    })
}

fn operation(route: &Route) -> Json {
    let mut operation = json!({
        "operationId": name(route),
        "summary": route.summary,
        "description": format!("Access: {}.", route.reason),
        "tags": [tag(route.path)],
        "x-access": access(route.access),
        "parameters": parameters(route),
        "responses": {
            route.success.to_string(): answer(route),
            "default": {
                "description": "A problem.",
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            },
        },
        "security": if route.access == Access::Public { json!([]) } else { json!([{ "cookie": [] }, { "bearer": [] }]) },
    });
    if let (Some(body), Some(operation)) = (route.body, operation.as_object_mut()) {
        let content = json!({ "application/json": { "schema": body().0 } });
        operation.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
    }
    operation
}

fn answer(route: &Route) -> Json {
    if route.success == 204 {
        return json!({ "description": "Done." });
    }
    let schema = match route.answer {
        "application/json" => json!({ "type": "object" }),
        _ => json!({ "type": "string" }),
    };
    json!({ "description": route.summary, "content": { route.answer: { "schema": schema } } })
}

fn parameters(route: &Route) -> Vec<Json> {
    let segments = route.path.split('/').filter_map(|segment| segment.strip_prefix('{'));
    let names = segments.map(|name| name.trim_start_matches('*').trim_end_matches('}'));
    let mut parameters: Vec<Json> = names
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    parameters.extend(route.query.iter().map(|(name, what)| {
        json!({ "name": name, "in": "query", "description": what, "schema": { "type": "string" } })
    }));
    if route.method == Method::Post && route.access != Access::Public {
        let what = "Sent again with the same key, the request is carried out once.";
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "description": what, "schema": { "type": "string" },
        }));
    }
    parameters
}

/// `post_requests_number_approve`: stable, from method and path.
fn name(route: &Route) -> String {
    let (area, path) = match route.path.strip_prefix("/api/v1") {
        Some(path) => ("", path),
        None => ("server_", route.path),
    };
    let words = path.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    format!("{}_{area}{}", route.method.as_str().to_lowercase(), words.join("_"))
        .trim_end_matches('_')
        .to_owned()
}

fn tag(path: &str) -> &str {
    let noun = path.strip_prefix("/api/v1/").and_then(|rest| rest.split('/').next());
    noun.unwrap_or("server")
}

fn access(access: Access) -> Json {
    match access {
        Access::Public => json!({ "kind": "public" }),
        Access::Begun => json!({ "kind": "relation", "session": "begun" }),
        Access::Relation { token } => json!({ "kind": "relation", "token_scope": token }),
        Access::Asking => json!({ "kind": "relation", "token_scope": "request or raise" }),
        Access::Task { task, token } => json!({ "kind": "task", "task": task, "token_scope": token }),
    }
}

fn problem() -> Json {
    json!({
        "type": "object",
        "description": "RFC 9457 problem details.",
        "properties": {
            "type": { "type": "string", "description": "`urn:countersign:problem:` and the code." },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "code": { "type": "string", "description": "Stable: programs may depend on it." },
            "detail": { "type": "string" },
            "governs": { "type": "string", "description": "What governs: a policy, a limit, a rule." },
            "hint": { "type": "string", "description": "The next step." },
            "request_id": { "type": "string", "description": "What the server's log knows the request by." },
        },
        "required": ["type", "title", "status", "code", "detail", "request_id"],
    })
}
