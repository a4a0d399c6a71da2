//! Letters as they leave the house: readable by other programs, the same every time, and safe with any name.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use sundry_paper::samples::{self, KINDS};
use sundry_paper::{
    Attachment, Batch, Enclosure, HYBRID_NAME, Language, Letter, LetterKind, PaperFault, Printer, look_into, pounds,
    shipped_templates,
};

const NASTY: &str = r##"#panic() *x* $y$ _z_ <a> "q" \\ ŵ ŷ 李 🎉 @ref = h `raw` [b] #image("/etc/passwd")"##;

fn sample(kind: LetterKind) -> Letter {
    samples::letter(kind, Language::English)
}

/// Runs a tool over a PDF and gives what it says; none, visibly, where the tool is not installed.
fn tool(name: &str, before: &[&str], pdf: &[u8], after: &[&str]) -> Option<(bool, String)> {
    let mut path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    path.push(format!("{name}-{}-{:?}.pdf", std::process::id(), std::thread::current().id()));
    std::fs::write(&path, pdf).expect("the target folder is writable");
    let run = Command::new(name).args(before).arg(&path).args(after).stdin(Stdio::null()).output();
    let _ = std::fs::remove_file(&path);
    match run {
        Ok(said) => {
            let text = [said.stdout, said.stderr].concat();
            Some((said.status.success(), String::from_utf8_lossy(&text).into_owned()))
        }
        Err(_) => {
            let _ = writeln!(std::io::stderr(), "SKIPPED: {name} is not installed");
            None
        }
    }
}

