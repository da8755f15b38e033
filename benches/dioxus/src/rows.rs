//! The rows and the operations of the benchmark.

/// Rows as an application keeps them: id, label; and the selected id.
#[derive(Clone, Default, PartialEq)]
pub struct Rows {
    pub items: Vec<(usize, String)>,
    pub selected: usize,
}

impl Rows {
    fn new(range: std::ops::Range<usize>) -> Self {
        Self { items: range.map(|id| (id, format!("pretty red chair {id}"))).collect(), selected: usize::MAX }
    }

    fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut rows = self.clone();
        change(&mut rows);
        rows
    }
}

/// Name, rows before, rows after.
pub fn cases() -> Vec<(&'static str, Rows, Rows)> {
    let thousand = Rows::new(0..1_000);
    let after = |change: fn(&mut Rows)| thousand.with(change);
    vec![
        ("create 1,000", Rows::default(), thousand.clone()),
        ("replace 1,000", thousand.clone(), Rows::new(1_000..2_000)),
        ("update every tenth", thousand.clone(), after(|r| r.items.iter_mut().step_by(10).for_each(|i| i.1 += " !!!"))),
        ("select", thousand.clone(), after(|r| r.selected = 500)),
        ("swap rows", thousand.clone(), after(|r| r.items.swap(1, 998))),
        ("remove one", thousand.clone(), after(|r| drop(r.items.remove(400)))),
        ("reverse", thousand.clone(), after(|r| r.items.reverse())),
        ("append 1,000", thousand.clone(), after(|r| r.items.extend(Rows::new(1_000..2_000).items))),
        ("rebuilt, unchanged", thousand.clone(), thousand.clone()),
        ("clear", thousand.clone(), Rows::default()),
    ]
}
