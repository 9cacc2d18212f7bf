//! `jiedui match`: solves an instance, checks a result, lists its proof. Files in, files out; no database.

use crate::planning::matching::workbook::{self, Names};
use clap::{Args, Subcommand};
use jiedui_kernel::{FieldError, caused, of_file};
use jiedui_matching::{
    Assigned, Instance, MAX_BYTES, Options, Reason, Solution, Status, Warm, solve, too_large, verify,
};
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// There is no assignment, and the result proves it.
const INFEASIBLE: u8 = 3;
/// The search was stopped before it found an assignment or a proof; nothing was written.
const UNDECIDED: u8 = 4;

#[derive(Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "退出码：0 已求解（或核对无误），1 输入有误或核对出错，2 命令写错，3 没有可行的安排（结果照样写出），4 在限度内没有结论（不写结果）。"
)]
pub struct Match {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    solve: Option<Solve>,
}

#[derive(Args)]
struct Solve {
    /// 输入：JSON，或系统导出的 xlsx
    instance: PathBuf,
    /// 结果写到这里；不给就写到标准输出
    #[arg(long)]
    out: Option<PathBuf>,
    /// 从先前的一份结果出发，改动不大时更快
    #[arg(long)]
    warm: Option<PathBuf>,
    /// 线程数；0 为机器有几个用几个。结果与它无关
    #[arg(long, default_value_t = 0)]
    threads: usize,
    /// 再找出哪些县级院校另有综合得分相同的安排
    #[arg(long)]
    ties: bool,
    /// 最多分多少种情形，超过就停下并说明差距
    #[arg(long, default_value_t = Options::default().max_nodes)]
    max_nodes: usize,
    /// 在标准错误上写出读、解、写各用了多少毫秒
    #[arg(long)]
    time: bool,
}

#[derive(Subcommand)]
enum Action {
    /// 核对一份结果：安排是否守规矩，综合得分与上限是否属实
    Verify { instance: PathBuf, result: PathBuf },
    /// 把一份结果的上限证明写成可以自己验算的工作簿
    Certificate {
        instance: PathBuf,
        result: PathBuf,
        #[arg(long)]
        out: PathBuf,
    },
    /// 把一份输入写成工作簿
    Book {
        instance: PathBuf,
        #[arg(long)]
        out: PathBuf,
    },
}

pub fn run(command: Match) -> ExitCode {
    let done = match (command.action, command.solve) {
        (Some(Action::Verify { instance, result }), _) => checked(&instance, &result).map(|told| {
            println!("{told}");
            ExitCode::SUCCESS
        }),
        (Some(Action::Certificate { instance, result, out }), _) => certificate(&instance, &result, &out),
        (Some(Action::Book { instance, out }), _) => book(&instance, &out),
        (None, Some(args)) => answer(&args),
        (None, None) => Err("没有给出输入文件。".to_owned()),
    };
    done.unwrap_or_else(|message| {
        eprintln!("{message}");
        ExitCode::FAILURE
    })
}

type Done = Result<ExitCode, String>;

fn answer(args: &Solve) -> Done {
    let begun = Instant::now();
    let instance = read_instance(&args.instance)?;
    let warm = args.warm.as_deref().map(|path| read_warm(path, &instance)).transpose()?;
    let read = begun.elapsed();
    let options = Options { warm, max_nodes: args.max_nodes, threads: args.threads, ties: args.ties };
    let solution = solve(&instance, &options);
    let solved = begun.elapsed() - read;
    if solution.status != Status::Undecided {
        let mut text = solution.to_json();
        text.push('\n');
        match &args.out {
            Some(path) => write(path, text.as_bytes())?,
            None => say(text.trim_end())?,
        }
    }
    if args.time {
        let written = begun.elapsed() - read - solved;
        let ms = |time: std::time::Duration| time.as_secs_f64() * 1_000.0;
        eprintln!("读取 {:.1} 毫秒，求解 {:.1} 毫秒，写出 {:.1} 毫秒", ms(read), ms(solved), ms(written));
    }
    eprintln!("{}", describe(&solution));
    Ok(match solution.status {
        Status::Optimal | Status::Feasible => ExitCode::SUCCESS,
        Status::Infeasible => ExitCode::from(INFEASIBLE),
        Status::Undecided => ExitCode::from(UNDECIDED),
    })
}

