//! The API's description, OpenAPI 3.1, made from the table of routes and the types that they read and write.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::problem::Details;
use crate::routes::{ALL, Access, Content, Method, Route};
use crate::schema::{self, Sides};

/// The whole document.
#[must_use]
pub fn document() -> Json {
    let mut sides = Sides::new();
    let paths = describe(&mut sides);
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
            "schemas": sides.components(),
            "securitySchemes": {
                "cookie": { "type": "apiKey", "in": "cookie", "name": "__Host-countersign" },
                "bearer": { "type": "http", "scheme": "bearer", "description": "A session (`css_…`) or an API token (`cst_…`)." },
            },
        },
    })
}

/// All operations, by path and method.
pub(crate) fn describe(sides: &mut Sides) -> BTreeMap<String, Map<String, Json>> {
    let mut paths: BTreeMap<String, Map<String, Json>> = BTreeMap::new();
    for route in ALL {
        let path = route.path.replace("{*", "{");
        let operation = operation(route, sides);
        paths.entry(path).or_default().insert(route.method.as_str().to_lowercase(), operation);
    }
    paths
}

fn operation(route: &Route, sides: &mut Sides) -> Json {
    let problem = schema::of::<Details>(&mut sides.answered);
    let mut responses = Map::new();
    responses.insert(route.success.to_string(), answer(route, &route.answer, sides));
    if let Some((status, content)) = &route.also {
        responses.insert(status.to_string(), answer(route, content, sides));
    }
    let failed = json!({
        "description": "A problem.", "content": { "application/problem+json": { "schema": problem } },
    });
    responses.insert("default".to_owned(), failed);
    let mut operation = json!({
        "operationId": name(route),
        "summary": route.summary,
        "description": format!("Access: {}.", route.reason),
        "tags": [tag(route.path)],
        "x-access": access(route.access),
        "parameters": parameters(route, sides),
        "responses": responses,
        "security": if route.access == Access::Public { json!([]) } else { json!([{ "cookie": [] }, { "bearer": [] }]) },
    });
    let content = match &route.body {
        Some(Content::Json(shape)) => {
            Some(json!({ "application/json": { "schema": shape(&mut sides.taken) } }))
        }
        Some(Content::Plain(media)) => Some(json!({ *media: {} })),
        Some(Content::Lines(..) | Content::Nothing) | None => None,
    };
    if let (Some(content), Some(operation)) = (content, operation.as_object_mut()) {
        operation.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
    }
    operation
}

fn answer(route: &Route, content: &Content, sides: &mut Sides) -> Json {
    let (media, schema) = match content {
        Content::Nothing => return json!({ "description": "Done." }),
        Content::Json(shape) => ("application/json", json!({ "schema": shape(&mut sides.answered) })),
        Content::Plain(media) => (*media, json!({ "schema": { "type": "string" } })),
        Content::Lines(media, shape) => {
            (*media, json!({ "schema": { "type": "string" }, "x-item-schema": shape(&mut sides.answered) }))
        }
    };
    json!({ "description": route.summary, "content": { media: schema } })
}

fn parameters(route: &Route, sides: &mut Sides) -> Vec<Json> {
    let segments = route.path.split('/').filter_map(|segment| segment.strip_prefix('{'));
    let names = segments.map(|name| name.trim_start_matches('*').trim_end_matches('}'));
    let mut parameters: Vec<Json> = names
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    if let Some(shape) = route.query {
        parameters.extend(query(&Json::from(shape(&mut sides.taken))));
    }
    if route.method == Method::Post && route.access != Access::Public {
        let what = "Sent again with the same key, the request is carried out once.";
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "description": what, "schema": { "type": "string" },
        }));
    }
    parameters
}

/// The fields of a query's type as parameters. What is absent is left out of an address, so none is null.
fn query(schema: &Json) -> Vec<Json> {
    let Some(fields) = schema.get("properties").and_then(Json::as_object) else { return Vec::new() };
    let parameters = fields.iter().map(|(name, field)| {
        let mut field = field.clone();
        let mut parameter = json!({ "name": name, "in": "query" });
        if let (Some(field), Some(parameter)) = (field.as_object_mut(), parameter.as_object_mut()) {
            if let Some(what) = field.remove("description") {
                parameter.insert("description".to_owned(), what);
            }
            never_null(field);
        }
        if let Some(parameter) = parameter.as_object_mut() {
            parameter.insert("schema".to_owned(), field);
        }
        parameter
    });
    parameters.collect()
}

fn never_null(field: &mut Map<String, Json>) {
    if let Some(Json::Array(types)) = field.get("type")
        && let Some(one) = types.iter().find(|one| **one != json!("null")).cloned()
    {
        field.insert("type".to_owned(), one);
    }
    let choices = field.get("anyOf").and_then(Json::as_array);
    let one = choices.and_then(|choices| choices.iter().find(|choice| **choice != json!({ "type": "null" })));
    if let Some(Json::Object(one)) = one.cloned() {
        field.remove("anyOf");
        field.extend(one);
    }
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
