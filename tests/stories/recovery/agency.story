story An agency gets two debts, is told every day what was paid or frozen, and pays over net (REC-07, DUN-15, LEG-01)
in a council

2026-03-02 as billing officer
customer adam "Mr Adam Example" individual terms 30 at "NE61 1AA"
customer mary "Mrs Mary Holt" individual terms 30 at "NE61 1AA"
invoice INV-1 for adam 1200.00
invoice INV-2 for mary 500.00
agency MERC

as team leader
2026-04-08 run day
2026-04-22 run day
2026-04-29 run day
2026-05-06 run day
2026-05-07 run day
2026-05-13 run day
expect step R4 for INV-1 on 2026-05-13
expect letter letter-of-claim for INV-2
print

# A manager places them, once.
2026-07-01 as credit controller
agency MERC gets adam mary
expect refusal CTL-01-NO-DUTY
as approver
agency MERC gets adam mary
agency MERC gets adam
expect refusal REC-07-NOTHING
as credit controller
court CRT-1 refer adam "No answer to three letters"
expect refusal REC-07-PLACED
agency MERC accepts adam
agency MERC accepts mary
expect placement adam with_agency

# Money that came here is told the same day; money that waits makes the agency wait.
2026-07-10 as cashier
cash RCT-1 from adam 200.00 for INV-1
as credit controller
agency told
expect placement adam told 200.00
as cashier
cash RCT-2 from adam 10.00
as credit controller
agency told
expect placement adam held
as cashier
allocate RCT-2 to INV-1 10.00
as credit controller
agency told
expect placement adam with_agency
expect placement adam told 210.00

# A breathing space brings hers home the same day.
notice mary standard "Debt respite register" from 2026-07-10
agency told
expect placement mary recalled BS-03-BREATHING-SPACE
agency MERC returns mary "Again"
expect refusal REC-07-NOT-PLACED

# A statement that disagrees with itself posts nothing; the debtor is credited the gross.
2026-08-03 as cashier
agency MERC pays 7 from 2026-07-01 to 2026-07-31 net 228.00 "adam, 2026-07-20, 300.00, 36.00, 7.20, AGENCY, 690.00"
expect refusal REC-07-REMITTANCE
expect open INV-1 990.00
agency MERC pays 7 from 2026-07-01 to 2026-07-31 net 256.80 "adam, 2026-07-20, 300.00, 36.00, 7.20, AGENCY, 690.00"
expect open INV-1 690.00
agency MERC pays 7 from 2026-07-01 to 2026-07-31 net 256.80 "adam, 2026-07-20, 300.00, 36.00, 7.20, AGENCY, 690.00"
expect refusal REC-07-STATEMENT-AGAIN

2026-09-01
agency MERC pays 8 from 2026-08-01 to 2026-08-31 net 590.64 "adam, 2026-08-20, 690.00, 82.80, 16.56, AGENCY, 0.00"
expect open INV-1 0.00
as credit controller
agency told
expect placement adam recalled REC-07-PAID
expect balance adam 0.00
expect balance mary 500.00
