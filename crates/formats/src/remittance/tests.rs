use super::*;

fn ours(word: &str) -> bool {
    word.starts_with("INV-") || word.starts_with("CN-")
}

fn lines(name: &str, text: &str) -> Vec<(String, i64, i64)> {
    let advice = read(name, text.as_bytes(), &ours).expect("an advice");
    advice.lines.into_iter().map(|l| (l.reference, l.paid_pence, l.deducted_pence)).collect()
}

#[test]
fn csh_04_a_table_is_read_by_its_headings() {
    let csv = "Northern Trust,,\nRemittance advice,,12/05/2026\n\nSupplier Ref,Invoice Date,Gross,Deductions,Amount Paid,Reason\n\
        INV-204817,01/03/2026,148.14,0.00,148.14,\nINV-204951,09/03/2026,\"1,077.30\",77.30,\"1,000.00\",Damaged\n\
        CN-000012,10/03/2026,(20.00),,(20.00),\n,,,,,\nTotal,,,,\"1,128.14\",\n";
    let want =
        vec![("INV-204817".into(), 14_814, 0), ("INV-204951".into(), 100_000, 7_730), ("CN-000012".into(), -2_000, 0)];
    assert_eq!(lines("advice.csv", csv), want);
    let typed = "Invoice No;Type;Net Amount\nINV-1;Invoice;100.00\nCN-2;Credit Note;30.00\n";
    assert_eq!(lines("a.csv", typed), vec![("INV-1".into(), 10_000, 0), ("CN-2".into(), -3_000, 0)]);
}

#[test]
fn csh_04_a_message_is_read_line_by_line() {
    let text = "Dear Sirs,\nwe have paid by BACS:\n\n  Invoice INV-204817   £148.14\n  INV-204951  77.30  70.00\n\
        Credit note CN-12  20.00\nTel 01632 960001\n\nTotal 198.14\nKind regards\n";
    let want =
        vec![("INV-204817".to_owned(), 14_814, 0), ("INV-204951".into(), 7_000, 730), ("CN-12".into(), -2_000, 0)];
    assert_eq!(lines("advice.txt", text), want);
    let eml = format!("From: a@b.example\nSubject: Remittance\nDate: today\nContent-Type: text/plain\n\n{text}");
    assert_eq!(lines("advice.eml", &eml), want);
    let html = "From: a@b.example\r\nSubject: Remittance\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary=\"x1\"\r\n\r\n--x1\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<table><tr><td>INV-204817</td><td>=C2=A3148.14</td></tr><tr><td>INV-=\r\n204951</td><td>70.00</td></tr></table>\r\n--x1--\r\n";
    assert_eq!(lines("mail", html), vec![("INV-204817".into(), 14_814, 0), ("INV-204951".into(), 7_000, 0)]);
    let packed = "From: a@b.example\nSubject: x\nDate: y\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\nSU5WLTIwNDgxNyAgMTQ4LjE0Cg==\n";
    assert_eq!(lines("m.eml", packed), vec![("INV-204817".into(), 14_814, 0)]);
}

#[test]
fn csh_04_bad_advice_says_why() {
    let code = |bytes: &[u8]| read("a", bytes, &ours).expect_err("refused").code;
    assert_eq!(code(b"Invoice,Amount\nINV-1,10.00\nTotal,11.00\n"), "remittance.total");
    assert_eq!(code(b"%PDF-1.7"), "remittance.pdf");
    assert_eq!(code(b"PK\x03\x04"), "remittance.packed");
    assert_eq!(code(b""), "remittance.empty");
    assert_eq!(code(b"hello\nworld 12.00\n"), "remittance.empty");
    let left = read("a", b"Invoice,Amount\nINV-1,10.00\n,5.00\n", &ours).expect("an advice").left_out;
    assert_eq!(left, ["5.00"]);
}

#[test]
fn csh_04_amounts_as_payers_write_them() {
    for (text, want) in [
        ("£1,234.50", 123_450),
        ("(12.00)", -1_200),
        ("12.00-", -1_200),
        ("12.00 CR", -1_200),
        ("-12", -1_200),
        ("GBP 7", 700),
    ] {
        assert_eq!(amount(text), Some(want), "{text}");
    }
    assert_eq!((amount("12.345"), amount("INV-1"), amount("")), (None, None, None));
}

proptest::proptest! {
    #[test]
    fn csh_04_no_bytes_break_the_reader(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400), text in "\\PC{0,200}") {
        let _ = read("a.eml", &bytes, &ours);
        let _ = read("a.csv", text.as_bytes(), &ours);
        let mail = format!("From: x\nSubject: y\nDate: z\nContent-Type: text/html\n\n{text}");
        let _ = read("a", mail.as_bytes(), &ours);
    }
}
