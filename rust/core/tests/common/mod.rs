//! Reads the golden vectors, and turns their JSON into what the codec takes.
#![allow(dead_code)] // each test binary uses its own part

pub mod random;

use std::path::Path;

use serde_json::{json, Value as Json};
use vango_core::node::Hid;
use vango_core::patch::{Patch, PatchKind, PatchNode};
use vango_core::wire::event::Fields;
use vango_core::wire::message::Value;
use vango_core::wire::table::{Spec, Type};

/// The JSON of one file of vectors.
pub fn vectors(file: &str) -> Json {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The entries of one file of vectors, each with its name.
pub fn cases(file: &str) -> Vec<(String, Json)> {
    list(&vectors(file)).iter().map(|case| (format!("{file}: {}", text(&case["name"])), case.clone())).collect()
}

pub fn list(json: &Json) -> &[Json] {
    json.as_array().unwrap_or_else(|| panic!("{json} is a list"))
}

pub fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_else(|| panic!("{json} is a string"))
}

pub fn number(json: &Json) -> u64 {
    json.as_u64().unwrap_or_else(|| panic!("{json} is a number"))
}

pub fn bytes(json: &Json) -> Vec<u8> {
    let digit = |b: u8| char::from(b).to_digit(16).expect("a hex digit") as u8;
    text(json).as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

fn hid(json: &Json) -> Hid {
    Hid::try_from(number(json)).expect("a hid")
}

fn boxed(json: &Json) -> Box<str> {
    text(json).into()
}

fn pairs(json: &Json) -> Vec<(Box<str>, Box<str>)> {
    list(json).iter().map(|pair| (boxed(&pair[0]), boxed(&pair[1]))).collect()
}

pub fn node(json: &Json) -> PatchNode {
    let kind = if let Some(text) = json.get("text") {
        PatchKind::Text(boxed(text))
    } else if let Some(html) = json.get("raw") {
        PatchKind::Raw(boxed(html))
    } else {
        PatchKind::Element {
            tag: boxed(&json["tag"]),
            events: number(&json["events"]) as u32,
            attrs: pairs(&json["attrs"]),
            children: list(&json["children"]).iter().map(node).collect(),
        }
    };
    PatchNode { hid: hid(&json["hid"]), kind }
}

pub fn patch(json: &Json) -> Patch {
    let at = |name: &str| hid(&json[name]);
    let text = |name: &str| boxed(&json[name]);
    match json["op"].as_str().expect("the name of an op") {
        "set_text" => Patch::SetText { hid: at("hid"), text: text("text") },
        "set_attr" => Patch::SetAttr { hid: at("hid"), name: text("name"), value: text("value") },
        "remove" => Patch::Remove { hid: at("hid") },
        "insert" => Patch::Insert { parent: at("parent"), before: at("before"), node: node(&json["node"]) },
        "set_events" => Patch::SetEvents { hid: at("hid"), events: number(&json["events"]) as u32 },
        "remove_attr" => Patch::RemoveAttr { hid: at("hid"), name: text("name") },
        "move" => Patch::Move { hid: at("hid"), parent: at("parent"), before: at("before") },
        other => panic!("no op is called {other}"),
    }
}

pub fn patches(json: &Json) -> Vec<Patch> {
    list(json).iter().map(patch).collect()
}

/// The header of a message in the order of the table.
pub fn values(spec: &'static Spec, flags: u8, fields: &Json) -> Vec<Value> {
    let named = fields.as_object().expect("fields by name");
    assert_eq!(spec.fields(flags).count(), named.len(), "{} has other fields: {named:?}", spec.name);
    spec.fields(flags)
        .map(|field| {
            let json = named.get(field.name).unwrap_or_else(|| panic!("{} has {}", spec.name, field.name));
            match field.ty {
                Type::Uv | Type::Hid | Type::U8 => Value::Number(number(json)),
                Type::Str | Type::Json => Value::Text(boxed(json)),
                Type::ListUv => Value::Numbers(list(json).iter().map(number).collect()),
                Type::ListStr => Value::Texts(list(json).iter().map(boxed).collect()),
                Type::PairsStrStr => Value::TextPairs(pairs(json)),
                Type::PairsStrUv => {
                    Value::NumberPairs(list(json).iter().map(|pair| (boxed(&pair[0]), number(&pair[1]))).collect())
                }
            }
        })
        .collect()
}

/// The fields of an event as the vectors write them.
pub fn fields_json(fields: &Fields) -> Json {
    match fields {
        Fields::Nothing => Json::Null,
        Fields::Values(values) => json!({ "values": values }),
        Fields::Pairs(pairs) => json!({ "pairs": pairs }),
        Fields::Key { mods, key, code } => json!({ "mods": mods, "key": key, "code": code }),
        Fields::Pointer { mods, button, x, y } => json!({ "mods": mods, "button": button, "x": x, "y": y }),
        Fields::Point { x, y } => json!({ "x": x, "y": y }),
        Fields::Json(json) => json!({ "json": json }),
        Fields::Named { name } => json!({ "name": name }),
        Fields::Navigate { mode, path } => json!({ "mode": mode, "path": path }),
        Fields::Hook { name, json } => json!({ "name": name, "json": json }),
    }
}