/// A line on standard output. Whoever reads it may have gone away, which is no reason to fall over.
fn say(line: &str) -> Result<(), String> {
    writeln!(std::io::stdout(), "{line}")
        .map_err(|cause| caused("写不出结果，读它的程序可能已经退出。", cause))
}

/// A result in words.
fn describe(solution: &Solution) -> String {
    let number = |value: Option<i64>| value.map_or_else(|| "无".to_owned(), |value| value.to_string());
    let (objective, bound) = (number(solution.objective), number(solution.bound));
    match solution.status {
        Status::Optimal => format!("已证明最优：综合得分 {objective}，没有更好的安排。{}", ties(solution)),
        Status::Feasible => format!("找到一种安排：综合得分 {objective}，上限 {bound}；没有证明它最好。"),
        Status::Undecided => {
            "在限度内既没有找到可行的安排，也没有证明没有。没有写出结果，可调高 --max-nodes。".to_owned()
        }
        Status::Infeasible => match &solution.infeasible_because {
            Some(reason) => format!("没有可行的安排。\n{}", reason_told(reason)),
            None => "没有可行的安排。".to_owned(),
        },
    }
}

fn ties(solution: &Solution) -> String {
    match solution.ties.as_slice() {
        [] => String::new(),
        ties => format!("\n另有综合得分相同的安排，涉及 {} 所县级院校：{}", ties.len(), ties.join("、")),
    }
}

fn reason_told(reason: &Reason) -> String {
    let mut lines = vec![reason.lack.clone()];
    if !reason.county_schools.is_empty() {
        lines.push(format!("县级院校：{}", reason.county_schools.join("、")));
    }
    for limit in &reason.limits {
        let which = if limit.least { "最少" } else { "最多" };
        lines.push(format!("名额：“{}”{which} {} 个", limit.id, limit.places));
    }
    for fixed in &reason.fixed {
        let partners = [fixed.lead.as_deref(), fixed.nearby.as_deref()];
        let partners: Vec<&str> = partners.into_iter().flatten().collect();
        lines.push(format!("已定：“{}”与 {}", fixed.county_school, partners.join("、")));
    }
    lines.join("\n")
}

/// What was proved, in one line.
fn checked(instance: &Path, result: &Path) -> Result<String, String> {
    let instance = read_instance(instance)?;
    let solution = read_result(result)?;
    let proved = verify(&instance, &solution)
        .map_err(|lies| format!("{}\n核对没有通过：有 {} 处不符。", lines(&lies), lies.len()))?;
    let leaves = proved.leaves;
    Ok(match (proved.status, solution.objective, solution.bound) {
        (Status::Optimal, Some(objective), Some(bound)) => {
            format!("核对无误：已证明最优。综合得分 {objective}，上限 {bound}，证明分 {leaves} 种情形。")
        }
        (Status::Feasible, Some(objective), Some(bound)) => format!(
            "核对无误：安排可行，没有证明最优。综合得分 {objective}，上限 {bound}，证明分 {leaves} 种情形。"
        ),
        _ => format!("核对无误：已证明没有可行的安排，证明分 {leaves} 种情形。"),
    })
}

fn certificate(instance: &Path, result: &Path, out: &Path) -> Done {
    let instance = read_instance(instance)?;
    let solution = read_result(result)?;
    let bytes =
        workbook::certificate_book(&instance, &solution, &Names::default()).map_err(super::in_words)?;
    write(out, &bytes)?;
    Ok(ExitCode::SUCCESS)
}

fn book(instance: &Path, out: &Path) -> Done {
    let instance = read_instance(instance)?;
    let bytes = workbook::instance_book(&instance, &Names::default()).map_err(super::in_words)?;
    write(out, &bytes)?;
    Ok(ExitCode::SUCCESS)
}

