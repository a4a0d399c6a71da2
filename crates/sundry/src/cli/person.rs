//! The people's side of recovery, typed: cases, who acts, needs, calls, the hold register.
use super::input::{date, pounds};
use super::out::{Out, table};
use super::rooms::{Input, asked};
use super::{Shop, done, file_bytes};
use chrono::NaiveDate;
use clap::Subcommand;
use serde_json::json;
use std::path::PathBuf;
use sundry_desk::court::{AboutCustomer, about_customer};
use sundry_desk::customers::{AskForChange, ask_for_change};
use sundry_desk::queries::NewFile;
use sundry_desk::recovery::people::{
    ActOnCase, AddActing, AddJoint, CasesAsk, ConfirmCase, EndActing, LogCall, MarkNeed, NoticeFile, NoticeTaken,
    ProveActing, ReadNeeds, RegisterAsk, TakeNotice, act_on_case, acting_for, add_acting, add_joint, call_list, cases,
    confirm_case, end_acting, hold_register, hold_week, log_call, mark_need, person_case, prove_acting, read_needs,
    ready_to_call, take_notice, take_notices,
};
use sundry_desk::{Actor, Desk, Outcome};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;

/// People.
#[derive(Debug, Subcommand)]
pub enum Person {
    /// List cases that stop recovery for a person
    Cases {
        /// to_match, in_force, ended or not_ours
        #[arg(long, default_value = "in_force")]
        state: String,
        /// Only this customer's
        #[arg(long, default_value = "")]
        customer: String,
    },
    /// Show a case with its debts and tasks
    Case {
        /// The case
        number: String,
    },
    /// Take in a notice: breathing space, a death, an insolvency, gone away
    Notice {
        /// Where the request comes from
        #[command(flatten)]
        from: Input,
        /// standard, crisis, death, bankruptcy, dro, iva, administration, liquidation, gone and so on
        #[arg(long)]
        form: Option<String>,
        /// Customer number, where it is known
        #[arg(long)]
        customer: Option<String>,
        /// The name as told
        #[arg(long)]
        person: Option<String>,
        /// Their address as told
        #[arg(long)]
        address: Option<String>,
        /// An account number of ours, as told
        #[arg(long)]
        account: Option<String>,
        /// Who told us
        #[arg(long)]
        source: Option<String>,
        /// Their reference
        #[arg(long)]
        reference: Option<String>,
        /// First day
        #[arg(long, value_name = "DATE", value_parser = date)]
        starts: Option<NaiveDate>,
        /// Last day, where the notice names one
        #[arg(long, value_name = "DATE", value_parser = date)]
        ends: Option<NaiveDate>,
        /// Number of a debt it names; may be given again
        #[arg(long = "debt")]
        debts: Vec<String>,
    },
    /// Take in a file of notices: CSV with the headings reference, name, start date, and other fields of a notice
    Notices {
        /// The file
        file: PathBuf,
        /// Who told us, where the file does not say it
        #[arg(long, default_value = "Debt respite register")]
        source: String,
    },
    /// Say whose a notice is, or that it is not about a customer of ours
    Confirm {
        /// The case
        number: String,
        /// Customer number
        #[arg(long, default_value = "")]
        customer: String,
        /// Number of a debt it names; may be given again
        #[arg(long = "debt")]
        debts: Vec<String>,
        /// Why it is not about a customer of ours
        #[arg(long, default_value = "")]
        words: String,
        /// The adviser has confirmed a second one within twelve months
        #[arg(long)]
        confirmed_by_adviser: bool,
    },
    /// Do something to a case in force
    Act {
        /// The case
        number: String,
        /// do_task, write, treatment_ended, add_debt, free_joint, hand_over or end
        act: String,
        /// For do_task: which
        #[arg(long)]
        task: Option<i64>,
        /// For add_debt and free_joint: the debt
        #[arg(long, default_value = "")]
        debt: String,
        /// The day
        #[arg(long, value_name = "DATE", value_parser = date)]
        on: Option<NaiveDate>,
        /// For hand_over: the new owner
        #[arg(long, default_value = "")]
        owner: String,
        /// Why, or how it was done
        #[arg(long, default_value = "")]
        words: String,
    },
    /// Record that somebody else owes a debt too
    Joint {
        /// Customer number of the account on which it stands
        customer: String,
        /// The debt
        #[arg(long)]
        debt: String,
        /// Customer number of who owes it too
        #[arg(long)]
        other: String,
        /// contract, guarantee, joint or top_up
        #[arg(long)]
        because: String,
        /// The agreement
        #[arg(long, default_value = "")]
        evidence: String,
    },
    /// Record who acts for a customer
    Represent {
        /// Where the request comes from
        #[command(flatten)]
        from: Input,
    },
    /// Insolvencies, estates, charges for late payment and facts of debts of a customer
    About {
        /// The customer
        customer: String,
    },
    /// List who acts for a customer
    Representatives {
        /// Customer number
        customer: String,
    },
    /// Keep a copy of the document that proves an authority
    Prove {
        /// Number of who acts
        number: String,
        /// The file
        file: PathBuf,
        /// What it shows
        #[arg(long)]
        words: String,
    },
    /// End an authority
    EndAuthority {
        /// Number of who acts
        number: String,
        /// Why
        #[arg(long)]
        words: String,
    },
    /// Mark what a customer needs of us
    Need {
        /// Where the request comes from
        #[command(flatten)]
        from: Input,
    },
    /// Read what is kept of a customer's needs; the trail remembers it
    Needs {
        /// Customer number
        customer: String,
        /// What for
        #[arg(long)]
        why: String,
    },
    /// Ask for a new address or bank account, which waits for a second person
    Change {
        /// Where the request comes from
        #[command(flatten)]
        from: Input,
    },
    /// Record a call
    Call {
        /// Customer number
        customer: String,
        /// spoke, no_answer, left_message, wrong_number, refuses, disputes, will_pay or call_back
        outcome: String,
        /// They called us
        #[arg(long)]
        incoming: bool,
        /// Number of who acts for the customer
        #[arg(long, default_value = "")]
        talking_to: String,
        /// What was said
        #[arg(long, default_value = "")]
        words: String,
        /// What to do next
        #[arg(long, default_value = "")]
        next_step: String,
        /// And when
        #[arg(long, value_name = "DATE", value_parser = date)]
        next: Option<NaiveDate>,
        /// How much they promise, in pounds
        #[arg(long, value_parser = pounds)]
        promise: Option<Pence>,
        /// By when
        #[arg(long, value_name = "DATE", value_parser = date)]
        by: Option<NaiveDate>,
        /// Number of a debt the promise names; may be given again
        #[arg(long = "item")]
        items: Vec<String>,
    },
    /// Whether a customer may be called now, and what to say
    Ready {
        /// Customer number
        customer: String,
    },
    /// Who is to be called
    Calls,
    /// Everything that stops recovery, with pounds at risk
    Holds {
        /// hold, query, freeze or flag
        #[arg(long, default_value = "")]
        what: String,
        /// Only this owner's
        #[arg(long, default_value = "")]
        owner: String,
        /// Only what runs out within so many days
        #[arg(long)]
        within_days: Option<i64>,
    },
    /// How a week of holds went
    HoldsWeek {
        /// Any day of the week; today when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        on: Option<NaiveDate>,
    },
}

