//! Every bound of the engine, with its reason.

use std::ops::RangeInclusive;

/// Deepest nesting of a tree, places included: recursion stays bounded.
pub const MAX_DEPTH: usize = 256;
/// Most children of one node.
pub const MAX_CHILDREN: usize = 100_000;
/// Most nodes and places of one tree, counted where they are shown: a node may stand in many places,
/// so a few lines can stand for more than any memory holds. A full burst carries fewer.
pub const MAX_NODES: usize = 4_194_304;
/// Most attributes of one element.
pub const MAX_ATTRS: usize = 256;
/// Kinds of events below this one have a bit of `eventbits`, a number of 31 bits.
pub const EVENT_BITS: u8 = 31;
/// Kinds of events that no element listens to: none of the document is of them. 31, which no event is of, stands
/// for the answers of an element.
pub const UNHEARD_KINDS: RangeInclusive<u8> = 32..=33;
/// Largest kind of an event.
pub const MAX_EVENT_KIND: u8 = 76;
/// Longest text, raw HTML or attribute value in bytes (the burst buffer of PROTOCOL section 6).
pub const MAX_TEXT_BYTES: usize = 16 * 1024 * 1024;
/// Longest tag or attribute name in bytes.
pub const MAX_NAME_BYTES: usize = 256;
/// Largest hid; hids are never reused, so a session that used them all must end.
pub const MAX_HID: u32 = u32::MAX;
/// Names kept interned; further ones still work, they are only not shared.
pub const MAX_INTERNED: usize = 16_384;
/// Sizes of the subtrees that are kept as instances of a template, in hids: below them little is
/// gained, and what is above is rarely one of many.
pub const TEMPLATED: RangeInclusive<u32> = 4..=256;
/// Templates that are known at a time; when they are more, all are learnt anew.
pub const MAX_TEMPLATES: usize = 4_096;
/// Most nodes of an example on the wire: what an instance of a few bytes may stand for.
pub const MAX_EXAMPLE: usize = 64;
/// Largest inbound frame from a client in bytes.
pub const MAX_INBOUND_BYTES: usize = 64 * 1024;
/// Largest burst in bytes.
pub const MAX_BURST_BYTES: usize = 16 * 1024 * 1024;
/// Most frames in one message.
pub const MAX_FRAMES: usize = 1_024;
/// Most pairs of a submitted form.
pub const MAX_FORM_PAIRS: usize = 1_000;
/// Deepest JSON text.
pub const MAX_JSON_DEPTH: usize = 64;
/// Most NAV and EMIT that wait for their acknowledgement.
pub const MAX_OWED: usize = 64;
/// Most bytes of NAV and EMIT that wait for their acknowledgement.
pub const MAX_OWED_BYTES: usize = 16 * 1024;
