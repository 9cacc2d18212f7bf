//! A browser without a screen: cookies, redirects on request, forms with their token.

use axum::Router;
use axum::body::Body;
use axum::http::header::{
    ACCEPT, AUTHORIZATION, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, IF_MATCH, LOCATION,
    RETRY_AFTER, SET_COOKIE,
};
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use jiedui_kernel::Code;
use jiedui_web::cookies::{Cookie, Cookies};
use scraper::{Html, Selector};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Mutex;
use tower::ServiceExt as _;

pub struct Agent {
    router: Router,
    cookies: Mutex<BTreeMap<String, String>>,
    pub csrf: String,
}

/// What came back.
#[derive(Debug)]
pub struct PageResponse {
    pub status: StatusCode,
    pub location: String,
    pub content_type: String,
    pub retry_after: String,
    /// How a file is handed over, and under which name.
    pub disposition: String,
    pub bytes: Vec<u8>,
    /// Read once, however often it is asked.
    page: OnceCell<Html>,
}

impl PageResponse {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn html(&self) -> &Html {
        self.page.get_or_init(|| Html::parse_document(&self.text()))
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    /// The texts of all elements that a CSS selector finds, white space folded.
    pub fn all(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        let fold = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.html().select(&selector).map(|found| fold(found.text().collect())).collect()
    }

    /// The values of an attribute of all elements that a CSS selector finds.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        self.html().select(&selector).filter_map(|found| found.attr(name).map(str::to_owned)).collect()
    }

    /// The id of what was made, to whose page the answer leads.
    pub fn made(&self) -> String {
        assert_eq!(self.status, 303, "{}", self.all(".errors").join(" "));
        self.location.rsplit('/').next().unwrap().to_owned()
    }

    /// Whether the page refuses what was sent for such a mistake. The words of the mistake are free to change.
    pub fn refuses(&self, code: Code) -> bool {
        self.attributes("[data-code]", "data-code")
            .iter()
            .any(|codes| codes.split(' ').any(|one| one == code.as_str()))
    }

    pub fn says(&self, words: &str) -> bool {
        self.html().root_element().text().collect::<String>().contains(words)
    }
}

impl Agent {
    pub fn new(router: Router, token: Option<String>) -> Self {
        let cookies = token
            .map(|token| (Cookies::default().name(Cookie::Session).to_owned(), token))
            .into_iter()
            .collect();
        Self { router, cookies: Mutex::new(cookies), csrf: String::new() }
    }

    /// With the form token of its session.
    pub fn with_token(mut self, csrf: String) -> Self {
        self.csrf = csrf;
        self
    }

    /// Reads the form token from a page, as a browser would.
    pub async fn with_csrf(self) -> Self {
        let page = self.get("/my").await;
        let csrf = page.attributes("input[name=_csrf]", "value").first().cloned().unwrap_or_default();
        self.with_token(csrf)
    }

