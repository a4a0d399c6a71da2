//! Promises to pay, holds and payment plans: what pauses recovery, who said so, and until when.
mod agree;
mod assess;
mod budget;
mod change;
mod collect;
mod decide;
mod end;
mod holds;
mod letter;
mod links;
mod offers;
mod online;
mod policy;
mod promises;
mod show;
mod tend;
mod terms;
mod weeks;

pub use agree::{AgreePlan, PlanAgreed, PlanOffer, agree_plan, agreed_before, offer_plan};
pub(crate) use agree::{plan_approved, plan_refused, standing_refusal};
pub use budget::{BudgetShown, BudgetTaken, TakeBudget, budget, budgets_of, take_budget};
pub use change::{CHANGES, ChangePlan, change_plan};
pub(crate) use change::{change_approved, change_refused};
pub(crate) use collect::{InstalmentPart, instalments_due};
pub use decide::{DecidePromises, PromisesDecided, decide_promises};
pub(crate) use decide::{PromiseDecision, carry_out, decisions, end_expired};
pub use end::{EndPlan, PlanEnded, PlanReviewed, ReviewPlan, WithdrawPlan, end_plan, review_plan, withdraw_plan};
pub(crate) use holds::hold_for;
pub use holds::{EndHold, HoldEnded, HoldPlaced, PlaceHold, end_hold, holds, live_holds, place_hold};
pub use links::{
    MakePlanLink, PlanLinkMade, PlanLinkShown, RevokePlanLink, make_plan_link, plan_links, revoke_plan_link,
};
pub use offers::{PlanChoice, plan_choices};
pub use online::{
    OnlineChoice, OnlineChoices, OnlineDebt, OnlineDone, OnlineOffer, OnlinePlan, OnlineStage, SetPlanOnline, ShowWho,
    offer_online, online_plan, set_plan_online, show_who_online,
};
pub use policy::{
    ChangePlanSettings, HouseGuideline, PlanSettings, PlanSettingsChange, change_plan_settings, plan_settings,
    plan_settings_change,
};
pub(crate) use promises::take_promise;
pub use promises::{
    PromiseTaken, PromiseToPay, PromiseWithdrawn, WithdrawPromise, promise_to_pay, promise_to_pay_for, promised_items,
    promises, withdraw_promise,
};
pub use show::{
    CoveredShown, InstalmentShown, PlanHappened, PlanLine, PlanPerson, PlanShown, PlanVersionShown, PlansAsk, plan,
    plans_list, plans_of,
};
/// The language of the page by which a customer sets a plan, and its days.
pub use sundry_paper::{Language, long_date, short_date};
pub use tend::{PlansTended, tend_plans};
pub use terms::PlanAsk;
pub use weeks::{PlanWeek, plan_weeks};
