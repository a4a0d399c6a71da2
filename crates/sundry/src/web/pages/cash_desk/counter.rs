//! Cheques and cash: the register, taking one, and what follows when it comes back.
use super::{places, state_tag, what};
use crate::web::ui::{self, Frame, Html};
use sundry_domain::cash::counter::CounterState;
use sundry_domain::money::Pence;
use sundry_store::cash_counter::CounterPaymentRow;

/// The register.
pub fn register_body(
    frame: &Frame,
    rows: &[CounterPaymentRow],
    (state, find): (&str, &str),
    sum: Pence,
    (page, pages): (i64, i64),
) -> Html {
    let nav = ui::sub_navigation("Cheques and cash by state").place("All", "/cash/counter", state.is_empty());
    let nav = CounterState::ALL.iter().fold(nav, |nav, one| {
        nav.place(one.name(), format!("/cash/counter?state={}", one.as_str()), one.as_str() == state)
    });
    let filter = ui::filters("/cash/counter")
        .field(ui::input("find", "Drawer, cheque, receipt or amount", find).width(20))
        .field(ui::hidden("state", state))
        .clear(format!("/cash/counter?state={state}"));
    let top = places(frame, "/cash/counter").and(nav).and(filter);
    if rows.is_empty() {
        return top.and(ui::empty(
            "No cheques or cash here",
            "Everything taken by hand is in this register until it has cleared.",
        ));
    }
    let lines = rows.iter().map(|row| {
        let receipt = if row.receipt_number.is_empty() {
            Html::from("Other funds")
        } else {
            ui::link(format!("/cash/receipts/{}", row.receipt_number), &row.receipt_number)
        };
        ui::row()
            .cell(ui::link(format!("/cash/counter/{}", row.number), &row.number))
            .cell(row.received_on)
            .cell(what(row))
            .cell(ui::or_dash(&row.payer_name))
            .cell(ui::or_dash(&row.drawer_bank))
            .cell(receipt)
            .cell(state_tag(&row.state))
            .cell(Pence(row.amount_pence))
    });
    let blank = Html::default;
    let table = ui::table("Cheques and cash")
        .columns([
            ui::col("Payment"),
            ui::col("Received").nowrap(),
            ui::col("What"),
            ui::col("Drawer"),
            ui::col("Bank"),
            ui::col("Receipt"),
            ui::col("State"),
            ui::num("Amount"),
        ])
        .rows(lines)
        .total([Html::from("All that fit"), blank(), blank(), blank(), blank(), blank(), blank(), sum.into()]);
    let number = |n: i64| u32::try_from(n).unwrap_or(1);
    let find = crate::web::door::form_encode(find);
    top.and(table).and(ui::pagination(
        number(page),
        number(pages),
        format!("/cash/counter?state={state}&find={find}&page="),
    ))
}

/// What was typed into the form for a cheque or cash.
#[derive(Clone, Debug, Default)]
pub struct TakeTyped {
    /// Method, amount, day, drawer, cheque number, bank, words.
    pub head: [String; 7],
    /// Customer, amount, invoice.
    pub shares: Vec<(String, String, String)>,
    /// Fund, amount, what for.
    pub funds: Vec<(String, String, String)>,
}

