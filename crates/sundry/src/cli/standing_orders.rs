//! `standing-order`: note them, check a period, letters.
use super::input::{date, pounds};
use super::out::{Out, table};
use super::{Shop, done};
use chrono::NaiveDate;
use clap::Subcommand;
use sundry_desk::Outcome;
use sundry_desk::cash::standing_orders::{
    AddStandingOrder, AskCheck, ChangeLetters, EndStandingOrder, EndTasks, NewCharge, ReleaseCheck, SetCharges,
    ShortfallLetters, StandingOrderCheck, add_standing_order, amend_standing_order, check_standing_orders,
    end_standing_order, end_standing_order_tasks, rate_changes, release_standing_order_check,
    set_standing_order_charges, standing_order_tasks, standing_orders, write_change_letters, write_shortfall_letters,
};
use sundry_domain::money::Pence;

/// Standing orders.
#[derive(Debug, Subcommand)]
pub enum StandingOrder {
    /// Note a standing order and the charge that it pays
    Add {
        /// Customer number
        customer: String,
        /// What their bank sends each time
        #[arg(value_parser = pounds)]
        amount: Pence,
        /// The reference their bank sends
        #[arg(long)]
        reference: String,
        /// weekly, two_weekly, four_weekly, monthly or quarterly
        #[arg(long, default_value = "four_weekly")]
        frequency: String,
        /// First payment
        #[arg(long, value_name = "DATE", value_parser = date)]
        from: NaiveDate,
        /// The charge it pays, a week
        #[arg(long, value_name = "POUNDS", value_parser = pounds)]
        weekly: Pence,
        /// A difference no larger is let be
        #[arg(long, value_name = "POUNDS", value_parser = pounds, default_value = "0.00")]
        tolerance: Pence,
    },
    /// Note what the payer's bank sends now
    Amend {
        /// The order
        number: String,
        /// What it sends
        #[arg(value_parser = pounds)]
        amount: Pence,
    },
    /// Set a new charge from a day
    Charge {
        /// The order
        number: String,
        /// The charge, a week
        #[arg(value_parser = pounds)]
        weekly: Pence,
        /// First day
        #[arg(long, value_name = "DATE", value_parser = date)]
        from: NaiveDate,
        /// The decision behind it
        #[arg(long)]
        why: String,
    },
    /// End a standing order
    End {
        /// The order
        number: String,
        /// Last day of the charge
        #[arg(long, value_name = "DATE", value_parser = date)]
        on: NaiveDate,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// List those that run
    List,
    /// Compare expected with received; with --release allocate what came and make the tasks
    Check {
        /// First day
        #[arg(value_parser = date)]
        from: NaiveDate,
        /// Last day
        #[arg(value_parser = date)]
        to: NaiveDate,
        /// Commit it; without this it is a preview
        #[arg(long)]
        release: bool,
    },
    /// List the open tasks; with --letters write about the shortfalls; with --end say what was done
    Tasks {
        /// Write about every open shortfall
        #[arg(long, conflicts_with = "end")]
        letters: bool,
        /// Tasks to end, by their ids
        #[arg(long, value_name = "ID")]
        end: Vec<i64>,
        /// invoice, refund, carry_forward, amended or other
        #[arg(long, default_value = "")]
        how: String,
        /// The number of the invoice or refund, or words
        #[arg(long, default_value = "")]
        words: String,
    },
    /// List the orders that a new charge does not fit; with --letters write to their payers
    Changes {
        /// First day of the new charge
        #[arg(value_parser = date)]
        from: NaiveDate,
        /// Write the letters
        #[arg(long)]
        letters: bool,
        /// You know that it is less than four weeks before
        #[arg(long)]
        late_known: bool,
    },
}

/// Standing orders.
pub async fn standing_order(shop: &Shop, ask: StandingOrder, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by, key) = (&open.desk, &open.by, shop.key());
    match ask {
        StandingOrder::Add { customer, amount, reference, frequency, from, weekly, tolerance } => {
            let (from_on, to_on) = (from, None);
            let ask =
                AddStandingOrder { key, customer, reference, amount, frequency, from_on, to_on, weekly, tolerance };
            let set = add_standing_order(desk, by, ask).await?;
            out.answer(&set, || format!("{} is noted.", set.number))?;
        }
        StandingOrder::Amend { number, amount } => {
            let ask = sundry_desk::cash::standing_orders::AmendStandingOrder { key, number, amount };
            let set = amend_standing_order(desk, by, ask).await?;
            out.answer(&set, || format!("{} sends {amount} now.", set.number))?;
        }
        StandingOrder::Charge { number, weekly, from, why } => {
            let charges = vec![NewCharge { number, weekly }];
            let set = set_standing_order_charges(desk, by, SetCharges { key, from_on: from, why, charges }).await?;
            out.answer(&serde_json::json!({ "charges": set }), || format!("{set} charge is set from {from}."))?;
        }
        StandingOrder::End { number, on, reason } => {
            let set = end_standing_order(desk, by, EndStandingOrder { key, number, to_on: on, reason }).await?;
            out.answer(&set, || format!("{} ends on {on}.", set.number))?;
        }
        StandingOrder::List => {
            let rows = standing_orders(desk, by).await?;
            out.answer(&rows, || {
                let line = |one: &sundry_desk::cash::standing_orders::StandingOrderShown| {
                    let o = &one.order;
                    let (sends, right) = (Pence(o.amount_pence).pounds(), Pence(one.right_pence).pounds());
                    vec![
                        o.number.clone(),
                        o.customer_number.clone(),
                        o.reference.clone(),
                        sends,
                        right,
                        o.frequency.clone(),
                    ]
                };
                let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
                table(&["order", "customer", "reference", "sends", "must send", "how often"], &[3, 4], &lines)
            })?;
        }
        StandingOrder::Check { from, to, release } => check(shop, &open, (from, to), release, out).await?,
        StandingOrder::Tasks { letters, end, how, words } => {
            tasks(shop, &open, (letters, end), EndTasks { key, tasks: Vec::new(), how, words }, out).await?;
        }
        StandingOrder::Changes { from, letters, late_known } => {
            if letters {
                let ask = ChangeLetters { key, from_on: from, numbers: Vec::new(), late_known };
                let done = write_change_letters(desk, by, ask).await?;
                out.answer(&done, || format!("{} letters written, {} held.", done.letters, done.held))?;
            } else {
                let found = rate_changes(desk, by, from).await?;
                out.answer(&found, || {
                    let line = |one: &sundry_desk::cash::standing_orders::RateChange| {
                        let sums = (Pence(one.amount_pence).pounds(), Pence(one.right_pence).pounds());
                        vec![one.number.clone(), one.customer.clone(), one.name.clone(), sums.0, sums.1]
                    };
                    let lines: Vec<Vec<String>> = found.orders.iter().map(line).collect();
                    format!("Write by {}.\n", found.write_by)
                        + &table(&["order", "customer", "name", "sends", "must send"], &[3, 4], &lines)
                })?;
            }
        }
    }
    done()
}