/// People.
pub async fn person(shop: &Shop, ask: Person, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let at = (&open.desk, &open.by);
    match ask {
        Person::Cases { .. }
        | Person::Case { .. }
        | Person::Notice { .. }
        | Person::Confirm { .. }
        | Person::Act { .. }
        | Person::Joint { .. } => of_cases(shop, at, ask, out).await,
        Person::Call { .. }
        | Person::Ready { .. }
        | Person::Calls
        | Person::Holds { .. }
        | Person::HoldsWeek { .. } => of_calls(shop, at, ask, out).await,
        _ => of_people(shop, at, ask, out).await,
    }
}

fn day(on: Option<NaiveDate>) -> String {
    on.map(|on| on.to_string()).unwrap_or_default()
}

async fn of_cases(shop: &Shop, (desk, by): (&Desk, &Actor), ask: Person, out: &mut Out) -> Outcome<u8> {
    match ask {
        Person::Cases { state, customer } => {
            let answer = cases(desk, by, CasesAsk { state, customer, ..CasesAsk::default() }).await?;
            out.answer(&answer, || {
                let row = |one: &sundry_desk::recovery::people::CaseLine| {
                    let (starts, ends) = (one.starts_on.to_string(), day(one.ends_on));
                    let task = one.next_task.clone();
                    vec![one.number.clone(), one.form_name.clone(), one.person.clone(), starts, ends, task]
                };
                let rows: Vec<Vec<String>> = answer.rows.iter().map(row).collect();
                table(&["case", "what", "who", "from", "to", "next task"], &[], &rows)
            })?;
        }
        Person::Case { number } => {
            let answer = person_case(desk, by, &number).await?;
            out.answer(&answer, || {
                let row = |one: &sundry_store::people::CaseTaskRow| {
                    vec![one.seq.to_string(), one.what.clone(), one.due_on.to_string(), day(one.done_on)]
                };
                let rows: Vec<Vec<String>> = answer.tasks.iter().map(row).collect();
                let head = format!("{} is {}: {}.\n", answer.case.number, answer.case.state, answer.form_name);
                let letter = answer.letter.as_ref().map(|one| format!("{} was written on {}.\n", one.number, one.on));
                head + &letter.unwrap_or_default() + &table(&["task", "what", "by", "done"], &[0], &rows)
            })?;
        }
        Person::Notice { from, form, customer, person, address, account, source, reference, starts, ends, debts } => {
            let typed = json!({
                "form": form, "customer": customer, "person": person, "address": address, "account": account,
                "source": source, "reference": reference, "starts_on": starts, "ends_on": ends, "debts": debts,
            });
            let answer = take_notice(desk, by, asked::<TakeNotice>(shop, &from, typed)?).await?;
            out.answer(&answer, || format!("{} is {}.", answer.number, answer.state.replace('_', " ")))?;
        }
        Person::Notices { file, source } => {
            let wrong = |why: String| Invalid::field("file", why, file.display().to_string());
            let bytes = file_bytes(&file).map_err(wrong)?;
            let answer = take_notices(desk, by, NoticeFile { key: shop.key(), source, bytes }).await?;
            out.answer(&answer, || {
                let row = |one: &NoticeTaken| {
                    let came = if one.problem.is_empty() { one.state.replace('_', " ") } else { one.problem.clone() };
                    vec![one.row.to_string(), one.reference.clone(), one.case.clone(), came]
                };
                let rows: Vec<Vec<String>> = answer.iter().map(row).collect();
                table(&["row", "reference", "case", "what came of it"], &[0], &rows)
            })?;
        }
        Person::Confirm { number, customer, debts, words, confirmed_by_adviser } => {
            let ask = ConfirmCase { key: shop.key(), number, customer, debts, words, confirmed_by_adviser };
            let answer = confirm_case(desk, by, ask).await?;
            out.answer(&answer, || format!("{} is {}.", answer.number, answer.state.replace('_', " ")))?;
        }
        Person::Act { number, act, task, debt, on, owner, words } => {
            let ask = ActOnCase { key: shop.key(), number, act, task, debt, on, owner, words };
            let answer = act_on_case(desk, by, ask).await?;
            out.answer(&answer, || format!("{} is {}.", answer.number, answer.state.replace('_', " ")))?;
        }
        Person::Joint { customer, debt, other, because, evidence } => {
            let ask = AddJoint { key: shop.key(), customer, debt, other, because, evidence };
            let answer = add_joint(desk, by, ask).await?;
            out.answer(&answer, || format!("{} owes {} too.", answer.other, answer.debt))?;
        }
        _ => {}
    }
    done()
}

