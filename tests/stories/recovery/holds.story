story A complaint holds the account; ended, the ladder goes on
in a council

2026-04-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
invoice INV-1 for holt 250.00

2026-04-16 as credit controller
hold holt complaint until 2026-06-30 "Stage 2 of the complaint"

as team leader
2026-04-22 run day
expect refusal REC-04-HOLD-COMPLAINT for INV-1

2026-04-28 as credit controller
end hold holt complaint
as team leader
2026-04-29 run day
expect letter reminder-1 for INV-1
