story Pay that was too much: a letter for staff, and a plan (DUN-20)
in a council

2026-04-01 as billing officer
customer lee "Ms Anna Lee" employee terms 14
invoice INV-1 for lee 600.00 type "Salary overpayment" "Pay of March, paid twice"

as team leader
2026-04-22 run day
expect letter staff-reminder for INV-1
expect no reminder-1 for INV-1

2026-04-24 as credit controller
plan PLAN-1 for lee of INV-1 in 6 from 2026-05-01
expect letter plan_agreed to lee
2026-05-01 as cashier
cash RCT-1 from lee 100.00 for INV-1
as team leader
2026-05-06 run day
expect plan PLAN-1 kept
expect refusal REC-04-HOLD-PLAN for INV-1
expect open INV-1 500.00
expect balance lee 500.00
