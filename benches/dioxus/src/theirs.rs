//! The dioxus side.

use std::cell::RefCell;
use std::hint::black_box;
use std::rc::Rc;

use dioxus::prelude::*;
use dioxus_core::{NoOpMutations, ScopeId, VirtualDom};

use crate::rows::Rows;
use crate::Side;

type Shared = Rc<RefCell<Rows>>;

pub struct Dioxus {
    dom: VirtualDom,
    rows: Shared,
}

impl Dioxus {
    pub fn new() -> Self {
        let rows = Shared::default();
        let mut dom = VirtualDom::new(page).with_root_context(rows.clone());
        dom.rebuild(&mut NoOpMutations);
        Self { dom, rows }
    }
}

impl Side for Dioxus {
    fn show(&mut self, rows: &Rows) {
        self.rows.borrow_mut().clone_from(rows);
        self.dom.mark_dirty(ScopeId::APP);
        self.dom.render_immediate(&mut NoOpMutations);
    }
}

fn page() -> Element {
    let rows = use_context::<Shared>();
    let rows = rows.borrow();
    rsx! {
        tbody {
            for (id , label) in rows.items.iter().cloned() {
                tr { key: "{id}", class: if rows.selected == id { "danger" },
                    td { class: "col-md-1", "{id}" }
                    td { class: "col-md-4",
                        a { class: "lbl", onclick: move |_| _ = black_box(id), "{label}" }
                    }
                    td { class: "col-md-1",
                        a { class: "remove", onclick: move |_| _ = black_box(id),
                            span { class: "remove glyphicon glyphicon-remove", "aria-hidden": "true" }
                        }
                    }
                    td { class: "col-md-6" }
                }
            }
        }
    }
}
