//! The interface described for programs (OpenAPI 3.1), made from the list of addresses and the lists of fields. It is
//! committed as `docs/openapi.json`, so that a change of the interface is a difference that a reader sees.

use super::fields::{Kind, Part, object};
use super::{Offered, Shape, offered, resources, writes};
use axum::body::Body;
use axum::http::StatusCode;
use axum::response::Response;
use jiedui_web::App;
use jiedui_web::head::RequestHead;
use jiedui_web::response;
use serde_json::{Map, Value, json};
use std::sync::Arc;

const ABOUT: &str = "技工院校协作工作系统的开放接口。请求头带 Authorization: Bearer 密钥；看到的范围与密钥所属账号的页面相同，\
能写入的密钥也只写账号可以写的。写入带 Idempotency-Key：同一个密钥、同一个 key、同样的内容，几天之内得到同样的回答，不重复写入。\
日期写成 2026-11-24 的样子；金额是以分为单位的整数，栏目名带 _fen；带 scale 的数除以它就是以 unit 计的数。";

/// The same for everybody.
pub async fn answer(_: Arc<App>, _: Arc<RequestHead>) -> Response {
    response::document(StatusCode::OK, Body::from(text()), true)
}

/// As it is served and committed.
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(&document()).unwrap_or_default();
    text.push('\n');
    text
}

fn document() -> Value {
    let mut paths = Map::new();
    for one in offered() {
        let at = paths.entry(one.route.path).or_insert_with(|| json!({}));
        at[one.route.method.name().to_ascii_lowercase()] = operation(&one);
    }
    let mut schemas = Map::new();
    for of in resources() {
        let mut schema = object(&of.parts);
        // No title: generators take it for the name of a type, and ours are not to be typed on every keyboard.
        if let Value::Object(schema) = &mut schema {
            schema.insert("description".to_owned(), of.about.into());
        }
        schemas.insert(of.name.to_owned(), schema);
    }
    schemas.insert("problem".to_owned(), problem());
    json!({
        "openapi": "3.1.0",
        "info": { "title": "结对通开放接口", "version": "1", "description": ABOUT },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "responses": { "problem": {
                "description": "不能回答",
                "content": { "application/problem+json": { "schema": link("problem") } },
            } },
        },
    })
}

fn link(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn operation(of: &Offered) -> Value {
    let mut parameters = Vec::new();
    if of.route.path.contains("{id}") {
        let id = Part { name: "id", kind: Kind::Id, about: "编号" };
        parameters.push(parameter("path", &id));
    }
    parameters.extend(of.query.iter().map(|part| parameter("query", part)));
    if of.takes.is_some() {
        parameters.extend(said_with_changes(of));
    }
    let mut operation = json!({
        "operationId": name(of),
        "summary": of.route.about,
        "tags": [of.resource],
        "parameters": parameters,
        "responses": responses(of),
    });
    if let Some(parts) = of.takes {
        let content =
            json!({ "application/json": { "schema": sent(parts), "example": writes::example(parts) } });
        operation["requestBody"] = json!({ "required": !parts.is_empty(), "content": content });
    }
    operation
}

fn header(name: &str, about: &str) -> Value {
    json!({
        "name": name,
        "in": "header",
        "required": true,
        "description": about,
        "schema": { "type": "string" },
    })
}

/// The headers that a change carries.
fn said_with_changes(of: &Offered) -> Vec<Value> {
    let mut headers =
        vec![header("Idempotency-Key", "一次写入一个，重发时不变；字母、数字和符号，最长 100 个字符")];
    if of.route.names_one() {
        headers.push(header("If-Match", "读到这一条时的 ETag，或者 version"));
    }
    headers
}

const READ: [&str; 7] = ["401", "403", "404", "422", "429", "500", "503"];
/// What a change may be refused for besides.
const WRITTEN: [&str; 5] = ["400", "408", "409", "413", "415"];
const CHANGED: [&str; 2] = ["412", "428"];

fn responses(of: &Offered) -> Map<String, Value> {
    let mut responses = Map::new();
    let mut refused = READ.to_vec();
    if of.takes.is_none() {
        responses.insert("200".to_owned(), good(of));
        responses.insert("304".to_owned(), json!({ "description": "和 If-None-Match 里的一样，没有变化" }));
    } else if of.route.names_one() {
        responses.insert("200".to_owned(), good(of));
        refused.extend(WRITTEN.iter().chain(&CHANGED));
    } else {
        responses.insert("201".to_owned(), good(of));
        refused.extend(WRITTEN);
    }
    if of.shape == Shape::Changes {
        refused.push("410");
    }
    for status in refused {
        responses.insert(status.to_owned(), json!({ "$ref": "#/components/responses/problem" }));
    }
    responses
}

/// The schema of what is sent: what may be left out may be nothing too, and what is not named here is refused.
fn sent(parts: &[Part]) -> Value {
    let mut schema = object(parts);
    let must = parts.iter().filter(|part| !matches!(part.kind, Kind::Maybe(_)));
    schema["required"] = must.map(|part| part.name).collect();
    schema["additionalProperties"] = false.into();
    schema
}

/// What stands for an address where a program has names: `schools_id`, `post_entries`.
fn name(of: &Offered) -> String {
    let parts = of.route.path.trim_start_matches("/api/v1/").split('/');
    let name = parts.map(|part| part.trim_matches(['{', '}'])).collect::<Vec<_>>().join("_");
    if of.takes.is_some() { format!("post_{name}") } else { name }
}

fn parameter(at: &str, part: &Part) -> Value {
    json!({
        "name": part.name,
        "in": at,
        "required": at == "path",
        "description": part.about,
        "schema": part.kind.schema(),
    })
}

fn good(of: &Offered) -> Value {
    let schema = match of.shape {
        Shape::One => link(of.resource),
        Shape::Changes => json!({
            "type": "object",
            "properties": {
                "items": { "type": "array", "items": link(of.resource) },
                "next": { "type": "string", "description": "写进 since 从这里继续；存起来，下一次用" },
                "more": { "type": "boolean", "description": "后面还有，请马上继续读" },
                "day": { "type": "string", "format": "date", "description": "今天；换了一天，履职进度和指标数可能自己变" },
            },
            "required": ["items", "next", "more", "day"],
        }),
        Shape::Page | Shape::All => json!({
            "type": "object",
            "properties": {
                "items": { "type": "array", "items": link(of.resource) },
                "next": { "type": ["string", "null"], "description": "写进 after 读下一页；没有就读完了" },
            },
            "required": ["items", "next"],
        }),
    };
    json!({
        "description": if of.takes.is_some() { "写入以后的内容" } else { "读到的内容" },
        "headers": { "ETag": { "schema": { "type": "string" } } },
        "content": { "application/json": { "schema": schema } },
    })
}

fn problem() -> Value {
    let text = || json!({ "type": "string" });
    json!({
        "type": "object",
        "properties": {
            "type": text(),
            "title": text(),
            "status": { "type": "integer" },
            "code": { "type": "string", "description": "哪一种错误，不会改" },
            "detail": { "type": "string", "description": "给人看的说明" },
            "errors": { "type": "array", "items": {
                "type": "object",
                "properties": { "field": text(), "code": text(), "detail": text() },
                "required": ["field", "code", "detail"],
            } },
        },
        "required": ["type", "title", "status", "code", "detail"],
    })
}
