//! `jiedui audit`: checks of the log and of every row against it, and proofs that need no server.

use super::{DataLocation, in_words, programme, serve};
use crate::standing::indicators;
use clap::Subcommand;
use jiedui_kernel::{Actor, Clock, caused, of_file};
use jiedui_store::audit::check::Noted;
use jiedui_store::audit::heads::{self, LogKey, PublicKey};
use jiedui_store::audit::{self, proofs, rows, takeover};
use jiedui_store::{Db, Tx};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// More faults than this are counted, not printed.
const PRINTED: usize = 200;

#[derive(Subcommand)]
pub enum AuditCommand {
    /// 核对整个日志，并把每一行数据与日志比对；只读，不建、不改任何东西
    Verify {
        #[command(flatten)]
        place: DataLocation,
        /// 在别处记下的条数和总校验值，可写多次
        #[arg(long, value_name = "条数:总校验值")]
        from: Vec<String>,
        /// 签名密钥的公钥：给出时每个总校验值都要有它的签名
        #[arg(long, value_name = "公钥")]
        key: Option<String>,
    },
    /// 打印最近一个总校验值（有签名时连同签名），供抄存在系统之外
    Root {
        #[command(flatten)]
        place: DataLocation,
    },
    /// 导出一条记录的证明文件
    Prove {
        #[command(flatten)]
        place: DataLocation,
        /// 记录编号
        id: String,
        /// 写到文件，不写就打印
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// 核对一份证明文件，不需要数据和服务器
    Check {
        file: PathBuf,
        #[arg(long, value_name = "公钥")]
        key: Option<String>,
    },
    /// 新建一把给总校验值签名的密钥（Ed25519），打印公钥；启动时用 --log-key 给出
    Key { file: PathBuf },
    /// 认定一行在日志之外被改动的数据以现状为准，理由写入日志
    Accept {
        #[command(flatten)]
        place: DataLocation,
        table: String,
        key: String,
        #[arg(long)]
        reason: String,
    },
}

pub async fn run(command: AuditCommand) -> Result<(), String> {
    match command {
        AuditCommand::Verify { place, from, key } => verify(&place, &noted(&from, key.as_deref())?).await,
        AuditCommand::Root { place } => root(&place).await,
        AuditCommand::Prove { place, id, out } => prove(&place, &id, out.as_deref()).await,
        AuditCommand::Check { file, key } => check(&file, key.as_deref()),
        AuditCommand::Key { file } => new_key(&file),
        AuditCommand::Accept { place, table, key, reason } => accept(&place, &table, &key, &reason).await,
    }
}

/// A transaction on data that are only looked at.
pub(super) async fn inspect(place: &DataLocation) -> Result<(Db, Tx), String> {
    let db = Db::inspect(&place.location(), Clock::System).await.map_err(in_words)?;
    let tx = db.read(Arc::new(Actor::system("audit"))).await.map_err(in_words)?;
    Ok((db, tx))
}

fn noted(from: &[String], key: Option<&str>) -> Result<Noted, String> {
    let heads = from.iter().map(|text| {
        let parts = text.split_once(':').and_then(|(size, root)| Some((size.parse::<i64>().ok()?, root)));
        parts
            .filter(|(size, root)| *size > 0 && root.len() == 64)
            .map(|(size, root)| (size, root.to_lowercase()))
            .ok_or_else(|| format!("“{text}”不对，应是 条数:总校验值（64 位十六进制）。"))
    });
    Ok(Noted { heads: heads.collect::<Result<_, _>>()?, key: key.map(public_key).transpose()? })
}

fn public_key(text: &str) -> Result<PublicKey, String> {
    PublicKey::from_hex(text).ok_or_else(|| "公钥不对，应是 64 位十六进制。".to_owned())
}

async fn verify(place: &DataLocation, noted: &Noted) -> Result<(), String> {
    let (db, mut tx) = inspect(place).await?;
    let damaged = db.integrity_faults().await.map_err(in_words)?;
    if !damaged.is_empty() {
        damaged.iter().for_each(|fault| eprintln!("{fault}"));
        return Err("数据文件本身已损坏，没有再核对日志。".to_owned());
    }
    let (log, found) = rows::verify(&mut tx, noted).await.map_err(in_words)?;
    let mut faults = rows::describe(&log, &found);
    let programme = programme::load(place.programme.as_deref())?;
    faults.extend(indicators::kept_faults(&mut tx, &programme).await.map_err(in_words)?);
    if faults.is_empty() {
        println!(
            "完整：{} 条已固化，{} 条待固化，总校验值 {}；{} 张表 {} 行数据与日志一致",
            log.placed, log.pending, log.root, found.tables, found.rows
        );
        return Ok(());
    }
    faults.iter().take(PRINTED).for_each(|fault| eprintln!("{fault}"));
    Err(format!("有 {} 处不一致。", faults.len() as i64 + (found.more - 1).max(0)))
}

async fn root(place: &DataLocation) -> Result<(), String> {
    let (db, mut tx) = inspect(place).await?;
    let head = heads::last(&mut tx).await.map_err(in_words)?.ok_or("日志还是空的。")?;
    println!("{}", head.signed_text(db.hash()));
    println!("核对时写：--from {}:{}", head.size, head.root);
    match head.signature.as_str() {
        "" => println!("没有签名：服务器启动时没有给出 --log-key。"),
        signature => println!("签名 {signature}"),
    }
    Ok(())
}

async fn prove(place: &DataLocation, id: &str, out: Option<&Path>) -> Result<(), String> {
    let (_, mut tx) = inspect(place).await?;
    let leaf = audit::leaf(&mut tx, id).await.map_err(|_| format!("日志里没有编号为 {id} 的记录。"))?;
    let file = proofs::file(&mut tx, &leaf).await.map_err(in_words)?;
    let file = file.ok_or("这条记录刚写入，还没有排进树中，几秒后再试。")?;
    let text = serde_json::to_string_pretty(&file).map_err(|cause| caused("写不成证明文件。", cause))?;
    match out {
        None => println!("{text}"),
        Some(path) => {
            std::fs::write(path, text).map_err(|cause| of_file("写不了", path, &cause))?;
        }
    }
    Ok(())
}

fn check(file: &Path, key: Option<&str>) -> Result<(), String> {
    let text = std::fs::read_to_string(file).map_err(|cause| of_file("读不到", file, &cause))?;
    let key = key.map(public_key).transpose()?;
    let checked = proofs::check(&text, key.as_ref())?;
    println!("证明成立。请与在系统之外抄存的比对：{}", checked.head);
    if checked.signed {
        println!("总校验值的签名有效。");
    }
    println!(
        "{}",
        serde_json::to_string_pretty(&checked.record).map_err(|cause| caused("写不出这条记录。", cause))?
    );
    Ok(())
}

/// The file is made for its owner alone, and never written over.
fn new_key(file: &Path) -> Result<(), String> {
    let key = LogKey::generate().map_err(in_words)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(file).map_err(|cause| of_file("写不了", file, &cause))?;
    out.write_all(key.to_pem().map_err(in_words)?.as_bytes())
        .map_err(|cause| of_file("写不了", file, &cause))?;
    println!("{}", key.public().to_hex());
    Ok(())
}

async fn accept(place: &DataLocation, table: &str, key: &str, reason: &str) -> Result<(), String> {
    if reason.trim().is_empty() {
        return Err("请写明理由。".to_owned());
    }
    let app = serve::open(place, Clock::System, false).await?;
    let mut tx = app.db.begin(Arc::new(Actor::system("audit"))).await.map_err(in_words)?;
    if !takeover::accept(&mut tx, table, key, reason).await.map_err(in_words)? {
        return Err("这一行与日志没有不一致，或没有这张表。".to_owned());
    }
    tx.commit().await.map_err(in_words)?;
    println!("已认定，写入日志。");
    Ok(())
}
