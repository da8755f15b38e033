//! Elements that are refused before they can be shown.

use crate::build::*;
use vango_core::atom::Atom;
use vango_core::error::TreeError;
use vango_core::limits::{EVENT_BITS, MAX_EVENT_KIND};
use vango_core::node::{Child, Handler, Node};

fn element(tag: &str, kinds: &[u8], children: Vec<Child>) -> Result<Child, TreeError> {
    let handlers = kinds.iter().map(|kind| Handler::new(*kind, 1)).collect();
    Node::element(Atom::new(tag), vec![], handlers, children, None)
}

#[test]
fn a_handler_has_a_kind_of_the_wire() {
    assert!(element("p", &[0, EVENT_BITS - 1, EVENT_BITS, 34, MAX_EVENT_KIND], vec![]).is_ok());
    for kind in [32, 33, MAX_EVENT_KIND + 1, u8::MAX] {
        let (limit, got) = (usize::from(MAX_EVENT_KIND), usize::from(kind));
        let refused = TreeError::Limit { what: "kind of an event", limit, got };
        assert_eq!(Some(refused), element("p", &[0, kind], vec![]).err());
    }
}

#[test]
fn a_kind_of_event_has_one_handler() {
    assert!(element("p", &[4, 0], vec![]).is_ok(), "their order is that of the kinds");
    assert!(matches!(element("p", &[4, 0, 4], vec![]), Err(TreeError::Shape(_))));
}

#[test]
fn what_a_browser_reads_as_text_or_keeps_apart_has_no_children() {
    for tag in ["br", "iframe", "noembed", "noframes", "noscript", "template", "textarea", "xmp"] {
        assert!(element(tag, &[], vec![]).is_ok(), "{tag}");
        for child in [text("a"), el("b", []), slot(), raw("<b></b>")] {
            assert!(matches!(element(tag, &[], vec![child]), Err(TreeError::Shape(_))), "{tag}");
        }
    }
}

#[test]
fn what_html_treats_apart_is_written_in_lower_case() {
    for tag in ["BR", "Template", "TITLE", "Style", "NoScript"] {
        assert!(matches!(element(tag, &[], vec![]), Err(TreeError::Shape(_))), "{tag}");
    }
    assert!(element("linearGradient", &[], vec![]).is_ok());
}

#[test]
fn an_element_that_never_ends_is_refused() {
    for tag in ["plaintext", "PlainText"] {
        assert!(matches!(element(tag, &[], vec![]), Err(TreeError::Shape(_))), "{tag}");
    }
}