fn words(pdf: &[u8]) -> Option<String> {
    let (_, text) = tool("pdftotext", &["-layout"], pdf, &["-"])?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn every_kind_is_tagged_pdf_a_3a_and_ua_1() {
    let printer = Printer::new();
    for (kind, code) in KINDS {
        for language in [Language::English, Language::Welsh] {
            let pdf = printer.pdf(&samples::letter(kind, language)).unwrap_or_else(|why| panic!("{code}: {why}"));
            let raw = String::from_utf8_lossy(&pdf);
            for mark in ["pdfaid:part>3<", "pdfaid:conformance>A<", "pdfuaid:part>1<"] {
                assert!(raw.contains(mark), "{code}: no {mark}");
            }
            assert!(raw.contains(&format!("/Lang({})", language.tag())), "{code}: no language");
            if let Some((good, said)) = tool("qpdf", &["--check"], &pdf, &[]) {
                assert!(good, "{code}: {said}");
            }
            if let Some((_, said)) = tool("pdfinfo", &[], &pdf, &[]) {
                assert!(said.contains("Tagged:          yes"), "{code}: {said}");
            }
        }
    }
}

#[test]
fn the_same_letter_gives_the_same_bytes() {
    for (kind, code) in KINDS {
        let letter = sample(kind);
        let first = Printer::new().pdf(&letter).expect("printed");
        comemo_is_irrelevant(&letter);
        assert!(first == Printer::new().pdf(&letter).expect("printed"), "{code}");
    }
}

fn comemo_is_irrelevant(letter: &Letter) {
    let printer = Printer::new();
    let mut other = letter.clone();
    other.to.name = "Someone Else".to_owned();
    for _ in 0..3 {
        printer.pdf(&other).expect("printed");
    }
}

#[test]
fn page_one_of_a_reminder_says_how_much_for_what_by_when_how_and_whom() {
    let pdf = Printer::new().pdf(&sample(LetterKind::Reminder1)).expect("printed");
    let Some((_, page)) = tool("pdftotext", &["-layout", "-l", "1"], &pdf, &["-"]) else {
        return;
    };
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    for wanted in ["£392.80", "home care in July and August", "Pay by 3 December 2026", "7K4-M2P", "01632 960 101"] {
        assert!(page.contains(wanted), "{wanted} is not on page one: {page}");
    }
    assert!(!page.contains("INV-20691"), "the invoices are not on page one");
}

#[test]
fn a_letter_of_any_length_counts_its_own_pages() {
    let whole = sample(LetterKind::Reminder1);
    let shorter = (1..=whole.blocks.len()).map(|blocks| {
        let mut letter = whole.clone();
        letter.blocks.truncate(blocks);
        letter
    });
    let longer = (1..24).map(|lines| {
        let mut letter = whole.clone();
        let last = letter.blocks.last_mut().expect("a letter says something");
        last.text.push_str(&"\n\nOne line more.".repeat(lines));
        letter
    });
    for letter in shorter.chain(longer) {
        let pdf = Printer::new().pdf(&letter).expect("printed");
        let (Some((_, facts)), Some(words)) = (tool("pdfinfo", &[], &pdf, &[]), words(&pdf)) else { return };
        let pages = facts.lines().find_map(|line| line.strip_prefix("Pages:")).expect("a count").trim().to_owned();
        assert!(words.contains(&format!("Page 1 of {pages}")), "{pages} pages, and it says {words}");
    }
}

#[test]
fn nothing_but_the_address_lies_in_the_window() {
    for (kind, code) in KINDS {
        let pdf = Printer::new().pdf(&sample(kind)).expect("printed");
        // The window, in points at 72 to the inch: 20 to 110 mm across, 40 to 75 mm down.
        let area = ["-l", "1", "-r", "72", "-x", "57", "-y", "116", "-W", "255", "-H", "97"];
        let Some((_, text)) = tool("pdftotext", &area, &pdf, &["-"]) else {
            return;
        };
        let seen: Vec<_> =
            text.split('\n').map(str::trim).filter(|line| !line.is_empty() && *line != "\u{c}").collect();
        let to = sample(kind).to;
        let wanted: Vec<_> = std::iter::once(to.name).chain(to.address).collect();
        assert_eq!(seen, wanted, "{code}");
    }
}

#[test]
fn a_name_too_long_for_the_window_goes_over_several_lines() {
    let mut letter = sample(LetterKind::Reminder1);
    letter.to.name =
        "The Northmere and District Association of Independent Domiciliary Care Providers (Holdings) Limited \
                      Liability Partnership"
            .to_owned();
    let pdf = Printer::new().pdf(&letter).expect("printed");
    let area = ["-l", "1", "-r", "72", "-x", "57", "-y", "116", "-W", "255", "-H", "97"];
    let Some((_, text)) = tool("pdftotext", &area, &pdf, &["-"]) else { return };
    let seen: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let (of_name, of_address) = seen.split_at(seen.len() - letter.to.address.len());
    assert!(of_name.len() > 1, "{seen:?}");
    assert_eq!((of_name.join(" "), of_address.join(" ")), (letter.to.name, letter.to.address.join(" ")));
}

#[test]
fn inv_03_no_taxable_line_says_so_and_shows_no_vat() {
    let mut letter = sample(LetterKind::Invoice);
    let invoice = letter.invoice.as_mut().expect("an invoice");
    invoice.lines.remove(0);
    invoice.vat.clear();
    (invoice.net_pence, invoice.vat_pence, invoice.gross_pence) = (50_000, 0, 50_000);
    letter.sum_pence = 50_000;
    let mail = Printer::new().html(&letter).expect("set");
    assert!(mail.text.contains("This is not a VAT invoice."));
    assert!(!mail.text.contains("VAT number") && !mail.text.contains("VAT rate") && !mail.text.contains("Tax point"));
    if let Some(text) = words(&Printer::new().pdf(&letter).expect("printed")) {
        assert!(text.contains("This is not a VAT invoice.") && !text.contains("GB 999"), "{text}");
    }
}

#[test]
fn inv_01_a_vat_invoice_shows_everything_the_law_asks() {
    let Some(text) = words(&Printer::new().pdf(&sample(LetterKind::Invoice)).expect("printed")) else {
        return;
    };
    let wanted = [
        "INV-20817",
        "19 November 2026",
        "Tax point",
        "GB 999 9999 73",
        "Northmere Council",
        "Mere House",
        "Mrs J Pemberton",
        "27 Orchard Road",
        "Pest control visit",
        "£500.00",
        "20%",
        "Exempt",
        "£1,500.00",
        "£200.00",
        "£1,700.00",
    ];
    for one in wanted {
        assert!(text.contains(one), "{one} is missing: {text}");
    }
    assert!(!text.contains("not a VAT invoice"));
}

#[test]
fn inv_09_a_credit_note_names_its_invoice() {
    let mail = Printer::new().html(&sample(LetterKind::CreditNote)).expect("set");
    for wanted in ["CRN-00412", "Corrects invoice INV-20745 (31 August 2026)", "Four visits did not take place"] {
        assert!(mail.text.contains(wanted), "{wanted}");
    }
}

#[test]
fn names_are_never_markup() {
    let mut letter = sample(LetterKind::Reminder1);
    letter.to.name = NASTY.to_owned();
    letter.to.salutation = NASTY.to_owned();
    letter.organisation.name = NASTY.to_owned();
    letter.title = NASTY.to_owned();
    letter.items[0].description = NASTY.to_owned();
    letter.blocks[0].text = format!("{NASTY}\n- {NASTY}");
    let printer = Printer::new();
    let pdf = printer.pdf(&letter).expect("printed");
    assert_eq!(printer.unprintable(&letter).into_iter().collect::<String>(), "李🎉");
    let mail = printer.html(&letter).expect("set");
    assert!(!mail.html.contains("<a>") && mail.html.contains("&lt;a&gt;") && mail.html.contains("李 🎉"));
    let Some(text) = words(&pdf) else { return };
    for wanted in ["#panic() *x* $y$ _z_ <a> \"q\" \\\\ ŵ ŷ [?] [?]", "#image(\"/etc/passwd\")", "= h `raw` [b]"] {
        assert!(text.contains(wanted), "{wanted} is missing: {text}");
    }
}

#[test]
fn a_bad_logo_stops_its_letter_and_no_other() {
    let printer = Printer::new();
    let mut letter = sample(LetterKind::Invoice);
    letter.organisation.logo_svg = Some("<svg".to_owned());
    assert!(matches!(printer.pdf(&letter), Err(PaperFault::NotSet { .. })));
    letter.organisation.logo_svg =
        Some(r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#00665e"/></svg>"##.to_owned());
    printer.pdf(&letter).expect("the next letter is printed");
}

#[test]
fn sums_that_disagree_are_refused() {
    let printer = Printer::new();
    let mut letter = sample(LetterKind::Reminder1);
    letter.sum_pence += 1;
    assert!(matches!(printer.pdf(&letter), Err(PaperFault::DoesNotAddUp { .. })));
    assert!(matches!(printer.html(&letter), Err(PaperFault::DoesNotAddUp { .. })));
    let mut letter = sample(LetterKind::Invoice);
    letter.invoice.as_mut().expect("an invoice").vat[0].vat_pence += 1;
    assert!(matches!(printer.pdf(&letter), Err(PaperFault::DoesNotAddUp { .. })));
}

#[test]
fn large_print_and_copies_and_long_tables_are_set() {
    let printer = Printer::new();
    for (kind, code) in KINDS {
        let mut letter = sample(kind);
        (letter.large_print, letter.copy) = (true, true);
        let pdf = printer.pdf(&letter).unwrap_or_else(|why| panic!("{code}: {why}"));
        if let Some(text) = words(&pdf) {
            assert!(text.contains("Copy"), "{code}");
        }
    }
    let mut letter = sample(LetterKind::Statement);
    letter.items = std::iter::repeat_with(|| letter.items[0].clone()).take(120).collect();
    letter.sum_pence = letter.items.iter().map(|item| item.owed_pence).sum();
    for (_, sum) in letter.ageing.iter_mut().flat_map(|ageing| &mut ageing.bands) {
        *sum *= 60;
    }
    if let Some(text) = words(&printer.pdf(&letter).expect("printed")) {
        assert!(text.matches("Description").count() > 3, "the header row is on every page");
        assert!(text.contains(&pounds(letter.sum_pence)));
    }
}

#[test]
fn a_sort_code_is_in_pairs_and_a_team_signs_with_a_capital() {
    let mut letter = sample(LetterKind::Reminder1);
    letter.organisation.bank.sort_code = "009901".to_owned();
    letter.signed_by = None;
    let text = Printer::new().html(&letter).expect("set").text;
    assert!(text.contains("sort code 00-99-01,"), "{text}");
    assert!(text.contains("Yours sincerely\nThe team for bills and invoices"), "{text}");
}

#[test]
fn an_attachment_and_enclosures_are_inside_the_kept_letter() {
    let printer = Printer::new();
    let form = printer.pdf(&sample(LetterKind::Receipt)).expect("printed");
    let mut letter = sample(LetterKind::LetterOfClaim);
    letter.enclosures.push(Enclosure::pages("Reply form", form));
    letter.attachment = Some(Attachment {
        name: "L-104223.xml".to_owned(),
        media_type: "application/xml".to_owned(),
        description: "The same in UBL".to_owned(),
        bytes: b"<Invoice/>".to_vec(),
    });
    let pdf = printer.pdf(&letter).expect("printed");
    let raw = String::from_utf8_lossy(&pdf);
    assert!(raw.contains("/AFRelationship/Alternative") && raw.contains("/AFRelationship/Supplement"));
    if let Some((_, said)) = tool("pdfdetach", &["-list"], &pdf, &[]) {
        assert!(said.contains("2 embedded files") && said.contains("L-104223.xml"), "{said}");
    }
    let pages = |pdf: &[u8]| look_into(pdf).expect("a PDF that can be read").pages.len();
    let joined = printer.bundle(&letter, &[]).expect("joined");
    assert!(pages(&joined) > pages(&pdf), "rec_02: by e-mail the forms are pages too");
    let batch = Batch { number: "77", printed_on: letter.dated_on, letters: std::slice::from_ref(&letter) };
    let parts = printer.batch_pdf(&batch).expect("printed");
    let Some(text) = words(&parts[0].pdf) else { return };
    assert!(text.contains("Thank you. Northmere Council has received"), "the enclosure is printed");
}

#[test]
fn del_04_a_hybrid_invoice_says_what_it_carries_and_is_a_whole_pdf() {
    let printer = Printer::new();
    let mut letter = sample(LetterKind::Invoice);
    let data = "<rsm:CrossIndustryInvoice>invoice</rsm:CrossIndustryInvoice>";
    letter.attachment = Some(Attachment {
        name: HYBRID_NAME.to_owned(),
        media_type: "text/xml".to_owned(),
        description: "The invoice as data (Factur-X, EN 16931)".to_owned(),
        bytes: data.into(),
    });
    let plain = printer.pdf(&sample(LetterKind::Invoice)).expect("printed");
    let pdf = printer.pdf(&letter).expect("printed");
    assert!(pdf == printer.pdf(&letter).expect("printed"), "the same letter gives the same bytes");
    let raw = String::from_utf8_lossy(&pdf);
    for mark in [
        "pdfaid:part>3<",
        "pdfaid:conformance>A<",
        "pdfuaid:part>1<",
        "fx:DocumentType>INVOICE<",
        "fx:DocumentFileName>factur-x.xml<",
        "fx:Version>1.0<",
        "fx:ConformanceLevel>EN 16931<",
        "pdfaSchema:prefix>fx<",
        "/AFRelationship/Alternative",
        "/Subtype/text#2Fxml",
        "/ModDate",
    ] {
        assert!(raw.contains(mark), "no {mark}");
    }
    assert!(raw.contains("/AF[") && raw.contains("/EmbeddedFiles"), "the catalogue names the file");
    assert!(!String::from_utf8_lossy(&plain).contains("fx:"), "a plain invoice claims nothing");
    if let Some((good, said)) = tool("qpdf", &["--check"], &pdf, &[]) {
        assert!(good && !said.contains("WARNING"), "{said}");
    }
    if let Some((_, said)) = tool("pdfdetach", &["-list"], &pdf, &[]) {
        assert!(said.contains("1 embedded files") && said.contains(HYBRID_NAME), "{said}");
    }
    if let Some((_, said)) = tool("qpdf", &["--show-attachment=factur-x.xml"], &pdf, &[]) {
        assert_eq!(said, data);
    }
    // A copy is for people.
    letter.copy = true;
    let copy = printer.pdf(&letter).expect("printed");
    let raw = String::from_utf8_lossy(&copy);
    assert!(!raw.contains("fx:") && !raw.contains("/AFRelationship"), "a copy carries no data");
}

#[test]
fn p14_a_batch_counts_its_letters_sheets_and_pounds() {
    let printer = Printer::new();
    let letters: Vec<_> = KINDS.iter().map(|(kind, _)| sample(*kind)).collect();
    let batch = Batch { number: "2026-0042", printed_on: letters[0].dated_on, letters: &letters };
    let parts = printer.batch_pdf(&batch).expect("printed");
    assert_eq!(parts.len(), 1);
    assert_eq!(parts[0].letters, letters.len());
    assert_eq!(parts[0].sum_pence, letters.iter().map(|letter| letter.sum_pence).sum::<i64>());
    assert_eq!((parts[0].first.as_str(), parts[0].last.as_str()), ("INV-20817", "L-104223"));
    assert!(parts[0].pdf == printer.batch_pdf(&batch).expect("printed")[0].pdf, "the same bytes");
    let Some(text) = words(&parts[0].pdf) else { return };
    assert!(text.contains("Print batch 2026-0042") && text.contains(&pounds(parts[0].sum_pence)), "{text}");
    assert!(text.contains(&format!("without this one {}", parts[0].sheets)), "{} sheets: {text}", parts[0].sheets);
    for page in (2..=parts[0].sheets * 2 + 2).step_by(2) {
        let number = page.to_string();
        let Some((_, back)) = tool("pdftotext", &["-f", &number, "-l", &number], &parts[0].pdf, &["-"]) else {
            return;
        };
        assert!(!back.contains("Page 1 of"), "page {page} is the back of a sheet");
    }
    let nothing = Batch { letters: &[], ..batch };
    assert_eq!(printer.batch_pdf(&nothing), Err(PaperFault::EmptyBatch));
}

#[test]
fn printers_work_side_by_side() {
    let printer = Printer::new();
    let letter = sample(LetterKind::Invoice);
    let alone = printer.pdf(&letter).expect("printed");
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(|| printer.clone().pdf(&letter).expect("printed"))).collect();
        for worker in workers {
            assert!(worker.join().expect("no panic") == alone);
        }
    });
}

