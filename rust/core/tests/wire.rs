//! Round trips of what is random, and decoders that meet anything.

mod common;

use common::random::{hids, plan, subtree, word};
use proptest::collection::vec;
use proptest::prelude::*;
use vango_core::error::DecodeError;
use vango_core::limits::{MAX_ATTRS, MAX_CHILDREN, MAX_DEPTH, MAX_FORM_PAIRS, MAX_FRAMES, MAX_JSON_DEPTH};
use vango_core::patch::{Patch, PatchKind, PatchNode};
use vango_core::varint::{read_uv, write_sv, write_uv, MAX_SV, MAX_UV};
use vango_core::wire::event::{self, Fields};
use vango_core::wire::frame;
use vango_core::wire::message::{self, Value};
use vango_core::wire::reader::{json_is_shallow, Reader};
use vango_core::wire::stream::FrameReader;
use vango_core::wire::table::{self, Spec, Type};
use vango_core::wire::{node, ops};

fn short() -> impl Strategy<Value = Box<str>> {
    word().prop_map(Into::into)
}

fn pair() -> impl Strategy<Value = (Box<str>, Box<str>)> {
    (short(), short())
}

fn value(ty: Type) -> BoxedStrategy<Value> {
    let uv = || 0..=MAX_UV;
    match ty {
        Type::Uv => uv().prop_map(Value::Number).boxed(),
        Type::Hid => any::<u32>().prop_map(|hid| Value::Number(hid.into())).boxed(),
        Type::U8 => any::<u8>().prop_map(|byte| Value::Number(byte.into())).boxed(),
        Type::Str => short().prop_map(Value::Text).boxed(),
        Type::Json => short().prop_filter("shallow", |json| json_is_shallow(json)).prop_map(Value::Text).boxed(),
        Type::ListUv => vec(uv(), 0..4).prop_map(Value::Numbers).boxed(),
        Type::ListStr => vec(short(), 0..4).prop_map(Value::Texts).boxed(),
        Type::PairsStrStr => vec(pair(), 0..4).prop_map(Value::TextPairs).boxed(),
        Type::PairsStrUv => vec((short(), uv()), 0..4).prop_map(Value::NumberPairs).boxed(),
    }
}

type Parts = (&'static Spec, u8, Vec<Value>, Vec<u8>);

fn any_message() -> impl Strategy<Value = Parts> {
    (0..table::MESSAGES.len(), any::<u8>(), vec(any::<u8>(), 0..40)).prop_flat_map(|(index, flags, payload)| {
        let spec = &table::MESSAGES[index];
        let flags = flags & spec.flags;
        let payload = if spec.payload { payload } else { Vec::new() };
        let values: Vec<_> = spec.fields(flags).map(|field| value(field.ty)).collect();
        (Just(spec), Just(flags), values, Just(payload))
    })
}

fn any_fields() -> impl Strategy<Value = (u64, Fields)> {
    let sv = || -MAX_SV - 1..=MAX_SV;
    prop_oneof![
        (0..31_u64).prop_map(|kind| (kind, Fields::Nothing)),
        (2..4_u64, vec(short(), 0..5)).prop_map(|(kind, values)| (kind, Fields::Values(values))),
        vec(pair(), 0..5).prop_map(|pairs| (4, Fields::Pairs(pairs))),
        (0..32_u64, pair()).prop_map(|(mods, (key, code))| (8, Fields::Key { mods, key, code })),
        (0..32_u64, 0..=MAX_UV, sv(), sv())
            .prop_map(|(mods, button, x, y)| (16, Fields::Pointer { mods, button, x, y })),
        (sv(), sv()).prop_map(|(x, y)| (17, Fields::Point { x, y })),
        short().prop_map(|name| (event::NAMED, Fields::Named { name })),
        (any::<u8>(), short()).prop_map(|(mode, path)| (event::NAVIGATE, Fields::Navigate { mode, path })),
        short().prop_map(|name| (event::HOOK, Fields::Hook { name, json: "[{}]".into() })),
    ]
}

/// Good bytes with a few of them changed, dropped or doubled: they reach deeper than noise does.
fn damaged(good: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    (good, vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..4)).prop_map(|(mut bytes, hits)| {
        for (at, byte, how) in hits {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, byte),
            }
        }
        bytes
    })
}

