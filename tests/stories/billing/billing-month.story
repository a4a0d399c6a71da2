story A billing month: requests, a feeder file, a periodic run, corrections, the VAT figures, the day's post (BIL-02, BIL-08)
in a council

2026-05-01 as billing officer
customer firm "Beacon Bakery Ltd" company
customer town "Oakham Traders Ltd" company
contract CON-1 for town 70.00 a week from 2026-05-04 "Market pitch"
feeder LICENCES

# A service asks; the desk wants to know more; the service puts it right.
2026-05-05 manages "Halls"
ask REQ-1 for firm 100.00 vat S "Hire of the hall"
as billing officer
send back REQ-1 "Which hall, and for how long?"
expect request REQ-1 sent_back
accept REQ-1 as INV-1
expect refusal BIL-02-STATE
2026-05-06 manages "Halls"
correct REQ-1 120.00 "Hire of the Town Hall, 5 May, 4 hours"
accept REQ-1 as INV-1
expect refusal CTL-01-NO-DUTY
as billing officer
accept REQ-1 as INV-1
expect request REQ-1 invoiced
expect open INV-1 144.00

# The licensing system sends three charges. Its first totals are of another file.
2026-05-12 file FDR-1 from LICENCES totals 3 205.00 "L/1, firm, D1, Licence, 100.00" "L/2, firm, D1, Late fee, 15.00" "L/3, nobody, D2, Licence, 95.00"
expect refusal BIL-08-CONTROL-TOTALS
file FDR-1 from LICENCES totals 3 210.00 "L/1, firm, D1, Licence, 100.00" "L/2, firm, D1, Late fee, 15.00" "L/3, nobody, D2, Licence, 95.00"
expect file FDR-1 good 2 before 0 waiting 1
as team leader
bill FDR-1 as INV-2
expect open INV-2 115.00

# The whole file comes again, put right: what was billed is not billed again.
2026-05-14 as billing officer
file FDR-2 from LICENCES correcting FDR-1 totals 3 210.00 "L/1, firm, D1, Licence, 100.00" "L/2, firm, D1, Late fee, 15.00" "L/3, town, D2, Licence, 95.00"
expect file FDR-2 good 1 before 2 waiting 0
expect file FDR-1 good 2 before 0 waiting 0
file FDR-3 from LICENCES totals 3 210.00 "L/1, firm, D1, Licence, 100.00" "L/2, firm, D1, Late fee, 15.00" "L/3, town, D2, Licence, 95.00"
expect refusal BIL-08-SEEN
as team leader
bill FDR-2 as INV-3
expect open INV-3 95.00
expect balance firm 259.00

# An hour of the hall was not used; the licence should have been 90.00.
2026-05-20 as billing officer
credit note APP-1 for INV-1 20.00 "One hour was not used"
amend APP-2 for INV-3 to 90.00 "The fee of last year was charged"
as approver
approve APP-1
approve APP-2
expect open INV-1 120.00
expect open INV-3 0.00

# Four weeks of the pitch.
2026-05-31 as billing officer
prepare BRN-1 up to 2026-05-31
as team leader
bill BRN-1 as INV-5
expect balance town 370.00
expect balance firm 235.00

# What the VAT return will say, and the day's post.
expect vat due 20.00 on 100.00 from 2026-05-01 to 2026-05-31
run day
expect letter invoice for INV-1
expect letter invoice for INV-5
print
