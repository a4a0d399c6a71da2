story A cheque bounces after the plan was finished: the plan runs again and is paid after all (PP-05)
in a council

2026-04-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
invoice INV-1 for holt 200.00

2026-04-20 as credit controller
plan PLAN-1 for holt of INV-1 in 2 from 2026-05-01
expect letter plan_agreed to holt

2026-05-01 as cashier
cheque RCT-1 from holt 100.00 for INV-1
2026-06-01
cheque RCT-2 from holt 100.00 for INV-1
expect open INV-1 0.00
as team leader
2026-06-02 run day
expect plan PLAN-1 completed
expect letter plan_completed to holt

# The bank sends the second cheque back. The plan is open again, and the debt is not chased outright.
2026-06-10 as cashier
bounce RCT-2 "Refer to drawer"
expect open INV-1 100.00
as team leader
run day
expect plan PLAN-1 missed
expect no letter for INV-1
expect refusal REC-04-HOLD-PLAN for INV-1

# She is told, and has time to catch up.
2026-06-11 run day
expect letter plan_missed to holt
expect plan PLAN-1 missed
expect no letter for INV-1

2026-06-15 as cashier
cash RCT-3 from holt 100.00 for INV-1
as team leader
2026-06-16 run day
expect plan PLAN-1 completed
expect no plan_broken to holt
expect open INV-1 0.00
expect balance holt 0.00
