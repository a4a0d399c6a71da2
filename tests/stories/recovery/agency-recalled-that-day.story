story An agency pays over net on the day its debt is called back: the debtor is credited the gross, and that day still earns (REC-07, LEG-01)
in a council

2026-03-02 as billing officer
customer adam "Mr Adam Example" individual terms 30 at "NE61 1AA"
invoice INV-1 for adam 1200.00
agency MERC

as team leader
2026-04-08 run day
2026-04-22 run day
2026-04-29 run day
2026-05-06 run day
2026-05-07 run day
2026-05-13 run day
expect letter letter-of-claim for INV-1
print

2026-07-01 as approver
agency MERC gets adam
as credit controller
agency MERC accepts adam
expect placement adam with_agency

# Called back in the morning; the post of the same day brings what they collected.
2026-08-03
agency MERC returns adam "Court next"
expect placement adam recalled REC-07-DECISION
as cashier
agency MERC pays 8 from 2026-07-01 to 2026-08-03 net 428.00 "adam, 2026-07-20, 300.00, 36.00, 7.20, AGENCY, 900.00" "adam, 2026-08-03, 200.00, 24.00, 4.80, AGENCY, 700.00"
expect open INV-1 700.00
expect unallocated adam 0.00
expect placement adam recalled REC-07-DECISION
as credit controller
agency told
expect placement adam recalled REC-07-DECISION

# What they collect after the recall is the debtor's all the same.
2026-08-10 as cashier
agency MERC pays 9 from 2026-08-04 to 2026-08-10 net 85.60 "adam, 2026-08-06, 100.00, 12.00, 2.40, AGENCY, 600.00"
expect open INV-1 600.00
expect balance adam 600.00
