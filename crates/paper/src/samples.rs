//! A sample letter of every kind, for previews in the template editor and for tests. All names are made up.

use crate::examples::examples;
use crate::letter::{
    Addressee, Ageing, Audience, Bank, Corrects, Enclosure, InstalmentLine, InvoiceLine, InvoiceTable, Language,
    Letter, LetterItem, LetterKind, Letterhead, Payment, VatLine,
};
use crate::money::{long_date, pounds};
use crate::proof::{ProofGroup, ProofLine, ProofSheet};
use crate::template::{Fields, MissingField, Template, fill, shipped_templates};
use chrono::{Days, NaiveDate};
use std::collections::BTreeMap;

/// Every kind with a shipped template, and the template's code.
pub const KINDS: [(LetterKind, &str); 9] = [
    (LetterKind::Invoice, "invoice"),
    (LetterKind::CreditNote, "credit_note"),
    (LetterKind::Reminder1, "reminder_1"),
    (LetterKind::Reminder2, "reminder_2"),
    (LetterKind::FinalNotice, "final_notice"),
    (LetterKind::Statement, "statement"),
    (LetterKind::LetterOfClaim, "letter_of_claim"),
    (LetterKind::LetterBeforeAction, "letter_before_action"),
    (LetterKind::Receipt, "receipt"),
];

/// The template code of a kind, if it has one.
pub fn template_code(kind: LetterKind) -> Option<&'static str> {
    KINDS.iter().find(|(known, _)| *known == kind).map(|(_, code)| *code)
}

/// A finished sample of a kind, from its shipped template.
pub fn letter(kind: LetterKind, language: Language) -> Letter {
    let organisation = letterhead(language);
    let items = items(kind, language);
    let invoice = invoice(kind, language);
    let sum_pence = match &invoice {
        Some(invoice) => invoice.gross_pence,
        None if kind == LetterKind::Receipt => 39_280,
        None => items.iter().map(|item| item.owed_pence).sum(),
    };
    let dated_on = day(2026, 11, 19);
    let wait = if kind == LetterKind::LetterOfClaim { 30 } else { 14 };
    let due_on = dated_on.checked_add_days(Days::new(wait)).unwrap_or(dated_on);
    let business = matches!(kind, LetterKind::LetterBeforeAction);
    let number = match kind {
        LetterKind::Invoice => "INV-20817",
        LetterKind::CreditNote => "CRN-00412",
        _ => "L-104223",
    };
    let fields = Fields {
        language,
        audience: if business { Audience::Businesses } else { Audience::Individuals },
        values: values(&organisation, number, sum_pence, due_on, language),
    };
    let code = template_code(kind).unwrap_or("receipt");
    let template = shipped_templates().into_iter().find(|one| one.code == code).expect("every kind has a template");
    let filled = fill(&template, &fields).expect("the sample has every field");
    let asks = !matches!(kind, LetterKind::CreditNote | LetterKind::Receipt);
    Letter {
        kind,
        language,
        organisation,
        to: addressee(business),
        number: number.to_owned(),
        dated_on,
        due_on: Some(due_on).filter(|_| asks),
        title: filled.title,
        sum_pence,
        blocks: filled.blocks,
        invoice,
        ageing: (kind == LetterKind::Statement).then(|| ageing(&items, dated_on, language)),
        items,
        payment: asks.then(payment),
        signed_by: Some("Priya Nair".to_owned()),
        enclosures: enclosures(kind, language),
        attachment: None,
        large_print: false,
        copy: false,
    }
}

/// An invoice paid in instalments, with a discount for paying early: no real one has both.
pub fn instalments(language: Language) -> Letter {
    let mut invoice = letter(LetterKind::Invoice, language);
    let code = "invoice_instalments";
    let template = shipped_templates().into_iter().find(|one| one.code == code).expect("it is shipped");
    let mut values = values(&invoice.organisation, &invoice.number, invoice.sum_pence, day(2026, 12, 18), language);
    values.insert("count".to_owned(), "3".to_owned());
    values.insert("first_amount".to_owned(), pounds(56_668));
    let fields = Fields { language, audience: Audience::Individuals, values };
    let filled = fill(&template, &fields).expect("every field has a sample");
    (invoice.title, invoice.blocks) = (filled.title, filled.blocks);
    if let Some(table) = &mut invoice.invoice {
        let part = |n: u32, pence| InstalmentLine {
            number: format!("{}/{n}", invoice.number),
            due_on: day(2026 + (11 + n) as i32 / 13, (11 + n - 1) % 12 + 1, 18),
            amount_pence: pence,
        };
        table.instalments = vec![part(1, 56_668), part(2, 56_666), part(3, 56_666)];
        let early = match language {
            Language::English => "pay by 29 November 2026 and take £42.50 off",
            Language::Welsh => "talwch erbyn 29 Tachwedd 2026 a thynnwch £42.50",
        };
        table.discount = Some(early.to_owned());
    }
    invoice
}

