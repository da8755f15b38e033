//! Long lives: as many random edits as are asked for, in sessions that also refetch and resume.
//!
//! `make soak-oracle` asks for a million in the release build; `cargo test` for what a debug build does in seconds.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::dice::Dice;
use crate::session::Session;
use crate::spec::Spec;
use crate::{edits, random};

/// Edits without `VANGO_EDITS`.
const EDITS: usize = 5_000;
/// Edits in the life of one session.
const LIFE: usize = 500;

/// Random pages; the same ones for the same seed.
struct Pages(TestRunner);

impl Pages {
    fn new(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        Self(TestRunner::new_with_rng(Config::default(), rng))
    }

    fn next(&mut self) -> Spec {
        random::page().new_tree(&mut self.0).expect("no page is rejected").current()
    }
}

/// One session of `edits` edits, everything in it decided by `seed`.
fn live(seed: u64, edits: usize) {
    let (mut pages, mut dice) = (Pages::new(seed), Dice::Seed(seed));
    let mut session = Session::mount(&pages.next());
    let mut other = pages.next();
    for edit in 0..edits {
        let next = match dice.roll(20) {
            0 => pages.next(),
            _ => edits::evolve(&session.shown, &other, &mut dice),
        };
        session.builder.reuse = dice.roll(2) == 0;
        session.show(&next, dice.roll(3) == 0);
        if edit % 7 == 0 {
            session.refetch(&mut dice);
        }
        if edit % 31 == 0 {
            session.resume();
            other = edits::page(&mut dice);
        }
    }
}

/// Says which session was in work when the test fails.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("seed {}: `live({}, {LIFE})` shows it again", self.0, self.0);
        }
    }
}

#[test]
fn a_session_lives_through_random_edits() {
    let edits = std::env::var("VANGO_EDITS").map_or(EDITS, |edits| edits.parse().expect("VANGO_EDITS is a number"));
    for (seed, start) in (0..edits).step_by(LIFE).enumerate() {
        let seed = Seed(seed as u64);
        live(seed.0, LIFE.min(edits - start));
    }
}