fn burst() -> impl Strategy<Value = Vec<Patch>> {
    (subtree(), vec(plan(), 0..8)).prop_map(|(root, plans)| {
        let (live, mut next) = (hids(&root), 1_000);
        plans.into_iter().map(|plan| plan.aim(&live, &mut next)).collect()
    })
}

/// Memory that a decoded node holds beside its bytes, in nodes.
fn room(node: &PatchNode) -> usize {
    match &node.kind {
        PatchKind::Element { children, .. } => children.capacity() + children.iter().map(room).sum::<usize>(),
        _ => 0,
    }
}

/// Whatever is accepted was spelled in the one right way, and took no more memory than its bytes account for.
fn meet(bytes: &[u8]) {
    if let Ok((value, len)) = read_uv(bytes) {
        let mut out = Vec::new();
        write_uv(&mut out, value);
        assert_eq!(&bytes[..len], out);
    }
    if let Ok(node) = node::decode(bytes) {
        let plain = node::encode(&node, false);
        // What is alike may be written shorter.
        assert!(plain == bytes || bytes.contains(&0x05));
        assert!(room(&node) <= 4 * plain.len());
    }
    if let Ok(patches) = ops::decode(bytes) {
        assert_eq!(Ok(&patches), ops::decode(&ops::encode(&patches)).as_ref());
    }
    if let Ok(bodies) = frame::split(bytes, 1 << 16) {
        let mut out = Vec::new();
        for body in bodies {
            frame::write(&mut out, body);
        }
        assert_eq!(bytes, out);
    }
    if let Ok(read) = message::decode(bytes) {
        let again = message::encode(read.spec.kind, read.flags, &read.values, read.payload).expect("what was read");
        let (_, prefix) = read_uv(&again).expect("a length");
        assert!(bytes.starts_with(&again[prefix..]));
    }
    for kind in 0..40 {
        if let Ok(fields) = event::decode(kind, bytes) {
            assert_eq!(Ok(bytes), event::encode(kind, &fields).as_deref());
        }
    }
}

proptest! {
    #[test]
    fn numbers(value in 0..=MAX_UV, signed in -MAX_SV - 1..=MAX_SV) {
        let mut out = Vec::new();
        write_uv(&mut out, value);
        write_sv(&mut out, signed);
        let mut reader = Reader::new(&out);
        prop_assert_eq!((Ok(value), Ok(signed), true), (reader.uv(), reader.sv(), reader.is_empty()));
    }

    #[test]
    fn nodes_and_all_their_cuts(root in subtree()) {
        let bytes = node::encode(&root, false);
        prop_assert_eq!(Ok(root), node::decode(&bytes));
        for end in 0..bytes.len() {
            prop_assert!(node::decode(&bytes[..end]).is_err());
        }
    }

    #[test]
    fn bursts(patches in burst()) {
        let bytes = ops::encode(&patches);
        prop_assert_eq!(Ok(patches), ops::decode(&bytes));
    }

    #[test]
    fn messages((spec, flags, values, payload) in any_message()) {
        let bytes = message::encode(spec.kind, flags, &values, &payload).expect("a message of the table");
        let bodies = frame::split(&bytes, bytes.len()).expect("one frame");
        let read = message::decode(bodies[0]).expect("a message of the table");
        prop_assert_eq!((spec, flags, values, &*payload), (read.spec, read.flags, read.values, read.payload));
    }

    #[test]
    fn fields((kind, fields) in any_fields()) {
        let bytes = event::encode(kind, &fields).expect("fields of their kind");
        prop_assert_eq!(Ok(fields), event::decode(kind, &bytes));
    }

    #[test]
    fn a_count_never_passes_what_is_there(bytes in vec(any::<u8>(), 0..40), item in 1..8_usize) {
        let mut reader = Reader::new(&bytes);
        if let Ok(count) = reader.count(item) {
            prop_assert!(count * item <= reader.remaining());
        }
    }

    #[test]
    fn noise(bytes in vec(any::<u8>(), 0..200)) {
        meet(&bytes);
    }

    #[test]
    fn damaged_nodes(bytes in damaged(subtree().prop_map(|root| node::encode(&root, false)))) {
        meet(&bytes);
    }

    #[test]
    fn damaged_bursts(bytes in damaged(burst().prop_map(|patches| ops::encode(&patches)))) {
        meet(&bytes);
    }

    #[test]
    fn damaged_messages(bytes in damaged(any_message().prop_map(|(spec, flags, values, payload)| {
        message::encode(spec.kind, flags, &values, &payload).expect("a message of the table")
    }))) {
        meet(&bytes);
        meet(bytes.get(1..).unwrap_or_default());
    }
}

