//! Credits that wait: what becomes of them, and moving money elsewhere.
use super::{approval, places, state_tag};
use crate::web::door::invoice_at;
use crate::web::ui::{self, Frame, Html};
use sundry_domain::cash::refunds::Authority;
use sundry_domain::money::Pence;
use sundry_store::cash_refunds::{OverpaymentRow, TransferRow};

/// Credits that wait on accounts.
pub fn overpayments_body(
    frame: &Frame,
    rows: &[OverpaymentRow],
    sum: Pence,
    undecided: bool,
    (page, pages): (i64, i64),
    may: bool,
) -> Html {
    let nav = ui::sub_navigation("Overpayments").place("To decide", "/cash/overpayments", undecided).place(
        "All credits",
        "/cash/overpayments?show=all",
        !undecided,
    );
    let top = places(frame, "/cash/overpayments").and(nav);
    if rows.is_empty() {
        return top.and(ui::empty(
            "No credits to decide about",
            "Money on account is used, or has a day to be looked at again.",
        ));
    }
    let lines = rows.iter().map(|row| {
        let credit = crate::web::door::form_encode(&row.number);
        let decided = match (&row.choice, row.review_on) {
            (Some(_), Some(day)) => {
                Html::from(ui::or_dash(row.words.as_deref().unwrap_or_default())).and(ui::sub_line(ui::date(day)))
            }
            (Some(choice), None) => choice.replace('_', " ").into(),
            (None, _) => "Not decided".into(),
        };
        let number = if may {
            ui::link(format!("/cash/overpayments/decide?credit={credit}"), &row.number)
        } else {
            Html::text(&row.number)
        };
        ui::row()
            .cell(number)
            .cell(ui::link(
                format!("/customers/{}", row.customer_number),
                format!("{}, {}", row.customer_name, row.customer_number),
            ))
            .cell(row.dated_on)
            .cell(Pence(row.left_pence))
            .cell(Pence(row.owes_pence))
            .cell(decided)
    });
    let blank = Html::default;
    let table = ui::table("Credits that wait")
        .columns([
            ui::col("Credit"),
            ui::col("Customer"),
            ui::col("Since").nowrap(),
            ui::num("In credit"),
            ui::num("Owes beside it"),
            ui::col("Decided"),
        ])
        .rows(lines)
        .total([Html::from("All that fit"), blank(), blank(), sum.into(), blank(), blank()]);
    let number = |n: i64| u32::try_from(n).unwrap_or(1);
    let show = if undecided { "" } else { "all" };
    top.and(table).and(ui::pagination(number(page), number(pages), format!("/cash/overpayments?show={show}&page=")))
}

/// What was typed about a credit: choice, why, authority, day, amounts by item.
#[derive(Clone, Debug, Default)]
pub struct DecisionTyped {
    /// Choice, why, authority, day.
    pub said: (String, String, String, String),
    /// Item number and amount.
    pub amounts: Vec<(String, String)>,
}

