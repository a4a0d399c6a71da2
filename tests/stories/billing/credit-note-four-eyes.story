story A credit note needs a second pair of eyes (CTL-01)
in a council

2026-05-01 as billing officer
customer firm "Beacon Bakery Ltd" company
invoice INV-1 for firm 1000.00 vat S "Commercial waste"
expect open INV-1 1200.00
credit note APP-1 for INV-1 100.00 "Charged for two bins"
approve APP-1
expect refusal CTL-01-OWN-WORK
expect approval APP-1 waiting
as another billing officer
approve APP-1
expect refusal CTL-01-NO-DUTY
as approver
approve APP-1
expect approval APP-1 approved
expect open INV-1 1080.00
approve APP-1
expect refusal CTL-01-DECIDED

# A refusal needs a reason.
as billing officer
credit note APP-2 for INV-1 50.00 "And again"
as approver
refuse APP-2
expect invalid reason
refuse APP-2 "One bin was credited already"
expect approval APP-2 refused
expect open INV-1 1080.00
