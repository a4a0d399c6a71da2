//! `deposit` and `payment-terms`: money asked for before the service, and when invoices are to be paid.
use super::input::{date, pounds};
use super::out::{Out, table};
use super::{Shop, done};
use chrono::NaiveDate;
use clap::Subcommand;
use sundry_desk::Outcome;
use sundry_desk::billing::{
    AddPaymentTerms, AskDeposit, CustomerTerms, PaymentTermsShown, ReturnDeposit, SetCustomerTerms, SetPaymentTerms,
    TermsPartAsked, UseDeposit, add_payment_terms, ask_deposit, customer_terms, deposit, deposits_list,
    payment_terms_list, return_deposit, set_customer_terms, set_payment_terms, use_deposit,
};
use sundry_domain::money::{BasisPoints, Pence};

/// Deposits.
#[derive(Debug, Subcommand)]
pub enum Deposit {
    /// Ask a customer for a deposit
    Ask {
        /// Customer number
        customer: String,
        /// What it is for
        description: String,
        /// How much before VAT, in pounds
        amount: String,
        /// advance, a part of the price; or returnable, security that bears no VAT
        #[arg(long, default_value = "advance")]
        kind: String,
        /// S, R, Z, E or O
        #[arg(long)]
        vat: String,
        /// Service
        #[arg(long, default_value = "")]
        service: String,
        /// When due; by the customer's terms when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        due: Option<NaiveDate>,
    },
    /// Deposits, newest first
    List,
    /// A deposit with what became of it
    Show {
        /// Number of the deposit
        number: String,
    },
    /// Use a deposit for an invoice of the same customer
    Use {
        /// Number of the deposit
        number: String,
        /// Number of the invoice
        invoice: String,
        /// How much with VAT; as much as there is and as it takes when not said
        #[arg(long, value_name = "POUNDS", value_parser = pounds)]
        amount: Option<Pence>,
    },
    /// Give back what is left of a deposit
    Return {
        /// Number of the deposit
        number: String,
        /// Why
        #[arg(long, default_value = "")]
        words: String,
    },
}

/// Deposits.
pub async fn deposits(shop: &Shop, ask: Deposit, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        Deposit::Ask { customer, description, amount, kind, vat, service, due } => {
            let ask = AskDeposit {
                key: shop.key(),
                customer_number: customer,
                kind,
                description,
                amount,
                vat_code: vat,
                service,
                po_number: String::new(),
                due_on: due,
            };
            let answer = ask_deposit(desk, by, ask).await?;
            out.answer(&answer, || {
                format!("{} asks for {}, due {}.", answer.number, Pence(answer.gross_pence), answer.due_on)
            })?;
        }
        Deposit::List => {
            let mut rows = Vec::new();
            let mut before = None;
            loop {
                let page = deposits_list(desk, by, before).await?;
                rows.extend(page.rows);
                before = page.next;
                if before.is_none() {
                    break;
                }
            }
            let line = |row: &sundry_store::billing::terms::DepositRow| {
                let (asked, left) = (Pence(row.gross_pence).pounds(), Pence(row.left_pence()).pounds());
                vec![row.number.clone(), row.customer_number.clone(), row.description.clone(), asked, left]
            };
            let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
            out.answer(&rows, || table(&["deposit", "customer", "for", "asked", "left"], &[3, 4], &lines))?;
        }
        Deposit::Show { number } => {
            let answer = deposit(desk, by, &number).await?;
            out.answer(&answer, || {
                let (row, usable) = (&answer.row, Pence(answer.usable_pence));
                format!("{} of {}: {usable} can be used.", row.number, row.customer_name)
            })?;
        }
        Deposit::Use { number, invoice, amount } => {
            let ask = UseDeposit { key: shop.key(), deposit: number, invoice, amount };
            let answer = use_deposit(desk, by, ask).await?;
            out.answer(&answer, || {
                let (used, left) = (Pence(answer.gross_pence), Pence(answer.left_pence));
                format!("{used} used for {} by {}; {left} is left.", answer.invoice, answer.credit_note)
            })?;
        }
        Deposit::Return { number, words } => {
            let ask = ReturnDeposit { key: shop.key(), deposit: number, words };
            let answer = return_deposit(desk, by, ask).await?;
            out.answer(&answer, || {
                format!("{} of {} is given back by {}.", Pence(answer.gross_pence), answer.deposit, answer.credit_note)
            })?;
        }
    }
    done()
}

