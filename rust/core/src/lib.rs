//! The engine of vango: trees, their differences, and the bytes that carry them.
//!
//! Invariants of the crate:
//! - no `unsafe`, no I/O, no clock, no randomness, no Python;
//! - nodes are immutable and shared; a [`tree::Tree`] adds what one session
//!   knows about them (hids, places) beside them, never inside them;
//! - bytes from outside are checked against [`limits`] before memory is taken.
//!
//! Who may import whom: `limits, weight < error < attr, few, text < atom < attrs < own < node, template < hid, patch < live, place < plan, weigh < diff < tree`
//! and `varint < wire < deflate, model`; above both stands `outbox`. `diff` never names `wire`, `wire` never
//! names `tree`.

pub mod atom;
pub mod attr;
pub mod attrs;
pub mod deflate;
mod diff;
pub mod error;
pub mod few;
pub mod hid;
pub mod html;
#[cfg(feature = "inject-panic")]
mod inject;
pub mod limits;
mod live;
pub mod model;
pub mod node;
mod numbers;
pub mod outbox;
mod own;
pub mod patch;
pub mod patch_list;
mod place;
mod plan;
pub mod styles;
pub mod template;
pub mod text;
pub mod tree;
pub mod varint;
mod weigh;
pub mod weight;
pub mod wire;
