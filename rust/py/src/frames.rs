//! Frames for who carries bytes over a stream of their own.

use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};
use vango_core::limits::MAX_BURST_BYTES;
use vango_core::wire::frame;
use vango_core::wire::stream;

use crate::error::decode_error;

/// `body` as one frame: its length in front, as a `uv` of 1 to 4 bytes for the usual sizes.
///
/// Args:
///     body: Any bytes: a snapshot, the ops of a burst, or nothing, which is a sign of life.
#[pyfunction]
#[pyo3(signature = (body, /))]
pub fn encode_frame<'py>(py: Python<'py>, body: &[u8]) -> Bound<'py, PyBytes> {
    let mut out = Vec::with_capacity(body.len() + 8);
    frame::write(&mut out, body);
    PyBytes::new(py, &out)
}

/// Takes the frames out of a stream that cuts them anywhere: a socket, a pipe, a file.
///
/// One reader belongs to one stream. It holds at most one frame that is not whole yet.
///
/// Args:
///     max_frame_bytes: Longest body that is taken, 16 MiB by default: what one burst may hold.
#[pyclass(frozen, module = "vango._core")]
pub struct FrameReader {
    stream: Mutex<stream::FrameReader>,
}

#[pymethods]
impl FrameReader {
    #[new]
    #[pyo3(signature = (*, max_frame_bytes=MAX_BURST_BYTES))]
    fn new(max_frame_bytes: usize) -> Self {
        Self { stream: Mutex::new(stream::FrameReader::new(max_frame_bytes)) }
    }

    /// Take what came next and return the bodies that are whole now, in order.
    ///
    /// The bodies are the same however the stream was cut. A stream cannot be followed beyond
    /// a fault: close the connection.
    ///
    /// Args:
    ///     data: Any number of bytes.
    ///
    /// Raises:
    ///     DecodeError: A length that is none or is above `max_frame_bytes`; `.offset` counts from
    ///         the start of the stream. Raised when the bodies before it have been returned, so
    ///         perhaps by the next call, and by every later one.
    #[pyo3(signature = (data, /))]
    fn feed<'py>(&self, py: Python<'py>, data: &[u8]) -> PyResult<Bound<'py, PyList>> {
        let mut bodies: Vec<Box<[u8]>> = Vec::new();
        // Copied first: making Python objects may run the collector, and so anybody's code.
        let fed = self.lock().feed(data, |body| bodies.push(body.into()));
        match fed {
            Err(fault) if bodies.is_empty() => Err(decode_error(py, &fault)),
            _ => PyList::new(py, bodies.iter().map(|body| PyBytes::new(py, body))),
        }
    }

    /// Say that the stream has ended.
    ///
    /// Raises:
    ///     DecodeError: It ended inside a frame, or had a fault before; `.offset` counts from the
    ///         start of the stream.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let closed = self.lock().close();
        closed.map_err(|fault| decode_error(py, &fault))
    }
}

impl FrameReader {
    fn lock(&self) -> std::sync::MutexGuard<'_, stream::FrameReader> {
        // A call leaves the reader whole at every point where it could panic.
        self.stream.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
