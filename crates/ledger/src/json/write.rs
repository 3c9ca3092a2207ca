//! A serializer that writes the canonical form directly. Going through `serde_json::Value` would be shorter, but
//! turns NaN into null and lets the last of two equal keys win.

use std::{borrow::Cow, fmt::Display};

use serde::ser::{self, Serialize, Serializer};

use super::{JsonError, MAX_DEPTH, MAX_INTEGER, key::key};

pub(super) struct Writer<'a> {
    out: &'a mut Vec<u8>,
    left: u32,
}

/// An array being written.
pub(super) struct Array<'a> {
    writer: Writer<'a>,
    first: bool,
    close: &'static [u8],
}

/// An object being collected: keys are known in order only at its end.
pub(super) struct Object<'a> {
    writer: Writer<'a>,
    close: &'static [u8],
    values: Vec<u8>,
    entries: Vec<(Cow<'static, str>, usize, usize)>,
    pending: Option<String>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, left: MAX_DEPTH }
    }

    fn raw(self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    fn string(&mut self, text: &str) {
        self.out.push(b'"');
        for byte in text.bytes() {
            match byte {
                b'"' => self.out.extend_from_slice(b"\\\""),
                b'\\' => self.out.extend_from_slice(b"\\\\"),
                0x08 => self.out.extend_from_slice(b"\\b"),
                0x09 => self.out.extend_from_slice(b"\\t"),
                0x0a => self.out.extend_from_slice(b"\\n"),
                0x0c => self.out.extend_from_slice(b"\\f"),
                0x0d => self.out.extend_from_slice(b"\\r"),
                0x00..0x20 => self.out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
                _ => self.out.push(byte),
            }
        }
        self.out.push(b'"');
    }

    fn deeper(self) -> Result<Self, JsonError> {
        let left = self.left.checked_sub(1).ok_or(JsonError::Depth)?;
        Ok(Self { left, ..self })
    }

    fn array(self, close: &'static [u8]) -> Result<Array<'a>, JsonError> {
        let writer = self.deeper()?;
        writer.out.push(b'[');
        Ok(Array { writer, first: true, close })
    }

    fn object(self, close: &'static [u8]) -> Result<Object<'a>, JsonError> {
        let writer = self.deeper()?;
        Ok(Object { writer, close, values: Vec::new(), entries: Vec::new(), pending: None })
    }

    /// Opens the object with one key that externally tagged variants are written as.
    fn variant(self, name: &str) -> Result<Self, JsonError> {
        let mut writer = self.deeper()?;
        writer.out.push(b'{');
        writer.string(name);
        writer.out.push(b':');
        Ok(writer)
    }
}

impl Array<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        if !self.first {
            self.writer.out.push(b',');
        }
        self.first = false;
        value.serialize(Writer { out: self.writer.out, left: self.writer.left })
    }

    fn finish(self) {
        self.writer.out.push(b']');
        self.writer.raw(self.close);
    }
}

impl Object<'_> {
    fn entry<T: Serialize + ?Sized>(&mut self, key: Cow<'static, str>, value: &T) -> Result<(), JsonError> {
        // serde_json smuggles raw text and big numbers through keys like this one.
        if key.starts_with("$serde_json::private::") {
            return Err(JsonError::Key);
        }
        let start = self.values.len();
        value.serialize(Writer { out: &mut self.values, left: self.writer.left })?;
        self.entries.push((key, start, self.values.len()));
        Ok(())
    }

    fn finish(mut self) -> Result<(), JsonError> {
        self.entries.sort_by(|(a, ..), (b, ..)| a.encode_utf16().cmp(b.encode_utf16()));
        let mut before: Option<&str> = None;
        self.writer.out.push(b'{');
        for (key, start, end) in &self.entries {
            if before == Some(key) {
                return Err(JsonError::DuplicateKey(key.to_string()));
            }
            if before.is_some() {
                self.writer.out.push(b',');
            }
            before = Some(key);
            self.writer.string(key);
            self.writer.out.push(b':');
            self.writer.out.extend_from_slice(self.values.get(*start..*end).unwrap_or_default());
        }
        self.writer.out.push(b'}');
        self.writer.raw(self.close);
        Ok(())
    }
}

