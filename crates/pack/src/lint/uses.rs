//! Every parameter has its place in the execution, spelt alike, and of a kind that fits there.

use std::collections::BTreeMap;

use countersign_core::parameter::{Binding, ParameterKind};
use countersign_core::task::TaskDefinition;
use countersign_runspace::definition::{
    Argument, CmdletType, Count, ExchangeDefinition, Field, Hosts, HttpDefinition, PostgresqlDefinition,
};
use countersign_runspace::request::hole;
use countersign_runspace::{Definition, ParameterName};
use serde_json::Value as Json;

use crate::fault::FaultCode;
use crate::near::nearest;

/// Where a definition uses a parameter: its name, a JSON pointer, and how.
/// A parameter can stand in several places, and must fit each.
pub(super) type Used = BTreeMap<String, Vec<(String, Use)>>;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Value,
    Switch,
    Input,
    Bound,
    Target,
    /// A segment of a path.
    Segment,
    Query,
    Header,
    /// A value in a body's JSON.
    Json,
    /// A cmdlet's parameter of this type.
    Cmdlet(CmdletType),
}

pub(super) fn of(definition: &Definition, place: &str) -> Used {
    let mut used = Used::new();
    let mut put = |name: &ParameterName, field: &str, how| {
        used.entry(name.to_string()).or_default().push((format!("{place}/{field}"), how));
    };
    match definition {
        Definition::Process(process) => in_program(&process.arguments, process.stdin.as_ref(), &mut put),
        Definition::Ssh(program) => {
            in_program(&program.arguments, program.stdin.as_ref(), &mut put);
            if let Hosts::Named(hosts) = &program.target {
                put(&hosts.parameter, "target", Use::Target);
            }
        }
        Definition::Postgresql(statements) => in_statements(statements, &mut put),
        Definition::Http(request) => in_request(request, &mut put),
        Definition::Exchange(cmdlet) => in_cmdlet(cmdlet, &mut put),
    }
    used
}

fn in_program(
    list: &[Argument],
    stdin: Option<&ParameterName>,
    put: &mut impl FnMut(&ParameterName, &str, Use),
) {
    for argument in list {
        match argument {
            Argument::Literal(_) => {}
            Argument::Parameter(value) => put(&value.name, "arguments", Use::Value),
            Argument::Switch(switch) => put(&switch.name, "arguments", Use::Switch),
        }
    }
    if let Some(name) = stdin {
        put(name, "stdin", Use::Input);
    }
}

fn in_statements(definition: &PostgresqlDefinition, put: &mut impl FnMut(&ParameterName, &str, Use)) {
    let counted =
        |count: &Option<Count>| count.iter().flat_map(|count| count.parameters.clone()).collect::<Vec<_>>();
    for statement in &definition.statements {
        for bound in statement.parameters.iter().chain(&counted(&statement.count)) {
            put(&bound.name, "statements", Use::Bound);
        }
    }
}

fn in_request(definition: &HttpDefinition, put: &mut impl FnMut(&ParameterName, &str, Use)) {
    for name in definition.path.parameters() {
        put(name, "path", Use::Segment);
    }
    let mut fields = |fields: &[Field], place: &str, how| {
        fields.iter().filter_map(|field| field.parameter.as_ref()).for_each(|name| put(name, place, how));
    };
    fields(&definition.query, "query", Use::Query);
    fields(&definition.headers, "headers", Use::Header);
    if let Some(body) = &definition.body {
        in_json(&body.json, put);
    }
}

fn in_json(json: &Json, put: &mut impl FnMut(&ParameterName, &str, Use)) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| in_json(item, put)),
        Json::Object(object) => match hole(object) {
            Some(Ok(hole)) => put(&hole.name, "body", Use::Json),
            Some(Err(_)) => {}
            None => object.values().for_each(|value| in_json(value, put)),
        },
        _ => {}
    }
}

fn in_cmdlet(definition: &ExchangeDefinition, put: &mut impl FnMut(&ParameterName, &str, Use)) {
    for parameter in &definition.parameters {
        if let Some(name) = parameter.source() {
            put(&name, "parameters", Use::Cmdlet(parameter.kind));
        }
    }
}

