//! Refusals that stop a request before its command begins: a duty that is not held, a card number in a field. The door
//! that watches over a request is told of the first, unless a command has noted its own.
use super::actor::Actor;
use super::command::note_until_kept;
use super::desk::Desk;
use super::outcome::Outcome;
use serde_json::{Value, json};
use std::cell::RefCell;
use sundry_domain::control::refusals::{CARD_NUMBER, NO_DUTY};
use sundry_domain::refusal::Refusal;

#[derive(Default)]
struct Met {
    refusal: Option<Refusal>,
    is_noted: bool,
}

tokio::task_local! {
    static MET: RefCell<Met>;
}

/// A refusal on its way out; nothing where no door watches.
pub(super) fn meet(refusal: &Refusal) {
    if refusal.code != NO_DUTY.code && refusal.code != CARD_NUMBER.code {
        return;
    }
    let _ = MET.try_with(|met| {
        met.borrow_mut().refusal.get_or_insert_with(|| refusal.clone());
    });
}

/// A command has noted that it was refused.
pub(super) fn has_noted() {
    let _ = MET.try_with(|met| met.borrow_mut().is_noted = true);
}

/// Carries out a request, and gives with its answer the refusal that it met and that no command noted.
pub async fn watched<T>(work: impl Future<Output = T>) -> (T, Option<Refusal>) {
    let watched = async {
        let answer = work.await;
        let met = MET.with(RefCell::take);
        (answer, met.refusal.filter(|_| !met.is_noted))
    };
    MET.scope(RefCell::default(), watched).await
}

/// Notes in the trail what somebody known was refused at a door, and by which rule; `asked` names the act, never its
/// words.
///
/// # Errors
/// The fault, if it cannot be noted.
pub async fn note_met(desk: &Desk, by: &Actor, asked: &str, refusal: &Refusal) -> Outcome<()> {
    let about = Value::Null;
    let detail = json!({ "command": asked, "code": refusal.code, "rule": refusal.rule, "about": about }).to_string();
    note_until_kept(desk, by, "refused_at_the_door", (&refusal.code, &detail)).await
}
