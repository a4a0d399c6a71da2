//! The policy on plans through its page: read by who sees plans, changed by who keeps the settings.
use crate::browser::{Browser, open};
use sundry_desk::core::testing::on_both;
use sundry_desk::plans::plan_settings;
use sundry_domain::control::Role;

const HERE: &str = "/plans/settings";
const CHANGE: &str = "/plans/settings/change";

/// What the page sends, with some fields other than they were: the first of a name counts.
fn fields<'a>(other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = [
        ("months-clerk", "6"),
        ("up_to-clerk", "1,000"),
        ("months-team_leader", "12"),
        ("up_to-team_leader", "5000.00"),
        ("months-manager", ""),
        ("up_to-manager", ""),
        ("least_weekly", "5.00"),
        ("least_monthly", "20.00"),
        ("token_below", "5.00"),
        ("tolerance_days", "7"),
        ("cure_days", "14"),
        ("break_days", "21"),
        ("review_months", "6"),
        ("business_months", "3"),
        ("savings", "12.5"),
        ("kind-1", ""),
        ("kind-2", "food"),
        ("adults-2", "1"),
        ("children-2", "0"),
        ("monthly-2", "300"),
    ];
    other.iter().copied().chain(kept).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pp_04_the_policy_on_plans_is_read_and_changed_on_its_page() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let admin = Browser::of(&t, &router, Role::Administrator).await;
        let controller = Browser::of(&t, &router, Role::CreditController).await;
        let page = admin.get(HERE).await;
        assert_eq!(page.status, 200, "{}", page.words());
        assert_eq!((page.value("tolerance_days").as_str(), page.value("up_to-clerk").as_str()), ("7", "1000.00"));
        assert!(!page.words().contains("Changed last by"), "{}", page.words());
        assert!(admin.get("/admin/settings").await.text().contains("href=\"/plans/settings\""));

        // What cannot be read, and what is out of bounds, is said at its field, and what was typed is kept.
        let other = [("least_weekly", "lots"), ("months-clerk", "")];
        let unread = admin.fill(HERE, CHANGE, &fields(&other)).await;
        assert_eq!((unread.status, unread.errors().len()), (422, 2), "{}", unread.words());
        assert_eq!(unread.value("least_weekly"), "lots");
        let other = [("tolerance_days", "91"), ("months-team_leader", "241"), ("adults-2", "0")];
        let beyond = admin.fill(HERE, CHANGE, &fields(&other)).await;
        assert_eq!(
            beyond.errors(),
            ["Enter from 0 to 90 days", "Enter from 1 to 240 months", "Enter from 1 to 20 adults"]
        );
        assert_eq!(beyond.value("tolerance_days"), "91");
        for field in ["#tolerance_days", "#months-team_leader", "#adults-2"] {
            assert!(beyond.text().contains(&format!("href=\"{field}\"")), "{field}");
        }

        let saved = admin.fill(HERE, CHANGE, &fields(&[("tolerance_days", "5")])).await;
        assert_eq!((saved.status, saved.location.as_str()), (303, HERE), "{}", saved.words());
        let stands =
            plan_settings(&t.desk, &t.role(Role::Administrator)).await.expect("read by who keeps the settings");
        assert_eq!((stands.policy.tolerance_days, stands.policy.bands.len()), (5, 2), "no band for a manager");
        assert_eq!((stands.savings_basis_points, stands.guidelines.len()), (1_250, 1));
        assert_eq!(stands.guidelines[0].monthly_pence, 30_000);

        let read = controller.get(HERE).await;
        for there in ["5 days", "£1,000.00", "£300.00", "12.5%", "Changed last by", "on 1 May 2026"] {
            assert!(read.words().contains(there), "{there}: {}", read.words());
        }
        assert!(!read.words().contains("Save the policy"));
        assert!(controller.get("/plans").await.text().contains("href=\"/plans/settings\""));
    })
    .await;
}
