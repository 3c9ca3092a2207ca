//! What an index table is: a noun with typed columns, declared once for every store.

use super::cell::{Cell, CellError, CellKind};

/// A column of a noun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnDef {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: CellKind,
    /// Whether it may be empty.
    pub nullable: bool,
}

/// The order in which a list shows its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The newest first, by the event that made the row.
    Newest,
    /// By this text column, which no two rows share.
    Name(&'static str),
}

/// An index table.
#[derive(Debug, PartialEq, Eq)]
pub struct Noun {
    /// The table's name.
    pub table: &'static str,
    /// Its columns; the first is `seq`, the event that made the row.
    pub columns: &'static [ColumnDef],
    /// The columns that tell rows apart.
    pub key: &'static [&'static str],
    /// Further columns that rows are looked up by.
    pub indexes: &'static [&'static str],
    /// The order of lists.
    pub order: Order,
    /// The column that says whose row it is, for people who see only their own.
    pub person: Option<&'static str>,
    /// The column that says which request it belongs to.
    pub request: Option<&'static str>,
}

/// A row of a noun, typed.
pub trait Typed: Sized {
    /// The noun.
    const NOUN: &'static Noun;

    /// The values in the order of the noun's columns.
    fn cells(&self) -> Vec<Cell>;

    /// Reads values in the order of the noun's columns.
    ///
    /// # Errors
    /// When a value is not of its column's type.
    fn from_cells(cells: Vec<Cell>) -> Result<Self, CellError>;
}

/// A column with a value: to set it, or to look for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The column.
    pub column: &'static str,
    /// The value.
    pub cell: Cell,
}

/// A change of one index row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// This row is there, with these values; if it was there before, only `seq` stays as it was.
    Put {
        /// The table.
        noun: &'static Noun,
        /// All values.
        cells: Vec<Cell>,
    },
    /// Some values of a row changed, if it is there.
    Set {
        /// The table.
        noun: &'static Noun,
        /// Which row: the columns of the noun's key.
        key: Vec<Cell>,
        /// The new values.
        fields: Vec<Field>,
    },
    /// A count of a row grew by one, if it is there.
    Count {
        /// The table.
        noun: &'static Noun,
        /// Which row.
        key: Vec<Cell>,
        /// Which count.
        column: &'static str,
    },
    /// A row is gone.
    Delete {
        /// The table.
        noun: &'static Noun,
        /// Which row.
        key: Vec<Cell>,
    },
}

impl Row {
    /// A whole row.
    #[must_use]
    pub fn put<T: Typed>(row: &T) -> Self {
        Self::Put { noun: T::NOUN, cells: row.cells() }
    }

    /// Some values of a row.
    #[must_use]
    pub fn set<T: Typed>(key: Vec<Cell>, fields: Vec<Field>) -> Self {
        Self::Set { noun: T::NOUN, key, fields }
    }
}

macro_rules! nouns {
    ($(
        $(#[$doc:meta])*
        $module:ident {
            $($(#[$field_doc:meta])* $field:ident: $type:ty,)*
        }
        key($($key:ident),+) index($($index:ident),*) order($order:expr) person($person:expr) request($request:expr)
    )*) => {
        $(
            $(#[$doc])*
            pub mod $module {
                use super::*;

                $(#[$doc])*
                #[derive(Debug, Clone, PartialEq, Serialize)]
                pub struct Row {
                    $($(#[$field_doc])* pub $field: $type,)*
                }

                /// The table.
                pub static NOUN: Noun = Noun {
                    table: stringify!($module),
                    columns: &[$(ColumnDef {
                        name: stringify!($field),
                        kind: <$type as Column>::KIND,
                        nullable: <$type as Column>::NULLABLE,
                    },)*],
                    key: &[$(stringify!($key)),+],
                    indexes: &[$(stringify!($index)),*],
                    order: $order,
                    person: $person,
                    request: $request,
                };

                impl Typed for Row {
                    const NOUN: &'static Noun = &NOUN;

                    fn cells(&self) -> Vec<Cell> {
                        vec![$(self.$field.to_cell(),)*]
                    }

                    fn from_cells(cells: Vec<Cell>) -> Result<Self, CellError> {
                        let mut cells = cells.into_iter();
                        Ok(Self {
                            $($field: <$type>::from_cell(cells.next().ok_or(CellError("all columns"))?)?,)*
                        })
                    }
                }

                $(
                    $(#[$field_doc])*
                    #[must_use]
                    pub fn $field(value: &$type) -> Field {
                        Field { column: stringify!($field), cell: value.to_cell() }
                    }
                )*
            }
        )*

        /// Every noun, for making tables.
        pub static NOUNS: &[&Noun] = &[$(&$module::NOUN,)*];
    };
}

pub(super) use nouns;
