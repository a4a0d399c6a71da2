story What is paid too much is kept for a reason, or set against another debt on somebody's word
in a council

2026-05-01 as billing officer
customer hall "Friends of the Hall" company
invoice INV-1 for hall 100.00
invoice INV-2 for hall 40.00

2026-05-12 as cashier
cash RCT-1 from hall 160.00
allocate RCT-1 to INV-1 100.00
leave RCT-1 until 2026-05-12 "Deposit for June"
expect invalid review_on
leave RCT-1 until 2026-06-12 "Deposit for June"
expect unallocated hall 60.00
offset RCT-1 to INV-2 40.00 "Clause 9"
expect refusal CSH-13-AUTHORITY
offset RCT-1 to INV-2 40.00 by contract "Clause 9"
expect open INV-2 0.00
expect unallocated hall 20.00
