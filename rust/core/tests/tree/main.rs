//! The tree through its public face.

mod build;
mod diff;
mod html;
mod lookup;
mod places;
