story DUN-05: the scheduler is down for three days; nothing is lost, nothing comes twice
in a council

2026-05-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
customer reed "Mr Tom Reed" individual terms 14
invoice INV-1 for holt 250.00
2026-05-02
invoice INV-2 for reed 90.00

# Due on 15 and 16 May, a week's grace: the first reminders belong to 22 and 23 May. Nothing runs from 21 to 23 May.
2026-05-20 as team leader
run day
2026-05-24 run day
expect step R1 for INV-1 on 2026-05-24
expect step R1 for INV-2 on 2026-05-24

# The day again, and the days after it, write no second letter.
run day
2026-05-25 run day
expect no reminder_2 for INV-1
2026-05-30 run day
expect no reminder_2 for INV-2

# The second reminders come on their own days, three weeks after they fell due: the lost days cost no step.
2026-06-05 run day
expect step R2 for INV-1 on 2026-06-05
2026-06-06 run day
expect step R2 for INV-2 on 2026-06-06
