//! Plain data: what serde writes as values of JavaScript, read as `JSON.parse` gives them.
//!
//! Structs and maps are objects, nothing is `null`, enums stand under their variants' names, and numbers that are not finite
//! stay what they are, for which JSON has no words. serde-wasm-bindgen does the same, with a table of names that keeps them
//! from being made twice: it and the hash map for it are 4 KB of every part.

use js_sys::{Array, Object, Uint8Array};
use serde::ser::{self, Serialize, Serializer};
use std::fmt::{self, Display};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Object)]
    type Fields;

    #[wasm_bindgen(method, indexing_setter)]
    fn set(this: &Fields, key: &str, value: JsValue);
}

/// Whole numbers beyond this are not all numbers of JavaScript.
const LARGEST_WHOLE: u64 = (1 << 53) - 1;

/// A value has no form in JavaScript.
#[derive(Debug)]
pub struct Unwritable;

impl Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value has no form in JavaScript")
    }
}

impl std::error::Error for Unwritable {}

impl ser::Error for Unwritable {
    fn custom<T: Display>(_: T) -> Unwritable {
        Unwritable
    }
}

/// Writes one value.
pub struct Plain;

/// A list in the making; under a variant's name where it is of one.
pub struct List {
    items: Array,
    variant: Option<&'static str>,
}

/// An object in the making; under a variant's name where it is of one.
pub struct Record {
    fields: Fields,
    variant: Option<&'static str>,
    /// The key whose value comes next, of a map.
    key: Option<String>,
}

fn object() -> Fields {
    Object::new().unchecked_into()
}

/// `{variant: value}`, or the value where it is of none.
fn under(variant: Option<&str>, value: JsValue) -> JsValue {
    let Some(variant) = variant else { return value };
    let fields = object();
    fields.set(variant, value);
    fields.into()
}

impl List {
    fn new(variant: Option<&'static str>) -> List {
        List { items: Array::new(), variant }
    }

    fn add<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.items.push(&value.serialize(Plain)?);
        Ok(())
    }

    fn finish(self) -> JsValue {
        under(self.variant, self.items.into())
    }
}

impl Record {
    fn new(variant: Option<&'static str>) -> Record {
        Record { fields: object(), variant, key: None }
    }

    fn add<T: ?Sized + Serialize>(&mut self, key: &str, value: &T) -> Result<(), Unwritable> {
        self.fields.set(key, value.serialize(Plain)?);
        Ok(())
    }

    fn finish(self) -> JsValue {
        under(self.variant, self.fields.into())
    }
}

/// Numbers that every number of JavaScript can be.
macro_rules! numbers {
    ($($method:ident: $of:ty),*) => {
        $(fn $method(self, value: $of) -> Result<JsValue, Unwritable> {
            self.serialize_f64(value.into())
        })*
    };
}

impl Serializer for Plain {
    type Ok = JsValue;
    type Error = Unwritable;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = List;
    type SerializeTupleVariant = List;
    type SerializeMap = Record;
    type SerializeStruct = Record;
    type SerializeStructVariant = Record;

    numbers!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_u8: u8);
    numbers!(serialize_u16: u16, serialize_u32: u32, serialize_f32: f32);

    fn serialize_f64(self, value: f64) -> Result<JsValue, Unwritable> {
        Ok(JsValue::from_f64(value))
    }

    fn serialize_i64(self, value: i64) -> Result<JsValue, Unwritable> {
        let fits = value.unsigned_abs() <= LARGEST_WHOLE;
        if fits { self.serialize_f64(value as f64) } else { Err(Unwritable) }
    }

    fn serialize_u64(self, value: u64) -> Result<JsValue, Unwritable> {
        if value <= LARGEST_WHOLE { self.serialize_f64(value as f64) } else { Err(Unwritable) }
    }

    fn serialize_bool(self, value: bool) -> Result<JsValue, Unwritable> {
        Ok(JsValue::from_bool(value))
    }

    fn serialize_char(self, value: char) -> Result<JsValue, Unwritable> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<JsValue, Unwritable> {
        Ok(JsValue::from_str(value))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<JsValue, Unwritable> {
        Ok(Uint8Array::from(value).into())
    }

    fn serialize_none(self) -> Result<JsValue, Unwritable> {
        self.serialize_unit()
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<JsValue, Unwritable> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<JsValue, Unwritable> {
        Ok(JsValue::NULL)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<JsValue, Unwritable> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<JsValue, Unwritable> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<JsValue, Unwritable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<JsValue, Unwritable> {
        Ok(under(Some(variant), value.serialize(self)?))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List, Unwritable> {
        Ok(List::new(None))
    }

    fn serialize_tuple(self, _: usize) -> Result<List, Unwritable> {
        Ok(List::new(None))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List, Unwritable> {
        Ok(List::new(None))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<List, Unwritable> {
        Ok(List::new(Some(variant)))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Record, Unwritable> {
        Ok(Record::new(None))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Record, Unwritable> {
        Ok(Record::new(None))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Record, Unwritable> {
        Ok(Record::new(Some(variant)))
    }
}

/// serde asks for each kind of list apart.
macro_rules! lists {
    ($($kind:ident: $method:ident),*) => {
        $(impl ser::$kind for List {
            type Ok = JsValue;
            type Error = Unwritable;

            fn $method<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Unwritable> {
                self.add(value)
            }

            fn end(self) -> Result<JsValue, Unwritable> {
                Ok(self.finish())
            }
        })*
    };
}

lists!(SerializeSeq: serialize_element, SerializeTuple: serialize_element);
lists!(SerializeTupleStruct: serialize_field, SerializeTupleVariant: serialize_field);

/// And for each kind of struct.
macro_rules! structs {
    ($($kind:ident),*) => {
        $(impl ser::$kind for Record {
            type Ok = JsValue;
            type Error = Unwritable;

            fn serialize_field<T: ?Sized + Serialize>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Unwritable> {
                self.add(key, value)
            }

            fn end(self) -> Result<JsValue, Unwritable> {
                Ok(self.finish())
            }
        })*
    };
}

structs!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Record {
    type Ok = JsValue;
    type Error = Unwritable;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), Unwritable> {
        self.key = key.serialize(Plain)?.as_string();
        Ok(())
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Unwritable> {
        let key = self.key.take().ok_or(Unwritable)?;
        self.add(&key, value)
    }

    fn end(self) -> Result<JsValue, Unwritable> {
        Ok(self.finish())
    }
}