/// The accounts a draft is tried on: their name, language, size, and whether a business reads.
pub const TRIED: [(&str, Language, bool, bool); 5] = [
    ("a person", Language::English, false, false),
    ("a person, large print", Language::English, true, false),
    ("a person, in Welsh", Language::Welsh, false, false),
    ("a business", Language::English, false, true),
    ("a business with a long name and 60 invoices", Language::English, false, true),
];

/// A letter of a kind to one of the [`TRIED`] accounts, from any template.
///
/// # Errors
/// The fields that the template names and no letter has.
pub fn of_template(template: &Template, kind: LetterKind, tried: usize) -> Result<Letter, Vec<MissingField>> {
    let (_, language, large_print, business) = TRIED[tried % TRIED.len()];
    let mut base = letter(template_kind(kind), language);
    if kind == LetterKind::Plan {
        let (sum_pence, due_on) = plan_asks(&template.code, base.dated_on);
        (base.sum_pence, base.due_on) = (sum_pence, Some(due_on));
    }
    let due_on = base.due_on.unwrap_or(base.dated_on);
    let mut values: BTreeMap<String, String> =
        examples(language).into_iter().map(|(name, example)| (name.to_owned(), example.to_owned())).collect();
    values.extend(self::values(&base.organisation, &base.number, base.sum_pence, due_on, language));
    if kind == LetterKind::Plan {
        values.extend(plan_fields(language));
    }
    let audience = if business { Audience::Businesses } else { Audience::Individuals };
    let filled = fill(template, &Fields { language, audience, values })?;
    let mut one = Letter {
        kind,
        language,
        large_print,
        title: filled.title,
        blocks: filled.blocks,
        to: addressee(business),
        ..base
    };
    if tried % TRIED.len() == TRIED.len() - 1 {
        one.to.name = "The Northmere and District Association of Independent Domiciliary Care Providers (Holdings) \
                       Limited Liability Partnership"
            .to_owned();
        if kind != LetterKind::Plan {
            many_items(&mut one);
        }
    }
    if matches!(kind, LetterKind::Other | LetterKind::Plan) {
        (one.items, one.invoice, one.ageing) = (plan_schedule(&template.code, language), None, None);
    }
    Ok(one)
}

/// A kind that has a sample of its own; the others borrow a statement's facts.
fn template_kind(kind: LetterKind) -> LetterKind {
    if template_code(kind).is_some() { kind } else { LetterKind::Statement }
}

/// The bands of a sample statement: all of it is 31 to 60 and 61 to 90 days late.
fn ageing(items: &[LetterItem], as_at: NaiveDate, language: Language) -> Ageing {
    let late = |item: &LetterItem| item.due_on.map_or(0, |due| (as_at - due).num_days());
    let names = match language {
        Language::English => {
            ["Not due", "1–30 days", "31–60 days", "61–90 days", "91–180 days", "181–365 days", "Over 365 days"]
        }
        Language::Welsh => [
            "Heb fod yn ddyledus",
            "1–30 diwrnod",
            "31–60 diwrnod",
            "61–90 diwrnod",
            "91–180 diwrnod",
            "181–365 diwrnod",
            "Dros 365 diwrnod",
        ],
    };
    let last = [0, 30, 60, 90, 180, 365, i64::MAX];
    let place = |item: &LetterItem| last.iter().position(|last| late(item) <= *last).unwrap_or_default();
    let sum = |at: usize| items.iter().filter(|item| place(item) == at).map(|item| item.owed_pence).sum();
    let bands = names.iter().enumerate().map(|(at, name)| ((*name).to_owned(), sum(at))).collect();
    Ageing { as_at, bands, unallocated_pence: 0 }
}

