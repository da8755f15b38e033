//! Rows of one template: to everybody but memory they are ordinary trees.

use crate::build::*;
use vango_core::atom::Atom;
use vango_core::error::TreeError;
use vango_core::node::{Attr, Child, Handler, Key, Kind, Node, Value};
use vango_core::template::Template;
use vango_core::tree::Tree;

const NONE: [&str; 0] = [];

/// A row of four elements and two texts.
fn row(key: Option<i128>, class: Option<&str>, label: &str) -> Child {
    let class = class.map(|class| Attr { name: Atom::new("class"), value: Value::Text(class.into()) });
    let click = vec![Handler::new(0, label.len() as u64)];
    let link = Node::element(Atom::new("a"), vec![], click, vec![text(label)], None).unwrap();
    let cells = vec![el("td", [text("1")]), with("td", &[("id", label)], [link])];
    Node::element(Atom::new("tr"), class.into_iter().collect(), vec![], cells, key.map(Key::int)).unwrap()
}

/// A row that certainly is an instance: what comes for the third time is.
fn instance(key: i128, class: Option<&str>, label: &str) -> Child {
    let rows = [(); 3].map(|()| row(Some(key), class, label));
    assert!(matches!(rows[2].kind, Kind::Instance(_)));
    rows[2].clone()
}

/// A body of a row with key 1 alone, which is an instance or written out.
fn bodies(class: Option<&str>, label: &str) -> [Child; 2] {
    let row = instance(1, class, label);
    [row.written_out(), row].map(|row| el("tbody", [row]))
}

#[test]
fn an_instance_has_the_html_the_size_and_the_listeners_of_its_tree() {
    for (class, label) in [(None, "b"), (Some("danger"), "cc")] {
        let [plain, instance] = bodies(class, label).map(|body| Tree::mount(body).unwrap());
        assert_eq!(plain.html(true), instance.html(true));
        assert_eq!(plain.count(), instance.count());
        assert_eq!(Some((0, label.len() as u64)), instance.listener(6, 0));
        for hid in 0..10 {
            assert_eq!(plain.is_live(hid), instance.is_live(hid));
            assert_eq!(plain.listener(hid, 0), instance.listener(hid, 0));
            assert_eq!(plain.element_at(hid).map(|found| found.1), instance.element_at(hid).map(|found| found.1));
        }
    }
}

#[test]
fn instances_differ_as_their_trees_do() {
    let states = [(None, "b"), (Some("danger"), "b"), (Some("danger"), "c"), (Some("x"), "c"), (None, "d")];
    for (was, is) in states.iter().flat_map(|was| states.iter().map(move |is| (was, is))) {
        let [old, old_instance] = bodies(was.0, was.1);
        let [new, new_instance] = bodies(is.0, is.1);
        let expected = diff(old.clone(), new.clone());
        assert_eq!(expected, diff(old_instance.clone(), new_instance.clone()));
        assert_eq!(expected, diff(old, new_instance));
        assert_eq!(expected, diff(old_instance, new));
    }
}

#[test]
fn an_instance_gives_way_to_another_shape_and_comes_back() {
    let mut tree = Tree::mount(el("tbody", [instance(1, None, "b")])).unwrap();
    let other = keyed("tr", 1, [el("td", [text("1")])]);
    let html = |tree: &Tree| tree.html(false);
    assert_eq!(vec!["remove 5"], commit(&mut tree, el("tbody", [other])));
    assert_eq!("<tbody><tr><td>1</td></tr></tbody>", html(&tree));
    commit(&mut tree, el("tbody", [instance(1, None, "b")]));
    assert_eq!(html(&Tree::mount(el("tbody", [row(None, None, "b")])).unwrap()), html(&tree));
    assert_eq!(NONE.to_vec(), commit(&mut tree, el("tbody", [instance(1, None, "b")])));
}

#[test]
fn fragments_with_a_key_are_instances_too() {
    let fragment = |label| {
        let row = || Node::fragment(vec![row(None, None, label), Node::nothing()], Some(Key::Int(1))).unwrap();
        [row(), row(), row()][2].clone()
    };
    assert!(matches!(fragment("b").kind, Kind::Instance(_)));
    let line = || keyed("hr", "line", []);
    let body = |label| el("tbody", [fragment(label), line()]);
    let mut tree = Tree::mount(body("b")).unwrap();
    assert_eq!(vec!["attr 5 id=\"c\"", "text 7 \"c\""], commit(&mut tree, body("c")));
    assert_eq!(vec!["remove 2"], commit(&mut tree, el("tbody", [line()])));
}

#[test]
fn a_fragment_that_is_an_instance_grows_in_its_place() {
    let letters = |count: usize| {
        let fragment = || Node::fragment(vec![text("a"); count], Some(Key::Int(1))).unwrap();
        [fragment(), fragment(), fragment()][2].clone()
    };
    let page = |count| el("p", [text("x"), letters(count), keyed("hr", 2, []), slot()]);
    let mut tree = tree(vec![node(0, page(4), &[1]), node(1, text("y"), &[])]);
    assert_eq!(vec!["insert 1 7 <!--9-->a"], flush(&mut tree, vec![node(0, page(5), &[1])]));
    assert_eq!("<p>xaaaaa<hr>y</p>", tree.html(false));
}

#[test]
fn a_template_gives_rows_without_building_them() {
    let template = Template::of(&row(None, Some("danger"), "b")).unwrap();
    let filled = template.fill(vec!["1".into(), "b".into()], vec![1], Some(Key::Int(1))).unwrap();
    let body = |row| el("tbody", [row]);
    assert_eq!(NONE.to_vec(), diff(body(instance(1, Some("danger"), "b")), body(filled.clone())));
    assert_eq!(NONE.to_vec(), diff(body(filled.clone()), body(filled.written_out())));
    assert_eq!(Some((0, 1)), Tree::mount(body(filled)).unwrap().listener(6, 0));
}

#[test]
fn a_template_refuses_what_does_not_fill_it() {
    let template = Template::of(&row(None, None, "b")).unwrap();
    assert!(matches!(template.fill(vec!["1".into()], vec![1], None), Err(TreeError::Shape(_))));
    assert!(matches!(template.fill(vec!["1".into(), "b".into()], vec![], None), Err(TreeError::Shape(_))));
    assert_eq!(Some(TreeError::Text), template.fill(vec!["1".into(), "\0".into()], vec![1], None).err());
}

#[test]
fn what_has_places_raw_html_or_keys_in_it_has_no_template() {
    let cells = |cell: Child| el("tr", [el("td", [text("a")]), el("td", [text("b")]), el("td", [cell])]);
    assert!(Template::of(&cells(text("c"))).is_some());
    for cell in [slot(), raw("c"), keyed("b", 1, []), slotted("b", &["class"], [])] {
        assert!(Template::of(&cells(cell)).is_none());
    }
}
