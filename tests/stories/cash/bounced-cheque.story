story A cheque comes back and the debt with it
in a council

2026-05-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
invoice INV-1 for holt 75.00

2026-05-11 as cashier
cheque RCT-1 from holt 75.00 for INV-1
expect open INV-1 0.00

2026-05-18
bounce RCT-1 "Refer to drawer"
expect open INV-1 75.00
expect balance holt 75.00
bounce RCT-1 "Again"
expect refusal CSH-STATE

2026-05-22 as team leader
run day
expect letter reminder-1 for INV-1
