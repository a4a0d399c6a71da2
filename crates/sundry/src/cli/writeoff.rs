//! `write-off`, `allowance`, `security-code`: giving debts up, what is expected to be lost, who confirms it.
use super::input::{date, pounds};
use super::out::{Out, counted, table};
use super::{Shop, done};
use chrono::NaiveDate;
use clap::Subcommand;
use std::path::PathBuf;
use sundry_desk::close::allowance::{
    NameDebt, RequestAllowanceRun, allowance_preview, allowance_settings, name_debt, request_allowance_run,
};
use sundry_desk::control::security_code::{begin_security_code, confirm_security_code, reset_security_code};
use sundry_desk::core::command::answer_before;
use sundry_desk::queries::NewFile;
use sundry_desk::writeoff::{
    self as off, AddDebtEvidence, AskDecision, CandidatesAsk, ChangePolicy, DecideSchedule, EndDebtEvidence,
    EvidenceGiven, LineDecision, ProposeWriteOffs, RecordAnswer, RecordCommittee, ReferLoss, RequestSmallBalances,
    RequestWriteBack, RequestWriteOff, ScheduleDecided, SeeSign, SmallBalancesAsk, WithdrawLine, WithdrawReferral,
    WriteOffsAsk,
};
use sundry_desk::{Actor, Desk, No, Outcome};
use sundry_domain::ids::UserId;
use sundry_domain::money::Pence;