#[test]
fn led_04_a_proof_is_tagged_adds_up_and_is_the_same_every_time() {
    let printer = Printer::new();
    let proof = samples::proof();
    assert_eq!(proof.unexplained(), 0);
    let pdf = printer.proof_pdf(&proof).expect("printed");
    assert!(pdf == Printer::new().proof_pdf(&proof).expect("printed"));
    let raw = String::from_utf8_lossy(&pdf);
    for mark in ["pdfaid:part>3<", "pdfaid:conformance>A<", "pdfuaid:part>1<"] {
        assert!(raw.contains(mark), "no {mark}");
    }
    if let Some((good, said)) = tool("qpdf", &["--check"], &pdf, &[]) {
        assert!(good, "{said}");
    }
    if let Some(text) = words(&pdf) {
        for wanted in
            ["Bank, Main account at 30 November 2026", "Left unexplained", "Cheque, not cleared yet", "Nobody yet"]
        {
            assert!(text.contains(wanted), "{wanted}: {text}");
        }
        assert!(text.contains("The two balances agree"), "{text}");
    }
    let mut wrong = proof.clone();
    wrong.groups[0].pence += 1;
    assert!(matches!(printer.proof_pdf(&wrong), Err(PaperFault::DoesNotAddUp { .. })));
    let mut nasty = proof;
    nasty.words = NASTY.to_owned();
    nasty.groups[0].lines[0].what = NASTY.to_owned();
    assert!(printer.proof_pdf(&nasty).is_ok());
}

