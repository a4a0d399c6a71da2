story A breathing-space notice comes between decision and print (LEG-07)
in a council

2026-04-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
invoice INV-1 for holt 250.00
invoice INV-2 for holt 40.00

# One letter asks for both. Before it is printed, the register names one of them.
as team leader
2026-04-22 run day
expect letter reminder-1 for INV-1
expect letter reminder-1 for INV-2
as credit controller
notice holt standard "Debt respite register" from 2026-04-22 for INV-1
as team leader
print

# The letter did not leave. What is not frozen is asked for alone; the other keeps its place.
2026-04-23 run day
expect refusal BS-03-BREATHING-SPACE for INV-1
expect step R1 for INV-2 on 2026-04-23
2026-06-20 run day
expect refusal BS-03-BREATHING-SPACE for INV-1

# Sixty days are over. Policy sends nothing for a week, then it goes on by itself, where it stood.
2026-06-21 run day
expect refusal REC-04-HOLD-BREATHING-SPACE for INV-1
2026-06-28 run day
expect step R1 for INV-1 on 2026-06-28
expect balance holt 290.00