/// Giving debts up.
#[derive(Debug, Subcommand)]
pub enum WriteOff {
    /// Debts that the criteria speak for
    Candidates {
        /// Only this reason
        #[arg(long, default_value = "")]
        reason: String,
        /// Only those that may go on a schedule now
        #[arg(long)]
        ready: bool,
    },
    /// A debt with its checklists, what is on file and what stands in the way
    Show {
        /// The debt
        debt: String,
    },
    /// Put evidence on file for a debt
    Evidence {
        /// The debt
        debt: String,
        /// trace_proof, proof_of_death, probate_searches, office_holder_notice, cost_benefit and so on
        kind: String,
        /// What it shows
        #[arg(long)]
        words: String,
        /// Its day; for limitation_working, the last day of a claim
        #[arg(long, value_name = "DATE", value_parser = date)]
        on: Option<NaiveDate>,
        /// The file
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Take evidence off a debt
    EvidenceEnd {
        /// The debt
        debt: String,
        /// The evidence, by its id
        evidence: i64,
        /// Why
        #[arg(long)]
        words: String,
    },
    /// Ask the owning service what is to be done about a debt
    AskService {
        /// The debt
        debt: String,
        /// Where the link goes
        to: String,
        /// recommendation, before a write-off; suspension, before court
        #[arg(long, default_value = "recommendation")]
        purpose: String,
        /// other, eligible_care, urgent_treatment, safeguarding, statutory_education
        #[arg(long, default_value = "")]
        need: String,
        /// What follows if nobody answers: continue, write_off, court
        #[arg(long, default_value = "")]
        default: String,
        /// What is asked beyond the standing question
        #[arg(long, default_value = "")]
        question: String,
    },
    /// Questions to services
    Referrals {
        /// open, answered, defaulted or withdrawn; all when not said
        #[arg(long, default_value = "")]
        state: String,
    },
    /// Record an answer that came another way
    Answer {
        /// The question
        referral: String,
        /// continue, suspend, write_off or court
        answer: String,
        /// Why, as they said it
        #[arg(long)]
        words: String,
        /// Who answered
        #[arg(long)]
        name: String,
    },
    /// Take a question to a service back
    AskWithdraw {
        /// The question
        referral: String,
    },
    /// Remind services, and let silence have its answer
    Tend,
    /// Put debts on the schedule of this month
    Propose {
        /// The debts
        #[arg(required = true)]
        debts: Vec<String>,
        /// How much of one debt, in pounds
        #[arg(long, value_name = "POUNDS", value_parser = pounds)]
        amount: Option<Pence>,
        /// untraceable, uneconomic, statute_barred, unenforceable, deceased_no_estate, insolvent_no_dividend, compassionate
        #[arg(long)]
        reason: String,
        /// What was done to recover them
        #[arg(long)]
        words: String,
    },
    /// Monthly schedules, newest first
    Schedules,
    /// A schedule as its approver must see it
    Schedule {
        /// WO-2026-11
        number: String,
    },
    /// Take a line off its schedule
    Withdraw {
        /// The schedule
        number: String,
        /// The line, by its id
        line: i64,
    },
    /// Record what the committee decided
    Committee {
        /// The schedule
        number: String,
        /// When it met
        #[arg(value_parser = date)]
        on: NaiveDate,
        /// Its minute
        minute: String,
    },
    /// Approve lines, send back or refuse others; lines are named by their debts
    Decide {
        /// The schedule
        number: String,
        /// Debts to approve
        #[arg(long)]
        approve: Vec<String>,
        /// Debts to send back, each with why: INV-000001=the trace is missing
        #[arg(long, value_name = "DEBT=WHY", value_parser = with_reason)]
        send_back: Vec<(String, String)>,
        /// Debts to refuse, each with why
        #[arg(long, value_name = "DEBT=WHY", value_parser = with_reason)]
        refuse: Vec<(String, String)>,
        /// The sum that is approved, as it was read
        #[arg(long, value_name = "POUNDS", value_parser = pounds)]
        total: Pence,
        /// The six digits of your authenticator
        #[arg(long, default_value = "")]
        code: String,
    },
    /// Small balances that would go, and what would stay; with --request, ask for exactly these
    Small {
        /// The greatest balance, in pounds
        #[arg(long, value_name = "POUNDS", value_parser = pounds)]
        maximum: Option<Pence>,
        /// Ask for them to be given up
        #[arg(long)]
        request: bool,
    },
    /// Ask to write a debt off outside the schedule, which someone else must approve
    Request {
        /// The item
        item: String,
        /// How much, in pounds; all that is open when not said
        #[arg(long, value_name = "POUNDS", value_parser = pounds)]
        amount: Option<Pence>,
        /// untraceable, uneconomic, statute_barred, unenforceable, deceased_no_estate, insolvent_no_dividend, compassionate
        #[arg(long)]
        reason: String,
        /// What was done to recover it
        #[arg(long)]
        words: String,
        /// Evidence to put on file: its kind and what it shows, as in trace_proof=Agency found nobody
        #[arg(long, value_name = "KIND=WORDS", value_parser = with_reason)]
        evidence: Vec<(String, String)>,
    },
    /// Ask for a write-off to be taken back
    Back {
        /// The write-off
        write_off: String,
        /// How much, in pounds
        #[arg(value_parser = pounds)]
        amount: Pence,
        /// Why
        #[arg(long)]
        words: String,
        /// The receipt that pays it
        #[arg(long, default_value = "")]
        receipt: String,
    },
    /// Everything that was ever written off
    List {
        /// A number of a write-off, a debt or an account, or a part of a name
        #[arg(default_value = "")]
        search: String,
    },
    /// Money that came for what was written off, and which debt it pays
    Money,
    /// People whose debts were given up and who are there again
    Reappeared,
    /// Say that somebody looked at a sign, and the debt stays written off
    Seen {
        /// Account
        customer: String,
        /// invoice, account, bank or address
        kind: String,
        /// The invoice, the other account, the address
        what: String,
        /// Why the debt stays written off
        #[arg(long)]
        words: String,
    },
    /// The losses and special payments register
    Register {
        /// Year in which the financial year starts
        #[arg(long)]
        year: Option<i64>,
    },
    /// What the committee is told of a year's write-offs
    Report {
        /// Year in which the financial year starts
        #[arg(long)]
        year: Option<i64>,
    },
    /// Say that a loss was referred to counter-fraud, or with --not that it was not
    Refer {
        /// The write-off
        write_off: String,
        /// It was not
        #[arg(long)]
        not: bool,
    },
    /// The criteria and limits
    Policy,
    /// Ask to change criteria from a day on: small_maximum=1000
    PolicyChange {
        /// First day
        #[arg(value_parser = date)]
        from: NaiveDate,
        /// Name and value: pence, days or months
        #[arg(required = true, value_name = "NAME=VALUE", value_parser = with_value)]
        values: Vec<(String, i64)>,
    },
}

/// `INV-000001=why`.
fn with_reason(text: &str) -> Result<(String, String), String> {
    let (name, why) = text.split_once('=').ok_or_else(|| "Write it as NAME=WORDS".to_owned())?;
    Ok((name.trim().to_owned(), why.trim().to_owned()))
}

/// `small_maximum=1000`.
fn with_value(text: &str) -> Result<(String, i64), String> {
    let say = || "Write it as NAME=VALUE, the value a whole number".to_owned();
    let (name, value) = text.split_once('=').ok_or_else(say)?;
    Ok((name.trim().to_owned(), value.trim().parse().map_err(|_| say())?))
}

fn money(pence: i64) -> String {
    Pence(pence).pounds()
}

/// Giving debts up.
pub async fn write_off(shop: &Shop, ask: WriteOff, out: &mut Out) -> Outcome<u8> {
    match ask {
        WriteOff::Candidates { .. }
        | WriteOff::Show { .. }
        | WriteOff::Evidence { .. }
        | WriteOff::EvidenceEnd { .. } => debts(shop, ask, out).await,
        WriteOff::AskService { .. }
        | WriteOff::Referrals { .. }
        | WriteOff::Answer { .. }
        | WriteOff::AskWithdraw { .. }
        | WriteOff::Tend => services(shop, ask, out).await,
        WriteOff::Propose { .. }
        | WriteOff::Schedules
        | WriteOff::Schedule { .. }
        | WriteOff::Withdraw { .. }
        | WriteOff::Committee { .. }
        | WriteOff::Decide { .. } => schedules(shop, ask, out).await,
        WriteOff::Small { .. } | WriteOff::Request { .. } | WriteOff::Back { .. } => requests(shop, ask, out).await,
        _ => registers(shop, ask, out).await,
    }
}

async fn debts(shop: &Shop, ask: WriteOff, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        WriteOff::Candidates { reason, ready } => {
            let ask = CandidatesAsk { reason, ready, ..CandidatesAsk::default() };
            let answer = off::candidates(desk, by, ask).await?;
            let line = |row: &off::CandidateShown| {
                let why = row.in_the_way.first().map_or_else(|| row.missing.clone(), |(_, words)| words.clone());
                vec![row.number.clone(), row.customer_number.clone(), row.reason.clone(), money(row.open_pence), why]
            };
            let lines: Vec<Vec<String>> = answer.rows.iter().map(line).collect();
            out.answer(&answer, || {
                let head =
                    format!("{}, {}\n", counted(answer.count as usize, "debt", "debts"), Pence(answer.total_pence));
                head + &table(&["debt", "account", "reason", "open", "still to do"], &[3], &lines)
            })?;
        }
        WriteOff::Show { debt } => {
            let answer = off::debt_case(desk, by, &debt).await?;
            let line = |list: &off::ReasonList| {
                let lacks = if list.missing.is_empty() { "whole".to_owned() } else { list.missing.clone() };
                vec![list.reason.clone(), list.suggested.to_string(), lacks]
            };
            let lines: Vec<Vec<String>> = answer.reasons.iter().map(line).collect();
            out.answer(&answer, || {
                let way: String = answer.in_the_way.iter().map(|(code, words)| format!("{code}: {words}\n")).collect();
                let head = format!(
                    "{} of {}: {} open\n{way}",
                    answer.number,
                    answer.customer_number,
                    Pence(answer.open_pence)
                );
                head + &table(&["reason", "suggested", "missing"], &[], &lines)
            })?;
        }
        WriteOff::Evidence { debt, kind, words, on, file } => {
            let file = match file {
                Some(path) => {
                    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                    Some(NewFile { name, bytes: std::fs::read(&path)? })
                }
                None => None,
            };
            let ask = AddDebtEvidence { key: shop.key(), debt, kind, words, on };
            let answer = off::add_debt_evidence(desk, by, ask, file).await?;
            out.answer(&answer, || format!("Evidence {} is on file for {}.", answer.evidence, answer.debt))?;
        }
        WriteOff::EvidenceEnd { debt, evidence, words } => {
            off::end_debt_evidence(desk, by, EndDebtEvidence { key: shop.key(), debt, evidence, words }).await?;
            out.answer(&serde_json::json!({ "done": true }), || "It is taken off.".into())?;
        }
        _ => {}
    }
    done()
}

