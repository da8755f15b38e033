//! Panics to order, for the test that a bug of the engine ends one session and no other.
//!
//! Only there with the feature `inject-panic`, which nothing that ships turns on.

/// Panic when `tag` asks for it at this step: `x-panic-diff` panics where the engine diffs it.
///
/// # Panics
/// That is all it does.
pub(crate) fn panic_at(step: &str, tag: &str) {
    assert!(tag.strip_prefix("x-panic-") != Some(step), "{tag} was injected");
}
