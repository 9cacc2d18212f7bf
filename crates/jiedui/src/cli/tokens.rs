//! Tokens for programs that are set up by whoever runs the system.

use super::{DataLocation, in_words, serve};
use crate::identity::accounts;
use crate::oversight::interface::{self, NewToken};
use clap::{Args, Subcommand};
use jiedui_kernel::{Actor, Clock, shanghai_date};
use std::sync::Arc;

#[derive(Subcommand)]
pub enum TokenCommand {
    /// 新建接口密钥，只显示这一次：别的系统凭它按账号的权限读取数据；写明 --write 的也可以写入
    Create(Create),
}

#[derive(Args)]
pub struct Create {
    #[command(flatten)]
    place: DataLocation,
    /// 按哪个账号的权限读取；账号还在用初始密码的，改了密码才能用
    #[arg(long)]
    account: String,
    /// 用途：哪个系统用它做什么
    #[arg(long)]
    name: String,
    /// 有效的天数，最多 365
    #[arg(long)]
    days: i64,
    /// 以哪个单位读取，写全称；账号只在一个单位有角色的不用写
    #[arg(long)]
    org: Option<String>,
    /// 也可以写入：按账号的权限登记、答复、更正和撤回台账；不写这一项就只能读取
    #[arg(long)]
    write: bool,
}

pub async fn run(command: TokenCommand) -> Result<(), String> {
    let TokenCommand::Create(asked) = command;
    let app = serve::open(&asked.place, Clock::System, false).await?;
    let mut tx = app.db.begin(Arc::new(Actor::system("user"))).await.map_err(in_words)?;
    let found = accounts::id_of(&mut tx, &asked.account).await.map_err(in_words)?;
    let account = found.ok_or_else(|| format!("没有“{}”这个账号。", asked.account))?;
    let orgs = accounts::orgs_of(&mut tx, &account).await.map_err(in_words)?;
    let org = chosen(&orgs, asked.org.as_deref())?;
    let name = asked.name.trim();
    let new = NewToken { account: &account, org, name, days: asked.days, writes: asked.write };
    let (token, ends_at) = interface::make(&mut tx, &new).await.map_err(in_words)?;
    tx.commit().await.map_err(in_words)?;
    eprintln!("接口密钥只显示这一次，到 {} 失效：", shanghai_date(ends_at));
    // Alone on its stream, so that it can be written into a file.
    println!("{token}");
    Ok(())
}

/// The organisation that is meant, among those (with their names) at which the account has a role.
fn chosen<'o>(orgs: &'o [(String, String)], wanted: Option<&str>) -> Result<&'o str, String> {
    match (orgs, wanted) {
        (_, Some(name)) => {
            let found = orgs.iter().find(|(_, own)| own == name);
            found.map(|(id, _)| id.as_str()).ok_or_else(|| format!("这个账号在“{name}”没有角色。"))
        }
        ([(id, _)], None) => Ok(id.as_str()),
        ([], None) => Err("这个账号没有角色，什么也读不到。".to_owned()),
        (several, None) => {
            let names: Vec<&str> = several.iter().map(|(_, name)| name.as_str()).collect();
            Err(format!("这个账号在几个单位有角色，请用 --org 写明是哪一个：{}。", names.join("、")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_organisation_is_named_where_there_are_several() {
        let one = [("a".to_owned(), "甲校".to_owned())];
        let two = [one[0].clone(), ("b".to_owned(), "乙校".to_owned())];
        assert_eq!(chosen(&one, None), Ok("a"));
        assert_eq!(chosen(&two, Some("乙校")), Ok("b"));
        assert!(chosen(&two, None).unwrap_err().contains("甲校、乙校"));
        assert!(chosen(&one, Some("乙校")).is_err() && chosen(&[], None).is_err());
    }
}