/// The form for a cheque or cash.
pub fn take_form(frame: &Frame, funds: &[(String, String)], typed: &TakeTyped) -> Html {
    let errors = &frame.errors;
    let [method, amount, on, drawer, number, bank, words] = &typed.head;
    let methods = [("cheque", "Cheque"), ("cash", "Cash")];
    let shares = typed.shares.iter().enumerate().map(|(at, (customer, share, invoice))| {
        let n = at + 1;
        ui::row_of([
            Html::from(ui::input(format!("customer-{n}"), format!("Customer {n}, by number"), customer).width(10)),
            ui::amount_input(format!("share-{n}"), format!("Share {n}"), share).into(),
            ui::input(format!("invoice-{n}"), format!("Invoice {n}, empty for on account"), invoice).width(20).into(),
        ])
    });
    let parts = typed.funds.iter().enumerate().map(|(at, (fund, share, what))| {
        let n = at + 1;
        let choices = std::iter::once((String::new(), "None".to_owned()))
            .chain(funds.iter().map(|(code, name)| (code.clone(), format!("{name}, {code}"))));
        ui::row_of([
            Html::from(ui::select(format!("fund-{n}"), format!("Fund {n}"), fund, choices)),
            ui::amount_input(format!("part-{n}"), format!("Amount for fund {n}"), share).into(),
            ui::input(format!("what-{n}"), format!("What for {n}"), what).width(20).into(),
        ])
    });
    let shares_error = match errors.of("shares") {
        Some(words) => ui::cell_error(words),
        None => Html::default(),
    };
    let body = Html::from(ui::radios("method", "What it is", method, methods).inline().errors(errors))
        .and(ui::row_of([
            Html::from(ui::amount_input("amount", "Amount", amount).errors(errors)),
            ui::date_input("received_on", "Received", on).errors(errors).into(),
        ]))
        .and(ui::row_of([
            Html::from(ui::input("cheque_number", "Cheque number", number).width(10).errors(errors)),
            ui::input("payer_name", "Drawer, or who brought it", drawer).width(20).errors(errors).into(),
            ui::input("drawer_bank", "Drawn on", bank).width(20).errors(errors).into(),
        ]))
        .and(ui::input("words", "Anything said about it", words).width(30).errors(errors))
        .and(ui::boxed("Customers' shares", shares_error.and(ui::parts(shares))))
        .and(ui::boxed("For other funds", ui::parts(parts)))
        .and(ui::button("Take it"));
    ui::post_form("/cash/counter/new", frame.tokens("take"), body).id("shares").guarded().into()
}

/// One payment: facts, shares, and what follows if it comes back.
pub fn payment_body(frame: &Frame, view: &sundry_desk::cash::counter::PaymentView, reason: &str, may: bool) -> Html {
    let row = &view.payment;
    let mut facts = ui::summary_list()
        .fact("State", state_tag(&row.state))
        .fact("Amount", Pence(row.amount_pence))
        .fact("What", what(row))
        .fact("Drawer", ui::or_dash(&row.payer_name))
        .fact_if("Drawn on", &row.drawer_bank)
        .fact("Received", row.received_on)
        .fact("Taken by", &row.taken_by_name)
        .fact_if("Said about it", &row.words);
    if !row.receipt_number.is_empty() {
        facts = facts.fact("Receipt", ui::link(format!("/cash/receipts/{}", row.receipt_number), &row.receipt_number));
    }
    for (number, name, amount) in &view.customers {
        let who = ui::link(format!("/customers/{number}"), format!("{name}, {number}"));
        facts = facts.fact("Share", Html::from(Pence(*amount)).and(" to ").and(who));
    }
    for share in &view.funds {
        facts = facts.fact("Share", format!("{} to fund {} {}", Pence(share.amount_pence), share.gl_code, share.words));
    }
    if let Some((number, _)) = &view.batch {
        facts = facts.fact("Paid in by", ui::link(format!("/cash/paying-in/{number}"), number));
    }
    if let Some(day) = row.returned_on {
        facts = facts.fact("Came back", day).fact("Why", &row.return_reason);
    }
    if row.state == "returned" || row.state == "paying_in" || !may {
        return facts.into();
    }
    let follows = view.if_returned.iter().map(|one| (ui::Verdict::Look, one.as_str()));
    let letter = ui::choice("yes", "Write to the customer").chosen(true);
    let body = Html::from(ui::checks(follows))
        .and(ui::input("reason", "Why, as the bank says", reason).hint("Refer to drawer").errors(&frame.errors))
        .and(ui::checkboxes("letter", "Letter", [letter]))
        .and(ui::button("It came back unpaid").warning());
    let form = ui::post_form(format!("/cash/counter/{}", row.number), frame.tokens("return"), body);
    ui::grid([(7, Html::from(facts)), (5, ui::boxed("If it comes back", form).into())]).into()
}
