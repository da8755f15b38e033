//! Handlers: `on_NAME=`, and what the client must know beyond the bit of the event.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyTuple, PyType};
use vango_core::few::Few;
use vango_core::limits::EVENT_BITS;
use vango_core::node::{Handler, Ref};
use vango_core::wire::event::{heard_as, HOOK, KINDS};

use crate::callable::{self, Nature, Takes};
use crate::error::{describe, type_error, type_name};
use crate::marked::Marked;
use crate::slot::{Component, Slot};
use crate::tag::Tag;
use crate::vnode::VNode;

/// The page stays: a form is not sent by the browser, and what is dropped is not opened.
const STAYING: [u8; 2] = [4, 21];
/// Of these kinds `keys=` chooses.
const KEYBOARD: [u8; 2] = [8, 9];
/// What an element with a `ref=` listens to, the answers of its client: the kind that no event has. On the wire
/// they are of the kind of hooks, which the element may listen to besides.
pub const ANSWER: u8 = 31;

/// The kind of an event by its Python name (`click`, `in_view`).
///
/// # Errors
/// `TypeError` with the nearest names.
pub fn event_kind(name: &str) -> PyResult<u8> {
    heard_as(&name.replace('_', "-")).ok_or_else(|| unknown_event(name))
}

fn unknown_event(name: &str) -> PyErr {
    let known = KINDS.iter().filter(|known| heard_as(known).is_some());
    let known: Vec<String> = known.map(|known| format!("on_{}", known.replace('-', "_"))).collect();
    let near = Python::attach(|py| -> PyResult<Vec<String>> {
        // Spellings of JavaScript frameworks (`on_key_down`, `on_mouse_enter`) are near without their dashes.
        let difflib = py.import("difflib")?;
        difflib.call_method1("get_close_matches", (format!("on_{name}"), &known, 3, 0.6))?.extract()
    });
    match near {
        Ok(near) if !near.is_empty() => {
            type_error(format!("on_{name} is no event; did you mean {}?", near.join(" or ")))
        }
        Ok(_) => type_error(format!("on_{name} is no event; the events are {}", known.join(", "))),
        Err(error) => error,
    }
}

/// A handler that was checked.
pub struct Checked<'py> {
    target: Bound<'py, PyAny>,
    takes_event: bool,
    /// What `vango.on()` says of it.
    options: String,
}

/// Check the value of `on_NAME=`; `None` and `False` are no handler.
///
/// # Errors
/// `TypeError` for what cannot be called when the event comes.
pub fn check<'py>(kind: u8, value: &Bound<'py, PyAny>) -> PyResult<Option<Checked<'py>>> {
    if value.is_none() || value.cast::<PyBool>().is_ok_and(|flag| !flag.is_true()) {
        return Ok(None);
    }
    let refuse = |why: String| Err(type_error(format!("on_{}: {why}", KINDS[usize::from(kind)].replace('-', "_"))));
    match takes_event(value)? {
        Ok(takes_event) => {
            let options = value.cast::<Marked>().map(|marked| marked.get().options().to_owned()).unwrap_or_default();
            if options.contains("keys=") && !KEYBOARD.contains(&kind) {
                return refuse("keys= belongs to on_keydown and on_keyup".into());
            }
            let is_hook = u64::from(kind) == HOOK;
            if is_hook != options.contains("names=") {
                return refuse(if is_hook {
                    "say which events of scripts are meant: on_hook=on(function, names=\"rated\")".into()
                } else {
                    "names= belongs to on_hook".into()
                });
            }
            Ok(Some(Checked { target: value.clone(), takes_event, options }))
        }
        Err(why) => refuse(why),
    }
}

/// Check the value of `ref=`, what `vango.ref()` gives; `None` is no ref.
///
/// # Errors
/// `TypeError` for anything else.
pub fn check_ref<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<Checked<'py>>> {
    if value.is_none() {
        return Ok(None);
    }
    if !value.hasattr(intern!(value.py(), "__vango_ref__"))? {
        let what = describe(value);
        return Err(type_error(format!("ref={what}: make one in the body, box = ref(), and write ref=box")));
    }
    Ok(Some(Checked { target: value.clone(), takes_event: true, options: String::new() }))
}

/// Whether a handler receives the event: a callable, or a tuple of a callable and its first arguments.
///
/// It does when it requires a positional argument, or takes any number of them
/// (`*args`); parameters with defaults do not count.
///
/// Raises:
///     TypeError: `handler` cannot be called when the event comes.
#[pyfunction]
#[pyo3(signature = (handler, /))]
pub fn inspect_handler(handler: &Bound<'_, PyAny>) -> PyResult<bool> {
    takes_event(handler)?.map_err(type_error)
}

