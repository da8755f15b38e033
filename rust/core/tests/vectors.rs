//! The golden vectors of `tests/vectors`, both ways and cut short everywhere.

mod common;

use common::{bytes, cases, fields_json, list, node, number, patch, patches, text, values, vectors};
use serde_json::Value as Json;
use vango_core::error::DecodeError;
use vango_core::model::Model;
use vango_core::patch::Patch;
use vango_core::varint;
use vango_core::wire::frame;
use vango_core::wire::reader::{write_str, Reader};
use vango_core::wire::{event, message, node as nodes, ops, table};

#[test]
fn numbers() {
    let file = vectors("varint.json");
    for case in list(&file["uv"]) {
        let (value, hex) = (number(&case["value"]), bytes(&case["hex"]));
        let mut out = Vec::new();
        varint::write_uv(&mut out, value);
        assert_eq!(hex, out, "{value}");
        assert_eq!(hex.len(), varint::uv_len(value), "{value}");
        assert_eq!(Ok((value, hex.len())), varint::read_uv(&hex));
        for end in 0..hex.len() {
            assert_eq!(Err("truncated"), varint::read_uv(&hex[..end]), "{value} cut at {end}");
        }
    }
    for case in list(&file["sv"]) {
        let (value, hex) = (case["value"].as_i64().expect("a number"), bytes(&case["hex"]));
        let mut out = Vec::new();
        varint::write_sv(&mut out, value);
        assert_eq!(hex, out, "{value}");
        assert_eq!(Ok(value), Reader::new(&hex).sv());
    }
}

#[test]
fn strings() {
    let file = vectors("strings.json");
    for case in list(&file["good"]) {
        let (value, hex) = (text(&case["text"]), bytes(&case["hex"]));
        let mut out = Vec::new();
        write_str(&mut out, value);
        assert_eq!(hex, out, "{value}");
        assert_eq!(Ok(value), Reader::new(&hex).str());
        for end in 0..hex.len() {
            assert!(Reader::new(&hex[..end]).str().is_err(), "{value} cut at {end}");
        }
    }
    for case in list(&file["bad"]) {
        let error = Reader::new(&bytes(&case["hex"])).str().expect_err(text(&case["name"]));
        assert!(error.reason.contains(text(&case["reason"])), "{}: {error}", case["name"]);
    }
}

#[test]
fn examples_and_instances() {
    for (name, case) in cases("examples.json") {
        let (value, hex) = (node(&case["node"]), bytes(&case["hex"]));
        assert_eq!(Ok(value), nodes::decode(&hex), "{name}");
        for end in 0..hex.len() {
            assert!(nodes::decode(&hex[..end]).is_err(), "{name} cut at {end}");
        }
    }
}

#[test]
fn all_nodes() {
    for (name, case) in cases("nodes.json") {
        let (value, hex) = (node(&case["node"]), bytes(&case["hex"]));
        assert_eq!(hex, nodes::encode(&value, false), "{name}");
        assert_eq!(Ok(value), nodes::decode(&hex), "{name}");
        for end in 0..hex.len() {
            assert!(nodes::decode(&hex[..end]).is_err(), "{name} cut at {end}");
        }
    }
}

#[test]
fn all_ops() {
    for (name, case) in cases("ops.json") {
        let hex = bytes(&case["hex"]);
        let expected: Vec<_> = Some(&case["patch"]).filter(|json| !json.is_null()).map(patch).into_iter().collect();
        assert_eq!(Ok(&expected), ops::decode(&hex).as_ref(), "{name}");
        if !expected.is_empty() {
            assert_eq!(hex, ops::encode(&expected), "{name}");
        }
        for end in 1..hex.len() {
            assert!(ops::decode(&hex[..end]).is_err(), "{name} cut at {end}");
        }
    }
}

#[test]
fn many_texts_at_once() {
    for (name, case) in cases("texts.json") {
        let hex = bytes(&case["hex"]);
        let set = |pair: &Json| Patch::SetText { hid: number(&pair[0]) as u32, text: text(&pair[1]).into() };
        assert_eq!(Ok(list(&case["texts"]).iter().map(set).collect()), ops::decode(&hex), "{name}");
        for end in 1..hex.len() {
            assert!(ops::decode(&hex[..end]).is_err(), "{name} cut at {end}");
        }
    }
}

