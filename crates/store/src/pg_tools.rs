//! PostgreSQL's own tools, which must be on the path: `pg_dump`, `pg_restore`, `createdb`, `dropdb`. They are told of the
//! database by their environment, so that no password stands in the list of processes.

use crate::db::Location;
use jiedui_kernel::{Error, Result};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};
use std::str::FromStr as _;

const TABLES: &str = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema()";
const MAY_CREATE: &str = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user";
const VERSION: &str = "SHOW server_version";

/// What of a connection's options the tools are told besides host, port and account.
const TOLD: [(&str, &str); 4] = [
    ("sslmode", "PGSSLMODE"),
    ("sslrootcert", "PGSSLROOTCERT"),
    ("sslcert", "PGSSLCERT"),
    ("sslkey", "PGSSLKEY"),
];

/// A PostgreSQL database, for its own tools.
#[derive(Clone)]
pub struct PgTools {
    options: PgConnectOptions,
}

impl PgTools {
    pub(crate) fn of(options: &PgConnectOptions) -> Self {
        Self { options: options.clone() }
    }

    /// `postgres://…`
    pub fn at(url: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(url);
        options
            .map(|options| Self { options })
            .map_err(|cause| Error::CannotStart(format!("--database：{cause}")))
    }

    pub fn location(&self) -> Location {
        Location::Postgres(self.options.to_url_lossy().to_string())
    }

    pub fn database(&self) -> &str {
        self.options.get_database().unwrap_or_else(|| self.options.get_username())
    }

    async fn connect(&self) -> Result<PgConnection> {
        let connected = PgConnection::connect_with(&self.options).await;
        connected.map_err(|cause| Error::CannotStart(format!("连不上 PostgreSQL：{cause}")))
    }

    /// How many tables are there already.
    pub async fn tables(&self) -> Result<i64> {
        let mut connection = self.connect().await?;
        sqlx::query_scalar(TABLES).fetch_one(&mut connection).await.map_err(Error::internal)
    }

    pub async fn server_version(&self) -> Result<String> {
        let mut connection = self.connect().await?;
        sqlx::query_scalar(VERSION).fetch_one(&mut connection).await.map_err(Error::internal)
    }

    /// Writes what a snapshot holds into a file, in the tool's own format.
    pub(crate) async fn dump(&self, snapshot: &str, to: &Path) -> Result<()> {
        let what = [
            "--format=custom".to_owned(),
            "--no-owner".to_owned(),
            "--no-privileges".to_owned(),
            format!("--snapshot={snapshot}"),
            format!("--file={}", to.display()),
            format!("--dbname={}", self.database()),
        ];
        self.run("pg_dump", what.to_vec()).await
    }

    /// Puts a dump into this database, which has to be empty: all of it or nothing.
    pub async fn put_back(&self, dump: &Path) -> Result<()> {
        let how = [
            "--no-owner".to_owned(),
            "--no-privileges".to_owned(),
            "--exit-on-error".to_owned(),
            "--single-transaction".to_owned(),
            format!("--dbname={}", self.database()),
            dump.display().to_string(),
        ];
        self.run("pg_restore", how.to_vec()).await
    }

    /// Reads a dump to its end without putting it anywhere.
    pub async fn read_through(dump: &Path) -> Result<()> {
        // It speaks to no server; Debian's wrapper would look for one of its own otherwise.
        let nobody = vec![("PGHOST", "127.0.0.1".to_owned())];
        run("pg_restore", vec!["--file=-".to_owned(), dump.display().to_string()], nobody).await
    }

    /// A new, empty database on the same server, to try something in; `None` where the account may not make one.
    pub async fn beside(&self, name: &str) -> Result<Option<Self>> {
        let mut connection = self.connect().await?;
        let may: bool =
            sqlx::query_scalar(MAY_CREATE).fetch_one(&mut connection).await.map_err(Error::internal)?;
        if !may {
            return Ok(None);
        }
        let how = [
            "--template=template0".to_owned(),
            "--encoding=UTF8".to_owned(),
            "--lc-collate=C".to_owned(),
            "--lc-ctype=C".to_owned(),
            format!("--maintenance-db={}", self.database()),
            name.to_owned(),
        ];
        self.run("createdb", how.to_vec()).await?;
        Ok(Some(Self { options: self.options.clone().database(name) }))
    }

    /// Takes away a database that was made [`beside`](Self::beside) this one.
    pub async fn remove(&self, beside: &Self) -> Result<()> {
        let how = [
            "--force".to_owned(),
            "--if-exists".to_owned(),
            format!("--maintenance-db={}", self.database()),
            beside.database().to_owned(),
        ];
        self.run("dropdb", how.to_vec()).await
    }

    async fn run(&self, tool: &'static str, arguments: Vec<String>) -> Result<()> {
        run(tool, arguments, self.environment()).await
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        let url = self.options.to_url_lossy();
        let socket = self.options.get_socket().map(|socket| socket.display().to_string());
        let mut told = vec![
            ("PGHOST", socket.unwrap_or_else(|| self.options.get_host().to_owned())),
            ("PGPORT", self.options.get_port().to_string()),
            ("PGUSER", self.options.get_username().to_owned()),
        ];
        told.extend(url.password().map(|password| ("PGPASSWORD", unescaped(password))));
        for (name, variable) in TOLD {
            let found = url.query_pairs().find(|(key, _)| **key == *name);
            told.extend(found.map(|(_, value)| (variable, value.into_owned())));
        }
        told
    }
}

/// On a thread that may wait.
async fn run(
    tool: &'static str,
    arguments: Vec<String>,
    environment: Vec<(&'static str, String)>,
) -> Result<()> {
    let ended = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(tool);
        command
            .args(arguments)
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command.spawn()?.wait_with_output()
    })
    .await
    .map_err(Error::internal)?;
    let output = ended.map_err(|cause| {
        Error::CannotStart(if cause.kind() == ErrorKind::NotFound {
            format!(
                "没有找到 {tool}。请安装 PostgreSQL 的客户端工具（Debian：postgresql-client，版本不低于服务器），\
                 或把它们所在的目录加入 PATH，再试。"
            )
        } else {
            format!("{tool} 没有运行：{cause}")
        })
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said: String = said.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(400).collect();
    Err(Error::CannotStart(format!("{tool} 没有完成：{said}")))
}

/// A password as it was before it was put into an address: `%2B` is a plus.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let escaped =
            behind.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tools_are_told_by_their_environment_and_never_by_their_arguments() {
        let tools =
            PgTools::at("postgres://amt:p%40ss%2Bwort@db.example:5433/jiedui?sslmode=require").unwrap();
        let told = tools.environment();
        let of = |name: &str| told.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str());
        assert_eq!(of("PGHOST"), Some("db.example"));
        assert_eq!(of("PGPORT"), Some("5433"));
        assert_eq!(of("PGUSER"), Some("amt"));
        assert_eq!(of("PGPASSWORD"), Some("p@ss+wort"));
        assert_eq!(of("PGSSLMODE"), Some("require"));
        assert_eq!(tools.database(), "jiedui");
    }

    #[tokio::test]
    async fn a_tool_that_is_not_there_is_named() {
        let refused = run("pg_dump_that_nobody_has", Vec::new(), Vec::new()).await.unwrap_err().to_string();
        assert!(refused.contains("pg_dump_that_nobody_has") && refused.contains("PATH"), "{refused}");
    }
}
