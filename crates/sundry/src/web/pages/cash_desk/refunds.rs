//! Refunds: the list, the form, one with what can be done.
use super::{approval, method_words, places, reason_words, state_tag};
use crate::web::ui::{self, Frame, Html};
use sundry_domain::cash::refunds::{RefundMethod, RefundReason};
use sundry_domain::money::Pence;
use sundry_store::cash_refunds::{ListedRefundRow, RefundRow};

/// The list of refunds.
pub fn refunds_body(
    frame: &Frame,
    view: &str,
    rows: &[ListedRefundRow],
    sum: Pence,
    (page, pages): (i64, i64),
) -> Html {
    const VIEWS: [(&str, &str); 6] = [
        ("waiting", "Waiting for approval"),
        ("to_pay", "To pay"),
        ("paying", "Being paid"),
        ("paid", "Paid"),
        ("closed", "Refused, withdrawn, came back"),
        ("all", "All"),
    ];
    let nav = VIEWS.iter().fold(ui::sub_navigation("Refunds by state"), |nav, (word, words)| {
        nav.place(*words, format!("/cash/refunds?view={word}"), *word == view)
    });
    let top = places(frame, "/cash/refunds").and(nav);
    if rows.is_empty() {
        let words = "A refund begins at the credit: open Overpayments, a receipt, or suspense.";
        let action = ui::link_button("Overpayments", "/cash/overpayments").secondary();
        return top.and(ui::empty("No refunds here", words).action(action));
    }
    let lines = rows.iter().map(|row| {
        let whose = match (&row.customer_name, &row.customer_number) {
            (Some(name), Some(number)) => ui::link(format!("/customers/{number}"), format!("{name}, {number}")),
            _ => "From suspense".into(),
        };
        ui::row()
            .cell(ui::link(format!("/cash/refunds/{}", row.number), &row.number))
            .cell(row.asked_on)
            .cell(whose)
            .cell(&row.credit_number)
            .cell(reason_words(&row.reason))
            .cell(method_words(&row.method))
            .cell(state_tag(&row.state))
            .cell(Pence(row.amount_pence))
    });
    let blank = Html::default;
    let table = ui::table("Refunds")
        .columns([
            ui::col("Refund"),
            ui::col("Asked on").nowrap(),
            ui::col("Customer"),
            ui::col("Credit"),
            ui::col("Why"),
            ui::col("How"),
            ui::col("State"),
            ui::num("Amount"),
        ])
        .rows(lines)
        .total([Html::from("All that fit"), blank(), blank(), blank(), blank(), blank(), blank(), sum.into()]);
    let number = |n: i64| u32::try_from(n).unwrap_or(1);
    top.and(table).and(ui::pagination(number(page), number(pages), format!("/cash/refunds?view={view}&page=")))
}

/// What was typed into the form for a refund.
#[derive(Clone, Debug, Default)]
pub struct RefundTyped {
    /// Amount, reason, evidence, method.
    pub what: (String, String, String, String),
    /// Payee, address, sort code, account.
    pub to: (String, String, String, String),
    /// Authority, call back.
    pub said: (String, String),
    /// Whether the warnings were ticked.
    pub seen: bool,
    /// Whether there was a warning of which the credit alone did not tell.
    pub warned: bool,
}

