//! The tree through its public face.

mod build;
mod diff;
mod html;
mod instances;
mod lookup;
mod order;
mod places;
mod refused;
mod restate;
