story GL-E3: the past stays as it was
in a council

2026-09-10 as billing officer
customer holt "Mrs Mary Holt" individual
invoice INV-1 for holt 500.00
expect open INV-1 500.00

2026-11-05 as cashier
cheque RCT-1 from holt 500.00 for INV-1

2026-12-01
expect as at 2026-10-31 open INV-1 500.00
expect as at 2026-11-30 open INV-1 0.00
expect as at 2026-09-09 open INV-1 0.00
