//! What can be asked for, field by field, for whoever writes a program that asks. Made from the same lists as the answers.

use super::super::api::fields::{Described, Kind};
use super::super::api::{self, Shape};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ReferenceView {
    resources: Vec<ResourceView>,
}

#[derive(Serialize)]
struct ResourceView {
    name: &'static str,
    about: &'static str,
    addresses: Vec<AddressView>,
    fields: Vec<FieldView>,
}

#[derive(Serialize)]
struct AddressView {
    path: &'static str,
    about: &'static str,
    shape: &'static str,
    parameters: Vec<FieldView>,
}

#[derive(Serialize)]
struct FieldView {
    name: &'static str,
    kind: String,
    /// The words of which it is one.
    words: Vec<&'static str>,
    about: &'static str,
}

pub async fn show(_: &mut RequestContext) -> Result<Reply> {
    let offered = api::offered();
    let addresses = |name: &str| {
        let of = offered.iter().filter(|one| one.resource == name);
        of.map(|one| AddressView {
            path: one.route.path,
            about: one.route.about,
            shape: match one.shape {
                Shape::One => "一条",
                Shape::Page => "清单，逐页读取",
                Shape::All => "清单，一次给全",
            },
            parameters: one.query.iter().map(|part| field(part.name, part.kind, part.about)).collect(),
        })
        .collect()
    };
    let resource = |of: Described| ResourceView {
        name: of.name,
        about: of.about,
        addresses: addresses(of.name),
        fields: of.parts.iter().map(|part| field(part.name, part.kind, part.about)).collect(),
    };
    let view = ReferenceView { resources: api::resources().into_iter().map(resource).collect() };
    let lead = "别的系统可以读取的数据：地址、栏目和含义。看到的范围与密钥所属账号的页面相同。";
    let page = Page::new("开放接口", lead).back("/my/tokens", "我的接口密钥").kind("detail");
    Reply::view("oversight/interface/reference.html", page, &view)
}

fn field(name: &'static str, kind: Kind, about: &'static str) -> FieldView {
    FieldView { name, kind: kind.label(), words: kind.words(), about }
}
