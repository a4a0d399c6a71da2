story A plan is kept by what comes in, and chasing follows its instalments
in a council

2026-04-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
invoice INV-1 for holt 250.00
invoice INV-2 for holt 50.00

2026-04-20 as credit controller
plan PLAN-1 for holt of INV-1 in 5 from 2026-05-01
plan PLAN-2 for holt of INV-1 in 5 from 2026-06-01
expect refusal PP-06-SECOND-PLAN
plan PLAN-2 for holt of INV-2 in 5 from 2026-04-19
expect refusal PP-06-PAST

as team leader
2026-04-22 run day
expect refusal REC-04-HOLD-PLAN for INV-1
expect no letter for INV-1
expect letter reminder-1 for INV-2

2026-05-01 as cashier
cheque RCT-1 from holt 50.00 for INV-1
as team leader
2026-05-02 run day
expect plan PLAN-1 kept
2026-06-02 run day
expect plan PLAN-1 late

# Early and lump payments count.
2026-06-03 as cashier
cheque RCT-2 from holt 200.00 for INV-1
as team leader
2026-06-04 run day
expect plan PLAN-1 completed
expect open INV-1 0.00
