//! `pathway`: pathways as they are edited.
use super::input::date;
use super::out::{Out, table};
use super::{Open, Shop, bytes_of, done};
use chrono::NaiveDate;
use clap::Subcommand;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use sundry_desk::core::command::answer_before;
use sundry_desk::customers::customer_account;
use sundry_desk::recovery::pathways::{
    AskForPathway, ChoosePathway, EndPathwayChoice, EndTrial, PathwaySaved, PathwaySimulation, SavePathwayDraft,
    SimulatePathway, StartTrial, TrialArm, WithdrawPathwayDraft, ask_for_pathway, check_pathway_draft, choose_pathway,
    end_pathway_choice, end_trial, save_pathway_draft, simulate_pathway, standing_choices, start_trial, trials,
    withdraw_pathway_draft,
};
use sundry_desk::recovery::{PathwayView, pathway as version_of, pathway_draft, pathways};
use sundry_desk::{No, Outcome};
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::money::Pence;
use sundry_domain::recovery::{Applies, PathwayVersion, SideTotals, Step};
use sundry_domain::refusal::Invalid;
use sundry_store::recovery::pathways::StandingChoiceRow;

/// Pathways as they are edited.
#[derive(Debug, Subcommand)]
pub enum Pathway {
    /// List every version of every pathway
    List,
    /// Write a version as a file that `draft` takes, to the standard output
    Words {
        /// Its code, such as individual
        code: String,
        /// Which version; 0 is the draft, and the newest when not said
        #[arg(long)]
        version: Option<i64>,
    },
    /// Keep a draft from a file that `words` wrote and somebody changed
    Draft {
        /// Its code
        code: String,
        /// The file
        file: PathBuf,
    },
    /// Check the draft: form, law, letters, pace, and what trying it found
    Check {
        /// Its code
        code: String,
    },
    /// Try the draft on the live book, or with --replay over last year's invoices and payments
    Try {
        /// Its code
        code: String,
        /// Over last year
        #[arg(long)]
        replay: bool,
    },
    /// Send the draft for someone else's yes
    Ask {
        /// Its code
        code: String,
        /// First day; the first possible when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        live_from: Option<NaiveDate>,
    },
    /// Take the draft back
    Withdraw {
        /// Its code
        code: String,
    },
    /// Put an account, or with --invoice a debt, on a pathway
    Choose {
        /// Number of the customer
        customer: String,
        /// The pathway
        code: String,
        /// Why not its own
        #[arg(long)]
        reason: String,
        /// Number of the invoice
        #[arg(long)]
        invoice: Option<String>,
        /// Last day on which it holds; it does not end by itself when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        until: Option<NaiveDate>,
    },
    /// List every account and debt that somebody put on another pathway
    Choices,
    /// Let an account, or with --invoice a debt, go on with its own pathway
    EndChoice {
        /// Number of the customer
        customer: String,
        /// Number of the invoice
        #[arg(long)]
        invoice: Option<String>,
    },
    /// Ask to compare two pathways on a random split of the customers
    Split {
        /// The pathway that debts would begin on
        champion: String,
        /// The one that a share of the customers begins on
        challenger: String,
        /// The share, from 1 to 99
        #[arg(long)]
        share: i64,
        /// First day
        #[arg(long, value_name = "DATE", value_parser = date)]
        from: NaiveDate,
        /// Last day
        #[arg(long, value_name = "DATE", value_parser = date)]
        until: NaiveDate,
        /// What is to be learnt
        #[arg(long)]
        reason: String,
    },
    /// List random splits with their results
    Splits,
    /// End a random split before its time
    EndSplit {
        /// Its number
        number: String,
    },
}

/// A pathway in a file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    name: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    applies: Applies,
    #[serde(default)]
    moves_open: bool,
    steps: Vec<Step>,
}

impl Words {
    fn of(one: PathwayVersion) -> Words {
        Words { name: one.name, words: one.words, applies: one.applies, moves_open: one.moves_open, steps: one.steps }
    }
}

