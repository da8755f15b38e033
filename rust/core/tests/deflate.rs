//! Deflating and inflating (PROTOCOL section 1): what comes back is what went in, and a bomb does not go off.

use proptest::collection::vec;
use proptest::prelude::*;
use vango_core::deflate::{deflate, inflate, MIN_BYTES};

/// A stream that holds `len` zeros in a thousandth of the bytes.
fn bomb(len: usize) -> Vec<u8> {
    deflate(&vec![0; len]).expect("zeros shrink")
}

/// Bytes without repetitions.
fn noise(len: usize) -> Vec<u8> {
    let step = |state: &mut u64| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Some((*state >> 56) as u8)
    };
    std::iter::repeat(()).scan(1, |state, ()| step(state)).take(len).collect()
}

proptest! {
    #[test]
    fn what_was_deflated_inflates_to_itself(piece in vec(any::<u8>(), 1..64), times in 1_usize..200) {
        let bytes = piece.repeat(times);
        if let Some(stream) = deflate(&bytes) {
            prop_assert!(stream.len() < bytes.len());
            prop_assert_eq!(inflate(&stream, bytes.len()), Ok(bytes.clone()));
            prop_assert!(inflate(&stream, bytes.len() - 1).is_err());
        }
    }

    #[test]
    fn any_bytes_inflate_to_something_within_the_limit_or_fail(bytes in vec(any::<u8>(), 0..300)) {
        if let Ok(out) = inflate(&bytes, 1_000) {
            prop_assert!(out.len() <= 1_000);
        }
    }

    #[test]
    fn a_stream_that_is_cut_or_goes_on_is_refused(cut in 0_usize..20, more in vec(any::<u8>(), 1..4)) {
        let stream = bomb(10_000);
        prop_assume!(cut < stream.len());
        let error = inflate(&stream[..cut], 10_000).expect_err("it does not end");
        prop_assert_eq!(error.reason, "truncated: the stream does not end");
        let error = inflate(&[stream.clone(), more].concat(), 10_000).expect_err("it goes on");
        prop_assert_eq!(error.reason, "bytes behind the end of the stream");
        prop_assert_eq!(error.offset, stream.len());
    }
}

#[test]
fn nothing_carries_over_from_one_payload_to_the_next() {
    let (text, other) = (b"a page that repeats itself. ".repeat(40), b"another one, as long. ".repeat(40));
    let alone = deflate(&text);
    deflate(&other);
    assert_eq!(alone, deflate(&text));
    assert_eq!(alone, std::thread::spawn(move || deflate(&text)).join().expect("a thread"));
}

#[test]
fn what_does_not_shrink_or_is_short_is_left_as_it_is() {
    assert_eq!(None, deflate(&noise(4_000)));
    assert_eq!(None, deflate(&[0; MIN_BYTES - 1]));
    assert!(deflate(&[0; MIN_BYTES]).is_some());
    assert_eq!(None, deflate(&[]));
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let stream = bomb(64 * 1024 * 1024);
    assert!(stream.len() < 128 * 1024);
    let error = inflate(&stream, 1_000_000).expect_err("it holds more");
    assert_eq!("inflates to more than the limit", error.reason);
    // It was left where the limit was passed, long before its end.
    assert!(error.offset < stream.len() / 50, "{} of {} bytes were read", error.offset, stream.len());
}

#[test]
fn bytes_that_are_no_stream_are_refused() {
    assert_eq!("not a raw-deflate stream", inflate(&[0xff; 20], 100).expect_err("block type 3").reason);
    assert!(inflate(&[], 100).is_err());
}

#[test]
fn a_limit_of_nothing_takes_an_empty_stream() {
    assert_eq!(Ok(vec![]), inflate(&[0x03, 0x00], 0));
}
