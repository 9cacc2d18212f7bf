//! Pure decisions about accounts: where a role fits, which roles exclude each other, what state an account is in.

pub mod requests;
pub mod split;
pub mod words;

use chrono::{NaiveTime, TimeDelta};
use jiedui_kernel::{Date, Instant};
use jiedui_programme::{Access, Release, Role, RoleAt};
use jiedui_web::figure::StateMark;

/// States of an account, for the filter.
pub const STATES: [(&str, &str); 3] = [("normal", "正常"), ("delayed", "暂缓登录"), ("disabled", "停用")];

pub fn state(disabled: bool, delayed_until: Option<Instant>, now: Instant) -> StateMark {
    if disabled {
        StateMark::new("disabled", "停用", "–")
    } else if delayed_until.is_some_and(|until| until > now) {
        StateMark::new("risk", "暂缓登录", "▲")
    } else {
        StateMark::new("done", "正常", "●")
    }
}

/// The kind of organisation in which a role can be held. The administrators sit with the provincial office.
pub fn kind_for(at: RoleAt) -> &'static str {
    match at {
        RoleAt::Province | RoleAt::System => "province_office",
        RoleAt::City => "city_bureau",
        RoleAt::County => "county_bureau",
        RoleAt::School => "school",
    }
}

pub fn role<'a>(access: &'a Access, id: &str) -> Option<&'a Role> {
    access.roles.iter().find(|role| role.id == id)
}

/// What a role is called; its id where there is none.
pub fn role_name<'a>(access: &'a Access, id: &'a str) -> &'a str {
    role(access, id).map_or(id, |role| role.name.as_str())
}

/// Why a role cannot be added to those an account has: an administrator has that one role and no other, or the one
/// who works could rewrite who may work, and the one who watches would watch himself.
pub fn excluded(access: &Access, held: &[String], new: &Role) -> Option<String> {
    let system = |id: &str| role(access, id).is_some_and(|role| role.at == RoleAt::System);
    if let Some(other) = held.iter().find(|id| **id != new.id && system(id)) {
        let name = role_name(access, other);
        return Some(format!("这个账号是{name}，按三员分立不能兼任别的角色，请另建账号。"));
    }
    // Whoever prepares and releases in one account releases what he prepared.
    let both = |one: &Release| [&one.prepared_by, &one.released_by].contains(&&new.id);
    let other = |one: &Release| {
        if one.prepared_by == new.id { one.released_by.clone() } else { one.prepared_by.clone() }
    };
    if let Some(other) =
        access.releases.iter().filter(|one| both(one)).map(other).find(|id| held.contains(id))
    {
        let name = role_name(access, &other);
        return Some(format!("这个账号已是{name}，经办和审核不能是同一个账号，请另建账号。"));
    }
    let mixes = new.at == RoleAt::System && held.iter().any(|id| *id != new.id);
    mixes.then(|| format!("这个账号已有别的角色，按三员分立不能再任{}，请另建账号。", new.name))
}

/// Why one person cannot have these two sets of roles, even under two accounts: whoever prepares would release, or one
/// administrator would watch the other. A business role beside an administrator's, in an account of its own, is no harm.
pub fn not_one_person(access: &Access, one: &[String], other: &[String]) -> Option<String> {
    let system = |id: &String| role(access, id).is_some_and(|role| role.at == RoleAt::System);
    let released = |a: &String, b: &String| {
        access.releases.iter().any(|of| of.prepared_by == *a && of.released_by == *b)
    };
    let pairs = one.iter().flat_map(|a| other.iter().map(move |b| (a, b)));
    for (a, b) in pairs {
        let (first, second) = (role_name(access, a), role_name(access, b));
        if a != b && system(a) && system(b) {
            return Some(format!("按三员分立，{first}和{second}不能是同一个人。"));
        }
        if released(a, b) || released(b, a) {
            return Some(format!("{first}和{second}不能是同一个人，要先取消其中一个角色。"));
        }
    }
    None
}

/// The administrators' roles: of each one account must always be left, or nobody could decide, or read the log.
pub fn guards(access: &Access) -> Vec<String> {
    let system = access.roles.iter().filter(|role| role.at == RoleAt::System);
    system.map(|role| role.id.clone()).collect()
}

/// No log of ours is older.
const BEGINNING: &str = "2024-01-01";

/// A list of what has to do with a resource, from the beginning of the log; "" where there is none.
pub fn from_beginning(list: &str, resource: &str) -> String {
    if resource.is_empty() {
        return String::new();
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("from", BEGINNING).append_pair("about", resource);
    format!("{list}?{}", query.finish())
}

/// When a day begins in Asia/Shanghai.
pub fn midnight(day: Date) -> Instant {
    day.and_time(NaiveTime::MIN).and_utc() - TimeDelta::hours(8)
}
