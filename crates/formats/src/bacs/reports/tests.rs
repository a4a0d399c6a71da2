use super::*;
use proptest::prelude::*;

const ARUDD: &str = r#"<?xml version="1.0" encoding="ISO-8859-1"?>
<BACSDocument><Data><ARUDD>
 <Header reportType="REFT1019" adviceNumber="000" currentProcessingDate="2026-11-25"/>
 <AddresseeInformation name="EXAMPLE NHS TRUST"/>
 <ServiceLicenseInformation userName="EXAMPLE NHS TRUST" userNumber="123456"/>
 <Advice><OriginatingAccountRecords><OriginatingAccountRecord>
  <OriginatingAccount name="EXAMPLE NHS TRUST" number="66374958" sortCode="08-99-99" type="0" bankName="A BANK"/>
  <ReturnedDebitItem ref="SUN0000012345 " transCode="17" returnCode="0" returnDescription="REFER TO PAYER"
     originalProcessingDate="2026-11-23" valueOf="45.50" currency="GBP">
   <PayerAccount number="88837491" ref="SUN0000012345" name="MRS A PATEL" sortCode="10-79-99"/>
  </ReturnedDebitItem>
  <ReturnedDebitItem ref="SUN0000012399" transCode="01" returnCode="1012" returnDescription="Instruction Cancelled"
     originalProcessingDate="2026-11-23" valueOf="120.00" currency="GBP"/>
  <Totals numberOf="2" valueOf="165.50" currency="GBP"/>
 </OriginatingAccountRecord></OriginatingAccountRecords></Advice>
</ARUDD></Data><SignatureMethod/><Signature/></BACSDocument>"#;

const ADVICES: &str = r#"<BACSDocument><Data><MessagingAdvices user-number="123456">
 <MessagingHeader user-number="123456"/><Header report-generation-date="2026-11-25"/>
 <MessagingAdvice user-number="123456" record-type="A" effective-date="2026-11-25" reference="SUN0000012345  "
  payer-name="MRS A PATEL" payer-sort-code="10-79-99" payer-account-number="88837491" reason-code="3"
  payer-new-sort-code="118765" payer-new-account-number="64371389" file-type="LIVE"/>
 <MessagingAdvice user-number="123456" record-type="A" effective-date="2026-11-25" reference="SUN0000012399" reason-code="1"/>
 <MessagingAdvice user-number="123456" record-type="Z" reference="SUN0000012399"/>
</MessagingAdvices></Data></BACSDocument>"#;

const DDICA: &str = "<VocaDocument><Data><Document><ServiceUserNumber>123456</ServiceUserNumber>
 <NewAdvices><TotalValueOfDebits>1,458.80</TotalValueOfDebits><DateOfDebit>2026-12-15</DateOfDebit>
 <DDICAdvice><SeqNo>1</SeqNo><PayingBankReference>PB77</PayingBankReference><SUReference>SUN0000012345</SUReference>
 <ReasonCode>5</ReasonCode><ReasonCodeMeaning>No authority</ReasonCodeMeaning><PayerSortCode>107999</PayerSortCode>
 <PayerName>MRS A PATEL</PayerName><PayerAccount>88837491</PayerAccount><TotalAmount>1,458.80</TotalAmount>
 <DDCollections><DDCollection><DateOfDirectDebit>2026-10-01</DateOfDirectDebit><Amount>729.40</Amount></DDCollection>
 <DDCollection><DateOfDirectDebit>2026-11-02</DateOfDirectDebit><Amount>729.40</Amount></DDCollection></DDCollections>
 </DDICAdvice></NewAdvices></Document></Data></VocaDocument>";