/// Whether a handler (a callable, or a tuple of a callable and its first arguments)
/// receives the event; the inner error says why it is no handler.
pub fn takes_event(handler: &Bound<'_, PyAny>) -> PyResult<Result<bool, String>> {
    let (target, bound) = match handler.cast_exact::<PyTuple>() {
        Ok(tuple) if tuple.is_empty() => {
            return Ok(Err("an empty tuple is no handler; write (function, argument)".into()));
        }
        Ok(tuple) => (tuple.get_item(0)?, tuple.len() - 1),
        Err(_) => (handler.clone(), 0),
    };
    if let Some(takes) = callable::function_takes_event(&target, bound)? {
        return Ok(judged(takes, &target, bound));
    }
    if let Ok(marked) = handler.cast::<Marked>() {
        return takes_event(marked.get().handler(handler.py()));
    }
    if let Some(why) = refusal(&target)? {
        return Ok(Err(why));
    }
    Ok(judged(callable::takes_event(&target, bound)?, &target, bound))
}

/// Whether the event is given; a handler that nobody can call so is told what to write instead.
fn judged(takes: Takes, target: &Bound<'_, PyAny>, bound: usize) -> Result<bool, String> {
    let arguments = |n: usize| if n == 1 { "1 argument".to_owned() } else { format!("{n} arguments") };
    match takes {
        Takes::Nothing => Ok(false),
        Takes::Event => Ok(true),
        Takes::More(more) => Err(format!(
            "{} needs {} more, and a handler is given the event alone; write (function, argument) to give others \
             before it, or defaults",
            describe(target),
            arguments(more),
        )),
        Takes::Fewer(fewer) => Err(format!(
            "{} takes {} less than the {bound} that stand behind it; write (function, argument) with what it takes",
            describe(target),
            arguments(fewer),
        )),
    }
}

fn refusal(target: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    if callable::kind(target)?.is_none() {
        if target.is_instance_of::<PyType>() {
            return Ok(Some(format!("{} is a class; write lambda: ... or a function", describe(target))));
        }
        if target.cast::<Slot>().is_ok() {
            return Ok(Some(format!("a {} does nothing when called; write lambda: it.set(...)", type_name(target))));
        }
        if target.is_instance_of::<Tag>() || target.is_instance_of::<VNode>() || target.is_instance_of::<Component>() {
            return Ok(Some(format!("{} is something to show; write a function", describe(target))));
        }
        if target.cast::<Marked>().is_ok() {
            return Ok(Some("on() goes around the whole: write on((function, argument), ...)".into()));
        }
        if target.hasattr("__await__")? {
            callable::close(target);
            return Ok(Some("a coroutine runs only once; give the async function itself, without calling it".into()));
        }
        if !target.is_callable() {
            let name = type_name(target);
            return Ok(Some(format!(
                "{} ({name}) cannot be called; write a function or (function, argument)",
                describe(target)
            )));
        }
    }
    Ok(match callable::nature(target)? {
        Nature::Plain => None,
        Nature::Component => Some(format!("{} is a component; write a function", describe(target))),
        Nature::Generator => Some(format!(
            "{} is a generator, which nobody runs; write an async def that sets signals and awaits",
            describe(target)
        )),
    })
}

/// The handlers of one element while it is built.
#[derive(Default)]
pub struct Handlers {
    list: Vec<(Handler, bool, String)>,
}

impl Handlers {
    /// Add one.
    ///
    /// # Errors
    /// `TypeError` when the kind has one already.
    pub fn add<'py>(
        &mut self,
        kind: u8,
        checked: Checked<'py>,
        hold: impl FnOnce(Bound<'py, PyAny>) -> Ref,
    ) -> PyResult<()> {
        if self.list.iter().any(|(handler, ..)| handler.kind() == kind) {
            return Err(type_error(format!("on_{} is given twice", KINDS[usize::from(kind)].replace('-', "_"))));
        }
        let Checked { target, takes_event, options } = checked;
        self.list.push((Handler::new(kind, hold(target)), takes_event, options));
        Ok(())
    }

    /// The handlers, and the value of `data-on` if one is needed: entries `kind[:option[,option]]` separated
    /// by a space, ascending by kind. A kind without a bit has an entry in any case.
    pub fn finish(mut self) -> (Few<Handler>, Option<String>) {
        self.list.sort_by_key(|(handler, ..)| handler.kind());
        let mut entries = String::new();
        for (handler, fields, marked) in self.list.iter().filter(|(handler, ..)| handler.kind() != ANSWER) {
            let stays = if STAYING.contains(&handler.kind()) { "prevent" } else { "" };
            let fields = if *fields { "fields" } else { "" };
            let options: Vec<&str> = [stays, fields, marked].into_iter().filter(|option| !option.is_empty()).collect();
            if options.is_empty() && handler.kind() < EVENT_BITS {
                continue;
            }
            entries.push_str(if entries.is_empty() { "" } else { " " });
            entries.push_str(KINDS[usize::from(handler.kind())]);
            if !options.is_empty() {
                entries.push(':');
                entries.push_str(&options.join(","));
            }
        }
        let handlers = self.list.into_iter().map(|(handler, ..)| handler).collect();
        (handlers, (!entries.is_empty()).then_some(entries))
    }
}
