//! Customers, invoices, credit notes, approvals, holds and promises: what a page does, typed.
//!
//! Each takes its flags, or with `--input FILE` the request as JSON (`-` is the standard input).
use super::input::{date, flags, pounds, request};
use super::out::{Out, table};
use super::{Open, Shop, done};
use chrono::NaiveDate;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::path::PathBuf;
use sundry_desk::approvals::{DecideApproval, approval, approvals_list, decide_approval};
use sundry_desk::billing::{
    AmendInvoice, GiveDiscount, RaiseInvoice, RequestCredit, give_discount, invoice, raise_invoice, request_amendment,
    request_credit_note,
};
use sundry_desk::customers::{
    AddCustomer, EndFlag, MergeCustomers, MergeForbidden, MergeMove, ReceiverForm, SetFlag, SetReceiver, UndoMerge,
    add_customer, customer_account, end_flag, merge_customers, preview_merge, receiver_rules, search, set_flag,
    set_receiver, undo_merge,
};
use sundry_desk::plans::{
    EndHold, PlaceHold, PromiseToPay, WithdrawPromise, end_hold, place_hold, promise_to_pay_for, promises,
    withdraw_promise,
};
use sundry_desk::recovery::{
    InterestView, PostCharges, WaiveCharge, charges, post_charges, statutory_interest, waive_charge,
};
use sundry_desk::{No, Outcome};
use sundry_domain::ids::{CustomerId, HoldId, ItemId};
use sundry_domain::money::Pence;

/// The request as JSON.
#[derive(Debug, Args)]
pub struct Input {
    /// The request as a JSON object; - is the standard input
    #[arg(long, value_name = "FILE")]
    pub(super) input: Option<PathBuf>,
}

impl Input {
    /// The file that holds the request, if one was named.
    pub fn path(&self) -> Option<&std::path::Path> {
        self.input.as_deref()
    }
}

