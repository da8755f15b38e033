//! The HTML of a node by itself, before anything mounts it.

use vango_core::html::Html;
use vango_core::node::{Child, Hid, Kind, Value};
use vango_core::patch::{NodeSink, PatchNode};
use vango_core::patch_list::NodeBuilder;

/// The HTML of a node; what is not known before a session mounts it, a slot or a component, is left out.
pub fn html(node: &Child) -> String {
    let mut out = Html::new(false);
    write(node, &mut 0, &mut out);
    out.finish()
}

/// The node as it travels, its hids running on from `first` in document order.
/// `None` for what is not exactly one DOM node.
pub fn numbered(node: &Child, first: Hid) -> Option<PatchNode> {
    let mut out = NodeBuilder::default();
    if matches!(node.kind.outer(), Kind::Element(_) | Kind::Text(_) | Kind::Raw(_)) {
        write(node, &mut first.checked_sub(1)?, &mut out);
    }
    out.finish()
}

fn write<N: NodeSink>(node: &Child, last: &mut Hid, out: &mut N) {
    if let Kind::Instance(_) = node.kind {
        return write(&node.written_out(), last, out);
    }
    if node.count > 0 && !matches!(node.kind, Kind::Fragment(_)) {
        *last = last.saturating_add(1);
    }
    match &node.kind {
        Kind::Nothing | Kind::Place(_) | Kind::Instance(_) => {}
        Kind::Text(text) => out.text(*last, text),
        Kind::Raw(html) => out.raw(*last, html),
        Kind::Fragment(children) => children.iter().for_each(|child| write(child, last, out)),
        Kind::Element(element) => {
            let attrs: Vec<(&str, &str)> = element
                .attrs
                .iter()
                .filter_map(|attr| match &attr.value {
                    Value::Text(text) => Some((attr.name.as_str(), &**text)),
                    Value::Slot(_) => None,
                })
                .collect();
            out.element(*last, &element.tag, element.events(), &attrs, roots(&element.children));
            element.children.iter().for_each(|child| write(child, last, out));
        }
    }
}

/// How many DOM nodes these children are.
fn roots(children: &[Child]) -> usize {
    children
        .iter()
        .map(|child| match child.kind.outer() {
            Kind::Nothing | Kind::Place(_) | Kind::Instance(_) => 0,
            Kind::Text(_) | Kind::Raw(_) | Kind::Element(_) => 1,
            Kind::Fragment(children) => roots(children),
        })
        .sum()
}
