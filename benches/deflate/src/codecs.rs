//! The compressors, each behind the one call that the bench times.

use flate2::{Compress, Compression, FlushCompress};
use libdeflater::{CompressionLvl, Compressor};
use miniz_oxide::deflate::core::{compress, create_comp_flags_from_zip_params, CompressorOxide, TDEFLFlush};

/// A compressor at one level.
pub trait Codec {
    /// Write `payload` as one raw deflate stream into `out`, which is long enough; the bytes written.
    fn deflate(&mut self, payload: &[u8], out: &mut [u8]) -> usize;
}

type Make = fn(u32) -> Box<dyn Codec>;

/// Names, and how to make a compressor of a level.
pub const LIBRARIES: [(&str, Make); 3] = [
    ("miniz_oxide", |level| Box::new(Miniz(CompressorOxide::new(create_comp_flags_from_zip_params(level as i32, -15, 0))))),
    ("zlib-rs", |level| Box::new(ZlibRs(Compress::new(Compression::new(level), false)))),
    ("libdeflate (C)", |level| Box::new(Lib(Compressor::new(CompressionLvl::new(level as i32).expect("1 to 12"))))),
];

struct Miniz(CompressorOxide);

impl Codec for Miniz {
    fn deflate(&mut self, payload: &[u8], out: &mut [u8]) -> usize {
        self.0.reset();
        compress(&mut self.0, payload, out, TDEFLFlush::Finish).2
    }
}

struct ZlibRs(Compress);

impl Codec for ZlibRs {
    fn deflate(&mut self, payload: &[u8], out: &mut [u8]) -> usize {
        self.0.reset();
        self.0.compress(payload, out, FlushCompress::Finish).expect("room enough");
        self.0.total_out() as usize
    }
}

struct Lib(Compressor);

impl Codec for Lib {
    fn deflate(&mut self, payload: &[u8], out: &mut [u8]) -> usize {
        self.0.deflate_compress(payload, out).expect("room enough")
    }
}