/// The form for a refund of a credit.
pub fn refund_form(frame: &Frame, look: &sundry_desk::cash::request_refund::RefundLook, typed: &RefundTyped) -> Html {
    let errors = &frame.errors;
    let whose = match &look.customer {
        Some((number, name)) => ui::link(format!("/customers/{number}"), format!("{name}, {number}")),
        None => format!("From suspense, paid by {}", ui::or_dash(&look.payer_name)).into(),
    };
    let mut facts = ui::details_list()
        .fact("Credit", &look.credit)
        .fact("Whose", whose)
        .fact("In credit", Pence(look.available_pence))
        .fact_if("It came by", look.came_by.replace('_', " "));
    if look.open_debts_pence > 0 {
        facts = facts.fact("Still owed", Pence(look.open_debts_pence));
    }
    let warnings = look.warnings.iter().map(|one| (ui::Verdict::Look, one.sentence.as_str()));
    let mut side = Html::from(ui::boxed("What is refunded", facts));
    if !look.warnings.is_empty() {
        side = side.and(ui::boxed("Look at this first", ui::checks(warnings)));
    }
    let (amount, reason, words, method) = &typed.what;
    let (payee, address, sort_code, account) = &typed.to;
    let reasons = RefundReason::ALL.iter().map(|one| (one.as_str(), one.name()));
    let card = look.came_by == "card";
    let offered = RefundMethod::ALL.iter().filter(|one| card || **one != RefundMethod::Card);
    let methods = offered.map(|one| (one.as_str(), one.name()));
    let mut body = Html::from(ui::amount_input("amount", "Amount", amount).errors(errors))
        .and(ui::radios("reason", "Why", reason, reasons).errors(errors))
        .and(ui::textarea("words", "Evidence", words).rows(3).hint("What shows that it is due back").errors(errors))
        .and(ui::radios("method", "How it is paid", method, methods).errors(errors))
        .and(ui::input("payee_name", "Payee", payee).hint("The customer, if left empty").errors(errors))
        .and(ui::row_of([
            Html::from(ui::input("sort_code", "Sort code", sort_code).width(10).errors(errors)),
            ui::input("account", "Account number", account).width(10).input_mode("numeric").errors(errors).into(),
        ]))
        .and(
            ui::input("call_back", "Who was rung about the account, on which number, when", &typed.said.1)
                .hint("Needed unless the money came from this account")
                .errors(errors),
        )
        .and(
            ui::textarea("payee_address", "Address, for a cheque", address)
                .rows(2)
                .hint("The customer's, if left empty")
                .errors(errors),
        );
    if look.open_debts_pence > 0 {
        let label = "Who allows it although money is owed, and where that is written";
        body = body.and(ui::input("authority", label, &typed.said.0).errors(errors));
    }
    if typed.warned || !look.warnings.is_empty() {
        let seen = ui::choice("yes", "I have looked at every warning").chosen(typed.seen);
        body = body.and(ui::checkboxes("seen", "Warnings", [seen]).errors(errors));
    }
    body = body.and(ui::button("Ask for approval"));
    let action = format!("/cash/refunds/new?credit={}", crate::web::door::form_encode(&look.credit));
    ui::grid([(8, Html::from(ui::post_form(action, frame.tokens("refund"), body))), (4, side)]).into()
}

/// One refund.
pub fn refund_body(
    frame: &Frame,
    row: &RefundRow,
    customer: Option<&(String, String)>,
    batch: Option<&String>,
    reason: &str,
    may_ask: bool,
) -> Html {
    let whose = match customer {
        Some((number, name)) => ui::link(format!("/customers/{number}"), format!("{name}, {number}")),
        None => "From suspense".into(),
    };
    let account = if row.bank_shown.is_empty() { String::new() } else { format!("ending {}", row.bank_shown) };
    let mut facts = ui::summary_list()
        .fact("State", state_tag(&row.state))
        .fact("Amount", Pence(row.amount_pence))
        .fact("Customer", whose)
        .fact("Credit", &row.credit_number)
        .fact("Why", reason_words(&row.reason))
        .fact("Evidence", &row.words)
        .fact_if("Allowed by", &row.authority)
        .fact("How", method_words(&row.method))
        .fact("Payee", ui::or_dash(&row.payee_name))
        .fact_if("Account", account)
        .fact_if("Rung about it", &row.call_back)
        .fact_if("Looked at first", &row.warnings)
        .fact("Asked", format!("{} on {}", row.asked_by_name, row.asked_on.format("%-d %B %Y")))
        .fact("Approval", approval(frame, &row.approval));
    if let Some(day) = row.approved_on {
        facts = facts.fact("Approved", format!("{} on {}", row.approved_by_name, day.format("%-d %B %Y")));
    }
    if let Some(number) = batch {
        facts = facts.fact("Paid by", ui::link(format!("/cash/payment-batches/{number}"), number));
    }
    if let Some(day) = row.paid_on {
        facts = facts.fact("Sent", day);
    }
    if let Some(day) = row.returned_on {
        facts = facts.fact("Taken back", day).fact_if("Why", &row.return_reason);
    }
    let open = matches!(row.state.as_str(), "asked" | "approved" | "sent" | "paid");
    if !open || !may_ask {
        return facts.into();
    }
    let gone = matches!(row.state.as_str(), "sent" | "paid");
    let (title, says, verb) = if gone {
        ("The money came back", "The credit stands on the account again. Nothing disappears.", "Take it back")
    } else {
        ("Give it up", "Nothing is paid, and the credit stays where it was.", "Withdraw the refund")
    };
    let mut body =
        Html::from(ui::para(says)).and(ui::textarea("reason", "Reason", reason).rows(2).errors(&frame.errors));
    if gone {
        let label = "Receipt in suspense by which it came back, if there is one";
        body = body.and(ui::input("came_back_as", label, "").width(20).errors(&frame.errors));
    }
    let action = format!("/cash/refunds/{}/take-back", row.number);
    let form = ui::post_form(action, frame.tokens("take-back"), body.and(ui::button(verb).warning()));
    ui::grid([(8, Html::from(facts)), (4, ui::boxed(title, form).into())]).into()
}
