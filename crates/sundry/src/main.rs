//! The one binary.
use std::process::ExitCode;

fn main() -> ExitCode {
    sundry::cli::main()
}
