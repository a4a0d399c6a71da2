//! `court`, `insolvency`, `estate`, `charge`: the county court and what stands beside it.
use super::court_forms::{CourtForms, forms};
use super::input::{date, pounds, request};
use super::out::{Out, counted, table, verdict_name};
use super::{Shop, bytes_of, done};
use chrono::NaiveDate;
use clap::Subcommand;
use std::path::{Path, PathBuf};
use sundry_desk::court::{
    self, AddCost, CourtAnswersTaken, DecideReferral, EndCase, EndInsolvency, ExportClaims, HandToSolicitor,
    ReceiveDividend, RecordIssue, RecordLimit, RecordResponse, ReferToCourt, ReleaseCharge, RequestJudgment,
    SettleCourtAnswer, SignClaim, TakeCourtAnswers, TellCourt, TendCourt, WorkCourtAnswers,
};
use sundry_desk::{No, Outcome};
use sundry_domain::money::Pence;
use sundry_domain::refusal::{Invalid, Refusal};

/// Court cases.
#[derive(Debug, Subcommand)]
pub enum Court {
    /// Refer debts of a customer
    Refer {
        /// Customer
        customer: String,
        /// Why court
        #[arg(long)]
        why: String,
        /// What is known of their income
        #[arg(long, default_value = "")]
        means: String,
        /// What is known of what they own
        #[arg(long, default_value = "")]
        assets: String,
        /// Debts; all that are open when none is named
        debts: Vec<String>,
    },
    /// Decide on somebody else's referral
    Decide {
        /// Number
        case: String,
        /// It goes back
        #[arg(long)]
        send_back: bool,
        /// Why
        #[arg(long, default_value = "")]
        words: String,
    },
    /// List cases, or show one
    Show {
        /// Number
        case: Option<String>,
        /// Only those that stand so
        #[arg(long, default_value = "")]
        state: String,
    },
    /// The protocol's own forms that go with a letter of claim
    #[command(subcommand)]
    Forms(CourtForms),
    /// Record a reply form, from a JSON file: case, on, kind, documents, offer, words
    Reply {
        /// The file, or `-`
        input: PathBuf,
    },
    /// Record a step before the claim, from a JSON file: case, step, on, words
    Step {
        /// The file, or `-`
        input: PathBuf,
    },
    /// Prepare a claim, from a JSON file: case, issue_on, status, defendants, basis and the rest
    Prepare {
        /// The file, or `-`
        input: PathBuf,
    },
    /// Sign the statement of truth
    Sign {
        /// Number
        case: String,
        /// I believe that the facts stated in this claim are true
        #[arg(long)]
        i_believe: bool,
    },
    /// Write the file of signed claims for the court
    Export {
        /// Cases
        #[arg(required = true)]
        cases: Vec<String>,
    },
    /// A file for the court, or the evidence of a case
    File {
        /// Number of the file, or of the case
        number: String,
        /// Where
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Record that the court issued the claim
    Issue {
        /// Number
        case: String,
        /// The court's number
        #[arg(long)]
        claim: String,
        /// When
        #[arg(long, value_name = "DATE", value_parser = date)]
        on: NaiveDate,
        /// The fee the court took
        #[arg(long, value_name = "POUNDS", value_parser = pounds)]
        fee: Pence,
        /// online or posted
        #[arg(long, default_value = "online")]
        served: String,
    },
    /// Record what the defendant answered
    Response {
        /// Number
        case: String,
        /// acknowledgment, admission, part_admission, defence, counterclaim or states_paid
        kind: String,
        /// When
        #[arg(long, value_name = "DATE", value_parser = date)]
        on: NaiveDate,
        /// What it says
        #[arg(long, default_value = "")]
        words: String,
    },
    /// Ask for judgment by default
    Request {
        /// Number
        case: String,
    },
    /// Record a judgment, from a JSON file: case, on, kind, instalment, every, first_on
    Judgment {
        /// The file, or `-`
        input: PathBuf,
    },
    /// Every way to enforce, and why it is open or not
    Ways {
        /// Number
        case: String,
        /// employed, self_employed, unemployed, armed_forces or not_known
        #[arg(long, default_value = "")]
        work: String,
    },
    /// Take a step of enforcement, from a JSON file: case, method, proportion, circumstances and the rest
    Enforce {
        /// The file, or `-`
        input: PathBuf,
    },
    /// Add a cost of a case
    Cost {
        /// Number
        case: String,
        /// How much
        #[arg(long, value_name = "POUNDS", value_parser = pounds)]
        amount: Pence,
        /// The court allowed it against the customer
        #[arg(long)]
        charged: bool,
        /// What for
        #[arg(long)]
        words: String,
    },
    /// Give a case to solicitors, or take it back when no firm is named
    Solicitor {
        /// Number
        case: String,
        /// The firm
        #[arg(long, default_value = "")]
        firm: String,
        /// Its reference
        #[arg(long, default_value = "")]
        reference: String,
    },
    /// End a case without satisfaction
    End {
        /// Number
        case: String,
        /// Why
        #[arg(long)]
        words: String,
    },
    /// Take an answer file of the court and work its lines
    Take {
        /// The file, or `-`
        file: PathBuf,
    },
    /// Answer files of the court, or one with what became of its lines
    Answers {
        /// Number of the file
        number: Option<String>,
        /// Work again the lines that wait and those that a person has to decide
        #[arg(long, requires = "number")]
        again: bool,
    },
    /// Settle a line of an answer
    Settle {
        /// Id of the line
        line: i64,
        /// What was done about it, or why nothing is
        #[arg(long)]
        words: String,
    },
    /// Record that the court was told of the payment
    Told {
        /// Number
        case: String,
    },
    /// Look at every running case: what was paid is satisfied
    Day,
    /// Deadlines, first due first
    Diary {
        /// In the next days
        #[arg(long, default_value_t = 60)]
        days: i64,
    },
    /// Open debts whose time is short or over, or one invoice
    Limitation {
        /// Invoice
        invoice: Option<String>,
    },
    /// Record what may start limitation again
    Restart {
        /// Invoice
        invoice: String,
        /// signed_letter, unsigned, part_payment, payment_for_other, payment_by_stranger or our_entry
        kind: String,
        /// When
        #[arg(long, value_name = "DATE", value_parser = date)]
        on: NaiveDate,
        /// What would be shown to the court
        #[arg(long)]
        evidence: String,
    },
}

fn written(path: &Path, name: &str, bytes: Vec<u8>, out: &mut Out) -> Outcome<()> {
    let typed = path.display().to_string();
    std::fs::write(path, bytes)
        .map_err(|e| No::from(Invalid::field("out", format!("It cannot be written: {e}"), &typed)))?;
    out.answer(&serde_json::json!({ "file": typed, "name": name }), || format!("{name} is in {typed}."))
}

fn day(day: Option<NaiveDate>) -> String {
    day.map_or_else(|| "-".to_owned(), |day| day.to_string())
}

/// From when a claim may be issued, or what comes before it.
fn claim_from(earliest_on: Option<NaiveDate>, first: Option<&Refusal>) -> String {
    match first {
        Some(no) => format!("{}: {}. {}.", no.code, no.sentence, no.way_out),
        None => format!("a claim may be issued from {}.", day(earliest_on)),
    }
}

fn worked(told: &CourtAnswersTaken) -> String {
    format!(
        "{}: {} lines, {} done, {} ask for nothing now, {} told before, {} to be decided, {} settled, {} not worked yet.",
        told.file, told.lines, told.done, told.noted, told.again, told.open, told.settled, told.waiting
    )
}

/// Court cases.
pub async fn court(shop: &Shop, ask: Court, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    let key = shop.key();
    match ask {
        Court::Refer { customer, why, means, assets, debts } => {
            let ask = ReferToCourt { key, customer, debts, why, means, assets };
            let made = court::refer_to_court(desk, by, ask).await?;
            out.answer(&made, || {
                let checks: String = made
                    .checks
                    .iter()
                    .map(|(verdict, words)| format!("\n{}: {words}", verdict_name(verdict)))
                    .collect();
                format!("{} is referred.{checks}", made.number)
            })?;
        }
        Court::Forms(ask) => return forms(desk, by, key, ask, out).await,
        Court::Decide { case, send_back, words } => {
            let ask = DecideReferral { key, case, accept: !send_back, words };
            let made = court::decide_referral(desk, by, ask).await?;
            out.answer(&made, || format!("{} is {}.", made.number, made.state.replace('_', " ")))?;
        }
        Court::Show { case: None, state } => {
            let rows = court::cases_list(desk, by, &state, None, 200).await?;
            out.answer(&rows, || {
                let line = |row: &sundry_store::court::CaseLine| {
                    let sum = Pence(row.open_pence).pounds();
                    vec![
                        row.number.clone(),
                        row.customer_name.clone(),
                        row.state.replace('_', " "),
                        sum,
                        day(row.next_due_on),
                    ]
                };
                let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
                table(&["case", "customer", "state", "open", "next day"], &[3], &lines)
            })?;
        }
        Court::Show { case: Some(case), .. } => {
            let shown = court::case(desk, by, &case).await?;
            out.answer(&shown, || {
                let line = |one: &sundry_store::court::EventRow| {
                    vec![one.on_day.to_string(), day(one.due_on), one.words.clone()]
                };
                let lines: Vec<Vec<String>> = shown.events.iter().map(line).collect();
                let row = &shown.case;
                let from = match (row.issued_on, row.closed_on, row.letter_on) {
                    (None, None, Some(_)) => claim_from(shown.earliest_on, shown.first.as_ref()) + "\n",
                    _ => String::new(),
                };
                format!(
                    "{}, {}: {}, {} open\n",
                    row.number,
                    shown.customer_name,
                    row.state.replace('_', " "),
                    Pence(shown.open_pence)
                ) + &from
                    + &table(&["day", "due", "what"], &[], &lines)
            })?;
        }
        Court::Reply { input } => {
            let done = court::record_reply(desk, by, request(&input, key)?).await?;
            out.answer(&done, || format!("{}: {}", done.case, claim_from(done.earliest_on, done.first.as_ref())))?;
        }
        Court::Step { input } => {
            let done = court::record_step(desk, by, request(&input, key)?).await?;
            out.answer(&done, || format!("{}: {}", done.case, claim_from(done.earliest_on, done.first.as_ref())))?;
        }
        Court::Prepare { input } => {
            let made = court::prepare_claim(desk, by, request(&input, key)?).await?;
            out.answer(&made, || {
                let value = &made.claim.value;
                let mut text = format!("{}: claim of {}, fee {}.", made.case, value.value, value.fee.amount);
                for one in made.lacks.iter().chain(&made.not_yet).chain(&made.not_online) {
                    text.push_str(&format!("\n{}: {}", one.code, one.sentence));
                }
                text
            })?;
        }
        Court::Sign { case, i_believe } => {
            let done = court::sign_claim(desk, by, SignClaim { key, case, i_believe, version: None }).await?;
            out.answer(&done, || {
                format!("{} is signed by {}: {}.", done.case, done.signed_by, Pence(done.value_pence))
            })?;
        }
        Court::Export { cases } => {
            let done = court::export_claims(desk, by, ExportClaims { key, cases }).await?;
            out.answer(&done, || {
                let mut text = format!("{} in {}.", counted(done.cases.len(), "claim", "claims"), done.name);
                for one in &done.left {
                    let why: Vec<&str> = one.why.iter().map(|why| why.sentence.as_str()).collect();
                    text.push_str(&format!("\n{} stays: {}", one.case, why.join("; ")));
                }
                text
            })?;
        }
        Court::File { number, out: path } => {
            let (name, bytes) = match number.starts_with("CRT-") {
                true => court::case_bundle(desk, by, &number).await?,
                false => court::court_file(desk, by, &number).await?,
            };
            written(&path, &name, bytes, out)?;
        }
        Court::Issue { case, claim, on, fee, served } => {
            let ask = RecordIssue { key, case, claim_number: claim, issued_on: on, fee, served };
            let done = court::record_issue(desk, by, ask).await?;
            out.answer(&done, || {
                format!("{}: served on {}, to answer by {}.", done.case, done.served_on, done.respond_by)
            })?;
        }
        Court::Response { case, kind, on, words } => {
            let done = court::record_response(desk, by, RecordResponse { key, case, kind, on, words }).await?;
            out.answer(&done, || format!("{}: {}.", done.case, done.next))?;
        }
        Court::Request { case } => {
            let done = court::request_judgment(desk, by, RequestJudgment { key, case }).await?;
            out.answer(&done, || format!("Judgment in {} is asked for.", done.case))?;
        }
        Court::Judgment { input } => {
            let done = court::enter_judgment(desk, by, request(&input, key)?).await?;
            out.answer(&done, || format!("{}: judgment for {}.", done.case, Pence(done.judgment_pence)))?;
        }
        Court::Ways { case, work } => {
            let rows = court::choices(desk, by, &case, &work).await?;
            out.answer(&rows, || {
                let line = |one: &court::Choice| {
                    let fee = one.fee_pence.map_or_else(|| "-".to_owned(), |pence| Pence(pence).pounds());
                    let why = one
                        .refusal
                        .as_ref()
                        .map_or_else(|| "open".to_owned(), |no| format!("{} {}", no.code, no.sentence));
                    vec![one.method.clone(), fee, why]
                };
                let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
                table(&["way", "fee", "why"], &[1], &lines)
            })?;
        }
        Court::Enforce { input } => {
            let done = court::enforce(desk, by, request(&input, key)?).await?;
            out.answer(&done, || {
                format!("{}: {}, {} added to the debt.", done.case, done.method, Pence(done.fee_pence))
            })?;
        }
        Court::Cost { case, amount, charged, words } => {
            let done = court::add_cost(desk, by, AddCost { key, case, amount, charged, words }).await?;
            out.answer(&done, || format!("{amount} is added to {}.", done.case))?;
        }
        Court::Solicitor { case, firm, reference } => {
            let done = court::hand_to_solicitor(desk, by, HandToSolicitor { key, case, firm, reference }).await?;
            out.answer(&done, || format!("{} is noted.", done.case))?;
        }
        Court::End { case, words } => {
            let done = court::end_case(desk, by, EndCase { key, case, words }).await?;
            out.answer(&done, || format!("{} is {}.", done.case, done.state))?;
        }
        Court::Take { file } => {
            let file_name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let ask = TakeCourtAnswers { key, file_name, bytes: bytes_of(&file, "file")? };
            let told = court::take_court_answers(desk, by, ask).await?;
            out.answer(&told, || worked(&told))?;
        }
        Court::Answers { number: None, .. } => {
            let rows = court::court_answers(desk, by, None, 200).await?;
            out.answer(&rows, || {
                let line = |row: &sundry_store::court_answers::AnswerFileLine| {
                    let counts = [row.lines_count, row.open_count, row.waiting_count].map(|count| count.to_string());
                    let mut cells = vec![row.number.clone(), row.taken_on.to_string(), row.name.clone()];
                    cells.extend(counts);
                    cells
                };
                let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
                table(&["file", "taken", "name", "lines", "open", "waiting"], &[3, 4, 5], &lines)
            })?;
        }
        Court::Answers { number: Some(file), again: true } => {
            let told = court::work_court_answers(desk, by, WorkCourtAnswers { key, file }).await?;
            out.answer(&told, || worked(&told))?;
        }
        Court::Answers { number: Some(number), again: false } => {
            let shown = court::court_answer(desk, by, &number).await?;
            out.answer(&shown, || {
                let line = |one: &sundry_store::court_answers::AnswerRow| {
                    let texts = [&one.about, &one.said, &one.case_number, &one.state, &one.outcome].map(String::clone);
                    let mut cells = vec![one.id.to_string()];
                    cells.extend(texts);
                    cells
                };
                let lines: Vec<Vec<String>> = shown.lines.iter().map(line).collect();
                table(&["line", "about", "says", "case", "stands", "what became of it"], &[], &lines)
            })?;
        }
        Court::Settle { line, words } => {
            let done = court::settle_court_answer(desk, by, SettleCourtAnswer { key, line, words }).await?;
            out.answer(&done, || format!("Line {} is settled.", done.line))?;
        }
        Court::Told { case } => {
            let done = court::tell_court(desk, by, TellCourt { key, case }).await?;
            out.answer(&done, || format!("The court was told of {}.", done.case))?;
        }
        Court::Day => {
            let done = court::tend_court(desk, by, TendCourt { key }).await?;
            let cases = counted(done.cases as usize, "case", "cases");
            let (satisfied, again) = (done.satisfied.len(), done.owed_again.len());
            out.answer(&done, || format!("{cases} looked at, {satisfied} satisfied, {again} owed again."))?;
        }
        Court::Diary { days } => {
            let rows = court::court_diary(desk, by, days).await?;
            out.answer(&rows, || {
                let line = |one: &sundry_store::court::DiaryLine| {
                    vec![one.due_on.to_string(), one.number.clone(), one.customer_name.clone(), one.words.clone()]
                };
                let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
                table(&["day", "case", "customer", "what"], &[], &lines)
            })?;
        }
        Court::Limitation { invoice: Some(invoice) } => {
            let one = court::limitation_of(desk, by, &invoice).await?;
            out.answer(&one, || {
                let mut text = format!("{} may be taken to court until {}.", one.number, day(one.safe_on));
                for event in &one.working.events {
                    text.push_str(&format!("\n{} {}: {}", event.event.on, event.event.kind.name(), event.why));
                }
                text
            })?;
        }
        Court::Limitation { invoice: None } => {
            let rows = court::limitation_soon(desk, by).await?;
            out.answer(&rows, || {
                let line = |one: &court::DebtLimit| {
                    let stands = if one.barred { "out of time" } else { "soon" };
                    vec![
                        one.number.clone(),
                        one.name.clone(),
                        Pence(one.open_pence).pounds(),
                        day(one.safe_on),
                        stands.to_owned(),
                    ]
                };
                let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
                table(&["invoice", "customer", "open", "safe until", ""], &[2], &lines)
            })?;
        }
        Court::Restart { invoice, kind, on, evidence } => {
            let one = court::record_limit(desk, by, RecordLimit { key, invoice, kind, on, evidence }).await?;
            out.answer(&one, || format!("{} may be taken to court until {}.", one.number, day(one.safe_on)))?;
        }
    }
    done()
}

/// Insolvencies.
#[derive(Debug, Subcommand)]
pub enum Insolvency {
    /// Record one, from a JSON file: customer, kind, on, office_holder, reference, evidence
    Open {
        /// The file, or `-`
        input: PathBuf,
    },
    /// Lodge a proof of debt
    Prove {
        /// Number
        number: String,
        /// Interest to the date
        #[arg(long, value_name = "POUNDS", value_parser = pounds)]
        interest: Option<Pence>,
    },
    /// Record a dividend, from a JSON file: number, on, pence_in_100, admitted, last
    Dividend {
        /// The file, or `-`
        input: PathBuf,
    },
    /// Tie a receipt to a dividend
    Receipt {
        /// Number
        number: String,
        /// Which dividend
        seq: i64,
        /// The receipt
        receipt: String,
    },
    /// End one
    End {
        /// Number
        number: String,
        /// When
        #[arg(long, value_name = "DATE", value_parser = date)]
        on: NaiveDate,
        /// The order was revoked or annulled
        #[arg(long)]
        revoked: bool,
    },
    /// List them, or show one
    Show {
        /// Number
        number: Option<String>,
    },
}

/// Insolvencies.
pub async fn insolvency(shop: &Shop, ask: Insolvency, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    let key = shop.key();
    match ask {
        Insolvency::Open { input } => {
            let made = court::open_insolvency(desk, by, request(&input, key)?).await?;
            out.answer(&made, || format!("{} is recorded.", made.number))?;
        }
        Insolvency::Prove { number, interest } => {
            let made = court::lodge_proof(desk, by, court::LodgeProof { key, number, interest }).await?;
            out.answer(&made, || format!("{}: {} is proved.", made.number, Pence(made.proof_pence)))?;
        }
        Insolvency::Dividend { input } => {
            let made = court::declare_dividend(desk, by, request(&input, key)?).await?;
            out.answer(&made, || {
                format!("{}: dividend {} comes to {}.", made.number, made.seq, Pence(made.expected_pence))
            })?;
        }
        Insolvency::Receipt { number, seq, receipt } => {
            let made = court::receive_dividend(desk, by, ReceiveDividend { key, number, seq, receipt }).await?;
            out.answer(&made, || format!("{}: dividend {} came.", made.number, made.seq))?;
        }
        Insolvency::End { number, on, revoked } => {
            let made = court::end_insolvency(desk, by, EndInsolvency { key, number, on, revoked }).await?;
            out.answer(&made, || format!("{} has ended.", made.number))?;
        }
        Insolvency::Show { number: Some(number) } => {
            let shown = court::insolvency(desk, by, &number).await?;
            out.answer(&shown, || {
                let row = &shown.insolvency;
                format!("{}, {}: {}, {} proved.", row.number, shown.customer_name, row.state, Pence(row.proof_pence))
            })?;
        }
        Insolvency::Show { number: None } => {
            let rows = court::insolvencies_list(desk, by).await?;
            out.answer(&rows, || {
                let line = |row: &sundry_store::court_estates::InsolvencyRow| {
                    vec![row.number.clone(), row.kind.replace('_', " "), row.on_day.to_string(), row.state.clone()]
                };
                let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
                table(&["insolvency", "kind", "day", "state"], &[], &lines)
            })?;
        }
    }
    done()
}

/// Estates.
#[derive(Debug, Subcommand)]
pub enum Estate {
    /// Record a death, from a JSON file: customer, died_on, source, representatives, address
    Open {
        /// The file, or `-`
        input: PathBuf,
    },
    /// Do something about an estate, from a JSON file: number, act and the rest
    Act {
        /// The file, or `-`
        input: PathBuf,
    },
    /// List them, or show one
    Show {
        /// Number
        number: Option<String>,
    },
}

/// Estates.
pub async fn estate(shop: &Shop, ask: Estate, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        Estate::Open { input } => {
            let made = court::open_estate(desk, by, request(&input, shop.key())?).await?;
            out.answer(&made, || format!("{}: no demand before {}.", made.number, made.demand_from))?;
        }
        Estate::Act { input } => {
            let made = court::act_on_estate(desk, by, request(&input, shop.key())?).await?;
            out.answer(&made, || format!("{} is {}.", made.number, made.state.replace('_', " ")))?;
        }
        Estate::Show { number: Some(number) } => {
            let shown = court::estate(desk, by, &number).await?;
            out.answer(&shown, || {
                format!("{}, {}: {}.", shown.estate.number, shown.customer_name, shown.estate.state)
            })?;
        }
        Estate::Show { number: None } => {
            let rows = court::estates_list(desk, by).await?;
            out.answer(&rows, || {
                let line = |row: &sundry_store::court_estates::EstateRow| {
                    vec![
                        row.number.clone(),
                        row.died_on.to_string(),
                        row.state.replace('_', " "),
                        Pence(row.claim_pence).pounds(),
                    ]
                };
                let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
                table(&["estate", "died", "state", "claim"], &[3], &lines)
            })?;
        }
    }
    done()
}

