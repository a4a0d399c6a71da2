//! DUN-15: money, however it comes, stops every step the same day.
use super::cards::{letter_link, office};
use super::cash::{agrees, bring, matched, neutral, owe};
use super::recovery::release;
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::cards::{pay_link_back, pay_now};
use sundry_desk::cash::record_receipt::{RecordReceipt, record_receipt};
use sundry_desk::core::testing::on_both;
use sundry_desk::recovery::preview_day;
use sundry_domain::control::Role;
use sundry_domain::delivery::LetterKind;
use sundry_domain::money::Pence;
use sundry_store::args;

#[tokio::test(flavor = "multi_thread")]
async fn dun_15_money_by_cash_cheque_card_and_bank_stops_every_step_the_same_day() {
    on_both("2026-05-11", async |t| {
        let payers = [
            ("C100001", "Tollgate Lettings Ltd", "08-99-99", "66374958"),
            ("C100002", "Mary Holt", "", ""),
            ("C100003", "Adam Reed", "", ""),
            ("C100004", "Joan Vale", "", ""),
            ("C100005", "Tom Dale", "", ""),
        ];
        let owed = [
            ("INV-204817", "C100001", "2026-03-02", "2026-04-01", 14_814),
            ("INV-204818", "C100002", "2026-03-02", "2026-04-01", 12_002),
            ("INV-204819", "C100003", "2026-03-02", "2026-04-01", 12_003),
            ("INV-204820", "C100004", "2026-03-02", "2026-04-01", 12_004),
            ("INV-204821", "C100005", "2026-03-02", "2026-04-01", 12_005),
        ];
        owe(&t, "owe", &payers, &owed).await;
        let mut tx = t.desk.db().begin().await.expect("begins");
        let sql = "update customer set kind = 'individual', address1 = '1 High Street', town = 'Morpeth', postcode = 'NE61 1AA' where org_id = $1";
        tx.run(sql, args![t.org]).await.expect("an address");
        tx.commit().await.expect("commits");
        let (cashier, controller, today) = (t.role(Role::Cashier), t.role(Role::CreditController), t.desk.today());
        let asked = async || {
            let seen = preview_day(&t.desk, &controller, today).await.expect("a preview");
            seen.totals.letters.get("reminder").map_or(0, |sum| sum.count)
        };
        assert_eq!(asked().await, 5, "all are to be asked this morning");
        for (at, method) in [(1, "cash"), (2, "cheque"), (3, "card")] {
            let (item, customer, amount) = (owed[at].0, owed[at].1, Pence(owed[at].4));
            let ask = RecordReceipt {
                key: method.into(),
                method: method.into(),
                customer: customer.into(),
                amount,
                received_on: today,
                payer_name: String::new(),
                words: "at the counter".into(),
                lines: vec![AllocationLine { item: item.into(), amount }],
            };
            record_receipt(&t.desk, &cashier, ask).await.expect("records");
            assert_eq!(asked().await, 5 - at as i64, "{method}");
        }
        let line = "B0000001,2026-05-11,148.14,BGC,TOLLGATE LETTINGS,08-99-99,66374958,INV-204817\n";
        bring(&t, neutral("bank", line)).await.expect("imports");
        assert_eq!(asked().await, 0, "nobody is asked before today's bank file is posted");
        matched(&t, "match").await;
        assert_eq!(asked().await, 1);
        let released = release(&t, "2026-05-11").await.expect("a day");
        assert_eq!(released.totals.letters["reminder"].count, 1, "only who has not paid");
        let again = release(&t, "2026-05-12").await.expect("a day");
        assert!(!again.totals.letters.contains_key("reminder"), "{:?}", again.totals);
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_15_a_payment_by_the_link_of_a_letter_stops_the_next_step_the_same_day() {
    on_both("2026-05-01", async |t| {
        let pay = office(&t).await;
        let token = letter_link(&t).await;
        t.go_to("2026-06-08");
        let (controller, today) = (t.role(Role::CreditController), t.desk.today());
        let asked = async || {
            let seen = preview_day(&t.desk, &controller, today).await.expect("a preview");
            let reminders = seen.letters.into_iter().filter(|one| one.kind == LetterKind::Reminder);
            let debts = reminders.flat_map(|one| one.items).map(|item| item.number);
            debts.filter(|number| number.starts_with("INV-")).collect::<Vec<String>>()
        };
        assert_eq!(asked().await, ["INV-000001"], "a week late this morning");
        pay_now(&t.desk, &token, "now").await.expect("begins");
        assert_eq!(asked().await, ["INV-000001"], "nothing is paid by opening the page");
        pay.pay(&pay.newest());
        assert_eq!(pay_link_back(&t.desk, &token).await.expect("back").state, "paid");
        assert_eq!(asked().await, Vec::<String>::new(), "nobody waits for the bank");
        agrees(&t).await;
    })
    .await;
}