async fn services(shop: &Shop, ask: WriteOff, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        WriteOff::AskService { debt, to, purpose, need, default, question } => {
            let ask = AskDecision {
                key: shop.key(),
                debt,
                purpose,
                need,
                to,
                question,
                default_answer: default,
                ..AskDecision::default()
            };
            let answer = off::ask_decision(desk, by, ask).await?;
            out.answer(&answer, || format!("{} asks until {}; recovery is held.", answer.referral, answer.answer_by))?;
        }
        WriteOff::Referrals { state } => {
            let rows = off::referrals_list(desk, by, &state).await?;
            let line = |row: &sundry_store::writeoff::referrals::ReferralRow| {
                let (until, answer) = (row.answer_by.to_string(), row.answer.clone());
                vec![row.number.clone(), row.item_number.clone(), row.service.clone(), row.state.clone(), until, answer]
            };
            let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
            out.answer(&rows, || table(&["question", "debt", "service", "state", "until", "answer"], &[], &lines))?;
        }
        WriteOff::Answer { referral, answer, words, name } => {
            let told =
                off::record_answer(desk, by, RecordAnswer { key: shop.key(), referral, answer, words, name }).await?;
            out.answer(&told, || format!("{} is answered: {}.", told.number, told.answer))?;
        }
        WriteOff::AskWithdraw { referral } => {
            off::withdraw_referral(desk, by, WithdrawReferral { key: shop.key(), referral }).await?;
            out.answer(&serde_json::json!({ "done": true }), || "The question is taken back.".into())?;
        }
        _ => {
            let answer = off::tend_referrals(desk, by, desk.today()).await?;
            out.answer(&answer, || {
                format!("{} reminded, {} without an answer.", answer.reminded, answer.defaulted.len())
            })?;
        }
    }
    done()
}

