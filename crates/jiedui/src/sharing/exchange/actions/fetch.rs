//! Fetching the table of the other side and taking it in: one question, read whole before anything is written, and then
//! written in one transaction.

use super::send::{ask, partner};
use super::{Came, Outcome, take_in};
use crate::shared::background::{JobKind, Task, Work, Wrote};
use crate::sharing::exchange::rules::schema::schema;
use crate::sharing::exchange::rules::words;
use axum::http::Method;
use jiedui_exchange::{Fault, Schema, read};
use jiedui_files::ContentHash;
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_programme::{ExchangeForm, Way};
use jiedui_web::problem::SHOWN;

pub const FETCH: JobKind = JobKind {
    id: "exchange.fetch",
    name: "取回对接数据",
    right: ("exchange", "transfer"),
    work: Work::Write(|task| Box::pin(fetch(task))),
};

/// What a file says, or everything that is wrong with it. Large files are read off the threads that serve.
pub fn came(schema: &Schema, bytes: &[u8], by_file: bool) -> std::result::Result<Came, Vec<Fault>> {
    let lines = read(schema, bytes)?;
    Ok(Came { by_file, digest: ContentHash::of(bytes).to_string(), lines })
}

async fn fetch(task: &Task) -> Result<Wrote> {
    let programme = task.app.programme();
    let exchange = super::exchange(&programme, &task.args, Way::In)?;
    let partner = partner(&task.app, exchange)?;
    let accept = match exchange.form {
        ExchangeForm::Csv => "text/csv",
        ExchangeForm::Json => "application/json",
    };
    task.progress.begin("正在取回", None);
    let bytes = ask(partner, Method::GET, vec![("accept", accept.to_owned())], Vec::new()).await?;
    let schema = schema(&programme, exchange)?;
    task.progress.begin("正在核对", None);
    let read = move || came(&schema, &bytes, false);
    let came = tokio::task::spawn_blocking(read).await.map_err(Error::internal)?.map_err(refused)?;
    let mut tx = task.begin().await?;
    let words = match take_in(&mut tx, &programme, exchange, &came).await? {
        Outcome::New(_) => "已收下，放在本系统的数旁边供核对。",
        Outcome::Same(_) => "对方的数与上次收下的相同，没有再写。",
    };
    Ok(Wrote { tx, words: words.to_owned() })
}

/// Everything that is wrong, for whoever reads what came of the job.
fn refused(faults: Vec<Fault>) -> Error {
    let told = faults.iter().take(SHOWN).map(|fault| format!("{}。", words::told(fault)));
    let more = faults.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| format!("另有 {more} 处没有列出。"));
    let first = "对方的数有问题，一行也没有收下。请转告对方改正。".to_owned();
    let lines = [first].into_iter().chain(told).chain(more);
    Error::Invalid(lines.map(|line| FieldError::new("file", Code::Faulty.says(line))).collect())
}
