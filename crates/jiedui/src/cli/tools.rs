//! Commands of the administrator that run and end.

use super::{DataLocation, audit, in_words, programme, serve};
use crate::evidence::spot_checks;
use crate::identity::accounts::{self, KnownToOthers, NewAccount, passwords};
use crate::network::import;
use crate::network::registry;
use crate::oversight::{rechecks, versions};
use crate::shared::background::Progress;
use crate::shared::contributions::Difference;
use crate::shared::search;
use crate::standing::indicators;
use jiedui_kernel::{Actor, Clock, Error, caused, of_file};
use jiedui_store::Tx;
use std::path::Path;
use std::sync::Arc;

pub async fn import(place: &DataLocation, file: &Path) -> Result<(), String> {
    let bytes = std::fs::read(file).map_err(|cause| of_file("读不到", file, &cause))?;
    let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let app = serve::open(place, Clock::System, false).await?;
    let (actor, since) = (Arc::new(Actor::system("import")), app.programme().calendar.in_use_since);
    // A server may be at work on the same data: nobody waits while the file is read and looked at.
    let mut tx = app.db.read(Arc::clone(&actor)).await.map_err(in_words)?;
    let sent = import::read(&mut tx, (&bytes, &name)).await.map_err(in_words)?;
    drop(tx);
    let (report, tx) = import::take_in(&app.db, &actor, since, sent).await.map_err(in_words)?;
    let Some(tx) = tx else {
        for error in &report.errors {
            eprintln!("{error}");
        }
        return Err(format!("有 {} 处错误，什么也没有写入。", report.errors.len()));
    };
    tx.commit().await.map_err(in_words)?;
    println!("{}", report.summary());
    Ok(())
}

/// One line for each difference: indicator, thing, day, what is kept, what the facts give.
fn describe(difference: &Difference) -> String {
    let amounts = |pair: Option<(i64, i64)>| match pair {
        Some((claimed, confirmed)) => format!("登记 {claimed}、确认 {confirmed}"),
        None => "没有".to_owned(),
    };
    format!(
        "{} {} {}：保存的是{}，按事实是{}",
        difference.indicator,
        difference.resource,
        difference.day,
        amounts(difference.kept),
        amounts(difference.found)
    )
}

pub async fn indicators_verify(place: &DataLocation) -> Result<(), String> {
    let (_, mut tx) = audit::inspect(place).await?;
    let agree = jiedui_store::audit::must_agree(&mut tx, "核对指标").await;
    agree.map_err(in_words)?;
    let programme = programme::load(place.programme.as_deref())?;
    let found = indicators::verify(&mut tx, &programme).await.map_err(in_words)?;
    let kept = indicators::kept_faults(&mut tx, &programme).await.map_err(in_words)?;
    kept.iter().for_each(|fault| eprintln!("{fault}"));
    if found.is_empty() && kept.is_empty() {
        println!("一致：保存的指标数与按事实重新计算的相同。");
        return Ok(());
    }
    for difference in &found {
        eprintln!("{}", describe(difference));
    }
    Err(format!(
        "有 {} 处不一致；确认统计口径无误后可运行 jiedui indicators rebuild。",
        found.len() + kept.len()
    ))
}

pub async fn indicators_rebuild(place: &DataLocation) -> Result<(), String> {
    let app = serve::open(place, Clock::System, false).await?;
    let mut tx = app.db.begin(Arc::new(Actor::system("indicators"))).await.map_err(in_words)?;
    let agree = jiedui_store::audit::must_agree(&mut tx, indicators::DOING).await;
    agree.map_err(in_words)?;
    let found = indicators::rebuild(&mut tx, &app.programme()).await.map_err(in_words)?;
    for difference in &found {
        println!("{}", describe(difference));
    }
    tx.commit().await.map_err(in_words)?;
    println!("已重建，改动 {} 处；当时报的数不变。", found.len());
    Ok(())
}

pub async fn search_verify(place: &DataLocation) -> Result<(), String> {
    let (_, mut tx) = audit::inspect(place).await?;
    let off = search::verify(&mut tx).await.map_err(|error| error.to_string())?;
    if off.is_empty() {
        println!("一致：搜索目录与数据相同。");
        return Ok(());
    }
    off.iter().for_each(|line| eprintln!("{line}"));
    Err(format!("有 {} 处不一致；可运行 jiedui search rebuild。", off.len()))
}

pub async fn search_rebuild(place: &DataLocation) -> Result<(), String> {
    let app = serve::open(place, Clock::System, false).await?;
    let mut tx = app.db.begin(Arc::new(Actor::system("search"))).await.map_err(|error| error.to_string())?;
    let made = search::rebuild(&mut tx).await.map_err(|error| error.to_string())?;
    tx.commit().await.map_err(|error| error.to_string())?;
    println!("已重建搜索目录，收入 {made} 条。");
    Ok(())
}

/// Every draw made again; the first that comes out otherwise is named.
pub async fn spot_checks_verify(place: &DataLocation) -> Result<(), String> {
    let (_, mut tx) = audit::inspect(place).await?;
    let agree = jiedui_store::audit::must_agree(&mut tx, "核对抽查").await;
    agree.map_err(in_words)?;
    match spot_checks::verify(&mut tx).await.map_err(in_words)? {
        Ok(months) => {
            println!("一致：{months} 个月的抽取，重新抽取的结果相同。");
            Ok(())
        }
        Err(differs) => {
            Err(format!("{}的抽取不一致：{}。", spot_checks::rules::title(&differs.month), differs.words))
        }
    }
}

