story A service is asked about its hall, and who may not give a debt up does not (WOF-02, WOF-08, DUN-18)
in a council

2026-04-01 as billing officer
customer firm "Beacon Bakery Ltd" company
invoice INV-1 for firm 120.00 "Hire of the hall"
write off APP-1 of INV-1 120.00 untraceable "Searches of three sources"
expect refusal CTL-01-NO-DUTY

2026-11-02 as credit controller
give evidence letters for INV-1 "Four letters, all came back"
give evidence trace_proof for INV-1 "The agency found nobody"
service REF-1 on INV-1 suspension suggests suspend
give evidence service_answer for INV-1 "Halls: the answer is on its way"
give up INV-1 120.00 untraceable "The agency found nobody"
expect refusal REC-09-HELD

# The service answers by its link, or tells those who may record it.
as service manager
service REF-1 answers suspend "The hall is closed to them"
expect refusal CTL-01-NO-DUTY
give up INV-1 120.00 untraceable "Give it up"
expect refusal CTL-01-NO-DUTY
as credit controller
service REF-1 answers suspend "The hall is closed to them until they pay"
expect referral REF-1 answered suspend
give up INV-1 120.00 untraceable "The agency found nobody"
expect given up INV-1 on WO-2026-11 proposed

as auditor
give yes to INV-1 on WO-2026-11
expect refusal CTL-01-NO-DUTY
write off APP-1 of INV-1 120.00 untraceable "Searches of three sources"
expect refusal CTL-01-NO-DUTY
as cashier
give up INV-1 120.00 untraceable "Too small"
expect refusal CTL-01-NO-DUTY
as social-care finance officer
give up INV-1 120.00 untraceable "Too small"
expect refusal CTL-01-NO-DUTY
expect open INV-1 120.00

as approver
give yes to INV-1 on WO-2026-11
expect open INV-1 0.00
expect losses 3c 1 120.00
