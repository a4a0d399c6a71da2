use super::*;
use chrono::NaiveDate;

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn ours() -> Party {
    Party { name: "EXAMPLE NHS TRUST".into(), sort_code: "089999".into(), account: "66374958".into() }
}

fn hers() -> Party {
    Party { name: "MRS A PATEL".into(), sort_code: "107999".into(), account: "88837491".into() }
}

fn credits() -> CreditBatch {
    CreditBatch {
        message_id: "REF-20261120-0007".into(),
        batch_id: "REFUNDS-0000000007".into(),
        created_at: "2026-11-20T10:15:00Z".parse().unwrap(),
        execute_on: d("2026-11-24"),
        from: ours(),
        customer_id: None,
        profile: CreditProfile::default(),
        payments: vec![Payment {
            end_to_end_id: "RF0000451".into(),
            to: hers(),
            amount_pence: 4_550,
            remittance: "REFUND SI0004521".into(),
        }],
    }
}

fn debits() -> DebitBatch {
    let one = |id: &str, pence, sequence| Collection {
        end_to_end_id: id.into(),
        from: hers(),
        amount_pence: pence,
        mandate_reference: "SUN0000012345".into(),
        signed_on: d("2026-10-01"),
        sequence,
        remittance: "SI0004521".into(),
    };
    DebitBatch {
        message_id: "DD-20261120-0007".into(),
        created_at: "2026-11-20T10:15:00Z".parse().unwrap(),
        collect_on: d("2026-11-24"),
        to: ours(),
        sun: "123456".into(),
        profile: DebitProfile::default(),
        collections: vec![one("C1", 4_550, Sequence::Regular), one("C2", 12_000, Sequence::First)],
    }
}

/// The example of the format's page, without its line breaks and spaces.
const EXAMPLE: &str = "<Documentxmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.03\"><CstmrCdtTrfInitn>\
<GrpHdr><MsgId>REF-20261120-0007</MsgId><CreDtTm>2026-11-20T10:15:00</CreDtTm><NbOfTxs>1</NbOfTxs><CtrlSum>45.50</CtrlSum>\
<InitgPty><Nm>EXAMPLENHSTRUST</Nm></InitgPty></GrpHdr>\
<PmtInf><PmtInfId>REFUNDS-0000000007</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg><NbOfTxs>1</NbOfTxs><CtrlSum>45.50</CtrlSum>\
<PmtTpInf><SvcLvl><Cd>NURG</Cd></SvcLvl></PmtTpInf><ReqdExctnDt>2026-11-24</ReqdExctnDt>\
<Dbtr><Nm>EXAMPLENHSTRUST</Nm></Dbtr><DbtrAcct><Id><Othr><Id>66374958</Id></Othr></Id></DbtrAcct>\
<DbtrAgt><FinInstnId><ClrSysMmbId><ClrSysId><Cd>GBDSC</Cd></ClrSysId><MmbId>089999</MmbId></ClrSysMmbId></FinInstnId></DbtrAgt>\
<CdtTrfTxInf><PmtId><EndToEndId>RF0000451</EndToEndId></PmtId><Amt><InstdAmtCcy=\"GBP\">45.50</InstdAmt></Amt>\
<CdtrAgt><FinInstnId><ClrSysMmbId><ClrSysId><Cd>GBDSC</Cd></ClrSysId><MmbId>107999</MmbId></ClrSysMmbId></FinInstnId></CdtrAgt>\
<Cdtr><Nm>MRSAPATEL</Nm></Cdtr><CdtrAcct><Id><Othr><Id>88837491</Id></Othr></Id></CdtrAcct>\
<RmtInf><Ustrd>REFUNDSI0004521</Ustrd></RmtInf></CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>";

#[test]
fn a_refund_is_written_as_the_page_shows_it() {
    let written = write_credits(&credits()).unwrap();
    let text = String::from_utf8(written.bytes).unwrap();
    let bare: String = text.split_once("?>").unwrap().1.chars().filter(|c| !c.is_whitespace()).collect();
    assert_eq!(bare, EXAMPLE);
    assert_eq!((written.count, written.total_pence), (1, 4_550));
}

