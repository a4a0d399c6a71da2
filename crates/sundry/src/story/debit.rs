//! Direct Debit in stories: mandates, notices, runs, and what the bank reports.
use super::act::{Failed, same};
use super::script::Debit;
use super::stage::Stage;
use sundry_desk::cash::direct_debit::{
    Agreed, AskRun, ImportBacsReport, LoadModulusTable, MandateView, NotifyCollections, ReleaseRun,
    RepresentCollection, SetServiceUser, SetUpMandate, ask_run, collection_run, collection_runs, import_bacs_report,
    load_modulus_table, mandate, mandates_of, notify_collections, release_run, represent_collection, service_user,
    set_service_user, set_up_mandate,
};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Role;
use sundry_domain::money::Pence;
use sundry_store::collections::CollectionRow;

/// The row that the story's accounts need, of the published weight table.
const WEIGHTS: &str = "102400 107999 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1";
const SUN: &str = "123456";

/// Does what the line says.
pub async fn done(stage: &mut Stage, act: &Debit) -> Outcome<Failed> {
    match act {
        Debit::Mandate { nick } => set_up(stage, nick).await?,
        Debit::Notice { due_by } => {
            let ask = NotifyCollections { key: stage.key(), due_by: *due_by };
            notify_collections(&stage.desk, &stage.by, ask).await?;
        }
        Debit::Collect { on, approval } => {
            let ask = AskRun { key: stage.key(), entry_on: *on, content_hash: String::new() };
            return Ok(same(approval, &ask_run(&stage.desk, &stage.by, ask).await?.approval));
        }
        Debit::Release => {
            let run = newest_run(stage).await?;
            release_run(&stage.desk, &stage.by, ReleaseRun { run }, &|_, _| {}).await?;
        }
        Debit::Accepted => {
            let run = newest_run(stage).await?;
            let serial = collection_run(&stage.desk, &stage.looker, &run).await?.run.serial;
            let said =
                format!("record-type=\"V\" vol-serial-number=\"{serial}\" accepted-ddi=\"1\" rejected-ddi=\"0\"");
            let text = advice(stage, &said);
            report(stage, text).await?;
        }
        Debit::Advice { nick, reason } => {
            let reference = of(stage, nick).await?.mandate.reference;
            let said = format!("record-type=\"A\" reference=\"{reference}\" reason-code=\"{reason}\"");
            let text = advice(stage, &said);
            report(stage, text).await?;
        }
        Debit::Unpaid { nick, reason } => unpaid(stage, nick, reason).await?,
        Debit::Claim { nick } => claim(stage, nick).await?,
        Debit::Again { nick, on } => {
            let row = newest(stage, nick, "unpaid").await?;
            let (key, amount) = (stage.key(), Pence(row.amount_pence));
            let ask = RepresentCollection { key, number: row.number, entry_on: *on, amount };
            represent_collection(&stage.desk, &stage.by, ask).await?;
        }
    }
    Ok(None)
}

/// The newest mandate of a customer.
pub async fn of(stage: &Stage, nick: &str) -> Outcome<MandateView> {
    let (_, customer) = stage.customer(nick)?;
    let row = mandates_of(&stage.desk, &stage.looker, &customer).await?.into_iter().next();
    let row = row.ok_or_else(|| No::Absent(format!("mandate of {nick}")))?;
    mandate(&stage.desk, &stage.looker, &row.reference).await
}

