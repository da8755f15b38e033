//! Which deflate, at which level, from which size on: bytes and time of payloads as sessions send them.
//!
//! Each compressor is made once and reset for each payload, as `vango_core::deflate` does it.

mod codecs;
mod payloads;

use std::time::Instant;

use codecs::Codec;

const ROUNDS: usize = 25;
/// Of one round, in bytes that are compressed: small payloads are repeated until the clock can tell.
const WORK: usize = 100_000;

/// Bytes, and the time of one run in the best round, in microseconds: other programs only ever add to it.
fn measure(codec: &mut dyn Codec, payload: &[u8]) -> (usize, f64) {
    let mut out = vec![0; payload.len() * 2 + 64];
    let len = codec.deflate(payload, &mut out);
    let runs = (WORK / payload.len()).max(1);
    let times = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        for _ in 0..runs {
            std::hint::black_box(codec.deflate(std::hint::black_box(payload), &mut out));
        }
        start.elapsed().as_secs_f64() * 1e6 / runs as f64
    });
    (len, times.fold(f64::INFINITY, f64::min))
}

fn main() {
    let payloads = payloads::all();
    print!("| library, level |");
    for (name, bytes) in &payloads {
        print!(" {name}, {} B |", bytes.len());
    }
    println!("\n|---|{}", "---|".repeat(payloads.len()));
    for (name, make) in codecs::LIBRARIES {
        for level in 1..=9 {
            let mut codec = make(level);
            print!("| {name} {level} |");
            for (_, payload) in &payloads {
                let (bytes, us) = measure(&mut *codec, payload);
                print!(" {bytes} B, {us:.1} us |");
            }
            println!();
        }
    }
}