async fn schedules(shop: &Shop, ask: WriteOff, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        WriteOff::Propose { debts, amount, reason, words } => {
            let ask = ProposeWriteOffs { key: shop.key(), debts, amount, reason, words };
            let answer = off::propose_write_offs(desk, by, ask).await?;
            let lines = counted(answer.lines as usize, "debt", "debts");
            out.answer(&answer, || format!("{lines}, {}, on {}.", Pence(answer.total_pence), answer.schedule))?;
        }
        WriteOff::Schedules => {
            let rows = off::schedules_list(desk, by).await?;
            let line = |row: &sundry_store::writeoff::schedules::ScheduleRow| {
                let (waits, gone) = (money(row.waiting_pence), money(row.approved_pence));
                vec![row.number.clone(), row.waiting.to_string(), waits, row.approved.to_string(), gone]
            };
            let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
            out.answer(&rows, || table(&["schedule", "wait", "sum", "approved", "sum"], &[1, 2, 3, 4], &lines))?;
        }
        WriteOff::Schedule { number } => {
            let answer = off::schedule(desk, by, &number).await?;
            let line = |row: &off::LineShown| {
                let state = if row.why_not.is_empty() { row.state.clone() } else { row.why_not.clone() };
                vec![
                    row.line.to_string(),
                    row.number.clone(),
                    row.reason.clone(),
                    row.tier.clone(),
                    money(row.amount_pence),
                    state,
                ]
            };
            let lines: Vec<Vec<String>> = answer.lines.iter().map(line).collect();
            out.answer(&answer, || table(&["line", "debt", "reason", "decides", "amount", "stands"], &[4], &lines))?;
        }
        WriteOff::Withdraw { number, line } => {
            let answer = off::withdraw_line(desk, by, WithdrawLine { key: shop.key(), schedule: number, line }).await?;
            out.answer(&answer, || "The line is taken off.".into())?;
        }
        WriteOff::Committee { number, on, minute } => {
            let ask = RecordCommittee { key: shop.key(), schedule: number, on, minute };
            let answer = off::record_committee(desk, by, ask).await?;
            out.answer(&answer, || format!("The committee's decision of {} is recorded.", answer.on))?;
        }
        WriteOff::Decide { number, approve, send_back, refuse, total, code } => {
            let key = shop.key();
            let before = answer_before::<ScheduleDecided>(desk, by, "decide_schedule", &key).await?;
            let same = |one: &ScheduleDecided| one.schedule == number && one.total_pence == total.0;
            let answer = match before.filter(same) {
                Some(before) => before,
                None => {
                    let count = approve.len() as i64;
                    let approve = approve.into_iter().map(|debt| (debt, String::new(), "approve"));
                    let send_back = send_back.into_iter().map(|(debt, why)| (debt, why, "send_back"));
                    let refuse = refuse.into_iter().map(|(debt, why)| (debt, why, "refuse"));
                    let acts = approve.chain(send_back).chain(refuse).collect();
                    let lines = lines_to_decide(desk, by, &number, acts).await?;
                    let ask = DecideSchedule { key, schedule: number, lines, count, total, security_code: code };
                    off::decide_schedule(desk, by, ask).await?
                }
            };
            out.answer(&answer, || {
                let gone = counted(answer.write_offs.len(), "write-off", "write-offs");
                format!(
                    "{gone}, {}; {} sent back, {} refused.",
                    Pence(answer.total_pence),
                    answer.sent_back,
                    answer.refused
                )
            })?;
        }
        _ => {}
    }
    done()
}

