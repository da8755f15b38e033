//! Row 1: build, diff and write the js-framework-benchmark's rows, dioxus-core and vango-core in turn.
//!
//! dioxus writes its mutations into its own no-op sink, vango writes the bytes of the wire.
//! Each side runs alternately; the medians and ranges of all rounds are printed.

mod ours;
mod rows;
mod theirs;

use std::time::{Duration, Instant};

use rows::Rows;

const ROUNDS: usize = 60;

/// A framework that shows rows.
trait Side {
    /// Show `rows`; only this is timed.
    fn show(&mut self, rows: &Rows);
}

fn timed(side: &mut dyn Side, from: &Rows, to: &Rows) -> Duration {
    side.show(from);
    let start = Instant::now();
    side.show(to);
    start.elapsed()
}

fn main() {
    let (mut theirs, mut ours) = (theirs::Dioxus::new(), ours::Vango::new());
    let mut json = Vec::new();
    println!("{:<28} {:>22} {:>22}  ratio", "build, diff and write", "dioxus-core (us)", "vango-core (us)");
    for (name, from, to) in rows::cases() {
        let (mut their_times, mut our_times) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS + 5 {
            let times = [timed(&mut theirs, &from, &to), timed(&mut ours, &from, &to)];
            if round >= 5 {
                their_times.push(times[0].as_secs_f64() * 1e6);
                our_times.push(times[1].as_secs_f64() * 1e6);
            }
        }
        let (their, our) = (spread(&mut their_times), spread(&mut our_times));
        println!("{name:<28} {:>22} {:>22}  {:5.2}", text(their), text(our), our.1 / their.1);
        json.push(format!(r#"{{"case":"{name}","dioxus_us":{their_times:?},"vango_us":{our_times:?}}}"#));
    }
    if let Some(path) = std::env::args().nth(1) {
        std::fs::write(path, format!("[{}]\n", json.join(",\n"))).expect("the results can be written");
    }
}

fn spread(times: &mut [f64]) -> (f64, f64, f64) {
    times.sort_by(f64::total_cmp);
    (times[0], times[times.len() / 2], times[times.len() - 1])
}

fn text((min, median, max): (f64, f64, f64)) -> String {
    format!("{median:.1} ({min:.0}..{max:.0})")
}
