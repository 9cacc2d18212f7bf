//! The request machinery: one line, no way back.
//!
//! headers, CSRF → [`Who`](jiedui_kernel::Who) from the session → the route's access rule → a transaction opened for
//! that Who → handler → commit → page or JSON. A handler cannot skip a step: it is called at the end of the line only.

pub mod cx;
mod data;
pub mod figure;
pub mod form;
pub mod kept;
pub mod memo;
pub mod problem;
pub mod render;
pub mod reply;
pub mod route;
pub mod serve;
pub mod session;
pub mod templates;
