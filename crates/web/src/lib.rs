//! The request line: one line, no way back.
//!
//! headers, CSRF → [`Actor`](jiedui_kernel::Actor) from the session → the route's access rule → a transaction opened for
//! that actor → handler → commit → page or JSON. A handler cannot skip a step: it is called at the end of the line only.
//!
//! Routes, menus and pages come in as a [`Site`]: this crate names no mechanism.

pub mod app;
mod columns;
pub mod components;
pub mod context;
mod data;
pub mod drafts;
pub mod fields;
pub mod figure;
pub mod form;
pub mod history;
pub mod page_cache;
pub mod problem;
pub mod render;
pub mod reply;
pub mod route;
pub mod serve;
pub mod session;
pub mod shared_cache;
pub mod site;
pub mod templates;

pub use app::App;
pub use serve::router;
pub use site::Site;
