//! Pages as plain values, an independent rendering of them, and the updates that lead from one to the next.

use std::collections::{BTreeMap, HashMap};

use vango_core::atom::Atom;
use vango_core::node::{Attr, Child, Handler, Key, Node, Value};
use vango_core::patch::{PatchKind, PatchNode};
use vango_core::tree::{Content, PlaceId, Update};

/// A node with the contents of its places.
#[derive(Clone, Debug, PartialEq)]
pub enum Spec {
    Nothing,
    Text(String),
    Raw(String, Option<u8>),
    Element {
        tag: &'static str,
        key: Option<u8>,
        events: u8,
        attrs: BTreeMap<&'static str, Worth>,
        children: Vec<Spec>,
    },
    Fragment {
        key: Option<u8>,
        children: Vec<Spec>,
    },
    Place {
        id: PlaceId,
        content: Box<Spec>,
    },
}

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum Worth {
    Text(String),
    Slot { id: PlaceId, value: Option<String> },
}

/// A DOM node without its hid.
#[derive(Clone, Debug, PartialEq)]
pub enum Dom {
    Element(String, u32, Vec<(String, String)>, Vec<Dom>),
    Text(String),
    Raw(String),
}

impl Dom {
    pub fn of(node: &PatchNode) -> Self {
        match &node.kind {
            PatchKind::Text(text) => Self::Text(text.to_string()),
            PatchKind::Raw(html) => Self::Raw(html.to_string()),
            PatchKind::Element { tag, events, attrs, children } => Self::Element(
                tag.to_string(),
                *events,
                attrs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect(),
                children.iter().map(Self::of).collect(),
            ),
        }
    }
}

impl Spec {
    /// The one DOM node that a document of this root has.
    pub fn document(&self) -> Dom {
        match self {
            Self::Text(_) | Self::Raw(..) | Self::Element { .. } => self.render().remove(0),
            _ => Dom::Element("vango-root".into(), 0, vec![], self.render()),
        }
    }

    fn render(&self) -> Vec<Dom> {
        let all = |children: &[Self]| children.iter().flat_map(Self::render).collect();
        match self {
            Self::Nothing => vec![],
            Self::Text(text) => vec![Dom::Text(text.clone())],
            Self::Raw(html, _) => vec![Dom::Raw(html.clone())],
            Self::Fragment { children, .. } => all(children),
            Self::Place { content, .. } => content.render(),
            Self::Element { tag, events, attrs, children, .. } => {
                let attrs = attrs.iter().filter_map(|(name, worth)| {
                    let value = match worth {
                        Worth::Text(text) => Some(text),
                        Worth::Slot { value, .. } => value.as_ref(),
                    };
                    Some(((*name).to_string(), value?.clone()))
                });
                vec![Dom::Element((*tag).into(), u32::from(*events), attrs.collect(), all(children))]
            }
        }
    }

    /// Make keys unique among siblings, and ids in the whole page.
    pub fn tidy(&mut self) {
        self.tidy_below(&mut vec![0]);
    }

    fn tidy_below(&mut self, ids: &mut Vec<PlaceId>) {
        let fresh = |id: &mut PlaceId, ids: &mut Vec<PlaceId>| {
            while ids.contains(id) {
                *id += 1;
            }
            ids.push(*id);
        };
        match self {
            Self::Nothing | Self::Text(_) | Self::Raw(..) => {}
            Self::Place { id, content } => {
                fresh(id, ids);
                content.tidy_below(ids);
            }
            Self::Element { attrs, children, .. } => {
                for worth in attrs.values_mut() {
                    if let Worth::Slot { id, .. } = worth {
                        fresh(id, ids);
                    }
                }
                tidy_children(children, ids);
            }
            Self::Fragment { children, .. } => tidy_children(children, ids),
        }
    }

    /// Nodes of the page, places and fragments counted.
    pub fn size(&self) -> usize {
        1 + match self {
            Self::Nothing | Self::Text(_) | Self::Raw(..) => 0,
            Self::Place { content, .. } => content.size(),
            Self::Element { children, .. } | Self::Fragment { children, .. } => children.iter().map(Self::size).sum(),
        }
    }

    pub fn children_mut(&mut self) -> &mut [Self] {
        match self {
            Self::Nothing | Self::Text(_) | Self::Raw(..) => &mut [],
            Self::Place { content, .. } => std::slice::from_mut(content),
            Self::Element { children, .. } | Self::Fragment { children, .. } => children,
        }
    }

    fn key_mut(&mut self) -> Option<&mut Option<u8>> {
        match self {
            Self::Raw(_, key) | Self::Element { key, .. } | Self::Fragment { key, .. } => Some(key),
            _ => None,
        }
    }
}

fn tidy_children(children: &mut [Spec], ids: &mut Vec<PlaceId>) {
    let mut seen = vec![];
    for child in children {
        if let Some(key) = child.key_mut() {
            if key.is_some() && seen.contains(key) {
                *key = None;
            }
            seen.push(*key);
        }
        child.tidy_below(ids);
    }
}