    pub fn cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    /// All cookies, as a browser sends them.
    pub fn cookies(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        cookies.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub async fn get(&self, path: &str) -> PageResponse {
        self.send(self.request("GET", path).body(Body::empty()).unwrap()).await
    }

    pub async fn get_json(&self, path: &str) -> PageResponse {
        self.send(self.request("GET", path).header(ACCEPT, "application/json").body(Body::empty()).unwrap())
            .await
    }

    /// As a program asks, by a token of somebody's.
    pub async fn get_by(&self, path: &str, token: &str) -> PageResponse {
        let request = self.request("GET", path).header(AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// As a program changes something, by a token of somebody's and under a key; `seen` is the version that it saw of what is
    /// there already.
    pub async fn post_by(
        &self,
        path: &str,
        (token, key, seen): (&str, &str, Option<i64>),
        body: &serde_json::Value,
    ) -> PageResponse {
        let mut request = self.request("POST", path).header(AUTHORIZATION, format!("Bearer {token}"));
        request = request.header(CONTENT_TYPE, "application/json").header("idempotency-key", key);
        if let Some(version) = seen {
            request = request.header(IF_MATCH, format!("\"{version}\""));
        }
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Sends a form with this session's token.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> PageResponse {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.append_pair("_csrf", &self.csrf);
        body.extend_pairs(fields);
        self.post_raw(path, "application/x-www-form-urlencoded", body.finish().into_bytes()).await
    }

    /// Uploads one file with this session's token.
    pub async fn upload(&self, path: &str, name: &str, bytes: &[u8]) -> PageResponse {
        self.upload_with(path, &[], (name, bytes)).await
    }

    /// The same with the other fields of its form, as a browser sends it.
    pub async fn upload_with(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        (name, bytes): (&str, &[u8]),
    ) -> PageResponse {
        const EDGE: &str = "edge-of-the-part-7d1f";
        let mut body = Vec::new();
        for (field, value) in [("_csrf", self.csrf.as_str())].iter().chain(fields) {
            let head = format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n");
            body.extend(format!("{head}{value}\r\n").as_bytes());
        }
        body.extend(
            format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n")
                .as_bytes(),
        );
        body.extend(bytes);
        body.extend(format!("\r\n--{EDGE}--\r\n").as_bytes());
        self.post_raw(path, &format!("multipart/form-data; boundary={EDGE}"), body).await
    }

    /// Uploads as a page does, which looks before anything is written: the preview, or what is wrong.
    pub async fn look(&self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> PageResponse {
        let fields = [fields, &[("look", "1")]].concat();
        self.upload_with(path, &fields, file).await
    }

    /// Presses 确认写入 on a preview.
    pub async fn accept(&self, preview: &PageResponse) -> PageResponse {
        let form = "main form.form";
        let action = preview.attributes(form, "action").first().cloned().unwrap();
        let hidden = format!("{form} input[type=hidden]");
        let (names, values) = (preview.attributes(&hidden, "name"), preview.attributes(&hidden, "value"));
        let fields: Vec<(&str, &str)> =
            names.iter().map(String::as_str).zip(values.iter().map(String::as_str)).collect();
        let own: Vec<(&str, &str)> = fields.into_iter().filter(|(name, _)| *name != "_csrf").collect();
        self.post(&action, &own).await
    }

    pub async fn post_raw(&self, path: &str, kind: &str, body: Vec<u8>) -> PageResponse {
        self.send(self.request("POST", path).header(CONTENT_TYPE, kind).body(Body::from(body)).unwrap()).await
    }

    /// The same with a body that is made while it is read, announced to be so long.
    pub async fn post_made(&self, path: &str, kind: &str, body: Body, length: u64) -> PageResponse {
        let request = self.request("POST", path).header(CONTENT_TYPE, kind).header(CONTENT_LENGTH, length);
        self.send(request.body(body).unwrap()).await
    }

    /// Whether the browser holds a cookie with something in it.
    pub fn has_cookie(&self, which: Cookie) -> bool {
        let name = Cookies::default().name(which);
        self.cookies.lock().unwrap().get(name).is_some_and(|value| !value.is_empty())
    }

    /// Signs in by hand, with the form token of the sign-in page.
    pub async fn signs_in(&mut self, login: &str, password: &str) -> PageResponse {
        let page = self.get("/signin").await;
        self.csrf = page.attributes("main input[name=_csrf]", "value").first().cloned().unwrap_or_default();
        self.post("/signin", &[("login", login), ("password", password)]).await
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        Request::builder().method(method).uri(path).header(COOKIE, self.cookies())
    }

    async fn send(&self, request: Request<Body>) -> PageResponse {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let header =
            |name| response.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let (location, content_type) = (header(LOCATION), header(CONTENT_TYPE));
        let (retry_after, disposition) = (header(RETRY_AFTER), header(CONTENT_DISPOSITION));
        for value in response.headers().get_all(SET_COOKIE) {
            let pair = value.to_str().unwrap().split(';').next().unwrap();
            if let Some((key, value)) = pair.split_once('=') {
                self.cookie(key, value);
            }
        }
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes().to_vec();
        PageResponse {
            status,
            location,
            content_type,
            retry_after,
            disposition,
            bytes,
            page: OnceCell::new(),
        }
    }
}
