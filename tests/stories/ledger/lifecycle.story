story GL-E1: raised, part paid, written off, written back, paid
in a council

2026-04-01 as billing officer
customer firm "Beacon Bakery Ltd" company
invoice INV-1 for firm 1000.00 vat S "Skip hire"
expect journal InvoiceRaised 1200 Dr 1200.00 4000 Cr 1000.00 2200 Cr 200.00

2026-04-20 as cashier
cheque RCT-1 from firm 300.00 for INV-1
expect open INV-1 900.00

# More than six months after it was due, so that VAT relief can be claimed.
2026-11-16 as credit controller
write off APP-1 of INV-1 900.00 untraceable "Searches of three sources"
as approver
approve APP-1
expect open INV-1 0.00
expect balance firm 0.00
expect journal DebtWrittenOff 1290 Dr 750.00 2205 Dr 150.00 1200 Cr 900.00

2026-11-25 as credit controller
write back APP-2 of WO-1 240.00 "They have been found"
as approver
approve APP-2
expect balance firm 240.00
