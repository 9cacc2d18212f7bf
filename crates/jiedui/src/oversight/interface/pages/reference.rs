//! What can be asked for, field by field, for whoever writes a program that asks. Made from the same lists as the answers.

use super::super::api::fields::{Described, Kind, Part};
use super::super::api::{self, Offered, Shape, writes};
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
    method: &'static str,
    path: &'static str,
    about: &'static str,
    shape: &'static str,
    parameters: Vec<FieldView>,
    /// What is sent, and how somebody would send it; "" where nothing is.
    sent: Vec<FieldView>,
    example: String,
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
        of.map(address).collect()
    };
    let resource = |of: Described| ResourceView {
        name: of.name,
        about: of.about,
        addresses: addresses(of.name),
        fields: of.parts.iter().map(|part| field(part.name, part.kind, part.about)).collect(),
    };
    let view = ReferenceView { resources: api::resources().into_iter().map(resource).collect() };
    let lead = "别的系统可以读取和写入的数据：地址、栏目和含义。看到的范围与密钥所属账号的页面相同。";
    let page = Page::new("开放接口", lead).back("/my/tokens", "我的接口密钥").kind("detail");
    Reply::view("oversight/interface/reference.html", page, &view)
}

fn address(one: &Offered) -> AddressView {
    let shown = |parts: &'static [Part]| {
        parts.iter().map(|part| field(part.name, part.kind, part.about)).collect::<Vec<_>>()
    };
    let takes = one.takes.unwrap_or_default();
    AddressView {
        method: one.route.method.name(),
        path: one.route.path,
        about: one.route.about,
        shape: match (one.takes, one.shape) {
            (Some(_), _) => "写入，回答写入以后的一条",
            (None, Shape::One) => "一条",
            (None, Shape::Page) => "清单，逐页读取",
            (None, Shape::All) => "清单，一次给全",
            (None, Shape::Changes) => "改动，逐段读取",
        },
        parameters: shown(one.query),
        sent: shown(takes),
        example: if takes.is_empty() { String::new() } else { writes::example(takes).to_string() },
    }
}

fn field(name: &'static str, kind: Kind, about: &'static str) -> FieldView {
    FieldView { name, kind: kind.label(), words: kind.words(), about }
}
