story A refund with open debts takes authority, and comes back when the account is closed
in a council

2026-05-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
invoice INV-1 for holt 100.00
invoice INV-2 for holt 40.00

2026-05-12 as cashier
cash RCT-1 from holt 130.00
allocate RCT-1 to INV-1 100.00
refund APP-1 of RCT-1 "She asks for it back"
expect refusal GL-02-REFUND-OPEN-DEBTS
refund APP-1 of RCT-1 "She asks for it back" allowed by "Head of service: she is in hardship"
as approver
approve APP-1
as cashier
undo RCT-1 from INV-1
expect unallocated holt 100.00
pay refunds as PMT-1
as team leader
release PMT-1
send PMT-1
as cashier
take back RFD-1 "Account closed"
expect refund RFD-1 returned
expect unallocated holt 130.00
expect journal RefundReturned 1000 Dr 30.00 2950 Cr 30.00
expect journal RefundReversed 2950 Dr 30.00 1210 Cr 30.00
