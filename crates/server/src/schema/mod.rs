//! JSON Schema (draft 2020-12, as OpenAPI 3.1 has it) of what the API takes and answers, derived from the very types
//! that are read and written.

mod definition;
mod parameter;
mod terms;
pub(crate) mod text;
pub(crate) mod word;

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Value as Json;

pub(crate) use definition::TaskDefinition;
pub(crate) use parameter::{ConstraintForms, ParameterSpec, Presented, Values};
pub(crate) use terms::PolicyTerms;

/// How a type is described. The generator keeps what several refer to.
pub type Shape = fn(&mut SchemaGenerator) -> Schema;

/// A type by reference to its component.
pub(crate) fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// A type written out: what a query is made of.
pub(crate) fn whole<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    T::json_schema(generator)
}

/// Both sides of the API: what is taken is described by how it is read, what is answered by how it is written.
pub(crate) struct Sides {
    pub(crate) taken: SchemaGenerator,
    pub(crate) answered: SchemaGenerator,
}

impl Sides {
    pub(crate) fn new() -> Self {
        let mut settings = SchemaSettings::draft2020_12();
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
        Self {
            taken: settings.clone().for_deserialize().into_generator(),
            answered: settings.for_serialize().into_generator(),
        }
    }

    /// Everything that was referred to. A name has one meaning on both sides; a test holds that.
    pub(crate) fn components(mut self) -> BTreeMap<String, Json> {
        let taken = self.taken.take_definitions(true);
        let answered = self.answered.take_definitions(true);
        taken.into_iter().chain(answered).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_meaning() {
        let mut sides = Sides::new();
        crate::openapi::describe(&mut sides);
        let taken = sides.taken.take_definitions(true);
        let answered = sides.answered.take_definitions(true);
        for (name, schema) in &taken {
            assert!(
                answered.get(name).is_none_or(|other| other == schema),
                "{name} is taken and answered in two forms"
            );
            assert!(!name.ends_with('2'), "{name}: two types share a name");
        }
        assert!(answered.keys().all(|name| !name.ends_with('2')), "two types share a name");
        assert!(taken.len() > 5 && answered.len() > 20);
    }
}
