use super::*;

fn eml(head: &str, body: &str) -> Message {
    read_message(format!("{head}\r\n\r\n{body}").replace('\n', "\r\n").replace("\r\r", "\r").as_bytes())
}

const HEAD: &str = "From: =?UTF-8?B?U2nDom4gUGFycnk=?= <Sian.Parry@Example.org>\nTo: bills@northmere.example\nMessage-ID: <abc.1@mail.example.org>\nIn-Reply-To: <LTR-000001.1@northmere.example>\nReferences: <first@northmere.example>\n <LTR-000001.1@northmere.example>\nSubject: =?iso-8859-1?Q?Re:_Invoice_INV-000012_=A3120?=\nDate: Fri, 1 May 2026 09:30:00 +0100\nMIME-Version: 1.0";

#[test]
fn qry_06_headings_say_who_what_and_which_message_is_answered() {
    let read = eml(HEAD, "Hello,\nthe hall was cold.\nSian");
    assert_eq!((read.from.name.as_str(), read.from.address.as_str()), ("Siân Parry", "sian.parry@example.org"));
    assert_eq!(
        (read.subject.as_str(), read.message_id.as_str()),
        ("Re: Invoice INV-000012 £120", "abc.1@mail.example.org")
    );
    assert_eq!(read.answers, ["LTR-000001.1@northmere.example", "first@northmere.example"]);
    assert_eq!(read.sent_at.map(|at| at.to_rfc3339()).as_deref(), Some("2026-05-01T08:30:00+00:00"));
    assert_eq!((read.text.as_str(), read.writer), ("Hello,\nthe hall was cold.\nSian", Writer::Person));
    assert!(read.troubles.is_empty() && read.quoted.is_empty() && read.attachments.is_empty());
}

#[test]
fn qry_06_what_is_quoted_is_told_from_what_is_new() {
    let new = |body: &str| {
        let read = eml(HEAD, body);
        (read.text, read.quoted)
    };
    for tail in [
        "On Fri, 1 May 2026 at 09:00, Northmere <bills@n.example> wrote:\n> Please pay INV-000012",
        "On Fri, 1 May 2026 at 09:00, Northmere Council Bills and Invoices\n<bills@n.example> wrote:\n> Please pay",
        "-----Original Message-----\nFrom: Bills\nPlease pay",
        "From: Bills <bills@n.example>\nSent: 01 May 2026 09:00\nTo: Sian\nSubject: Bill\n\nPlease pay",
        "Ar 1 Mai 2026, Northmere ysgrifennodd:\n> Talwch",
        "> Please pay\n> INV-000012\n",
    ] {
        let (text, quoted) = new(&format!("I have paid this.\n\n{tail}"));
        assert_eq!(text, "I have paid this.", "{tail}");
        assert!(quoted.contains("pay") || quoted.contains("Talwch"), "{quoted}");
    }
    let (text, quoted) = new("> Is it right?\nNo, it is not.\nThe hall was shut.\n");
    assert_eq!((text.as_str(), quoted.as_str()), ("No, it is not.\nThe hall was shut.", "> Is it right?"));
    let (text, quoted) = new("From: the station it is a mile.\nOn foot it is slow.");
    assert!(text.ends_with("slow.") && quoted.is_empty(), "{text}");
}

#[test]
fn qry_06_parts_give_text_and_files_with_names_and_kinds() {
    let head = format!("{HEAD}\nContent-Type: multipart/mixed; boundary=\"m\"");
    let body = "--m\nContent-Type: multipart/alternative; boundary=\"a\"\n\n--a\nContent-Type: text/plain; charset=windows-1252\nContent-Transfer-Encoding: quoted-printable\n\nOwed =A3120=\n.00\n--a\nContent-Type: text/html\n\n<p>Owed</p>\n--a--\n--m\nContent-Type: application/pdf; name=\"proof.pdf\"\nContent-Disposition: attachment; filename*=UTF-8''prawf%20t%C3%A2l.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjc=\n--m\nContent-Type: message/rfc822\n\nFrom: x@y.example\nSubject: inner\n\nHi\n--m--\n";
    let read = eml(&head, body);
    assert_eq!(read.text, "Owed £120.00");
    let files: Vec<_> =
        read.attachments.iter().map(|f| (f.name.as_str(), f.media_type.as_str(), f.bytes.len())).collect();
    assert_eq!(files[0], ("prawf tâl.pdf", "application/pdf", 8));
    assert!(files[1].0.ends_with(".eml") && files[1].1 == "message/rfc822", "{files:?}");
    let html = eml(&format!("{HEAD}\nContent-Type: text/html"), "<style>p{}</style><p>Owed &pound;5</p><p>Sian</p>");
    assert!(html.text.contains("Owed £5\n") && html.text.ends_with("Sian"), "{:?}", html.text);
}

