//! What an instance has for itself: what fills the holes of its template.
//!
//! Nearly all rows hold a few words, have the attributes of their template, and handlers whose refs run on; such
//! a row needs no memory beside its node.

use crate::attrs::{Attrs, Ref};
use crate::text::Text;
use crate::weight;

/// Bytes for short texts: as many as the other variant takes.
const ROOM: usize = 32;

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
    /// Anything.
    Any {
        /// The attributes of each element, where they are not those of the template.
        attrs: Option<Box<[Attrs]>>,
        texts: Box<[Text]>,
        refs: Refs,
    },
}

impl Own {
    pub fn new(attrs: Option<Box<[Attrs]>>, texts: Vec<Text>, refs: Vec<Ref>) -> Self {
        let refs = Refs::new(refs);
        match (attrs, refs) {
            (None, Refs::From(first)) => match pack(&texts) {
                Some(bytes) => Self::Little { first, bytes },
                None => Self::Any { attrs: None, texts: texts.into(), refs: Refs::From(first) },
            },
            (attrs, refs) => Self::Any { attrs, texts: texts.into(), refs },
        }
    }

    /// One of `count` texts.
    pub fn text(&self, index: usize, count: usize) -> &str {
        match self {
            Self::Any { texts, .. } => &texts[index],
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
            Self::Any { attrs, .. } => attrs.as_deref(),
            Self::Little { .. } => None,
        }
    }

    pub fn target(&self, index: usize) -> Ref {
        match self {
            Self::Any { refs, .. } => refs.get(index),
            Self::Little { first, .. } => first + index as Ref,
        }
    }

    /// Bytes beside its own.
    pub fn beside(&self) -> usize {
        let Self::Any { attrs, texts, refs } = self else { return 0 };
        let attrs = attrs.as_ref().map_or(0, |attrs| weight::piece(size_of_val(&**attrs)));
        let refs = match refs {
            Refs::From(_) => 0,
            Refs::Each(refs) => weight::piece(size_of_val(&**refs)),
        };
        attrs + refs + weight::piece(size_of_val(&**texts)) + texts.iter().map(Text::beside).sum::<usize>()
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

/// What the handlers of an instance stand for, in document order.
#[derive(Debug)]
pub(crate) enum Refs {
    /// They count up from this one, as those of what is built in document order do.
    From(Ref),
    /// Any others.
    Each(Box<[Ref]>),
}

impl Refs {
    pub fn new(refs: Vec<Ref>) -> Self {
        let first = refs.first().copied().unwrap_or_default();
        if (0..).zip(&refs).all(|(index, known)| first.checked_add(index) == Some(*known)) {
            Self::From(first)
        } else {
            Self::Each(refs.into())
        }
    }

    pub fn get(&self, index: usize) -> Ref {
        match self {
            Self::From(first) => first + index as Ref,
            Self::Each(refs) => refs[index],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refs_are_those_that_were_given() {
        for refs in [vec![], vec![7], vec![7, 8, 9], vec![7, 9, 8], vec![u64::MAX], vec![u64::MAX, 0]] {
            let kept = Refs::new(refs.clone());
            assert_eq!(refs, (0..refs.len()).map(|index| kept.get(index)).collect::<Vec<_>>());
            let own = Own::new(None, vec!["a".into()], refs.clone());
            assert_eq!(refs, (0..refs.len()).map(|index| own.target(index)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn texts_are_those_that_were_given_and_need_no_memory_while_they_are_short() {
        let long = "é".repeat(ROOM);
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
        assert_eq!(48, size_of::<Own>());
    }
}
