//! Mangles files for as long as it is told and gives them to every reader: `cargo run --example fuzz -- --minutes 5`.
//!
//! What makes a reader panic, take too long or keep half a file is written to the folder that `--out` names, with its
//! seed. `--seed` starts elsewhere; `SUNDRY_SAMPLES` adds a folder of real files to the fixtures.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool for developers, with a clock"
)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use sundry_formats::bank_statement::{self, EntryStatus, profiles};
use sundry_formats::{gl, intake};

/// A reader that takes longer over a small file is at fault.
const LONGEST: Duration = Duration::from_secs(2);
/// Files larger than this are not mangled.
const LARGEST: u64 = 256 * 1024;

const FORMATS: [Option<&str>; 12] = [
    None,
    Some("camt"),
    Some("mt940"),
    Some("mt942"),
    Some("bai2"),
    Some("ofx"),
    Some("csv"),
    Some("csv:neutral"),
    Some("csv:hsbc-no-header"),
    Some("csv:nationwide"),
    Some("payment-file:agent-example"),
    Some("payment-file:lockbox-example"),
];

/// Signs that mean something in one format or another.
const SIGNS: &[u8] = b"0123456789,.-+:/<>&\"'\n\r\t;|{}?";

/// A small generator of numbers: same seed, same files.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() >> 16).unwrap_or(0) % n.max(1)
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |name: &str| arguments.iter().position(|a| a == name).and_then(|at| arguments.get(at + 1)).cloned();
    let minutes: u64 = after("--minutes").and_then(|m| m.parse().ok()).unwrap_or(1);
    let seed: u64 = after("--seed").and_then(|s| s.parse().ok()).unwrap_or(1);
    let out = PathBuf::from(after("--out").unwrap_or_else(|| "target/fuzz".to_owned()));
    let files = files();
    println!("{} files, seed {seed}, {minutes} minutes", files.len());
    std::panic::set_hook(Box::new(|_| {}));
    let started = Instant::now();
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let (mut tried, mut faults, mut slowest) = (0u64, 0u64, Duration::ZERO);
    while started.elapsed() < Duration::from_secs(minutes * 60) {
        let bytes = mangled(&files, &mut dice);
        for format in FORMATS {
            tried += 1;
            let began = Instant::now();
            let said =
                catch_unwind(AssertUnwindSafe(|| give(&bytes, format))).unwrap_or_else(|_| Some("panicked".into()));
            let took = began.elapsed();
            slowest = slowest.max(took);
            let said = said.or_else(|| (took > LONGEST).then(|| format!("took {took:?}")));
            if let Some(said) = said {
                faults += 1;
                std::fs::create_dir_all(&out).unwrap();
                let name = out.join(format!("{seed}-{tried}.bin"));
                std::fs::write(&name, &bytes).unwrap();
                println!("{said}: {format:?}, kept in {}", name.display());
            }
        }
    }
    println!("{tried} readings, {faults} faults, the slowest took {slowest:?}");
    ExitCode::from(u8::from(faults > 0))
}

/// Gives one file to the readers; says what is wrong with what they made of it.
fn give(bytes: &[u8], format: Option<&str>) -> Option<String> {
    let file = bank_statement::read("file.dat", bytes, format);
    if file.errors.is_empty() == file.statements.is_empty() {
        return Some("errors and statements, or neither".into());
    }
    for statement in &file.statements {
        let booked =
            statement.entries.iter().filter(|e| e.status == EntryStatus::Booked).map(|e| e.amount).sum::<i64>();
        if let (Some(opening), Some(closing)) = (statement.opening, statement.closing)
            && opening + booked != closing
        {
            return Some("a statement that does not add up was read".into());
        }
        if statement.entry_keys().len() != statement.entries.len() {
            return Some("entries without keys".into());
        }
    }
    if format.is_none() {
        let _ = bank_statement::inspection("file.dat", &file);
        let _ = bank_statement::first_rows(bytes);
        for profile in profiles().iter().take(3) {
            let _ = bank_statement::preview("file.dat", bytes, profile);
        }
        let _ = intake::read_customers(bytes);
        let _ = intake::read_invoices(bytes);
        let _ = intake::read_invoice_lines(bytes);
        let _ = gl::read(bytes);
        let _ = gl::read_acknowledgements(bytes);
    }
    None
}

/// A file with some pieces changed, cut, doubled, exchanged, or taken from another file.
fn mangled(files: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = files[dice.below(files.len())].clone();
    for _ in 0..=dice.below(8) {
        if bytes.is_empty() {
            break;
        }
        let (at, to) = (dice.below(bytes.len()), dice.below(bytes.len()));
        match dice.below(9) {
            0 => bytes.truncate(at),
            1 => drop(bytes.remove(at)),
            2 => bytes.insert(at, dice.next().to_le_bytes()[0]),
            3 => bytes[at] = SIGNS[dice.below(SIGNS.len())],
            4 if bytes.len() < 1 << 20 => {
                let piece: Vec<u8> = bytes[at.min(to)..at.max(to)].to_vec();
                drop(bytes.splice(at..at, piece));
            }
            5 => {
                let other = &files[dice.below(files.len())];
                let from = dice.below(other.len());
                let until = (from + dice.below(200)).min(other.len());
                drop(bytes.splice(at..at, other[from..until].iter().copied()));
            }
            6 => bytes.swap(at, to),
            7 => {
                let piece = ["\u{FEFF}", "é", "£", "\0", "99999999999999999999", "0,", "-", "<![CDATA[", "&#0;", "𝟙"]
                    [dice.below(10)];
                drop(bytes.splice(at..at, piece.bytes()));
            }
            _ => bytes[at] ^= 1 << dice.below(8),
        }
    }
    bytes
}

fn files() -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"), &mut found);
    if let Some(folder) = std::env::var_os("SUNDRY_SAMPLES") {
        gather(&Path::new(&folder).join("bank"), &mut found);
    }
    found
}

fn gather(folder: &Path, found: &mut Vec<Vec<u8>>) {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            gather(&path, found);
        } else if path.metadata().is_ok_and(|m| m.len() > 0 && m.len() <= LARGEST) {
            found.extend(std::fs::read(&path));
        }
    }
}
