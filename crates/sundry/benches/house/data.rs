//! A ledger to time: customers, invoices of two lines, bank lines that pay a tenth of them.
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

/// A ledger of `n` open invoices.
pub fn ledger(n: usize) -> Ledger {
    let mut dice = Dice(n as u64);
    let people = (n / 10).max(20);
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
            i % 100,
            10_000_000 + i
        );
    }
    let mut invoices = String::from("invoice_no,customer_id,invoice_date,due_date,po_number,net,vat,gross\n");
    let mut lines = String::from("invoice_no,line_no,description,quantity,unit_price,vat_code,net,vat\n");
    let mut bank = String::from("bank_line_id,date,amount,type,payer_name,payer_sort_code,payer_account,reference\n");
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
        if i % 10 == 0 {
            let _ = writeln!(
                bank,
                "B{i:07},{},{},BGC,PAYER {customer},00-00-{:02},{:08},{number}",
                today(),
                pounds(gross),
                customer % 100,
                10_000_000 + customer
            );
        }
    }
    Ledger {
        customers: customers.into_bytes(),
        invoices: invoices.into_bytes(),
        lines: lines.into_bytes(),
        bank: bank.into_bytes(),
    }
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
