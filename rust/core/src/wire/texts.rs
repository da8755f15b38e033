//! Many texts at once (PROTOCOL 1.13): first the numbers of all nodes, then all that they say.
//!
//! Numbers that are equally far apart, and texts that are alike, are found by any compression when they stand
//! side by side; between ops and lengths they are not.

use std::collections::HashSet;

use super::ops::SET_TEXTS;
use super::reader::{Reader, END_OF_TEXT};
use super::scan::{Said, Scan, Spot};
use crate::error::DecodeError;
use crate::node::Hid;
use crate::patch::Patch;
use crate::varint::write_uv;

/// Fewer texts are left where they are: they would gain a few bytes, and a client that is still loading can do them
/// one by one. With as many the burst is shorter, whatever they say.
pub const MIN_TEXTS: usize = 8;

/// The payload with its texts in front, all at once; `None` where it has few.
///
/// A text may be set as early as there is its node, whatever else happens to that node: so those of nodes that
/// do not come in this burst can stand in front, each with what it says at the end.
pub(super) fn gather(scan: &Scan<'_>) -> Option<Vec<u8>> {
    if scan.texts.len() < MIN_TEXTS {
        return None;
    }
    let coming: HashSet<Hid> = scan.spots.iter().flat_map(Spot::hids).collect();
    let (there, _): (Vec<_>, Vec<_>) = scan.texts.iter().partition(|said| !coming.contains(&said.hid));
    if there.len() < MIN_TEXTS {
        return None;
    }
    let mut out = Vec::with_capacity(scan.payload.len());
    write(&mut out, &there);
    let mut at = 0;
    for said in there {
        out.extend_from_slice(&scan.payload[at..said.start]);
        at = said.end;
    }
    out.extend_from_slice(&scan.payload[at..]);
    Some(out)
}

/// Append one `SET_TEXTS`: of each node what it is told last.
fn write(out: &mut Vec<u8>, texts: &[&Said<'_>]) {
    let mut texts = texts.to_vec();
    // Those of one node stay in their order, the newest last; turned round, it is the first, and remains.
    texts.reverse();
    texts.sort_by_key(|said| said.hid);
    texts.dedup_by_key(|said| said.hid);
    let mut body = Vec::new();
    write_uv(&mut body, texts.len() as u64);
    let mut last = 0;
    for said in &texts {
        write_uv(&mut body, (said.hid - last).into());
        last = said.hid;
    }
    for said in &texts {
        body.extend_from_slice(said.text);
        body.push(END_OF_TEXT);
    }
    out.push(SET_TEXTS);
    write_uv(out, body.len() as u64);
    out.extend_from_slice(&body);
}

/// Read the payload of one `SET_TEXTS`, as the patches that it stands for.
///
/// # Errors
/// [`DecodeError`] for hids that do not ascend or are above 2^32-1, and for a text without its end or that is no UTF-8.
pub(super) fn read(payload: &mut Reader<'_>, patches: &mut Vec<Patch>) -> Result<(), DecodeError> {
    let mut last = 0;
    let hids = payload.list(1, |reader| {
        let (start, step) = (reader.offset(), reader.uv()?);
        last += step;
        match Hid::try_from(last) {
            Ok(hid) if step > 0 => Ok(hid),
            Ok(_) => Reader::fail(start, "hids that do not ascend"),
            Err(_) => Reader::fail(start, "a hid above 2^32-1"),
        }
    })?;
    for hid in hids {
        patches.push(Patch::SetText { hid, text: payload.ended_str()?.into() });
    }
    Ok(())
}
