//! Keyword names to names of the wire.

use std::borrow::Cow;
use std::sync::OnceLock;

use pyo3::prelude::*;
use pyo3::types::PyString;
use vango_core::atom::Atom;
use vango_core::attr::check_name;
use vango_core::wire::event::{heard_as, KINDS};

use crate::error::{element_error, type_error, value_error};
use crate::handler;
use crate::text::utf8;
use crate::values::Form;

/// Keywords that one tag remembers; further ones are worked out each time.
const REMEMBERED: usize = 32;

/// Prefixes that SVG and XML write with a colon.
const NAMESPACES: [&str; 3] = ["xlink_", "xml_", "xmlns_"];

/// Attributes that a browser keeps as the state of an element: the wire sets the property.
const PROPERTIES: [(&str, &str, &[&str]); 6] = [
    ("value", ".value", &["input", "textarea", "select"]),
    ("checked", ".checked", &["input"]),
    ("selected", ".selected", &["option"]),
    ("open", ".open", &["details", "dialog"]),
    ("muted", ".muted", &["audio", "video"]),
    ("indeterminate", ".indeterminate", &["input"]),
];

/// Names of other frameworks, which a browser would take for attributes that do nothing.
const FOREIGN: [(&str, &[&str]); 2] =
    [("class_", &["className", "class_name", "classname", "cls", "klass"]), ("for_", &["htmlFor", "html_for"])];

/// What a keyword argument of a builder means.
#[derive(Clone)]
pub enum Role {
    /// `key=`.
    Key,
    /// `on_NAME=`: a handler of this kind.
    On(u8),
    /// `ref=`: by what the server speaks of this element.
    Ref,
    /// `bind=`: the signal that this control shows and writes.
    Bind,
    /// An attribute or a property.
    Attr(Atom, Form),
}

impl Role {
    fn of(tag: &str, keyword: &str) -> PyResult<Self> {
        match keyword {
            "key" => return Ok(Self::Key),
            "ref" => return Ok(Self::Ref),
            "bind" => return Ok(Self::Bind),
            _ => {}
        }
        let plain = keyword.strip_suffix('_').unwrap_or(keyword);
        if let Some(event) = plain.strip_prefix("on_") {
            return handler::event_kind(event).map(Self::On);
        }
        if let Some((ours, _)) = FOREIGN.iter().find(|(_, foreign)| foreign.contains(&keyword)) {
            return Err(type_error(format!("{keyword}= is {ours}= here; write {tag}({ours}=...)")));
        }
        let dashed = if NAMESPACES.iter().any(|prefix| plain.starts_with(prefix)) {
            plain.replacen('_', ":", 1).replace('_', "-")
        } else {
            plain.replace('_', "-")
        };
        if let Some(kind) = plain.strip_prefix("on").and_then(undashed_event) {
            let instead = format!("inline handlers are refused; write on_{kind}=function");
            return Err(value_error(format!("attribute \"{keyword}\" of {tag}: {instead}")));
        }
        if dashed.eq_ignore_ascii_case("data-on") {
            return Err(value_error("attribute \"data-on\" belongs to the engine; write on_click=function"));
        }
        let name = PROPERTIES
            .iter()
            .find(|(name, _, tags)| dashed == *name && tags.contains(&tag))
            .map_or(dashed.as_str(), |(_, property, _)| property);
        // Here, so that a name that no element can have is not remembered.
        check_name(name).map_err(|error| element_error(tag, &error))?;
        Ok(Self::Attr(Atom::new(name), Form::of(name)))
    }
}

/// The Python name of an event that is spelt as HTML and JavaScript do: `change`, `Change`, `keydown`.
fn undashed_event(spelt: &str) -> Option<String> {
    let known = KINDS.iter().filter(|known| heard_as(known).is_some());
    known.map(|known| known.replace('-', "_")).find(|known| known.replace('_', "").eq_ignore_ascii_case(spelt))
}

/// The keywords that one tag has seen, found by the identity of the string:
/// CPython interns the names of keyword arguments.
pub struct Names {
    tag: Atom,
    seen: Box<[OnceLock<Known>]>,
}

/// A keyword, kept alive so that its address is not given to another, and its meaning.
type Known = (Py<PyString>, Role);

impl Names {
    /// Nothing seen yet.
    pub fn new(tag: Atom) -> Self {
        Self { tag, seen: (0..REMEMBERED).map(|_| OnceLock::new()).collect() }
    }

    /// What `keyword` means on this tag.
    ///
    /// # Errors
    /// `TypeError` for an unknown event, `ValueError` for a name that belongs to the engine.
    pub fn role(&self, keyword: &Bound<'_, PyString>) -> PyResult<Cow<'_, Role>> {
        let mut free = None;
        for entry in &self.seen {
            match entry.get() {
                Some((known, role)) if known.as_ptr() == keyword.as_ptr() => return Ok(Cow::Borrowed(role)),
                Some(_) => {}
                None => {
                    free = Some(entry);
                    break;
                }
            }
        }
        let role = Role::of(&self.tag, utf8(keyword)?)?;
        if let Some(entry) = free {
            // If another thread was faster, this keyword takes the next entry next time.
            let _ = entry.set((keyword.clone().unbind(), role.clone()));
        }
        Ok(Cow::Owned(role))
    }
}
