//! HTML of a document: the first paint (PROTOCOL 3.2), and the text form of a tree.
//!
//! Invariant: a browser that parses what is written here gets the nodes that were written,
//! and can find the hid of each: in `data-hid`, in a comment, or one above its predecessor's.
//! `data-ev` beside it holds the event bits of an element that listens.

use crate::attr::VOID_TAGS;
use crate::node::Hid;
use crate::patch::NodeSink;

/// Writes nodes as HTML.
#[derive(Debug)]
pub struct Html {
    out: String,
    hids: bool,
    /// The hid that stands before in document order.
    last: Hid,
    open: Vec<Frame>,
    /// Tags of the open elements, one after the other.
    tags: String,
    /// Where the children of the root end in `out`, and before them where the first one begins.
    cuts: Vec<usize>,
}

/// An element whose children are being written.
#[derive(Debug)]
struct Frame {
    /// Where its tag begins in `tags`.
    tag: usize,
    /// Where its content begins in `out`.
    content: usize,
    /// Children that are still to come.
    waits: usize,
    /// The child before was a text.
    after_text: bool,
    form: Form,
    /// The value that a select still looks for.
    wanted: Option<Box<str>>,
    /// An option without a value: its text so far.
    label: Option<String>,
}

/// How the parser reads the content of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// As nodes.
    Nodes,
    /// As nodes, after eating one leading newline.
    Lines,
    /// As one text with character references, after eating one leading newline.
    Field,
    /// As one text with character references.
    Escaped,
    /// As one text without them.
    Verbatim,
}

impl Html {
    /// A writer; `hids` adds `data-hid`, `data-ev` and the comments that carry hids.
    pub fn new(hids: bool) -> Self {
        Self { out: String::new(), hids, last: 0, open: Vec::new(), tags: String::new(), cuts: Vec::new() }
    }

    /// What was written.
    pub fn finish(self) -> String {
        self.out
    }

    /// The children of the root element, each by itself; without the root, and none where it is no element.
    pub fn finish_children(self) -> Vec<String> {
        self.cuts.windows(2).map(|cut| self.out[cut[0]..cut[1]].to_owned()).collect()
    }

    fn comment(&mut self, open: &str, hid: Hid, close: &str) {
        self.out.push_str("<!--");
        self.out.push_str(open);
        self.number(hid);
        self.out.push_str(close);
        self.out.push_str("-->");
    }

    fn number(&mut self, number: u32) {
        let mut digits = [0; 10];
        let mut at = digits.len();
        let mut rest = number;
        while rest > 0 || at == digits.len() {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        self.out.push_str(std::str::from_utf8(&digits[at..]).unwrap_or_default());
    }

    /// The parser eats a newline at the start of some elements: write it twice.
    fn leading_newline(&mut self, text: &str) {
        let eats = |frame: &Frame| matches!(frame.form, Form::Lines | Form::Field) && frame.content == self.out.len();
        if text.starts_with('\n') && self.open.last().is_some_and(eats) {
            self.out.push('\n');
        }
    }

    /// A child is written; close the elements that were waiting for it.
    fn child_done(&mut self, was_text: bool) {
        let mut was_text = was_text;
        while let Some(frame) = self.open.last_mut() {
            if frame.tag == 0 {
                if self.cuts.is_empty() {
                    self.cuts.push(frame.content);
                }
                self.cuts.push(self.out.len());
            }
            frame.waits -= 1;
            frame.after_text = was_text;
            if frame.waits > 0 {
                return;
            }
            self.close();
            was_text = false;
        }
    }

    fn close(&mut self) {
        let Some(frame) = self.open.pop() else { return };
        if let Some(label) = &frame.label {
            let label = label.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
            if self.select(&label) {
                self.out.insert_str(frame.content - 1, " selected=\"\"");
            }
        }
        let tag = &self.tags[frame.tag..];
        if !VOID_TAGS.contains(&tag) {
            self.out.push_str("</");
            self.out.push_str(tag);
            self.out.push('>');
        }
        self.tags.truncate(frame.tag);
    }

    /// Whether the select around looks for `value`; the first option that has it is selected.
    fn select(&mut self, value: &str) -> bool {
        let frame = self.open.iter_mut().rev().find(|frame| frame.wanted.is_some());
        frame.is_some_and(|frame| frame.wanted.take_if(|wanted| **wanted == *value).is_some())
    }

    fn attr(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(&mut self.out, value, true);
        self.out.push('"');
    }
}

impl NodeSink for Html {
    fn element(&mut self, hid: Hid, tag: &str, events: u32, attrs: &[(&str, &str)], children: usize) {
        #[cfg(feature = "inject-panic")]
        crate::inject::panic_at("html", tag);
        self.last = hid;
        self.out.push('<');
        self.out.push_str(tag);
        if self.hids {
            self.out.push_str(" data-hid=\"");
            self.number(hid);
            self.out.push('"');
        }
        if self.hids && events != 0 {
            self.out.push_str(" data-ev=\"");
            self.number(events);
            self.out.push('"');
        }
        let property = |name: &str| attrs.iter().find(|(other, _)| other.strip_prefix('.') == Some(name));
        for (name, value) in attrs {
            match name.strip_prefix('.') {
                Some("indeterminate") => {}
                Some("value") if matches!(tag, "select" | "textarea") => {}
                Some(name) => self.attr(name, value),
                // The property is what shows; a name written twice would be an error.
                None if property(name).is_some() => {}
                None => self.attr(name, value),
            }
        }
        let mut label = None;
        if tag == "option" {
            match attrs.iter().find(|(name, _)| matches!(*name, "value" | ".value")) {
                Some((_, value)) => {
                    if self.select(value) && !attrs.iter().any(|(name, _)| matches!(*name, "selected" | ".selected")) {
                        self.attr("selected", "");
                    }
                }
                None => label = Some(String::new()),
            }
        }
        self.out.push('>');
        let value = property("value").map(|(_, value)| *value);
        self.open.push(Frame {
            tag: self.tags.len(),
            content: self.out.len(),
            waits: children,
            after_text: false,
            form: form(tag),
            wanted: value.filter(|_| tag == "select").map(Into::into),
            label,
        });
        self.tags.push_str(tag);
        match value {
            Some(value) if tag == "textarea" => {
                self.leading_newline(value);
                escape(&mut self.out, value, false);
            }
            // What can be edited without being a control shows its value, which is no node: only its owner has a hid.
            Some(value) if children == 0 && is_editable(attrs) => {
                self.out.push_str(if self.hids { "<span>" } else { "" });
                escape(&mut self.out, value, false);
                self.out.push_str(if self.hids { "</span>" } else { "" });
            }
            _ => {}
        }
        if children == 0 {
            self.close();
            self.child_done(false);
        }
    }