fn about_words(about: &AboutCustomer) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut add = |what: &str, number: &str, on: NaiveDate, words: String| {
        rows.push(vec![what.to_owned(), number.to_owned(), on.to_string(), words]);
    };
    for one in &about.insolvencies {
        let row = &one.insolvency;
        add("insolvency", &row.number, row.on_day, format!("{}, {}", row.kind, row.state));
    }
    for row in &about.estates {
        add("estate", &row.number, row.died_on, row.state.clone());
    }
    for row in &about.late_charges {
        let words = format!("{} {}, {} open", row.part, Pence(row.amount_pence), Pence(row.open_pence));
        add("late charge", &row.number, row.as_at, words);
    }
    for row in &about.fees {
        let stands = if row.withdrawn_on.is_some() { "withdrawn" } else { "counts" };
        add("fee by contract", &row.term, row.from_on, format!("{}, {stands}", Pence(row.fee_pence)));
    }
    for row in &about.facts {
        let stands = if row.withdrawn_on.is_some() { "withdrawn" } else { "counts" };
        add("fact", &row.debt, row.happened_on, format!("{}, {stands}", row.fact));
    }
    table(&["what", "number", "day", "stands"], &[], &rows)
}

async fn of_people(shop: &Shop, (desk, by): (&Desk, &Actor), ask: Person, out: &mut Out) -> Outcome<u8> {
    match ask {
        Person::Represent { from } => {
            let answer = add_acting(desk, by, asked::<AddActing>(shop, &from, json!({}))?).await?;
            out.answer(&answer, || format!("{} is recorded; add a copy of the document.", answer.number))?;
        }
        Person::About { customer } => {
            let about = about_customer(desk, by, &customer).await?;
            out.answer(&about, || about_words(&about))?;
        }
        Person::Representatives { customer } => {
            let answer = acting_for(desk, by, &customer).await?;
            out.answer(&answer, || {
                let row = |one: &sundry_desk::recovery::people::ActingShown| {
                    let (number, name) = (one.row.number.clone(), one.row.name.clone());
                    vec![number, name, one.authority_name.clone(), one.stands.replace('_', " "), day(one.row.to_on)]
                };
                let rows: Vec<Vec<String>> = answer.iter().map(row).collect();
                table(&["number", "name", "authority", "stands", "until"], &[], &rows)
            })?;
        }
        Person::Prove { number, file, words } => {
            let wrong = |why: String| Invalid::field("file", why, file.display().to_string());
            let bytes = file_bytes(&file).map_err(wrong)?;
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let ask = ProveActing { key: shop.key(), number, words };
            let answer = prove_acting(desk, by, ask, NewFile { name, bytes }).await?;
            out.answer(&answer, || format!("{} is proved.", answer.number))?;
        }
        Person::EndAuthority { number, words } => {
            let answer = end_acting(desk, by, EndActing { key: shop.key(), number, words }).await?;
            out.answer(&answer, || format!("{} has ended.", answer.number))?;
        }
        Person::Need { from } => {
            let answer = mark_need(desk, by, asked::<MarkNeed>(shop, &from, json!({}))?).await?;
            out.answer(&answer, || format!("Marked; to be looked at again on {}.", answer.review_on))?;
        }
        Person::Needs { customer, why } => {
            let answer = read_needs(desk, by, ReadNeeds { key: shop.key(), customer, why }).await?;
            out.answer(&answer, || {
                let row = |one: &sundry_desk::recovery::people::NeedShown| {
                    vec![one.need.clone(), one.adjustments.join("; "), one.reason.clone(), day(one.review_on)]
                };
                let rows: Vec<Vec<String>> = answer.iter().map(row).collect();
                table(&["need", "what we change", "how we know", "review"], &[], &rows)
            })?;
        }
        Person::Change { from } => {
            let answer = ask_for_change(desk, by, asked::<AskForChange>(shop, &from, json!({}))?).await?;
            out.answer(&answer, || format!("{} waits for somebody who calls back.", answer.approval))?;
        }
        _ => {}
    }
    done()
}

