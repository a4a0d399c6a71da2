story A dispute that is upheld ends in a credit note that somebody else approves
in a care provider

2026-05-01 as billing officer
customer council "Westermoor Council" public_body
invoice INV-1 for council 1000.00 vat E "Residential placement"

2026-05-11 as credit controller
query QRY-1 on INV-1 price 200.00 "The uplift was not agreed"

2026-05-18
resolve QRY-1 upheld APP-1 200.00 "Billed at the new rate a month early"
expect approval APP-1 waiting
expect open INV-1 1000.00
approve APP-1
expect refusal CTL-01-OWN-WORK

2026-05-19 as approver
approve APP-1
expect approval APP-1 approved
expect open INV-1 800.00
expect balance council 800.00
