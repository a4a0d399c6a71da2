//! Homes, people, options and exit codes.
use crate::bin::{Place, on_both, ran, sundry};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use sundry_store::Engine;

#[test]
fn init_makes_a_live_home_for_its_owner_alone() {
    on_both(|engine| {
        let place = Place::empty(engine);
        let made = place.init().code(0).json();
        assert_eq!(made["organisation"]["code"], "NCC");
        assert!(made["administrator"]["password"].as_str().is_some_and(|p| p.len() >= 12));
        for private in [&place.home, &place.home.join("keys")] {
            let mode = std::fs::metadata(private).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o077, 0, "{}", private.display());
        }
        let mut private = vec!["sundry.toml", "keys/home.key"];
        if engine == Engine::Sqlite {
            private.push("sundry.sqlite");
        }
        for file in private {
            let mode = std::fs::metadata(place.home.join(file)).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
        let again = place.init().code(3).json();
        assert_eq!(again["refused"]["code"], "OPS-HOME-THERE");
        let people = place.run(&["user", "list", "--json"]).code(0).json();
        assert_eq!(people[0]["sign_in_name"], "admin");
        assert_eq!(people[0]["roles"][0], "administrator");
    });
}

#[test]
fn init_says_all_that_is_wrong_and_can_be_put_right() {
    let place = Place::empty(Engine::Sqlite);
    let wrong =
        place.run(&["init", "--org", "N C", "--name", " ", "--nation", "wales", "--kind", "shop", "--json"]).code(2);
    let fields: Vec<String> = wrong.invalid().into_iter().map(|(_, field)| field).collect();
    assert_eq!(fields, ["code", "name", "nation", "kind"]);
    place.init().code(0);
}

#[test]
fn p24_a_live_home_refuses_today() {
    let place = Place::live(Engine::Sqlite);
    let no = place.run(&["--today", "2026-01-01", "user", "list", "--json"]).code(3).json();
    assert_eq!(no["refused"]["code"], "OPS-LIVE-DATE");
    for name in ["sentence", "way_out", "rule", "allowed_from"] {
        assert!(no["refused"].get(name).is_some(), "{name}");
    }
}

#[test]
fn a_day_that_does_not_exist_is_not_understood() {
    let place = Place::test(Engine::Sqlite);
    for day in ["2026-02-30", "2026-2-3", "yesterday", "", "99999-01-01"] {
        let no = place.run(&["--today", day, "user", "list", "--json"]).code(2);
        assert_eq!(no.invalid().len(), 1, "{day}");
    }
    place.run(&["--today", "2026-03-01", "user", "list"]).code(0);
}

#[test]
fn each_no_is_one_document_with_its_exit_code() {
    let place = Place::live(Engine::Sqlite);
    let absent = place.run(&["user", "disable", "nobody", "--json"]).code(2).json();
    assert_eq!(absent["absent"], "user");
    let usage = place.run(&["user", "frobnicate", "--json"]).code(2);
    assert_eq!(usage.invalid(), [(None, "arguments".to_owned())]);
    let org = place.run(&["--org", "XYZ", "user", "list", "--json"]).code(2);
    assert_eq!(org.invalid(), [(None, "org".to_owned())]);
    assert!(org.err.contains("NCC"), "it names those that are there: {}", org.err);
    let nowhere = place.run(&["--home", "/nowhere/at/all", "user", "list", "--json"]).code(2);
    assert_eq!(nowhere.invalid(), [(None, "home".to_owned())]);
    let other = place.run(&["--database", "mysql://x:secret@y", "user", "list", "--json"]).code(2);
    assert!(!other.out.contains("secret") && !other.err.contains("secret"));
    place.run(&["--help"]).code(0);
    place.run(&["--version"]).code(0);
    place.run(&[] as &[&str]).code(2);
}

#[test]
fn a_fault_is_logged_under_a_reference() {
    let place = Place::live(Engine::Sqlite);
    std::fs::write(place.home.join("keys/home.key"), b"short").expect("the key is spoilt");
    let fault = place.run(&["user", "list", "--json"]).code(1).json();
    let reference = fault["fault"]["reference"].as_str().expect("a reference").to_owned();
    assert!(!reference.is_empty() && fault["fault"]["words"].as_str().is_some_and(|words| words.contains(&reference)));
    let log = std::fs::read_to_string(place.home.join("sundry.log")).expect("the log");
    assert!(log.contains(&reference) && log.contains("32 bytes"), "{log}");
}

