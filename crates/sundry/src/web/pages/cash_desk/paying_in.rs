//! Paying in: what is in the office, the slips, and one slip.
use super::{places, state_tag, what};
use crate::web::ui::{self, Frame, Html};
use sundry_domain::money::Pence;
use sundry_store::cash_counter::{CounterPaymentRow, PayingInRow};

/// Slips, and the form that makes one: counted are cheques, their sum, the cash.
pub fn slips_body(
    frame: &Frame,
    rows: &[PayingInRow],
    held: &[CounterPaymentRow],
    typed: &[String; 4],
    may: bool,
) -> Html {
    let mut top = places(frame, "/cash/counter");
    if may && !held.is_empty() {
        let [slip, cheques, sum, cash] = typed;
        let lines = held.iter().map(|row| {
            ui::row()
                .cell(ui::link(format!("/cash/counter/{}", row.number), &row.number))
                .cell(what(row))
                .cell(ui::or_dash(&row.payer_name))
                .cell(Pence(row.amount_pence))
                .select(&row.number, &row.number, Pence(row.amount_pence))
                .ticked(true)
        });
        let table = ui::table("In the office")
            .columns([ui::col("Payment"), ui::col("What"), ui::col("Drawer"), ui::num("Amount")])
            .rows(lines)
            .selectable("payment")
            .exclude();
        let fields = ui::row_of([
            Html::from(ui::input("slip", "Slip number", slip).width(10).errors(&frame.errors)),
            ui::input("cheques", "Cheques counted", cheques)
                .width(4)
                .input_mode("numeric")
                .errors(&frame.errors)
                .into(),
            ui::amount_input("cheques_sum", "Their sum", sum).errors(&frame.errors).into(),
            ui::amount_input("cash", "Cash counted", cash).errors(&frame.errors).into(),
        ]);
        let says =
            ui::para("Count first, then type what you counted. The slip is made only if it is what was recorded.");
        let body = Html::from(table).and(says).and(fields).and(ui::button("Make the slip"));
        top = top.and(ui::panel("In the office", ui::post_form("/cash/paying-in", frame.tokens("slip"), body)));
    }
    if rows.is_empty() {
        return top.and(ui::empty(
            "No slips yet",
            "Cheques and cash in the office are put on a slip when they go to the bank.",
        ));
    }
    let lines = rows.iter().map(|row| {
        ui::row()
            .cell(ui::link(format!("/cash/paying-in/{}", row.number), &row.number))
            .cell(&row.slip)
            .cell(row.dated_on)
            .cell(row.cheques_count)
            .cell(Pence(row.cheques_pence))
            .cell(Pence(row.cash_pence))
            .cell(state_tag(&row.state))
            .cell(Pence(row.total_pence))
    });
    top.and(
        ui::table("Paying-in slips")
            .columns([
                ui::col("Batch"),
                ui::col("Slip"),
                ui::col("Dated").nowrap(),
                ui::num("Cheques"),
                ui::num("Cheques, sum"),
                ui::num("Cash"),
                ui::col("State"),
                ui::num("Total"),
            ])
            .rows(lines),
    )
}

/// One slip.
pub fn slip_body(frame: &Frame, view: &sundry_desk::cash::paying_in::PayingInView, receipt: &str, may: bool) -> Html {
    let batch = &view.batch;
    let mut facts = ui::details_list()
        .fact("State", state_tag(&batch.state))
        .fact("Slip", &batch.slip)
        .fact("Into", &view.bank_account)
        .fact("Dated", batch.dated_on)
        .fact("Cheques", format!("{} of {}", batch.cheques_count, Pence(batch.cheques_pence)))
        .fact("Cash", Pence(batch.cash_pence))
        .fact("Total", Pence(batch.total_pence))
        .fact("Made by", &batch.made_by_name);
    if let Some(day) = batch.banked_on {
        facts = facts.fact("On the bank statement", day);
    }
    let files = ui::link(format!("/cash/paying-in/{}/slip?format=pdf", batch.number), "Print the slip (PDF)")
        .and(" ")
        .and(ui::link(format!("/cash/paying-in/{}/slip?format=csv", batch.number), "Download CSV"));
    let mut side = Html::from(ui::boxed("The slip", facts)).and(ui::para(files));
    if batch.state == "made" && may {
        let says = "The bank's line is known by the slip's number and amount. If it lacked the number, say which receipt in suspense it is.";
        let field = ui::input("receipt", "Receipt in suspense", receipt).width(20).errors(&frame.errors);
        let body = Html::from(ui::para(says)).and(field).and(ui::button("It is this money").secondary());
        let form = ui::post_form(format!("/cash/paying-in/{}", batch.number), frame.tokens("tie"), body);
        side = side.and(ui::boxed("Tie it by hand", form));
    }
    let lines = view.payments.iter().map(|row| {
        ui::row()
            .cell(ui::link(format!("/cash/counter/{}", row.number), &row.number))
            .cell(what(row))
            .cell(ui::or_dash(&row.payer_name))
            .cell(state_tag(&row.state))
            .cell(Pence(row.amount_pence))
    });
    let blank = Html::default;
    let table = ui::table("On the slip")
        .columns([ui::col("Payment"), ui::col("What"), ui::col("Drawer"), ui::col("State"), ui::num("Amount")])
        .rows(lines)
        .total([Html::from("Total"), blank(), blank(), blank(), Pence(batch.total_pence).into()]);
    ui::grid([(8, Html::from(table)), (4, side)]).into()
}
