//! Everything that happened to a receipt.
use crate::web::ui::{self, Html};
use sundry_domain::money::Pence;
use sundry_store::cash_suspense::{MovementRow, SourceEntryRow};

/// Everything that happened to a receipt: events are when, what, who, facts.
pub fn history_body(
    movements: &[MovementRow],
    entries: &[SourceEntryRow],
    events: &[(String, String, String, String)],
) -> Html {
    let told = events
        .iter()
        .map(|(when, what, who, facts)| ui::row().cell(when).cell(what).cell(who).cell(ui::or_dash(facts)));
    let told = ui::table("What was done")
        .columns([ui::col("When").nowrap(), ui::col("What"), ui::col("Who"), ui::col("The facts")])
        .rows(told);
    let moved = movements.iter().map(|row| {
        let who = match row.made_by.as_str() {
            "machine" => format!("Matched, {}% sure", row.confidence_ppm / 10_000),
            _ => row
                .actor_name
                .clone()
                .unwrap_or_else(|| if row.made_by == "rule" { "By rule".into() } else { "A person".into() }),
        };
        ui::row()
            .cell(&row.item_number)
            .cell(row.allocated_on)
            .cell(&row.customer_number)
            .cell(who)
            .cell(ui::or_dash(&row.reason))
            .cell(Pence(row.amount_pence))
    });
    let none = movements.is_empty();
    let moved = ui::table("Allocations and what took them back")
        .columns([
            ui::col("Item"),
            ui::col("On").nowrap(),
            ui::col("Customer"),
            ui::col("By"),
            ui::col("Why"),
            ui::num("Amount"),
        ])
        .rows(moved);
    let posted = entries.iter().map(|row| {
        let side = |pence: i64| if pence == 0 { Html::default() } else { Pence(pence).into() };
        ui::row()
            .cell(row.journal.to_string())
            .cell(row.posted_on)
            .cell(&row.event)
            .cell(format!("{} {}", row.gl_code, row.gl_name.clone().unwrap_or_default()))
            .cell(side(row.debit_pence))
            .cell(side(row.credit_pence))
    });
    let posted = ui::table("Journal entries")
        .columns([
            ui::col("Journal"),
            ui::col("Posted").nowrap(),
            ui::col("Event"),
            ui::col("GL code"),
            ui::num("Debit"),
            ui::num("Credit"),
        ])
        .rows(posted);
    let says = ui::para("Nothing here was ever changed: what was wrong was taken back by its mirror image.");
    Html::from(says)
        .and(ui::panel("What was done", told))
        .and(ui::panel("Allocations", if none { ui::muted("None yet.").into() } else { Html::from(moved) }))
        .and(ui::panel("Journals", posted))
}
