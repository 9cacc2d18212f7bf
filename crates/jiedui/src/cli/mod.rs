//! The command line: what is done with the data from a shell, and `serve`.

mod audit;
mod backup;
mod export;
mod log;
mod matching;
mod programme;
mod replay;
mod serve;
mod tokens;
mod tools;
mod versions;

#[cfg(test)]
pub use export::{LEFT_OUT, write_everything, write_with_files};

use clap::{Args, Parser, Subcommand};
use jiedui_kernel::{Date, Error, caused};
use jiedui_store::Location;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(
    name = "jiedui",
    disable_version_flag = true,
    arg_required_else_help = true,
    about = "结对通：技工院校协作助力“百千万工程”的工作系统"
)]
pub struct Cli {
    /// 存放中文字体的目录，生成 PDF 时先在这里找；不写就只找系统字体目录
    #[arg(long, global = true, env = "JIEDUI_FONTS", value_name = "目录")]
    fonts: Option<PathBuf>,
    /// 运行日志的格式：text 给人看，json 每行一条给程序看，并记每一次请求（不记谁问了什么）；写到标准错误
    #[arg(long, global = true, env = "JIEDUI_LOG", default_value = "text", value_name = "格式")]
    log: log::Format,
    /// 显示程序、数据表和数据库引擎的版本
    #[arg(short = 'V', long)]
    version: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// 启动服务
    Serve {
        #[command(flatten)]
        place: DataLocation,
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: String,
        #[command(flatten)]
        companions: Companions,
        #[command(flatten)]
        outgoing: Outgoing,
        #[command(flatten)]
        nightly: Nightly,
    },
    /// 生成示例省份并启动（只监听本机）
    Demo {
        #[command(flatten)]
        place: DataLocation,
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: String,
        /// 示例里的“今天”，默认是真实日期
        #[arg(long)]
        today: Option<Date>,
        /// 只生成数据，不启动服务
        #[arg(long)]
        no_serve: bool,
        /// 把示例台账扩充到这么多笔，用来测量；需要全新的数据目录
        #[arg(long, value_name = "笔数")]
        entries: Option<u32>,
        /// 试一试身份平台登录：它的设置文件（TOML）；写法见 docs/running.md
        #[arg(long, value_name = "文件")]
        oidc: Option<PathBuf>,
    },
    /// 在服务之外另起一个进程处理后台任务
    Worker {
        #[command(flatten)]
        place: DataLocation,
        /// 处理完排队的任务就结束
        #[arg(long)]
        once: bool,
        #[command(flatten)]
        nightly: Nightly,
    },
    /// 把数据库和文件做成一份备份，随即恢复到临时位置核对；服务不用停
    Backup(backup::Backup),
    /// 从备份恢复到空目录（或空数据库）；--check 只核对
    Restore(backup::Restore),
    /// 方案文件：检查、比较、预演、启用，载入方案原文
    Programme {
        #[command(subcommand)]
        action: programme::ProgrammeCommand,
    },
    /// 导入院校名录或结对表（xlsx 或 csv）
    Import {
        #[command(flatten)]
        place: DataLocation,
        file: PathBuf,
    },
    /// 导出全部数据，或全部台账；只读，不覆盖已有的文件
    Export(export::Export),
    /// 求解结对匹配，或核对一份结果
    Match(matching::Match),
    /// 审计日志
    Audit {
        #[command(subcommand)]
        action: audit::AuditCommand,
    },
    /// 指标数：与事实重新核对，或重建
    Indicators {
        #[command(subcommand)]
        action: IndicatorsCommand,
    },
    /// 搜索目录：与数据核对，或重建
    Search {
        #[command(subcommand)]
        action: SearchCommand,
    },
    /// 抽查：核对每个月的抽取
    SpotChecks {
        #[command(subcommand)]
        action: SpotChecksCommand,
    },
    /// 已作的决定：按现在的程序复算
    Decisions {
        #[command(subcommand)]
        action: DecisionsCommand,
    },
    /// 接口密钥：新建
    #[command(subcommand)]
    Token(tokens::TokenCommand),
    /// 账号：新建；解除暂缓登录
    User {
        #[command(subcommand)]
        action: UserCommand,
    },
}

