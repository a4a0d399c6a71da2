story A bankruptcy stops recovery; the debt is proved, a dividend comes, the rest is given up (LEG-06, BS-05)
in a council

2026-03-02 as billing officer
customer adam "Mr Adam Example" individual terms 30 at "NE61 1AA"
invoice INV-1 for adam 1200.00
2026-04-28
invoice INV-2 for adam 70.00

2026-05-01 as credit controller
insolvency INS-1 of adam bankruptcy on 2026-04-20 "The Gazette of 21 April"
court CRT-1 refer adam "In work"
expect refusal BS-05-INSOLVENT
as team leader
run day
expect refusal BS-05-INSOLVENT for INV-1
expect no letter for INV-1

# What came after the order is not proved.
as credit controller
insolvency INS-1 proof
expect insolvency INS-1 proved
expect insolvency INS-1 proof 1200.00
insolvency INS-1 proof
expect refusal CT-CASE-STATE

2026-09-01
insolvency INS-1 dividend 12.50 last
as cashier
cash RCT-1 from adam 150.00 for INV-1
as credit controller
insolvency INS-1 received RCT-1
insolvency INS-1 received RCT-1
expect refusal CT-CASE-STATE
insolvency INS-1 over
expect insolvency INS-1 ended
expect open INV-1 1050.00

2026-11-16
write off APP-1 of INV-1 1050.00 insolvent_no_dividend "Last dividend of 1 September"
as approver
approve APP-1
expect open INV-1 0.00
expect balance adam 70.00
