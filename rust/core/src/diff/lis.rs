//! Which children may stay where they are.

/// Mark the members of one longest increasing subsequence of `values`.
///
/// # Complexity
/// O(n log n) time, O(n) memory; O(n) when `values` ascends already.
pub(crate) fn longest_increasing(values: &[u32]) -> Vec<bool> {
    if values.is_sorted() {
        return vec![true; values.len()];
    }
    // tails[k]: index of the least value that ends an increasing run of k + 1 values.
    let mut tails: Vec<usize> = Vec::new();
    let mut previous = vec![usize::MAX; values.len()];
    for (i, value) in values.iter().enumerate() {
        let k = tails.partition_point(|tail| values[*tail] < *value);
        if k > 0 {
            previous[i] = tails[k - 1];
        }
        if k == tails.len() {
            tails.push(i);
        } else {
            tails[k] = i;
        }
    }
    let mut stays = vec![false; values.len()];
    let mut at = tails.last().copied().unwrap_or(usize::MAX);
    while at != usize::MAX {
        stays[at] = true;
        at = previous[at];
    }
    stays
}

#[cfg(test)]
mod tests {
    use super::longest_increasing;

    /// Length of the longest increasing subsequence by trying all.
    fn naive(values: &[u32]) -> usize {
        (0_u32..1 << values.len())
            .filter_map(|set| {
                let chosen: Vec<u32> =
                    values.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1).map(|(_, value)| *value).collect();
                chosen.windows(2).all(|pair| pair[0] < pair[1]).then_some(chosen.len())
            })
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn every_order_of_six_keeps_the_most() {
        let mut order: Vec<u32> = (0..6).collect();
        permute(&mut order, 0, &mut |values| {
            let stays = longest_increasing(values);
            let kept: Vec<u32> = values.iter().zip(&stays).filter(|(_, stays)| **stays).map(|(v, _)| *v).collect();
            assert!(kept.is_sorted(), "{values:?} keeps {kept:?}");
            assert_eq!(naive(values), kept.len(), "{values:?} keeps {kept:?}");
        });
    }

    fn permute(values: &mut [u32], from: usize, visit: &mut dyn FnMut(&[u32])) {
        if from == values.len() {
            return visit(values);
        }
        for i in from..values.len() {
            values.swap(from, i);
            permute(values, from + 1, visit);
            values.swap(from, i);
        }
    }

    #[test]
    fn nothing_is_kept_of_nothing() {
        assert!(longest_increasing(&[]).is_empty());
    }
}
