story One plan over three invoices of two who owe together; a breathing space of one stops it for both (PLN-01, PP-05)
in a council

2026-04-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
customer alun "Mr Alun Holt" individual terms 14
invoice INV-1 for holt 300.00
invoice INV-2 for holt 200.00
invoice INV-3 for alun 100.00

2026-04-20 as credit controller
plan PLAN-1 for holt of INV-1 INV-3 in 6 from 2026-05-01
expect refusal PP-01-NOT-THEIRS
plan PLAN-1 for holt with alun of INV-1 INV-2 INV-3 in 6 from 2026-05-01
expect letter plan_agreed to holt
expect letter plan_agreed to alun
plan PLAN-2 for alun of INV-3 in 2 from 2026-05-01
expect refusal PP-06-SECOND-PLAN

as team leader
2026-04-22 run day
expect refusal REC-04-HOLD-PLAN for INV-1
expect refusal REC-04-HOLD-PLAN for INV-3
expect no letter for INV-2

2026-05-01 as cashier
cheque RCT-1 from holt 100.00 for INV-1
as team leader
2026-05-02 run day
expect plan PLAN-1 kept

# What the law stops for one it stops for what they owe together.
2026-05-10 as credit controller
notice alun standard "Debt respite register" from 2026-05-10
as team leader
2026-05-11 run day
expect plan PLAN-1 suspended
2026-06-15 run day
expect plan PLAN-1 suspended
expect no plan_missed to holt
expect no plan_missed to alun

# Sixty days are over; what fell into them counts as missed by nobody.
2026-07-17 run day
expect plan PLAN-1 kept

2026-07-20 as cashier
cheque RCT-2 from holt 400.00
allocate RCT-2 to INV-1 200.00
allocate RCT-2 to INV-2 200.00
cheque RCT-3 from alun 100.00 for INV-3
as team leader
run day
expect plan PLAN-1 completed
expect letter plan_completed to alun
expect balance holt 0.00
expect balance alun 0.00
expect unallocated holt 0.00