fn many_items(letter: &mut Letter) {
    let Some(first) = letter.items.first().cloned() else { return };
    letter.items = (1..=60).map(|n| LetterItem { number: format!("INV-{:05}", 20_000 + n), ..first.clone() }).collect();
    letter.sum_pence = letter.items.iter().map(|item| item.owed_pence).sum();
    if letter.ageing.is_some() {
        letter.ageing = Some(ageing(&letter.items, letter.dated_on, letter.language));
    }
}

/// The letters about standing orders.
pub const STANDING_ORDERS: [&str; 2] = ["standing_order_change", "standing_order_shortfall"];

/// A finished sample of a letter about a standing order.
pub fn standing_order(code: &str, language: Language) -> Letter {
    let statement = letter(LetterKind::Statement, language);
    let change = code == "standing_order_change";
    let sum_pence = if change { 39_300 } else { 1_140 };
    let due_on = if change { day(2027, 4, 5) } else { day(2026, 12, 17) };
    let mut values = values(&statement.organisation, &statement.number, sum_pence, due_on, language);
    let [frequency, period] = match language {
        Language::English => ["every 4 weeks", "6 April 2026 to 3 May 2026"],
        Language::Welsh => ["bob 4 wythnos", "6 Ebrill 2026 i 3 Mai 2026"],
    };
    let own = [
        ("reference", "C103316"),
        ("frequency", frequency),
        ("amount_before", "£381.60"),
        ("weekly", "£98.25"),
        ("period", period),
        ("expected", "£393.00"),
        ("received", "£381.60"),
    ];
    values.extend(own.map(|(name, text)| (name.to_owned(), text.to_owned())));
    let fields = Fields { language, audience: Audience::Individuals, values };
    let template = shipped_templates().into_iter().find(|one| one.code == code).expect("it is shipped");
    let filled = fill(&template, &fields).expect("the sample has every field");
    Letter {
        kind: LetterKind::Other,
        due_on: Some(due_on),
        title: filled.title,
        sum_pence,
        blocks: filled.blocks,
        items: Vec::new(),
        ageing: None,
        payment: Some(payment()),
        ..statement
    }
}

/// The letters about payment plans.
pub const PLANS: [&str; 4] = ["plan_agreed", "plan_missed", "plan_broken", "plan_completed"];

/// The day of an instalment of the sample plan: the first of each month.
fn plan_day(n: u32) -> NaiveDate {
    day(2026 + (11 + n) as i32 / 12, (11 + n) % 12 + 1, 1)
}

/// What a letter about the sample plan asks for, and by when.
fn plan_asks(code: &str, dated_on: NaiveDate) -> (i64, NaiveDate) {
    match code {
        "plan_agreed" => (8_337, plan_day(0)),
        "plan_missed" => (8_333, day(2027, 1, 23)),
        "plan_broken" => (91_663, day(2027, 3, 23)),
        _ => (0, dated_on),
    }
}

/// The instalments of the sample plan, in the letters that list them.
fn plan_schedule(code: &str, language: Language) -> Vec<LetterItem> {
    if !matches!(code, "plan_agreed" | "plan_missed") {
        return Vec::new();
    }
    let amount = |n: u32| if n == 0 { 8_337 } else { 8_333 };
    let paid = |n: u32| if code == "plan_missed" && n == 0 { amount(n) } else { 0 };
    let item = |n: u32| LetterItem {
        number: (n + 1).to_string(),
        dated_on: plan_day(n),
        due_on: Some(plan_day(n)),
        description: match language {
            Language::English => format!("Payment {} of 12", n + 1),
            Language::Welsh => format!("Taliad {} o 12", n + 1),
        },
        amount_pence: amount(n),
        charges_pence: 0,
        late: None,
        paid_pence: paid(n),
        in_query_pence: 0,
        owed_pence: amount(n) - paid(n),
    };
    (0..12).map(item).collect()
}