async fn check(
    shop: &Shop,
    open: &super::Open,
    (from_on, to_on): (NaiveDate, NaiveDate),
    release: bool,
    out: &mut Out,
) -> Outcome<()> {
    if release {
        let ask = ReleaseCheck { key: shop.key(), from_on, to_on };
        let done = release_standing_order_check(&open.desk, &open.by, ask).await?;
        let set = Pence(done.allocated_pence);
        let words =
            format!("{}: {set} allocated, {} shortfalls, {} excesses.", done.number, done.shortfalls, done.excesses);
        return out.answer(&done, || words);
    }
    let seen = check_standing_orders(&open.desk, &open.by, AskCheck { from_on, to_on }).await?;
    out.answer(&seen, || shown(&seen))
}

fn shown(seen: &StandingOrderCheck) -> String {
    let line = |one: &sundry_desk::cash::standing_orders::StandingOrderFinding| {
        let pounds = |pence: i64| Pence(pence).pounds();
        let sums = [one.due_pence, one.received_pence, one.difference_pence, one.running_pence].map(pounds);
        let mut row = vec![one.number.clone(), one.customer.clone()];
        row.extend(sums);
        row.push(one.advice.replace('_', " "));
        row
    };
    let lines: Vec<Vec<String>> = seen.findings.iter().map(line).collect();
    let heads = ["order", "customer", "due", "received", "difference", "since April", "what to do"];
    "A preview: nothing was done. Release it with --release.\n".to_owned() + &table(&heads, &[2, 3, 4, 5], &lines)
}

async fn tasks(
    shop: &Shop,
    open: &super::Open,
    (letters, end): (bool, Vec<i64>),
    ask: EndTasks,
    out: &mut Out,
) -> Outcome<()> {
    let (desk, by) = (&open.desk, &open.by);
    let rows = standing_order_tasks(desk, by, "open").await?;
    if letters {
        let tasks = rows.iter().filter(|task| task.kind == "shortfall").map(|task| task.id).collect();
        let done = write_shortfall_letters(desk, by, ShortfallLetters { key: shop.key(), tasks }).await?;
        return out.answer(&done, || format!("{} letters written, {} held.", done.letters, done.held));
    }
    if !end.is_empty() {
        let done = end_standing_order_tasks(desk, by, EndTasks { tasks: end, ..ask }).await?;
        return out.answer(&done, || format!("{} tasks ended.", done.tasks));
    }
    out.answer(&rows, || {
        let line = |task: &sundry_store::standing_order::TaskRow| {
            vec![task.id.to_string(), task.order_number.clone(), task.kind.clone(), task.words.clone()]
        };
        let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
        table(&["task", "order", "what", "in words"], &[], &lines)
    })
}
