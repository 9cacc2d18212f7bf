//! From a reply to bytes: the frame around a page, JSON beside it, and pages for errors.

use crate::App;
use crate::context::RequestContext;
use crate::figure::Link;
use crate::names::NamesBar;
use crate::reply::{Flash, Page};
use crate::site::{Bell, MenuEntry, Site};
use jiedui_kernel::{Actor, Error, FieldError, Result};
use serde::Serialize;

#[derive(Serialize)]
struct MenuItem {
    href: &'static str,
    label: &'static str,
    active: bool,
    icon: &'static str,
}

#[derive(Serialize)]
struct MenuGroup {
    label: &'static str,
    items: Vec<MenuItem>,
}

/// What the frame needs to know about the caller at it.
pub struct Viewer<'a> {
    pub actor: &'a Actor,
    pub csrf: &'a str,
    pub signed_in: bool,
    pub path: &'a str,
    /// What was asked for, with its filters: a page on paper says where it comes from.
    pub address: String,
    /// What is said of the names on the page.
    pub names: Option<NamesBar>,
    /// How much the caller has not read.
    pub unread: i64,
}

impl<'a> Viewer<'a> {
    pub fn of(ctx: &'a RequestContext) -> Self {
        let query = ctx.query.without(&[]);
        let address = if query.is_empty() { ctx.path.clone() } else { format!("{}?{query}", ctx.path) };
        Self {
            address,
            actor: &ctx.actor,
            csrf: ctx.session.as_ref().map_or(ctx.visitor.as_str(), |session| session.csrf.as_str()),
            signed_in: ctx.session.is_some(),
            path: &ctx.path,
            names: NamesBar::of(ctx),
            unread: ctx.received.unread,
        }
    }
}

/// Everything a template sees. `v` is the page's own view; the rest is the frame's.
#[derive(Serialize)]
struct Frame<'a> {
    page: PageHead<'a>,
    app: AppHead<'a>,
    who: Option<WhoHead<'a>>,
    csrf: &'a str,
    menu: Vec<MenuGroup>,
    phone_menu: Vec<MenuItem>,
    flash: Option<&'a Flash>,
    names: Option<&'a NamesBar>,
    /// Where the page is explained.
    help: Option<Link>,
    /// Where the footer leads whoever has something to say about the page.
    feedback: Option<Link>,
    v: &'a serde_json::Value,
}

#[derive(Serialize)]
struct PageHead<'a> {
    clauses: Vec<ClauseChip<'a>>,
    #[serde(flatten)]
    page: &'a Page,
}

#[derive(Serialize)]
struct ClauseChip<'a> {
    id: &'a str,
    title: &'a str,
}

#[derive(Serialize)]
struct AppHead<'a> {
    short: &'static str,
    programme: &'a str,
    draft: bool,
    demo: bool,
    today: String,
    address: &'a str,
    home: &'a str,
    search: &'a str,
    sign_out: &'a str,
}

#[derive(Serialize)]
struct WhoHead<'a> {
    name: &'a str,
    org: &'a str,
    roles: Vec<&'a str>,
    csrf: &'a str,
    bell: Option<BellHead>,
}

#[derive(Serialize)]
struct BellHead {
    href: &'static str,
    label: &'static str,
    /// "" where all is read.
    unread: String,
}

fn bell(site: &Site, unread: i64) -> Option<BellHead> {
    let number = match unread {
        0 => String::new(),
        many if many > Bell::MOST => format!("{}+", Bell::MOST),
        some => some.to_string(),
    };
    site.bell.map(|bell| BellHead { href: bell.href, label: bell.label, unread: number })
}

pub fn page(
    app: &App,
    viewer: &Viewer<'_>,
    template: &str,
    page: &Page,
    view: &serde_json::Value,
    flash: Option<&Flash>,
) -> Result<String> {
    let programme = app.programme();
    // Each once, in the order of the plan, whoever named it.
    let clauses = programme
        .clauses
        .iter()
        .filter(|clause| page.clause_ids.contains(&clause.id))
        .map(|clause| ClauseChip { id: &clause.id, title: &clause.title })
        .collect();
    let roles = programme.access.roles.iter().filter(|role| viewer.actor.has_role(&role.id));
    let who = viewer.signed_in.then(|| WhoHead {
        name: viewer.actor.name(),
        org: &viewer.actor.org_name,
        roles: roles.map(|role| role.name.as_str()).collect(),
        csrf: viewer.csrf,
        bell: bell(&app.site, viewer.unread),
    });
    let frame = Frame {
        page: PageHead { clauses, page },
        app: AppHead {
            short: "结对通",
            programme: &programme.meta.short,
            draft: programme.meta.status == jiedui_programme::Status::Draft,
            demo: app.demo,
            today: app.db.clock().today().to_string(),
            address: &viewer.address,
            home: app.site.addresses.home,
            search: app.site.addresses.search,
            sign_out: app.site.addresses.sign_out,
        },
        who,
        csrf: viewer.csrf,
        menu: menu(app, viewer),
        phone_menu: phone_menu(app, viewer),
        flash,
        names: viewer.names.as_ref(),
        help: help(app, viewer),
        feedback: footer(app, viewer),
        v: view,
    };
    app.templates.render(template, &frame)
}

fn help(app: &App, viewer: &Viewer<'_>) -> Option<Link> {
    let help = app.site.help?;
    viewer.signed_in.then(|| Link::new((help.of)(viewer.path), help.label))
}

/// The footer's link, with the page it is about.
fn footer(app: &App, viewer: &Viewer<'_>) -> Option<Link> {
    let link = app.site.footer?;
    (viewer.signed_in && app.can(viewer.actor, link.resource, link.action)).then(|| {
        let page: String = form_urlencoded::byte_serialize(viewer.path.as_bytes()).collect();
        Link::new(format!("{}?{}={page}", link.href, link.parameter), link.label)
    })
}

