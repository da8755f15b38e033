//! The `style` attributes of a document: what its page's policy of content has to allow.

use std::collections::HashSet;

use crate::node::Hid;
use crate::patch::NodeSink;

/// Gathers the values of `style`, each once, in document order; not those within raw HTML, which nobody has read.
#[derive(Debug, Default)]
pub struct Styles {
    found: Vec<String>,
    known: HashSet<String>,
}

impl Styles {
    /// What was gathered.
    pub fn finish(self) -> Vec<String> {
        self.found
    }
}

impl NodeSink for Styles {
    fn element(&mut self, _hid: Hid, _tag: &str, _events: u32, attrs: &[(&str, &str)], _children: usize) {
        for (_, value) in attrs.iter().filter(|(name, _)| *name == "style") {
            if self.known.insert((*value).to_owned()) {
                self.found.push((*value).to_owned());
            }
        }
    }

    fn text(&mut self, _hid: Hid, _text: &str) {}

    fn raw(&mut self, _hid: Hid, _html: &str) {}
}