impl ser::Error for JsonError {
    fn custom<T: Display>(message: T) -> Self {
        Self::Value(message.to_string())
    }
}

impl<'a> Serializer for Writer<'a> {
    type Ok = ();
    type Error = JsonError;
    type SerializeSeq = Array<'a>;
    type SerializeTuple = Array<'a>;
    type SerializeTupleStruct = Array<'a>;
    type SerializeTupleVariant = Array<'a>;
    type SerializeMap = Object<'a>;
    type SerializeStruct = Object<'a>;
    type SerializeStructVariant = Object<'a>;

    fn serialize_bool(self, value: bool) -> Result<(), JsonError> {
        self.raw(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), JsonError> {
        self.serialize_i128(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), JsonError> {
        self.serialize_i128(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), JsonError> {
        self.serialize_i128(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), JsonError> {
        self.serialize_i128(value.into())
    }

    fn serialize_i128(self, value: i128) -> Result<(), JsonError> {
        if value.unsigned_abs() > MAX_INTEGER.into() {
            return Err(JsonError::IntegerRange);
        }
        self.raw(value.to_string().as_bytes());
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result<(), JsonError> {
        self.serialize_i128(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), JsonError> {
        self.serialize_i128(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), JsonError> {
        self.serialize_i128(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), JsonError> {
        self.serialize_i128(value.into())
    }

    fn serialize_u128(self, value: u128) -> Result<(), JsonError> {
        self.serialize_i128(value.try_into().map_err(|_| JsonError::IntegerRange)?)
    }

    fn serialize_f32(self, _: f32) -> Result<(), JsonError> {
        Err(JsonError::Float)
    }

    fn serialize_f64(self, _: f64) -> Result<(), JsonError> {
        Err(JsonError::Float)
    }

    fn serialize_char(self, value: char) -> Result<(), JsonError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(mut self, value: &str) -> Result<(), JsonError> {
        self.string(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), JsonError> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), JsonError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), JsonError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), JsonError> {
        self.raw(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), JsonError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), JsonError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        let writer = self.variant(variant)?;
        value.serialize(Writer { out: writer.out, left: writer.left })?;
        writer.raw(b"}");
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Array<'a>, JsonError> {
        self.array(b"")
    }

    fn serialize_tuple(self, _: usize) -> Result<Array<'a>, JsonError> {
        self.array(b"")
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Array<'a>, JsonError> {
        self.array(b"")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Array<'a>, JsonError> {
        self.variant(variant)?.array(b"}")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Object<'a>, JsonError> {
        self.object(b"")
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Object<'a>, JsonError> {
        self.object(b"")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Object<'a>, JsonError> {
        self.variant(variant)?.object(b"}")
    }
}

impl ser::SerializeSeq for Array<'_> {
    type Ok = ();
    type Error = JsonError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        self.item(value)
    }

    fn end(self) -> Result<(), JsonError> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeTuple for Array<'_> {
    type Ok = ();
    type Error = JsonError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        self.item(value)
    }

    fn end(self) -> Result<(), JsonError> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeTupleStruct for Array<'_> {
    type Ok = ();
    type Error = JsonError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        self.item(value)
    }

    fn end(self) -> Result<(), JsonError> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeTupleVariant for Array<'_> {
    type Ok = ();
    type Error = JsonError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        self.item(value)
    }

    fn end(self) -> Result<(), JsonError> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeMap for Object<'_> {
    type Ok = ();
    type Error = JsonError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<(), JsonError> {
        self.pending = Some(key(name)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        let key = self.pending.take().ok_or(JsonError::Key)?;
        self.entry(key.into(), value)
    }

    fn end(self) -> Result<(), JsonError> {
        self.finish()
    }
}

impl ser::SerializeStruct for Object<'_> {
    type Ok = ();
    type Error = JsonError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        self.entry(key.into(), value)
    }

    fn end(self) -> Result<(), JsonError> {
        self.finish()
    }
}

impl ser::SerializeStructVariant for Object<'_> {
    type Ok = ();
    type Error = JsonError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        self.entry(key.into(), value)
    }

    fn end(self) -> Result<(), JsonError> {
        self.finish()
    }
}
