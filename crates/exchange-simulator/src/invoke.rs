//! The cmdlet endpoints.

use hyper::StatusCode;
use serde_json::{Map, Value as Json, json};

use crate::Options;
use crate::body::{self, Answer, Answered, Pieces};
use crate::cmdlets;
use crate::decode;
use crate::fault::Fault;
use crate::random;
use crate::serve::Asked;
use crate::state::{AuditRecord, Rest, State};
use crate::tenant::Error;

const CLOUDS: [&str; 4] =
    ["outlook.office365.com", "outlook.office365.us", "outlook-dod.office365.us", "outlook.office365.cn"];
const AFFINITY: &str = "X-BackEndCookie";

pub(crate) fn answer(options: &Options, state: &mut State, asked: &Asked, fault: Option<Fault>) -> Answered {
    let mut answer = match judged(options, state, asked, fault) {
        Ok(answer) | Err(Early::Answer(answer)) => answer,
        Err(Early::Cut) => return Err(std::io::Error::other("cut on demand")),
    };
    body::header(&mut answer, "request-id", &guid());
    body::header(&mut answer, "rate-limit-remaining", "1800");
    Ok(answer)
}

/// What ends a request before its cmdlet is looked at.
enum Early {
    Answer(Answer),
    Cut,
}

fn judged(
    options: &Options,
    state: &mut State,
    asked: &Asked,
    fault: Option<Fault>,
) -> Result<Answer, Early> {
    let early = |status: StatusCode, text: &str| Early::Answer(body::json(status, &outer(text)));
    before(fault.as_ref())?;
    let cloud = CLOUDS
        .iter()
        .find(|cloud| asked.host == **cloud || asked.host.ends_with(&format!(".{cloud}")))
        .ok_or_else(|| early(StatusCode::NOT_FOUND, "no such host"))?;
    let bearer = asked.header("authorization").strip_prefix("Bearer ").unwrap_or_default();
    let known =
        state.tokens.get(bearer).is_some_and(|(audience, end)| audience == cloud && !random::is_over(*end));
    if !known {
        return Err(Early::Answer(body::plain(StatusCode::UNAUTHORIZED, "text/html", Vec::new())));
    }
    elsewhere(options, asked, cloud)?;
    let mut path = asked.path.trim_start_matches("/adminapi/").splitn(3, '/');
    let (version, tenant, endpoint) =
        (path.next().unwrap_or_default(), path.next().unwrap_or_default(), path.next().unwrap_or_default());
    if tenant != options.tenant {
        return Err(early(StatusCode::FORBIDDEN, "the token is of another tenant"));
    }
    let allowed = |cmdlet: &str| {
        let listed = |names: &Vec<String>| names.iter().any(|name| name.eq_ignore_ascii_case(cmdlet));
        cmdlets::find(cmdlet).is_some() && options.role_group.as_ref().is_none_or(listed)
    };
    if version == "v1.0" && endpoint == "EXOModuleFile" && asked.method == "GET" {
        let names: Vec<&str> = cmdlets::names().filter(|name| allowed(name)).collect();
        return Ok(body::json(StatusCode::OK, &json!({"value": [{"exportedCmdlets": names.join(",")}]})));
    }
    if asked.method != "POST" || !(version == "beta" && endpoint == "InvokeCommand" || version == "v2.0") {
        return Err(early(StatusCode::METHOD_NOT_ALLOWED, "the method is not allowed"));
    }
    for name in ["x-anchormailbox", "client-request-id", "connection-id"] {
        if asked.header(name).is_empty() {
            return Err(early(StatusCode::BAD_REQUEST, &format!("the header {name} is missing")));
        }
    }
    if !asked.header("content-type").starts_with("application/json") {
        return Err(early(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the document is no JSON"));
    }
    let input = decode::read(&asked.body).map_err(|why| early(StatusCode::BAD_REQUEST, &why))?;
    if version == "v2.0" && !supported(endpoint, &input) {
        return Err(early(StatusCode::BAD_REQUEST, "the endpoint does not take this cmdlet"));
    }
    if !allowed(&input.cmdlet) {
        return Err(Early::Answer(forbidden()));
    }
    if let Some(rest) = asked.query.split('&').find_map(|pair| pair.strip_prefix("$skiptoken=")) {
        let rest = state.pages.remove(rest).filter(|rest| rest.body == asked.body.as_ref());
        let rest = rest.ok_or_else(|| early(StatusCode::BAD_REQUEST, "the page is of another document"))?;
        return page(state, asked, rest.objects, Vec::new(), fault);
    }
    let ran = match &fault {
        Some(Fault::InnerError | Fault::BareError) => Err(Error::new("", "")),
        _ => cmdlets::run(&mut state.tenant, &input),
    };
    state.audit.push(AuditRecord {
        actor: options.application.clone(),
        cmdlet: input.cmdlet.clone(),
        parameters: Json::Object(input.parameters.clone()),
        succeeded: ran.is_ok(),
        client_request_id: asked.header("client-request-id").to_owned(),
        connection_id: asked.header("connection-id").to_owned(),
        host: asked.host.clone(),
    });
    match ran {
        Ok(done) => page(state, asked, done.objects, done.warnings, fault),
        Err(error) => Ok(failed(&error, fault.as_ref())),
    }
}

/// Faults that come before anything ran.
fn before(fault: Option<&Fault>) -> Result<(), Early> {
    let answer = match fault {
        Some(Fault::CutBefore) => return Err(Early::Cut),
        Some(Fault::Unauthorized) => body::plain(StatusCode::UNAUTHORIZED, "text/html", Vec::new()),
        Some(Fault::Forbidden) => forbidden(),
        Some(Fault::Throttled { retry_after }) => {
            let mut answer = body::json(StatusCode::TOO_MANY_REQUESTS, &outer("too many requests"));
            if let Some(seconds) = retry_after {
                body::header(&mut answer, "retry-after", seconds);
            }
            answer
        }
        Some(Fault::Status { status }) => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            body::plain(status, "text/html", b"<html>something went wrong</html>".to_vec())
        }
        Some(Fault::Transient) => {
            let text = "Ex000000|Microsoft.Exchange.Data.Directory.TransientException|try again";
            body::json(StatusCode::BAD_REQUEST, &details(text))
        }
        Some(Fault::Redirect { location }) => {
            let mut answer = body::plain(StatusCode::FOUND, "text/html", Vec::new());
            body::header(&mut answer, "location", location);
            answer
        }
        _ => return Ok(()),
    };
    Err(Early::Answer(answer))
}

/// A tenant with a region is served there, by the server that its cookie names.
fn elsewhere(options: &Options, asked: &Asked, cloud: &str) -> Result<(), Early> {
    let Some(region) = &options.region else { return Ok(()) };
    let home = format!("{region}.{cloud}");
    let knows = asked.header("cookie").contains(AFFINITY);
    if asked.host == home && knows {
        return Ok(());
    }
    let mut answer = body::plain(StatusCode::FOUND, "text/html", Vec::new());
    let query = if asked.query.is_empty() { String::new() } else { format!("?{}", asked.query) };
    body::header(&mut answer, "location", &format!("https://{home}:446{}{query}", asked.path));
    body::header(
        &mut answer,
        "set-cookie",
        &format!("{AFFINITY}={}; path=/; secure; HttpOnly", random::hex(8)),
    );
    Err(Early::Answer(answer))
}

/// What the Admin API has.
fn supported(endpoint: &str, input: &decode::Input) -> bool {
    let set_mailbox = ["Identity", "GrantSendOnBehalfTo"];
    match endpoint {
        "OrganizationConfig" | "AcceptedDomain" => input.cmdlet == format!("Get-{endpoint}"),
        "DistributionGroupMember" | "DynamicDistributionGroupMember" => {
            input.cmdlet == format!("Get-{endpoint}")
        }
        "Mailbox" if input.cmdlet == "Set-Mailbox" => {
            input.parameters.keys().all(|name| set_mailbox.contains(&name.as_str()))
        }
        "Mailbox" => input.cmdlet == "Get-Mailbox",
        "MailboxFolderPermission" => input.cmdlet.ends_with("-MailboxFolderPermission"),
        _ => false,
    }
}

fn page(
    state: &mut State,
    asked: &Asked,
    mut objects: Vec<Map<String, Json>>,
    mut warnings: Vec<String>,
    fault: Option<Fault>,
) -> Result<Answer, Early> {
    let asked_for =
        asked.header("prefer").strip_prefix("odata.maxpagesize=").and_then(|size| size.parse().ok());
    let size = asked_for.unwrap_or(1_usize).clamp(1, 1000);
    let rest = if objects.len() > size { objects.split_off(size) } else { Vec::new() };
    if asked_for.is_none() && !rest.is_empty() {
        warnings.push("There are more results; a page size was not asked for.".to_owned());
    }
    let objects: Vec<Json> = objects.into_iter().map(|object| Json::Object(companions(object))).collect();
    let mut answer = json!({
        "@odata.context": format!("https://{}/adminapi/beta/$metadata#Collection(Exchange.GenericHashTable)", asked.host),
        "adminapi.warnings@odata.type": "#Collection(String)",
        "@adminapi.warnings": warnings,
        "value": objects,
    });
    let next = match &fault {
        Some(Fault::PageAt { link }) => Some(link.clone()),
        _ if rest.is_empty() => None,
        _ => {
            let token = random::hex(16);
            state.pages.insert(token.clone(), Rest { objects: rest, body: asked.body.to_vec() });
            Some(format!("https://{}{}?$skiptoken={token}", asked.host, asked.path))
        }
    };
    if let (Some(next), Some(object)) = (next, answer.as_object_mut()) {
        object.insert("@odata.nextLink".to_owned(), json!(next));
    }
    let bytes = answer.to_string().into_bytes();
    let json = "application/json; charset=utf-8";
    let mut answer = match fault {
        Some(Fault::CutAfter) => return Err(Early::Cut),
        Some(Fault::CutDuring) => {
            let mut answer = Answer::new(Pieces::half(&bytes));
            body::header(&mut answer, "content-type", json);
            answer
        }
        Some(Fault::Endless) => {
            let mut answer = Answer::new(Pieces::endless());
            body::header(&mut answer, "content-type", json);
            answer
        }
        Some(Fault::NotJson) => body::plain(StatusCode::OK, "text/html", b"<html>done</html>".to_vec()),
        Some(Fault::Gzip) => {
            let mut answer = body::plain(StatusCode::OK, json, packed(&bytes));
            body::header(&mut answer, "content-encoding", "gzip");
            answer
        }
        Some(Fault::GzipLie) => {
            let mut answer = body::plain(StatusCode::OK, json, bytes);
            body::header(&mut answer, "content-encoding", "gzip");
            answer
        }
        _ => body::plain(StatusCode::OK, json, bytes),
    };
    if !warnings.is_empty() {
        body::header(&mut answer, "x-warnings", &warnings.join("; "));
    }
    Ok(answer)
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

/// Puts beside each member what says how to read it.
fn companions(object: Map<String, Json>) -> Map<String, Json> {
    let mut all = Map::new();
    for (key, value) in object {
        let kind = match &value {
            Json::Array(_) => Some("#Collection(String)"),
            Json::String(text) if text.len() == 36 && text.matches('-').count() == 4 => {
                all.insert(format!("{key}@data.type"), json!("System.Guid"));
                Some("#Guid")
            }
            _ => None,
        };
        if let Some(kind) = kind {
            all.insert(format!("{key}@odata.type"), json!(kind));
        }
        all.insert(key, value);
    }
    all
}

fn failed(error: &Error, fault: Option<&Fault>) -> Answer {
    let inner = "The inner exception says why.";
    let body = match fault {
        Some(Fault::InnerError) => {
            json!({"error": {"code": "Error", "message": "Error executing cmdlet", "details": [],
            "innererror": {"message": "outer", "type": "Microsoft.Exchange.Outer", "stacktrace": "   at Outer.Run()",
                "internalexception": {"message": inner, "type": "Microsoft.Exchange.Data.InnerException",
                    "stacktrace": "   at Inner.Run()"}}}})
        }
        Some(Fault::BareError) => outer("Only this is said."),
        _ => details(&format!(
            "Ex{}|Microsoft.Exchange.Configuration.Tasks.{}|{}",
            random::hex(3),
            error.kind,
            error.text
        )),
    };
    let status =
        if error.kind.contains("NotFound") { StatusCode::NOT_FOUND } else { StatusCode::BAD_REQUEST };
    body::json(status, &body)
}

fn details(text: &str) -> Json {
    json!({
        "error": {"code": "BadRequest", "message": "Error executing cmdlet",
            "details": [{"code": "Client|ContextError", "target": "", "message": text}],
            "innererror": {"message": "Error executing cmdlet", "type": "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
                "stacktrace": "   at Simulated.Run()"}},
        "adminapi.warnings@odata.type": "#Collection(String)",
        "@adminapi.warnings": [],
    })
}

fn outer(text: &str) -> Json {
    json!({"error": {"code": "Error", "message": text}})
}

/// As the service answers for a cmdlet that is unknown or not in the caller's roles.
fn forbidden() -> Answer {
    let mut answer = body::plain(StatusCode::FORBIDDEN, "application/json", vec![0; 128]);
    body::header(&mut answer, "content-encoding", "gzip");
    answer
}

fn guid() -> String {
    let hex = random::hex(16);
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}