/// Customers.
#[derive(Debug, Subcommand)]
pub enum Customer {
    /// Open an account
    Add {
        /// Where the request comes from
        #[command(flatten)]
        from: Input,
        /// Name as printed
        #[arg(long)]
        name: Option<String>,
        /// person, company, council, health and so on
        #[arg(long)]
        kind: Option<String>,
        /// First line of the address
        #[arg(long)]
        address1: Option<String>,
        /// Town
        #[arg(long)]
        town: Option<String>,
        /// Postcode
        #[arg(long)]
        postcode: Option<String>,
        /// E-mail
        #[arg(long)]
        email: Option<String>,
        /// Days from invoice to due date
        #[arg(long)]
        terms_days: Option<i64>,
        /// Company number
        #[arg(long)]
        company_number: Option<String>,
        /// NHS number
        #[arg(long)]
        nhs_number: Option<String>,
        /// VAT number
        #[arg(long)]
        vat_number: Option<String>,
        /// It is another customer, though accounts look the same
        #[arg(long)]
        confirmed_alike: bool,
    },
    /// Show an account
    Show {
        /// Number
        number: String,
    },
    /// Their own rules for our documents: show, or set from a JSON request
    Receiver {
        /// Number
        number: String,
        /// The rules as a JSON object; - is the standard input
        #[arg(long, value_name = "FILE")]
        input: Option<PathBuf>,
    },
    /// Merge another account of the same customer into one, by someone else's yes
    Merge {
        /// The account that is merged
        gone: String,
        /// The account that stays
        #[arg(long)]
        into: String,
        /// How you know that both are one customer
        #[arg(long, default_value = "")]
        evidence: String,
        /// Show what would move and what forbids it, and ask for nothing
        #[arg(long)]
        preview: bool,
    },
    /// Make a merged account an account of its own again, by someone else's yes
    Unmerge {
        /// The account that was merged
        gone: String,
        /// Why they are two customers after all
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Find by name, number or any reference
    Find {
        /// What is known
        text: String,
    },
}

/// Rules as they stand in a file.
#[derive(serde::Deserialize)]
struct ReceiverRulesTyped {
    key: String,
    #[serde(default)]
    version: i64,
    #[serde(flatten)]
    rules: ReceiverForm,
}

/// Customers.
pub async fn customer(shop: &Shop, ask: Customer, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        Customer::Add {
            from,
            name,
            kind,
            address1,
            town,
            postcode,
            email,
            terms_days,
            company_number,
            nhs_number,
            vat_number,
            confirmed_alike,
        } => {
            let typed = json!({
                "name": name, "kind": kind, "address1": address1, "town": town, "postcode": postcode, "email": email,
                "terms_days": terms_days, "company_number": company_number, "nhs_number": nhs_number,
                "vat_number": vat_number, "confirmed_alike": confirmed_alike,
            });
            let answer = add_customer(desk, by, asked::<AddCustomer>(shop, &from, typed)?).await?;
            let alike = answer.alike.join(", ");
            let same = if alike.is_empty() { alike } else { format!(" Accounts that look the same: {alike}.") };
            out.answer(&answer, || format!("{} is open.{same}", answer.number))?;
        }
        Customer::Show { number } => {
            let answer = customer_account(desk, by, &number).await?;
            out.answer(&answer, || {
                let rows: Vec<Vec<String>> = answer
                    .items
                    .iter()
                    .map(|i| {
                        let (all, open) = (Pence(i.original_pence).pounds(), Pence(i.open_pence).pounds());
                        vec![i.number.clone(), i.dated_on.to_string(), i.due_on.to_string(), all, open]
                    })
                    .collect();
                let owed = Pence(answer.strip.balance_pence);
                format!("{} {}: {owed}\n", answer.customer.number, answer.customer.name)
                    + &table(&["item", "dated", "due", "amount", "open"], &[3, 4], &rows)
            })?;
        }
        Customer::Receiver { number, input: None } => {
            let answer = receiver_rules(desk, by, &number).await?;
            out.answer(&answer, || serde_json::to_string_pretty(&answer).unwrap_or_default())?;
        }
        Customer::Receiver { number, input: Some(path) } => {
            let sent: ReceiverRulesTyped = request(&path, shop.key())?;
            let ask = SetReceiver { key: sent.key, number, version: sent.version, rules: sent.rules };
            let answer = set_receiver(desk, by, ask).await?;
            out.answer(&answer, || format!("The rules of {} are kept, version {}.", answer.number, answer.version))?;
        }
        Customer::Merge { gone, into, preview: true, .. } => {
            let answer = preview_merge(desk, by, &into, &gone).await?;
            out.answer(&answer, || {
                let row = |one: &MergeMove| vec![one.name.clone(), one.count.to_string(), Pence(one.pence).pounds()];
                let rows: Vec<Vec<String>> = answer.moves.iter().map(row).collect();
                let no = |one: &MergeForbidden| format!("{}. {} ({})\n", one.sentence, one.way_out, one.code);
                let forbids: String = answer.forbids.iter().map(no).collect();
                table(&["what moves", "how many", "amount"], &[1, 2], &rows) + &forbids
            })?;
        }
        Customer::Merge { gone, into, evidence, .. } => {
            let ask = MergeCustomers { key: shop.key(), stays: into, gone, evidence };
            let answer = merge_customers(desk, by, ask).await?;
            out.answer(&answer, || format!("{} waits for somebody else.", answer.approval))?;
        }
        Customer::Unmerge { gone, reason } => {
            let ask = UndoMerge { key: shop.key(), gone, reason };
            let answer = undo_merge(desk, by, ask).await?;
            out.answer(&answer, || format!("{} waits for somebody else.", answer.approval))?;
        }
        Customer::Find { text } => {
            let answer = search(desk, by, &text).await?;
            out.answer(&answer, || serde_json::to_string_pretty(&answer).unwrap_or_default())?;
        }
    }
    done()
}

/// Invoices.
#[derive(Debug, Subcommand)]
pub enum Invoice {
    /// Raise an invoice from a JSON request
    Raise {
        /// The request as a JSON object; - is the standard input
        #[arg(long, value_name = "FILE")]
        input: PathBuf,
    },
    /// Ask for an invoice to be credited and billed anew, which someone else must approve
    Amend {
        /// The invoice
        number: String,
        /// The request as a JSON object: reason, words, form, of_lines; - is the standard input
        #[arg(long, value_name = "FILE")]
        input: PathBuf,
    },
    /// Give the discount of an invoice that was paid early
    Discount {
        /// Number
        number: String,
    },
    /// Show an invoice or a credit note
    Show {
        /// Number
        number: String,
    },
    /// Statutory interest on a late invoice, with its working; nothing is posted
    Interest {
        /// Number
        number: String,
        /// Up to the end of this day; today when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        as_at: Option<NaiveDate>,
    },
    /// What was charged for paying late, and what is open of it
    Charges {
        /// Number
        number: String,
    },
    /// Charge interest and the fixed sum to today, less what was charged before
    Charge {
        /// Number
        number: String,
    },
    /// Waive a charge for paying late, with the reason; above your limit somebody else says yes
    Waive {
        /// Number of the charge
        charge: String,
        /// How much; all that is open when not said
        #[arg(long, value_name = "POUNDS", value_parser = pounds)]
        amount: Option<Pence>,
        /// Why: goodwill, our_error, dispute, hardship, agreed or uneconomic
        #[arg(long, value_name = "REASON")]
        reason: String,
        /// More about why
        #[arg(long, value_name = "WORDS", default_value = "")]
        words: String,
    },
}

