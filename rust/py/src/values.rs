//! Python values to attribute values.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyList, PySet, PyString, PyTuple};

use crate::arrays;
use crate::callable;
use crate::children::LOAD_FIRST;
use crate::error::{describe, type_error, type_name};
use crate::slot::Slot;
use crate::text::{text, utf8};

/// Attributes in which `true` and `false` are words.
const WORDS: [&str; 4] = ["contenteditable", "draggable", "spellcheck", "writingsuggestions"];

/// How the values of an attribute are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Text; `True` is present and empty, `False` absent.
    Plain,
    /// Text; `True` is `"true"` and `False` is `"false"`.
    Words,
    /// A boolean property.
    Flag,
    /// `class`: also a list or a dict of names.
    Class,
    /// `style`: also a dict of declarations.
    Style,
}

impl Form {
    /// The form of an attribute by its name on the wire.
    pub fn of(name: &str) -> Self {
        match name {
            "class" => Self::Class,
            "style" => Self::Style,
            ".value" => Self::Plain,
            _ if name.starts_with('.') => Self::Flag,
            _ if name.starts_with("aria-") || WORDS.contains(&name) => Self::Words,
            _ => Self::Plain,
        }
    }
}

/// Whether a value given to an attribute is a slot: something that says its value later.
///
/// # Errors
/// `TypeError` for a function that cannot be one.
pub fn is_slot(name: &str, value: &Bound<'_, PyAny>) -> PyResult<bool> {
    if value.cast::<Slot>().is_ok() {
        return Ok(true);
    }
    if callable::kind(value)?.is_none() {
        return Ok(false);
    }
    if callable::is_async(value)? {
        return Err(type_error(format!(
            "attribute {name:?}: {} is async, and an attribute cannot wait; {LOAD_FIRST}",
            describe(value)
        )));
    }
    if callable::is_component(value)? {
        return Err(type_error(format!("attribute {name:?}: {} is a component, not a value", describe(value))));
    }
    Ok(true)
}

/// The text of an attribute, `None` where it is absent.
///
/// # Errors
/// `TypeError` for a value that this attribute cannot have.
pub fn convert(name: &str, form: Form, value: &Bound<'_, PyAny>) -> PyResult<Option<Arc<str>>> {
    if let Ok(string) = value.cast::<PyString>() {
        let string = utf8(string)?;
        if form == Form::Flag && !string.is_empty() && string != &name[1..] {
            return Err(refuse(name, value, "True or False"));
        }
        return Ok(Some(if form == Form::Flag { "".into() } else { string.into() }));
    }
    if value.is_none() {
        return Ok(None);
    }
    if let Ok(flag) = value.cast::<PyBool>() {
        return match (form, flag.is_true()) {
            (Form::Words, true) => Ok(Some("true".into())),
            (Form::Words, false) => Ok(Some("false".into())),
            (Form::Class | Form::Style, true) => Err(refuse_form(name, form, value)),
            (_, true) => Ok(Some("".into())),
            (_, false) => Ok(None),
        };
    }
    let text = match form {
        Form::Class => class_names(value)?,
        Form::Style => declarations(value)?,
        Form::Flag => None,
        Form::Plain | Form::Words => {
            return match text(value)? {
                Some(text) => Ok(Some(text.as_ref().into())),
                None => Err(refuse_form(name, form, value)),
            }
        }
    };
    // Without any name or declaration the attribute is absent.
    match text {
        Some(text) => Ok((!text.is_empty()).then(|| text.into())),
        None => Err(refuse_form(name, form, value)),
    }
}

