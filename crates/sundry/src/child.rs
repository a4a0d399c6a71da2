//! Hostile files are opened in a child process of our own, with little memory and little time.
//!
//! The parent gives the bytes on the child's standard input and gets JSON on its standard output.
//! Whatever happens to the child, the parent learns that the file cannot be read, and no more.
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{ExitCode, Stdio};
use std::sync::OnceLock;
use std::time::Duration;
use sundry_desk::{Fault, Outcome};
use sundry_domain::refusal::Invalid;
use sundry_formats::xlsx_in::{self, Sheet};
use sundry_formats::{FormatProblem, bank_statement};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::sync::Semaphore;

/// The hidden command of the binary.
pub const COMMAND: &str = "parse-child";
/// How long a child may take.
const LONGEST: Duration = Duration::from_secs(20);
/// The most memory a child may ask for, in KiB.
const MEMORY_KIB: u32 = 1_572_864;
/// The most a child may answer, in bytes.
const LARGEST_ANSWER: u64 = 128 * 1024 * 1024;
/// An XML file from this size is tasted by a child first.
const LARGE_XML: usize = 4 * 1024 * 1024;

/// So many children at once; other files wait their turn.
static TURNS: Semaphore = Semaphore::const_new(2);

/// What a child is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Read a workbook's first sheet.
    Workbook,
    /// Read a bank statement and say only whether that went well.
    BankStatement,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Workbook => "workbook",
            Kind::BankStatement => "bank-statement",
        }
    }
}

/// What a child answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told {
    Rows(Vec<Vec<String>>),
    Fine,
    Problem { code: String, at: String, message: String },
}

impl From<FormatProblem> for Told {
    fn from(problem: FormatProblem) -> Told {
        Told::Problem { code: problem.code, at: problem.at, message: problem.message }
    }
}

/// The child's side: reads standard input, answers on standard output.
pub fn run(kind: &str) -> ExitCode {
    let mut bytes = Vec::new();
    if std::io::stdin().lock().read_to_end(&mut bytes).is_err() {
        return ExitCode::from(1);
    }
    let told = match kind {
        "workbook" => xlsx_in::first_sheet(&bytes).map_or_else(Told::from, |sheet| Told::Rows(sheet.rows)),
        "bank-statement" => {
            let _ = bank_statement::read("", &bytes, None);
            Told::Fine
        }
        _ => return ExitCode::from(2),
    };
    let Ok(answer) = serde_json::to_vec(&told) else { return ExitCode::from(1) };
    let written = std::io::stdout().lock().write_all(&answer);
    ExitCode::from(u8::from(written.is_err()))
}

/// The rows of a workbook's first sheet, read in a child.
///
/// # Errors
/// Invalid, on the field `file`, when the workbook cannot be read within the limits.
pub async fn read_workbook(bytes: Vec<u8>) -> Outcome<Vec<Vec<String>>> {
    match workbook(bytes).await? {
        Ok(rows) => Ok(rows),
        Err(problem) => Err(Invalid::field("file", problem.to_string(), "").into()),
    }
}

/// As [`read_workbook`], with the problem as the formats tell it.
///
/// # Errors
/// A fault when no child can be started.
pub async fn workbook(bytes: Vec<u8>) -> Outcome<Result<Vec<Vec<String>>, FormatProblem>> {
    // What can be seen from outside is refused without a child.
    if let Err(problem) = xlsx_in::precheck(&bytes) {
        return Ok(Err(problem));
    }
    Ok(match ask(Kind::Workbook, bytes).await? {
        Told::Rows(rows) => Ok(rows),
        Told::Problem { code, at, message } => Err(FormatProblem::new(&code, at, message)),
        Told::Fine => Err(beyond("gave no answer")),
    })
}

/// A workbook as the CSV that every reader of CSV takes; any other file as it is.
///
/// # Errors
/// Invalid when a workbook cannot be read within the limits.
pub async fn as_table(bytes: Vec<u8>) -> Outcome<Vec<u8>> {
    if !is_workbook(&bytes) {
        return Ok(bytes);
    }
    let rows = read_workbook(bytes).await?;
    Ok(xlsx_in::to_csv(&Sheet { name: String::new(), rows }))
}