/// Pathways as they are edited.
pub async fn pathway(shop: &Shop, ask: Pathway, out: &mut Out) -> Outcome<u8> {
    match ask {
        Pathway::List => list(shop, out).await,
        Pathway::Words { code, version } => words(shop, &code, version, out).await,
        Pathway::Draft { code, file } => keep(shop, code, file, out).await,
        Pathway::Try { code, replay } => attempt(shop, code, replay, out).await,
        Pathway::Choose { customer, code, reason, invoice, until } => {
            let open = shop.open().await?;
            let (customer, item) = whose(&open, &customer, invoice.as_deref()).await?;
            let ask = ChoosePathway { key: shop.key(), customer, item, code, reason, until_on: until };
            let chosen = choose_pathway(&open.desk, &open.by, ask).await?;
            out.answer(&chosen, || format!("From the next step on: {}.", chosen.code))?;
            done()
        }
        Pathway::Choices => choices(shop, out).await,
        Pathway::EndChoice { customer, invoice } => {
            let open = shop.open().await?;
            let (customer, item) = whose(&open, &customer, invoice.as_deref()).await?;
            end_pathway_choice(&open.desk, &open.by, EndPathwayChoice { key: shop.key(), customer, item }).await?;
            out.answer(&serde_json::json!({ "ended": true }), || "It goes on with its own pathway.".to_owned())?;
            done()
        }
        Pathway::Split { champion, challenger, share, from, until, reason } => {
            let open = shop.open().await?;
            let ask = StartTrial {
                key: shop.key(),
                champion,
                challenger,
                share_percent: share,
                from_on: from,
                until_on: until,
                reason,
            };
            let asked = start_trial(&open.desk, &open.by, ask).await?;
            out.answer(&asked, || format!("{} waits for somebody else's yes.", asked.approval))?;
            done()
        }
        Pathway::Splits => splits(shop, out).await,
        Pathway::EndSplit { number } => {
            let open = shop.open().await?;
            end_trial(&open.desk, &open.by, EndTrial { key: shop.key(), number: number.clone() }).await?;
            out.answer(&serde_json::json!({ "ended": number }), || format!("{number} has ended."))?;
            done()
        }
        other => draft(shop, other, out).await,
    }
}

/// The customer of a number, and the debt of an invoice of theirs; none for the whole account.
async fn whose(open: &Open, number: &str, invoice: Option<&str>) -> Outcome<(CustomerId, Option<ItemId>)> {
    let account = customer_account(&open.desk, &open.by, number).await?;
    let customer = CustomerId(account.customer.id);
    let Some(invoice) = invoice else { return Ok((customer, None)) };
    let found = account.items.iter().find(|item| item.number == invoice);
    Ok((customer, Some(ItemId(found.ok_or_else(|| No::Absent(format!("invoice {invoice}")))?.item))))
}

async fn choices(shop: &Shop, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let rows = standing_choices(&open.desk, &open.by).await?;
    out.answer(&rows, || {
        let line = |one: &StandingChoiceRow| {
            let until = one.until_on.map(|day| day.to_string()).unwrap_or_default();
            let (who, debt) = (one.customer_number.clone(), one.item_number.clone());
            vec![who, debt, one.code.clone(), until, one.chosen_by.clone(), one.reason.clone()]
        };
        let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
        table(&["account", "debt", "pathway", "until", "chosen by", "why"], &[], &lines)
    })?;
    done()
}

async fn list(shop: &Shop, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let rows = pathways(&open.desk, &open.by).await?;
    out.answer(&rows, || {
        let line = |one: &PathwayView| {
            let since = one.live_from.map(|day| day.to_string()).unwrap_or_default();
            let version = one.pathway.version.to_string();
            vec![one.pathway.code.clone(), version, one.state.clone(), since, one.approved_by.clone()]
        };
        let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
        table(&["pathway", "version", "state", "in force from", "approved by"], &[1], &lines)
    })?;
    done()
}

async fn words(shop: &Shop, code: &str, version: Option<i64>, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let found = match version {
        Some(0) => {
            let draft = pathway_draft(&open.desk, &open.by, code).await?;
            draft.ok_or_else(|| No::Absent(format!("draft of pathway {code}")))?.pathway
        }
        Some(version) => version_of(&open.desk, &open.by, code, version).await?.pathway,
        None => {
            let all = pathways(&open.desk, &open.by).await?;
            let last = all.into_iter().rfind(|one| one.pathway.code == code);
            last.ok_or_else(|| No::Absent(format!("pathway {code}")))?.pathway
        }
    };
    let text = serde_json::to_string_pretty(&Words::of(found))? + "\n";
    out.write(text.as_bytes())?;
    done()
}