pub(super) fn check(
    task: &TaskDefinition,
    used: &Used,
    place: &str,
    add: &mut impl FnMut(&str, FaultCode, String),
) {
    let all = used.iter().flat_map(|(name, places)| places.iter().map(move |place| (name, place)));
    for (name, (at, how)) in all {
        match task.parameters.iter().find(|spec| spec.name.as_str() == *name) {
            None => {
                let near = nearest(name, task.parameters.iter().map(|spec| spec.name.as_str()));
                let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
                add(at, FaultCode::Reference, format!("the task has no parameter {name}{near}"));
            }
            Some(spec) if !fits(&spec.kind, *how) => {
                let message = format!("{name} is a {} and can't be {}", spec.kind.name(), how.words());
                add(at, FaultCode::Execution, message);
            }
            Some(spec) if *how == Use::Target && (spec.binding != Binding::Always || !spec.required) => {
                let message = format!("{name} says where it is executed: it is required and bound `always`");
                add(at, FaultCode::Execution, message);
            }
            Some(_) => {}
        }
    }
    if place == "/execution" {
        for spec in task.parameters.iter().filter(|spec| !used.contains_key(spec.name.as_str())) {
            let message = format!("nothing uses the parameter {}", spec.name);
            add(&format!("/parameters/{}", spec.name), FaultCode::Reference, message);
        }
    }
}

impl Use {
    fn words(self) -> &'static str {
        match self {
            Self::Value => "an argument",
            Self::Switch => "a switch",
            Self::Input => "standard input",
            Self::Bound => "bound: the target may write bound values to its log",
            Self::Target => "the name of a host",
            Self::Segment => "a segment of a path",
            Self::Query => "in a query",
            Self::Header => "a header",
            Self::Json => "in a body",
            Self::Cmdlet(_) => "a cmdlet's parameter of that type",
        }
    }
}

const fn fits(kind: &ParameterKind, how: Use) -> bool {
    use ParameterKind as Kind;
    match how {
        Use::Value => !matches!(kind, Kind::Table { .. } | Kind::File { .. } | Kind::Secret { .. }),
        Use::Switch => matches!(kind, Kind::Switch {} | Kind::Boolean {}),
        Use::Input => matches!(kind, Kind::String { .. } | Kind::File { .. } | Kind::Secret { .. }),
        Use::Bound => !matches!(kind, Kind::Secret { .. }),
        Use::Target => match kind {
            Kind::String { .. } | Kind::Choice { .. } => true,
            Kind::List { of, .. } => matches!(**of, Kind::String { .. } | Kind::Choice { .. }),
            _ => false,
        },
        Use::Segment => {
            !matches!(kind, Kind::List { .. } | Kind::Table { .. } | Kind::File { .. } | Kind::Secret { .. })
        }
        Use::Query => !matches!(kind, Kind::Table { .. } | Kind::File { .. } | Kind::Secret { .. }),
        Use::Header => !matches!(kind, Kind::Table { .. } | Kind::File { .. }),
        Use::Json => true,
        Use::Cmdlet(of) => match of {
            CmdletType::String => !matches!(
                kind,
                Kind::Boolean {}
                    | Kind::Switch {}
                    | Kind::List { .. }
                    | Kind::Table { .. }
                    | Kind::File { .. }
                    | Kind::Secret { .. }
                    | Kind::Duration { .. }
                    | Kind::Size { .. }
            ),
            CmdletType::Integer => matches!(kind, Kind::Integer { .. }),
            CmdletType::Boolean | CmdletType::Switch => matches!(kind, Kind::Switch {} | Kind::Boolean {}),
            CmdletType::Strings => matches!(kind, Kind::List { .. }),
            CmdletType::Changes => matches!(kind, Kind::Table { .. }),
            CmdletType::TimeSpan => matches!(kind, Kind::Duration { .. }),
            CmdletType::Size => matches!(kind, Kind::Size { .. }),
            // Told by the definition's own lint.
            CmdletType::Bytes | CmdletType::SecureString | CmdletType::Credential => true,
        },
    }
}