fn menu(app: &App, viewer: &Viewer<'_>) -> Vec<MenuGroup> {
    let (here, entries) = offered(app, viewer, &app.site.menu);
    let mut groups: Vec<MenuGroup> = Vec::new();
    for entry in entries {
        let item =
            MenuItem { href: entry.href, label: entry.label, active: here == Some(entry.href), icon: "" };
        match groups.iter_mut().find(|group| group.label == entry.group) {
            Some(group) => group.items.push(item),
            None => groups.push(MenuGroup { label: entry.group, items: vec![item] }),
        }
    }
    groups
}

fn phone_menu(app: &App, viewer: &Viewer<'_>) -> Vec<MenuItem> {
    let (here, entries) = offered(app, viewer, &app.site.phone_menu);
    let item = |entry: &MenuEntry| MenuItem {
        href: entry.href,
        label: entry.label,
        active: here == Some(entry.href),
        icon: entry.group,
    };
    entries.into_iter().map(item).collect()
}

/// What of a menu this viewer can use, and the entry under which the present page lies.
fn offered<'a>(
    app: &App,
    viewer: &Viewer<'_>,
    menu: &'a [MenuEntry],
) -> (Option<&'static str>, Vec<&'a MenuEntry>) {
    let can = |entry: &&MenuEntry| viewer.signed_in && app.can(viewer.actor, entry.resource, entry.action);
    (active(viewer.path, menu.iter().map(|entry| entry.href)), menu.iter().filter(can).collect())
}

/// Whether the page lies under this entry of the menu.
fn is_under(path: &str, href: &str) -> bool {
    path == href || (href != "/" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')))
}

/// The one entry under which a page lies: the longest that fits.
fn active(path: &str, hrefs: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    hrefs.filter(|href| is_under(path, href)).max_by_key(|href| href.len())
}

/// What the page of an error says.
#[derive(Debug, Serialize)]
pub struct ErrorView {
    pub status: u16,
    pub title: &'static str,
    pub text: String,
    /// For programs and tests, where one status has two reasons; "" elsewhere.
    pub code: &'static str,
    /// What was typed and not written: whoever typed it can take it along.
    pub typed: Vec<String>,
    pub fields: Vec<FieldError>,
    /// The page from which one came, or the list of what was asked for.
    pub back: Option<Link>,
    pub next: Link,
}

/// What was refused in words of its own is told so; a bare right (`entry.claim`) gets the general sentence.
fn refusal(text: &str) -> String {
    match text {
        "csrf" => {
            "页面放得太久，或请求不是从本系统的页面发出的，没有写入。请返回上一页刷新后再试。".to_owned()
        }
        text if text.is_ascii() => {
            "您现在的角色不能做这件事。如确有需要，请联系本单位的安全管理员。".to_owned()
        }
        text => text.to_owned(),
    }
}

/// What heads a refusal that nobody else's action explains.
const NOT_NOW: &str = "现在不能这样办";

/// Every error as its user reads it. What is internal goes to the log, never to the page.
pub fn describe(site: &Site, error: &Error) -> ErrorView {
    let (status, title, text) = match error {
        Error::SignedOut => (401, "请先登录", "登录已过期或尚未登录。".to_owned()),
        // In words of its own it says why this one cannot; most often the thing is another's to do by now.
        Error::Forbidden(text) if !text.is_ascii() => (403, NOT_NOW, refusal(text)),
        Error::Forbidden(text) => (403, "没有这项权限", refusal(text)),
        Error::NotFound => (404, "没有找到", "没有这条记录，或者它不在您可以查看的范围内。".to_owned()),
        Error::Conflict(text) => (409, "有人先做了改动", text.clone()),
        Error::NotNow(text) => (409, NOT_NOW, text.clone()),
        Error::Gone(text) => (410, "已经不再提供", text.clone()),
        Error::Invalid(fields) => {
            let text = fields.iter().map(|field| field.message.as_str()).collect::<Vec<_>>().join(" ");
            (422, "填写有误", text)
        }
        Error::TooLarge(text) => (413, "内容过大", text.clone()),
        Error::Busy => (503, "系统繁忙", "现在同时提交的人太多，您的操作没有写入。请稍候几秒后重试。".to_owned()),
        Error::Locked(text) => (429, "尝试次数过多", text.clone()),
        Error::Unavailable(_) => (
            503,
            "系统暂时无法使用",
            "数据库连接不上、正忙或磁盘已满，本次操作没有写入。请稍后重试；如仍不行，请把时间告诉系统管理员。"
                .to_owned(),
        ),
        Error::OutcomeUnknown(_) => {
            (500, "不确定是否写入", "不确定是否写入，请先看列表，再决定是否重新提交。".to_owned())
        }
        Error::Internal(_) | Error::CannotStart(_) => (
            500,
            "系统出了差错",
            "您的操作没有写入。请稍后重试；如仍不行，请把时间告诉系统管理员。".to_owned(),
        ),
    };
    let fields = if let Error::Invalid(fields) = error { fields.clone() } else { Vec::new() };
    let code = match error {
        Error::Conflict(_) => "conflict",
        Error::NotNow(_) => "not_now",
        _ => "",
    };
    ErrorView { fields, code, ..error_view(site, status, title, text) }
}

/// The page of an error that is no one's input.
pub fn error_view(site: &Site, status: u16, title: &'static str, text: String) -> ErrorView {
    let next = Link::new(site.addresses.home, site.addresses.home_label);
    ErrorView { status, title, text, code: "", typed: Vec::new(), fields: Vec::new(), back: None, next }
}