/// Every kept decision made again by this program; what comes out otherwise is named with the figure it rests on.
pub async fn decisions_recheck(place: &DataLocation) -> Result<(), String> {
    let (db, mut tx) = audit::inspect(place).await?;
    let agree = jiedui_store::audit::must_agree(&mut tx, "复算决定").await;
    agree.map_err(in_words)?;
    let chosen = match place.programme {
        None => versions::chosen(&db).await.map_err(in_words)?,
        Some(_) => None,
    };
    let programme = match chosen {
        Some(files) => programme::read(&files)?,
        None => programme::load(place.programme.as_deref())?,
    };
    let looked = rechecks::look(&mut tx, &programme, &Progress::default()).await;
    let found = looked.map_err(in_words)?;
    for one in &found.kinds {
        println!("{}：复算 {} 项，与当时不同 {} 项", one.name, one.number, one.otherwise);
    }
    for line in &found.lines {
        let what = &line.what;
        eprintln!(
            "{} {} {}：{}，当时是{}，现在是{}",
            line.kind, line.id, line.title, what.figure, what.was, what.becomes
        );
    }
    if found.beyond > 0 {
        eprintln!("另有 {} 处没有列出。", found.beyond);
    }
    match found.totals() {
        (_, 0) => Ok(()),
        (_, otherwise) => Err(format!("有 {otherwise} 项决定按现在的程序与当时不同；决定本身没有改动。")),
    }
}

/// Two rows of a Markdown table, for `bench/figures.sh`.
pub async fn indicators_measure(place: &DataLocation) -> Result<(), String> {
    let app = serve::open(place, Clock::System, false).await?;
    let mut tx = app.db.begin(Arc::new(Actor::system("indicators"))).await.map_err(in_words)?;
    // The transaction is dropped: nothing of this stays.
    let found = indicators::measure(&mut tx, &app.programme()).await.map_err(in_words)?;
    println!(
        "| figures brought up to date, each of {} writes | mean {:.2} ms, p99 {:.2} ms | ≤ 10 ms |",
        found.writes,
        found.mean.as_secs_f64() * 1e3,
        found.p99.as_secs_f64() * 1e3
    );
    println!(
        "| all figures of these data read and counted from scratch | {:.0} ms | |",
        found.whole.as_secs_f64() * 1e3
    );
    Ok(())
}

pub async fn add_user(
    place: &DataLocation,
    login: &str,
    name: &str,
    org: &str,
    role: &str,
) -> Result<(), String> {
    let mut password = String::new();
    std::io::stdin()
        .read_line(&mut password)
        .map_err(|cause| caused("读不到密码，请从标准输入给出一行 UTF-8 文字。", cause))?;
    let app = serve::open(place, Clock::System, false).await?;
    let known = app.programme().access.roles.iter().any(|one| one.id == role);
    if !known {
        return Err(format!("没有“{role}”这个角色，请查看方案里的 access.toml。"));
    }
    let password = password.trim_end();
    let (login_kept, units) = (login.to_lowercase(), vec![org.to_owned()]);
    let known = KnownToOthers { login: login_kept, name: name.to_owned(), units };
    Error::of(passwords::weaknesses(password, &known)).map_err(in_words)?;
    let password = &passwords::hash(password, &app.random).map_err(in_words)?;
    let mut tx = app.db.begin(Arc::new(Actor::system("user"))).await.map_err(in_words)?;
    let org = registry::org_named(&mut tx, org).await.map_err(in_words)?;
    let org = org.ok_or("没有这个单位，请填写库中的全称。")?;
    let new = NewAccount { login, name, password: Some(password), must_change: true, org: &org, role };
    accounts::create(&mut tx, &new).await.map_err(in_words)?;
    tx.commit().await.map_err(in_words)?;
    println!("已新建账号 {login}，首次登录请修改密码。");
    Ok(())
}

/// Ends the wait after wrong tries at an account, for whoever runs the system: strangers can make everybody wait, the security
/// administrator among them.
pub async fn unlock_user(place: &DataLocation, login: &str) -> Result<(), String> {
    let app = serve::open(place, Clock::System, false).await?;
    let tx = app.db.begin(Arc::new(Actor::system("user"))).await.map_err(in_words)?;
    end_wait(tx, login).await?;
    println!("已解除：{login} 可以马上登录，密码没有改变。");
    Ok(())
}

async fn end_wait(mut tx: Tx, login: &str) -> Result<(), String> {
    let found = accounts::id_of(&mut tx, login).await.map_err(in_words)?;
    let id = found.ok_or_else(|| format!("没有“{login}”这个账号。"))?;
    let account = accounts::Account { id: &id, login };
    let otherwise = format!("{login} 现在没有暂缓登录，没有改动。");
    accounts::unlock(&mut tx, account, otherwise).await.map_err(in_words)?;
    tx.commit().await.map_err(in_words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::both_engines;
    use crate::testing::Province;

    both_engines! {
        async fn a_wait_is_ended_and_one_that_is_not_there_is_told(world: World, p: Province) {
            let mut browser = world.stranger();
            world.agent(&p.lead, "lead").await;
            let login = format!("t-lead-{}", &p.lead[p.lead.len() - 12..]);
            let none = end_wait(world.tx().await, &login).await.unwrap_err();
            assert_eq!(none, format!("{login} 现在没有暂缓登录，没有改动。"));
            for _ in 0..accounts::FREE_TRIES {
                browser.signs_in(&login, "Xiangei-4-heliu").await;
            }
            assert_eq!(browser.signs_in(&login, "Testing-2026-x").await.location, "/signin");
            end_wait(world.tx().await, &login).await.unwrap();
            assert_eq!(browser.signs_in(&login, "Testing-2026-x").await.location, "/");
            assert_eq!(end_wait(world.tx().await, "meiyou").await.unwrap_err(), "没有“meiyou”这个账号。");
        }
    }
}
