//! What waits to be sent to the client of one session.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use vango_core::node::Hid;
use vango_core::outbox::{self, Bounds, Client};
use vango_core::wire::effect::Effect;
use vango_core::wire::fold::Forms;
use vango_core::wire::ops;

use crate::error::{decode_error, value_error};
use crate::tree::Tree;

/// From so many bytes on, other Python threads run while a burst is made.
const MANY_BYTES: usize = 32 * 1024;

/// What waits to be sent to the client of one session, and what may have to be sent again; it outlives
/// connections. Spec: PROTOCOL section 3.
///
/// Args:
///     epoch: The incarnation of the view; `renew` begins another.
///     ring_bursts: Most bursts that are kept until they are acknowledged; 0 keeps none.
///     ring_bytes: Most bytes of their ops.
///     window_bytes: Unacknowledged and waiting bytes above which nothing new is to be rendered.
///     part_bytes: Longest payload of one frame, above 0; longer ones are split.
#[pyclass(frozen, module = "vango._core")]
pub struct Outbox {
    state: Mutex<outbox::Outbox>,
}

impl Outbox {
    fn state(&self) -> MutexGuard<'_, outbox::Outbox> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, effect: Effect) -> bool {
        self.state().add(effect).is_ok()
    }
}

#[pymethods]
impl Outbox {
    #[new]
    #[pyo3(signature = (epoch, /, *, ring_bursts, ring_bytes, window_bytes, part_bytes))]
    fn new(
        epoch: u64,
        ring_bursts: usize,
        ring_bytes: usize,
        window_bytes: usize,
        part_bytes: usize,
    ) -> PyResult<Self> {
        if part_bytes == 0 {
            return Err(value_error("part_bytes is above 0"));
        }
        let bounds = Bounds { ring_bursts, ring_bytes, window_bytes, part_bytes };
        Ok(Self { state: Mutex::new(outbox::Outbox::new(epoch, bounds)) })
    }

    /// The incarnation of the view.
    #[getter]
    fn epoch(&self) -> u64 {
        self.state().epoch()
    }

    /// The burst that was sealed last; 0 is the served page.
    #[getter]
    fn rev(&self) -> u64 {
        self.state().rev()
    }

    /// What the burst that was sealed last for this connection acknowledges; 0 if there is none, or it was cancelled.
    #[getter]
    fn ack(&self) -> u64 {
        self.state().ack()
    }

    /// Whether the next burst is a snapshot, which shows the tree as it is.
    #[getter]
    fn is_whole(&self) -> bool {
        self.state().is_whole()
    }

    /// Whether ops wait for a burst.
    #[getter]
    fn is_pending(&self) -> bool {
        self.state().is_pending()
    }

    /// Whether parts of a burst wait to be taken.
    #[getter]
    fn is_partial(&self) -> bool {
        self.state().is_partial()
    }

    /// Whether a burst has been sealed or is due: parts or ops wait, or the next one is a snapshot.
    #[getter]
    fn has_more(&self) -> bool {
        let state = self.state();
        state.is_partial() || state.is_pending() || state.is_whole()
    }

    /// Bytes that are held: pending, owed, kept to be sent again, and in parts.
    #[getter]
    fn held_bytes(&self) -> usize {
        self.state().held_bytes()
    }

    /// Bursts that are kept to be sent again.
    #[getter]
    fn kept(&self) -> usize {
        self.state().kept()
    }

    /// Begin another epoch: only a snapshot leads there.
    #[pyo3(signature = (epoch, /))]
    fn renew(&self, epoch: u64) {
        self.state().renew(epoch);
    }

    /// Whether a client that has `rev` of this epoch can go on from there. What was on its way to an earlier
    /// connection of this client is cancelled: call `attach` next.
    #[pyo3(signature = (rev, /, *, lower))]
    fn resumes(&self, rev: u64, lower: bool) -> bool {
        self.state().resumes(rev, lower)
    }

    /// Begin a connection, whose client has `rev` of this epoch; `None`: it has nothing.
    ///
    /// Args:
    ///     rev: What the client has applied, which is acknowledged by that.
    ///     deflate: It inflates.
    ///     templates: It understands examples and instances.
    ///     texts: It understands many texts at once.
    ///     lower: It knows ops 01 to 05 only: give `push` what was lowered.
    ///     burst_bytes: Longest payload that it takes, inflated.
    /// Returns:
    ///     Whether it goes on from `rev`, see `resumes`; else a snapshot comes first.
    #[pyo3(signature = (rev, /, *, deflate, templates, texts, lower, burst_bytes))]
    #[allow(clippy::fn_params_excessive_bools)] // they are keywords
    fn attach(
        &self,
        rev: Option<u64>,
        deflate: bool,
        templates: bool,
        texts: bool,
        lower: bool,
        burst_bytes: usize,
    ) -> bool {
        let forms = Forms { templates, texts };
        self.state().attach(Client { deflate, forms, lower, burst_bytes }, rev)
    }

    /// Its client has the bursts up to `rev`; False, and nothing has changed, if that was never sealed.
    #[pyo3(signature = (rev, /))]
    fn acknowledge(&self, rev: u64) -> bool {
        let mut state = self.state();
        let was_sealed = rev <= state.rev();
        if was_sealed {
            state.acknowledge(rev);
        }
        was_sealed
    }

    /// Put an element into the next burst, or everything if `hid` is 0; a burst that is half sent gives way
    /// to everything.
    #[pyo3(signature = (hid, /))]
    fn refetch(&self, hid: Hid) {
        self.state().refetch(hid);
    }

    /// The tree has changed by these ops, lowered if the client needs that.
    #[pyo3(signature = (ops, /))]
    fn push(&self, ops: &[u8]) {
        self.state().push(ops);
    }

