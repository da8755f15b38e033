//! What an instance has for itself: what fills the holes of its template.
//!
//! Nearly all rows hold a few words, have the attributes of their template, and handlers whose refs run on; such
//! a row needs no memory beside its node.

use crate::attrs::{Attrs, Ref};
use crate::text::Text;
use crate::weight;

/// Bytes for short texts: as many as leave a node with a key in 112 bytes of memory.
const ROOM: usize = 31;

/// Texts, attributes and refs, each in document order.
#[derive(Debug)]
pub(crate) enum Own {
    /// Little: the attributes are those of the template.
    Little {
        /// The refs run on from this one.
        first: Ref,
        /// Where each text ends, counted from the first one, and then all of them.
        bytes: [u8; ROOM],
    },
    /// Texts of any length.
    Texts {
        /// As above, where there is nothing more.
        first: Ref,
        texts: Box<[Text]>,
        more: Option<Box<More>>,
    },
}

/// What few rows have: a class of their own, or handlers that came at different times.
#[derive(Debug)]
pub(crate) struct More {
    /// The attributes of each element, where they are not those of the template.
    attrs: Option<Box<[Attrs]>>,
    refs: Box<[Ref]>,
}

impl Own {
    pub fn new(attrs: Option<Box<[Attrs]>>, texts: Vec<Text>, refs: Vec<Ref>) -> Self {
        let first = refs.first().copied().unwrap_or_default();
        let run_on = (0..).zip(&refs).all(|(index, known)| first.checked_add(index) == Some(*known));
        if attrs.is_some() || !run_on {
            let more = Some(Box::new(More { attrs, refs: refs.into() }));
            return Self::Texts { first, texts: texts.into(), more };
        }
        match pack(&texts) {
            Some(bytes) => Self::Little { first, bytes },
            None => Self::Texts { first, texts: texts.into(), more: None },
        }
    }

    /// One of `count` texts.
    pub fn text(&self, index: usize, count: usize) -> &str {
        match self {
            Self::Texts { texts, .. } => &texts[index],
            Self::Little { bytes, .. } => {
                let end = |index: usize| count + usize::from(bytes[index]);
                let start = if index == 0 { count } else { end(index - 1) };
                std::str::from_utf8(&bytes[start..end(index)]).expect("a text was made of UTF-8")
            }
        }
    }

    /// The attributes of each element, where they are not those of the template.
    pub fn attrs(&self) -> Option<&[Attrs]> {
        match self {
            Self::Texts { more: Some(more), .. } => more.attrs.as_deref(),
            Self::Texts { more: None, .. } | Self::Little { .. } => None,
        }
    }

    pub fn target(&self, index: usize) -> Ref {
        match self {
            Self::Texts { more: Some(more), .. } => more.refs[index],
            Self::Texts { first, .. } | Self::Little { first, .. } => first + index as Ref,
        }
    }

    /// Bytes beside its own.
    pub fn beside(&self) -> usize {
        let Self::Texts { texts, more, .. } = self else { return 0 };
        let more = more.as_ref().map_or(0, |more| {
            let attrs = more.attrs.as_ref().map_or(0, |attrs| weight::piece(size_of_val(&**attrs)));
            weight::piece(size_of::<More>()) + attrs + weight::piece(size_of_val(&*more.refs))
        });
        more + weight::piece(size_of_val(&**texts)) + texts.iter().map(Text::beside).sum::<usize>()
    }
}

/// The texts in one array, if there is room for them.
fn pack(texts: &[Text]) -> Option<[u8; ROOM]> {
    let mut bytes = [0; ROOM];
    let mut end = 0;
    for (index, text) in texts.iter().enumerate() {
        let (text, start) = (text.bytes(), texts.len() + end);
        bytes.get_mut(start..start + text.len())?.copy_from_slice(text);
        end += text.len();
        *bytes.get_mut(index)? = end as u8;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "more than there is room for in a node";

    #[test]
    fn refs_are_those_that_were_given() {
        for refs in [vec![], vec![7], vec![7, 8, 9], vec![7, 9, 8], vec![u64::MAX], vec![u64::MAX, 0]] {
            for (attrs, text) in [(None, "a"), (None, LONG), (Some([].into()), "a"), (Some([].into()), LONG)] {
                let own = Own::new(attrs, vec![text.into()], refs.clone());
                assert_eq!(refs, (0..refs.len()).map(|index| own.target(index)).collect::<Vec<_>>());
                assert_eq!(text, own.text(0, 1));
            }
        }
    }

    #[test]
    fn texts_are_those_that_were_given_and_need_no_memory_while_they_are_short() {
        let long = format!("a{}", "é".repeat(ROOM));
        for (texts, is_little) in [
            (vec![], true),
            (vec![""], true),
            (vec!["17", "pretty red chair 17"], true),
            (vec!["", "é", "", "日本"], true),
            (vec![&long[..ROOM - 2], ""], true),
            (vec![&long[..ROOM - 2], "a"], false),
            (vec![&long[..], "a"], false),
            (vec![""; ROOM], true),
            (vec![""; ROOM + 1], false),
            (vec!["a"; 2 * ROOM], false),
        ] {
            let own = Own::new(None, texts.iter().map(|text| Text::from(*text)).collect(), vec![]);
            let kept: Vec<_> = (0..texts.len()).map(|index| own.text(index, texts.len())).collect();
            assert_eq!(texts, kept);
            assert_eq!(is_little, own.beside() == 0 && matches!(own, Own::Little { .. }), "{texts:?}");
        }
    }

    #[test]
    fn little_takes_no_more_than_anything() {
        assert_eq!(40, size_of::<Own>());
    }
}
