//! Pages grown by dice, and pages that come from others by small changes.

use std::collections::BTreeMap;

use crate::dice::Dice;
use crate::spec::{Spec, Worth};

pub const TAGS: [&str; 5] = ["div", "p", "input-x", "svg", "foreignObject"];
/// No name stands here with and without a dot: lowering has one place for both.
pub const NAMES: [&str; 6] = [".checked", ".indeterminate", ".value", "class", "id", "title"];
const TEXTS: [&str; 4] = ["", "a", "b", "<&>\r\n"];
/// Beyond so many nodes a page takes nothing more from others.
const LARGE: usize = 150;

/// A page; dice that are over give a small one.
pub fn page(dice: &mut Dice<'_>) -> Spec {
    let mut page = grow(dice, 5);
    page.tidy();
    page
}

fn grow(dice: &mut Dice<'_>, depth: usize) -> Spec {
    match dice.roll(if depth == 0 { 3 } else { 9 }) {
        0 => Spec::Text(text(dice)),
        1 => Spec::Nothing,
        2 => Spec::Raw(if dice.roll(2) == 0 { "<b>x</b>" } else { "y<i></i>" }.into(), key(dice)),
        3 => Spec::Fragment { key: key(dice), children: children(dice, depth) },
        4 => Spec::Place { id: 1 + dice.roll(8) as u64, content: Box::new(grow(dice, depth - 1)) },
        5 => element("tbody", None, (0..dice.roll(6)).map(|_| row(dice)).collect()),
        _ => Spec::Element {
            tag: TAGS[dice.roll(TAGS.len())],
            key: key(dice),
            events: dice.roll(3) as u8,
            attrs: (0..dice.roll(3)).map(|_| (NAMES[dice.roll(NAMES.len())], worth(dice))).collect(),
            children: children(dice, depth),
        },
    }
}

fn element(tag: &'static str, key: Option<u8>, children: Vec<Spec>) -> Spec {
    Spec::Element { tag, key, events: 0, attrs: BTreeMap::new(), children }
}

/// One of many of one shape.
fn row(dice: &mut Dice<'_>) -> Spec {
    let mut cell = || element("td", None, vec![Spec::Text(text(dice))]);
    let cells = vec![cell(), cell(), cell()];
    element("tr", Some(dice.roll(12) as u8), cells)
}

fn children(dice: &mut Dice<'_>, depth: usize) -> Vec<Spec> {
    (0..dice.roll(6)).map(|_| grow(dice, depth - 1)).collect()
}

fn text(dice: &mut Dice<'_>) -> String {
    TEXTS[dice.roll(TEXTS.len())].into()
}

fn key(dice: &mut Dice<'_>) -> Option<u8> {
    [None, Some(0), Some(1), Some(2), Some(4)][dice.roll(5)]
}

fn worth(dice: &mut Dice<'_>) -> Worth {
    match dice.roll(4) {
        0 => Worth::Slot { id: 1 + dice.roll(8) as u64, value: None },
        1 => Worth::Slot { id: 1 + dice.roll(8) as u64, value: Some(text(dice)) },
        _ => Worth::Text(text(dice)),
    }
}

/// A page much like `page`: some nodes changed, moved, dropped or taken from `other`.
pub fn evolve(page: &Spec, other: &Spec, dice: &mut Dice<'_>) -> Spec {
    let mut next = page.clone();
    let mut parts = vec![];
    gather(other, &mut parts);
    gather(page, &mut parts);
    change(&mut next, &parts, dice);
    if next.size() > LARGE {
        next = grow(dice, 5);
    }
    next.tidy();
    next
}

fn gather(page: &Spec, parts: &mut Vec<Spec>) {
    parts.push(page.clone());
    page.clone().children_mut().iter().for_each(|child| gather(child, parts));
}

fn change(spec: &mut Spec, parts: &[Spec], dice: &mut Dice<'_>) {
    let part = |dice: &mut Dice<'_>| parts[dice.roll(parts.len())].clone();
    if dice.roll(12) == 0 {
        *spec = part(dice);
        return;
    }
    match spec {
        Spec::Text(text) if dice.roll(4) == 0 => text.push('!'),
        Spec::Element { attrs, events, .. } if dice.roll(3) == 0 => match dice.roll(4) {
            0 => *events = dice.roll(4) as u8,
            1 => drop(attrs.pop_first()),
            2 => drop(attrs.insert(NAMES[dice.roll(NAMES.len())], Worth::Text("new".into()))),
            _ => {
                for worth in attrs.values_mut() {
                    if let Worth::Slot { value, .. } = worth {
                        *value = if dice.roll(2) == 0 { None } else { Some("slot".into()) };
                    }
                }
            }
        },
        _ => {}
    }
    if let Spec::Element { children, .. } | Spec::Fragment { children, .. } = spec {
        match dice.roll(7) {
            0 if !children.is_empty() => drop(children.remove(dice.roll(children.len()))),
            1 => children.insert(dice.roll(children.len() + 1), part(dice)),
            2 => children.reverse(),
            3 if children.len() > 1 => {
                let (i, j) = (dice.roll(children.len()), dice.roll(children.len()));
                children.swap(i, j);
            }
            4 if !children.is_empty() => {
                let last = children.len() - 1;
                children[..=dice.roll(last + 1)].rotate_right(1);
            }
            _ => {}
        }
    }
    spec.children_mut().iter_mut().for_each(|child| change(child, parts, dice));
}