/// Invoices.
pub async fn invoices(shop: &Shop, ask: Invoice, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    match ask {
        Invoice::Raise { input } => {
            let ask: RaiseInvoice = request(&input, shop.key())?;
            let answer = raise_invoice(&open.desk, &open.by, ask).await?;
            let (number, gross, due) = (&answer.number, Pence(answer.gross_pence), answer.due_on);
            out.answer(&answer, || format!("{number} is raised: {gross}, due {due}."))?;
        }
        Invoice::Amend { number, input } => {
            let ask: AmendInvoice = request(&input, shop.key())?;
            let ask = AmendInvoice { invoice: number, ..ask };
            let answer = request_amendment(&open.desk, &open.by, ask).await?;
            let (credit, bill) = (Pence(answer.credit_pence), Pence(answer.bill_pence));
            out.answer(&answer, || {
                format!("{} waits for someone's yes: credit {credit}, bill {bill}.", answer.approval)
            })?;
        }
        Invoice::Discount { number } => {
            let ask = GiveDiscount { key: shop.key(), invoice: number };
            let answer = give_discount(&open.desk, &open.by, ask).await?;
            out.answer(&answer, || format!("{} given by {}.", Pence(answer.gross_pence), answer.credit_note))?;
        }
        Invoice::Show { number } => {
            let answer = invoice(&open.desk, &open.by, &number).await?;
            out.answer(&answer, || {
                let (name, left) = (&answer.customer_name, Pence(answer.open_pence));
                format!("{} of {} {name}: {left} open.", answer.document.number, answer.customer_number)
            })?;
        }
        Invoice::Interest { number, as_at } => {
            let as_at = as_at.unwrap_or_else(|| open.desk.today());
            let answer = statutory_interest(&open.desk, &open.by, &number, as_at).await?;
            out.answer(&answer, || interest_words(&answer))?;
        }
        Invoice::Charges { number } => {
            let answer = charges(&open.desk, &open.by, &number).await?;
            out.answer(&answer, || {
                let line = |one: &sundry_store::recovery::charges::LateChargeRow| {
                    let (amount, day) = (Pence(one.amount_pence).pounds(), one.as_at.to_string());
                    vec![one.item_number.clone(), one.act.clone(), day, amount, one.words.clone()]
                };
                let rows: Vec<Vec<String>> = answer.charges.iter().map(line).collect();
                format!("{}: {} charged, {} open\n", answer.invoice, answer.charged_pence, answer.open_pence)
                    + &table(&["charge", "", "on", "amount", "why"], &[3], &rows)
            })?;
        }
        Invoice::Charge { number } => {
            let ask = PostCharges { key: shop.key(), invoice: number };
            let answer = post_charges(&open.desk, &open.by, ask).await?;
            out.answer(&answer, || {
                let (interest, fixed) = (answer.interest_pence, answer.compensation_pence);
                format!("{}: interest {interest} and a fixed sum of {fixed} charged.", answer.invoice)
            })?;
        }
        Invoice::Waive { charge, amount, reason, words } => {
            let ask = WaiveCharge { key: shop.key(), charge, amount, reason, words };
            let answer = waive_charge(&open.desk, &open.by, ask).await?;
            out.answer(&answer, || match answer.approval.as_str() {
                "" => format!("{} of {} waived; {} is open.", answer.waived_pence, answer.charge, answer.open_pence),
                approval => format!("{approval} is asked for: {} is above your limit.", answer.charge),
            })?;
        }
    }
    done()
}

fn interest_words(seen: &InterestView) -> String {
    let working = &seen.working;
    let rows: Vec<Vec<String>> = working
        .slices
        .iter()
        .map(|slice| {
            let (from, to) = (slice.after_on.succ_opt().unwrap_or(slice.after_on), slice.until_on);
            vec![from.to_string(), to.to_string(), slice.days.to_string(), slice.balance.pounds()]
        })
        .collect();
    let (interest, fixed) = (working.interest, working.compensation);
    let head = format!("{}: interest {interest} to {}, and a fixed sum of {fixed}\n", seen.number, seen.as_at);
    head + &table(&["from", "to", "days", "unpaid"], &[2, 3], &rows)
}

