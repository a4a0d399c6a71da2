//! The shape of an answer, read off the type itself, so that the document cannot differ from what is sent.
//!
//! A type that can be read back tells a reader which fields it expects and what each holds. The reader here gives
//! it a made value of every kind and writes down what was asked for, as JSON Schema.
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;

/// Schemas by name.
pub type Shapes = BTreeMap<String, Value>;

/// The schema of a type; the structs inside it go into `named`, and are referred to.
pub fn shape_of<T: DeserializeOwned>(named: &mut Shapes) -> Value {
    let mut schema = json!({});
    // What cannot be read from made values keeps the part of the shape that was seen.
    let _ = T::deserialize(Reader { schema: &mut schema, named });
    schema
}

/// Says nothing: a made value was not accepted.
#[derive(Debug)]
struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a made value was not accepted")
    }
}

impl std::error::Error for Unreadable {}

impl serde::de::Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Unreadable
    }
}

struct Reader<'a> {
    schema: &'a mut Value,
    named: &'a mut Shapes,
}

/// What a visitor says that it expects.
struct Expects<'a, V>(&'a V);

impl<'de, V: Visitor<'de>> fmt::Display for Expects<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }
}

macro_rules! whole {
    ($($name:ident $visit:ident $type:ty;)*) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
            *self.schema = json!({ "type": "integer", "format": "int64" });
            visitor.$visit(1 as $type)
        })*
    };
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        *self.schema = json!({ "type": ["object", "array", "string", "number", "boolean", "null"] });
        visitor.visit_unit()
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        *self.schema = json!({ "type": "boolean" });
        visitor.visit_bool(false)
    }

    whole! {
        deserialize_i8 visit_i8 i8;
        deserialize_i16 visit_i16 i16;
        deserialize_i32 visit_i32 i32;
        deserialize_i64 visit_i64 i64;
        deserialize_u8 visit_u8 u8;
        deserialize_u16 visit_u16 u16;
        deserialize_u32 visit_u32 u32;
        deserialize_u64 visit_u64 u64;
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let expects = Expects(&visitor).to_string();
        let (schema, made) = if expects.contains("RFC 3339") {
            (json!({ "type": "string", "format": "date-time" }), "2026-05-01T09:00:00Z")
        } else if expects.contains("date") {
            (json!({ "type": "string", "format": "date" }), "2026-05-01")
        } else {
            (json!({ "type": "string" }), "a")
        };
        *self.schema = schema;
        visitor.visit_str(made)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let mut inner = json!({});
        let value = visitor.visit_some(Reader { schema: &mut inner, named: self.named });
        *self.schema = or_null(inner);
        value
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        *self.schema = json!({ "type": "null" });
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let mut inner = json!({});
        let value = visitor.visit_seq(Parts { schemas: vec![&mut inner], named: self.named });
        *self.schema = json!({ "type": "array", "items": inner });
        value
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Unreadable> {
        let mut parts = vec![json!({}); len];
        let value = visitor.visit_seq(Parts { schemas: parts.iter_mut().rev().collect(), named: self.named });
        *self.schema = json!({ "type": "array", "prefixItems": parts, "minItems": len, "maxItems": len });
        value
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let mut inner = json!({});
        let value = visitor.visit_map(OneEntry { schema: &mut inner, named: self.named, given: false });
        *self.schema = json!({ "type": "object", "additionalProperties": inner });
        value
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        let mut schemas: Vec<Value> = vec![json!({}); fields.len()];
        let value = visitor.visit_map(Fields { names: fields, schemas: &mut schemas, at: 0, named: self.named });
        let properties: serde_json::Map<String, Value> =
            fields.iter().map(|field| (*field).to_owned()).zip(schemas).collect();
        let mut required = fields.to_vec();
        required.sort_unstable();
        let body = json!({ "type": "object", "properties": properties, "required": required });
        *self.schema = json!({ "$ref": format!("#/components/schemas/{}", keep(self.named, name, body)) });
        value
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        *self.schema = json!({ "type": "string", "enum": variants });
        visitor.visit_enum(First(variants.first().copied().unwrap_or_default()))
    }

    serde::forward_to_deserialize_any! { f32 f64 i128 u128 bytes byte_buf unit_struct tuple_struct ignored_any }
}

