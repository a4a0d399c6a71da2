story A cashier's week: bank file, suspense, a cheque for three, paying in, a refund, and the month end
in a council

2026-04-20 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
customer tower "Tower Lettings Ltd" company terms 30
invoice INV-1 for holt 120.00
invoice INV-2 for tower 300.00
invoice INV-3 for tower 50.00

# Monday: the bank file. One line names its invoice, one names nobody.
2026-04-27 as cashier
bank 120.00 from "M HOLT" "INV-000001"
bank 60.00 from "N BODY" "council tax 4471"
import
match
expect open INV-1 0.00
expect suspense 60.00

# Tuesday: one cheque pays two invoices and somebody else's council tax.
2026-04-28
take cheque PAY-1 "000431" 375.00 with 350.00 for tower with 25.00 for fund 2960
expect unallocated tower 350.00
allocate RCT-3 to INV-2 300.00
allocate RCT-3 to INV-3 50.00
expect balance tower 0.00
expect journal CashForFund 1000 Dr 25.00 2960 Cr 25.00
pay in PIB-1 slip "77" counted 1 cheques 350.00 cash 0.00
expect refusal CSH-16-SLIP-TOTAL
pay in PIB-1 slip "77" counted 1 cheques 375.00 cash 0.00
expect payment PAY-1 paying_in

# Wednesday: the bank shows the slip; nothing is counted twice.
2026-04-29
bank 375.00 from "COUNTER" "PAYING IN 000077"
import
match
expect slip PIB-1 banked
expect suspense 60.00

# Thursday: Mrs Holt paid twice, and asks for it back.
2026-04-30
bank 120.00 from "M HOLT" "INV-000001 again"
import
match
identify RCT-4 as holt
expect unallocated holt 120.00
refund APP-1 of RCT-4 "Paid INV-1 twice: her bank statement"
expect approval APP-1 waiting
approve APP-1
expect refusal CTL-01-OWN-WORK
as approver
approve APP-1
expect refund RFD-1 approved
expect balance holt 0.00
expect journal RefundApproved 1210 Dr 120.00 2950 Cr 120.00
as cashier
pay refunds as PMT-1
release PMT-1
expect refusal CTL-01-NO-DUTY
as team leader
release PMT-1
send PMT-1
expect journal RefundsPaid 2950 Dr 120.00 1000 Cr 120.00
acknowledge PMT-1
expect refund RFD-1 paid

# Friday: the month cannot be closed while nobody has the suspense in hand.
2026-05-01 as approver
close period 2026/27 P1
expect refusal GL-04-SUSPENSE
as cashier
take RCT-2 in hand "Tom Ashdown" next "Ask revenues whose account 4471 is" on 2026-05-05
as approver
close period 2026/27 P1

# It is council tax: transferred, with somebody else's yes.
2026-05-05 as cashier
transfer APP-2 of RCT-2 to 2960 "Council tax, account 4471"
as approver
approve APP-2
expect suspense 0.00
expect journal SuspenseTransferred 2900 Dr 60.00 2960 Cr 60.00
