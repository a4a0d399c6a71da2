//! `uplift`: new rates over the whole book.
use super::input::date;
use super::out::{Out, busy, table};
use super::{Shop, done};
use chrono::NaiveDate;
use clap::{Args, Subcommand};
use sundry_desk::Outcome;
use sundry_desk::billing::uplifts::{
    ApplyUplift, ProposeUplift, TurnUplift, UpliftAsk, UpliftPreview, UpliftTurned, apply_uplift, preview_uplift,
    propose_uplift, stop_uplift, take_back_uplift, uplift as one_uplift, uplifts,
};
use sundry_domain::money::Pence;

/// Which rates, from when, by how much.
#[derive(Debug, Args)]
pub struct Which {
    /// 4.5%, 1.25 more, or =23.10 for a new rate
    #[arg(allow_hyphen_values = true)]
    by: String,
    /// First day of the new rates
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: NaiveDate,
    /// `penny`, `five_pence`, `ten_pence`, `pound` or `exact`
    #[arg(long, default_value = "")]
    rounding: String,
    /// Only this rate card; own for contracts' own rates
    #[arg(long, default_value = "")]
    card: String,
    /// Only this service code, or contracts of this service
    #[arg(long, default_value = "")]
    service: String,
    /// Only contracts that the customer with this number pays
    #[arg(long, default_value = "")]
    funder: String,
}

/// Uplifts.
#[derive(Debug, Subcommand)]
pub enum Uplifts {
    /// What an uplift would do, line by line; nothing is kept
    Preview {
        /// Which rates
        #[command(flatten)]
        which: Which,
    },
    /// Ask for an uplift; someone else says yes
    Ask {
        /// Which rates
        #[command(flatten)]
        which: Which,
        /// The decision behind it
        #[arg(long)]
        reason: String,
    },
    /// Apply an approved uplift, or let a stopped one go on
    Apply {
        /// Number
        number: String,
    },
    /// Stop an uplift after the piece it is at
    Stop {
        /// Number
        number: String,
    },
    /// Take an uplift back before its day
    TakeBack {
        /// Number
        number: String,
    },
    /// Show an uplift with its rates, or all uplifts
    Show {
        /// Number
        number: Option<String>,
    },
}

fn ask(which: Which) -> UpliftAsk {
    let Which { by, from, rounding, card, service, funder } = which;
    UpliftAsk { from_on: from, by, rounding, card, service, funder }
}

/// Uplifts.
pub async fn uplift(shop: &Shop, command: Uplifts, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by, key) = (&open.desk, &open.by, shop.key());
    match command {
        Uplifts::Preview { which } => {
            let found = preview_uplift(desk, by, &ask(which)).await?;
            out.answer(&found, || preview(&found))?;
        }
        Uplifts::Ask { which, reason } => {
            let asked = ProposeUplift { key, uplift: ask(which), reason, seen_pence: None };
            let asked = propose_uplift(desk, by, asked).await?;
            out.answer(&asked, || format!("{} waits for {}.", asked.number, asked.approval))?;
        }
        Uplifts::Apply { number } => {
            let showing = busy("Setting rates");
            let tell = |done: i64, of: i64| showing.now(format!("Setting {done} of {of}"));
            let done = apply_uplift(desk, by, ApplyUplift { key, number }, &tell).await?;
            drop(showing);
            turned(out, &done)?;
        }
        Uplifts::Stop { number } => turned(out, &stop_uplift(desk, by, TurnUplift { key, number }).await?)?,
        Uplifts::TakeBack { number } => {
            turned(out, &take_back_uplift(desk, by, TurnUplift { key, number }).await?)?;
        }
        Uplifts::Show { number: Some(number) } => {
            let found = one_uplift(desk, by, &number).await?;
            out.answer(&found, || {
                let rate = |e4: i64| sundry_desk::billing::contracts::rate_words(e4);
                let line = |one: &sundry_store::contracts::UpliftLineRow| {
                    vec![
                        one.seq.to_string(),
                        one.service_code.clone(),
                        rate(one.old_e4),
                        rate(one.new_e4),
                        one.state.clone(),
                    ]
                };
                let rows: Vec<_> = found.lines.iter().map(line).collect();
                table(&["Rate", "Card's line", "Before", "After", "State"], &[2, 3], &rows)
            })?;
        }
        Uplifts::Show { number: None } => {
            let all = uplifts(desk, by).await?;
            out.answer(&all, || {
                let line = |one: &sundry_store::contracts::UpliftRow| {
                    let more = Pence(one.after_pence - one.before_pence).pounds();
                    vec![one.number.clone(), one.from_on.to_string(), one.by_words.clone(), more, one.state.clone()]
                };
                let rows: Vec<_> = all.iter().map(line).collect();
                table(&["Uplift", "From", "By", "A year more", "State"], &[3], &rows)
            })?;
        }
    }
    done()
}

fn turned(out: &mut Out, done: &UpliftTurned) -> Outcome<()> {
    out.answer(done, || {
        format!(
            "{} is {}: {} rates set, {} left alone.",
            done.number,
            done.state.replace('_', " "),
            done.done,
            done.left
        )
    })
}

fn preview(found: &UpliftPreview) -> String {
    let line = |one: &sundry_desk::billing::uplifts::UpliftCharge| {
        let (old, new) = one.rates();
        let more = Pence(one.after_pence - one.before_pence).pounds();
        vec![one.contract.clone(), one.description.clone(), old, new, more]
    };
    let rows: Vec<_> = found.lines.iter().map(line).collect();
    let sums = format!(
        "{} rates, {} charges: {} a year before, {} with the new rates.",
        found.rates,
        found.charges,
        Pence(found.before_pence),
        Pence(found.after_pence)
    );
    format!("{}\n{sums}", table(&["Contract", "Charge", "Before", "After", "A year more"], &[2, 3, 4], &rows))
}
