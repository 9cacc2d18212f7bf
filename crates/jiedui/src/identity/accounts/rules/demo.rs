//! The accounts of a demonstration, as the sign-in page lists them. Their password is public: a demonstration listens
//! on the machine's own address only.

use serde::Serialize;

#[derive(Debug, Clone, Copy, Serialize)]
pub struct DemoAccount {
    pub login: &'static str,
    pub role: &'static str,
    pub role_name: &'static str,
}

const fn account(login: &'static str, role: &'static str, role_name: &'static str) -> DemoAccount {
    DemoAccount { login, role, role_name }
}

pub const PASSWORD: &str = "Jiedui-demo-2024";

pub const ACCOUNTS: [DemoAccount; 11] = [
    account("sheng", "province", "省办"),
    account("shenhe", "reviewer", "审核"),
    account("lingdao", "leader", "领导"),
    account("shi", "city", "市局"),
    account("xian", "county", "县局"),
    account("qiantou", "lead", "牵头院校"),
    account("peihe", "nearby", "配合院校"),
    account("xianji", "county_school", "县级院校"),
    account("xitong", "sysadmin", "系统管理员"),
    account("anquan", "secadmin", "安全管理员"),
    account("shenji", "auditor", "审计管理员"),
];
