//! The one binary. Each subcommand is a few lines; what it does stands in the library.

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    jiedui::cli::run(jiedui::cli::Cli::parse())
}