#[derive(Subcommand)]
enum UserCommand {
    /// 新建账号；密码从标准输入读一行
    Add {
        #[command(flatten)]
        place: DataLocation,
        #[arg(long)]
        login: String,
        #[arg(long)]
        name: String,
        /// 单位全称
        #[arg(long)]
        org: String,
        #[arg(long)]
        role: String,
    },
    /// 有人一直试错一个账号的密码，登录被暂缓：马上解除，密码不变，写入审计日志
    Unlock {
        #[command(flatten)]
        place: DataLocation,
        /// 账号
        login: String,
    },
}

#[derive(Subcommand)]
enum IndicatorsCommand {
    /// 从事实重新计算全部指标，列出与保存的数不一致之处
    Verify {
        #[command(flatten)]
        place: DataLocation,
    },
    /// 按事实重建；每处差异记一行，当时报的数不变
    Rebuild {
        #[command(flatten)]
        place: DataLocation,
    },
    /// 测量：每次登记变动更新指标数要多久，全部重算要多久；不留下任何改动
    Measure {
        #[command(flatten)]
        place: DataLocation,
    },
}

#[derive(Subcommand)]
enum SearchCommand {
    /// 逐条核对搜索目录与数据；只读
    Verify {
        #[command(flatten)]
        place: DataLocation,
    },
    /// 从数据重建搜索目录
    Rebuild {
        #[command(flatten)]
        place: DataLocation,
    },
}

#[derive(Subcommand)]
enum SpotChecksCommand {
    /// 从日志和保存的候选名单重新抽取每个月，指出第一个不一致的月份；只读
    Verify {
        #[command(flatten)]
        place: DataLocation,
    },
}

#[derive(Subcommand)]
enum DecisionsCommand {
    /// 把接收的月调度、年度收尾、存下的临时要数、公布的结对、备案的项目清单、递交的申报、协作经历证明、定稿的考核、决定的通报表扬、公布的倾斜分配逐项复算，列出与当时不同的；只读
    Recheck {
        #[command(flatten)]
        place: DataLocation,
    },
}

/// Where the data lies, and by which programme one works.
#[derive(Args, Clone)]
pub struct DataLocation {
    /// 数据目录（SQLite）
    #[arg(long, default_value = "data/jiedui")]
    data: PathBuf,
    /// postgres://…，给出时不用数据目录
    #[arg(long, env = "JIEDUI_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// 方案目录；不给就用内置的
    #[arg(long)]
    programme: Option<PathBuf>,
    /// 存放上传文件的目录，不写就是数据目录里的 files；备份时和数据库一起备份
    #[arg(long, env = "JIEDUI_FILES", value_name = "目录")]
    files: Option<PathBuf>,
    /// 数据对接的对方地址和密码所在的文件，每行一个：编号 地址 密码；没有密码的写 -，对方在内部网络里的行末加“内网”
    #[arg(long, env = "JIEDUI_EXCHANGES", value_name = "文件")]
    exchanges: Option<PathBuf>,
}

/// How people are reached who are not looking. Without it everything else works.
#[derive(Args, Clone, Default)]
pub struct Outgoing {
    /// 邮件服务器：smtp://账号:密码@主机:端口（先 STARTTLS）、smtps://（一开始就加密）、smtp+plain://（不加密，只用于本机）
    #[arg(long, env = "JIEDUI_SMTP", hide_env_values = true)]
    smtp: Option<String>,
    /// 邮件密码所在的文件，代替写在地址里
    #[arg(long)]
    smtp_password: Option<PathBuf>,
    /// 发信地址，例如 "结对通 <jiedui@example.com>"
    #[arg(long, env = "JIEDUI_MAIL_FROM")]
    mail_from: Option<String>,
    /// 用户打开本系统的地址，写在信里，例如 https://jiedui.example.com
    #[arg(long, env = "JIEDUI_URL")]
    url: Option<String>,
    /// 用户是不是经过 https 打开本系统：是的话，登录凭据只在 https 下发送。不写时，--url 是 https，或监听的不是本机地址，就当作是
    #[arg(long, env = "JIEDUI_BEHIND_TLS", value_name = "true|false")]
    behind_tls: Option<bool>,
    /// 群消息和变更通知可以发往内部网络的地址，也可以不加密
    #[arg(long)]
    messages_inside: bool,
}

