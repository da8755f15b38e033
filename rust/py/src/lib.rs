//! `vango._core`: the Python face of the engine. Conversions only, no algorithm.
//!
//! Invariants:
//! - every class is frozen; what changes is behind a lock, and no Python code runs under one;
//! - no Rust node holds a Python object, see [`held`];
//! - a panic of the engine is caught at the boundary and raised as `EngineError`.
//!
//! `python/vango/_core.pyi` is the contract, checked by `mypy.stubtest`.

#![allow(clippy::needless_pass_by_value)] // the arguments of Python functions are owned
#![allow(clippy::doc_markdown)] // the comments of what is exported are Python docstrings

mod arrays;
mod callable;
mod children;
mod constants;
mod element;
mod error;
mod frames;
mod handler;
mod held;
mod keys;
mod make;
mod marked;
mod markup;
mod messages;
mod model;
mod names;
mod outbox;
mod patches;
mod places;
mod rows;
mod same;
mod slot;
mod tag;
mod text;
mod tree;
mod values;
mod vnode;

/// The engine of vango.
// It was never run on a free-threaded interpreter, so such an interpreter shall take its lock for it.
#[pyo3::pymodule(gil_used = true)]
mod _core {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::error::EngineError;
    #[pymodule_export]
    use crate::frames::{encode_frame, FrameReader};
    #[pymodule_export]
    use crate::handler::inspect_handler;
    #[pymodule_export]
    use crate::make::{attr_value, fragment, node, raw};
    #[pymodule_export]
    use crate::marked::Marked;
    #[pymodule_export]
    use crate::messages::{
        decode_fields, decode_message, decode_messages, encode_fields, encode_message, protocol_table,
    };
    #[pymodule_export]
    use crate::model::Model;
    #[pymodule_export]
    use crate::outbox::{decode_effects, deflate, fold, inflate, Outbox};
    #[pymodule_export]
    use crate::patches::{decode, diff, encode, Patch, Patches};
    #[pymodule_export]
    use crate::rows::rows;
    #[pymodule_export]
    use crate::slot::{Component, Slot};
    #[pymodule_export]
    use crate::tag::Tag;
    #[pymodule_export]
    use crate::tree::Tree;
    #[pymodule_export]
    use crate::vnode::VNode;

    const DEBUG: bool = cfg!(debug_assertions);

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let py = module.py();
        module.add("DecodeError", crate::error::decode_error_class(py)?)?;
        crate::messages::constants(module)?;
        pyo3::types::PySequence::register::<Patches>(py)?;
        module.add("BUILD_PROFILE", if DEBUG { "debug" } else { "release" })?;
        if DEBUG {
            let category = py.get_type::<pyo3::exceptions::PyRuntimeWarning>();
            let text = c"vango._core is a debug build, many times slower; build it with `maturin develop --release`";
            PyErr::warn(py, &category, text, 1)?;
        }
        Ok(())
    }
}