/// A schema, or null.
fn or_null(schema: Value) -> Value {
    match schema.get("type").and_then(Value::as_str) {
        Some(kind) => {
            let mut both = schema.clone();
            both["type"] = json!([kind, "null"]);
            both
        }
        None if schema.get("$ref").is_some() => json!({ "oneOf": [schema, { "type": "null" }] }),
        None => schema,
    }
}

/// Keeps a schema under its name, or under the next free one where another has it.
fn keep(named: &mut Shapes, name: &str, body: Value) -> String {
    let mut free = name.to_owned();
    while named.get(&free).is_some_and(|there| *there != body) {
        free.push('_');
    }
    named.insert(free.clone(), body);
    free
}

struct Parts<'a> {
    schemas: Vec<&'a mut Value>,
    named: &'a mut Shapes,
}

impl<'de> SeqAccess<'de> for Parts<'_> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unreadable> {
        let Some(schema) = self.schemas.pop() else { return Ok(None) };
        seed.deserialize(Reader { schema, named: self.named }).map(Some)
    }
}

struct OneEntry<'a> {
    schema: &'a mut Value,
    named: &'a mut Shapes,
    given: bool,
}

impl<'de> MapAccess<'de> for OneEntry<'_> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        if std::mem::replace(&mut self.given, true) {
            return Ok(None);
        }
        seed.deserialize(serde::de::value::StrDeserializer::new("a")).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Unreadable> {
        seed.deserialize(Reader { schema: self.schema, named: self.named })
    }
}

struct Fields<'a> {
    names: &'static [&'static str],
    schemas: &'a mut [Value],
    at: usize,
    named: &'a mut Shapes,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        match self.names.get(self.at) {
            Some(name) => seed.deserialize(serde::de::value::StrDeserializer::new(name)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Unreadable> {
        let schema = self.schemas.get_mut(self.at).ok_or(Unreadable)?;
        self.at += 1;
        seed.deserialize(Reader { schema, named: self.named })
    }
}

struct First(&'static str);

impl<'de> EnumAccess<'de> for First {
    type Error = Unreadable;
    type Variant = First;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, First), Unreadable> {
        let name = seed.deserialize(serde::de::value::StrDeserializer::new(self.0))?;
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for First {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Unreadable> {
        Err(Unreadable)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Unreadable> {
        Err(Unreadable)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Unreadable> {
        Err(Unreadable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, NaiveDate, Utc};
    use serde::Deserialize;

    #[derive(Deserialize)]
    #[allow(dead_code)]
    struct Inner {
        number: String,
        amount_pence: sundry_domain::money::Pence,
    }

    #[derive(Deserialize)]
    #[allow(dead_code)]
    struct Outer {
        rows: Vec<Inner>,
        on: NaiveDate,
        at: Option<DateTime<Utc>>,
        first: Option<Inner>,
        pair: (i64, String),
    }

    #[test]
    fn a_type_tells_its_shape() {
        let mut named = Shapes::new();
        let schema = shape_of::<Outer>(&mut named);
        assert_eq!(schema, json!({ "$ref": "#/components/schemas/Outer" }));
        let outer = &named["Outer"]["properties"];
        assert_eq!(outer["rows"]["items"]["$ref"], "#/components/schemas/Inner");
        assert_eq!(outer["on"], json!({ "type": "string", "format": "date" }));
        assert_eq!(outer["at"], json!({ "type": ["string", "null"], "format": "date-time" }));
        assert_eq!(outer["first"]["oneOf"][1]["type"], "null");
        assert_eq!(outer["pair"]["prefixItems"][0]["type"], "integer");
        assert_eq!(named["Inner"]["properties"]["amount_pence"]["type"], "integer");
    }
}
