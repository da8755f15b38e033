//! Maps by numbers that the framework gives out itself.
//!
//! Invariant: no key comes from outside, so nobody can choose keys that collide, and the hash can be cheap.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map by place or by berth.
pub(crate) type NumberMap<K, V> = HashMap<K, V, BuildHasherDefault<NumberHasher>>;

/// One multiplication; numbers that follow each other end up far apart.
#[derive(Default)]
pub(crate) struct NumberHasher(u64);

impl Hasher for NumberHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        let product = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        // The best bits are the upper ones, the map begins with the lower ones.
        self.0 = product ^ product >> 32;
    }
}
