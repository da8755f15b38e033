//! Lists that nearly always hold one item: a cell has one text, a button one handler.

use std::ops::Deref;

/// A list that never changes; none and one need no memory beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Few<T> {
    /// Exactly one.
    One(T),
    /// Any other number.
    Many(Box<[T]>),
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self::Many(Box::default())
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::One(item) => std::slice::from_ref(item),
            Self::Many(items) => items,
        }
    }
}

impl<T> From<Vec<T>> for Few<T> {
    fn from(mut items: Vec<T>) -> Self {
        match (items.len(), items.pop()) {
            (1, Some(only)) => Self::One(only),
            (_, Some(last)) => {
                items.push(last);
                Self::Many(items.into())
            }
            (_, None) => Self::default(),
        }
    }
}

impl<T, const N: usize> From<[T; N]> for Few<T> {
    fn from(items: [T; N]) -> Self {
        if N == 1 {
            if let Some(only) = items.into_iter().next() {
                return Self::One(only);
            }
            return Self::default();
        }
        Self::Many(Box::new(items))
    }
}

impl<T> FromIterator<T> for Few<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        items.into_iter().collect::<Vec<_>>().into()
    }
}

impl<'a, T> IntoIterator for &'a Few<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::Few;

    #[test]
    fn a_list_is_what_it_was_made_of() {
        for items in [vec![], vec![1], vec![1, 2, 3]] {
            assert_eq!(items[..], *Few::from(items.clone()));
        }
        assert_eq!([1][..], *Few::from([1]));
        assert_eq!([1, 2][..], *Few::from([1, 2]));
    }

    #[test]
    fn a_list_of_nodes_is_no_larger_than_a_slice() {
        assert_eq!(size_of::<Box<[Box<u8>]>>(), size_of::<Few<Box<u8>>>());
    }
}
