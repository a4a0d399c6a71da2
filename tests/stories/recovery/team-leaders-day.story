story A team leader's day: what others ask for, the day's run, the letters that leave
in a council

2026-04-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
customer bell "Mr John Bell" individual terms 14
invoice INV-1 for holt 1200.00
invoice INV-2 for bell 80.00

# Twelve months are beyond a clerk, and nobody approves what she asked for.
2026-04-20 as credit controller
plan PLAN-1 for holt of INV-1 in 12 from 2026-05-01
expect no plan_agreed to holt
approve APP-1
expect refusal CTL-01-OWN-WORK
as team leader
approve APP-1
expect approval APP-1 approved
expect letter plan_agreed to holt

2026-04-22 preview day
expect refusal REC-04-HOLD-PLAN for INV-1
expect no letter for INV-2
run day
expect letter reminder-1 for INV-2
print

# What is not his.
agency MERC gets bell
expect refusal CTL-01-NO-DUTY

as cashier
2026-05-01 cash RCT-1 from holt 100.00 for INV-1
as team leader
2026-05-02 run day
expect plan PLAN-1 kept
expect open INV-1 1100.00
expect balance bell 80.00
