//! Ops 20 to 3F: what a burst does beside changing the document (PROTOCOL section 1).

use super::reader::{write_str, Reader};
use crate::error::DecodeError;
use crate::node::Hid;
use crate::varint::{write_uv, zigzag};

const NAV: u8 = 0x20;
const EMIT: u8 = 0x21;
const FOCUS: u8 = 0x22;
const SCROLL: u8 = 0x23;

/// Something that happens once, when its burst has been applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The page is another one.
    Nav {
        /// How the history takes it.
        mode: u8,
        /// Path and query.
        path: Box<str>,
    },
    /// An event for scripts of the page.
    Emit {
        /// Its name.
        name: Box<str>,
        /// One JSON text, "" for nothing.
        json: Box<str>,
    },
    /// An element gets the focus.
    Focus {
        /// Which one.
        hid: Hid,
    },
    /// An element, or the window if `hid` is 0, is scrolled to a point.
    Scroll {
        /// Which one.
        hid: Hid,
        /// CSS pixels from the left.
        x: i64,
        /// CSS pixels from the top.
        y: i64,
    },
}

impl Effect {
    /// Whether it is sent again until it is acknowledged; any other is lost with its burst.
    pub fn lasts(&self) -> bool {
        matches!(self, Self::Nav { .. } | Self::Emit { .. })
    }

    /// Append it as one op.
    pub fn write(&self, out: &mut Vec<u8>) {
        let mut payload = Vec::new();
        let opcode = match self {
            Self::Nav { mode, path } => {
                payload.push(*mode);
                write_str(&mut payload, path);
                NAV
            }
            Self::Emit { name, json } => {
                write_str(&mut payload, name);
                write_str(&mut payload, json);
                EMIT
            }
            Self::Focus { hid } => {
                write_uv(&mut payload, (*hid).into());
                FOCUS
            }
            Self::Scroll { hid, x, y } => {
                write_uv(&mut payload, (*hid).into());
                write_uv(&mut payload, zigzag(*x));
                write_uv(&mut payload, zigzag(*y));
                SCROLL
            }
        };
        out.push(opcode);
        write_uv(out, payload.len() as u64);
        out.extend_from_slice(&payload);
    }

    /// Read the payload of an op; `None` for one that a later version may know.
    pub(super) fn read(opcode: u8, payload: &mut Reader<'_>) -> Result<Option<Self>, DecodeError> {
        Ok(Some(match opcode {
            NAV => Self::Nav { mode: payload.u8()?, path: payload.str()?.into() },
            EMIT => Self::Emit { name: payload.str()?.into(), json: payload.json()?.into() },
            FOCUS => Self::Focus { hid: payload.hid()? },
            SCROLL => Self::Scroll { hid: payload.hid_or_0()?, x: payload.sv()?, y: payload.sv()? },
            _ => return Ok(None),
        }))
    }
}