/// The lines of a schedule, named by their debts, as they are read now; each with its reason and what becomes of it.
async fn lines_to_decide(
    desk: &Desk,
    by: &Actor,
    number: &str,
    acts: Vec<(String, String, &str)>,
) -> Outcome<Vec<LineDecision>> {
    let seen = off::schedule(desk, by, number).await?;
    let mut lines = Vec::new();
    for (debt, reason, act) in acts {
        let line = seen.lines.iter().find(|line| line.number == debt && line.state == "proposed");
        let line = line.ok_or_else(|| No::Absent(format!("{debt} on {number}")))?;
        lines.push(LineDecision { line: line.line, version: line.version, act: act.into(), reason });
    }
    Ok(lines)
}

async fn requests(shop: &Shop, ask: WriteOff, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        WriteOff::Small { maximum, request } => {
            let seen = off::preview_small_balances(desk, by, SmallBalancesAsk { maximum }).await?;
            if request {
                let (maximum, total) = (Pence(seen.maximum_pence), Pence(seen.total_pence));
                let ask = RequestSmallBalances { key: shop.key(), maximum, count: seen.count, total };
                let answer = off::request_small_balances(desk, by, ask).await?;
                out.answer(&answer, || {
                    format!("{} waits for someone else: {}.", answer.approval, Pence(answer.total_pence))
                })?;
                return done();
            }
            let stay = |one: &off::LeftOut| vec![one.words.clone(), one.count.to_string(), money(one.total_pence)];
            let lines: Vec<Vec<String>> = seen.left_out.iter().map(stay).collect();
            out.answer(&seen, || {
                let go = counted(seen.count as usize, "balance", "balances");
                format!("{go}, {}, would go\n", Pence(seen.total_pence))
                    + &table(&["stays", "count", "sum"], &[1, 2], &lines)
            })?;
        }
        WriteOff::Request { item, amount, reason, words, evidence } => {
            let given = |(kind, words): (String, String)| EvidenceGiven { kind, words, on: None };
            let evidence = evidence.into_iter().map(given).collect();
            let ask = RequestWriteOff { key: shop.key(), item, amount, reason, words, evidence };
            let answer = off::request_write_off(desk, by, ask).await?;
            out.answer(&answer, || {
                format!("{} waits for someone else: {}.", answer.approval, Pence(answer.amount_pence))
            })?;
        }
        WriteOff::Back { write_off, amount, words, receipt } => {
            let ask = RequestWriteBack { key: shop.key(), write_off, amount, words, receipt };
            let answer = off::request_write_back(desk, by, ask).await?;
            out.answer(&answer, || {
                format!("{} waits for someone else: {}.", answer.approval, Pence(answer.amount_pence))
            })?;
        }
        _ => {}
    }
    done()
}