/// The fields that only letters about plans have.
fn plan_fields(language: Language) -> BTreeMap<String, String> {
    let [frequency, changed, method, components] = match language {
        Language::English => [
            "first, then £83.33 every month",
            "Thank you for agreeing this plan with us.",
            "Pay each by bank transfer, with the reference C103316.",
            "- INV-20691, home care: £600.00\n- INV-20745, home care: £400.00",
        ],
        Language::Welsh => [
            "yn gyntaf, yna £83.33 bob mis",
            "Diolch am gytuno ar y cynllun hwn gyda ni.",
            "Talwch bob un drwy drosglwyddiad banc, gyda'r cyfeirnod C103316.",
            "- INV-20691, gofal cartref: £600.00\n- INV-20745, gofal cartref: £400.00",
        ],
    };
    let own = [
        ("total", pounds(100_000)),
        ("count", "12".to_owned()),
        ("first_amount", pounds(8_337)),
        ("first_on", long_date(plan_day(0), language)),
        ("last_on", long_date(plan_day(11), language)),
        ("missed_on", long_date(plan_day(1), language)),
        ("review_on", long_date(day(2027, 6, 1), language)),
        ("frequency", frequency.to_owned()),
        ("changed", changed.to_owned()),
        ("method", method.to_owned()),
        ("components", components.to_owned()),
    ];
    own.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
}

/// A finished sample of a letter about a payment plan: £1,000.00 over 12 months (PP-E1).
pub fn plan(code: &str, language: Language) -> Letter {
    let base = letter(LetterKind::Reminder1, language);
    let (sum_pence, due_on) = plan_asks(code, base.dated_on);
    let mut values: BTreeMap<String, String> =
        examples(language).into_iter().map(|(name, example)| (name.to_owned(), example.to_owned())).collect();
    values.extend(self::values(&base.organisation, &base.number, sum_pence, due_on, language));
    values.extend(plan_fields(language));
    let template = shipped_templates().into_iter().find(|one| one.code == code).expect("it is shipped");
    let filled = fill(&template, &Fields { language, audience: Audience::Individuals, values });
    let filled = filled.expect("every field has a sample");
    Letter {
        kind: LetterKind::Plan,
        due_on: Some(due_on),
        title: filled.title,
        sum_pence,
        blocks: filled.blocks,
        items: plan_schedule(code, language),
        ageing: None,
        payment: Some(payment()),
        ..base
    }
}

/// A sample of the proof of an account.
pub fn proof() -> ProofSheet {
    let line = |what: &str, why: &str, on: NaiveDate, owner: &str, pence: i64| ProofLine {
        what: what.to_owned(),
        why: why.to_owned(),
        on,
        owner: owner.to_owned(),
        pence,
    };
    let group = |title: &str, lines: Vec<ProofLine>| ProofGroup {
        title: title.to_owned(),
        count: lines.len() as i64,
        pence: lines.iter().map(|line| line.pence).sum(),
        lines,
    };
    ProofSheet {
        organisation: "Northmere Council".to_owned(),
        title: "Bank, Main account".to_owned(),
        number: "PRF-000041".to_owned(),
        as_at: day(2026, 11, 30),
        other: ("Balance on the bank statement of 30 November 2026".to_owned(), 118_240_015),
        groups: vec![
            group(
                "In the ledger, not on the statement",
                vec![
                    line("receipt RCT-000041", "Cheque, not cleared yet", day(2026, 11, 27), "Tom Ashdown", 12_050),
                    line("refund REF-000007", "Paid, not debited yet", day(2026, 11, 30), "", -4_000),
                ],
            ),
            group(
                "On the statement, not in the ledger",
                vec![line(
                    "Bank line of 28 Nov, HMRC VAT",
                    "Not a customer's money",
                    day(2026, 11, 28),
                    "Jo Bell",
                    -90_100,
                )],
            ),
        ],
        ledger: ("Bank in the ledger, 1000".to_owned(), 118_157_965),
        words: "The cheque was paid in on 30 November and shows on the statement of 2 December.".to_owned(),
        prepared: ("Tom Ashdown".to_owned(), day(2026, 12, 1)),
    }
}

fn day(year: i32, month: u32, date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, date).expect("samples use real days")
}

fn text(all: &[&str]) -> Vec<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}

