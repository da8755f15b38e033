//! Attributes, properties and events of one element.

use std::cmp::Ordering;
use std::sync::Arc;

use super::Diff;
use crate::atom::Atom;
use crate::node::{Attr, Attrs, Element, Hid, Value};
use crate::patch::Sink;
use crate::place::{Berth, PlaceId};

/// Names of attributes that an element lost: they are removed last, when its subtree is final.
pub(super) type Gone = Vec<Atom>;

impl<S: Sink> Diff<'_, S> {
    /// Set what is new or other in an element without slots.
    pub(super) fn plain(&mut self, hid: Hid, old: &Element, new: &Element) -> Gone {
        #[cfg(feature = "inject-panic")]
        crate::inject::panic_at("diff", &new.tag);
        self.events(hid, old, new);
        if old.attrs.is(&new.attrs) {
            return Gone::new();
        }
        merge(self.sink, hid, known(&old.attrs), known(&new.attrs))
    }

    /// Set what is new or other among attributes without slots.
    pub(super) fn known(&mut self, hid: Hid, old: &Attrs, new: &Attrs) -> Gone {
        merge(self.sink, hid, known(old), known(new))
    }

    /// Set what is new or other in an element with slots, and bind its new slots to `ids`.
    ///
    /// A slot that keeps its attribute and its id is left to its own turn.
    pub(super) fn slotted(
        &mut self,
        hid: Hid,
        (old, was): (&Element, &[Berth]),
        (new, ids): (&Element, &[PlaceId]),
        owner: Berth,
    ) -> (Box<[Berth]>, Gone) {
        self.events(hid, old, new);
        let before = self.values(old, was);
        let slots: Box<[Berth]> = new
            .slots()
            .zip(ids)
            .map(|(name, id)| {
                let same = old.slots().zip(was).find(|(old, berth)| *old == name && self.places.get(**berth).id == *id);
                same.map_or_else(|| self.mount_value(*id, hid, name, owner), |(_, berth)| *berth)
            })
            .collect();
        was.iter().filter(|berth| !slots.contains(berth)).for_each(|berth| self.places.bury(*berth));
        let after = self.values(new, &slots);
        let gone = merge(self.sink, hid, named(&old.attrs, &before), named(&new.attrs, &after));
        (slots, gone)
    }

    fn events(&mut self, hid: Hid, old: &Element, new: &Element) {
        let events = new.events();
        if old.events() != events {
            self.sink.set_events(hid, events);
        }
    }

    /// The value of each attribute, slots resolved.
    fn values(&self, element: &Element, slots: &[Berth]) -> Vec<Option<Arc<str>>> {
        let mut slots = slots.iter();
        let value = |attr: &Attr| match &attr.value {
            Value::Text(text) => Some(text.clone()),
            Value::Slot(_) => slots.next().and_then(|berth| self.places.value(*berth)).cloned(),
        };
        element.attrs.iter().map(value).collect()
    }
}

fn known(attrs: &[Attr]) -> impl Iterator<Item = (&Atom, &str)> {
    attrs.iter().filter_map(|attr| match &attr.value {
        Value::Text(text) => Some((&attr.name, &**text)),
        Value::Slot(_) => None,
    })
}

fn named<'a>(attrs: &'a [Attr], values: &'a [Option<Arc<str>>]) -> impl Iterator<Item = (&'a Atom, &'a str)> {
    attrs.iter().zip(values).filter_map(|(attr, value)| Some((&attr.name, value.as_deref()?)))
}

/// Walk two ascending lists together; set what is new or other, return what is gone.
fn merge<'a>(
    sink: &mut impl Sink,
    hid: Hid,
    old: impl Iterator<Item = (&'a Atom, &'a str)>,
    new: impl Iterator<Item = (&'a Atom, &'a str)>,
) -> Gone {
    let (mut old, mut new) = (old.peekable(), new.peekable());
    let mut gone = Gone::new();
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return gone,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((a, _)), Some((b, _))) if a == b => Ordering::Equal,
            (Some((a, _)), Some((b, _))) => a.cmp(b),
        };
        let was = if order.is_le() { old.next() } else { None };
        let is = if order.is_ge() { new.next() } else { None };
        match (was, is) {
            (Some((name, _)), None) => gone.push(name.clone()),
            (Some((_, was)), Some((_, is))) if was == is => {}
            (_, Some((name, value))) => sink.set_attr(hid, name, value),
            (None, None) => {}
        }
    }
}
