//! Checked values in the form that a runspace takes. Files aside, which lie in a store that a pack doesn't know.

use std::collections::BTreeMap;

use countersign_core::parameter::{Value, Values};
use countersign_runspace::parameter::{Row, Secret};
use countersign_runspace::{ParameterName, ParameterValue};

/// A value that has no form there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Files are uploaded, and a pack has none.
    #[error("a file")]
    File,
    /// No text form, or a name that is none there.
    #[error("a value without a form")]
    Form,
}

impl Unfit {
    /// The stable text form.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::File => "file_missing",
            Self::Form => "parameter_form",
        }
    }
}

/// All values of a run.
///
/// # Errors
/// [`Unfit`] where one has no form.
pub fn for_runspace(values: &Values) -> Result<BTreeMap<ParameterName, ParameterValue>, Unfit> {
    let name = |name: &countersign_core::name::ParameterName| name.as_str().parse().map_err(|_| Unfit::Form);
    let mut all = BTreeMap::new();
    for (parameter, value) in values.iter() {
        all.insert(name(parameter)?, one(value)?);
    }
    for parameter in values.secret_names() {
        let secret = values.secret(parameter).ok_or(Unfit::Form)?;
        all.insert(name(parameter)?, ParameterValue::Secret(Secret::new(secret.reveal().to_owned())));
    }
    Ok(all)
}

fn one(value: &Value) -> Result<ParameterValue, Unfit> {
    let text = |value: &Value| value.to_text().ok_or(Unfit::Form);
    Ok(match value {
        Value::Integer(number) => ParameterValue::Integer(*number),
        Value::Boolean(flag) => ParameterValue::Boolean(*flag),
        Value::Decimal(_) => ParameterValue::Decimal(text(value)?),
        Value::List(items) => ParameterValue::List(items.iter().map(text).collect::<Result<_, _>>()?),
        Value::Table(lists) => {
            let mut rows = Vec::new();
            for (key, items) in lists {
                let key: ParameterName = key.parse().map_err(|_| Unfit::Form)?;
                for item in items {
                    rows.push(Row(BTreeMap::from([(key.clone(), text(item)?)])));
                }
            }
            ParameterValue::Table(rows)
        }
        Value::File(_) => return Err(Unfit::File),
        other => ParameterValue::String(text(other)?),
    })
}
