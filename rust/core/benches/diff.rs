//! Diff and write, the shapes of js-framework-benchmark: each takes a mounted tree of one page
//! to the next and writes the burst, as a session does. Nodes are built outside the clock.
#![allow(missing_docs)] // what the macros of criterion make is public

use criterion::{criterion_group, criterion_main, BatchSize, Criterion, Throughput};
use vango_core::atom::Atom;
use vango_core::node::{Attr, Child, Handler, Key, Node, Value};
use vango_core::patch_list::Discard;
use vango_core::tree::{Content, Tree, Update};
use vango_core::wire::ops::Encoder;

/// A row: its key and its label.
type Row = (i128, String);

fn element(tag: &str, class: &str, handler: Option<u64>, children: Vec<Child>, key: Option<Key>) -> Child {
    let attrs = match class {
        "" => vec![],
        class => vec![Attr { name: Atom::new("class"), value: Value::Text(class.into()) }],
    };
    let handlers = handler.map(|target| Handler::new(0, target)).into_iter().collect();
    Node::element(Atom::new(tag), attrs, handlers, children, key).unwrap()
}

fn row((key, label): &Row, selected: bool) -> Child {
    let text = |text: &str| vec![Node::text(text).unwrap()];
    let icon = element("span", "glyphicon glyphicon-remove", None, vec![], None);
    let cells = vec![
        element("td", "col-md-1", None, text(&key.to_string()), None),
        element("td", "col-md-4", None, vec![element("a", "", Some(1), text(label), None)], None),
        element("td", "col-md-1", None, vec![element("a", "", Some(2), vec![icon], None)], None),
        element("td", "col-md-6", None, vec![], None),
    ];
    element("tr", if selected { "danger" } else { "" }, None, cells, Some(Key::int(*key)))
}

fn page(rows: Vec<Child>) -> Child {
    let body = element("tbody", "", None, rows, None);
    element("table", "table table-hover table-striped test-data", None, vec![body], None)
}

fn table(rows: &[Row], selected: Option<usize>) -> Child {
    page(rows.iter().enumerate().map(|(i, entry)| row(entry, Some(i) == selected)).collect())
}

fn rows(count: i128) -> Vec<Row> {
    (1..=count).map(|key| (key, format!("pretty red table {key}"))).collect()
}

/// The page before and after each operation.
fn operations() -> Vec<(&'static str, Child, Child)> {
    let thousand = rows(1_000);
    let old = table(&thousand, None);
    let changed = |change: &dyn Fn(&mut Vec<Row>)| {
        let mut rows = thousand.clone();
        change(&mut rows);
        table(&rows, None)
    };
    let update = |rows: &mut Vec<Row>| rows.iter_mut().step_by(10).for_each(|(_, label)| label.push_str(" !!!"));
    // A fixed shuffle: 7 has no common divisor with 1,000.
    let shuffle = |rows: &mut Vec<Row>| *rows = (0..1_000).map(|i| thousand[i * 7 % 1_000].clone()).collect();
    vec![
        ("create 1,000", table(&[], None), old.clone()),
        ("replace 1,000", old.clone(), table(&rows(2_000)[1_000..], None)),
        ("update every 10th", old.clone(), changed(&update)),
        ("select one", old.clone(), table(&thousand, Some(500))),
        ("swap two", old.clone(), changed(&|rows| rows.swap(1, 998))),
        ("remove one", old.clone(), changed(&|rows| drop(rows.remove(500)))),
        ("append 1,000", old.clone(), table(&rows(2_000), None)),
        ("clear 1,000", old.clone(), table(&[], None)),
        ("reverse 1,000", old.clone(), changed(&|rows| rows.reverse())),
        ("shuffle 1,000", old.clone(), changed(&shuffle)),
        ("unchanged, rebuilt", old.clone(), table(&thousand, None)),
        ("unchanged, same rows", old.clone(), same_rows(&old)),
        ("unchanged, same object", old.clone(), old),
    ]
}

/// Another table around the same row objects.
fn same_rows(table: &Child) -> Child {
    let children = |node: &Child| match &node.kind {
        vango_core::node::Kind::Element(element) => element.children.to_vec(),
        _ => vec![],
    };
    page(children(&children(table)[0]))
}

fn diff(c: &mut Criterion) {
    let mut group = c.benchmark_group("diff and write");
    for (name, old, new) in operations() {
        let bytes = {
            let mut out = Encoder::new(false);
            Tree::mount(old.clone()).unwrap().commit(new.clone(), &mut out).unwrap();
            out.len()
        };
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(name, |b| {
            let mounted = || (Tree::mount(old.clone()).unwrap(), new.clone());
            b.iter_batched(
                mounted,
                |(mut tree, new)| {
                    let mut out = Encoder::new(false);
                    tree.commit(new, &mut out).unwrap();
                    (tree, out.finish())
                },
                BatchSize::SmallInput,
            );
        });
    }
}

/// A list of 1,000 places, each in an item of its own or all in the list.
fn list_of_places(in_items: bool) -> Tree {
    let place = |key| {
        let place = Node::place(key, None);
        if in_items {
            element("li", "", None, vec![place], None)
        } else {
            place
        }
    };
    let root = element("ul", "", None, (1..=1_000).map(place).collect(), None);
    let mut updates = vec![Update { place: 0, content: Content::Node(root), places: (1..=1_000).collect() }];
    updates.extend((1..=1_000).map(|place| show(place, text(0))));
    let mut tree = Tree::empty();
    tree.flush(updates, &mut Discard).unwrap();
    tree
}

fn text(number: u64) -> Child {
    Node::text(number.to_string()).unwrap()
}

fn show(place: u64, node: Child) -> Update {
    Update { place, content: Content::Node(node), places: Box::default() }
}

fn places(c: &mut Criterion) {
    let mut group = c.benchmark_group("slots");
    let mut flush = |name: &str, count, in_items, content: &dyn Fn(u64) -> Child| {
        let mut tree = list_of_places(in_items);
        let mut round = 0;
        group.bench_function(name, |b| {
            let updates = || {
                round += 1;
                (1..=count).map(|place| show(place, content(round + place))).collect::<Vec<_>>()
            };
            let flush = |updates| {
                let mut out = Encoder::new(false);
                tree.flush(updates, &mut out).unwrap();
                out.finish()
            };
            b.iter_batched(updates, flush, BatchSize::SmallInput);
        });
    };
    flush("1 of 1,000 texts", 1, true, &text);
    flush("1,000 of 1,000 texts", 1_000, true, &text);
    let shape = |number: u64| match number % 2 {
        0 => Node::nothing(),
        _ => element("li", "", None, vec![], None),
    };
    flush("1 of 1,000 shapes", 1, false, &shape);
    flush("1,000 of 1,000 shapes", 1_000, false, &shape);
}

fn html(c: &mut Criterion) {
    let tree = Tree::mount(table(&rows(1_000), None)).unwrap();
    let mut group = c.benchmark_group("html");
    group.throughput(Throughput::Bytes(tree.html(true).len() as u64));
    group.bench_function("1,000 rows", |b| b.iter(|| tree.html(true)));
}

criterion_group!(benches, diff, places, html);
criterion_main!(benches);
