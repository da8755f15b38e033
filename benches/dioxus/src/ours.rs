//! The vango side: every row is built anew, as theirs is, and nothing is memoised.

use vango_core::atom::Atom;
use vango_core::few::Few;
use vango_core::node::{Attr, Attrs, Child, Handler, Key, Node, Ref, Value};
use vango_core::template::Template;
use vango_core::tree::Tree;
use vango_core::wire::ops::Encoder;

use crate::rows::Rows;
use crate::Side;

/// What stands in the text of the program, as in theirs.
struct Constants {
    tbody: Atom,
    tr: Atom,
    td: Atom,
    a: Atom,
    danger: Attrs,
    narrow: Attrs,
    label: Attrs,
    link: Attrs,
    remove: Attrs,
    /// Elements without children or handlers are made once, as the builders of Python do.
    icon: Child,
    filler: Child,
}

impl Constants {
    fn new() -> Self {
        let class = |names| attrs(&[("class", names)]);
        Self {
            tbody: Atom::new("tbody"),
            tr: Atom::new("tr"),
            td: Atom::new("td"),
            a: Atom::new("a"),
            danger: class("danger"),
            narrow: class("col-md-1"),
            label: class("col-md-4"),
            link: class("lbl"),
            remove: class("remove"),
            icon: bare("span", &[("class", "remove glyphicon glyphicon-remove"), ("aria-hidden", "true")]),
            filler: bare("td", &[("class", "col-md-6")]),
        }
    }

    /// A row, element by element.
    fn row(&self, id: usize, label: &str, refs: [Ref; 2], selected: bool) -> Child {
        let [select, remove] = refs.map(|target| [Handler { kind: 0, target }].into());
        let cell = |attrs, children| element(&self.td, attrs, [].into(), children, None);
        let link = element(&self.a, &self.link, select, [text(label)].into(), None);
        let cross = element(&self.a, &self.remove, remove, [self.icon.clone()].into(), None);
        let cells = [
            cell(&self.narrow, [text(&id.to_string())].into()),
            cell(&self.label, [link].into()),
            cell(&self.narrow, [cross].into()),
            self.filler.clone(),
        ];
        let class = if selected { &self.danger } else { &Attrs::default() };
        element(&self.tr, class, [].into(), cells.into(), Some(Key::Int(id as i128)))
    }
}

fn attrs(pairs: &[(&str, &str)]) -> Attrs {
    let attr = |(name, value): &(&str, &str)| Attr { name: Atom::new(name), value: Value::Text((*value).into()) };
    Attrs::new(pairs.iter().map(attr).collect()).expect("plain attributes")
}

fn bare(tag: &str, pairs: &[(&str, &str)]) -> Child {
    element(&Atom::new(tag), &attrs(pairs), [].into(), [].into(), None)
}

fn element(tag: &Atom, attrs: &Attrs, handlers: Few<Handler>, children: Few<Child>, key: Option<Key>) -> Child {
    Node::of_parts(tag.clone(), attrs.clone(), handlers, children, key).expect("a plain element")
}

fn text(text: &str) -> Child {
    Node::text(text).expect("a plain text")
}

/// A row and a selected row, where they are not built element by element.
struct Templates {
    plain: Template,
    selected: Template,
}

impl Templates {
    fn row(&self, id: usize, label: &str, refs: [Ref; 2], selected: bool) -> Child {
        let template = if selected { &self.selected } else { &self.plain };
        let texts = vec![id.to_string().as_str().into(), label.into()];
        template.fill(texts, refs.into(), Some(Key::Int(id as i128))).expect("a plain row")
    }
}

pub struct Vango {
    constants: Constants,
    templates: Option<Templates>,
    tree: Tree,
    refs: Ref,
}

impl Vango {
    /// Rows as instances of templates, as dioxus has them.
    pub fn by_template() -> Self {
        let constants = Constants::new();
        let template = |selected| Template::of(&constants.row(0, "", [0; 2], selected)).expect("a plain row");
        let templates = Templates { plain: template(false), selected: template(true) };
        Self { templates: Some(templates), ..Self::by_element() }
    }

    /// Rows element by element, as calls from Python build them.
    pub fn by_element() -> Self {
        let constants = Constants::new();
        let tree = Tree::mount(page(&constants, vec![])).expect("a plain tree");
        Self { constants, templates: None, tree, refs: 0 }
    }
}

fn page(constants: &Constants, rows: Vec<Child>) -> Child {
    element(&constants.tbody, &Attrs::default(), [].into(), rows.into(), None)
}

impl Side for Vango {
    fn show(&mut self, rows: &Rows) {
        let build = rows.items.iter().map(|(id, label)| {
            self.refs += 2;
            let (refs, selected) = ([self.refs - 1, self.refs], rows.selected == *id);
            match &self.templates {
                Some(templates) => templates.row(*id, label, refs, selected),
                None => self.constants.row(*id, label, refs, selected),
            }
        });
        let rows = build.collect();
        let mut burst = Encoder::new(false);
        self.tree.commit(page(&self.constants, rows), &mut burst).expect("plain rows");
        std::hint::black_box(burst.finish());
    }
}
