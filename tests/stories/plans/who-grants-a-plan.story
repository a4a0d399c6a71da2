story A plan of twenty months: asked for by a clerk, beyond a team leader, granted by an approver (PLN-04, PP-04)
in a council

2026-04-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
invoice INV-1 for holt 1200.00
plan PLAN-1 for holt of INV-1 in 6 from 2026-05-01
expect refusal CTL-01-NO-DUTY

2026-04-20 as credit controller
plan PLAN-1 for holt of INV-1 in 20 from 2026-05-01
expect no plan_agreed to holt
approve APP-1
expect refusal CTL-01-OWN-WORK
as another credit controller
approve APP-1
expect refusal CTL-01-NO-DUTY
as team leader
approve APP-1
expect refusal PP-04-APPROVER
as auditor
approve APP-1
expect refusal CTL-01-NO-DUTY
expect no plan_agreed to holt

# While it waits, nobody is chased for it.
as team leader
2026-04-22 run day
expect refusal REC-04-HOLD-PLAN for INV-1

as approver
2026-04-23 approve APP-1
expect approval APP-1 approved
expect letter plan_agreed to holt
expect plan PLAN-1 kept

2026-05-01 as cashier
cash RCT-1 from holt 60.00 for INV-1
as team leader
2026-05-02 run day
expect plan PLAN-1 kept
expect open INV-1 1140.00
