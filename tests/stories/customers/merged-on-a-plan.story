story A customer is merged while on a plan: it goes on, whichever number the money comes by (CUS-06)
in a council

2026-04-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
customer twin "Mary Holt" individual terms 14
invoice INV-1 for twin 200.00
invoice INV-2 for holt 50.00

2026-04-20 as credit controller
plan PLAN-1 for twin of INV-1 in 2 from 2026-05-01

2026-04-21 as billing officer
merge APP-1 twin into twin "Looks alike"
expect refusal CUS-06-SAME
merge APP-1 twin into holt "The same date of birth, told on a call"
merge APP-2 twin into holt "Asked again"
expect refusal CUS-06-WAITS
as team leader
approve APP-1
expect balance holt 250.00

# Her cheque names the old account.
2026-05-01 as cashier
cheque RCT-1 from twin 100.00 for INV-1
as team leader
2026-05-02 run day
expect plan PLAN-1 kept

2026-06-01 as cashier
cheque RCT-2 from holt 100.00 for INV-1
as team leader
2026-06-02 run day
expect plan PLAN-1 completed
expect letter plan_completed to holt
expect open INV-1 0.00

# The bank sends the second cheque back: the plan is open again, on the account that stays.
2026-06-10 as cashier
bounce RCT-2 "Refer to drawer"
expect open INV-1 100.00
as team leader
run day
expect plan PLAN-1 missed