#[test]
fn bytes_after_a_header_with_payload_are_its_payload() {
    let body = [0x42, 0, 1, 0, 1, 0, 1, 9, 9];
    assert_eq!(Ok(&[9, 9][..]), message::decode(&body).map(|read| read.payload));
}

#[test]
fn what_cannot_be_written_is_said() {
    let text = || Value::Text("".into());
    let number = Value::Number;
    let deep: Box<str> = "[".repeat(MAX_JSON_DEPTH + 1).into();
    let wrong = [
        (0x47, 0, vec![], "", "kind"),
        (0x4e, 2, vec![], "", "PING"),
        (0x4e, 0, vec![], "x", "PING"),
        (0x62, 0, vec![number(1), number(2)], "", "ACK"),
        (0x62, 0, vec![number(1), number(2), text()], "", "settled"),
        (0x62, 0, vec![number(1), number(MAX_UV + 1), number(0)], "", "rev"),
        (0x63, 0, vec![number(1), number(1 << 32), text()], "", "hid"),
        (0x61, table::ACTION, vec![number(1), number(1), number(1), number(1), number(0)], "", "EVENT"),
        (0x61, 0, vec![number(1), number(1), number(1), number(1), number(0), text()], "", "EVENT"),
        (0x44, 0, vec![number(1), text(), Value::Text(deep)], "", "data"),
        (
            0x45,
            0,
            vec![
                text(),
                number(256),
                number(0),
                text(),
                number(0),
                number(0),
                Value::TextPairs(vec![]),
                Value::Numbers(vec![]),
                text(),
            ],
            "",
            "origin",
        ),
    ];
    for (kind, flags, values, payload, what) in wrong {
        let error = message::encode(kind, flags, &values, payload.as_bytes()).expect_err(what);
        assert_eq!(what, error.what, "{error}");
    }
}

#[test]
fn event_fields_of_another_kind_are_refused() {
    let point = |x| Fields::Point { x, y: 0 };
    assert!(event::encode(0, &point(0)).is_err());
    assert!(event::encode(17, &point(MAX_SV + 1)).is_err());
    assert!(event::encode(31, &Fields::Nothing).is_err());
    assert!(event::encode(event::NAMED, &Fields::Nothing).is_err());
    let many = vec![("a".into(), "".into()); MAX_FORM_PAIRS + 1];
    assert!(event::encode(4, &Fields::Pairs(many)).is_err());
}

#[test]
fn frames_up_to_the_limits() {
    let mut out = Vec::new();
    frame::write(&mut out, &[0x4e, 0]);
    frame::write(&mut out, &[]);
    assert_eq!(Ok(vec![&[0x4e, 0][..], &[]]), frame::split(&out, 2));
    assert_eq!(Err(frame::TOO_BIG), frame::split(&out, 1).map_err(|error| error.reason));
    assert_eq!(Ok(Vec::<&[u8]>::new()), frame::split(&[], 0));
    assert_eq!(Ok(MAX_FRAMES), frame::split(&[0; MAX_FRAMES], 0).map(|bodies| bodies.len()));
    assert!(frame::split(&[0; MAX_FRAMES + 1], 0).is_err());
}

/// The bodies that a stream gives when it comes in these pieces, and where its fault stands.
fn streamed<'a>(pieces: impl IntoIterator<Item = &'a [u8]>, limit: usize) -> (Vec<Vec<u8>>, Option<DecodeError>) {
    let (mut reader, mut bodies) = (FrameReader::new(limit), Vec::new());
    for piece in pieces {
        if let Err(fault) = reader.feed(piece, |body| bodies.push(body.to_vec())) {
            assert_eq!(Err(&fault), reader.feed(&[0], |_| panic!("a body behind a fault")).as_ref());
            assert_eq!(Err(&fault), reader.close().as_ref());
            return (bodies, Some(fault));
        }
    }
    (bodies, reader.close().err())
}

proptest! {
    #[test]
    fn a_stream_gives_the_same_frames_however_it_is_cut(
        bodies in vec(vec(any::<u8>(), 0..300), 0..6),
        tail in vec(any::<u8>(), 0..12),
        piece in 1..400_usize,
    ) {
        let mut bytes = Vec::new();
        for body in &bodies {
            frame::write(&mut bytes, body);
        }
        prop_assert_eq!((bodies.clone(), None), streamed(bytes.chunks(piece), 300));

        // Whatever follows, what came before it was given.
        bytes.extend(tail);
        let whole = streamed([&bytes[..]], 300);
        prop_assert!(whole.0.starts_with(&bodies));
        prop_assert_eq!(whole, streamed(bytes.chunks(piece), 300));
    }
}

