//! The list of all tables.

use countersign_core::view::rows::NOUNS;
use countersign_core::view::{CellKind, Noun, Order};

use super::{Class, Null, Place, Shape, Table};

const INT: CellKind = CellKind::Int;
const TEXT: CellKind = CellKind::Text;
const BLOB: CellKind = CellKind::Blob;

/// Every table there is.
#[must_use]
pub fn tables() -> Vec<Table> {
    let mut all = ledger();
    all.extend(index());
    all.extend(NOUNS.iter().map(|noun| of(noun)));
    all.extend(operational());
    all.extend(ops());
    all
}

fn table(
    name: &'static str,
    class: Class,
    columns: &[(&'static str, CellKind)],
    key: &[&'static str],
) -> Table {
    Table {
        name,
        class,
        place: Place::Ledger,
        columns: columns.iter().map(|(name, kind)| (*name, *kind, Null::Never)).collect(),
        key: key.to_vec(),
        shape: Shape::ByKey,
        indexes: Vec::new(),
    }
}

impl Table {
    const fn by_arrival(mut self) -> Self {
        self.shape = Shape::ByArrival;
        self
    }

    const fn in_ops(mut self) -> Self {
        self.place = Place::Ops;
        self
    }

    fn indexed(mut self, columns: &[&'static str]) -> Self {
        self.indexes.push(columns.to_vec());
        self
    }

    fn nullable(mut self, names: &[&str]) -> Self {
        for (name, _, null) in &mut self.columns {
            if names.contains(name) {
                *null = Null::Maybe;
            }
        }
        self
    }
}

fn ledger() -> Vec<Table> {
    use Class::Ledger;
    vec![
        table("meta", Ledger, &[("name", TEXT), ("value", INT)], &["name"]),
        table("entry", Ledger, &[("seq", INT), ("bytes", BLOB)], &["seq"]),
        table(
            "batch",
            Ledger,
            &[("first_seq", INT), ("size", INT), ("root", BLOB), ("frontier", BLOB), ("seal", BLOB)],
            &["first_seq"],
        ),
        table("tile", Ledger, &[("level", INT), ("idx", INT), ("bytes", BLOB)], &["level", "idx"])
            .by_arrival(),
        table("sealed", Ledger, &[("commitment", BLOB), ("salt", BLOB), ("value", BLOB)], &["commitment"])
            .by_arrival(),
        table("blob", Ledger, &[("digest", BLOB), ("seq", INT)], &["digest", "seq"]),
    ]
}

fn index() -> Vec<Table> {
    use Class::Derived;
    let event = table(
        "event",
        Derived,
        &[
            ("seq", INT),
            ("time", INT),
            ("request", INT),
            ("kind", INT),
            ("actor", INT),
            ("person", INT),
            ("token", INT),
            ("task", INT),
            ("workload", INT),
            ("execution", INT),
            ("policy", INT),
            ("subject", INT),
            ("outcome", INT),
            ("code", INT),
        ],
        &["seq"],
    )
    .nullable(&[
        "request",
        "person",
        "token",
        "task",
        "workload",
        "execution",
        "policy",
        "subject",
        "outcome",
        "code",
    ])
    .indexed(&["request"])
    .indexed(&["time"]);
    vec![
        table("symbol", Derived, &[("id", INT), ("text", TEXT)], &["id"]).indexed(&["text"]),
        event,
        table("term", Derived, &[("term", INT), ("seq", INT)], &["term", "seq"]),
        table("cause", Derived, &[("key", BLOB), ("command", BLOB), ("seq", INT)], &["key"]),
    ]
}

fn of(noun: &'static Noun) -> Table {
    let null = |nullable| if nullable { Null::Maybe } else { Null::Never };
    let mut indexes: Vec<_> = noun.indexes.iter().map(|column| vec![*column, "seq"]).collect();
    match noun.order {
        Order::Newest if noun.key != ["seq"] => indexes.push(vec!["seq"]),
        Order::Newest | Order::Name(_) => {}
    }
    Table {
        name: noun.table,
        class: Class::Derived,
        place: Place::Ledger,
        columns: noun
            .columns
            .iter()
            .map(|column| (column.name, column.kind, null(column.nullable)))
            .collect(),
        key: noun.key.to_vec(),
        shape: Shape::ByArrival,
        indexes,
    }
}

fn operational() -> Vec<Table> {
    use Class::{Operational, Secret};
    vec![
        table("outbox", Operational, &[("id", INT), ("seq", INT), ("audience", TEXT)], &["id"]),
        table("reply", Operational, &[("key", BLOB), ("seq", INT), ("json", TEXT)], &["key"])
            .by_arrival()
            .indexed(&["seq"]),
        table(
            "snapshot",
            Operational,
            &[("size", INT), ("schema", INT), ("digest", BLOB), ("bytes", BLOB)],
            &["size"],
        ),
        table(
            "secret",
            Secret,
            &[("person", BLOB), ("credential", TEXT), ("secret", TEXT)],
            &["person", "credential"],
        ),
    ]
}

fn ops() -> Vec<Table> {
    use Class::Operational;
    vec![
        table("ops_meta", Operational, &[("name", TEXT), ("value", INT)], &["name"]).in_ops(),
        table(
            "session",
            Operational,
            &[
                ("id", BLOB),
                ("person", BLOB),
                ("created", INT),
                ("seen", INT),
                ("until", INT),
                ("data", TEXT),
            ],
            &["id"],
        )
        .in_ops()
        .indexed(&["person"])
        .indexed(&["until"]),
        table("throttle", Operational, &[("key", TEXT), ("count", INT), ("since", INT)], &["key"])
            .in_ops()
            .indexed(&["since"]),
        table("totp_step", Operational, &[("person", BLOB), ("step", INT)], &["person"]).in_ops(),
        table(
            "delivery",
            Operational,
            &[
                ("id", INT),
                ("outbox", INT),
                ("seq", INT),
                ("recipient", TEXT),
                ("audience", TEXT),
                ("state", TEXT),
                ("tries", INT),
                ("next_try", INT),
                ("changed", INT),
                ("error", TEXT),
            ],
            &["id"],
        )
        .nullable(&["error"])
        .in_ops()
        .indexed(&["state", "next_try"])
        .indexed(&["seq"]),
        table("kv", Operational, &[("name", TEXT), ("value", TEXT)], &["name"]).in_ops(),
        table(
            "upload",
            Operational,
            &[("digest", BLOB), ("person", BLOB), ("size", INT), ("created", INT)],
            &["digest", "person"],
        )
        .in_ops()
        .indexed(&["created"]),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_distinct_and_keys_are_columns() {
        let all = tables();
        assert_eq!(all.iter().map(|table| table.name).collect::<BTreeSet<_>>().len(), all.len());
        for table in &all {
            let columns: Vec<_> = table.columns.iter().map(|(name, _, _)| *name).collect();
            for used in table.key.iter().chain(table.indexes.iter().flatten()) {
                assert!(columns.contains(used), "{}.{used}", table.name);
            }
        }
    }

    #[test]
    fn credentials_are_secret_and_the_ledger_is_not_derived() {
        let class = |name: &str| tables().iter().find(|table| table.name == name).unwrap().class;
        assert_eq!(class("secret"), Class::Secret);
        for name in ["entry", "batch", "tile", "sealed"] {
            assert_eq!(class(name), Class::Ledger);
        }
        assert_eq!(class("request"), Class::Derived);
    }
}