/// What stands beside the server and is told to it: files with secrets, and who is asked.
#[derive(Args)]
pub struct Companions {
    /// 给总校验值签名的密钥文件（jiedui audit key 新建）；不要与数据放在一处
    #[arg(long)]
    log_key: Option<PathBuf>,
    /// 监测系统读取 /metrics 的密钥所在的文件（至少 24 个字符）；不写就不开放
    #[arg(long, env = "JIEDUI_METRICS_TOKEN_FILE", value_name = "文件")]
    metrics_token: Option<PathBuf>,
    /// 身份平台（OpenID Connect）的设置文件（TOML），让已关联的账号用它登录；写法见 docs/running.md
    #[arg(long, env = "JIEDUI_OIDC", value_name = "文件")]
    oidc: Option<PathBuf>,
    /// 查毒服务（clamd 协议）：主机:端口，或 unix:套接字路径；上传的文件先查毒，查不了的不收。不写就不查
    #[arg(long, env = "JIEDUI_SCAN", value_name = "地址")]
    scan: Option<String>,
    /// postgres://…，一台只读的流复制副本：页面在它跟上的时候从它读，没跟上或者连不上时照常从 --database 读
    #[arg(long, env = "JIEDUI_DATABASE_READ", hide_env_values = true)]
    database_read: Option<String>,
}

/// Backups that the server makes by itself.
#[derive(Args, Clone)]
pub struct Nightly {
    /// 每天凌晨备份到这个目录并核对；不写就不自动备份。目录要已经存在，最好在另一台机器或另一块磁盘上
    #[arg(long, env = "JIEDUI_BACKUP_DIR", value_name = "目录")]
    backup_dir: Option<PathBuf>,
    /// 自动备份留最近几份
    #[arg(long, default_value = "14", value_name = "份数")]
    backup_keep: NonZeroUsize,
}

impl DataLocation {
    fn location(&self) -> Location {
        match &self.database {
            Some(url) => Location::Postgres(url.clone()),
            None => Location::Directory(self.data.clone()),
        }
    }

    /// Where files that people hand in are kept, whatever the database.
    fn files(&self) -> PathBuf {
        self.files.clone().unwrap_or_else(|| self.data.join("files"))
    }
}

/// Errors of the command line are told in one line on standard error.
pub fn run(cli: Cli) -> ExitCode {
    if let Some(folder) = cli.fonts {
        crate::shared::papers::look_in(folder);
    }
    log::write_as(cli.log);
    match cli.command {
        Some(command) => obey(command),
        None if cli.version => ended(blocking(versions::show())),
        None => ended(Err("请写明要做什么；jiedui --help 列出全部命令。".to_owned())),
    }
}