async fn set_up(stage: &mut Stage, nick: &str) -> Outcome<()> {
    if service_user(&stage.desk, &stage.looker).await.is_err() {
        let administrator = stage.person(Role::Administrator, 1);
        let agreed = Agreed { guarantee: "The Guarantee, as the bank's pack has it.".into(), ..Agreed::default() };
        let ask = SetServiceUser {
            key: stage.key(),
            sun: SUN.into(),
            name: "Example Council".into(),
            account_name: "Example Council".into(),
            sort_code: "107999".into(),
            account: "88837491".into(),
            agreed,
        };
        set_service_user(&stage.desk, &administrator, ask).await?;
        let ask = LoadModulusTable {
            key: stage.key(),
            version: "story".into(),
            effective_on: stage.desk.today(),
            weights: WEIGHTS.into(),
            substitutes: String::new(),
        };
        load_modulus_table(&stage.desk, &administrator, ask).await?;
    }
    let (_, customer) = stage.customer(nick)?;
    let ask = SetUpMandate {
        key: stage.key(),
        customer,
        route: "telephone".into(),
        payer_name: String::new(),
        payer_address1: String::new(),
        payer_address2: String::new(),
        payer_town: String::new(),
        payer_postcode: String::new(),
        payer_email: String::new(),
        sort_code: "107999".into(),
        account: "88837491".into(),
        reference: String::new(),
        signed_on: Some(stage.desk.today()),
        evidence: "The recording of the call".into(),
        sole_authority: true,
        replaces: String::new(),
    };
    set_up_mandate(&stage.desk, &stage.by, ask).await.map(drop)
}

async fn newest_run(stage: &Stage) -> Outcome<String> {
    let run = collection_runs(&stage.desk, &stage.looker).await?.into_iter().next();
    run.map(|run| run.number).ok_or_else(|| No::Absent("collection run".into()))
}

async fn newest(stage: &Stage, nick: &str, state: &str) -> Outcome<CollectionRow> {
    let found = of(stage, nick).await?.collections.into_iter().find(|row| row.state == state);
    found.ok_or_else(|| No::Absent(format!("{state} collection of {nick}")))
}

fn advice(stage: &Stage, said: &str) -> String {
    format!(
        "<BACSDocument><Data><MessagingAdvices><MessagingHeader user-number=\"{SUN}\"/>\
         <Header report-generation-date=\"{}\"/><MessagingAdvice file-type=\"LIVE\" {said}/></MessagingAdvices></Data></BACSDocument>",
        stage.desk.today()
    )
}

async fn unpaid(stage: &mut Stage, nick: &str, reason: &str) -> Outcome<()> {
    let row = newest(stage, nick, "taken").await?;
    let reference = of(stage, nick).await?.mandate.reference;
    let (value, entry) = (Pence(row.amount_pence).pounds(), row.entry_on.unwrap_or(row.notified_for));
    let text = format!(
        "<BACSDocument><Data><ARUDD><Header currentProcessingDate=\"{}\"/><ServiceLicenseInformation userNumber=\"{SUN}\"/>\
         <Advice><OriginatingAccountRecords><OriginatingAccountRecord><ReturnedDebitItem ref=\"{reference}\" \
         transCode=\"{}\" returnCode=\"{reason}\" originalProcessingDate=\"{entry}\" valueOf=\"{value}\"/>\
         <Totals numberOf=\"1\" valueOf=\"{value}\"/></OriginatingAccountRecord></OriginatingAccountRecords></Advice>\
         </ARUDD></Data></BACSDocument>",
        stage.desk.today(),
        row.code
    );
    report(stage, text).await
}

async fn claim(stage: &mut Stage, nick: &str) -> Outcome<()> {
    let row = newest(stage, nick, "taken").await?;
    let reference = of(stage, nick).await?.mandate.reference;
    let (value, entry) = (Pence(row.amount_pence).pounds(), row.entry_on.unwrap_or(row.notified_for));
    let text = format!(
        "<VocaDocument><Data><Document><ServiceUserNumber>{SUN}</ServiceUserNumber><NewAdvices>\
         <TotalValueOfDebits>{value}</TotalValueOfDebits><DateOfDebit>{}</DateOfDebit><DDICAdvice><SeqNo>1</SeqNo>\
         <SUReference>{reference}</SUReference><ReasonCode>5</ReasonCode><TotalAmount>{value}</TotalAmount><DDCollections>\
         <DDCollection><DateOfDirectDebit>{entry}</DateOfDirectDebit><Amount>{value}</Amount></DDCollection></DDCollections>\
         </DDICAdvice></NewAdvices></Document></Data></VocaDocument>",
        stage.desk.today()
    );
    report(stage, text).await
}

async fn report(stage: &mut Stage, text: String) -> Outcome<()> {
    let ask = ImportBacsReport { key: stage.key(), file_name: "report.xml".into(), bytes: text.into_bytes() };
    import_bacs_report(&stage.desk, &stage.by, ask).await.map(drop)
}
