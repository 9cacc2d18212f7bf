//! The accounts of the demonstration, each at the organisation whose desk is worth seeing.

use super::maker::Maker;
use super::schools::{COUNTIES, HOME, Schools, city_of};
use super::{ACCOUNTS, PASSWORD};
use crate::identity::accounts::{self, NewAccount, passwords};
use crate::network::registry;
use crate::oversight::interface::{self, NewToken};
use crate::shared::outside::Reachable;
use jiedui_kernel::{Date, Error, Result};
use jiedui_web::{tokens, views};

/// Where an account works; `None` where its school is not founded yet.
async fn place(maker: &mut Maker, role: &str, schools: Option<&Schools>) -> Result<Option<String>> {
    let city = city_of(HOME);
    let school = |pick: fn(&Schools) -> Option<String>| schools.and_then(pick);
    let org = match role {
        "city" => registry::bureau(&mut maker.tx, "city_bureau", &city).await?,
        "county" => registry::bureau(&mut maker.tx, "county_bureau", HOME).await?,
        "lead" => school(|schools| {
            let home = COUNTIES.iter().find(|county| county.code == HOME)?;
            schools.lead.get(home.lead?).map(|lead| lead.id.clone())
        }),
        "nearby" => school(|schools| {
            schools.nearby.iter().find(|near| near.division == city_of(HOME)).map(|near| near.id.clone())
        }),
        "county_school" => school(|schools| {
            schools.county.iter().find(|school| school.division == HOME).map(|school| school.id.clone())
        }),
        _ => registry::bureau(&mut maker.tx, "province_office", "440000").await?,
    };
    Ok(org)
}

/// The provincial office comes first: it founds the rest.
pub async fn open_first(maker: &mut Maker, day: Date) -> Result<()> {
    open_some(maker, None, day, |role| role == "province").await
}

pub async fn open_rest(maker: &mut Maker, schools: &Schools, day: Date) -> Result<()> {
    open_some(maker, Some(schools), day, |role| role != "province").await
}

async fn open_some(
    maker: &mut Maker,
    schools: Option<&Schools>,
    day: Date,
    wanted: fn(&str) -> bool,
) -> Result<()> {
    for account in ACCOUNTS.iter().filter(|account| wanted(account.role)) {
        maker.act_as_office(day);
        let org = place(maker, account.role, schools).await?;
        let org = org.ok_or_else(|| Error::internal(format_args!("no place for {}", account.login)))?;
        // Administrators and leaders share the office's place in the tree, but nothing of the ledger is theirs to do.
        let works =
            !account.role.ends_with("admin") && !["auditor", "leader", "reviewer"].contains(&account.role);
        let suffix = if works { "经办人" } else { "" };
        let name = format!("{}{suffix}（示例）", account.role_name);
        let new = NewAccount {
            login: account.login,
            name: &name,
            // Public, and named after the product: nobody else could choose it.
            password: Some(&passwords::hash(PASSWORD, maker.tx.random())?),
            must_change: false,
            org: &org,
            role: account.role,
        };
        let id = accounts::create(&mut maker.tx, &new).await?;
        if works {
            maker.appoint(&org, account.role, &id, &name).await?;
        }
        if account.role == "province" {
            maker.name_office(&org).await?;
        }
    }
    Ok(())
}

/// How long the token of the demonstration holds.
const DAYS: i64 = 365;

/// By what a program of the office reads. Nobody kept what was shown once: it stands in the list of its holder.
pub async fn let_read(maker: &mut Maker) -> Result<()> {
    maker.act_as_office(maker.last());
    let office = maker.office();
    let name = "示例：统计系统读取指标数";
    let token = NewToken { account: office.account(), org: &office.org, name, days: DAYS, writes: false };
    interface::make(&mut maker.tx, &token).await?;
    let made = tokens::of_account(&mut maker.tx, office.account()).await?;
    let (day, last_at) = (maker.tx.today(), maker.tx.now());
    for one in made.iter().take(1) {
        // An address of the documentation (RFC 5737).
        let reads = tokens::DayReads { day, reads: 3, last_at, from: "192.0.2.10".to_owned() };
        tokens::note_reads(&mut maker.tx, &one.id, &reads).await?;
    }
    told_of_changes(maker).await
}

/// An address that is told no more: a demonstration speaks to nobody.
async fn told_of_changes(maker: &mut Maker) -> Result<()> {
    let office = maker.office();
    let (name, address) = ("示例：统计系统", "https://statistics.example.com/hooks");
    interface::register_hook(&mut maker.tx, Reachable::default(), name, address).await?;
    for hook in interface::hooks_of(&mut maker.tx, office.account()).await? {
        interface::note_try(&mut maker.tx, (&hook.id, 1), 1, "示例：对方没有回答。").await?;
        interface::end_hook(&mut maker.tx, &hook.id).await?;
    }
    Ok(())
}

/// What the office often asks of the ledger, saved under a name.
pub async fn save_view(maker: &mut Maker) -> Result<()> {
    maker.act_as_office(maker.last());
    let office = maker.office();
    let trainings = ("/entries", "activity=teacher-training");
    views::save(&mut maker.tx, office.account(), trainings, "师资培训（示例）").await.map(drop)
}