#[test]
fn direct_debits_stand_in_a_part_for_each_sequence() {
    let text = String::from_utf8(write_debits(&debits()).unwrap().bytes).unwrap();
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    assert!(bare.contains("<SeqTp>FRST</SeqTp>") && bare.contains("<SeqTp>RCUR</SeqTp>"), "{text}");
    assert!(
        bare.contains(
            "<PmtInfId>DD-20261120-0007-FRST</PmtInfId><PmtMtd>DD</PmtMtd><NbOfTxs>1</NbOfTxs><CtrlSum>120.00"
        )
    );
    assert!(bare.contains("<CdtrSchmeId><Id><PrvtId><Othr><Id>123456</Id></Othr></PrvtId></Id></CdtrSchmeId>"));
    assert!(bare.contains("<MndtId>SUN0000012345</MndtId><DtOfSgntr>2026-10-01</DtOfSgntr>"));
    let mut again = debits();
    again.collections[0].sequence = Sequence::Represented;
    assert_eq!(write_debits(&again).unwrap_err()[0].code, "pain.sequence");
    again.profile.version = DebitVersion::V08;
    assert!(String::from_utf8(write_debits(&again).unwrap().bytes).unwrap().contains("RPRE"));
}

#[test]
fn what_does_not_fit_is_refused() {
    let code = |change: &dyn Fn(&mut CreditBatch)| {
        let mut batch = credits();
        change(&mut batch);
        write_credits(&batch).unwrap_err().iter().map(|p| p.code.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(code(&|b| b.payments.clear()), "pain.empty");
    assert_eq!(code(&|b| b.payments[0].amount_pence = 0), "pain.amount");
    assert_eq!(code(&|b| b.payments[0].to.name = "A NAME OF NINETEEN.".into()), "pain.length");
    assert_eq!(code(&|b| b.payments[0].to.name = "A & B".into()), "pain.charset");
    assert_eq!(code(&|b| b.payments[0].to.sort_code = "10".into()), "pain.account");
    assert_eq!(code(&|b| b.message_id = "A B".into()), "pain.id");
    assert_eq!(code(&|b| b.payments.push(b.payments[0].clone())), "pain.duplicate");
    assert_eq!(convert("Zoë & Sons"), "ZoE   Sons");
}

const ANSWER: &str = "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.03\"><CstmrPmtStsRpt>
 <GrpHdr><MsgId>A1</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>REF-20261120-0007</OrgnlMsgId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>
 <OrgnlPmtInfAndSts><OrgnlPmtInfId>REFUNDS-0000000007</OrgnlPmtInfId><PmtInfSts>PART</PmtInfSts>
 <TxInfAndSts><OrgnlEndToEndId>RF0000451</OrgnlEndToEndId><TxSts>RJCT</TxSts>
 <StsRsnInf><Rsn><Cd>AC01</Cd></Rsn><AddtlInf>Account unknown</AddtlInf></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts>
 </CstmrPmtStsRpt></Document>";

#[test]
fn the_banks_answer_says_which_payment_and_why() {
    let answer = read_status(ANSWER.as_bytes()).unwrap();
    assert_eq!((answer.original_message_id.as_str(), answer.group), ("REF-20261120-0007", Some(Status::Partly)));
    assert_eq!(answer.batches, [("REFUNDS-0000000007".to_owned(), Status::Partly)]);
    assert_eq!(answer.items[0].status, Status::Rejected);
    assert_eq!(answer.items[0].reason.as_deref(), Some("AC01 Account unknown"));
    let code = |from: &str, to: &str| read_status(ANSWER.replacen(from, to, 1).as_bytes()).unwrap_err().code;
    assert_eq!(code("RJCT", "WHAT"), "pain.status");
    assert_eq!(code("<OrgnlMsgId>REF-20261120-0007</OrgnlMsgId>", ""), "pain.original");
    assert_eq!(code("CstmrPmtStsRpt>", "Other>"), "pain.not_xml");
    assert_eq!(code("<Document", "<!DOCTYPE a><Document"), "xml.entity");
}