const INPUT: &str = r#"<BACSDocument><Data><InputReport><Header><ProcessingDate date="2026-11-23"/></Header>
 <Submission><SubmissionInformation volumeSerialNumber="325001"/><UserFile><InputUserFile>
 <UserFileInformation userNumber="123456" userFileNumber="001"/>
 <Errors><Error><ErrorItem reference="SUN0000012399" valueOf="120.00"/><ErrorMessage type="REJECTED" line1="INVALID SORT CODE"/></Error></Errors>
 <InputReportSummary><AccountTotals><AccountTotal>
  <DebitEntry><AcceptedRecords numberOf="1" valueOf="45.50"/><RejectedRecords numberOf="1" valueOf="120.00"/></DebitEntry>
  <CreditEntry><AcceptedRecords numberOf="1" valueOf="45.50"/></CreditEntry>
 </AccountTotal></AccountTotals></InputReportSummary></InputUserFile></UserFile></Submission></InputReport></Data></BACSDocument>"#;

fn report(text: &str) -> Report {
    let mut reports = read(text.as_bytes());
    assert_eq!(reports.len(), 1);
    reports.remove(0)
}

fn d(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

#[test]
fn csh_20_unpaid_collections_by_words_before_code() {
    let report = report(ARUDD);
    assert_eq!((report.kind, report.errors.len(), report.report_on), (ReportKind::Unpaid, 0, Some(d("2026-11-25"))));
    assert_eq!(report.suns, ["123456"]);
    let [first, second] = report.items.as_slice() else { panic!("{report:?}") };
    assert_eq!((first.reference.as_str(), first.reason.as_str(), first.amount_pence), ("SUN0000012345", "0", 4_550));
    assert_eq!(first.original_on, Some(d("2026-11-23")));
    assert_eq!(first.bank.sort_code.as_deref(), Some("107999"));
    assert_eq!((second.reason.as_str(), second.reason_words.as_str()), ("1", "Instruction Cancelled (1012)"));
    assert_ne!(first.key, second.key);
    assert_eq!(self::report(ARUDD).items[0].key, first.key, "the same item has the same key");
}

#[test]
fn csh_20_advices_give_old_and_new_details_and_hold_what_is_not_known() {
    let report = report(ADVICES);
    assert_eq!((report.kind, report.items.len(), report.held.len()), (ReportKind::Amended, 2, 1));
    let moved = &report.items[0];
    assert_eq!((moved.reference.as_str(), moved.reason.as_str()), ("SUN0000012345", "3"));
    assert_eq!(moved.new_bank.sort_code.as_deref(), Some("118765"));
    assert_eq!(moved.new_bank.account.as_deref(), Some("64371389"));
    assert!(!self::report(&ADVICES.replace("\"LIVE\"", "\"TEST\"")).live);
}

#[test]
fn csh_20_auddis_tells_of_files_and_items() {
    let text = r#"<BACSDocument><Data><MessagingAdvices><MessagingHeader user-number="123456"/>
     <MessagingAdvice user-number="123456" record-type="V" vol-serial-number="325001" accepted-ddi="1" rejected-ddi="1"/>
     <MessagingAdvice user-number="123456" record-type="N" reference="SUN0000012411" reason-code="5"/>
     </MessagingAdvices></Data></BACSDocument>"#;
    let report = report(text);
    assert_eq!((report.kind, report.serial.as_deref()), (ReportKind::Instructions, Some("325001")));
    assert_eq!(report.items[0].counts, Some((1, 1)));
    assert_eq!((report.items[1].kind, report.items[1].reason.as_str()), (ItemKind::InstructionReturned, "5"));
}

#[test]
fn csh_20_claims_are_split_over_their_collections_and_prove() {
    let report = report(DDICA);
    assert_eq!((report.kind, report.items.len(), report.errors.len()), (ReportKind::Claims, 2, 0));
    let claim = &report.items[1];
    assert_eq!((claim.amount_pence, claim.original_on), (72_940, Some(d("2026-11-02"))));
    assert_eq!(claim.effective_on, Some(d("2026-12-15")));
    assert_eq!((claim.reason.as_str(), claim.bank_reference.as_deref()), ("5", Some("PB77")));
    let wrong = self::report(&DDICA.replacen("1,458.80", "1,458.81", 1));
    assert_eq!((wrong.errors[0].code.as_str(), wrong.items.len()), ("bacs.total", 0));
}

#[test]
fn csh_20_an_input_report_finds_the_batch_and_its_rejected_items() {
    let report = report(INPUT);
    assert_eq!((report.kind, report.serial.as_deref()), (ReportKind::Input, Some("325001")));
    let totals = report.accepted.unwrap();
    assert_eq!((totals.debits, totals.rejected_debits), ((1, 4_550), (1, 12_000)));
    assert_eq!((report.items[0].kind, report.items[0].amount_pence), (ItemKind::Rejected, 12_000));
}

#[test]
fn a_withdrawal_names_its_submission() {
    let text = r#"<BACSDocument><Data><WithdrawalReport><Submission><SubmissionInformation bureauNumber="B1" volumeSerialNumber="325001"/>
     <UserFile><WithdrawalUserFile><UserFileInformation userNumber="123456"/><DaySection><Totals><Credit valueOf="165.50"/><Debit valueOf="165.50"/></Totals>
     </DaySection></WithdrawalUserFile></UserFile></Submission></WithdrawalReport></Data></BACSDocument>"#;
    let report = report(text);
    assert_eq!((report.kind, report.items[0].amount_pence), (ReportKind::Withdrawal, 16_550));
    assert_eq!(report.items[0].serial.as_deref(), Some("325001"));
}

#[test]
fn credits_come_back_and_wrong_accounts_are_told() {
    let back = ARUDD.replace("ARUDD", "ARUCS").replace("ReturnedDebitItem", "ReturnedCreditItem");
    let report =
        report(&back.replace("REFER TO PAYER", "ACCOUNT CLOSED").replace("Instruction Cancelled", "NO ACCOUNT"));
    assert_eq!(report.kind, ReportKind::ReturnedCredits);
    assert_eq!(report.items.iter().map(|i| i.reason.as_str()).collect::<Vec<_>>(), ["B", "5"]);
    let text = ADVICES
        .replace("<MessagingAdvices user-number=\"123456\">", "<AWACS>")
        .replace("</MessagingAdvices>", "</AWACS>");
    let report = self::report(&text);
    assert_eq!((report.kind, report.items[0].kind), (ReportKind::WrongAccount, ItemKind::WrongAccount));
}

#[test]
fn totals_that_do_not_prove_and_odd_dates_hold_the_file() {
    let code = |from: &str, to: &str| {
        let report = report(&ARUDD.replacen(from, to, 1));
        assert!(report.items.is_empty());
        report.errors[0].code.clone()
    };
    assert_eq!(code("165.50", "165.51"), "bacs.total");
    assert_eq!(code("numberOf=\"2\"", "numberOf=\"3\""), "bacs.total");
    assert_eq!(code("2026-11-25", "25/11/2026"), "bacs.date");
    assert_eq!(code("45.50", "45.505"), "money.precision");
    assert_eq!(code("</ARUDD>", ""), "bacs.not_xml");
    assert_eq!(
        code("<BACSDocument>", "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><BACSDocument>"),
        "xml.entity"
    );
    assert_eq!(code("ARUDD>", "OTHER>").as_str(), "bacs.not_xml");
    assert_eq!(report("<html/>").errors[0].code, "bacs.report");
    assert_eq!(report("").errors[0].code, "bacs.not_xml");
    let unknown = report(&ARUDD.replacen("returnCode=\"0\"", "returnCode=\"Z\"", 1).replace("REFER TO PAYER", "OTHER"));
    assert_eq!(unknown.items[0].reason, "", "never guessed");
}

proptest! {
    #[test]
    fn damaged_reports_never_panic(which in 0usize..4, from in 0usize..1500, bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        let text = [ARUDD, ADVICES, DDICA, INPUT][which].as_bytes();
        let from = from.min(text.len());
        let _ = read(&[&text[..from], &bytes, &text[from..]].concat());
        let _ = read(&[&text[..from], &bytes].concat());
        let _ = read(&bytes);
    }
}