#[test]
fn people_are_added_listed_and_disabled() {
    on_both(|engine| {
        let place = Place::live(engine);
        let added =
            place.run(&["user", "add", "jo", "--name", "Jo Ash", "--role", "cashier", "--limit", "500", "--json"]);
        let added = added.code(0).json();
        assert_eq!(added["limit_pence"], 50_000);
        assert!(added["password"].is_string());
        let taken = place.run(&["user", "add", "jo", "--role", "cashier", "--json"]).code(2);
        assert_eq!(taken.invalid(), [(None, "sign_in_name".to_owned())]);
        let wrong = place.run(&["user", "add", "a b", "--name", "", "--role", "king", "--json"]).code(2);
        assert_eq!(wrong.invalid().len(), 3);
        place.run(&["user", "add", "x", "--role", "cashier", "--limit", "1e9"]).code(2);
        let clash = place.run(&["user", "add", "both", "--role", "cashier", "--role", "approver", "--json"]);
        assert!([0, 3].contains(&clash.code), "{}", clash.err);
        place.run(&["user", "disable", "jo"]).code(0);
        let people = place.run(&["user", "list", "--json"]).code(0).json();
        let jo = people.as_array().expect("a list").iter().find(|p| p["sign_in_name"] == "jo").expect("Jo").clone();
        assert_eq!(jo["disabled"], true);
    });
}

#[test]
fn the_same_key_again_is_the_same_command() {
    let place = Place::live(Engine::Sqlite);
    place.run(&["--key", "one", "user", "add", "jo", "--role", "cashier"]).code(0);
    place.run(&["--key", "one", "user", "add", "jo", "--role", "cashier"]).code(0);
    let other = place.run(&["--key", "one", "user", "add", "al", "--role", "cashier", "--json"]).code(3).json();
    assert_eq!(other["refused"]["code"], "OPS-KEY-REUSED");
}

#[test]
fn p02_a_draft_kept_again_with_its_key_is_the_same_draft() {
    let place = Place::live(Engine::Sqlite);
    for (what, code) in [("pathway", "individual"), ("letter-template", "reminder_1")] {
        let words = place.run(&[what, "words", code]).code(0).out;
        place.file("draft.json", words);
        let keep = ["--key", what, what, "draft", code, "draft.json", "--json"];
        let first = place.run(&keep).code(0).json();
        assert_eq!(place.run(&keep).code(0).json(), first);
        let more = place.run(&[what, "draft", code, "draft.json", "--json"]).code(0).json();
        assert_eq!(more["changes"], 2, "another request goes on from the draft");
    }
}

#[test]
fn several_at_once_all_come_through() {
    on_both(|engine| {
        let place = Place::live(engine);
        std::thread::scope(|scope| {
            for n in 0..6 {
                let place = &place;
                scope.spawn(move || place.run(&["user", "add", &format!("person{n}"), "--role", "cashier"]).code(0));
            }
        });
        let people = place.run(&["user", "list", "--json"]).code(0).json();
        assert_eq!(people.as_array().map(Vec::len), Some(7));
    });
}

