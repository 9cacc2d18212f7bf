//! Its pages.

mod compare;
pub mod desk;
pub mod glance;
pub mod overview;
pub mod readiness;
pub mod walls;

use jiedui_pictures::Picture;
use jiedui_web::picture::PictureView;

fn drawn(id: &str, picture: &Picture) -> PictureView {
    PictureView::new(id, picture)
}
