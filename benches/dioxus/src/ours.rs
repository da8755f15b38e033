//! The vango side: every row is built anew, as theirs is, and nothing is memoised.

use std::sync::Arc;

use vango_core::atom::Atom;
use vango_core::node::{Attr, Child, Handler, Key, Node, Value};
use vango_core::tree::Tree;
use vango_core::wire::ops::Encoder;

use crate::rows::Rows;
use crate::Side;

/// What the templates of a real page would hold once.
struct Names {
    tbody: Atom,
    tr: Atom,
    td: Atom,
    a: Atom,
    span: Atom,
    class: Attr4,
    class_name: Atom,
    aria_hidden: Attr,
    danger: Arc<str>,
    icon: Attr,
}

struct Attr4 {
    id: Attr,
    label: Attr,
    link: Attr,
    narrow: Attr,
    remove: Attr,
    wide: Attr,
}

pub struct Vango {
    names: Names,
    tree: Tree,
    handlers: u64,
}

fn attr(name: &str, value: &str) -> Attr {
    Attr { name: Atom::new(name), value: Value::Text(value.into()) }
}

impl Vango {
    pub fn new() -> Self {
        let class = |value| attr("class", value);
        let names = Names {
            tbody: Atom::new("tbody"),
            tr: Atom::new("tr"),
            td: Atom::new("td"),
            a: Atom::new("a"),
            span: Atom::new("span"),
            class: Attr4 {
                id: class("col-md-1"),
                label: class("col-md-4"),
                link: class("lbl"),
                narrow: class("col-md-1"),
                remove: class("remove"),
                wide: class("col-md-6"),
            },
            class_name: Atom::new("class"),
            aria_hidden: attr("aria-hidden", "true"),
            danger: "danger".into(),
            icon: class("remove glyphicon glyphicon-remove"),
        };
        let tbody = Node::element(names.tbody.clone(), vec![], vec![], vec![], None).expect("a plain element");
        Self { names, tree: Tree::mount(tbody).expect("a plain tree"), handlers: 0 }
    }

    fn row(&mut self, id: usize, label: &str, selected: bool) -> Child {
        let mut click = || {
            self.handlers += 1;
            vec![Handler { kind: 0, target: self.handlers }]
        };
        let (select, remove) = (click(), click());
        let n = &self.names;
        let element = |tag: &Atom, attrs, handlers, children, key| {
            Node::element(tag.clone(), attrs, handlers, children, key).expect("a plain row")
        };
        let text = |text: &str| Node::text(text).expect("a plain text");
        let class = if selected {
            vec![Attr { name: n.class_name.clone(), value: Value::Text(n.danger.clone()) }]
        } else {
            vec![]
        };
        let icon = element(&n.span, vec![n.aria_hidden.clone(), n.icon.clone()], vec![], vec![], None);
        let link = element(&n.a, vec![n.class.link.clone()], select, vec![text(label)], None);
        let cross = element(&n.a, vec![n.class.remove.clone()], remove, vec![icon], None);
        let cell = |class: &Attr, children| element(&n.td, vec![class.clone()], vec![], children, None);
        let cells = vec![
            cell(&n.class.id, vec![text(&id.to_string())]),
            cell(&n.class.label, vec![link]),
            cell(&n.class.narrow, vec![cross]),
            cell(&n.class.wide, vec![]),
        ];
        element(&n.tr, class, vec![], cells, Some(Key::Int(id as i128)))
    }
}

impl Side for Vango {
    fn show(&mut self, rows: &Rows) {
        let children = rows.items.iter().map(|(id, label)| self.row(*id, label, rows.selected == *id)).collect();
        let tbody = Node::element(self.names.tbody.clone(), vec![], vec![], children, None).expect("plain rows");
        let mut burst = Encoder::new(false);
        self.tree.commit(tbody, &mut burst).expect("plain rows");
        std::hint::black_box(burst.finish());
    }
}
