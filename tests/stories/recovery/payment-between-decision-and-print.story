story A payment comes between decision and print (DUN-15)
in a council

2026-04-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
customer reed "Mr Tom Reed" individual terms 14
invoice INV-1 for holt 250.00
invoice INV-2 for reed 90.00

# Both reminders are decided. Before they are printed, one is paid and the other is paid in part.
as team leader
2026-04-22 run day
expect letter reminder-1 for INV-1
expect letter reminder-1 for INV-2
as cashier
cheque RCT-1 from holt 250.00
allocate RCT-1 to INV-1 250.00
cheque RCT-2 from reed 40.00
allocate RCT-2 to INV-2 40.00
expect open INV-2 50.00
as team leader
print

# Neither letter left: one asks for nothing that is owed, the other for too much. What is left is asked for anew.
2026-04-23 run day
expect step R1 for INV-2 on 2026-04-23
2026-05-06 run day
expect no reminder_2 for INV-1
