story A direct payment that was not spent is asked back after the statement of the audit (REC-05)
in a council

2026-03-02 as billing officer
customer shah "Mr Imran Shah" individual terms 30 at "NE61 1AA"
invoice INV-1 for shah 480.00 type "Direct payment clawback" "Not spent, April to December 2025"

# Nobody recorded the statement of the unspent sum: nothing is asked for.
as team leader
2026-05-06 run day
expect refusal REC-05-UNSPENT for INV-1
expect no reminder-1 for INV-1
as credit controller
fact unspent_statement INV-1 2026-05-06 "Statement of the audit, DP/118"

as team leader
2026-05-07 run day
expect step R1 for INV-1 on 2026-05-07
expect letter reminder-1 for INV-1
expect balance shah 480.00