#[test]
fn qry_06_programs_say_that_they_wrote() {
    let writer = |line: &str| eml(&format!("{line}\n{HEAD}"), "x").writer;
    for line in ["Auto-Submitted: auto-replied", "X-Autoreply: yes", "Precedence: auto_reply"] {
        assert_eq!(writer(line), Writer::Automatic, "{line}");
    }
    for line in ["Auto-Submitted: auto-generated", "Precedence: bulk", "List-Id: <news.example>", "Return-Path: <>"] {
        assert_eq!(writer(line), Writer::Bulk, "{line}");
    }
    assert_eq!(writer("Auto-Submitted: no"), Writer::Person);
    let away = eml("From: a@b.example\nSubject: Automatic reply: Your invoice\nDate: x", "I am away");
    assert_eq!(away.writer, Writer::Automatic);
}

#[test]
fn qry_06_what_cannot_be_read_is_told_and_breaks_nothing() {
    for bytes in [&b""[..], b"\xff\xfe\x00\x00", b"just words", b"\0\0\0\0"] {
        let read = read_message(bytes);
        assert!(!read.troubles.is_empty(), "{bytes:?}");
    }
    let mut large = b"From: a@b.example\r\nSubject: Large\r\nMessage-ID: <l@b>\r\n\r\nHello\r\n".to_vec();
    large.resize(LARGEST_MESSAGE + 1, b'x');
    let read = read_message(&large);
    assert_eq!((read.subject.as_str(), read.from.address.as_str()), ("Large", "a@b.example"));
    assert!(read.troubles[0].contains("25 MB"), "{:?}", read.troubles);
    let deep = (0..2_000).fold(String::new(), |text, at| {
        format!("{text}Content-Type: multipart/mixed; boundary=\"b{at}\"\r\n\r\n--b{at}\r\n")
    });
    read_message(format!("From: a@b.example\r\n{deep}").as_bytes());
    let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(5_000);
    read_message(format!("From: a@b.example\r\n{nested}").as_bytes());
}

#[test]
fn qry_06_a_packed_report_is_still_a_bounce() {
    use base64_of as pack;
    let status = "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; ann@example.org\nAction: failed\nStatus: 5.1.1\nOriginal-Message-ID: <LTR-000003.1@example.gov.uk>\n";
    let text = format!(
        "From: MAILER-DAEMON@mx\nMessage-ID: <9@mx>\nMIME-Version: 1.0\nContent-Type: multipart/report; boundary=\"b\"\n\n--b\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n{}\n--b--\n",
        pack(status)
    );
    let bounce = crate::bounce::read_bounce(text.as_bytes()).expect("reads");
    assert_eq!(bounce.message_id, "LTR-000003.1@example.gov.uk");
}

fn base64_of(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in text.as_bytes().chunks(3) {
        let held = three.iter().fold(0u32, |held, byte| held << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for at in 0..4 {
            let letter = LETTERS[(held >> (18 - 6 * at) & 63) as usize] as char;
            out.push(if at > three.len() { '=' } else { letter });
        }
    }
    out
}

proptest::proptest! {
    #[test]
    fn qry_06_no_bytes_break_the_reader(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..600), text in "\\PC{0,300}") {
        read_message(&bytes);
        let _ = body_of(&bytes);
        read_message(format!("From: {text}\r\nSubject: {text}\r\nContent-Type: {text}\r\n\r\n{text}").as_bytes());
        let mut mixed = b"From: a@b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n".to_vec();
        mixed.extend(&bytes);
        read_message(&mixed);
    }
}
