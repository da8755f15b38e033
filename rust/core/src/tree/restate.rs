//! What slots hold, said once more: in a browser something else may stand there by now.

use super::Tree;
use crate::diff::Positions;
use crate::live::{present, Open, Part, View};
use crate::node::{Element, Hid, Kind};
use crate::patch::Sink;
use crate::place::{Berth, Holds, PlaceId};

const CHECKED: &str = ".checked";
const SELECTED: &str = ".selected";
const VALUE: &str = ".value";

/// An element that may have slots.
#[derive(Clone, Copy)]
struct Control<'a> {
    open: &'a Open,
    element: &'a Element,
    parent: Hid,
    /// Hid of the form around it, 0 where there is none.
    form: Hid,
}

impl Tree {
    /// Write what a mounted slot of an attribute holds; nothing for any other place.
    ///
    /// # Complexity
    /// O(opened nodes of the owners up to the first element around the slot) where it holds nothing, else O(1).
    pub fn restate(&self, place: PlaceId, sink: &mut impl Sink) {
        let Some(berth) = self.places.find(place) else { return };
        let Holds::Value { hid, name, value } = &self.places.get(berth).holds else { return };
        if let Some(value) = value {
            sink.set_attr(*hid, name, value);
        } else if let Some((view, parent)) = Positions::default().holder(&self.places, self.wrapper, berth) {
            sink.remove_attr(*hid, name, parent, &Part { view, places: &self.places });
        }
    }

    /// Write what the slots of the control `hid` hold, unless that is what it `said`: of a box or radio button
    /// whether it is checked, with the others of its group, of a list what is chosen. A text is left to who types it.
    /// Where nobody knows what it said, only boxes and radio buttons are written.
    ///
    /// # Complexity
    /// As [`Tree::element_at`]; O(options) of a list, O(opened nodes) for the group of a radio button.
    pub fn answer(&self, hid: Hid, said: Option<&[&str]>, sink: &mut impl Sink) {
        let Some((View::Open(open), parent)) = self.find(hid).and_then(|found| found.element) else { return };
        let Kind::Element(element) = &open.node.kind else { return };
        if open.hid != hid {
            return;
        }
        let control = Control { open, element, parent, form: 0 };
        match (&*element.tag, self.attr(control, "type")) {
            ("input", Some("checkbox" | "radio")) => self.answer_checked(control, said, sink),
            ("select", _) => {
                let Some(said) = said else { return };
                if let (Some(_), [value]) = (Self::slot(control, VALUE), said) {
                    if self.held(control, VALUE).unwrap_or_default() != *value {
                        self.say(control, VALUE, sink);
                    }
                }
                self.answer_chosen(control, said, sink);
            }
            _ => {}
        }
    }

    fn answer_checked(&self, control: Control<'_>, said: Option<&[&str]>, sink: &mut impl Sink) {
        let held = self.held(control, CHECKED);
        if Self::slot(control, CHECKED).is_none() || said.is_some_and(|said| said.is_empty() == held.is_none()) {
            return;
        }
        self.say(control, CHECKED, sink);
        let name = self.attr(control, "name").filter(|_| self.attr(control, "type") == Some("radio"));
        let (Some(name), Some(view)) = (name, self.view()) else { return };
        let mut group = Vec::new();
        self.controls(view, (0, 0), &mut |other| {
            if self.attr(other, "type") == Some("radio") && self.attr(other, "name") == Some(name) {
                group.push(other);
            }
        });
        let Some(own) = group.iter().find(|other| other.open.hid == control.open.hid).copied() else { return };
        for other in group {
            let same = other.form == own.form && self.attr(other, "form") == self.attr(own, "form");
            if same && other.open.hid != own.open.hid && self.held(other, CHECKED).is_some() {
                self.say(other, CHECKED, sink);
            }
        }
    }

    fn answer_chosen(&self, list: Control<'_>, said: &[&str], sink: &mut impl Sink) {
        let mut options = Vec::new();
        self.controls(View::Open(list.open), (list.parent, 0), &mut |option| {
            options.extend(Self::slot(option, SELECTED).map(|_| (option, self.held(option, SELECTED).is_some())));
        });
        // An option without a value has its text as one, which nobody looks at here.
        let differs = |(option, held): &(Control<'_>, bool)| {
            self.attr(*option, "value").is_none_or(|value| said.contains(&value) != *held)
        };
        if options.iter().any(differs) {
            // What is chosen first: a list of which nothing is chosen chooses by itself.
            options.sort_by_key(|(_, held)| !held);
            for (option, _) in options {
                self.say(option, SELECTED, sink);
            }
        }
    }

    /// Show each element of a view that may have slots; `around` are the hids of its parent and its form.
    fn controls<'a>(&'a self, view: View<'a>, around: (Hid, Hid), each: &mut dyn FnMut(Control<'a>)) {
        let (mut parent, mut form) = around;
        match view {
            View::Run(..) | View::Instance(_) => return,
            View::Place(berth) => {
                if let Some(live) = self.places.live(berth) {
                    self.controls(live.view(), around, each);
                }
                return;
            }
            View::Wrapper(hid, _) => parent = hid,
            View::Open(open) => {
                if let Kind::Element(element) = &open.node.kind {
                    each(Control { open, element, parent, form });
                    parent = open.hid;
                    form = if &*element.tag == "form" { open.hid } else { form };
                }
            }
        }
        view.children().for_each(|child| self.controls(child, (parent, form), each));
    }

    /// The slot of an attribute, `None` where that is no slot.
    fn slot(control: Control<'_>, name: &str) -> Option<Berth> {
        let mut slots = control.element.slots().zip(&control.open.slots);
        slots.find(|(slot, _)| slot.as_str() == name).map(|(_, berth)| *berth)
    }

    /// What a slot holds.
    fn held(&self, control: Control<'_>, name: &str) -> Option<&str> {
        Self::slot(control, name).and_then(|berth| self.places.value(berth)).map(|value| &**value)
    }

    fn attr<'a>(&'a self, control: Control<'a>, name: &str) -> Option<&'a str> {
        let mut attrs = present(&control.element.attrs, &control.open.slots, &self.places);
        attrs.find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    fn say(&self, control: Control<'_>, name: &str, sink: &mut impl Sink) {
        let Control { open, parent, .. } = control;
        if let Some(value) = self.held(control, name) {
            sink.set_attr(open.hid, name, value);
        } else {
            sink.remove_attr(open.hid, name, parent, &Part { view: View::Open(open), places: &self.places });
        }
    }
}
