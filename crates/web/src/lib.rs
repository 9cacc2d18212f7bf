//! The request line: one line, no way back.
//!
//! [`RequestHead`](head::RequestHead) → [`Actor`](jiedui_kernel::Actor) from the session → the route's access rule → body
//! and form token → [`ReceivedRequest`](received::ReceivedRequest) → a transaction opened for that actor → handler →
//! commit → page or JSON. A handler cannot skip a step: it is called at the end of the line only.
//!
//! Routes, menus and pages come in as a [`Site`]: this crate names no mechanism.

pub mod app;
pub mod attempt;
mod bearer;
mod clean;
mod columns;
pub mod components;
mod connection;
pub mod context;
pub mod cookies;
mod data;
pub mod delay;
pub mod download;
pub mod drafts;
mod failure;
pub mod fields;
pub mod figure;
pub mod flash;
pub mod form;
pub mod gate;
pub mod guesses;
pub mod head;
pub mod history;
pub mod limits;
pub mod line;
pub mod listing;
pub mod local_path;
pub mod metrics;
pub mod names;
mod paced;
pub mod page_cache;
pub mod path_values;
pub mod picture;
pub mod problem;
pub mod proof;
pub mod provider;
pub mod reads;
pub mod ready;
pub mod received;
pub mod refusal;
pub mod render;
pub mod reply;
pub mod response;
pub mod route;
pub mod scan;
mod sent;
mod sent_by_program;
pub mod server;
pub mod session;
pub mod shared_cache;
mod sign_in;
pub mod site;
pub mod sorting;
pub mod templates;
pub mod tokens;
mod trail;
pub mod views;
mod way_back;
pub mod work;
pub mod workbook;

pub use app::{App, Backups, Outgoing, Partner};
pub use line::router;
pub use provider::Provider;
pub use scan::Scanner;
pub use server::serve;
pub use site::Site;
