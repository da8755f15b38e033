//! The first paint (PROTOCOL 3.2): node, its HTML with hids, its HTML without.

use crate::build::*;
use vango_core::node::{Child, Node};
use vango_core::tree::Tree;

#[test]
fn pages_as_html() {
    let cases: Vec<(Child, &str, &str)> = vec![
        (el("p", [text("a")]), "<p data-hid=\"1\">a</p>", "<p>a</p>"),
        (el("p", [text("a"), text("b")]), "<p data-hid=\"1\">a<!--3-->b</p>", "<p>ab</p>"),
        (el("p", [text("")]), "<p data-hid=\"1\"><!--2--></p>", "<p></p>"),
        (el("p", [text("a"), Node::nothing(), fragment([text("b")])]), "<p data-hid=\"1\">a<!--3-->b</p>", "<p>ab</p>"),
        (el("p", [text("a"), el("br", []), text("b")]), "<p data-hid=\"1\">a<br data-hid=\"3\">b</p>", "<p>a<br>b</p>"),
        (
            el("p", [text("a"), raw("<i>x</i>"), text("b")]),
            "<p data-hid=\"1\">a<!--3[--><i>x</i><!--]3-->b</p>",
            "<p>a<i>x</i>b</p>",
        ),
        (
            with("a", &[("title", "&<>\"'\r\n")], [text("&<>\"'\r\n")]),
            "<a data-hid=\"1\" title=\"&amp;&lt;&gt;&quot;'&#13;\n\">&amp;&lt;&gt;\"'&#13;\n</a>",
            "<a title=\"&amp;&lt;&gt;&quot;'&#13;\n\">&amp;&lt;&gt;\"'&#13;\n</a>",
        ),
        (el("pre", [text("\na")]), "<pre data-hid=\"1\">\n\na</pre>", "<pre>\n\na</pre>"),
        (el("pre", [text(""), text("\na")]), "<pre data-hid=\"1\"><!--2--><!--3-->\na</pre>", "<pre>\n\na</pre>"),
        (
            el("pre", [el("b", []), text("\na")]),
            "<pre data-hid=\"1\"><b data-hid=\"2\"></b>\na</pre>",
            "<pre><b></b>\na</pre>",
        ),
        (
            with("textarea", &[(".value", "\n<a>")], []),
            "<textarea data-hid=\"1\">\n\n&lt;a&gt;</textarea>",
            "<textarea>\n\n&lt;a&gt;</textarea>",
        ),
        (
            with("p", &[("contenteditable", "true"), (".value", "a<b")], []),
            "<p data-hid=\"1\" value=\"a&lt;b\" contenteditable=\"true\"><span>a&lt;b</span></p>",
            "<p value=\"a&lt;b\" contenteditable=\"true\">a&lt;b</p>",
        ),
        (
            with("p", &[("contenteditable", "false"), (".value", "a")], []),
            "<p data-hid=\"1\" value=\"a\" contenteditable=\"false\"></p>",
            "<p value=\"a\" contenteditable=\"false\"></p>",
        ),
        (el("title", [text("a < b")]), "<title data-hid=\"1\">a &lt; b</title>", "<title>a &lt; b</title>"),
        (
            el("style", [text("a > b { content: '</STYLE></b>&' }")]),
            "<style data-hid=\"1\">a > b { content: '<\\/STYLE></b>&' }</style>",
            "<style>a > b { content: '<\\/STYLE></b>&' }</style>",
        ),
        (
            with(
                "input",
                &[(".checked", ""), (".indeterminate", ""), (".value", "x"), ("checked", ""), ("class", "")],
                [],
            ),
            "<input data-hid=\"1\" checked=\"\" value=\"x\" class=\"\">",
            "<input checked=\"\" value=\"x\" class=\"\">",
        ),
        (
            with("video", &[(".muted", "")], []),
            "<video data-hid=\"1\" muted=\"\"></video>",
            "<video muted=\"\"></video>",
        ),
        (
            el("p", [button(7), el("button", [])]),
            "<p data-hid=\"1\"><button data-hid=\"2\" data-ev=\"1\"></button><button data-hid=\"3\"></button></p>",
            "<p><button></button><button></button></p>",
        ),
        (fragment([]), "<vango-root data-hid=\"1\"></vango-root>", "<vango-root></vango-root>"),
        (text("a"), "a", "a"),
    ];
    for (node, with_hids, without) in cases {
        let tree = Tree::mount(node).unwrap();
        assert_eq!(with_hids, tree.html(true));
        assert_eq!(without, tree.html(false));
    }
}

#[test]
fn the_value_of_a_select_is_the_option_that_it_selects() {
    let option = |value: &str| with("option", &[("value", value)], [text("?")]);
    let label = |label: &str| el("option", [text(label)]);
    let cases = [
        (
            vec![option("a"), option("b")],
            "b",
            "<option value=\"a\">?</option><option value=\"b\" selected=\"\">?</option>",
        ),
        (vec![label("a"), label("  b ")], "b", "<option>a</option><option selected=\"\">  b </option>"),
        (vec![label("a"), label("a")], "a", "<option selected=\"\">a</option><option>a</option>"),
        (vec![el("optgroup", [option("b")])], "b", "<optgroup><option value=\"b\" selected=\"\">?</option></optgroup>"),
        (vec![label("a")], "c", "<option>a</option>"),
    ];
    for (options, value, expected) in cases {
        let tree = Tree::mount(with("select", &[(".value", value)], options)).unwrap();
        assert_eq!(format!("<select>{expected}</select>"), tree.html(false));
    }
}

#[test]
fn a_text_that_came_later_is_named() {
    let mut tree = Tree::mount(el("p", [keyed("b", 1, [])])).unwrap();
    commit(&mut tree, el("p", [text("a"), keyed("b", 1, []), text("c")]));
    assert_eq!("<p data-hid=\"1\"><!--4-->a<b data-hid=\"2\"></b>c</p>", tree.html(true));
}

#[test]
fn the_children_of_the_root_are_written_one_by_one() {
    let mut tree = Tree::mount(fragment([el("p", [text("a")]), el("br", []), el("p", [])])).unwrap();
    let parts = ["<p data-hid=\"2\">a</p>", "<br data-hid=\"4\">", "<p data-hid=\"5\"></p>"];
    assert_eq!(parts.to_vec(), tree.html_children(true));
    commit(&mut tree, fragment([el("p", [el("b", [text("a"), text("b")])]), el("br", []), el("p", [])]));
    assert_eq!(["<p><b>ab</b></p>", "<br>", "<p></p>"].to_vec(), tree.html_children(false));
    for none in [fragment([]), el("br", []), text("a")] {
        assert!(Tree::mount(none).unwrap().html_children(true).is_empty());
    }
}

#[test]
fn styles_are_told_once_each_in_their_order() {
    let style = |value: &str, children: Vec<Child>| with("p", &[("style", value)], children);
    let mut tree = Tree::mount(el("div", [style("b", vec![style("a\r\n", vec![])]), style("b", vec![])])).unwrap();
    assert_eq!(["b", "a\r\n"].to_vec(), tree.styles());
    commit(&mut tree, el("div", [with("p", &[("data-style", "d"), ("class", "style")], [raw("<i style='e'></i>")])]));
    assert!(tree.styles().is_empty());
    assert!(Tree::mount(fragment([])).unwrap().styles().is_empty());
}