fn letterhead(language: Language) -> Letterhead {
    let example = examples(language);
    Letterhead {
        name: "Northmere Council".to_owned(),
        address: text(&["Mere House", "1 Canal Street", "Northmere", "NM1 1AA"]),
        phone: "01632 960 101".to_owned(),
        phone_hours: example["phone_hours"].to_owned(),
        email: "bills@northmere.example".to_owned(),
        web: "www.northmere.example".to_owned(),
        vat_number: Some("GB 999 9999 73".to_owned()),
        logo_svg: None,
        brand_colour: Some("#00665e".to_owned()),
        team_name: example["team"].to_owned(),
        bank: Bank {
            sort_code: "12-34-56".to_owned(),
            account: "12345678".to_owned(),
            account_name: "Northmere Council".to_owned(),
        },
    }
}

fn addressee(business: bool) -> Addressee {
    let customer_number = "C103316".to_owned();
    if business {
        let (name, salutation) = ("Fenwick Catering Ltd".to_owned(), "directors".to_owned());
        let address = text(&["Unit 4, Wharf Lane", "Northmere", "NM2 4QT"]);
        return Addressee { name, salutation, address, customer_number };
    }
    let (name, salutation) = ("Mrs J Pemberton".to_owned(), "Mrs Pemberton".to_owned());
    Addressee {
        name,
        salutation,
        address: text(&["Flat 3", "27 Orchard Road", "Northmere", "NM4 7DL"]),
        customer_number,
    }
}

fn payment() -> Payment {
    Payment {
        reference: "C103316".to_owned(),
        online: Some("pay.northmere.example".to_owned()),
        online_code: Some("7K4-M2P".to_owned()),
        link: None,
        phone: Some("01632 960 100 (24 hours)".to_owned()),
    }
}

fn values(
    from: &Letterhead,
    number: &str,
    sum_pence: i64,
    due_on: NaiveDate,
    language: Language,
) -> BTreeMap<String, String> {
    let due = long_date(due_on, language);
    let next = long_date(due_on.checked_add_days(Days::new(14)).unwrap_or(due_on), language);
    let for_what = match language {
        Language::English if number.starts_with("INV") => "pest control and the hire of Mere Hall in October",
        Language::English => "home care in July and August",
        Language::Welsh if number.starts_with("INV") => "rheoli plâu a llogi Mere Hall ym mis Hydref",
        Language::Welsh => "gofal cartref ym mis Gorffennaf ac Awst",
    };
    let [basis, instalments, interest] = match language {
        Language::English => [
            "We provided home care under section 18 of the Care Act 2014 from 1 July 2026 to 31 August 2026. Section 14 \
             of that Act lets us charge for it. You can ask us for a copy of the assessment and of the invoices.",
            "No instalments have been offered or paid.",
            "No. We are not adding interest or charges.",
        ],
        Language::Welsh => [
            "Gwnaethom ddarparu gofal cartref o dan adran 18 o Ddeddf Gofal 2014 o 1 Gorffennaf 2026 i 31 Awst 2026. Mae \
             adran 14 o'r Ddeddf honno yn caniatáu i ni godi tâl amdano. Gallwch ofyn i ni am gopi o'r asesiad ac o'r \
             anfonebau.",
            "Nid oes unrhyw randaliadau wedi'u cynnig na'u talu.",
            "Nac oes. Nid ydym yn ychwanegu llog na thaliadau.",
        ],
    };
    let pairs: [(&str, String); 21] = [
        ("amount", pounds(sum_pence)),
        ("answer_by", due.clone()),
        ("charges", pounds(0)),
        ("charges_sentence", String::new()),
        ("claim_basis", basis.to_owned()),
        ("daily_interest", pounds(0)),
        ("daily_interest_sentence", String::new()),
        ("due_on", due),
        ("email", from.email.clone()),
        ("for_what", for_what.to_owned()),
        ("instalments", instalments.to_owned()),
        ("interest_continues", interest.to_owned()),
        ("next_letter_on", next),
        ("number", number.to_owned()),
        ("organisation", from.name.clone()),
        ("original_date", long_date(day(2026, 8, 31), language)),
        ("original_number", "INV-20745".to_owned()),
        ("phone", from.phone.clone()),
        ("phone_hours", from.phone_hours.clone()),
        ("reason", examples(language)["reason"].to_owned()),
        ("reply_address", format!("{}, {}, {}", from.team_name, from.name, from.address.join(", "))),
    ];
    let more = [("team", from.team_name.clone()), ("web", from.web.clone()), ("complaints", from.web.clone())];
    pairs.into_iter().chain(more).map(|(name, value)| (name.to_owned(), value)).collect()
}

