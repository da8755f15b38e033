//! Payloads of bursts: a text, rows of the js-framework-benchmark, and a page as people write them.

use vango_core::patch::{Patch, PatchKind, PatchNode};
use vango_core::wire::{node, ops};

const ADJECTIVES: [&str; 10] =
    ["pretty", "large", "big", "small", "tall", "short", "long", "handsome", "plain", "quaint"];
const COLOURS: [&str; 9] = ["red", "yellow", "blue", "green", "pink", "brown", "purple", "white", "black"];
const NOUNS: [&str; 9] = ["table", "chair", "house", "desk", "car", "keyboard", "mouse", "burger", "pizza"];
const WORDS: [&str; 24] = [
    "the", "server", "keeps", "state", "of", "a", "page", "and", "sends", "small", "patches", "when", "it", "changes",
    "so", "nothing", "is", "typed", "twice", "or", "lost", "on", "reconnect", "again",
];

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn roll<T: Copy>(&mut self, sides: &[T]) -> T {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        sides[(self.0 >> 33) as usize % sides.len()]
    }
}

/// Gives hids in document order.
struct Page {
    next: u32,
    dice: Dice,
}

impl Page {
    fn new(next: u32) -> Self {
        Self { next, dice: Dice(7) }
    }

    fn hid(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }

    fn text(&mut self, text: String) -> PatchNode {
        PatchNode { hid: self.hid(), kind: PatchKind::Text(text.into()) }
    }

    fn element(
        &mut self,
        tag: &str,
        attrs: &[(&str, &str)],
        events: u32,
        inner: impl FnOnce(&mut Self) -> Vec<PatchNode>,
    ) -> PatchNode {
        let hid = self.hid();
        let attrs = attrs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        PatchNode { hid, kind: PatchKind::Element { tag: tag.into(), events, attrs, children: inner(self) } }
    }

    fn leaf(&mut self, tag: &str, attrs: &[(&str, &str)], events: u32, text: String) -> PatchNode {
        self.element(tag, attrs, events, |page| vec![page.text(text)])
    }

    fn row(&mut self, number: usize) -> PatchNode {
        let label =
            format!("{} {} {}", self.dice.roll(&ADJECTIVES), self.dice.roll(&COLOURS), self.dice.roll(&NOUNS));
        self.element("tr", &[], 0, |page| {
            vec![
                page.leaf("td", &[("class", "col-md-1")], 0, number.to_string()),
                page.element("td", &[("class", "col-md-4")], 0, |page| vec![page.leaf("a", &[], 1, label)]),
                page.element("td", &[("class", "col-md-1")], 0, |page| {
                    vec![page.element("a", &[], 1, |page| {
                        vec![page.element("span", &[("aria-hidden", "true"), ("class", "icon remove")], 0, |_| vec![])]
                    })]
                }),
                page.element("td", &[("class", "col-md-6")], 0, |_| vec![]),
            ]
        })
    }

    fn prose(&mut self, words: usize) -> String {
        (0..words).map(|_| self.dice.roll(&WORDS)).collect::<Vec<_>>().join(" ")
    }

    /// A navigation, a form, five sections of prose and a table of 20 rows.
    fn document(&mut self) -> PatchNode {
        self.element("div", &[("class", "page")], 0, |page| {
            let nav = page.element("nav", &[("class", "main-navigation")], 0, |page| {
                ["Home", "Orders", "Customers", "Products", "Reports", "Settings"]
                    .map(|name| {
                        let href = format!("/{}", name.to_lowercase());
                        page.leaf("a", &[("class", "nav-link"), ("href", &href)], 0, name.into())
                    })
                    .into()
            });
            let form = page.element("form", &[("class", "filter")], 1 << 4, |page| {
                ["name", "city", "status", "since"]
                    .map(|name| {
                        page.element("label", &[("class", "field")], 0, |page| {
                            let caption = page.text(name.into());
                            let attrs = [(".value", ""), ("class", "input"), ("name", name), ("type", "text")];
                            vec![caption, page.element("input", &attrs, 1 << 2, |_| vec![])]
                        })
                    })
                    .into()
            });
            let mut parts = vec![nav, form];
            for number in 1..=5 {
                parts.push(page.element("section", &[("class", "card")], 0, |page| {
                    let (heading, prose) = (page.prose(3), page.prose(60));
                    vec![
                        page.leaf("h2", &[("class", "card-title")], 0, format!("{number}. {heading}")),
                        page.leaf("p", &[("class", "card-text")], 0, prose),
                    ]
                }));
            }
            parts.push(page.element("table", &[("class", "table table-striped")], 0, |page| {
                vec![page.element("tbody", &[], 0, |page| (1..=20).map(|number| page.row(number)).collect())]
            }));
            parts
        })
    }
}

fn rows(count: usize) -> Vec<u8> {
    let mut page = Page::new(10_000);
    let insert = |number| Patch::Insert { parent: 42, before: 0, node: page.row(number) };
    ops::encode(&(1..=count).map(insert).collect::<Vec<_>>())
}

/// Names and bytes, the small ones first.
pub fn all() -> Vec<(&'static str, Vec<u8>)> {
    let text = Patch::SetText { hid: 4_711, text: "1,234".into() };
    let labels = (0..100).map(|i| Patch::SetText { hid: 5_000 + 12 * i, text: Page::new(1).prose(3).into() });
    vec![
        ("a text", ops::encode(&[text])),
        ("1 row", rows(1)),
        ("3 rows", rows(3)),
        ("10 rows", rows(10)),
        ("100 labels", ops::encode(&labels.collect::<Vec<_>>())),
        ("a page", node::encode(&Page::new(1).document(), false)),
        ("100 rows", rows(100)),
        ("1,000 rows", rows(1_000)),
    ]
}