/// What each place of a page shows by itself, in document order.
type Contents = Vec<(PlaceId, Own)>;

#[derive(Clone, Debug, PartialEq)]
enum Own {
    /// The content with the contents of its places left out, and their ids.
    Node(Spec, Vec<PlaceId>),
    Value(Option<String>),
}

fn contents(page: &Spec) -> Contents {
    let mut all = vec![];
    collect(0, page, &mut all);
    all
}

fn collect(id: PlaceId, content: &Spec, all: &mut Contents) {
    let (mut inner, mut ids) = (vec![], vec![]);
    let own = strip(content, &mut ids, &mut inner);
    all.push((id, Own::Node(own, ids)));
    for (id, spec) in inner {
        match spec {
            Ok(spec) => collect(id, spec, all),
            Err(value) => all.push((id, Own::Value(value.clone()))),
        }
    }
}

type Inner<'a> = Vec<(PlaceId, Result<&'a Spec, &'a Option<String>>)>;

fn strip<'a>(spec: &'a Spec, ids: &mut Vec<PlaceId>, inner: &mut Inner<'a>) -> Spec {
    let mut own = spec.clone();
    match (&mut own, spec) {
        (Spec::Place { id, content }, Spec::Place { content: whole, .. }) => {
            ids.push(*id);
            inner.push((*id, Ok(whole)));
            **content = Spec::Nothing;
        }
        (Spec::Element { attrs, children, .. }, Spec::Element { attrs: whole_attrs, children: whole, .. }) => {
            for (worth, whole) in attrs.values_mut().zip(whole_attrs.values()) {
                if let (Worth::Slot { id, value }, Worth::Slot { value: whole, .. }) = (worth, whole) {
                    ids.push(*id);
                    inner.push((*id, Err(whole)));
                    *value = None;
                }
            }
            *children = whole.iter().map(|child| strip(child, ids, inner)).collect();
        }
        (Spec::Fragment { children, .. }, Spec::Fragment { children: whole, .. }) => {
            *children = whole.iter().map(|child| strip(child, ids, inner)).collect();
        }
        _ => {}
    }
    own
}

/// Keys of several types, some of which look alike.
fn identity(number: u8) -> Key {
    let int = Key::Int((number / 4).into());
    match number % 4 {
        0 => int,
        1 => Key::str(&(number / 4).to_string()),
        2 => Key::tuple(vec![int, Key::bytes(&[])]),
        _ => Key::uuid((number / 4).into()),
    }
}

/// Nodes that were built, so that equal parts may be the same object.
#[derive(Default)]
pub struct Builder {
    built: HashMap<String, Child>,
    /// Ever new numbers: a handler is another object at each rendering.
    refs: u64,
    pub reuse: bool,
}

impl Builder {
    /// The updates that lead from one page to another: of every place, or only of those that changed.
    pub fn updates(&mut self, old: Option<&Spec>, new: &Spec, every: bool) -> Vec<Update> {
        let old = old.map(contents).unwrap_or_default();
        contents(new)
            .into_iter()
            .filter(|entry| every || !old.contains(entry))
            .map(|(place, own)| match own {
                Own::Value(value) => {
                    Update { place, content: Content::Value(value.map(Into::into)), places: Box::default() }
                }
                Own::Node(spec, ids) => Update { place, content: Content::Node(self.build(&spec)), places: ids.into() },
            })
            .collect()
    }

    fn build(&mut self, spec: &Spec) -> Child {
        let name = format!("{spec:?}");
        if let Some(node) = self.built.get(&name).filter(|_| self.reuse) {
            return node.clone();
        }
        let node = match spec {
            Spec::Nothing => Node::nothing(),
            Spec::Text(text) => Node::text(text.as_str()).unwrap(),
            Spec::Raw(html, key) => Node::raw(html.as_str(), key.map(identity)).unwrap(),
            Spec::Place { .. } => Node::place(self.next(), None),
            Spec::Fragment { key, children } => {
                let children = children.iter().map(|child| self.build(child)).collect();
                Node::fragment(children, key.map(identity)).unwrap()
            }
            Spec::Element { tag, key, events, attrs, children } => {
                let attrs = attrs.iter().map(|(name, worth)| Attr {
                    name: Atom::new(name),
                    value: match worth {
                        Worth::Text(text) => Value::Text(text.as_str().into()),
                        Worth::Slot { .. } => Value::Slot(self.next()),
                    },
                });
                let attrs = attrs.collect();
                let kinds = (0..8).filter(|kind| events >> kind & 1 == 1);
                let handlers = kinds.map(|kind| Handler::new(kind, self.next())).collect();
                let children = children.iter().map(|child| self.build(child)).collect();
                Node::element(Atom::new(tag), attrs, handlers, children, key.map(identity)).unwrap()
            }
        };
        // An instance and the tree that it stands for are the same to everybody.
        let node = if self.refs % 4 == 0 { node.written_out() } else { node };
        self.built.insert(name, node.clone());
        node
    }

    fn next(&mut self) -> u64 {
        self.refs += 1;
        self.refs
    }
}
