//! The post of a home that is not live: what waits is taken as sent, and nothing leaves the house.
use crate::{Actor, Desk, Mode, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::delivery::refusals::LIVE_POST;
use sundry_domain::ids::LetterId;
use sundry_store::delivery;

/// Takes what waits as sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PretendPost {
    /// Idempotency key.
    pub key: String,
    /// post or email.
    pub channel: String,
    /// At most this many, the oldest first.
    pub limit: i64,
}

/// What is taken as sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PostPretended {
    /// How many letters.
    pub letters: i64,
}

/// Takes letters that wait on a channel as sent, so that a made year need not print a thousand of them.
///
/// # Errors
/// `DLV-LIVE-POST` in a live home.
pub async fn pretend_post(desk: &Desk, by: &Actor, ask: PretendPost) -> Outcome<PostPretended> {
    by.must_hold(Duty::ReleaseRuns)?;
    if desk.mode() == Mode::Live {
        return Err(LIVE_POST.because("A live home's letters are printed or e-mailed.").into());
    }
    command!(desk, by, "pretend_post", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let limit = ask.limit.clamp(1, 10_000);
        let waiting = delivery::letters_in_state(&mut cmd.tx, org, "waiting", &ask.channel, LetterId(0), limit).await?;
        let words = format!("A {} home: nothing left the house", desk.mode().as_str());
        let mut letters = 0;
        for row in &waiting {
            let moved =
                delivery::move_letter(&mut cmd.tx, org, LetterId(row.id), ("waiting", "waiting"), "sent", &words);
            letters += i64::from(moved.await?);
        }
        cmd.tell("PostPretended", "letters", serde_json::json!({ "channel": ask.channel, "letters": letters }));
        Ok(PostPretended { letters })
    })
}