/// Charges on property.
#[derive(Debug, Subcommand)]
pub enum Charge {
    /// Record a charge, or what is known of it now, from a JSON file: customer, kind, property, title_number, secured and the rest
    Set {
        /// The file, or `-`
        input: PathBuf,
    },
    /// Release a charge
    Release {
        /// Number
        number: String,
        /// Why, and who allows it
        #[arg(long)]
        words: String,
        /// Though something is still owed
        #[arg(long)]
        still_owed: bool,
    },
    /// The register
    List {
        /// Only those of this customer
        #[arg(long, default_value = "")]
        customer: String,
    },
}

/// Charges on property.
pub async fn charge(shop: &Shop, ask: Charge, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        Charge::Set { input } => {
            let made = court::add_charge(desk, by, request(&input, shop.key())?).await?;
            out.answer(&made, || format!("{} is recorded.", made.number))?;
        }
        Charge::Release { number, words, still_owed } => {
            let ask = ReleaseCharge { key: shop.key(), number, words, still_owed };
            let made = court::release_charge(desk, by, ask).await?;
            out.answer(&made, || format!("{} is released.", made.number))?;
        }
        Charge::List { customer } => {
            let rows = court::charges_list(desk, by, &customer).await?;
            out.answer(&rows, || {
                let line = |row: &sundry_store::court_estates::ChargeRow| {
                    let sums = (Pence(row.secured_pence).pounds(), day(row.released_on));
                    vec![row.number.clone(), row.title_number.clone(), row.property.clone(), sums.0, sums.1]
                };
                let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
                table(&["charge", "title", "property", "secures", "released"], &[3], &lines)
            })?;
        }
    }
    done()
}