/// Credit notes.
#[derive(Debug, Subcommand)]
pub enum Credit {
    /// Ask for a credit note, which someone else must approve
    Request {
        /// Where the request comes from
        #[command(flatten)]
        from: Input,
        /// The invoice; all that is left of it, unless the input says lines
        invoice: Option<String>,
        /// wrong_price, wrong_customer, cancelled, service_not_given or dispute_agreed
        #[arg(long)]
        reason: Option<String>,
        /// For the person who decides
        #[arg(long)]
        words: Option<String>,
    },
}

/// Credit notes.
pub async fn credit(shop: &Shop, ask: Credit, out: &mut Out) -> Outcome<u8> {
    let Credit::Request { from, invoice, reason, words } = ask;
    let open = shop.open().await?;
    let ask: RequestCredit = asked(shop, &from, json!({ "invoice": invoice, "reason": reason, "words": words }))?;
    let answer = request_credit_note(&open.desk, &open.by, ask).await?;
    out.answer(&answer, || format!("{} waits for someone's yes: {}.", answer.approval, Pence(answer.gross_pence)))?;
    done()
}

/// What waits for someone else's yes.
#[derive(Debug, Subcommand)]
pub enum Approvals {
    /// List what waits
    List {
        /// waiting, approved or refused
        #[arg(long, default_value = "waiting")]
        state: String,
    },
    /// Say yes or no to what someone else asked for
    Decide {
        /// The approval
        number: String,
        /// Yes
        #[arg(long, conflicts_with = "refuse", required_unless_present = "refuse")]
        approve: bool,
        /// No
        #[arg(long)]
        refuse: bool,
        /// Why; needed for a no
        #[arg(long, default_value = "")]
        reason: String,
    },
}

/// Approvals.
pub async fn approvals(shop: &Shop, ask: Approvals, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    match ask {
        Approvals::List { state } => {
            let page = approvals_list(&open.desk, &open.by, &state).await?;
            out.answer(&page, || {
                let line = |row: &sundry_desk::approvals::ApprovalShown| {
                    let amount = Pence(row.amount_pence).pounds();
                    vec![row.number.clone(), row.summary.clone(), row.asked_by_name.clone(), amount, row.state.clone()]
                };
                let rows: Vec<Vec<String>> = page.rows.iter().map(line).collect();
                table(&["approval", "what", "asked by", "amount", "state"], &[3], &rows)
            })?;
        }
        Approvals::Decide { number, approve, reason, .. } => {
            let content_hash = approval(&open.desk, &open.by, &number).await?.content_hash;
            let ask = DecideApproval { key: shop.key(), number, approve, reason, content_hash };
            let answer = decide_approval(&open.desk, &open.by, ask).await?;
            let made = answer.made.as_ref().map(|made| format!(": {made}")).unwrap_or_default();
            out.answer(&answer, || format!("{} is {}{made}.", answer.number, answer.state))?;
        }
    }
    done()
}

/// Holds.
#[derive(Debug, Subcommand)]
pub enum Hold {
    /// Pause a customer, or one debt of theirs
    Place {
        /// Customer number
        customer: String,
        /// One debt; the whole account when not said
        #[arg(long, value_name = "DEBT")]
        debt: Option<String>,
        /// Stored name of the reason
        #[arg(long)]
        reason: String,
        /// Last day
        #[arg(long, value_name = "DATE", value_parser = date)]
        until: Option<NaiveDate>,
        /// Why
        #[arg(long)]
        words: String,
    },
    /// End a hold
    End {
        /// The hold's id
        hold: i64,
        /// Why
        #[arg(long)]
        words: String,
    },
}

/// Holds.
pub async fn hold(shop: &Shop, ask: Hold, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    match ask {
        Hold::Place { customer, debt, reason, until, words } => {
            let account = customer_account(&open.desk, &open.by, &customer).await?;
            let of = |number: String| {
                let found = account.items.iter().find(|item| item.number == number).map(|item| ItemId(item.item));
                found.ok_or_else(|| No::Absent(format!("debt {number}")))
            };
            let (customer, item) = (CustomerId(account.customer.id), debt.map(of).transpose()?);
            let ask = PlaceHold { key: shop.key(), customer, item, reason, until, words };
            let answer = place_hold(&open.desk, &open.by, ask).await?;
            out.answer(&answer, || format!("Hold {} is placed.", answer.hold.0))?;
        }
        Hold::End { hold, words } => {
            let ask = EndHold { key: shop.key(), hold: HoldId(hold), words };
            let answer = end_hold(&open.desk, &open.by, ask).await?;
            out.answer(&answer, || format!("Hold {} ends on {}.", answer.hold.0, answer.ended_on))?;
        }
    }
    done()
}