fn refuse_form(name: &str, form: Form, value: &Bound<'_, PyAny>) -> PyErr {
    if let Some(instead) = arrays::instead(value) {
        let name = name.trim_start_matches('.');
        let kind = type_name(value);
        return type_error(format!("attribute {name:?} cannot be a value of the type {kind}; write {instead}"));
    }
    let wanted = match form {
        Form::Flag => "True or False",
        Form::Class => "a string, a list of names or a dict of name: condition",
        Form::Style => "a string or a dict of property: value",
        Form::Plain if name == ".value" && is_several(value) => {
            "one str; in a select with multiple, write selected=True on its options"
        }
        Form::Plain | Form::Words => "a str, a number, True, False, None or a slot; write str(...)",
    };
    refuse(name, value, wanted)
}

fn is_several(value: &Bound<'_, PyAny>) -> bool {
    value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() || value.is_instance_of::<PySet>()
}

/// Whether a part of a value looks like a slot, where only the whole value may be one.
fn is_slot_within(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(value.cast::<Slot>().is_ok() || callable::kind(value)?.is_some())
}

fn refuse(name: &str, value: &Bound<'_, PyAny>, wanted: &str) -> PyErr {
    let name = name.trim_start_matches('.');
    type_error(format!("attribute {name:?} cannot be {} ({}); it takes {wanted}", describe(value), type_name(value)))
}

/// `["a", None, "b"]` and `{"a": True, "b": False}`; `None` for another type.
fn class_names(value: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    let mut names = String::new();
    let mut add = |name: &Bound<'_, PyAny>| -> PyResult<()> {
        let Ok(name) = name.cast::<PyString>() else {
            let advice = if is_slot_within(name)? { "class_=lambda: [...]" } else { "a string" };
            return Err(type_error(format!(
                "class_: {} ({}) is no name; write {advice}",
                describe(name),
                type_name(name)
            )));
        };
        let name = utf8(name)?;
        if !names.is_empty() && !name.is_empty() {
            names.push(' ');
        }
        names.push_str(name);
        Ok(())
    };
    if let Ok(conditions) = value.cast::<PyDict>() {
        // A copy: the truth of a condition may change the dict.
        for item in conditions.items() {
            let (name, condition): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
            if is_slot_within(&condition)? {
                return Err(type_error(format!(
                    "class_: the condition of {} is a function, which is always true; write class_=lambda: {{...}}",
                    describe(&name)
                )));
            }
            if condition.is_truthy()? {
                add(&name)?;
            }
        }
    } else if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        for name in value.try_iter()? {
            let name = name?;
            let nothing = name.is_none() || name.cast::<PyBool>().is_ok_and(|flag| !flag.is_true());
            if !nothing {
                add(&name)?;
            }
        }
    } else {
        return Ok(None);
    }
    Ok(Some(names))
}

/// `{"font_size": "2em", "--accent": "red", "color": None}`; `None` for another type.
fn declarations(value: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    let Ok(properties) = value.cast::<PyDict>() else { return Ok(None) };
    let mut style = String::new();
    for item in properties.items() {
        let (property, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
        let Ok(name) = property.cast::<PyString>() else {
            return Err(type_error(format!("style: {} is no property; write a string", describe(&property))));
        };
        let nothing = value.is_none() || value.cast::<PyBool>().is_ok_and(|flag| !flag.is_true());
        if nothing {
            continue;
        }
        let name = utf8(name)?;
        if !name.starts_with("--") && name.contains(|letter: char| letter.is_ascii_uppercase()) {
            return Err(type_error(format!("style: no property is called {name:?}; write {:?}", snake_case(name))));
        }
        let Some(text) = text(&value)? else {
            let advice =
                if is_slot_within(&value)? { "write style=lambda: {...}" } else { "it takes a str, a number or None" };
            return Err(type_error(format!(
                "style: {name:?} cannot be {} ({}); {advice}",
                describe(&value),
                type_name(&value)
            )));
        };
        if !style.is_empty() {
            style.push_str("; ");
        }
        if name.starts_with("--") {
            style.push_str(name);
        } else {
            style.push_str(&name.replace('_', "-"));
        }
        style.push_str(": ");
        style.push_str(&text);
    }
    Ok(Some(style))
}

/// `fontSize` as `font_size`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
