//! Money in suspense: by age, by owner, and the bar that takes it in hand.
use super::places;
use crate::web::ui::{self, Frame, Html};
use sundry_desk::cash::suspense::{SuspenseLine, SuspensePage};
use sundry_domain::money::Pence;

/// What was filtered for, and what was typed into the bar.
#[derive(Clone, Debug, Default)]
pub struct SuspenseTyped {
    /// Words or an amount.
    pub find: String,
    /// One owner.
    pub owner: String,
    /// One band.
    pub band: String,
    /// `due` or `unexplained`; empty for all.
    pub show: String,
    /// Owner, next step and day for the receipts selected.
    pub hand: (String, String, String),
}

/// The list of suspense, with the bar that takes receipts in hand.
pub fn suspense_body(frame: &Frame, found: &SuspensePage, typed: &SuspenseTyped, may_post: bool) -> Html {
    let bands = found.bands.iter().map(|(name, count, sum)| {
        ui::figure(name, Some(ui::money(Pence(*sum))))
            .note(ui::count_of(*count, "receipt", "receipts"))
            .href(format!("/cash/suspense?band={}", crate::web::door::form_encode(name)))
            .bad(*count > 0 && name.starts_with("over"))
    });
    let (count, sum) = found.unexplained;
    let open = ui::figure("Not explained", Some(ui::money(Pence(sum))))
        .note(ui::count_of(
            count,
            "receipt has no owner, reason or next step",
            "receipts have no owner, reason or next step",
        ))
        .href("/cash/suspense?show=unexplained")
        .bad(count > 0);
    let tiles = ui::figures(std::iter::once(open).chain(bands));
    let top = places(frame, "/cash/suspense").and(tiles).and(suspense_filters(found, typed)).and(owners(found));
    if found.rows.is_empty() {
        let words = "Nothing in suspense fits this filter. Nil is what the month end wants.";
        return top.and(ui::empty("No money in suspense here", words));
    }
    let rows = found.rows.iter().map(|line| suspense_row(line, may_post));
    let table = ui::table("Suspense")
        .columns([
            ui::col("Receipt"),
            ui::num("Days"),
            ui::col("Payer and reference"),
            ui::col("Owner"),
            ui::col("Why it waits"),
            ui::col("Next step"),
            ui::num("Amount"),
        ])
        .rows(rows)
        .total([
            Html::from("All that fit"),
            Html::default(),
            ui::count_of(found.count, "receipt", "receipts").into(),
            Html::default(),
            Html::default(),
            Html::default(),
            Pence(found.sum_pence).into(),
        ]);
    let find = crate::web::door::form_encode(&typed.find);
    let page = |n: i64| u32::try_from(n).unwrap_or(1);
    let pages = ui::pagination(page(found.page), page(found.pages), format!("/cash/suspense?find={find}&page="));
    if !may_post {
        return top.and(table).and(pages);
    }
    let (owner, next, on) = &typed.hand;
    let fields = ui::row_of([
        Html::from(ui::input("owner", "Owner", owner).width(20).errors(&frame.errors)),
        ui::input("next_step", "Next step", next).width(30).errors(&frame.errors).into(),
        ui::date_input("next_on", "On", on).errors(&frame.errors).into(),
    ]);
    let bar = ui::sticky_bar("Receipts chosen", Html::from(fields).and(ui::button("Take in hand")));
    let kept = [("find", &typed.find), ("whose", &typed.owner), ("band", &typed.band), ("show", &typed.show)];
    let kept: Vec<String> =
        kept.iter().map(|(name, value)| format!("{name}={}", crate::web::door::form_encode(value))).collect();
    let action = format!("/cash/suspense?{}", kept.join("&"));
    let form = ui::post_form(action, frame.tokens("in-hand"), Html::from(table.selectable("receipt")).and(bar));
    top.and(form.id("receipts")).and(pages)
}

fn suspense_filters(found: &SuspensePage, typed: &SuspenseTyped) -> Html {
    let owners = found.owners.iter().map(|one| {
        let name = if one.owner.is_empty() { "Nobody".to_owned() } else { one.owner.clone() };
        (if one.owner.is_empty() { "-".to_owned() } else { one.owner.clone() }, name)
    });
    let bands = found.bands.iter().map(|(name, ..)| (name.clone(), name.clone()));
    let any = |words: &str| std::iter::once((String::new(), words.to_owned()));
    let shows = [("", "All"), ("due", "To do today"), ("unexplained", "Not explained")];
    let filters = ui::filters("/cash/suspense")
        .field(ui::input("find", "Words or amount", &typed.find).width(20))
        .field(ui::select("whose", "Owner", &typed.owner, any("Anybody").chain(owners)))
        .field(ui::select("band", "Age", &typed.band, any("Any age").chain(bands)))
        .field(ui::select("show", "Show", &typed.show, shows));
    filters.clear("/cash/suspense").into()
}

fn owners(found: &SuspensePage) -> Html {
    let rows = found.owners.iter().map(|one| {
        let (word, name) =
            if one.owner.is_empty() { ("-", "Nobody") } else { (one.owner.as_str(), one.owner.as_str()) };
        let list = format!("/cash/suspense?whose={}&show=due", crate::web::door::form_encode(word));
        ui::row()
            .cell(ui::link(list, name))
            .cell(one.due)
            .cell(one.count)
            .cell(one.oldest_days)
            .cell(Pence(one.sum_pence))
    });
    if found.owners.is_empty() {
        return Html::default();
    }
    let table = ui::table("By owner")
        .columns([
            ui::col("Owner"),
            ui::num("To do today"),
            ui::num("Receipts"),
            ui::num("Oldest, days"),
            ui::num("Amount"),
        ])
        .rows(rows)
        .compact();
    ui::panel("Today's list for each owner", table).into()
}

fn suspense_row(line: &SuspenseLine, may_post: bool) -> ui::Row {
    let row = &line.row;
    let payer =
        if row.words.is_empty() { ui::or_dash(&row.payer_name) } else { format!("{}: {}", row.payer_name, row.words) };
    let mut next = Html::from(ui::or_dash(row.next_step.as_deref().unwrap_or_default()));
    if let Some(day) = row.next_on {
        next = next.and(ui::sub_line(ui::date(day)));
    }
    let one = ui::row()
        .cell(ui::link(format!("/cash/receipts/{}", row.number), &row.number))
        .cell(line.age_days)
        .cell(payer)
        .cell(ui::or_dash(&row.owner))
        .cell(ui::or_dash(&row.reason))
        .cell(next)
        .cell(Pence(row.amount_pence));
    if may_post { one.select(&row.number, &row.number, Pence(row.amount_pence)) } else { one }
}