async fn registers(shop: &Shop, ask: WriteOff, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        WriteOff::List { search } => {
            let answer = off::write_offs_list(desk, by, WriteOffsAsk { search, before: None }).await?;
            let line = |row: &sundry_store::writeoff::losses::WrittenOffRow| {
                let (gone, back) = (money(row.amount_pence), money(row.restored_pence));
                vec![row.number.clone(), row.debt_number.clone(), row.customer_number.clone(), gone, back]
            };
            let lines: Vec<Vec<String>> = answer.rows.iter().map(line).collect();
            out.answer(&answer, || table(&["write-off", "debt", "account", "amount", "back"], &[3, 4], &lines))?;
        }
        WriteOff::Money => {
            let answer = off::waiting_money(desk, by).await?;
            let line = |row: &off::WaitingMoney| {
                let debt = row.write_off.as_ref().map_or_else(String::new, |off| off.number.clone());
                vec![
                    row.money.number.clone(),
                    row.money.customer_number.clone(),
                    money(row.money.left_pence),
                    debt,
                    row.why.clone(),
                ]
            };
            let lines: Vec<Vec<String>> = answer.rows.iter().map(line).collect();
            out.answer(&answer, || table(&["receipt", "account", "left", "write-off", "why"], &[2], &lines))?;
        }
        WriteOff::Reappeared => {
            let answer = off::reappearances(desk, by, "").await?;
            let line = |row: &off::Reappeared| {
                let signs: Vec<&str> = row.signs.iter().map(|sign| sign.words.as_str()).collect();
                vec![row.customer_number.clone(), row.customer_name.clone(), money(row.left_pence), signs.join("; ")]
            };
            let lines: Vec<Vec<String>> = answer.iter().map(line).collect();
            out.answer(&answer, || table(&["account", "name", "written off", "signs"], &[2], &lines))?;
        }
        WriteOff::Seen { customer, kind, what, words } => {
            let answer = off::see_sign(desk, by, SeeSign { key: shop.key(), customer, kind, what, words }).await?;
            out.answer(&answer, || format!("{} stays written off.", Pence(answer.left_pence)))?;
        }
        WriteOff::Register { year } => {
            let answer = off::losses_register(desk, by, year).await?;
            let line = |row: &off::RegisterLine| {
                let gross = money(row.gross_pence);
                vec![row.serial.clone(), row.category.clone(), row.case.clone(), row.debtor.clone(), gross]
            };
            let lines: Vec<Vec<String>> = answer.rows.iter().map(line).collect();
            out.answer(&answer, || table(&["serial", "category", "case", "debtor", "gross"], &[4], &lines))?;
        }
        WriteOff::Report { year } => {
            let answer = off::committee_report(desk, by, year).await?;
            let line = |row: &off::CommitteeGroup| {
                vec![row.name.clone(), row.cases.to_string(), money(row.gross_pence), money(row.net_pence)]
            };
            let lines: Vec<Vec<String>> = answer.by_reason.iter().map(line).collect();
            out.answer(&answer, || table(&["reason", "cases", "gross", "net"], &[1, 2, 3], &lines))?;
        }
        WriteOff::Refer { write_off, not } => {
            let ask = ReferLoss { key: shop.key(), write_off, referred: !not };
            off::refer_loss(desk, by, ask).await?;
            out.answer(&serde_json::json!({ "done": true }), || "It stands in the register.".into())?;
        }
        WriteOff::PolicyChange { from, values } => {
            let ask = ChangePolicy { key: shop.key(), from_on: from, values };
            let answer = off::change_policy(desk, by, ask).await?;
            out.answer(&answer, || format!("{} waits for someone else.", answer.approval))?;
        }
        _ => {
            let answer = off::policy(desk, by).await?;
            let line = |row: &off::PolicyShown| vec![row.name.clone(), row.value.to_string(), row.words.clone()];
            let lines: Vec<Vec<String>> = answer.iter().map(line).collect();
            out.answer(&answer, || table(&["name", "value", "what"], &[1], &lines))?;
        }
    }
    done()
}

