story Money set against the wrong invoice is taken off again, visibly
in a council

2026-05-01 as billing officer
customer holt "Mrs Mary Holt" individual
invoice INV-1 for holt 100.00
invoice INV-2 for holt 100.00

2026-05-12 as cashier
cheque RCT-1 from holt 100.00 for INV-1
undo RCT-1 from INV-1
expect open INV-1 100.00
expect unallocated holt 100.00
allocate RCT-1 to INV-2 100.00
expect open INV-2 0.00
expect balance holt 100.00
