story Two debts on the month's schedule: one given up, one sent back; the first is paid after all
in a council

2026-04-01 as billing officer
customer firm "Beacon Bakery Ltd" company
invoice INV-1 for firm 1000.00 vat S "Skip hire"
customer trust "Rother Youth Trust" company
invoice INV-2 for trust 120.00 "Hall hire"

2026-11-16 as credit controller
give up INV-1 1200.00 untraceable "Letters came back"
expect refusal REC-09-EVIDENCE
give evidence letters for INV-1 "Four letters, all came back"
give evidence trace_proof for INV-1 "The agency found nobody"
give evidence service_answer for INV-1 "Waste services: give it up"
give up INV-1 1200.00 untraceable "Letters came back, the agency found nobody"
give evidence letters for INV-2 "Two letters"
give evidence trace_proof for INV-2 "Not at the hall"
give evidence service_answer for INV-2 "Halls: give it up"
give up INV-2 120.00 untraceable "Letters came back"
give yes to INV-1 on WO-2026-11
expect refusal CTL-01-NO-DUTY

as approver
give yes to INV-1 on WO-2026-11
expect open INV-1 0.00
expect journal DebtWrittenOff 1290 Dr 1000.00 2205 Dr 200.00 1200 Cr 1200.00
give back to INV-2 on WO-2026-11 "Ask the other tenants"
expect given up INV-1 on WO-2026-11 approved
expect given up INV-2 on WO-2026-11 sent_back
expect open INV-2 120.00
expect losses 3c 1 1200.00

2026-12-01 as cashier
cheque RCT-1 from firm 240.00
expect money RCT-1 for WO-1

as credit controller
give money RCT-1 for WO-1 240.00 as APP-1 "They are paying"
as approver
approve APP-1
expect balance firm 0.00
expect unallocated firm 0.00