/// Payment terms.
#[derive(Debug, Subcommand)]
pub enum Terms {
    /// Add payment terms
    Add {
        /// Short code, as chosen on an invoice
        code: String,
        /// For people
        name: String,
        /// A part: its share in per cent and its days, as in 50:14
        #[arg(long = "part", value_name = "SHARE:DAYS", required = true, value_parser = part)]
        parts: Vec<TermsPartAsked>,
        /// Discount for paying early: its rate in per cent and its days, as in 2.5:10
        #[arg(long, value_name = "RATE:DAYS", value_parser = part)]
        discount: Option<TermsPartAsked>,
    },
    /// Payment terms, those in use first
    List,
    /// Let payment terms be chosen no longer
    End {
        /// Code
        code: String,
    },
    /// The terms a customer's invoices have when none are chosen; with CODE sets them, with `-` ends them
    Of {
        /// Customer number
        customer: String,
        /// Code, or `-`
        code: Option<String>,
    },
    /// Let payment terms be chosen again
    Offer {
        /// Code
        code: String,
    },
}

/// `50:14` or `2.5:10`: a share in per cent and days.
fn part(text: &str) -> Result<TermsPartAsked, String> {
    let say = || "Enter a share and days, as in 50:14".to_owned();
    let (share, days) = text.split_once(':').ok_or_else(say)?;
    let share_bp = Pence::parse(share.trim()).ok_or_else(say)?.0;
    Ok(TermsPartAsked { share_bp, days: days.trim().parse().map_err(|_| say())? })
}

/// Payment terms.
pub async fn payment_terms(shop: &Shop, ask: Terms, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        Terms::Add { code, name, parts, discount } => {
            let (discount_bp, discount_days) = discount.map_or((0, 0), |part| (part.share_bp, part.days));
            let ask = AddPaymentTerms { key: shop.key(), code, name, parts, discount_bp, discount_days };
            let answer = add_payment_terms(desk, by, ask).await?;
            out.answer(&answer, || format!("{} can be chosen.", answer.row.code))?;
        }
        Terms::List => {
            let rows = payment_terms_list(desk, by).await?;
            let line = |one: &PaymentTermsShown| {
                let parts: Vec<String> = one
                    .parts
                    .iter()
                    .map(|part| format!("{} in {} days", BasisPoints(part.share_bp), part.days))
                    .collect();
                vec![one.row.code.clone(), one.row.name.clone(), parts.join(", "), one.row.active.to_string()]
            };
            let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
            out.answer(&rows, || table(&["code", "name", "parts", "in use"], &[], &lines))?;
        }
        Terms::Of { customer, code: None } => {
            let found = customer_terms(&open.desk, &open.by, &customer).await?;
            out.answer(&found, || of_customer(&found))?;
        }
        Terms::Of { customer, code: Some(code) } => {
            let terms = if code == "-" { String::new() } else { code };
            let ask = SetCustomerTerms { key: shop.key(), customer, terms };
            let set = set_customer_terms(&open.desk, &open.by, ask).await?;
            out.answer(&set, || of_customer(&set))?;
        }
        Terms::End { code } => set(shop, &open, (code, false), out).await?,
        Terms::Offer { code } => set(shop, &open, (code, true), out).await?,
    }
    done()
}

fn of_customer(found: &CustomerTerms) -> String {
    match found.terms.as_str() {
        "" => format!("Invoices of {} are due by the customer's days.", found.customer),
        terms => format!("Invoices of {} have the terms {terms}.", found.customer),
    }
}

async fn set(shop: &Shop, open: &super::Open, (code, active): (String, bool), out: &mut Out) -> Outcome<()> {
    let ask = SetPaymentTerms { key: shop.key(), code, active };
    let answer = set_payment_terms(&open.desk, &open.by, ask).await?;
    let words = if active { "can be chosen" } else { "can no longer be chosen" };
    out.answer(&answer, || format!("{} {words}.", answer.row.code))
}