fn ended(result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn obey(command: Command) -> ExitCode {
    ended(match command {
        // Has exit codes of its own.
        Command::Programme { action } => return programme::run(action),
        Command::Serve { place, listen, companions, outgoing, nightly } => {
            blocking(serve::serve(&place, &listen, &companions, (&outgoing, &nightly)))
        }
        Command::Demo { place, listen, today, no_serve, entries, oidc } => {
            blocking(serve::demo(&place, &listen, (today, oidc.as_deref()), (entries, no_serve)))
        }
        Command::Worker { place, once, nightly } => blocking(serve::work(&place, once, &nightly)),
        Command::Backup(command) => blocking(backup::backup(command)),
        Command::Restore(command) => blocking(backup::restore(command)),
        Command::Import { place, file } => blocking(tools::import(&place, &file)),
        Command::Export(command) => blocking(export::run(command)),
        // Has exit codes of its own.
        Command::Match(command) => return matching::run(command),
        Command::Audit { action } => blocking(audit::run(action)),
        Command::Indicators { action: IndicatorsCommand::Verify { place } } => {
            blocking(tools::indicators_verify(&place))
        }
        Command::Indicators { action: IndicatorsCommand::Rebuild { place } } => {
            blocking(tools::indicators_rebuild(&place))
        }
        Command::Indicators { action: IndicatorsCommand::Measure { place } } => {
            blocking(tools::indicators_measure(&place))
        }
        Command::Search { action: SearchCommand::Verify { place } } => blocking(tools::search_verify(&place)),
        Command::Search { action: SearchCommand::Rebuild { place } } => {
            blocking(tools::search_rebuild(&place))
        }
        Command::SpotChecks { action: SpotChecksCommand::Verify { place } } => {
            blocking(tools::spot_checks_verify(&place))
        }
        Command::Decisions { action: DecisionsCommand::Recheck { place } } => {
            blocking(tools::decisions_recheck(&place))
        }
        Command::Token(command) => blocking(tokens::run(command)),
        Command::User { action: UserCommand::Add { place, login, name, org, role } } => {
            blocking(tools::add_user(&place, &login, &name, &org, &role))
        }
        Command::User { action: UserCommand::Unlock { place, login } } => {
            blocking(tools::unlock_user(&place, &login))
        }
    })
}

/// An error for whoever typed the command: what failed and what to do.
fn in_words(error: Error) -> String {
    match error {
        Error::Conflict(words)
        | Error::NotNow(words)
        | Error::Gone(words)
        | Error::TooLarge(words)
        | Error::Locked(words)
        | Error::CannotStart(words) => words,
        Error::Invalid(errors) => matching::lines(&errors),
        Error::Busy => "现在太忙，没有写入，请稍后再试。".to_owned(),
        Error::SignedOut => "没有登录。".to_owned(),
        Error::Forbidden(words) if !words.is_ascii() => words,
        Error::Forbidden(right) => caused("没有做这件事的权限。", right),
        Error::NotFound => "没有找到，请核对写的名称或编号。".to_owned(),
        Error::Unavailable(cause) => {
            caused("数据库连接不上、正忙或磁盘已满，没有写入。请核对数据目录或 --database，稍后再试。", cause)
        }
        Error::OutcomeUnknown(cause) => caused("不确定是否写入。请先看数据，再决定是否重来。", cause),
        Error::Internal(cause) => {
            caused("程序或机器出了差错，没有写入。请看日志，并把括号里的原文告诉维护人员。", cause)
        }
    }
}

fn blocking(work: impl Future<Output = Result<(), String>>) -> Result<(), String> {
    waited(work)?
}

fn waited<T>(work: impl Future<Output = T>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|cause| caused("无法启动运行环境，可能内存或线程数不够。", cause))?;
    let done = runtime.block_on(work);
    // Work whose request was given up, a pairing being solved perhaps, does not hold the end up.
    runtime.shutdown_background();
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::mechanism;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_reads_what_it_documents() {
        Cli::command().debug_assert();
        assert!(Cli::try_parse_from(["jiedui", "--version"]).unwrap().version);
        for line in [
            "jiedui backup backup.zip --data data/office --replace",
            "jiedui restore backup.zip --check",
            "jiedui --log json serve --backup-dir backups --backup-keep 3 --metrics-token token",
            "jiedui worker --once --backup-dir backups",
            "jiedui programme text plan.csv --data data/office",
            "jiedui programme text --remove",
        ] {
            assert!(Cli::try_parse_from(line.split(' ')).is_ok(), "{line}");
        }
        for line in [
            "jiedui backup",
            "jiedui serve --backup-keep 0",
            "jiedui --log loud serve",
            "jiedui programme text",
            "jiedui programme text plan.csv --remove",
        ] {
            assert!(Cli::try_parse_from(line.split(' ')).is_err(), "{line}");
        }
    }

    /// `--help` shows what the environment says, and an address of a database has a password in it.
    #[test]
    fn help_tells_no_passwords() {
        let cli = Cli::command();
        let all = cli.get_subcommands().flat_map(|command| command.get_arguments());
        let secret: Vec<_> =
            all.filter(|one| ["database", "smtp"].contains(&one.get_id().as_str())).collect();
        assert!(secret.len() > 2, "{secret:?}");
        for one in secret {
            assert!(one.is_hide_env_values_set(), "{}", one.get_id());
        }
    }

    #[test]
    fn help_names_every_kind_of_decision_that_is_made_again() {
        let cli = Cli::command();
        let decisions = cli.find_subcommand("decisions").unwrap();
        let about = decisions.find_subcommand("recheck").unwrap().get_about().unwrap().to_string();
        let kinds: Vec<_> = mechanism::all().flat_map(|one| one.kept).map(|kind| kind.name).collect();
        assert!(kinds.len() > 8, "{kinds:?}");
        for name in kinds {
            assert!(about.contains(name), "{name}: {about}");
        }
    }

    #[test]
    fn every_error_is_told_in_chinese_and_what_the_machine_said_stays() {
        let said = || "disk I/O error".to_owned();
        for error in [Error::Unavailable(said()), Error::OutcomeUnknown(said()), Error::Internal(said())] {
            let told = in_words(error);
            assert!(told.ends_with("（原文：disk I/O error）"), "{told}");
            assert!(!told.starts_with(|c: char| c.is_ascii()), "{told}");
        }
        for error in [Error::SignedOut, Error::NotFound, Error::Forbidden("entry.claim".to_owned())] {
            let told = in_words(error);
            assert!(!told.starts_with(|c: char| c.is_ascii()), "{told}");
        }
    }
}