#[test]
fn rules_inside_a_burst() {
    for (name, case) in cases("apply.json") {
        let before = Model::from_node(&node(&case["before"])).expect(&name);
        let burst = patches(&case["patches"]);
        assert_eq!(Ok(&burst), ops::decode(&ops::encode(&burst)).as_ref(), "{name}");
        let mut model = before.clone();
        let applied = model.apply(&burst);
        if let Some(reason) = case.get("error") {
            let error = applied.expect_err(&name);
            assert!(error.reason.contains(text(reason)), "{name}: {error}");
            assert_eq!(before, model, "{name}: something stayed applied");
        } else {
            assert_eq!(Ok(()), applied, "{name}");
            assert_eq!(node(&case["after"]), model.to_node(), "{name}");
        }
    }
}

#[test]
fn all_messages() {
    for (name, case) in cases("messages.json") {
        let (kind, flags) = (number(&case["kind"]) as u8, number(&case["flags"]) as u8);
        let spec = table::find(kind).expect(&name);
        assert_eq!(text(&case["message"]), spec.name, "{name}");
        assert_eq!(text(&case["from"]), spec.sender.name(), "{name}");
        let (fields, payload) = (values(spec, flags, &case["fields"]), bytes(&case["payload"]));
        let hex = bytes(&case["hex"]);
        assert_eq!(Ok(&hex), message::encode(kind, flags, &fields, &payload).as_ref(), "{name}");

        let bodies = frame::split(&hex, hex.len()).expect(&name);
        assert_eq!(1, bodies.len(), "{name}");
        let read = message::decode(bodies[0]).expect(&name);
        assert_eq!(
            (kind, flags, &fields, &*payload),
            (read.spec.kind, read.flags, &read.values, read.payload),
            "{name}"
        );

        for end in 1..hex.len() {
            assert!(frame::split(&hex[..end], hex.len()).is_err(), "{name} cut at {end}");
        }
        for end in 0..bodies[0].len() - payload.len() {
            assert!(message::decode(&bodies[0][..end]).is_err(), "{name}, its body cut at {end}");
        }
        if !spec.payload {
            let longer = [bodies[0], b"\0later"].concat();
            assert_eq!(Ok(&fields), message::decode(&longer).map(|read| read.values).as_ref(), "{name}");
        }
    }
}

#[test]
fn every_message_has_a_vector() {
    let seen: Vec<_> = cases("messages.json").iter().map(|(_, case)| number(&case["kind"]) as u8).collect();
    for spec in &table::MESSAGES {
        assert!(seen.contains(&spec.kind), "{} has no vector", spec.name);
    }
}

#[test]
fn event_fields() {
    for (name, case) in cases("event_fields.json") {
        let (kind, hex) = (number(&case["kind"]), bytes(&case["hex"]));
        let fields = event::decode(kind, &hex).expect(&name);
        assert_eq!(case["fields"], fields_json(&fields), "{name}");
        assert_eq!(Ok(&hex), event::encode(kind, &fields).as_ref(), "{name}");
        for end in 1..hex.len() {
            assert!(event::decode(kind, &hex[..end]).is_err(), "{name} cut at {end}");
        }
    }
}

#[test]
fn what_is_refused() {
    for (name, case) in cases("bad.json") {
        let hex = bytes(&case["hex"]);
        let error: DecodeError = match text(&case["what"]) {
            "varint" => Reader::new(&hex).uv().map(drop),
            "node" => nodes::decode(&hex).map(drop),
            "ops" => ops::decode(&hex).map(drop),
            "snapshot" => Model::from_snapshot(&hex).map(drop),
            "frame" => frame::split(&hex, case["limit"].as_u64().map_or(65_536, |limit| limit as usize)).map(drop),
            "message" => message::decode(&hex).map(drop),
            "event" => event::decode(number(&case["event_kind"]), &hex).map(drop),
            other => panic!("{name}: nothing reads {other}"),
        }
        .expect_err(&name);
        assert!(error.offset <= hex.len(), "{name}: {error}");
        let reason = text(&case["reason"]);
        let said = match reason {
            "hid" => error.reason.contains("hid"),
            "hid 0" => error.reason.starts_with("hid 0"),
            "tag" => error.reason.contains("tag"),
            other => error.reason.contains(other),
        };
        assert!(said, "{name}: {error}, not {reason}");
    }
}
