//! The bytes of the live protocol (PROTOCOL sections 1 and 2).
//!
//! Invariants:
//! - every byte from outside goes through a [`reader::Reader`], which never looks
//!   past its end and takes no memory that the bytes at hand do not account for;
//! - nothing here knows a tree: subtrees arrive through [`crate::patch`].

mod alike;
pub mod effect;
pub mod event;
pub mod example;
pub mod fold;
pub mod frame;
pub mod message;
pub mod node;
pub mod ops;
pub mod reader;
mod scan;
pub mod stream;
pub mod table;
pub mod texts;
