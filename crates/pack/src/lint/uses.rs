//! Every parameter has its place in the execution, spelt alike, and of a kind that fits there.

use std::borrow::Cow;
use std::collections::BTreeMap;

use countersign_core::parameter::{Binding, ParameterKind};
use countersign_core::task::TaskDefinition;
use countersign_runspace::definition::{
    Argument, CmdletType, Count, ExchangeDefinition, Hosts, PostgresqlDefinition,
};
use countersign_runspace::{Definition, ParameterName};

use crate::fault::FaultCode;
use crate::near::nearest;

/// Where a definition uses a parameter: its name, a JSON pointer, and how.
pub(super) type Used<'a> = BTreeMap<Cow<'a, str>, (String, Use)>;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Value,
    Switch,
    Input,
    Bound,
    Target,
    /// A cmdlet's parameter of this type.
    Cmdlet(CmdletType),
}

pub(super) fn of<'a>(definition: &'a Definition, place: &str) -> Used<'a> {
    match definition {
        Definition::Process(process) => in_program(&process.arguments, process.stdin.as_ref(), place),
        Definition::Ssh(program) => {
            let mut used = in_program(&program.arguments, program.stdin.as_ref(), place);
            if let Hosts::Named(hosts) = &program.target {
                used.insert(hosts.parameter.as_str().into(), (format!("{place}/target"), Use::Target));
            }
            used
        }
        Definition::Postgresql(statements) => in_statements(statements, place),
        Definition::Exchange(cmdlet) => in_cmdlet(cmdlet, place),
    }
}

fn in_program<'a>(list: &'a [Argument], stdin: Option<&'a ParameterName>, place: &str) -> Used<'a> {
    let arguments = || format!("{place}/arguments");
    let mut used = Used::new();
    for argument in list {
        match argument {
            Argument::Literal(_) => {}
            Argument::Parameter(value) => {
                _ = used.insert(value.name.as_str().into(), (arguments(), Use::Value))
            }
            Argument::Switch(switch) => {
                _ = used.insert(switch.name.as_str().into(), (arguments(), Use::Switch))
            }
        }
    }
    if let Some(name) = stdin {
        used.insert(name.as_str().into(), (format!("{place}/stdin"), Use::Input));
    }
    used
}

fn in_statements<'a>(definition: &'a PostgresqlDefinition, place: &str) -> Used<'a> {
    let counted = |count: &'a Option<Count>| count.iter().flat_map(|count| &count.parameters);
    let bound = definition.statements.iter();
    let bound = bound.flat_map(move |statement| statement.parameters.iter().chain(counted(&statement.count)));
    bound.map(|bound| (bound.name.as_str().into(), (format!("{place}/statements"), Use::Bound))).collect()
}

fn in_cmdlet<'a>(definition: &'a ExchangeDefinition, place: &str) -> Used<'a> {
    let given = definition.parameters.iter().filter_map(|parameter| {
        let at = (format!("{place}/parameters"), Use::Cmdlet(parameter.kind));
        Some((parameter.source()?.to_string().into(), at))
    });
    given.collect()
}

pub(super) fn check(
    task: &TaskDefinition,
    used: &Used<'_>,
    place: &str,
    add: &mut impl FnMut(&str, FaultCode, String),
) {
    for (name, (at, how)) in used {
        match task.parameters.iter().find(|spec| spec.name.as_str() == name.as_ref()) {
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
