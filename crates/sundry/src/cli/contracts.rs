//! `contracts`, `rates` and `billing`: contracts, rate cards and the periodic run.
use super::input::{date, flags, request};
use super::out::{Out, busy, counted, table};
use super::rooms::Input;
use super::{Shop, bytes_of, done};
use crate::child;
use chrono::NaiveDate;
use clap::Subcommand;
use serde_json::json;
use std::path::PathBuf;
use sundry_desk::Outcome;
use sundry_desk::billing::contracts::{
    AddContract, BillingPreview, BillingRunShown, ChangeRate, ContractChanged, ContractsAsk, EndBreak, EndContract,
    LoadRateCard, NewPayer, NewTerm, PauseContract, PrepareBillingRun, PreviewAsk, ReleaseBillingRun, RunTotals,
    SetPayers, SetTerms, TurnBillingRun, add_contract, billing_run, billing_runs, change_contract_rate, contract,
    contracts_list, end_contract, end_contract_break, evidence, load_rate_card, pause_contract, prepare_billing_run,
    preview_billing, rate_cards, release_billing_run, set_contract_payers, set_terms, stop_billing_run,
    withdraw_billing_run,
};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;

/// Contracts.
#[derive(Debug, Subcommand)]
pub enum Contracts {
    /// Open a contract
    Add {
        /// Where the request comes from
        #[command(flatten)]
        from: Input,
        /// Reference of the service user, never a name
        #[arg(long)]
        service_user: Option<String>,
        /// Service
        #[arg(long)]
        service: Option<String>,
        /// weekly, four_weekly, four_weekly_long, monthly, quarter_days, scottish_quarter_days, quarterly, yearly or termly
        #[arg(long)]
        cycle: Option<String>,
        /// Bill it before the period
        #[arg(long)]
        in_advance: bool,
        /// First day
        #[arg(long, value_name = "DATE", value_parser = date)]
        starts: Option<NaiveDate>,
        /// Last day
        #[arg(long, value_name = "DATE", value_parser = date)]
        ends: Option<NaiveDate>,
        /// Do not charge the last day
        #[arg(long)]
        skip_last_day: bool,
        /// A charge: `DESCRIPTION|RATE|UNIT|VAT`, or `CARD|SERVICE`; may be repeated
        #[arg(long, value_name = "CHARGE")]
        charge: Vec<String>,
        /// A payer: `CUSTOMER=60%`, `CUSTOMER=£20.00` or `CUSTOMER=rest`; may be repeated
        #[arg(long, value_name = "CUSTOMER=SHARE")]
        payer: Vec<String>,
    },
    /// List contracts, newest first
    List {
        /// running, ended or waiting (to be billed)
        #[arg(long, default_value = "")]
        state: String,
        /// Of one payer
        #[arg(long, default_value = "")]
        customer: String,
        /// Of one service user
        #[arg(long, default_value = "")]
        service_user: String,
    },
    /// Show a contract: charges, payers, what was billed, the next three invoices
    Show {
        /// Number
        number: String,
    },
    /// End a contract on a day; without --on it runs on
    End {
        /// Number
        number: String,
        /// Last day
        #[arg(long, value_name = "DATE", value_parser = date)]
        on: Option<NaiveDate>,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Mark days that are not charged, or only in part
    Pause {
        /// Number
        number: String,
        /// suspension, absence or free
        #[arg(long, default_value = "suspension")]
        kind: String,
        /// First day
        #[arg(long, value_name = "DATE", value_parser = date)]
        from: NaiveDate,
        /// Last day
        #[arg(long, value_name = "DATE", value_parser = date)]
        to: Option<NaiveDate>,
        /// Per cent still charged
        #[arg(long, default_value = "")]
        retained: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// End a break on a day; without --on it is taken back
    Resume {
        /// Number
        number: String,
        /// Which break
        #[arg(long, value_name = "NUMBER")]
        pause: i64,
        /// Its last day
        #[arg(long, value_name = "DATE", value_parser = date)]
        on: Option<NaiveDate>,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Set a rate of the contract's own from a day
    Rate {
        /// Number
        number: String,
        /// Pounds
        rate: String,
        /// Which charge
        #[arg(long, default_value_t = 1)]
        line: i64,
        /// First day
        #[arg(long, value_name = "DATE", value_parser = date)]
        from: NaiveDate,
        /// The decision behind it
        #[arg(long)]
        reason: String,
    },
    /// Set who pays from a day
    Payers {
        /// Number
        number: String,
        /// First day
        #[arg(long, value_name = "DATE", value_parser = date)]
        from: NaiveDate,
        /// A payer: `CUSTOMER=60%`, `CUSTOMER=£20.00` or `CUSTOMER=rest`; may be repeated
        #[arg(long, value_name = "CUSTOMER=SHARE")]
        payer: Vec<String>,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// What stands behind the lines of an invoice
    Evidence {
        /// Invoice number
        invoice: String,
    },
}

/// Rate cards.
#[derive(Debug, Subcommand)]
pub enum Rates {
    /// Load a rate card from a workbook or CSV: all of it, or every fault by row
    Load {
        /// The file
        file: PathBuf,
        /// Code of the card
        #[arg(long)]
        card: String,
        /// Name, for a new card
        #[arg(long, default_value = "")]
        name: String,
        /// The decision behind the rates
        #[arg(long)]
        reason: String,
    },
    /// Show the rate cards
    List,
    /// Date a term
    Term {
        /// Name
        name: String,
        /// First day
        #[arg(value_parser = date)]
        from: NaiveDate,
        /// Last day
        #[arg(value_parser = date)]
        to: NaiveDate,
    },
}

/// Billing runs.
#[derive(Debug, Subcommand)]
pub enum Billing {
    /// What is due by a day; with --release it is billed, and goes on where it was after anything
    Run {
        /// The day
        #[arg(long, value_name = "DATE", value_parser = date)]
        up_to: NaiveDate,
        /// Of one service
        #[arg(long, default_value = "")]
        service: String,
        /// Of one cycle
        #[arg(long, default_value = "")]
        cycle: String,
        /// Show so many invoices line by line
        #[arg(long, default_value_t = 0)]
        show: usize,
        /// Commit it; without this it is a preview
        #[arg(long)]
        release: bool,
    },
    /// Prepare a run for someone else to release
    Prepare {
        /// The day
        #[arg(long, value_name = "DATE", value_parser = date)]
        up_to: NaiveDate,
        /// Of one service
        #[arg(long, default_value = "")]
        service: String,
        /// Of one cycle
        #[arg(long, default_value = "")]
        cycle: String,
    },
    /// Release a prepared run, or let a stopped one go on
    Release {
        /// Number
        number: String,
    },
    /// Stop a run after the piece it is at
    Stop {
        /// Number
        number: String,
    },
    /// Withdraw a run that was not released
    Withdraw {
        /// Number
        number: String,
    },
    /// Show a run, or all of them
    Runs {
        /// Number
        number: Option<String>,
    },
}

/// Contracts.
pub async fn contracts(shop: &Shop, ask: Contracts, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by, key) = (&open.desk, &open.by, shop.key());
    match ask {
        Contracts::Add {
            from,
            service_user,
            service,
            cycle,
            in_advance,
            starts,
            ends,
            skip_last_day,
            charge,
            payer,
        } => {
            let ask: AddContract = match from.path() {
                Some(path) => request(path, key)?,
                None => {
                    let starts_on = starts.ok_or_else(|| Invalid::field("starts_on", "Enter the first day", ""))?;
                    let lines: Vec<serde_json::Value> = charge.iter().map(|text| charge_of(text)).collect();
                    let fields = json!({
                        "service_user": service_user, "service": service, "cycle": cycle.unwrap_or_default(),
                        "in_advance": in_advance, "starts_on": starts_on, "ends_on": ends,
                        "skip_last_day": skip_last_day, "lines": lines, "payers": payers_of(&payer),
                    });
                    flags(fields, key)?
                }
            };
            let added = add_contract(desk, by, ask).await?;
            out.answer(&added, || format!("{} is open.", added.number))?;
        }
        Contracts::List { state, customer, service_user } => {
            let ask = ContractsAsk { state, customer, service_user, limit: Some(500), ..ContractsAsk::default() };
            let page = contracts_list(desk, by, ask).await?;
            out.answer(&page, || list(&page.rows))?;
        }
        Contracts::Show { number } => {
            let shown = contract(desk, by, &number).await?;
            out.answer(&shown, || {
                let line = |one: &sundry_desk::billing::contracts::ChargeSeen| {
                    vec![
                        one.from_on.to_string(),
                        one.to_on.to_string(),
                        Pence(one.net_pence).pounds(),
                        one.words.clone(),
                    ]
                };
                table(&["From", "To", "Net", "Working"], &[2], &shown.charges.iter().map(line).collect::<Vec<_>>())
            })?;
        }
        Contracts::End { number, on, reason } => {
            let ask = EndContract { key, number, ends_on: on, reason };
            changed(out, &end_contract(desk, by, ask).await?)?;
        }
        Contracts::Pause { number, kind, from, to, retained, reason } => {
            let ask = PauseContract { key, number, kind, from_on: from, to_on: to, retained, reason };
            changed(out, &pause_contract(desk, by, ask).await?)?;
        }
        Contracts::Resume { number, pause, on, reason } => {
            let ask = EndBreak { key, number, seq: pause, to_on: on, reason };
            changed(out, &end_contract_break(desk, by, ask).await?)?;
        }
        Contracts::Rate { number, rate, line, from, reason } => {
            let ask = ChangeRate { key, number, line, from_on: from, rate, reason };
            changed(out, &change_contract_rate(desk, by, ask).await?)?;
        }
        Contracts::Payers { number, from, payer, reason } => {
            let ask = SetPayers { key, number, from_on: from, payers: payers_of(&payer), reason };
            changed(out, &set_contract_payers(desk, by, ask).await?)?;
        }
        Contracts::Evidence { invoice } => {
            let seen = evidence(desk, by, &invoice).await?;
            out.answer(&seen, || {
                let words = |one: &sundry_desk::billing::contracts::ChargeSeen| {
                    format!("{} charge {}: {}", one.contract, one.line, one.words)
                };
                seen.iter().map(words).collect::<Vec<_>>().join("\n")
            })?;
        }
    }
    done()
}

fn charge_of(text: &str) -> serde_json::Value {
    let parts: Vec<&str> = text.split('|').map(str::trim).collect();
    match parts.as_slice() {
        [card, service] => json!({ "card": card, "service_code": service }),
        [description, rate, unit] => json!({ "description": description, "rate": rate, "unit": unit }),
        [description, rate, unit, vat, ..] => {
            json!({ "description": description, "rate": rate, "unit": unit, "vat_code": vat })
        }
        _ => json!({ "description": text }),
    }
}

fn payers_of(typed: &[String]) -> Vec<NewPayer> {
    let payer = |text: &String| {
        let (customer, share) = text.split_once('=').unwrap_or((text.as_str(), "rest"));
        NewPayer { customer: customer.trim().into(), share: share.trim().into(), ..NewPayer::default() }
    };
    typed.iter().map(payer).collect()
}

fn changed(out: &mut Out, changed: &ContractChanged) -> Outcome<()> {
    out.answer(changed, || match changed.recheck_from {
        Some(day) => format!("{} is changed; the next run looks again from {day}.", changed.number),
        None => format!("{} is changed; nothing billed is touched.", changed.number),
    })
}

fn list(rows: &[sundry_store::contracts::ContractOfList]) -> String {
    let line = |one: &sundry_store::contracts::ContractOfList| {
        let next = one.next_on.map_or_else(|| "-".to_owned(), |day| day.to_string());
        vec![
            one.number.clone(),
            one.service_user.clone(),
            one.payer_name.clone(),
            one.cycle.clone(),
            one.starts_on.to_string(),
            one.billed_to.to_string(),
            next,
        ]
    };
    let headings = ["Contract", "Service user", "Payer", "Cycle", "From", "Billed to", "Next"];
    table(&headings, &[], &rows.iter().map(line).collect::<Vec<_>>())
}

/// Rate cards.
pub async fn rates(shop: &Shop, ask: Rates, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by, key) = (&open.desk, &open.by, shop.key());
    match ask {
        Rates::Load { file, card, name, reason } => {
            let file_name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let bytes = child::as_table(bytes_of(&file, "file")?).await?;
            let (code, rates) = (card, Vec::new());
            let ask = LoadRateCard { key, code, name, reason, rates, file_name, file: Some(bytes) };
            let loaded = load_rate_card(desk, by, ask).await?;
            out.answer(&loaded, || {
                format!(
                    "{}: {} new, {} put right, {} as before; {} contracts to look at again.",
                    loaded.code, loaded.added, loaded.corrected, loaded.same, loaded.contracts_touched
                )
            })?;
        }
        Rates::List => {
            let cards = rate_cards(desk, by).await?;
            out.answer(&cards, || {
                let rows = cards.iter().flat_map(|card| card.rates.iter().map(move |rate| (card, rate)));
                let line = |(card, rate): (
                    &sundry_desk::billing::contracts::RateCardShown,
                    &sundry_store::contracts::RateLineRow,
                )| {
                    let pounds = format!("{}.{:04}", rate.rate_e4 / 10_000, rate.rate_e4 % 10_000);
                    vec![
                        card.card.code.clone(),
                        rate.service_code.clone(),
                        rate.from_on.to_string(),
                        pounds,
                        rate.unit.clone(),
                    ]
                };
                table(&["Card", "Service", "From", "Rate", "Each"], &[3], &rows.map(line).collect::<Vec<_>>())
            })?;
        }
        Rates::Term { name, from, to } => {
            let terms = vec![NewTerm { name, starts_on: from, ends_on: to }];
            let set = set_terms(desk, by, SetTerms { key, terms }).await?;
            out.answer(&set, || "The term is dated.".to_owned())?;
        }
    }
    done()
}

/// Billing runs.
pub async fn billing(shop: &Shop, ask: Billing, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by, key) = (&open.desk, &open.by, shop.key());
    match ask {
        Billing::Run { up_to, service, cycle, show, release: false } => {
            let showing = busy("Looking at every contract");
            let preview = preview_billing(desk, by, PreviewAsk { up_to, service, cycle, show }).await?;
            drop(showing);
            out.answer(&preview, || previewed(up_to, &preview))?;
        }
        Billing::Run { up_to, service, cycle, release: true, .. } => {
            // A run that was begun and never ended is this one, however it was broken off.
            let runs = billing_runs(desk, by).await?;
            let begun = runs.into_iter().find(|run| {
                let open = ["prepared", "releasing", "stopped"].contains(&run.state.as_str());
                open && (run.up_to, run.service.as_str(), run.cycle.as_str()) == (up_to, &service, &cycle)
            });
            let number = match begun {
                Some(run) => run.number,
                None => {
                    let ask = PrepareBillingRun { key: key.clone(), up_to, service, cycle };
                    prepare_billing_run(desk, by, ask).await?.number
                }
            };
            release(shop, out, number).await?;
        }
        Billing::Prepare { up_to, service, cycle } => {
            let prepared = prepare_billing_run(desk, by, PrepareBillingRun { key, up_to, service, cycle }).await?;
            out.answer(&prepared, || format!("{} is prepared.\n{}", prepared.number, totals(&prepared.totals)))?;
        }
        Billing::Release { number } => release(shop, out, number).await?,
        Billing::Stop { number } => {
            let turned = stop_billing_run(desk, by, TurnBillingRun { key, number }).await?;
            out.answer(&turned, || format!("{} is {}.", turned.number, turned.state))?;
        }
        Billing::Withdraw { number } => {
            let turned = withdraw_billing_run(desk, by, TurnBillingRun { key, number }).await?;
            out.answer(&turned, || format!("{} is {}.", turned.number, turned.state))?;
        }
        Billing::Runs { number: Some(number) } => {
            let run = billing_run(desk, by, &number).await?;
            out.answer(&run, || shown(&run))?;
        }
        Billing::Runs { number: None } => {
            let runs = billing_runs(desk, by).await?;
            out.answer(&runs, || {
                let line = |run: &BillingRunShown| {
                    vec![
                        run.number.clone(),
                        run.up_to.to_string(),
                        run.state.clone(),
                        run.totals.invoices.to_string(),
                        Pence(run.totals.gross_pence).pounds(),
                    ]
                };
                table(
                    &["Run", "Up to", "State", "Invoices", "Total"],
                    &[3, 4],
                    &runs.iter().map(line).collect::<Vec<_>>(),
                )
            })?;
        }
    }
    done()
}

async fn release(shop: &Shop, out: &mut Out, number: String) -> Outcome<()> {
    let open = shop.open().await?;
    let showing = busy("Billing every contract");
    let told = |done: i64, of: i64| showing.now(format!("Billing {done} of {of}"));
    let key = format!("{}/release", shop.key());
    let run = release_billing_run(&open.desk, &open.by, ReleaseBillingRun { key, number }, &told).await?;
    drop(showing);
    out.answer(&run, || shown(&run))
}

fn previewed(up_to: NaiveDate, preview: &BillingPreview) -> String {
    let mut words =
        format!("{up_to}, a preview: nothing was done. Bill it with --release.\n{}", totals(&preview.totals));
    words.push_str(&format!(
        "\n  new {}, changed {}, as before {}, nothing due {}",
        preview.new_contracts, preview.changed, preview.same, preview.nothing_due
    ));
    for change in &preview.changes {
        let (was, now) = (Pence(change.was_pence), Pence(change.now_pence));
        words.push_str(&format!("\n  {} {}: {was} then, {now} now. {}", change.number, change.what, change.why));
    }
    for left in &preview.left {
        words.push_str(&format!("\n  left out {}: {} ({})", left.number, left.sentence, left.code));
    }
    for invoice in &preview.invoices {
        words.push_str(&format!(
            "\n  {} to {}: {}",
            invoice.contract,
            invoice.customer_number,
            Pence(invoice.gross_pence)
        ));
        for line in &invoice.lines {
            words.push_str(&format!("\n    {} {}", Pence(line.net_pence), line.working));
        }
    }
    words
}

fn shown(run: &BillingRunShown) -> String {
    let mut words = format!("{} is {}.\n{}", run.number, run.state, totals(&run.totals));
    if let Some(ledger) = run.ledger_pence {
        words.push_str(&format!("\n  the ledger holds {}", Pence(ledger)));
    }
    if !run.first_number.is_empty() {
        words.push_str(&format!("\n  {} to {}", run.first_number, run.last_number));
    }
    for left in &run.left {
        words.push_str(&format!("\n  left out {}: {} ({})", left.number, left.sentence, left.code));
    }
    words
}

fn totals(t: &RunTotals) -> String {
    let invoices = counted(usize::try_from(t.invoices).unwrap_or_default(), "invoice", "invoices");
    let lines = counted(usize::try_from(t.lines).unwrap_or_default(), "line", "lines");
    format!(
        "  {invoices} with {lines}, {}; {} adjustments of {}; {} credits of {} to be approved; {} left out",
        Pence(t.gross_pence),
        t.adjustments,
        Pence(t.adjustments_pence),
        t.credits,
        Pence(t.credits_pence),
        t.left
    )
}
