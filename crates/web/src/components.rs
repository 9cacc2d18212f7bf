//! The page that shows every component in every state, for administrators and for tests: made of the samples that stand
//! beside the components, so that what is shown is what pages use.

use crate::context::RequestContext;
use crate::reply::{Page, Reply};
use crate::route;
use crate::route::{Access, Route, Subject};
use crate::templates::{Sample, samples};
use jiedui_kernel::Result;
use serde::Serialize;

#[derive(Serialize)]
struct ComponentsView {
    samples: Vec<Sample>,
}

pub fn routes() -> Vec<Route> {
    vec![
        route!(Get "/components", Access::Can("component", "read"), page)
            .about(Subject::Open, "查看界面组件及其各种状态"),
    ]
}

async fn page(_: &mut RequestContext) -> Result<Reply> {
    let page = Page::new("界面组件", "各页面所用的组件及其各种状态。内容均为示例。").kind("list");
    Reply::view("components_page.html", page, &ComponentsView { samples: samples() })
}