fn items(kind: LetterKind, language: Language) -> Vec<LetterItem> {
    if matches!(kind, LetterKind::Invoice | LetterKind::CreditNote | LetterKind::Receipt | LetterKind::Other) {
        return Vec::new();
    }
    let item = |number: &str, dated_on, due_on, description: &str, amount_pence, paid_pence| LetterItem {
        number: number.to_owned(),
        dated_on,
        due_on: Some(due_on),
        description: description.to_owned(),
        amount_pence,
        charges_pence: 0,
        late: None,
        in_query_pence: 0,
        paid_pence,
        owed_pence: amount_pence - paid_pence,
    };
    let [july, august] = match language {
        Language::English => ["Home care, July 2026", "Home care, August 2026"],
        Language::Welsh => ["Gofal cartref, Gorffennaf 2026", "Gofal cartref, Awst 2026"],
    };
    vec![
        item("INV-20691", day(2026, 7, 31), day(2026, 8, 30), july, 24_640, 5_000),
        item("INV-20745", day(2026, 8, 31), day(2026, 9, 30), august, 19_640, 0),
    ]
}

fn invoice(kind: LetterKind, language: Language) -> Option<InvoiceTable> {
    let [pests, hire, visits, why] = match language {
        Language::English => [
            "Pest control visit, 12 October 2026",
            "Hire of Mere Hall, 14 October 2026, evening",
            "Home care, August 2026: four visits that did not take place",
            "Four visits did not take place.",
        ],
        Language::Welsh => [
            "Ymweliad rheoli plâu, 12 Hydref 2026",
            "Llogi Mere Hall, 14 Hydref 2026, gyda'r nos",
            "Gofal cartref, Awst 2026: pedwar ymweliad na chynhaliwyd",
            "Ni chynhaliwyd pedwar ymweliad.",
        ],
    };
    let line = |description: &str, quantity: &str, unit_price: &str, rate: &str, net_pence| InvoiceLine {
        description: description.to_owned(),
        quantity: quantity.to_owned(),
        unit_price: unit_price.to_owned(),
        vat_rate: rate.to_owned(),
        taxable: rate != "Exempt",
        net_pence,
    };
    match kind {
        LetterKind::Invoice => Some(InvoiceTable {
            lines: vec![line(pests, "2", "£500.00", "20%", 100_000), line(hire, "1", "£500.00", "Exempt", 50_000)],
            vat: vec![
                VatLine { rate: "20%".to_owned(), net_pence: 100_000, vat_pence: 20_000 },
                VatLine { rate: "Exempt".to_owned(), net_pence: 50_000, vat_pence: 0 },
            ],
            net_pence: 150_000,
            vat_pence: 20_000,
            gross_pence: 170_000,
            tax_point_on: Some(day(2026, 11, 19)),
            your_reference: Some("PO 4471".to_owned()),
            ..InvoiceTable::default()
        }),
        LetterKind::CreditNote => Some(InvoiceTable {
            lines: vec![line(visits, "4", "£24.55", "Exempt", 9_820)],
            net_pence: 9_820,
            gross_pence: 9_820,
            corrects: Some(Corrects {
                number: "INV-20745".to_owned(),
                dated_on: day(2026, 8, 31),
                reason: why.to_owned(),
            }),
            ..InvoiceTable::default()
        }),
        _ => None,
    }
}

fn enclosures(kind: LetterKind, language: Language) -> Vec<Enclosure> {
    if kind != LetterKind::LetterOfClaim {
        return Vec::new();
    }
    let titles = match language {
        Language::English => ["Statement of account", "Information sheet", "Reply form", "Financial statement form"],
        Language::Welsh => ["Datganiad o'r cyfrif", "Taflen wybodaeth", "Ffurflen ateb", "Ffurflen datganiad ariannol"],
    };
    let forms = ["", "information_sheet", "reply_form", "financial_statement"];
    let named = |(form, title): (&str, &str)| Enclosure { form: form.to_owned(), title: title.to_owned(), pdf: None };
    forms.into_iter().zip(titles).map(named).collect()
}
