//! Row 1: build, diff and write the js-framework-benchmark's rows, dioxus-core and vango-core in turn.
//!
//! dioxus writes its mutations into its own no-op sink, vango writes the bytes of the wire; vango builds
//! its rows element by element, and once more as instances of templates, as dioxus has them.
//! The sides take turns; the medians and ranges of all rounds are printed.

mod ours;
mod rows;
mod theirs;

use std::fmt;
use std::time::{Duration, Instant};

use rows::Rows;

const ROUNDS: usize = 60;
const WARM_UP: usize = 5;

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
    let mut sides: [(&str, Box<dyn Side>); 3] = [
        ("dioxus-core", Box::new(theirs::Dioxus::new())),
        ("vango by element", Box::new(ours::Vango::by_element())),
        ("vango by template", Box::new(ours::Vango::by_template())),
    ];
    let mut json = Vec::new();
    let names = sides.each_ref().map(|(name, _)| format!("{name:>22}")).join(" ");
    println!("{:<22} {names}  ratios to dioxus: by element, by template; medians (minima)", "microseconds");
    for (case, from, to) in rows::cases() {
        let mut times: [Vec<f64>; 3] = Default::default();
        for round in 0..WARM_UP + ROUNDS {
            for (times, (_, side)) in times.iter_mut().zip(&mut sides) {
                let time = timed(&mut **side, &from, &to);
                if round >= WARM_UP {
                    times.push(time.as_secs_f64() * 1e6);
                }
            }
        }
        let [dioxus, element, template] = times.each_mut().map(|times| Spread::of(times));
        let columns = [dioxus, element, template].map(|spread| format!("{:>22}", spread.to_string())).join(" ");
        println!("{case:<22} {columns}  {}  {}", element.over(dioxus), template.over(dioxus));
        let [dioxus, element, template] = times;
        json.push(format!(
            r#"{{"case":"{case}","dioxus_us":{dioxus:?},"element_us":{element:?},"template_us":{template:?}}}"#
        ));
    }
    if let Some(path) = std::env::args().nth(1) {
        std::fs::write(path, format!("[{}]\n", json.join(",\n"))).expect("the results can be written");
    }
}

/// What is printed of the times of one side.
#[derive(Clone, Copy)]
struct Spread {
    min: f64,
    median: f64,
    max: f64,
}

impl Spread {
    fn of(times: &mut [f64]) -> Self {
        times.sort_by(f64::total_cmp);
        Self { min: times[0], median: times[times.len() / 2], max: times[times.len() - 1] }
    }

    /// The ratio to `other`, of the medians and of the minima.
    fn over(self, other: Self) -> String {
        format!("{:.2} ({:.2})", self.median / other.median, self.min / other.min)
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} ({:.0} to {:.0})", self.median, self.min, self.max)
    }
}
