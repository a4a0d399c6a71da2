story A breathing space that names one debt leaves the plan over the other as it is (BS-03, PP-05)
in a council

2026-04-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
invoice INV-1 for holt 300.00
invoice INV-2 for holt 90.00
customer bell "Mr John Bell" individual terms 14
invoice INV-3 for bell 120.00
invoice INV-4 for bell 90.00

2026-04-20 as credit controller
plan PLAN-1 for holt of INV-1 in 3 from 2026-05-01
2026-04-27
notice holt standard "Debt respite register" from 2026-04-27 for INV-2

# We ask for no plan over what is frozen; over the rest we may.
notice bell standard "Debt respite register" from 2026-04-27 for INV-4
plan PLAN-2 for bell of INV-4 in 3 from 2026-05-01 asked by us
expect refusal PP-06-BREATHING-SPACE
plan PLAN-2 for bell of INV-3 in 3 from 2026-05-01 asked by us

as team leader
2026-04-28 run day
expect plan PLAN-1 kept
expect plan PLAN-2 kept
expect refusal BS-03-BREATHING-SPACE for INV-2
expect refusal REC-04-HOLD-PLAN for INV-1
expect no letter for INV-2

2026-05-01 as cashier
cash RCT-1 from holt 100.00 for INV-1
as team leader
2026-05-02 run day
expect plan PLAN-1 kept
expect plan PLAN-2 late
expect open INV-1 200.00
expect open INV-2 90.00