    fn text(&mut self, hid: Hid, text: &str) {
        let (form, after_text) = self.open.last().map_or((Form::Nodes, false), |frame| (frame.form, frame.after_text));
        let nodes = matches!(form, Form::Nodes | Form::Lines);
        // Without a comment the parser would join it to its neighbour, drop it, or count it wrong.
        if self.hids && nodes && (text.is_empty() || after_text || hid != self.last.wrapping_add(1)) {
            self.comment("", hid, "");
        }
        self.last = hid;
        self.leading_newline(text);
        if form == Form::Verbatim {
            verbatim(&mut self.out, text);
        } else {
            escape(&mut self.out, text, false);
        }
        for label in self.open.iter_mut().filter_map(|frame| frame.label.as_mut()) {
            label.push_str(text);
        }
        self.child_done(true);
    }

    fn raw(&mut self, hid: Hid, html: &str) {
        self.last = hid;
        if self.hids {
            self.comment("", hid, "[");
        }
        self.leading_newline(html);
        self.out.push_str(html);
        if self.hids {
            self.comment("]", hid, "");
        }
        self.child_done(false);
    }
}

fn is_editable(attrs: &[(&str, &str)]) -> bool {
    attrs.iter().any(|&(name, value)| name == "contenteditable" && value != "false")
}

fn form(tag: &str) -> Form {
    match tag {
        "pre" | "listing" => Form::Lines,
        "textarea" => Form::Field,
        "title" => Form::Escaped,
        "style" => Form::Verbatim,
        _ => Form::Nodes,
    }
}

/// Write `text` with character references for what markup or the parser would take.
fn escape(out: &mut String, text: &str, quotes: bool) {
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let reference = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'\r' => "&#13;",
            b'"' if quotes => "&quot;",
            _ => continue,
        };
        out.push_str(&text[plain..at]);
        out.push_str(reference);
        plain = at + 1;
    }
    out.push_str(&text[plain..]);
}

/// Write a style sheet so that its text cannot end the element: in CSS, `\/` is a slash.
fn verbatim(out: &mut String, css: &str) {
    let mut rest = css;
    while let Some(at) = rest.find("</") {
        out.push_str(&rest[..=at]);
        rest = &rest[at + 1..];
        if rest.get(1..6).is_some_and(|name| name.eq_ignore_ascii_case("style")) {
            out.push('\\');
        }
    }
    out.push_str(rest);
}