#[test]
fn a_stream_is_not_followed_beyond_a_fault() {
    let fault = |offset, reason| Some(DecodeError { offset, reason });
    let mut bytes = Vec::new();
    frame::write(&mut bytes, b"ab");
    frame::write(&mut bytes, b"abc");
    assert_eq!((vec![b"ab".to_vec(), b"abc".to_vec()], None), streamed([&bytes[..]], 3));
    assert_eq!((vec![b"ab".to_vec()], fault(3, frame::TOO_BIG)), streamed([&bytes[..]], 2));
    assert_eq!((vec![b"ab".to_vec()], fault(3, "the stream ends inside a frame")), streamed([&bytes[..6]], 3));
    assert_eq!((vec![], fault(0, "the stream ends inside a frame")), streamed([&[0x80; 7][..]], 3));
    assert_eq!((vec![], fault(0, "a number of more than 8 bytes")), streamed([&[0x80; 8][..]], 3));
    assert_eq!((vec![], fault(0, "an overlong number")), streamed([&[0x80, 0][..]], 3));
}

/// `levels` elements `<i>` inside each other, all with hid 1, and what the innermost holds.
fn nested(levels: usize, inner: &[u8]) -> Vec<u8> {
    let mut bytes = [1, 1, 1, b'i', 0, 0, 1].repeat(levels - 1);
    bytes.extend([1, 1, 1, b'i', 0, 0]);
    bytes.extend(inner);
    bytes
}

#[test]
fn nodes_up_to_the_limits() {
    assert!(node::decode(&nested(MAX_DEPTH, &[0])).is_ok());
    assert_eq!(Err("nested too deep"), node::decode(&nested(MAX_DEPTH + 1, &[0])).map_err(|error| error.reason));

    let list = |count: usize| {
        let mut bytes = Vec::new();
        write_uv(&mut bytes, count as u64);
        bytes.extend([3, 2, 0].repeat(count));
        nested(1, &bytes)
    };
    assert!(node::decode(&list(MAX_CHILDREN)).is_ok());
    assert_eq!(Err("too many children"), node::decode(&list(MAX_CHILDREN + 1)).map_err(|error| error.reason));

    let attrs = |count: usize| {
        let mut bytes = vec![1, 1, 1, b'i', 0];
        write_uv(&mut bytes, count as u64);
        (0..count).for_each(|i| bytes.extend(format!("\x04a{i:03}\0").bytes()));
        bytes.push(0);
        bytes
    };
    assert!(node::decode(&attrs(MAX_ATTRS)).is_ok());
    assert_eq!(Err("too many attributes"), node::decode(&attrs(MAX_ATTRS + 1)).map_err(|error| error.reason));
}

#[test]
fn json_depth_counts_brackets_outside_strings() {
    let json = |open: &str, close: &str, depth| format!("{}{}", open.repeat(depth), close.repeat(depth));
    assert!(json_is_shallow(&json("[", "]", MAX_JSON_DEPTH)));
    assert!(!json_is_shallow(&json("{\"a\":", "}", MAX_JSON_DEPTH + 1)));
    assert!(json_is_shallow(&format!("[{}]", "[],".repeat(1_000))));
    assert!(json_is_shallow(&format!("\"{}\"", "[".repeat(1_000))));
    assert!(json_is_shallow(&format!("\"\\\"{}\"", "[".repeat(1_000))));
    assert!(!json_is_shallow(&format!("\"\\\\\"{}", "[".repeat(1_000))));
}

#[test]
fn an_error_says_where() {
    let at = |bytes: &[u8]| ops::decode(bytes).expect_err("bad ops").offset;
    assert_eq!(0, at(&[0x06]));
    assert_eq!(3, at(&[3, 1, 3, 0]), "a hid");
    assert_eq!(5, at(&[1, 1, 3, b'a', b'b', 0xff]), "the first byte that is not UTF-8");
    assert_eq!(5, at(&[0x10, 4, 1, 1, b'a', 0]), "inside an extension");
    let error = message::decode(&[0x41, 16]).expect_err("a flag");
    assert_eq!("byte 1: flags that this kind does not have", error.to_string());
}