/// One mistake a line, its place before it.
pub(super) fn lines(errors: &[FieldError]) -> String {
    let line = |error: &FieldError| match error.field.as_str() {
        "" => error.message.clone(),
        place => format!("{place}: {}", error.message),
    };
    errors.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn read_instance(path: &Path) -> Result<Instance, String> {
    let bytes = read(path)?;
    // Content tells a workbook, not its name.
    let read =
        if bytes.starts_with(b"PK") { workbook::read_instance_book(&bytes) } else { Instance::read(&bytes) };
    read.map_err(|errors| {
        format!("{}\n{} 里有 {} 处错误，没有求解。", lines(&errors), path.display(), errors.len())
    })
}

fn read_result(path: &Path) -> Result<Solution, String> {
    let bytes = read(path)?;
    Solution::read(&bytes).map_err(|errors| format!("{}\n{} 不是一份结果。", lines(&errors), path.display()))
}

/// An earlier result to start from. Its prices stand in the order of the instance they were made for, so they serve
/// only where as many partners still stand there; its assignment serves always.
fn read_warm(path: &Path, instance: &Instance) -> Result<Warm, String> {
    let solution = read_result(path)?;
    let prices = &solution.certificate;
    let alike = prices.lead_prices.len() == instance.leads.len()
        && prices.nearby_prices.len() == instance.nearby.len();
    if alike {
        return Ok(Warm::of(instance, &solution));
    }
    let assignment: Vec<Assigned> = solution.assignment;
    Ok(Warm { assignment, ..Warm::default() })
}

/// A file's bytes, no more of them than an instance may have.
fn read(path: &Path) -> Result<Vec<u8>, String> {
    let fault = |cause: std::io::Error| of_file("读不到", path, &cause);
    let file = File::open(path).map_err(fault)?;
    let size = file.metadata().map_err(fault)?.len();
    if size > MAX_BYTES as u64 {
        return Err(lines(&[too_large(size)]));
    }
    let mut bytes = Vec::new();
    // A pipe has no size of its own.
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(fault)?;
    if bytes.len() > MAX_BYTES {
        return Err(lines(&[too_large(bytes.len() as u64)]));
    }
    Ok(bytes)
}

/// Writes a file whole or not at all: beside its place under another name, then under its own.
fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let fault = |cause: std::io::Error| of_file("写不出", path, &cause);
    // A device or pipe cannot be replaced.
    if fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        return fs::write(path, bytes).map_err(fault);
    }
    let Some(name) = path.file_name() else { return Err(format!("{} 不是文件名。", path.display())) };
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(beside);
    let written = File::create_new(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    });
    written.map_err(|cause| {
        // What is left of it is of no use to anybody; where it was not made there is nothing to remove.
        let _ = fs::remove_file(&beside);
        fault(cause)
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Cli, run};
    use super::*;
    use clap::Parser as _;
    use jiedui_matching::families::{Family, Recipe, make};
    use jiedui_matching::{Draft, Price};

    /// A directory with an instance in it, and what the command line says to these words.
    struct Desk(tempfile::TempDir);

    impl Desk {
        fn new(change: impl FnOnce(&mut Draft)) -> Self {
            let recipe =
                Recipe { family: Family::Tight, county_schools: 6, leads: 3, nearby: 4, needs: 3, seed: 5 };
            let mut draft = make(&recipe);
            change(&mut draft);
            let desk = Self(tempfile::tempdir().unwrap());
            fs::write(desk.path("in.json"), draft.to_json()).unwrap();
            desk
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        /// Runs `jiedui match`; words with a dot are names of files here.
        fn run(&self, words: &str) -> String {
            let word = |word: &str| if word.contains('.') { self.path(word).into() } else { word.into() };
            let words: Vec<std::ffi::OsString> = words.split(' ').map(word).collect();
            let words = ["jiedui".into(), "match".into()].into_iter().chain(words);
            format!("{:?}", run(Cli::try_parse_from(words).unwrap()))
        }

        fn ends(&self, words: &str, code: u8) {
            assert_eq!(self.run(words), format!("{:?}", ExitCode::from(code)), "{words}");
        }

        fn files(&self) -> Vec<String> {
            let entries = fs::read_dir(self.0.path()).unwrap();
            let mut names: Vec<_> =
                entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        }
    }

    #[test]
    fn a_result_is_written_checked_and_shown() {
        let desk = Desk::new(|_| {});
        desk.ends("in.json --out out.json --ties --time", 0);
        desk.ends("verify in.json out.json", 0);
        let told = checked(&desk.path("in.json"), &desk.path("out.json")).unwrap();
        assert!(told.starts_with("核对无误：已证明最优。综合得分 "), "{told}");
        desk.ends("certificate in.json out.json --out proof.xlsx", 0);
        desk.ends("in.json --warm out.json --threads 1 --out again.json", 0);
        let objective = |name: &str| read_result(&desk.path(name)).unwrap().objective;
        assert_eq!(objective("out.json"), objective("again.json"));
        assert_eq!(desk.files(), ["again.json", "in.json", "out.json", "proof.xlsx"]);
    }

    #[test]
    fn a_workbook_is_the_same_question() {
        let desk = Desk::new(|_| {});
        desk.ends("book in.json --out in.xlsx", 0);
        desk.ends("in.xlsx --out out.json", 0);
        desk.ends("verify in.json out.json", 0);
    }

    #[test]
    fn lies_are_told_with_their_places() {
        let desk = Desk::new(|_| {});
        desk.ends("in.json --out out.json", 0);
        let mut solution = read_result(&desk.path("out.json")).unwrap();
        solution.objective = solution.objective.map(|objective| objective + 1);
        solution.certificate.lead_prices.push(Price(1));
        fs::write(desk.path("out.json"), solution.to_json()).unwrap();
        desk.ends("verify in.json out.json", 1);
        let told = checked(&desk.path("in.json"), &desk.path("out.json")).unwrap_err();
        assert!(told.contains("objective: ") && told.contains("certificate.lead_prices: "), "{told}");
    }

    #[test]
    fn no_assignment_is_an_answer_with_a_code_of_its_own() {
        let desk = Desk::new(|draft| draft.lead_scores[0].fill(None));
        desk.ends("in.json --out out.json", 3);
        desk.ends("verify in.json out.json", 0);
        let solution = read_result(&desk.path("out.json")).unwrap();
        assert!(describe(&solution).starts_with("没有可行的安排。\n"), "{}", describe(&solution));
        assert!(describe(&solution).contains("县级院校：c0001"), "{}", describe(&solution));
        desk.ends("certificate in.json out.json --out proof.xlsx", 0);
    }

    #[test]
    fn bad_input_writes_nothing() {
        let desk = Desk::new(|draft| draft.leads[0].min = 9);
        desk.ends("in.json --out out.json", 1);
        desk.ends("nothing.json --out out.json", 1);
        desk.ends("in.json --out missing/out.json", 1);
        assert_eq!(desk.files(), ["in.json"]);
        let told = read_instance(&desk.path("in.json")).unwrap_err();
        assert!(told.starts_with("leads[0].min: “l0001”"), "{told}");
    }

    #[test]
    fn a_huge_file_is_refused_before_it_is_read() {
        let desk = Desk::new(|_| {});
        // Sparse: it takes no room on the disk.
        File::create(desk.path("huge.json")).unwrap().set_len(1 << 30).unwrap();
        let told = read_instance(&desk.path("huge.json")).unwrap_err();
        assert_eq!(told, "文件有 1024 MB，超过 256 MB 的上限，没有读取。请拆分后再试。");
    }

    #[test]
    fn a_file_that_cannot_be_replaced_leaves_nothing_beside_it() {
        let desk = Desk::new(|_| {});
        fs::create_dir(desk.path("out.json")).unwrap();
        desk.ends("in.json --out out.json", 1);
        assert_eq!(desk.files(), ["in.json", "out.json"]);
    }
}