/// Whether the bytes are a workbook, new or old, by what they begin with and the parts they name.
pub fn is_workbook(bytes: &[u8]) -> bool {
    const PART: &[u8] = b"[Content_Types].xml";
    bytes.starts_with(b"PK") && bytes.windows(PART.len()).any(|window| window == PART)
}

/// Lets a child read a bank statement that is large or packed, before we do.
///
/// # Errors
/// A fault when no child can be started.
pub async fn taste_bank_statement(bytes: &[u8]) -> Outcome<Result<(), FormatProblem>> {
    let packed = bytes.starts_with(b"PK");
    let large_xml = bytes.len() > LARGE_XML && bytes.iter().take(64).any(|byte| *byte == b'<');
    if !packed && !large_xml {
        return Ok(Ok(()));
    }
    Ok(match ask(Kind::BankStatement, bytes.to_vec()).await? {
        Told::Fine => Ok(()),
        Told::Problem { code, at, message } => Err(FormatProblem::new(&code, at, message)),
        Told::Rows(_) => Err(beyond("gave no answer")),
    })
}

/// A bank statement that may be read here: a workbook as the CSV it holds, anything else tasted by a child first.
///
/// # Errors
/// Invalid, on the field `file`, when a child cannot read it within the limits.
pub async fn statement_bytes(name: &str, bytes: Vec<u8>) -> Outcome<Vec<u8>> {
    let bytes = as_table(bytes).await?;
    match taste_bank_statement(&bytes).await? {
        Ok(()) => Ok(bytes),
        Err(problem) => Err(Invalid::field("file", problem.to_string(), name).into()),
    }
}

async fn ask(kind: Kind, bytes: Vec<u8>) -> Outcome<Told> {
    let _turn = TURNS.acquire().await.map_err(|_| Fault::new("the turns of children are closed"))?;
    let mut child = limited(kind)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|e| Fault::new(format!("a child to read a file cannot be started: {e}")))?;
    let (mut input, output) = (child.stdin.take(), child.stdout.take());
    let talk = async {
        let give = async {
            if let Some(pipe) = input.as_mut() {
                // A child that ended early does not listen; its answer says why.
                let _ = pipe.write_all(&bytes).await;
            }
            drop(input.take());
        };
        let take = async {
            let mut answer = Vec::new();
            if let Some(pipe) = output {
                let _ = pipe.take(LARGEST_ANSWER + 1).read_to_end(&mut answer).await;
            }
            answer
        };
        futures::join!(give, take).1
    };
    let Ok(answer) = tokio::time::timeout(LONGEST, talk).await else {
        let _ = child.kill().await;
        return Ok(beyond("took longer than 20 seconds").into());
    };
    if answer.len() as u64 > LARGEST_ANSWER {
        let _ = child.kill().await;
        return Ok(beyond("holds more than is read at once").into());
    }
    let ended = tokio::time::timeout(LONGEST, child.wait()).await;
    match (ended, serde_json::from_slice(&answer)) {
        (Ok(Ok(status)), Ok(told)) if status.success() => Ok(told),
        _ => Ok(beyond("could not be read within the memory it is given").into()),
    }
}

fn beyond(what: &str) -> FormatProblem {
    FormatProblem::new("file.beyond_limits", "", format!("the file {what}; save it as CSV and send that"))
}

/// Our own binary behind a shell that sets its limits.
fn limited(kind: Kind) -> Command {
    let seconds = LONGEST.as_secs() + 5;
    let script = format!(r#"ulimit -v {MEMORY_KIB} && ulimit -t {seconds} && ulimit -c 0 && exec "$0" {COMMAND} "$1""#);
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(script).arg(ourselves()).arg(kind.word()).env_clear();
    command
}

/// The binary of children, where it is not the running one.
static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Names the binary that children run, for programs that hold our doors without being `sundry`, such as tests.
pub fn use_program(path: impl Into<PathBuf>) {
    let _ = PROGRAM.set(path.into());
}

/// Our own binary, also after it was replaced on disk by a newer one.
fn ourselves() -> PathBuf {
    if let Some(named) = PROGRAM.get() {
        return named.clone();
    }
    let running = PathBuf::from(format!("/proc/{}/exe", std::process::id()));
    if running.exists() { running } else { std::env::current_exe().unwrap_or_else(|_| "sundry".into()) }
}
