//! Payment batches: approved refunds on their way out.
use super::{method_words, places, state_tag};
use crate::web::ui::{self, Frame, Html};
use sundry_domain::money::Pence;
use sundry_store::cash_refunds::{PaymentBatchRow, RefundRow};

/// Batches, and the form that makes one.
pub fn batches_body(frame: &Frame, rows: &[PaymentBatchRow], waiting: (i64, Pence), may_make: bool) -> Html {
    let mut top = places(frame, "/cash/payment-batches");
    if may_make && waiting.0 > 0 {
        let says = format!("To be paid: {}, {}.", ui::count_of(waiting.0, "refund", "refunds"), waiting.1);
        let ways = [("list", "A list for the payments team"), ("bacs", "Bacs Standard 18"), ("pain001", "pain.001")];
        let body = Html::from(ui::para(says)).and(ui::row_of([
            Html::from(ui::select("method", "How", "list", ways).errors(&frame.errors)),
            ui::date_input("pay_on", "Pay on, if not as soon as can be", "").errors(&frame.errors).into(),
        ]));
        let form =
            ui::post_form("/cash/payment-batches", frame.tokens("batch"), body.and(ui::button("Put them in a batch")));
        top = top.and(ui::boxed("Approved refunds", form));
    }
    if rows.is_empty() {
        return top.and(ui::empty(
            "No payment batches yet",
            "Approved refunds are put into a batch, and someone else releases it.",
        ));
    }
    let lines = rows.iter().map(|row| {
        ui::row()
            .cell(ui::link(format!("/cash/payment-batches/{}", row.number), &row.number))
            .cell(row.made_on)
            .cell(batch_way(&row.method))
            .cell(row.pay_on)
            .cell(&row.made_by_name)
            .cell(ui::or_dash(&row.released_by_name))
            .cell(state_tag(&row.state))
            .cell(row.payments_count)
            .cell(Pence(row.total_pence))
    });
    top.and(
        ui::table("Payment batches")
            .columns([
                ui::col("Batch"),
                ui::col("Made on").nowrap(),
                ui::col("How"),
                ui::col("Pay on").nowrap(),
                ui::col("Made by"),
                ui::col("Released by"),
                ui::col("State"),
                ui::num("Payments"),
                ui::num("Amount"),
            ])
            .rows(lines),
    )
}

fn batch_way(method: &str) -> &'static str {
    match method {
        "bacs" => "Bacs Standard 18",
        "pain001" => "pain.001",
        _ => "List for the payments team",
    }
}

/// One batch: its payments, and the next step.
pub fn batch_body(frame: &Frame, batch: &PaymentBatchRow, refunds: &[RefundRow], may: (bool, bool)) -> Html {
    let (may_release, may_answer) = may;
    let facts = ui::details_list()
        .fact("State", state_tag(&batch.state))
        .fact("How", batch_way(&batch.method))
        .fact("Pay on", batch.pay_on)
        .fact("Payments", batch.payments_count)
        .fact("Amount", Pence(batch.total_pence))
        .fact("Made by", &batch.made_by_name)
        .fact_if("Released by", &batch.released_by_name)
        .fact_if("The answer", &batch.answer);
    let acts: &[(&str, &str)] = match batch.state.as_str() {
        "draft" => &[("approve", "Release it"), ("reject", "Give it up")],
        "approved" => &[("write", "Write the file"), ("reject", "Give it up")],
        "written" => &[("send", "It was sent"), ("reject", "Give it up")],
        "sent" => &[("acknowledge", "It was paid"), ("reject", "It was not paid")],
        _ => &[],
    };
    let may_act = |act: &str| may_release || (may_answer && matches!(act, "acknowledge" | "reject"));
    let mut side = Html::from(ui::boxed("The batch", facts));
    let buttons: Vec<Html> = acts
        .iter()
        .filter(|(act, _)| may_act(act))
        .map(|(act, words)| {
            let button = ui::button(*words).named("do", *act);
            Html::from(if *act == "reject" { button.secondary() } else { button })
        })
        .collect();
    if !buttons.is_empty() {
        let label = if batch.state == "sent" { "What the bank or the team says" } else { "Why, if you give it up" };
        let words = ui::input("words", label, "").errors(&frame.errors);
        let body = Html::from(words).and(ui::parts(buttons));
        let form = ui::post_form(format!("/cash/payment-batches/{}", batch.number), frame.tokens("step"), body);
        side = side.and(ui::boxed("Next", form));
    }
    if !batch.file_sha256.is_empty() && may_release {
        let file =
            ui::link(format!("/cash/payment-batches/{}/file", batch.number), format!("Download {}", batch.file_name));
        side = side.and(ui::para(file));
    }
    let lines = refunds.iter().map(|row| {
        let account =
            if row.bank_shown.is_empty() { method_words(&row.method) } else { format!("ending {}", row.bank_shown) };
        ui::row()
            .cell(ui::link(format!("/cash/refunds/{}", row.number), &row.number))
            .cell(ui::or_dash(&row.payee_name))
            .cell(account)
            .cell(&row.approved_by_name)
            .cell(state_tag(&row.state))
            .cell(Pence(row.amount_pence))
    });
    let blank = Html::default;
    let sum: i64 = refunds.iter().map(|row| row.amount_pence).sum();
    let table = ui::table("Payments")
        .columns([
            ui::col("Refund"),
            ui::col("Payee"),
            ui::col("To"),
            ui::col("Approved by"),
            ui::col("State"),
            ui::num("Amount"),
        ])
        .rows(lines)
        .total([Html::from("Total"), blank(), blank(), blank(), blank(), Pence(sum).into()]);
    ui::grid([(8, Html::from(table)), (4, side)]).into()
}
