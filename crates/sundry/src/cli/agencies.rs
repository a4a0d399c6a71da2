//! `agency` and `trace`: debts placed with collection agencies, and people who are looked for.
use super::input::{date, pounds, request};
use super::out::{Out, counted, table};
use super::{Shop, bytes_of, done};
use chrono::NaiveDate;
use clap::Subcommand;
use std::path::PathBuf;
use sundry_desk::recovery::agencies::{
    self, BringRemittance, PlaceDebts, RecallPlacement, RemittanceTaken, TakeAgencyFile, TendAgencies,
};
use sundry_desk::recovery::tracing::{
    self, CancelTrace, MarkNotTraced, SendTraces, TakeTraces, TraceAsked, UseFoundAddress,
};
use sundry_desk::{No, Outcome};
use sundry_domain::money::{BasisPoints, Pence};
use sundry_domain::refusal::Invalid;

/// Collection agencies.
#[derive(Debug, Subcommand)]
pub enum Agency {
    /// Set an agency's terms from a JSON file: code, version, name, first_bp, second_bp, vat_bp, settlement and the rest
    Set {
        /// The file, or `-`
        input: PathBuf,
    },
    /// List the agencies, or show one
    Show {
        /// Code
        code: Option<String>,
    },
    /// Say who may be placed and who not; nothing is kept
    Preview {
        /// Code
        code: String,
        /// Customers; all whose letter of claim has gone when none is named
        customers: Vec<String>,
    },
    /// Place debts
    Place {
        /// Code
        code: String,
        /// Customers
        #[arg(required = true)]
        customers: Vec<String>,
    },
    /// Tell every agency today what was paid, held and called back
    Tell,
    /// Call a placement back today
    Recall {
        /// Number
        placement: String,
        /// Why
        #[arg(long)]
        words: String,
    },
    /// Show a placement: what was told, what was paid
    Placement {
        /// Number
        number: String,
    },
    /// Write a file to or from an agency
    File {
        /// Number
        number: String,
        /// Where
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// The control file beside it
        #[arg(long)]
        control: bool,
    },
    /// Bring in which debts an agency takes
    Answers {
        /// Code
        code: String,
        /// The file
        file: PathBuf,
    },
    /// Bring in which debts an agency gives back
    Closures {
        /// Code
        code: String,
        /// The file
        file: PathBuf,
    },
    /// Bring in which arrangements an agency made or ended
    Arrangements {
        /// Code
        code: String,
        /// The file
        file: PathBuf,
    },
    /// Compare an agency's list with ours
    Stock {
        /// Code
        code: String,
        /// The file
        file: PathBuf,
    },
    /// Check a statement of what an agency paid over, or post it
    Remittance {
        /// Code
        code: String,
        /// The file
        file: PathBuf,
        /// Post it
        #[arg(long)]
        post: bool,
        /// Take it though a statement before it is missing
        #[arg(long, requires = "reason")]
        accept_gap: bool,
        /// Why that does not matter
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Compare agencies on the debts placed between two days
    Compare {
        /// First day
        #[arg(value_parser = date)]
        from: NaiveDate,
        /// Last day
        #[arg(value_parser = date)]
        to: NaiveDate,
    },
}

fn name_of(path: &std::path::Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn sent(shop: &Shop, agency: String, path: &std::path::Path) -> Outcome<TakeAgencyFile> {
    Ok(TakeAgencyFile { key: shop.key(), agency, file_name: name_of(path), bytes: bytes_of(path, "file")? })
}

/// Collection agencies.
pub async fn agency(shop: &Shop, ask: Agency, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        Agency::Set { input } => {
            let set = agencies::set_agency(desk, by, request(&input, shop.key())?).await?;
            out.answer(&set, || format!("{} is set, version {}.", set.code, set.version))?;
        }
        Agency::Show { code: None } => {
            let rows = agencies::agencies_list(desk, by).await?;
            out.answer(&rows, || {
                let line = |row: &agencies::AgencyLine| {
                    let rate = BasisPoints(row.first_bp).to_string();
                    vec![
                        row.code.clone(),
                        row.name.clone(),
                        rate,
                        row.open_count.to_string(),
                        Pence(row.open_pence).pounds(),
                    ]
                };
                let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
                table(&["agency", "name", "commission", "placed", "balance"], &[2, 3, 4], &lines)
            })?;
        }
        Agency::Show { code: Some(code) } => {
            let shown = agencies::agency(desk, by, &code).await?;
            out.answer(&shown, || {
                let line = |row: &sundry_store::agency::PlacementLine| {
                    let sums = (Pence(row.placed_pence).pounds(), Pence(row.open_pence).pounds());
                    vec![row.number.clone(), row.customer_name.clone(), row.state.replace('_', " "), sums.0, sums.1]
                };
                let lines: Vec<Vec<String>> = shown.placements.iter().map(line).collect();
                format!("{}, {}\n", shown.agency.code, shown.agency.name)
                    + &table(&["placement", "customer", "state", "placed", "open"], &[3, 4], &lines)
            })?;
        }
        Agency::Preview { code, customers } => {
            let seen = agencies::preview_placement(desk, by, &code, &customers).await?;
            out.answer(&seen, || {
                let line = |one: &agencies::PlacementCandidate| {
                    let why = one
                        .refusal
                        .as_ref()
                        .map_or_else(|| "may go".into(), |no| format!("{} {}", no.code, no.sentence));
                    vec![one.customer.clone(), one.name.clone(), Pence(one.balance_pence).pounds(), why]
                };
                let lines: Vec<Vec<String>> = seen.candidates.iter().map(line).collect();
                table(&["customer", "name", "balance", "why"], &[2], &lines)
                    + &format!(
                        "{} of {} may go.\n",
                        counted(seen.count as usize, "customer", "customers"),
                        Pence(seen.total_pence)
                    )
            })?;
        }
        Agency::Place { code, customers } => {
            let placed =
                agencies::place_debts(desk, by, PlaceDebts { key: shop.key(), agency: code, customers }).await?;
            let count = counted(placed.placements.len(), "placement", "placements");
            out.answer(&placed, || {
                format!("{count} of {} in {}, {}.", Pence(placed.total_pence), placed.name, placed.file)
            })?;
        }
        Agency::Tell => {
            let told = agencies::tend_agencies(desk, by, TendAgencies { key: shop.key() }).await?;
            out.answer(&told, || {
                format!(
                    "{}: {} called back, {} to wait, {} to go on, {} payments told.",
                    counted(told.placements as usize, "placement", "placements"),
                    told.recalls,
                    told.holds,
                    told.releases,
                    told.payments
                )
            })?;
        }
        Agency::Recall { placement, words } => {
            let ask = RecallPlacement { key: shop.key(), placement, words };
            let back = agencies::recall_placement(desk, by, ask).await?;
            out.answer(&back, || format!("{} is called back; {} tells the agency.", back.placement, back.file))?;
        }
        Agency::Placement { number } => {
            let shown = agencies::placement(desk, by, &number).await?;
            out.answer(&shown, || {
                let line = |one: &sundry_store::agency::NoticeRow| {
                    vec![one.on_day.to_string(), one.kind.clone(), Pence(one.amount_pence).pounds(), one.words.clone()]
                };
                let lines: Vec<Vec<String>> = shown.notices.iter().map(line).collect();
                let row = &shown.placement;
                format!("{} with {}, {}\n", row.number, shown.agency_name, row.state.replace('_', " "))
                    + &table(&["day", "told", "amount", "why"], &[2], &lines)
            })?;
        }
        Agency::File { number, out: path, control } => {
            let (name, bytes) = agencies::agency_file(desk, by, &number, control).await?;
            let typed = path.display().to_string();
            std::fs::write(&path, bytes)
                .map_err(|e| No::from(Invalid::field("out", format!("It cannot be written: {e}"), &typed)))?;
            out.answer(&serde_json::json!({ "file": typed, "name": name }), || format!("{name} is in {typed}."))?;
        }
        Agency::Answers { code, file } => {
            let taken = agencies::take_answers(desk, by, sent(shop, code, &file)?).await?;
            out.answer(&taken, || {
                format!("{} taken, {} not.\n{}", taken.accepted, taken.rejected, taken.held.join("\n"))
            })?;
        }
        Agency::Closures { code, file } => {
            let taken = agencies::take_closures(desk, by, sent(shop, code, &file)?).await?;
            out.answer(&taken, || {
                format!("{} closed, {} accounts held.\n{}", taken.closed, taken.held_accounts, taken.held.join("\n"))
            })?;
        }
        Agency::Arrangements { code, file } => {
            let taken = agencies::take_arrangements(desk, by, sent(shop, code, &file)?).await?;
            out.answer(&taken, || format!("{} made, {} ended.\n{}", taken.made, taken.ended, taken.held.join("\n")))?;
        }
        Agency::Stock { code, file } => {
            let found = agencies::reconcile_stock(desk, by, sent(shop, code, &file)?).await?;
            out.answer(&found, || {
                let sum = |pence: Option<i64>| pence.map_or_else(|| "-".to_owned(), |pence| Pence(pence).pounds());
                let line = |one: &agencies::StockDifference| {
                    let what = one.what.replace('_', " ");
                    vec![one.placement.clone(), what, sum(one.ours_pence), sum(one.theirs_pence)]
                };
                let lines: Vec<Vec<String>> = found.differences.iter().map(line).collect();
                format!("{} agree.\n", counted(found.agreed as usize, "placement", "placements"))
                    + &table(&["placement", "what", "ours", "theirs"], &[2, 3], &lines)
            })?;
        }
        Agency::Remittance { code, file, post, accept_gap, reason } => {
            let ask = BringRemittance {
                key: shop.key(),
                agency: code,
                file_name: name_of(&file),
                bytes: bytes_of(&file, "file")?,
                accept_gap,
                reason,
            };
            let taken = match post {
                true => agencies::bring_remittance(desk, by, ask).await?,
                false => agencies::check_remittance(desk, by, &ask).await?,
            };
            out.answer(&taken, || statement(&taken))?;
        }
        Agency::Compare { from, to } => {
            let rows = agencies::compare_agencies(desk, by, from, to).await?;
            out.answer(&rows, || {
                let line = |row: &agencies::AgencyCompared| {
                    let rate = row.rate_bp.map_or_else(|| "-".to_owned(), |bp| BasisPoints(bp).to_string());
                    let sums = [row.placed_pence, row.collected_pence, row.direct_pence, row.commission_pence];
                    let sums = sums.map(|pence| Pence(pence).pounds());
                    [vec![row.agency.clone(), row.placed_count.to_string()], sums.to_vec(), vec![rate]].concat()
                };
                let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
                let heads = ["agency", "count", "placed", "collected", "to us", "commission", "rate"];
                table(&heads, &[1, 2, 3, 4, 5, 6], &lines)
            })?;
        }
    }
    done()
}

fn statement(taken: &RemittanceTaken) -> String {
    let how = if taken.number.is_empty() { "checked, nothing is posted" } else { taken.number.as_str() };
    let mut text = format!(
        "Statement {} ({how}): {} collected, {} paid to us, commission {} and VAT {}, {} for the bank.\n",
        taken.statement_no,
        Pence(taken.collected_agency_pence),
        Pence(taken.collected_client_pence),
        Pence(taken.commission_pence),
        Pence(taken.vat_pence),
        Pence(taken.net_pence)
    );
    for one in &taken.queries {
        text.push_str(&format!("line {}, {}: {}\n", one.line, one.placement, one.words));
    }
    text
}

/// Tracing.
#[derive(Debug, Subcommand)]
pub enum Trace {
    /// Ask for a search
    Ask {
        /// Customer
        customer: String,
        /// own_records, returned_post, open_register, companies_house, land_registry, probate, insolvency_register,
        /// judgment_register, bureau or council_tax
        #[arg(long)]
        source: String,
        /// TRACE, CONFIRM_ADDRESS, EMPLOYER, DECEASED_CHECK, INSOLVENCY_CHECK or COMPANY_CHECK
        #[arg(long, default_value = "TRACE")]
        purpose: String,
        /// public_task, legitimate_interest, contract, legal_claim or public_register
        #[arg(long, default_value = "")]
        basis: String,
        /// Why
        #[arg(long, default_value = "")]
        why: String,
        /// What it costs
        #[arg(long, value_name = "POUNDS", value_parser = pounds)]
        cost: Option<Pence>,
    },
    /// Record what a search found, from a JSON file: number, result, name_agrees, sources and the rest
    Record {
        /// The file, or `-`
        input: PathBuf,
    },
    /// Give a search up
    Cancel {
        /// Number
        number: String,
        /// Why
        #[arg(long)]
        words: String,
    },
    /// List searches in a state, or what was tried for a customer
    List {
        /// asked, sent, answered, no_answer or cancelled
        #[arg(long, default_value = "")]
        state: String,
        /// Customer
        #[arg(long)]
        customer: Option<String>,
    },
    /// Write the file of searches for a tracing agency
    Send {
        /// Its short name
        bureau: String,
        /// Where
        #[arg(long, value_name = "FOLDER")]
        out: Option<PathBuf>,
    },
    /// Bring in a tracing agency's answer
    Take {
        /// The file
        file: PathBuf,
        /// What each answered search cost
        #[arg(long, value_name = "POUNDS", value_parser = pounds)]
        cost_each: Option<Pence>,
    },
    /// Say that a customer may not be traced, or may again
    Mark {
        /// Customer
        customer: String,
        /// Who asks for it
        #[arg(long)]
        why: String,
        /// End the mark
        #[arg(long)]
        end: bool,
    },
    /// Ask for a found address to be used
    Use {
        /// Id of the found address
        address: i64,
        /// With whom it was confirmed, on which number, when
        #[arg(long, default_value = "")]
        call_back: String,
    },
}

/// Tracing.
pub async fn trace(shop: &Shop, ask: Trace, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        Trace::Ask { customer, source, purpose, basis, why, cost } => {
            let cost_pence = cost.map_or(0, |cost| cost.0);
            let ask = TraceAsked { key: shop.key(), customer, source, purpose, lawful_basis: basis, why, cost_pence };
            let asked = tracing::ask_for_trace(desk, by, ask).await?;
            out.answer(&asked, || format!("{} is asked for. {}.", asked.number, asked.next_step))?;
        }
        Trace::Record { input } => {
            let done = tracing::record_trace(desk, by, request(&input, shop.key())?).await?;
            out.answer(&done, || format!("{}: {}, {} per cent.", done.number, done.result, done.confidence_pct))?;
        }
        Trace::Cancel { number, words } => {
            let done = tracing::cancel_trace(desk, by, CancelTrace { key: shop.key(), number, words }).await?;
            out.answer(&done, || format!("{} is given up.", done.number))?;
        }
        Trace::List { customer: Some(customer), .. } => {
            let found = tracing::traces_of_customer(desk, by, &customer).await?;
            out.answer(&found, || {
                let line = |row: &sundry_store::trace::TraceRow| {
                    let (day, cost) = (row.asked_on.to_string(), Pence(row.cost_pence).pounds());
                    vec![
                        row.number.clone(),
                        row.source.clone(),
                        row.lawful_basis.clone(),
                        day,
                        cost,
                        row.result.clone(),
                    ]
                };
                let lines: Vec<Vec<String>> = found.traces.iter().map(line).collect();
                table(&["search", "where", "ground", "day", "cost", "result"], &[4], &lines)
            })?;
        }
        Trace::List { state, customer: None } => {
            let rows = tracing::traces_list(desk, by, &state, None, 200).await?;
            out.answer(&rows, || {
                let line = |row: &sundry_store::trace::TraceLine| {
                    let sure = row.confidence_pct.to_string();
                    vec![
                        row.number.clone(),
                        row.customer_number.clone(),
                        row.source.clone(),
                        row.state.clone(),
                        row.result.clone(),
                        sure,
                    ]
                };
                let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
                table(&["search", "customer", "where", "state", "result", "per cent"], &[5], &lines)
            })?;
        }
        Trace::Send { bureau, out: folder } => {
            let sent = tracing::send_traces(desk, by, SendTraces { key: shop.key(), bureau }).await?;
            if let Some(folder) = folder {
                let path = folder.join(&sent.file_name);
                let typed = path.display().to_string();
                let bytes = desk.files().get(by.org.0, &sent.file_sha256)?;
                std::fs::write(&path, bytes)
                    .map_err(|e| No::from(Invalid::field("out", format!("It cannot be written: {e}"), &typed)))?;
            }
            let count = counted(sent.searches.len(), "search", "searches");
            out.answer(&sent, || format!("{count} in {}.", sent.file_name))?;
        }
        Trace::Take { file, cost_each } => {
            let ask = TakeTraces {
                key: shop.key(),
                file_name: name_of(&file),
                bytes: bytes_of(&file, "file")?,
                cost_each_pence: cost_each.map_or(0, |cost| cost.0),
            };
            let taken = tracing::take_traces(desk, by, ask).await?;
            let count = counted(taken.answered.len(), "search", "searches");
            out.answer(&taken, || format!("{count} answered, {} rows held.", taken.held))?;
        }
        Trace::Mark { customer, why, end } => {
            let ask = MarkNotTraced { key: shop.key(), customer: customer.clone(), mark: !end, why };
            tracing::mark_not_traced(desk, by, ask).await?;
            let words = if end { "may be traced again" } else { "may not be traced" };
            out.answer(&serde_json::json!({ "customer": customer, "mark": !end }), || format!("{customer} {words}."))?;
        }
        Trace::Use { address, call_back } => {
            let asked =
                tracing::use_found_address(desk, by, UseFoundAddress { key: shop.key(), address, call_back }).await?;
            out.answer(&asked, || format!("{} waits for someone else's yes.", asked.approval))?;
        }
    }
    done()
}
