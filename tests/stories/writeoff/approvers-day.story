story An approver's day: the month's schedule with the security code (WOF-02, CTL-07)
in a council

2026-04-01 as billing officer
customer calder "Calder Ltd" company
customer rother "Rother Ltd" company
invoice INV-1 for calder 900.00
invoice INV-2 for rother 120.00
invoice INV-3 for rother 60.00

2026-11-16 as credit controller
give evidence letters for INV-1 "Four letters, all came back"
give evidence trace_proof for INV-1 "The agency found nobody"
give evidence service_answer for INV-1 "Waste services: give it up"
give evidence letters for INV-2 "Two letters"
give evidence trace_proof for INV-2 "Not at the hall"
give evidence service_answer for INV-2 "Halls: give it up"
give evidence letters for INV-3 "Two letters"
give evidence trace_proof for INV-3 "Not at the hall"
give evidence service_answer for INV-3 "Halls: give it up"
give up INV-1 900.00 untraceable "The agency found nobody"
give up INV-2 120.00 untraceable "Letters came back"
give up INV-3 60.00 untraceable "Letters came back"
give yes to INV-1 on WO-2026-11
expect refusal CTL-01-NO-DUTY
as team leader
give yes to INV-1 on WO-2026-11
expect refusal CTL-01-NO-DUTY

# A wrong code gives nothing up.
as approver
give yes to INV-1 on WO-2026-11 with code "000000"
expect refusal CTL-07-CODE-WRONG
expect open INV-1 900.00
give up INV-1 900.00 untraceable "My own idea"
expect refusal CTL-01-NO-DUTY
give yes to INV-1 on WO-2026-11
give back to INV-2 on WO-2026-11 ""
expect invalid reason
give back to INV-2 on WO-2026-11 "Ask the service again"
give no to INV-3 on WO-2026-11 "They answer the telephone"

expect given up INV-1 on WO-2026-11 approved
expect given up INV-2 on WO-2026-11 sent_back
expect given up INV-3 on WO-2026-11 refused
expect open INV-1 0.00
expect balance calder 0.00
expect balance rother 180.00
expect losses 3c 1 900.00