#[test]
fn arguments_that_are_not_text_are_not_understood() {
    let mut command = sundry();
    command.args(["user", "disable"]).arg(std::ffi::OsStr::from_bytes(b"\xff\xfe")).arg("--json");
    let no = ran(command).code(2);
    assert!(no.json().get("invalid").is_some());
    let mut command = sundry();
    command.args(["inspect", "bank-statement"]).arg(std::ffi::OsStr::from_bytes(b"\xff.csv")).arg("--json");
    let no = ran(command).code(2);
    assert_eq!(no.json()[0]["errors"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_reader_who_stops_listening_ends_it_quietly() {
    let place = Place::live(Engine::Sqlite);
    for arguments in [vec!["user", "list", "--json"], vec!["--help"]] {
        let mut command = sundry();
        command.env("SUNDRY_HOME", &place.home).args(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        drop(child.stdout.take());
        let mut words = String::new();
        child.stderr.take().expect("its words").read_to_string(&mut words).expect("its words are read");
        assert_eq!(child.wait().expect("it ends").code(), Some(0), "{words}");
        assert!(!words.contains("panicked"), "{words}");
    }
}

#[test]
fn migrate_again_does_nothing() {
    on_both(|engine| {
        let place = Place::live(engine);
        assert_eq!(place.run(&["migrate", "--json"]).code(0).json()["migrated"].as_array().map(Vec::len), Some(0));
    });
}

#[test]
fn settings_are_set_and_shown_from_the_command_line() {
    on_both(|engine| {
        let place = Place::test(engine);
        let set = ["settings", "set", "letters.phone=01632 960100", "limits.minimum_to_chase=12.50", "--json"];
        let done = place.run(&set).code(0).json();
        assert_eq!(done["changes"].as_array().map(Vec::len), Some(2), "{done}");
        let all = place.run(&["settings", "show", "--json"]).code(0).json();
        let value = |name: &str| all.as_array().expect("rows").iter().find(|one| one["name"] == name).cloned();
        assert_eq!(value("letters.phone").expect("it is there")["value"], "01632 960100");
        assert_eq!(value("limits.minimum_to_chase").expect("it is there")["value"], "12.50");
        let wrong = place.run(&["settings", "set", "mail.port=0", "no.such=1", "--json"]).code(2);
        assert_eq!(wrong.invalid().len(), 2, "{}", wrong.out);
        assert!(place.run(&["settings", "show"]).code(0).out.contains("as shipped"));
        let none = place.run(&["settings", "test-message", "ann@example.org", "--json"]).code(3).json();
        assert_eq!(none["refused"]["code"], "DLV-NO-MAIL-SERVER");
    });
}

#[test]
fn dun_14_a_promise_names_its_debts_and_is_withdrawn_and_a_hold_is_of_one_debt() {
    on_both(|engine| {
        let place = Place::test(engine);
        let run = |words: &[&str]| place.run(&[["--today", "2026-05-01"].as_slice(), words].concat());
        let heads = "customer_id,name,kind,address1,town,postcode,email,terms_days,sort_code,account_no";
        place
            .file("people.csv", format!("{heads}\nK1,Adam Example,individual,1 High Street,Northmere,NM1 1AA,,30,,\n"));
        let heads = "invoice_no,customer_id,invoice_date,due_date,po_number,net,vat,gross";
        place.file("debts.csv", format!("{heads}\nX-1,K1,2026-02-02,2026-03-04,,120.00,0.00,120.00\n"));
        run(&["import", "customers", "people.csv"]).code(0);
        run(&["import", "invoices", "debts.csv"]).code(0);
        let promise = ["promise", "K1", "--amount", "120.00", "--due", "2026-05-08"];
        let elsewhere = run(&[promise.as_slice(), &["--for", "X-9", "--json"]].concat()).code(2);
        assert_eq!(elsewhere.invalid(), [(None, "items".to_owned())]);
        let taken = run(&[promise.as_slice(), &["--for", "X-1"]].concat()).code(0);
        assert!(taken.out.contains("is recorded; recovery waits until 2026-05-13"), "{}", taken.out);
        let back = run(&["promise", "K1", "--withdraw", "--words", "Cannot pay after all"]).code(0);
        assert!(back.out.contains("is withdrawn"), "{}", back.out);
        let none = run(&["promise", "K1", "--withdraw", "--json"]).code(2).json();
        assert_eq!(none["absent"], "open promise");
        // A hold is of the account, or of one debt of it.
        let hold = ["hold", "place", "K1", "--reason", "complaint", "--words", "Stage 1"];
        let none = run(&[hold.as_slice(), &["--debt", "X-9", "--json"]].concat()).code(2).json();
        assert_eq!(none["absent"], "debt X-9");
        run(&[hold.as_slice(), &["--debt", "X-1"]].concat()).code(0);
        let held = run(&["person", "holds", "--json"]).code(0).json();
        assert_eq!(held["stops"][0]["row"]["item_number"], "X-1", "{held}");
    });
}

#[test]
fn pp_04_the_policy_on_plans_is_shown_and_changed_by_what_was_shown() {
    on_both(|engine| {
        let place = Place::test(engine);
        let shown = place.run(&["plan", "settings"]).code(0);
        assert!(shown.out.contains("\"tolerance_days\": 7"), "{}", shown.out);
        place.file("plans.json", shown.out.replace("\"tolerance_days\": 7", "\"tolerance_days\": 5"));
        let changed = place.run(&["plan", "settings", "--input", "plans.json", "--json"]).code(0).json();
        assert_eq!(changed["policy"]["tolerance_days"], 5);
        assert_eq!(place.run(&["plan", "settings", "--json"]).code(0).json(), changed);
        place.file("wrong.json", shown.out.replace("\"tolerance_days\": 7", "\"tolerance_days\": 91"));
        let wrong = place.run(&["plan", "settings", "--input", "wrong.json", "--json"]).code(2);
        assert_eq!(wrong.invalid(), [(None, "tolerance_days".to_owned())]);
    });
}