/// Keeping a credit, or offsetting it: debts are number, what for, open.
pub fn decision_form(
    frame: &Frame,
    credit: &str,
    left: Pence,
    debts: &[(String, String, Pence)],
    typed: &DecisionTyped,
) -> Html {
    let errors = &frame.errors;
    let (choice, words, authority, on) = &typed.said;
    let choices = [
        ui::choice("refund", "Refund it").hint("Someone else approves it; the form comes next"),
        ui::choice("transfer", "Move it to another customer or fund").hint("Someone else approves it"),
        ui::choice("on_account", "Leave it on the account")
            .hint("For a payment before its invoice, or one the customer wants kept"),
        ui::choice("offset", "Set it against what they owe").hint("Takes somebody's word"),
    ];
    let authorities =
        std::iter::once(("", "Choose")).chain(Authority::ALL.iter().map(|one| (one.as_str(), one.name())));
    let typed_of =
        |number: &str| typed.amounts.iter().find(|(name, _)| name == number).map_or("", |(_, text)| text.as_str());
    let rows = debts.iter().map(|(number, what, open)| {
        ui::row().cell(ui::link(invoice_at(number), number)).cell(ui::or_dash(what)).cell(*open).cell(
            ui::amount_input(format!("amount-{number}"), format!("Amount for {number}"), typed_of(number)).hide_label(),
        )
    });
    let table = ui::table("What they owe")
        .columns([ui::col("Debt"), ui::col("For"), ui::num("Open"), ui::col("Offset")])
        .rows(rows);
    let debts = if debts.is_empty() {
        ui::muted("They owe nothing that it could be set against.").into()
    } else {
        Html::from(table)
    };
    let body = Html::from(ui::para(format!("{left} is left of {credit}.")))
        .and(ui::radios("choice", "What becomes of it", choice, choices).errors(errors))
        .and(ui::textarea("words", "Why, and where that is written", words).rows(2).errors(errors))
        .and(ui::date_input("review_on", "To be kept: look again on", on).hint("19/11/26 or +30").errors(errors))
        .and(ui::select("authority", "To be offset: on whose word", authority, authorities).errors(errors))
        .and(ui::panel("To be offset: against what", debts))
        .and(ui::button("Continue"));
    let action = format!("/cash/overpayments/decide?credit={}", crate::web::door::form_encode(credit));
    ui::post_form(action, frame.tokens("decide"), body).id("lines").into()
}

/// Moving money: what was typed is amount, customer, fund, why, authority.
pub fn transfer_form(
    frame: &Frame,
    credit: &str,
    (available, suspense): (Pence, bool),
    funds: &[(String, String)],
    typed: &(String, String, String, String, String),
) -> Html {
    let errors = &frame.errors;
    let (amount, customer, fund, words, authority) = typed;
    let funds = std::iter::once((String::new(), "Choose".to_owned()))
        .chain(funds.iter().map(|(code, name)| (code.clone(), format!("{name}, {code}"))));
    let mut body = Html::from(ui::para(format!("{available} can be moved. Someone else approves it.")))
        .and(ui::amount_input("amount", "Amount", amount).errors(errors));
    if !suspense {
        body = body.and(ui::input("to_customer", "To customer, by number", customer).width(10).errors(errors));
    }
    body = body
        .and(ui::select("to_fund", if suspense { "To fund" } else { "Or to fund" }, fund, funds).errors(errors))
        .and(ui::textarea("words", "Why", words).rows(2).errors(errors));
    if !suspense {
        let label = "Who allows it, and where that is written";
        body = body.and(ui::input("authority", label, authority).errors(errors));
    }
    let action = format!("/cash/transfers/new?credit={}", crate::web::door::form_encode(credit));
    ui::post_form(action, frame.tokens("transfer"), body.and(ui::button("Ask for approval"))).into()
}

/// The list of transfers.
pub fn transfers_body(frame: &Frame, rows: &[TransferRow]) -> Html {
    if rows.is_empty() {
        return places(frame, "")
            .and(ui::empty("No transfers yet", "A transfer begins at a credit or at money in suspense."));
    }
    let lines = rows.iter().map(|row| {
        let to = if row.to_fund.is_empty() { row.to_customer.clone() } else { format!("fund {}", row.to_fund) };
        ui::row()
            .cell(&row.number)
            .cell(row.asked_on)
            .cell(&row.credit_number)
            .cell(to)
            .cell(&row.words)
            .cell(approval(frame, &row.approval))
            .cell(state_tag(&row.state))
            .cell(Pence(row.amount_pence))
    });
    places(frame, "").and(
        ui::table("Transfers")
            .columns([
                ui::col("Transfer"),
                ui::col("Asked on").nowrap(),
                ui::col("From"),
                ui::col("To"),
                ui::col("Why"),
                ui::col("Approval"),
                ui::col("State"),
                ui::num("Amount"),
            ])
            .rows(lines),
    )
}
