//! Payment plans: two that were agreed on the telephone, and one that waits for somebody with the standing.
use super::office::Office;
use sundry_desk::Outcome;
use sundry_desk::customers::{CustomerAccount, customer_account};
use sundry_desk::plans::{AgreePlan, PlanAsk, agree_plan};
use sundry_desk::work::worklist::{AskWorklist, worklist};
use sundry_domain::calendar::add_days;
use sundry_domain::control::Role;
use sundry_domain::customers::CustomerKind;
use sundry_domain::money::Pence;

/// What somebody must owe to have a plan.
const LEAST: i64 = 15_000;

/// Agrees plans with people who owe.
pub async fn agree(office: &mut Office) -> Outcome<()> {
    let ask = AskWorklist { view: "all".into(), page_size: 200, ..AskWorklist::default() };
    let list = worklist(&office.desk, office.role(Role::CreditController), &ask).await?;
    let mut terms = vec![4, 6, 18].into_iter();
    let mut next = terms.next();
    for row in list.rows {
        let Some(instalments) = next else { break };
        let account = customer_account(&office.desk, office.role(Role::CreditController), &row.customer_id).await?;
        let Some(ask) = wanted(&account, instalments) else { continue };
        let (key, by) = (office.key(), office.role(Role::CreditController).clone());
        // Who cannot have one, since a rule is against it, is passed over.
        if agree_plan(&office.desk, &by, AgreePlan { key, ask }).await.is_ok() {
            next = terms.next();
        }
    }
    Ok(())
}

/// A plan for everything that nobody disputes, where the customer is a person and owes enough.
fn wanted(account: &CustomerAccount, instalments: u32) -> Option<PlanAsk> {
    let kind = CustomerKind::parse(&account.customer.kind)?;
    let open = account.items.iter().filter(|item| item.open_pence > 0 && item.disputed_pence == 0);
    let items: Vec<String> = open.clone().map(|item| item.number.clone()).collect();
    let owed: i64 = open.map(|item| item.open_pence).sum();
    let enough = Pence(owed) >= Pence(LEAST.max(2_100 * i64::from(instalments)));
    if kind != CustomerKind::Individual || !enough || account.flags.iter().any(|flag| flag.holds) {
        return None;
    }
    Some(PlanAsk {
        customer: account.customer.number.clone(),
        with: Vec::new(),
        items,
        instalments: Some(instalments),
        amount_pence: None,
        parts: Vec::new(),
        every: "month".into(),
        first_on: add_days(account.today, 14),
        day_of_month: None,
        remainder: String::new(),
        method: if instalments == 6 { "standing_order".into() } else { "transfer".into() },
        asked_by: "customer".into(),
        agreed_with: String::new(),
        evidence: "call".into(),
        words: "Hours were cut at work; can pay this much each month.".into(),
        interest_charged: false,
        interest_in_writing: false,
        interest_legal: false,
        late_interest: String::new(),
        budget: None,
        review_on: None,
    })
}
