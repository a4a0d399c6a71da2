//! A ledger to time: customers with five invoices of two lines each, and bank lines that pay some of them.
use chrono::{Days, NaiveDate};
use std::fmt::Write;

/// The files of one ledger.
pub struct Ledger {
    /// customers.csv
    pub customers: Vec<u8>,
    /// invoices.csv
    pub invoices: Vec<u8>,
    /// lines.csv
    pub lines: Vec<u8>,
    /// bank.csv
    pub bank: Vec<u8>,
}

/// The business date of the bench.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 30).expect("a date that exists")
}

/// What is thrown for one invoice: its number, its customer, its amounts.
struct Thrown {
    number: String,
    customer: usize,
    gross: i64,
}

/// Customers of a ledger of `n` invoices.
pub fn people(n: usize) -> usize {
    (n / 5).max(20)
}

/// A ledger of `n` open invoices and `paid` bank lines.
pub fn ledger(n: usize, paid: usize) -> Ledger {
    let mut dice = Dice(n as u64);
    let people = people(n);
    let mut customers =
        String::from("customer_id,name,kind,address1,town,postcode,email,terms_days,sort_code,account_no\n");
    for i in 0..people {
        let kind = ["person", "company", "council", "health"][i % 4];
        let name = format!("{} {}", WORDS[dice.below(WORDS.len())], WORDS[dice.below(WORDS.len())]);
        let _ = writeln!(
            customers,
            "C{},{name} {i},{kind},{} Mill Lane,Oakham,ZZ1 1ZZ,c{i}@customer.example,30,00-00-{:02},{:08}",
            100_001 + i,
            1 + i % 200,
            1 + i % 90,
            10_000_000 + i
        );
    }
    let mut invoices = String::from("invoice_no,customer_id,invoice_date,due_date,po_number,net,vat,gross\n");
    let mut lines = String::from("invoice_no,line_no,description,quantity,unit_price,vat_code,net,vat\n");
    let mut all = Vec::with_capacity(n);
    for i in 0..n {
        let (number, customer) = (format!("SI{}", 1_000_000 + i * 7), dice.below(people));
        let dated = today() - Days::new(20 + dice.below(600) as u64);
        let units = [20 * (25 + dice.below(900)) as i64, 20 * (25 + dice.below(900)) as i64];
        let vat = units[0] / 5;
        let (net, gross) = (units[0] + units[1], units[0] + units[1] + vat);
        let due = dated + Days::new(30);
        let _ = writeln!(
            invoices,
            "{number},C{},{dated},{due},PO{i},{},{},{}",
            100_001 + customer,
            pounds(net),
            pounds(vat),
            pounds(gross)
        );
        let _ = writeln!(lines, "{number},1,Room hire,1,{0},S,{0},{1}", pounds(units[0]), pounds(vat));
        let _ = writeln!(lines, "{number},2,Training course,1,{0},E,{0},0.00", pounds(units[1]));
        all.push(Thrown { number, customer, gross });
    }
    Ledger {
        customers: customers.into_bytes(),
        invoices: invoices.into_bytes(),
        lines: lines.into_bytes(),
        bank: bank(&all, paid, &mut dice).into_bytes(),
    }
}

/// Lines as they come: of a hundred, 62 name their invoice, 15 only come from a known account, 10 pay two invoices at
/// once, 8 have a slip in the reference, 5 are strangers'.
fn bank(all: &[Thrown], paid: usize, dice: &mut Dice) -> String {
    let mut bank = String::from("bank_line_id,date,amount,type,payer_name,payer_sort_code,payer_account,reference\n");
    let step = (all.len() / paid.max(1)).max(1);
    for (i, one) in all.iter().step_by(step).take(paid).enumerate() {
        let twin = all[(i * step + 1) % all.len()..].iter().take(400).find(|other| other.customer == one.customer);
        let (amount, words) = match (dice.below(100), twin) {
            (0..62, _) => (one.gross, format!("{} HALL HIRE", one.number)),
            (62..77, _) => (one.gross, "PAYMENT THANK YOU".to_owned()),
            (77..87, Some(twin)) => (one.gross + twin.gross, format!("{} {}", one.number, twin.number)),
            (87..95, _) => (one.gross, format!("{}0 INVOICE", &one.number[..one.number.len() - 1])),
            (95.., _) => (one.gross, "SUNDRY CREDIT".to_owned()),
            _ => (one.gross, one.number.clone()),
        };
        let stranger = words == "SUNDRY CREDIT";
        let (name, account) = if stranger { (0, 99_999_999) } else { (one.customer, 10_000_000 + one.customer) };
        let _ = writeln!(
            bank,
            "B{i:07},{},{},BGC,PAYER {name},00-00-{:02},{account:08},{words}",
            today(),
            pounds(amount),
            1 + name % 90
        );
    }
    bank
}

fn pounds(pence: i64) -> String {
    format!("{}.{:02}", pence / 100, pence % 100)
}

const WORDS: &[&str] =
    &["Harbour", "Meadow", "Quarry", "Linden", "Foxglove", "Orchard", "Beacon", "Tarn", "Willow", "Copse"];

/// SplitMix64: the same ledger each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}