#[test]
fn csh_21_letters_about_standing_orders_say_what_to_do_and_are_tagged() {
    let printer = Printer::new();
    for code in samples::STANDING_ORDERS {
        for (language, bank) in [(Language::English, "Ask your bank to change"), (Language::Welsh, "Dim ond chi all")] {
            let letter = samples::standing_order(code, language);
            let pdf = printer.pdf(&letter).unwrap_or_else(|why| panic!("{code}: {why}"));
            assert!(String::from_utf8_lossy(&pdf).contains("pdfuaid:part>1<"), "{code}");
            let Some(text) = words(&pdf) else { continue };
            for wanted in ["C103316", bank, "01632 960 101", &pounds(letter.sum_pence)] {
                assert!(text.contains(wanted), "{code}: {wanted}: {text}");
            }
        }
    }
}

#[test]
fn bs_03_bs_06_rec_03_letters_of_cases_are_tagged_in_both_languages_and_large_print() {
    let printer = Printer::new();
    let cases = [
        ("breathing_space", LetterKind::Other, ["Breathing space has begun", "Mae seibiant dyledion wedi dechrau"]),
        ("breathing_space_adviser", LetterKind::Other, ["We hold no other debt.", "unrhyw ddyled arall."]),
        ("condolence", LetterKind::Other, ["We are sorry for your loss", "am eich colled"]),
        ("claim_notice", LetterKind::LetterOfClaim, ["This letter is 14 days", "14 diwrnod o rybudd"]),
    ];
    for (code, kind, [english, welsh]) in cases {
        let template = shipped_templates().into_iter().find(|one| one.code == code).expect("it is shipped");
        for (tried, wanted) in [(0, english), (1, english), (2, welsh)] {
            let mut letter = samples::of_template(&template, kind, tried).expect("every field has a sample");
            if kind == LetterKind::Other {
                (letter.sum_pence, letter.due_on, letter.payment) = (0, None, None);
            }
            let pdf = printer.pdf(&letter).unwrap_or_else(|why| panic!("{code}: {why}"));
            assert!(String::from_utf8_lossy(&pdf).contains("pdfuaid:part>1<"), "{code}");
            let Some(text) = words(&pdf) else { continue };
            assert!(text.contains(wanted), "{code}: {wanted}: {text}");
            assert_eq!(
                text.contains("sort code") || text.contains("cod didoli"),
                code == "claim_notice",
                "{code}: {text}"
            );
        }
    }
}

#[test]
fn pln_01_letters_about_plans_carry_the_schedule_in_both_languages_and_large_print() {
    let printer = Printer::new();
    for code in samples::PLANS {
        for (language, large_print) in [(Language::English, false), (Language::Welsh, false), (Language::English, true)]
        {
            let letter = Letter { large_print, ..samples::plan(code, language) };
            let pdf = printer.pdf(&letter).unwrap_or_else(|why| panic!("{code}: {why}"));
            assert!(String::from_utf8_lossy(&pdf).contains("pdfuaid:part>1<"), "{code}");
            let Some(text) = words(&pdf) else { continue };
            assert!(text.contains("PLAN-000012"), "{code}: {text}");
            if code == "plan_completed" {
                assert!(!text.contains("£0.00"), "what is paid is not to pay: {text}");
            }
            if code == "plan_agreed" {
                let caption = if language == Language::Welsh { "Eich taliadau" } else { "Your payments" };
                for wanted in [caption, "£83.37", "£83.33", "£1,000.00", "INV-20691"] {
                    assert!(text.contains(wanted), "{code}: {wanted}: {text}");
                }
            }
        }
    }
}
