//! `activity`: what was delivered, held against contracts, its exceptions, and completeness.
use super::input::date;
use super::out::{Out, table};
use super::{Shop, bytes_of, done};
use crate::child;
use chrono::NaiveDate;
use clap::Subcommand;
use std::path::PathBuf;
use sundry_desk::Outcome;
use sundry_desk::billing::activity::{
    ActivityAsk, ActivityResolved, AssignActivity, Completeness, CompletenessAsk, ExplainActivity, OverrideActivity,
    OwnActivity, RecheckActivity, TakeInActivity, activity_exceptions, activity_files, activity_line, activity_list,
    assign_activity, completeness, explain_activity, override_activity, own_activity, quantity_words, recheck_activity,
    take_in_activity,
};
use sundry_domain::money::Pence;
use sundry_store::activity::ActivityOfList;

/// Activity.
#[derive(Debug, Subcommand)]
pub enum Activity {
    /// Take a workbook or CSV of activity in: all of it, or every fault by row
    Take {
        /// The file
        file: PathBuf,
        /// The system it comes from: references are unique in it
        #[arg(long, default_value = "")]
        source: String,
        /// Why lines there already are put right
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// List lines, newest first
    List {
        /// accepted, held, asked, explained, or unbilled
        #[arg(long, default_value = "")]
        state: String,
        /// Held for this reason
        #[arg(long, default_value = "")]
        because: String,
        /// Of one contract
        #[arg(long, default_value = "")]
        contract: String,
        /// Delivered from this day
        #[arg(long, value_name = "DATE", value_parser = date)]
        from: Option<NaiveDate>,
        /// Delivered to this day
        #[arg(long, value_name = "DATE", value_parser = date)]
        to: Option<NaiveDate>,
    },
    /// Show a line and what stood under its reference
    Show {
        /// Number
        number: String,
    },
    /// What was taken in, newest first
    Files,
    /// Exceptions by reason, with pounds at stake
    Exceptions,
    /// Assign a held line to a contract
    Assign {
        /// Number
        number: String,
        /// Number of the contract
        contract: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Explain why a held line is not billed
    Explain {
        /// Number
        number: String,
        /// `not_delivered`, `recorded_twice`, `free_service`, `block_contract`, `billed_elsewhere` or `not_agreed`
        #[arg(long, value_name = "WHY")]
        explained_as: String,
        /// The evidence
        #[arg(long)]
        reason: String,
    },
    /// Let a held line through as it is; above the limit someone else says yes
    Override {
        /// Number
        number: String,
        /// Bill it at the rate told and not the approved one
        #[arg(long)]
        at_told_rate: bool,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Take a held line into one's own hands
    Own {
        /// Number
        number: String,
    },
    /// Hold every exception against the contracts again
    Recheck,
    /// What was delivered in some days, and what became of it
    Completeness {
        /// From this day
        #[arg(value_parser = date)]
        from: NaiveDate,
        /// To this day
        #[arg(value_parser = date)]
        to: NaiveDate,
    },
}

/// Activity.
pub async fn activity(shop: &Shop, ask: Activity, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by, key) = (&open.desk, &open.by, shop.key());
    match ask {
        Activity::Take { file, source, reason } => {
            let file_name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let bytes = child::as_table(bytes_of(&file, "file")?).await?;
            let ask = TakeInActivity { key, source, reason, rows: Vec::new(), file_name, file: Some(bytes) };
            let taken = take_in_activity(desk, by, ask).await?;
            out.answer(&taken, || {
                format!(
                    "{}: {} accepted, {}; {} held, {} at stake; {} put right, {} as before.",
                    taken.number,
                    taken.accepted,
                    Pence(taken.worth_pence),
                    taken.held,
                    Pence(taken.held_pence),
                    taken.replaced,
                    taken.same
                )
            })?;
        }
        Activity::List { state, because, contract, from, to } => {
            let ask =
                ActivityAsk { state, because, contract, from_on: from, to_on: to, before: None, limit: Some(500) };
            let page = activity_list(desk, by, ask).await?;
            out.answer(&page, || list(&page.rows))?;
        }
        Activity::Show { number } => {
            let shown = activity_line(desk, by, &number).await?;
            out.answer(&shown, || {
                let line = |one: &sundry_store::activity::ActivityRow| {
                    let quantity = format!("{} {}", quantity_words(one.quantity_e4), one.unit);
                    vec![one.number.clone(), one.from_on.to_string(), quantity, one.state.clone(), one.sentence.clone()]
                };
                let rows: Vec<_> = shown.history.iter().map(line).collect();
                table(&["Line", "Day", "Quantity", "State", "Why"], &[], &rows)
            })?;
        }
        Activity::Files => {
            let files = activity_files(desk, by).await?;
            out.answer(&files, || {
                let line = |one: &sundry_store::activity::ActivityFileRow| {
                    let (accepted, held) = (one.accepted_count.to_string(), one.held_count.to_string());
                    vec![one.number.clone(), one.taken_on.to_string(), one.source.clone(), accepted, held]
                };
                let rows: Vec<_> = files.iter().map(line).collect();
                table(&["File", "Taken in", "From", "Accepted", "Held"], &[3, 4], &rows)
            })?;
        }
        Activity::Exceptions => {
            let sums = activity_exceptions(desk, by).await?;
            out.answer(&sums, || {
                let line = |one: &sundry_desk::billing::activity::ExceptionSum| {
                    let counts = (one.lines.to_string(), one.overdue.to_string());
                    vec![one.name.clone(), counts.0, counts.1, Pence(one.at_stake_pence).pounds()]
                };
                let rows: Vec<_> = sums.iter().map(line).collect();
                table(&["Reason", "Lines", "Overdue", "At stake"], &[1, 2, 3], &rows)
            })?;
        }
        Activity::Assign { number, contract, reason } => {
            resolved(out, &assign_activity(desk, by, AssignActivity { key, number, contract, reason }).await?)?;
        }
        Activity::Explain { number, explained_as, reason } => {
            resolved(out, &explain_activity(desk, by, ExplainActivity { key, number, explained_as, reason }).await?)?;
        }
        Activity::Override { number, at_told_rate, reason } => {
            let ask = OverrideActivity { key, number, at_told_rate, reason };
            resolved(out, &override_activity(desk, by, ask).await?)?;
        }
        Activity::Own { number } => resolved(out, &own_activity(desk, by, OwnActivity { key, number }).await?)?,
        Activity::Recheck => {
            let checked = recheck_activity(desk, by, RecheckActivity { key }).await?;
            out.answer(&checked, || {
                format!("{} looked at: {} accepted now, {} still held.", checked.looked, checked.accepted, checked.held)
            })?;
        }
        Activity::Completeness { from, to } => {
            let found = completeness(desk, by, CompletenessAsk { from_on: from, to_on: to }).await?;
            out.answer(&found, || complete(&found))?;
        }
    }
    done()
}

fn resolved(out: &mut Out, line: &ActivityResolved) -> Outcome<()> {
    out.answer(line, || match line.state.as_str() {
        "held" => format!("{} is held: {}.", line.number, line.sentence),
        "asked" => format!("{} waits for {}.", line.number, line.approval),
        state => format!("{} is {state}, {}.", line.number, Pence(line.worth_pence)),
    })
}

fn list(rows: &[ActivityOfList]) -> String {
    let line = |one: &ActivityOfList| {
        vec![
            one.number.clone(),
            one.reference.clone(),
            one.service_user.clone(),
            one.from_on.to_string(),
            format!("{} {}", quantity_words(one.quantity_e4), one.unit),
            one.contract.clone(),
            one.state.clone(),
            Pence(one.worth_pence).pounds(),
        ]
    };
    let heads = ["Line", "Reference", "Service user", "Day", "Quantity", "Contract", "State", "Worth"];
    table(&heads, &[7], &rows.iter().map(line).collect::<Vec<_>>())
}

fn complete(found: &Completeness) -> String {
    let sum = |what: &str, pence: i64| vec![what.to_owned(), Pence(pence).pounds()];
    let rows = vec![
        sum("Delivered", found.delivered_pence),
        sum("Priced anew since", found.repriced_pence),
        sum("Billed", found.billed_pence),
        sum("Not yet billed", found.not_yet_pence),
        sum("In exceptions", found.exceptions_pence),
        sum("Explained", found.explained_pence),
        sum("Unexplained", found.unexplained_pence),
        sum("Lines of invoices", found.proof.lines_pence),
        sum("Debited in the ledger, with VAT", found.proof.ledger_pence),
    ];
    let agrees = if found.agrees { "Invoices and ledger agree." } else { "Invoices and ledger do not agree." };
    format!("{}\n{agrees}", table(&["What", "Pounds"], &[1], &rows))
}
