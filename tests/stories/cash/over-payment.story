story What is paid too much waits on the account, and nobody is chased meanwhile
in a council

2026-05-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
invoice INV-1 for holt 120.00
invoice INV-2 for holt 60.00 due 2026-05-20

2026-05-15 as cashier
cheque RCT-1 from holt 150.00
allocate RCT-1 to INV-1 120.00
expect open INV-1 0.00
expect unallocated holt 30.00
expect balance holt 30.00

# Cash before chase: INV-2 is a week late, and 30.00 of hers waits.
2026-05-27 as team leader
run day
expect refusal REC-X7-CASH for INV-2
expect no letter for INV-2

2026-05-28 as cashier
allocate RCT-1 to INV-2 30.00
expect unallocated holt 0.00
expect open INV-2 30.00

2026-05-29 as team leader
run day
expect letter reminder-1 for INV-2