/// Flags of a customer.
#[derive(Debug, Subcommand)]
pub enum Flag {
    /// Set a flag with its evidence
    Set {
        /// Customer number
        customer: String,
        /// vulnerable, breathing_space, insolvent, deceased, gone_away and so on
        kind: String,
        /// How we know
        #[arg(long)]
        evidence: String,
        /// First day; today when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        from: Option<NaiveDate>,
        /// Last day
        #[arg(long, value_name = "DATE", value_parser = date)]
        until: Option<NaiveDate>,
        /// When to look again
        #[arg(long, value_name = "DATE", value_parser = date)]
        review: Option<NaiveDate>,
    },
    /// End a flag
    End {
        /// Customer number
        customer: String,
        /// The flag's id
        flag: i64,
        /// Its last day; today when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        on: Option<NaiveDate>,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

/// Flags of a customer.
pub async fn flag(shop: &Shop, ask: Flag, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let key = shop.key();
    match ask {
        Flag::Set { customer: number, kind, evidence, from: from_on, until: to_on, review: review_on } => {
            let ask = SetFlag { key, number, kind, evidence, from_on, to_on, review_on };
            let answer = set_flag(&open.desk, &open.by, ask).await?;
            out.answer(&answer, || format!("Flag {} is set.", answer.flag))?;
        }
        Flag::End { customer: number, flag, on: ended_on, reason } => {
            end_flag(&open.desk, &open.by, EndFlag { key, number, flag, ended_on, reason }).await?;
            out.answer(&json!({ "flag": flag }), || format!("Flag {flag} has ended."))?;
        }
    }
    done()
}

/// A customer's promise to pay.
#[derive(Debug, Args)]
pub struct Promise {
    /// Customer number
    customer: String,
    /// How much, in pounds
    #[arg(long, value_parser = pounds, required_unless_present = "withdraw")]
    amount: Option<Pence>,
    /// By when
    #[arg(long, value_name = "DATE", value_parser = date, required_unless_present = "withdraw")]
    due: Option<NaiveDate>,
    /// A debt that it is for; the whole account when not said
    #[arg(long = "for", value_name = "DEBT")]
    debts: Vec<String>,
    /// Withdraw the open promise, and end its hold
    #[arg(long, conflicts_with_all = ["amount", "due", "debts"])]
    withdraw: bool,
    /// What was said
    #[arg(long, default_value = "")]
    words: String,
}

/// Takes a promise, or withdraws the open one.
pub async fn promise(shop: &Shop, ask: Promise, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let customer = customer_id(&open, &ask.customer).await?;
    let words = ask.words;
    let (Some(amount_pence), Some(due_on), false) = (ask.amount, ask.due, ask.withdraw) else {
        return withdraw(shop, &open, (customer, words), out).await;
    };
    let promise = PromiseToPay { key: shop.key(), customer, amount_pence, due_on, words };
    let answer = promise_to_pay_for(&open.desk, &open.by, promise, &ask.debts).await?;
    let told = || format!("Promise {} is recorded; recovery waits until {}.", answer.promise, answer.held_until);
    out.answer(&answer, told)?;
    done()
}

async fn withdraw(shop: &Shop, open: &Open, (customer, words): (CustomerId, String), out: &mut Out) -> Outcome<u8> {
    let all = promises(&open.desk, &open.by, customer).await?;
    let promise = all.iter().find(|row| row.state == "open").map(|row| row.id);
    let promise = promise.ok_or_else(|| No::Absent("open promise".into()))?;
    let ask = WithdrawPromise { key: shop.key(), promise, words };
    let answer = withdraw_promise(&open.desk, &open.by, ask).await?;
    out.answer(&answer, || format!("Promise {promise} is withdrawn, and its hold has ended."))?;
    done()
}

async fn customer_id(open: &Open, number: &str) -> Outcome<CustomerId> {
    Ok(CustomerId(customer_account(&open.desk, &open.by, number).await?.customer.id))
}

/// The request: from the file named, else from what was typed; what is missing reads as empty.
pub(super) fn asked<T: serde::de::DeserializeOwned>(shop: &Shop, from: &Input, typed: Value) -> Outcome<T> {
    match &from.input {
        Some(path) => request(path, shop.key()),
        None => flags(typed, shop.key()),
    }
}