    /// Let the page be another one with the next burst; False if too much is owed already.
    #[pyo3(signature = (mode, path, /))]
    fn nav(&self, mode: u8, path: &str) -> bool {
        self.add(Effect::Nav { mode, path: path.into() })
    }

    /// Let scripts of the page have an event with the next burst; False if too much is owed already.
    #[pyo3(signature = (name, json, /))]
    fn emit(&self, name: &str, json: &str) -> bool {
        self.add(Effect::Emit { name: name.into(), json: json.into() })
    }

    /// Let an element get the focus with the next burst; it is not sent again.
    #[pyo3(signature = (hid, /))]
    fn focus(&self, hid: Hid) {
        self.add(Effect::Focus { hid });
    }

    /// Scroll an element, or the window if `hid` is 0, with the next burst; it is not sent again.
    #[pyo3(signature = (hid, x, y, /))]
    fn scroll(&self, hid: Hid, x: i64, y: i64) {
        self.add(Effect::Scroll { hid, x, y });
    }

    /// Whether what changes now is to be rendered now.
    ///
    /// Args:
    ///     queued_bytes: What waits for the client beside this outbox.
    #[pyo3(signature = (queued_bytes, /))]
    fn is_open(&self, queued_bytes: usize) -> bool {
        self.state().is_open(queued_bytes)
    }

    /// Make one burst of what is due, of the tree as it is now; False if nothing is, or parts still wait.
    /// Call `take` next.
    ///
    /// Args:
    ///     tree: The tree that all that was pushed has led to.
    ///     ack: The events up to this one have finished, and their effects are in what was pushed.
    /// Raises:
    ///     ValueError: The burst is larger than the client takes; the session has to end.
    ///     EngineError: A bug of the engine; neither may be used again.
    #[pyo3(signature = (tree, ack, /))]
    fn seal(&self, tree: &Bound<'_, Tree>, ack: u64) -> PyResult<bool> {
        let py = tree.py();
        let tree = tree.get();
        let (whole, bytes) = {
            let state = self.state();
            (state.is_whole(), state.held_bytes())
        };
        let size = match (whole, bytes) {
            (true, _) => tree.with(py, 0, |tree| Ok(tree.count()))?,
            (false, MANY_BYTES..) => u32::MAX,
            (false, _) => 0,
        };
        tree.with(py, size, |tree| Ok(self.state().seal(tree, ack)))?
            .map_err(|error| value_error(format!("burst_bytes: {error}")))
    }

    /// The next bytes for the transport, one or more whole frames; b"" if there are none.
    fn take<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let part = self.state().take().unwrap_or_default();
        PyBytes::new(py, &part)
    }
}

/// The payload of a burst as short as it may be written: what is alike in it as examples and instances (PROTOCOL 1.12),
/// many texts at once (PROTOCOL 1.13); `None` where nothing is to be gained, or where it is short.
///
/// Args:
///     payload: The payload of a DIFF or, with `snapshot`, of a SNAPSHOT; inflated.
#[pyfunction]
#[pyo3(signature = (payload, /, *, snapshot=false))]
pub fn fold<'py>(py: Python<'py>, payload: &[u8], snapshot: bool) -> Option<Bound<'py, PyBytes>> {
    vango_core::wire::fold::fold(payload, snapshot, Forms::ALL).map(|bytes| PyBytes::new(py, &bytes))
}

/// One complete raw-deflate stream of some bytes; `None` where it would not be shorter.
///
/// Args:
///     data: What to compress, on its own: no state lasts from one call to the next.
#[pyfunction]
#[pyo3(signature = (data, /))]
pub fn deflate<'py>(py: Python<'py>, data: &[u8]) -> Option<Bound<'py, PyBytes>> {
    vango_core::deflate::deflate(data).map(|bytes| PyBytes::new(py, &bytes))
}

/// What one complete raw-deflate stream holds.
///
/// Args:
///     data: The stream, and nothing else.
///     max_bytes: The most that it may hold; more memory is never taken.
/// Raises:
///     DecodeError: It is no such stream, it is cut, it goes on behind its end, or it holds more.
#[pyfunction]
#[pyo3(signature = (data, max_bytes, /))]
pub fn inflate<'py>(py: Python<'py>, data: &[u8], max_bytes: usize) -> PyResult<Bound<'py, PyBytes>> {
    let bytes = vango_core::deflate::inflate(data, max_bytes).map_err(|error| decode_error(py, &error))?;
    Ok(PyBytes::new(py, &bytes))
}

/// What a burst does beside changing the document, in order: `("nav", mode, path)`, `("emit", name, json)`,
/// `("focus", hid)`, `("scroll", hid, x, y)`.
///
/// Args:
///     payload: The payload of a DIFF or, with `snapshot`, of a SNAPSHOT; inflated.
/// Raises:
///     DecodeError: Bytes that break the protocol; `.offset` is the first bad one.
#[pyfunction]
#[pyo3(signature = (payload, /, *, snapshot=false))]
pub fn decode_effects<'py>(py: Python<'py>, payload: &[u8], snapshot: bool) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let effects = ops::effects(payload, snapshot).map_err(|error| decode_error(py, &error))?;
    let give = |effect: &Effect| {
        Ok(match effect {
            Effect::Nav { mode, path } => ("nav", *mode, &**path).into_pyobject(py)?.into_any(),
            Effect::Emit { name, json } => ("emit", &**name, &**json).into_pyobject(py)?.into_any(),
            Effect::Focus { hid } => ("focus", *hid).into_pyobject(py)?.into_any(),
            Effect::Scroll { hid, x, y } => ("scroll", *hid, *x, *y).into_pyobject(py)?.into_any(),
        })
    };
    effects.iter().map(give).collect()
}
