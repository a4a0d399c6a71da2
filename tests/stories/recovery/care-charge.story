story A care charge goes to court only when a deferred payment was refused (SC-06)
in a council

2026-03-02 as billing officer
customer joyce "Mrs Joyce Pemberton" individual terms 30 at "NE61 1AA"
invoice INV-1 for joyce 1200.00 type "Care contribution" "Residential care, four weeks"

as team leader
2026-04-08 run day
expect letter care-reminder for INV-1

# She owns her house: a deferred payment agreement comes first.
2026-06-25 as credit controller
fact deferral_possible INV-1 2026-06-20 "Land Registry title, social worker's note"
court CRT-1 refer joyce "No answer to three letters"
expect refusal SC-06-DPA
fact deferral_refused INV-1 2026-06-24 "Her letter of 24 June"
court CRT-1 refer joyce "She refused a deferred payment"
expect case CRT-1 referred
expect balance joyce 1200.00