async fn keep(shop: &Shop, code: String, file: PathBuf, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let bytes = bytes_of(&file, "file")?;
    let words: Words = serde_json::from_slice(&bytes).map_err(|why| {
        let sentence = format!("It is not a pathway as `words` writes it: {why}");
        No::from(Invalid::field("file", sentence, file.display().to_string()))
    })?;
    let key = shop.key();
    // The same request again begins where it began the first time.
    let changes = match answer_before::<PathwaySaved>(&open.desk, &open.by, "save_pathway_draft", &key).await? {
        Some(before) => before.changes - 1,
        None => pathway_draft(&open.desk, &open.by, &code).await?.map_or(0, |draft| draft.changes),
    };
    let Words { name, words, applies, moves_open, steps } = words;
    let ask = SavePathwayDraft { key, code, changes, name, words, applies, moves_open, steps };
    let kept = save_pathway_draft(&open.desk, &open.by, ask).await?;
    out.answer(&kept, || format!("The draft of version {} of {} is kept.", kept.version, kept.code))?;
    done()
}

async fn attempt(shop: &Shop, code: String, replay: bool, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let kind = if replay { "replay" } else { "live" };
    let ask = SimulatePathway { key: shop.key(), code, kind: kind.into() };
    let found = simulate_pathway(&open.desk, &open.by, ask, &|_, _| {}).await?;
    out.answer(&found, || told(&found))?;
    done()
}

fn told(found: &PathwaySimulation) -> String {
    let row = |name: &str, of: &dyn Fn(&SideTotals) -> String| vec![name.to_owned(), of(&found.live), of(&found.draft)];
    let pounds = |amount: Pence| amount.pounds();
    let lines = vec![
        row("letters", &|side| side.letters.to_string()),
        row("texts", &|side| side.texts.to_string()),
        row("calls", &|side| side.calls.to_string()),
        row("other work", &|side| side.tasks.to_string()),
        row("cost", &|side| pounds(side.cost)),
        row("cash", &|side| pounds(side.cash)),
        row("customers", &|side| side.customers.to_string()),
    ];
    format!(
        "{} to {}: {} debts of {} customers, {} on the draft. {} would skip a step; the next step of {} changes.\n{}",
        found.from_on,
        found.until_on,
        found.debts,
        found.customers,
        found.on_draft,
        found.skips,
        found.changes,
        table(&["", "in force", "draft"], &[1, 2], &lines)
    )
}

async fn splits(shop: &Shop, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let rows = trials(&open.desk, &open.by).await?;
    out.answer(&rows, || {
        let line = |number: &str, code: &str, arm: &TrialArm| {
            let share = format!("{}.{:02}%", arm.collected_bp / 100, arm.collected_bp % 100);
            vec![number.to_owned(), code.to_owned(), arm.debts.to_string(), arm.collected_pence.pounds(), share]
        };
        let lines: Vec<Vec<String>> = rows
            .iter()
            .flat_map(|one| {
                let number = &one.trial.number;
                [line(number, &one.trial.champion, &one.champion), line(number, &one.trial.challenger, &one.challenger)]
            })
            .collect();
        let says: String = rows.iter().map(|one| format!("{}: {}\n", one.trial.number, one.says)).collect();
        format!("{}{says}", table(&["split", "pathway", "debts", "collected", "share"], &[2, 3, 4], &lines))
    })?;
    done()
}

async fn draft(shop: &Shop, ask: Pathway, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        Pathway::Check { code } => {
            let checks = check_pathway_draft(desk, by, &code).await?;
            out.answer(&checks, || {
                checks.iter().map(|one| format!("{}: {}\n", one.verdict.name(), one.words)).collect()
            })?;
        }
        Pathway::Ask { code, live_from } => {
            let draft = pathway_draft(desk, by, &code).await?;
            let changes = draft.ok_or_else(|| No::Absent(format!("draft of pathway {code}")))?.changes;
            let asked = ask_for_pathway(desk, by, AskForPathway { key: shop.key(), code, changes, live_from }).await?;
            out.answer(&asked, || {
                format!("{} is asked for: version {} from {}.", asked.approval, asked.version, asked.live_from)
            })?;
        }
        Pathway::Withdraw { code } => {
            withdraw_pathway_draft(desk, by, WithdrawPathwayDraft { key: shop.key(), code: code.clone() }).await?;
            out.answer(&serde_json::json!({ "withdrawn": code }), || format!("The draft of {code} is taken back."))?;
        }
        _ => {}
    }
    done()
}
