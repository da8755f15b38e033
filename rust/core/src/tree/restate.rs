//! What slots hold, said once more: in a browser something else may stand there by now.

use super::Tree;
use crate::diff::Positions;
use crate::live::Part;
use crate::patch::Sink;
use crate::place::{Holds, PlaceId};

impl Tree {
    /// Write what a mounted slot of an attribute holds; nothing for any other place.
    ///
    /// # Complexity
    /// O(opened nodes of the owners up to the first element around the slot) where it holds nothing, else O(1).
    pub fn restate(&self, place: PlaceId, sink: &mut impl Sink) {
        let Some(berth) = self.places.find(place) else { return };
        let Holds::Value { hid, name, value } = &self.places.get(berth).holds else { return };
        if let Some(value) = value {
            sink.set_attr(*hid, name, value);
        } else if let Some((view, parent)) = Positions::default().holder(&self.places, self.wrapper, berth) {
            sink.remove_attr(*hid, name, parent, &Part { view, places: &self.places });
        }
    }
}
