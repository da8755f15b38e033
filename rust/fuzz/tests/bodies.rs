//! The bodies, driven by proptest: noise, and the golden vectors with a few bytes changed.

use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, Index};
use vango_core::deflate::{deflate, MIN_BYTES};
use vango_fuzz::{apply, diff, event, inflate, message, ops, snapshot};

/// The bytes of all golden vectors.
fn vectors() -> Vec<Vec<u8>> {
    let files =
        ["ops.json", "nodes.json", "messages.json", "event_fields.json", "bad.json", "examples.json", "texts.json"];
    let read = |file: &&str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors").join(file);
        let text = std::fs::read_to_string(path).expect("a file of vectors");
        serde_json::from_str::<Vec<serde_json::Value>>(&text).expect("a list")
    };
    let bytes = |case: &serde_json::Value| {
        let hex = case["hex"].as_str().expect("bytes in hex");
        let digit = |pair| u8::from_str_radix(&hex[pair..pair + 2], 16).expect("two digits");
        (0..hex.len()).step_by(2).map(digit).collect()
    };
    files.iter().flat_map(read).map(|case| bytes(&case)).collect()
}

/// A few of the bytes changed, dropped or doubled.
fn damage(bytes: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let hits = vec((any::<Index>(), any::<u8>(), 0..4_u8), 0..4);
    (bytes, hits).prop_map(|(mut bytes, hits)| {
        for (at, byte, how) in hits {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, byte),
                _ => bytes.truncate(at),
            }
        }
        bytes
    })
}

/// Vectors one after the other, damaged.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    damage(vec(select(vectors()), 1..4).prop_map(|all| all.concat()))
}

/// What repeats itself long enough to be deflated.
fn repeated() -> impl Strategy<Value = Vec<u8>> {
    (vec(any::<u8>(), 1..64), 0..8_usize).prop_map(|(piece, more)| piece.repeat(MIN_BYTES / piece.len() + 1 + more))
}

/// A stream of such bytes, damaged.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    damage(repeated().prop_map(|bytes| deflate(&bytes).expect("what repeats itself shrinks")))
}

fn framed(bodies: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for body in bodies {
        vango_core::wire::frame::write(&mut bytes, body);
    }
    bytes
}

/// Ops that aim at the few hids there are.
fn aimed() -> impl Strategy<Value = Vec<u8>> {
    let hid = || 0..9_u8;
    let op = prop_oneof![
        hid().prop_map(|hid| vec![1, hid, 1, b'z']),
        hid().prop_map(|hid| vec![3, hid]),
        (hid(), hid(), hid()).prop_map(|(parent, before, hid)| vec![4, parent, before, 3, hid, 0]),
        (hid(), hid(), hid(), hid()).prop_map(|(parent, before, hid, inner)| {
            vec![4, parent, before, 1, hid, 1, b'p', 0, 0, 1, 3, inner, 0]
        }),
        hid().prop_map(|hid| vec![5, hid, 1]),
        (hid(), hid(), hid()).prop_map(|(hid, parent, before)| vec![0x11, 3, hid, parent, before]),
    ];
    vec(op, 0..6).prop_map(|ops| ops.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn noise(bytes in vec(any::<u8>(), 0..300)) {
        for body in [ops, snapshot, message, event, apply, inflate] {
            body(&bytes);
        }
    }

    #[test]
    fn damaged_vectors(bytes in damaged()) {
        for body in [ops, snapshot, message, event] {
            body(&bytes);
        }
        apply(&framed(&[bytes]));
    }

    #[test]
    fn streams(stream in stream(), bytes in repeated()) {
        inflate(&stream);
        inflate(&bytes);
    }

    #[test]
    fn bursts_in_a_row(bursts in vec(aimed(), 0..5)) {
        apply(&framed(&bursts));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lives(bytes in vec(any::<u8>(), 0..600)) {
        diff(&bytes);
    }
}