async fn of_calls(shop: &Shop, (desk, by): (&Desk, &Actor), ask: Person, out: &mut Out) -> Outcome<u8> {
    match ask {
        Person::Call { customer, outcome, incoming, talking_to, words, next_step, next, promise, by: until, items } => {
            let ask = LogCall {
                key: shop.key(),
                customer,
                direction: if incoming { "in".into() } else { "out".into() },
                talking_to,
                outcome,
                words,
                next_step,
                next_on: next,
                promise_pence: promise.map(|sum| sum.0),
                promise_on: until,
                promise_items: items,
            };
            let answer = log_call(desk, by, ask).await?;
            let next = if answer.next_step.is_empty() { "nothing".to_owned() } else { answer.next_step.clone() };
            out.answer(&answer, || format!("Recorded. Next: {next} {}", day(answer.next_on)).trim_end().to_owned())?;
        }
        Person::Ready { customer } => {
            let answer = ready_to_call(desk, by, &customer).await?;
            out.answer(&answer, || {
                let verdict = match &answer.refusal {
                    Some(no) => format!("Not now: {} ({})", no.sentence, no.code),
                    None => format!("You may call {} on {}", answer.name, answer.phone),
                };
                std::iter::once(verdict).chain(answer.points.iter().cloned()).collect::<Vec<_>>().join("\n")
            })?;
        }
        Person::Calls => {
            let answer = call_list(desk, by).await?;
            out.answer(&answer, || {
                let row = |one: &sundry_desk::recovery::people::ToCall| {
                    let overdue = Pence(one.overdue_pence).to_string();
                    vec![one.customer.clone(), one.name.clone(), one.why.clone(), overdue, one.not_today.clone()]
                };
                let rows: Vec<Vec<String>> = answer.rows.iter().map(row).collect();
                table(&["customer", "name", "why", "overdue", "not today"], &[3], &rows)
            })?;
        }
        Person::Holds { what, owner, within_days } => {
            let answer =
                hold_register(desk, by, &RegisterAsk { what, owner, within_days, ..Default::default() }).await?;
            out.answer(&answer, || {
                let row = |one: &sundry_desk::recovery::people::Stop| {
                    let risk = Pence(one.row.risk_pence).to_string();
                    let (number, debt) = (one.row.customer_number.clone(), one.row.item_number.clone());
                    vec![number, debt, one.reason_name.clone(), one.row.owner.clone(), day(one.row.until_on), risk]
                };
                let rows: Vec<Vec<String>> = answer.stops.iter().map(row).collect();
                let total = format!("\n{} at risk.", Pence(answer.risk_pence));
                table(&["customer", "debt", "reason", "owner", "until", "at risk"], &[5], &rows) + &total
            })?;
        }
        Person::HoldsWeek { on } => {
            let answer = hold_week(desk, by, on.unwrap_or_else(|| desk.today())).await?;
            out.answer(&answer, || {
                let row = |one: &sundry_store::people::register::WeekRow| {
                    let counts = [one.placed, one.ended, one.live, one.open_ended, one.soon].map(|n| n.to_string());
                    [vec![one.reason.clone(), one.owner.clone()], counts.to_vec()].concat()
                };
                let rows: Vec<Vec<String>> = answer.rows.iter().map(row).collect();
                let heads = ["reason", "owner", "placed", "ended", "live", "open-ended", "run out soon"];
                table(&heads, &[2, 3, 4, 5, 6], &rows)
            })?;
        }
        _ => {}
    }
    done()
}