/// The loss allowance.
#[derive(Debug, Subcommand)]
pub enum Allowance {
    /// What it must be as at a day, and what must be charged
    Show {
        /// The day; today when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        as_at: Option<NaiveDate>,
    },
    /// Loss rates by class and age
    Rates,
    /// Give a debt an allowance of its own; without an amount, none again
    Name {
        /// The debt
        debt: String,
        /// What is expected to be lost, in pounds
        #[arg(value_parser = pounds)]
        amount: Option<Pence>,
        /// Why
        #[arg(long)]
        words: String,
    },
    /// Ask for the charge as at a day to be posted
    Run {
        /// The day
        #[arg(value_parser = date)]
        as_at: NaiveDate,
        /// The charge as it was read, in pounds
        #[arg(value_parser = pounds, allow_hyphen_values = true)]
        charge: Pence,
    },
}

/// The loss allowance.
pub async fn allowance(shop: &Shop, ask: Allowance, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        Allowance::Show { as_at } => {
            let answer = allowance_preview(desk, by, as_at).await?;
            let line = |row: &sundry_domain::close::AllowanceLine| {
                vec![
                    row.class.clone(),
                    row.bucket.clone(),
                    row.gross.pounds(),
                    row.rate.to_string(),
                    row.allowance.pounds(),
                ]
            };
            let lines: Vec<Vec<String>> = answer.book.lines.iter().map(line).collect();
            out.answer(&answer, || {
                let moved = &answer.movement;
                let head = format!("{} needed, {} to charge\n", moved.closing, moved.charge);
                head + &table(&["class", "age", "gross", "rate", "allowance"], &[2, 3, 4], &lines)
            })?;
        }
        Allowance::Rates => {
            let answer = allowance_settings(desk, by).await?;
            let line = |row: &sundry_domain::close::ClassRates| {
                let rates: Vec<String> = row.rates_bp.iter().map(i64::to_string).collect();
                vec![row.class.clone(), row.excluded.to_string(), rates.join(" ")]
            };
            let lines: Vec<Vec<String>> = answer.matrix.classes.iter().map(line).collect();
            out.answer(&answer, || table(&["class", "left out", "rates in basis points"], &[], &lines))?;
        }
        Allowance::Name { debt, amount, words } => {
            let answer = name_debt(desk, by, NameDebt { key: shop.key(), debt, amount, words }).await?;
            out.answer(&answer, || format!("{} is looked at by itself from today.", answer.debt))?;
        }
        Allowance::Run { as_at, charge } => {
            let ask = RequestAllowanceRun { key: shop.key(), as_at, charge };
            let answer = request_allowance_run(desk, by, ask).await?;
            out.answer(&answer, || format!("{} waits for someone else: {}.", answer.run, answer.approval))?;
        }
    }
    done()
}

/// Your security code.
#[derive(Debug, Subcommand)]
pub enum SecurityCode {
    /// Begin to set it up; the secret is shown now and never again
    Begin {
        /// The code you have now, if you have one
        #[arg(long, default_value = "")]
        code: String,
    },
    /// Confirm it by its first code
    Confirm {
        /// The six digits
        code: String,
    },
    /// Take somebody's away, so that they can set up another
    Reset {
        /// The user, by their id
        user: i64,
    },
}

/// Your security code.
pub async fn security_code(shop: &Shop, ask: SecurityCode, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        SecurityCode::Begin { code } => {
            let answer = begin_security_code(desk, by, &shop.key(), &code).await?;
            out.answer(&answer, || format!("Enter {} into your authenticator, then confirm.", answer.secret))?;
        }
        SecurityCode::Confirm { code } => {
            let answer = confirm_security_code(desk, by, &shop.key(), &code).await?;
            out.answer(&answer, || "Your security code is set up.".into())?;
        }
        SecurityCode::Reset { user } => {
            reset_security_code(desk, by, &shop.key(), UserId(user)).await?;
            out.answer(&serde_json::json!({ "done": true }), || "The security code is taken away.".into())?;
        }
    }
    done()
}
