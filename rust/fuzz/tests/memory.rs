//! What a decoder takes at most: a fixed multiple of the bytes that it was given, whatever they announce.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use proptest::collection::vec;
use proptest::prelude::*;
use vango_core::varint::write_uv;
use vango_core::wire::{event, frame, message, ops};

/// Counts what this thread holds.
struct Counting;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
}

fn count(taken: usize, given: usize) {
    HELD.set((HELD.get() + taken).saturating_sub(given));
    PEAK.set(PEAK.get().max(HELD.get()));
}

// SAFETY: all is left to the allocator of the system; only numbers are kept beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        count(0, layout.size());
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Both may be there for a moment.
        count(size, 0);
        count(0, layout.size());
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Bytes that are held at most while `act` runs, beyond those before.
fn peak<T>(act: impl FnOnce() -> T) -> usize {
    let before = HELD.get();
    PEAK.set(before);
    drop(act());
    PEAK.get() - before
}

/// For each byte of a burst or a snapshot: a REMOVE of two bytes is a patch as large as any, in a list that grows by doubling.
const PER_BYTE_OF_A_BURST: usize = 160;
/// For each byte where an example has instances: four bytes stand for as many as 64 nodes.
const PER_BYTE_OF_AN_INSTANCE: usize = 16 * PER_BYTE_OF_A_BURST;
/// For each byte of a message or of an event's fields: an empty string of one byte is 16, in such a list.
const PER_BYTE_OF_A_MESSAGE: usize = 56;
/// Lists of one item make room for four.
const AT_LEAST: usize = 1_024;

/// Every decoder stays within its bound.
fn bounded(bytes: &[u8]) {
    let has_instances = bytes.contains(&5) && bytes.contains(&2);
    let per_byte = if has_instances { PER_BYTE_OF_AN_INSTANCE } else { PER_BYTE_OF_A_BURST };
    let burst = per_byte * bytes.len() + AT_LEAST;
    let taken = [peak(|| ops::decode(bytes)), peak(|| ops::decode_snapshot(bytes))];
    assert!(taken.iter().all(|taken| *taken <= burst), "{taken:?} for {} bytes", bytes.len());
    let limit = PER_BYTE_OF_A_MESSAGE * bytes.len() + AT_LEAST;
    let taken = peak(|| frame::split(bytes, bytes.len())).max(peak(|| message::decode(bytes)));
    assert!(taken <= limit, "{taken} for {} bytes", bytes.len());
    for kind in 0..35 {
        let taken = peak(|| event::decode(kind, bytes));
        assert!(taken <= limit, "{taken} for {} bytes of kind {kind}", bytes.len());
    }
}

/// `levels` elements inside each other, each with `attrs` and a list that claims `children`.
fn claims(levels: usize, attrs: &[u8], children: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..levels {
        bytes.extend([1, 1, 1, b'i', 0]);
        bytes.extend(attrs);
        write_uv(&mut bytes, children);
    }
    bytes
}

#[test]
fn what_is_small_and_many_takes_what_is_said() {
    let many = |item: &[u8]| item.repeat(60_000 / item.len());
    let counted = |head: &[u8], item: &[u8]| {
        let mut bytes = head.to_vec();
        write_uv(&mut bytes, 50_000 / item.len() as u64);
        bytes.extend(item.repeat(50_000 / item.len()));
        bytes
    };
    bounded(&many(&[3, 1]));
    bounded(&many(&[0x20, 0]));
    bounded(&counted(&[1, 1, 1, b'i', 0, 0], &[3, 1, 0]));
    bounded(&counted(&[1, 1, 1, b'i', 0, 0], &[1, 1, 1, b'i', 0, 0, 0]));
    bounded(&counted(&[0x60, 0], &[0]));
    bounded(&counted(&[0x60, 0, 0], &[0]));
    bounded(&counted(&[0x40, 0, 1], &[0]));
    bounded(&counted(&[], &[0]));
    bounded(&counted(&[], &[0, 0]));
    bounded(&many(&[0]));
    // As many texts as bytes can hold, none of which says anything.
    let texts = [counted(&[], &[1]), vec![0xff; 50_000]].concat();
    let mut set_texts = vec![0x12];
    write_uv(&mut set_texts, texts.len() as u64);
    set_texts.extend(texts);
    bounded(&set_texts);
    // A list of one example and its instances, each of four bytes and 64 nodes.
    let mut example = vec![5, 1, 2, 1, b'i', 0, 0, 63];
    (3..66).for_each(|hid| example.extend([3, hid, 0]));
    let mut instances = vec![1, 1, 1, b'i', 0, 0];
    write_uv(&mut instances, 12_501);
    instances.extend(example);
    instances.extend([2, 100, 0, 0].repeat(12_500));
    bounded(&instances);
}

#[test]
fn what_only_claims_to_be_many_takes_nothing() {
    for count in [1, 1 << 7, 1 << 20, 1 << 32, (1 << 53) - 1] {
        bounded(&claims(1, &[0], count));
        bounded(&claims(256, &[0], count));
        let mut claim = Vec::new();
        write_uv(&mut claim, count);
        bounded(&claim);
        bounded(&[&[1, 1, 1, b'i', 0][..], &claim].concat());
        bounded(&[&[1, 1][..], &claim].concat());
        bounded(&[&[0x10][..], &claim].concat());
        bounded(&[&[0x12, 10][..], &claim, &[1; 10]].concat());
        for kind in 0x40..=0x66 {
            bounded(&[&[kind, 0][..], &claim].concat());
            bounded(&[&[kind, 0, 0][..], &claim, &[0; 64]].concat());
        }
    }
    // As many attributes as bytes could hold, at each level, of which the first one is wrong.
    bounded(&[claims(255, &[0], 1), claims(1, &[0x80, 2], 1), vec![0xff; 1_024]].concat());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn noise_takes_no_more(bytes in vec(prop_oneof![any::<u8>(), 0..8_u8], 0..500)) {
        bounded(&bytes);
    }
}
