#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| vango_fuzz::inflate(bytes));
