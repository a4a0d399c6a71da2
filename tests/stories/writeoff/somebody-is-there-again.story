story A firm whose debt was given up is billed again, owes it again, and pays (WOF-09, WOF-04)
in a council

2026-04-01 as billing officer
customer calder "Calder Ltd" company
invoice INV-1 for calder 900.00

2026-11-23 as credit controller
write off APP-1 of INV-1 900.00 untraceable "Searches of three sources"
approve APP-1
expect refusal CTL-01-OWN-WORK
as approver
approve APP-1
expect open INV-1 0.00
expect balance calder 0.00
expect nobody again calder

# They are billed anew, and somebody opens a second account in their name.
2026-11-24 as billing officer
invoice INV-2 for calder 30.00
customer twin "Calder Ltd" company
expect again calder by invoice 900.00
expect again calder by account 900.00

as credit controller
looked calder account ""
expect invalid words
looked calder account "Another firm of the name"
write back APP-2 of WO-1 900.01 "They trade again"
expect refusal REC-09-AMOUNT
write back APP-2 of WO-1 900.00 "They trade again"
as approver
approve APP-2
expect balance calder 930.00
expect balance twin 0.00

# They pay: the new invoice and the exact debt that was given up. It stays in the register, with what came of it.
2026-12-01 as cashier
cheque RCT-1 from calder 930.00
allocate RCT-1 to WB-1 900.00
allocate RCT-1 to INV-2 30.00
expect open WB-1 0.00
expect balance calder 0.00
expect unallocated calder 0.00
expect losses 3c 1 900.00
expect nobody again calder
